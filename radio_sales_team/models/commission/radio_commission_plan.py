from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.commission import Share, get_amounts, get_commission
from ...tools.split import split

WHOLE = Decimal("100.00")
# What may change on a plan that people are paid by.
OPEN_FIELDS = {"active", "date_to"}
# What only its buttons write, as it is in a new draft.
NEW_STATE = {
    "approved_at": False,
    "approved_by_id": False,
    "previous_id": False,
    "state": "draft",
    "version": 1,
}


class RadioCommissionPlan(models.Model):
    """What a deal pays, and to whom: dated and approved, and then never changed. A new
    version takes its place from its first day on.

    The first approved plan that fits the day and the team holds; one for the team comes
    before one for all.
    """

    _name = "radio.commission.plan"
    _description = "Commission Plan"
    _order = "date_from desc, id desc"

    name = fields.Char(required=True)
    version = fields.Integer(default=1, readonly=True, copy=False)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", store=True, precompute=True
    )
    team_ids = fields.Many2many(
        comodel_name="crm.team", string="Sales Teams", help="Empty: all of them."
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_local_day(),
        help="Deals that are won from this day on.",
    )
    date_to = fields.Date(string="Until", copy=False)
    state = fields.Selection(
        selection=[("draft", "Draft"), ("approved", "Approved"), ("ended", "Ended")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    event = fields.Selection(
        selection=[
            ("won", "When it is won"),
            ("spread", "Month by month, while the campaign is on air"),
        ],
        string="Earned",
        required=True,
        default="spread",
        help="Month by month: what is cancelled later was not earned.",
    )
    rate = fields.Float(
        string="Commission %",
        digits=(5, 2),
        help="Of the base: the media value after discounts, agency commission, "
        "production, barter and tax.",
    )
    tier_ids = fields.One2many(
        comodel_name="radio.commission.tier",
        inverse_name="plan_id",
        string="Levels",
        copy=True,
        help="Each holds for the part of a deal's base from its amount on.",
    )
    line_ids = fields.One2many(
        comodel_name="radio.commission.plan.line", inverse_name="plan_id", copy=True
    )
    has_cap = fields.Boolean(string="Limit What Is Paid on Top")
    overlay_cap = fields.Float(
        string="At Most (%)",
        digits=(5, 2),
        help="Percent of the base that all that is paid on top comes to at most.",
    )
    share_total = fields.Float(
        string="Parts Together (%)", digits=(5, 2), compute="_compute_share_total"
    )
    previous_id = fields.Many2one(
        comodel_name="radio.commission.plan", readonly=True, copy=False
    )
    approved_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    approved_at = fields.Datetime(readonly=True, copy=False)
    note = fields.Text(help="What everybody should know about this plan.")

    _percent = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 100 AND overlay_cap >= 0 AND overlay_cap <= 100)",
        "A percentage is between 0 and 100.",
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A plan cannot end before it begins.",
    )

    @api.depends("name", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._(
                "%(name)s, version %(version)s",
                name=plan.name or "",
                version=plan.version,
            )

    @api.depends("line_ids.percent", "line_ids.credit")
    def _compute_share_total(self):
        for plan in self:
            plan.share_total = float(plan._get_share_total())

    def _get_share_total(self):
        """What the parts of the commission come to, as an exact number."""
        self.ensure_one()
        shares = self.line_ids.filtered(lambda line: line.credit == "share")
        return sum((_exact(line.percent) for line in shares), Decimal(0))

    @api.constrains("active", "company_id", "date_from", "date_to", "state", "team_ids")
    def _check_overlap(self):
        for plan in self.filtered(lambda one: one.active and one.state != "draft"):
            others = self.search(
                [
                    ("id", "!=", plan.id),
                    ("company_id", "=", plan.company_id.id),
                    ("state", "!=", "draft"),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", plan.date_from),
                ]
            ).filtered(
                lambda other, plan=plan: (
                    (not plan.date_to or other.date_from <= plan.date_to)
                    and (
                        other.team_ids & plan.team_ids
                        or not (other.team_ids or plan.team_ids)
                    )
                )
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "“%(plan)s” holds in the same time for the same teams. Give it "
                        "an end, or make a new version of it.",
                        plan=others[0].display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # said in full, as a default of the context would count, too
            vals_list = [{**vals, **NEW_STATE} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - OPEN_FIELDS - set(NEW_STATE):
            self._check_draft()
        if set(NEW_STATE) & set(vals) and not self.env.su:
            raise AccessError(self.env._("Approve it, with the button for that."))
        if "active" in vals and not vals["active"]:
            self._check_over()
        return super().write(vals)

    def _check_over(self):
        """Check that these plans have ended: archiving ends none.

        :raises UserError: for those that still pay.
        """
        for plan in self:
            today = plan.company_id._get_local_day()
            if plan.state != "draft" and not (plan.date_to and plan.date_to < today):
                raise UserError(
                    self.env._(
                        "People are paid by “%s”. Enter its last day, and archive it "
                        "when that is over.",
                        plan.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_draft()

    def _check_draft(self):
        """Check that these plans are drafts.

        :raises UserError: for plans by which people are paid.
        """
        if approved := self.filtered(lambda plan: plan.state != "draft")[:1]:
            raise UserError(
                self.env._(
                    "“%s” is approved, and people are paid by it. Make a new version.",
                    approved.display_name,
                )
            )

    # arithmetic

    @api.model
    def _find_plan(self, company, team, day):
        """Return the approved plan for deals that are won on a day, empty if there is
        none. One for the team comes before one for all.

        :param company: ``res.company``.
        :param team: ``crm.team``.
        :param day: date.
        """
        # sudo: radio.commission.plan - whoever wins a deal need not know the plan
        plans = self.sudo().with_context(active_test=False)
        plans = plans.search(
            [
                ("company_id", "=", company.id),
                ("state", "!=", "draft"),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )
        own = plans.filtered(lambda plan: team in plan.team_ids)
        return (own or plans.filtered(lambda plan: not plan.team_ids))[:1]

    def _split(self, base, company, team, contributors, held=None):
        """Split a deal among the people who contributed to it.

        Nobody who does not work for the company gets a share, unless they have one.

        :param base: number, the commission base in the company's currency.
        :param company: ``res.company`` that pays.
        :param team: ``crm.team`` of the deal.
        :param contributors: dict of ``res.users`` by ``radio.contribution.role``.
        :param held: dict of ``res.users`` by role of those who have a share already.
        :return: pair of a list of values of ``radio.commission.share``, and of a
            sentence that says what is missing or False; if something is missing,
            nobody gets a share.
        """
        if not self:
            return [], self._get_missing_team_message(company, team)
        self.ensure_one()
        if base < 0:
            return [], self.env._("The base is below zero. Use “Change base”.")
        users, held = self.env["res.users"], held or {}
        everyone = users.union(*contributors.values())
        employed = everyone._filter_company(company).union(*held.values())
        contributors = {role: own & employed for role, own in contributors.items()}
        shares = {}
        for line in self.line_ids:
            if line.credit == "overlay":
                for user in line._get_overlay_users(contributors, company, team, held):
                    shares[user, line.role_id] = ("overlay", line.percent)
                continue
            role = line._get_filled_role(contributors)
            if not role:
                return [], self.env._(
                    "Nobody has the role “%s”, and nobody stands in for it: the "
                    "opportunity has no salesperson. Enter one, and try again.",
                    line.role_id.name,
                )
            own = contributors[role].sorted("id")
            for user, part in zip(
                own, split(line.percent, [1] * len(own)), strict=True
            ):
                _credit, before = shares.get((user, role), ("share", 0))
                # exact: both are stored with two decimal places
                shares[user, role] = ("share", round(before + float(part), 2))
        return [
            {
                "user_id": user.id,
                "role_id": role.id,
                "credit": credit,
                "percent": percent,
            }
            for (user, role), (credit, percent) in shares.items()
            if percent
        ], False

    @api.model
    def _get_missing_team_message(self, company, team):
        """Return the sentence for a deal that no plan pays because it has no sales
        team, or False. Teams without a plan are the station's decision.

        :param company: ``res.company`` of the deal.
        :param team: ``crm.team`` of the deal.
        """
        # sudo: radio.commission.plan - whoever wins a deal need not know the plan
        approved = [("company_id", "=", company.id), ("state", "=", "approved")]
        if team or not self.sudo().search_count(approved, limit=1):
            return False
        return self.env._(
            "No sales team, so no commission plan applies. Set the sales team on the "
            "opportunity, and try again."
        )

    def _get_commission(self, base):
        """The commission on a base, in the company's currency."""
        self.ensure_one()
        levels = [(tier.lower_bound, tier.rate) for tier in self.tier_ids.sorted()]
        digits = self.currency_id.decimal_places
        return get_commission(base, self.rate, levels, digits)

    def _get_share_amounts(self, base, rows):
        """Return the amount of each share of a deal.

        :param base: number in the company's currency.
        :param rows: list of dicts with ``credit``, ``role_id`` and ``percent``.
        :return: list of ``Decimal``, one for each row.
        """
        self.ensure_one()
        return get_amounts(
            base,
            self._get_commission(base),
            [
                Share(row["credit"] == "overlay", row["role_id"], row["percent"])
                for row in rows
            ],
            self.overlay_cap if self.has_cap else None,
            self.currency_id.decimal_places,
        )


def _exact(percent):
    """A percentage as it is stored, without what floats add to it."""
    return Decimal(str(percent)).quantize(Decimal("0.01"))
