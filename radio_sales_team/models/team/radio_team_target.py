from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..upsell.percent import format_number


class RadioTeamTarget(models.Model):
    """What a team wants to reach together, and where it stands, beside the same day a
    year ago."""

    _name = "radio.team.target"
    _description = "Team Target"
    _order = "date_from desc, team_id"

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    team_id = fields.Many2one(comodel_name="crm.team", required=True, index=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    date_from = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_local_day() + relativedelta(day=1),
    )
    date_to = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_local_day() + relativedelta(day=31),
    )
    metric = fields.Selection(
        selection=[
            ("revenue", "Won revenue"),
            ("first_contact", "First contacts in time"),
            ("signal", "Signals won"),
        ],
        required=True,
        default="revenue",
    )
    amount = fields.Float(
        string="Target",
        required=True,
        digits=(16, 2),
        help="An amount in the company's currency, or a number.",
    )
    part_ids = fields.One2many(
        comodel_name="radio.team.target.part",
        inverse_name="target_id",
        string="Members' Parts",
    )
    actual = fields.Float(compute="_compute_actual", digits=(16, 2))
    reached = fields.Float(
        string="Reached %", compute="_compute_actual", digits=(16, 1)
    )
    last_year = fields.Float(
        string="Same Day Last Year",
        compute="_compute_actual",
        digits=(16, 2),
        help="What had been reached on the same day of this time a year ago.",
    )
    pace = fields.Float(
        string="Expected by Now",
        compute="_compute_actual",
        digits=(16, 2),
        help="The part of the target that belongs to the days that have passed.",
    )

    _amount = models.Constraint("CHECK (amount > 0)", "A target is above 0.")
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A target cannot end before it begins."
    )

    @api.depends("date_from", "metric", "team_id")
    def _compute_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for target in self:
            target.name = " · ".join(
                filter(
                    None,
                    (
                        target.team_id.name,
                        metrics.get(target.metric),
                        target.date_from and str(target.date_from)[:7],
                    ),
                )
            )

    @api.constrains("amount", "part_ids")
    def _check_parts(self):
        for target in self.filtered("part_ids"):
            total = sum(target.part_ids.mapped("amount"))
            if round(total - target.amount, 2):
                raise ValidationError(
                    self.env._(
                        "The members' parts are %(total)s together, the target is "
                        "%(target)s.",
                        total=format_number(self.env, total),
                        target=format_number(self.env, target.amount),
                    )
                )

    def _compute_actual(self):
        year = relativedelta(years=1)
        for target in self:
            today = target.company_id._get_local_day()
            start, end = target.date_from, target.date_to
            until = min(today, end)
            target.actual = target._measure(start, until)
            target.last_year = target._measure(start - year, until - year)
            days = max((until - start).days + 1, 0)
            target.pace = target.amount * days / ((end - start).days + 1)
            target.reached = 100 * target.actual / target.amount if target.amount else 0

    def _measure(self, start, end):
        """Return what the team reached from one day to another, both included, by the
        calendar of the company: in its team and company at that time."""
        self.ensure_one()
        if self.metric == "revenue":
            return self._measure_revenue(start, end)
        company = self.company_id
        first = company._get_day_start(start)
        after = company._get_day_start(fields.Date.add(end, days=1))
        team = fields.Domain("team_id", "=", self.team_id.id)
        if self.metric == "signal":
            # sudo: radio.upsell.signal - counted, for whoever may see the target
            return (
                self.env["radio.upsell.signal"]
                .sudo()
                .search_count(
                    team
                    & fields.Domain("company_id", "=", company.id)
                    & fields.Domain("state", "=", "won")
                    & fields.Domain("closed_at", ">=", first)
                    & fields.Domain("closed_at", "<", after)
                )
            )
        # sudo: radio.sla.clock - counted, for whoever may see the target
        return (
            self.env["radio.sla.clock"]
            .sudo()
            .search_count(
                team
                & fields.Domain("response_company_id", "=", company.id)
                & fields.Domain("kind", "=", "first_contact")
                & fields.Domain("state", "=", "done")
                & fields.Domain("is_late", "=", False)
                & fields.Domain("stopped_at", ">=", first)
                & fields.Domain("stopped_at", "<", after)
            )
        )

    def _measure_revenue(self, start, end):
        """The revenue of deals as it was when they were won: what somebody changes
        later moves no target. What was won before the addon was there counts as it
        stands."""
        team = [("team_id", "=", self.team_id.id)]
        # sudo: what the team reached together, for whoever may see its target
        deals = self.env["radio.commission.deal"].sudo()
        ((frozen,),) = deals._read_group(
            [
                *team,
                ("company_id", "=", self.company_id.id),
                ("state", "=", "won"),
                ("won_on", ">=", start),
                ("won_on", "<=", end),
            ],
            [],
            ["revenue:sum"],
        )
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        ((older,),) = leads._read_group(
            [
                *team,
                ("company_id", "in", [self.company_id.id, False]),
                ("commission_deal_ids", "=", False),
                ("won_status", "=", "won"),
                ("date_closed", ">=", self.company_id._get_day_start(start)),
                (
                    "date_closed",
                    "<",
                    self.company_id._get_day_start(fields.Date.add(end, days=1)),
                ),
            ],
            [],
            ["expected_revenue:sum"],
        )
        return (frozen or 0) + (older or 0)


class RadioTeamTargetPart(models.Model):
    """One member's part of the team's target: for that member and the leader to see."""

    _name = "radio.team.target.part"
    _description = "Part of a Team Target"

    target_id = fields.Many2one(
        comodel_name="radio.team.target", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(comodel_name="res.users", required=True)
    amount = fields.Float(required=True, digits=(16, 2))

    _one_each = models.UniqueIndex(
        "(target_id, user_id)", "Each member has one part of a target."
    )
