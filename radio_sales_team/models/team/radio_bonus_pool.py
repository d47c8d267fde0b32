from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError

from ...tools.split import split

# What a target was paid by.
PAID_BY = {"amount", "company_id", "date_from", "date_to", "metric", "team_id"}
# What only paying it writes, as it is before.
UNPAID = {"paid_amount": 0, "state": "open"}


class RadioBonusPool(models.Model):
    """What the team gets together for reaching its target. Whoever is in the team when
    it is paid out is frozen then; the parts add up to the pool exactly, and go into the
    ledger once."""

    _name = "radio.bonus.pool"
    _description = "Bonus Pool"
    _order = "id desc"
    _rec_name = "target_id"

    target_id = fields.Many2one(
        comodel_name="radio.team.target", required=True, ondelete="restrict"
    )
    team_id = fields.Many2one(related="target_id.team_id", store=True)
    company_id = fields.Many2one(related="target_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    trigger = fields.Float(
        string="From (%)",
        digits=(16, 2),
        default=100,
        required=True,
        help="Part of the target from which on anything is paid.",
    )
    kind = fields.Selection(
        selection=[
            ("fixed", "A fixed amount"),
            ("excess", "A part of what is above the target"),
        ],
        required=True,
        default="fixed",
    )
    fixed_amount = fields.Monetary()
    excess_percent = fields.Float(
        string="Part %", digits=(5, 2), help="Of what is above the target."
    )
    cap = fields.Monetary(string="At Most", help="0: no limit.")
    distribution = fields.Selection(
        selection=[
            ("equal", "The same for everybody"),
            ("weighted", "By weight"),
            ("points", "By contributions in this time"),
        ],
        required=True,
        default="equal",
        help="By weight: as entered for each member. By contributions: who had more "
        "parts in deals of this time gets more.",
    )
    member_ids = fields.One2many(
        comodel_name="radio.bonus.member", inverse_name="pool_id", string="Members"
    )
    state = fields.Selection(
        selection=[("open", "Open"), ("paid", "In the ledger")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
    )
    actual = fields.Float(related="target_id.actual", string="Reached")
    pool_amount = fields.Monetary(
        string="Pool", compute="_compute_pool_amount", help="As it stands now."
    )
    paid_amount = fields.Monetary(readonly=True, copy=False)

    _values = models.Constraint(
        'CHECK ("trigger" >= 0 AND fixed_amount >= 0 AND cap >= 0 '
        "AND excess_percent BETWEEN 0 AND 100)",
        "Amounts are not below 0, and a part is between 0 and 100 %.",
    )

    @api.constrains("kind", "target_id")
    def _check_kind(self):
        """First contacts and signals are counted: what is above is no money."""
        for pool in self:
            if pool.kind == "excess" and pool.target_id.metric != "revenue":
                raise ValidationError(
                    self.env._(
                        "“%s” counts no revenue, so there is no part of it to pay. "
                        "Choose a fixed amount, or a target of won revenue.",
                        pool.target_id.name,
                    )
                )

    @api.depends(
        "cap", "excess_percent", "fixed_amount", "kind", "target_id", "trigger"
    )
    def _compute_pool_amount(self):
        for pool in self:
            pool.pool_amount = pool._get_pool() if pool.target_id else 0

    def _get_pool(self):
        """The pool by what was reached until now: nothing below the trigger."""
        self.ensure_one()
        target = self.target_id
        if target.actual < target.amount * self.trigger / 100:
            return 0
        pool = self.fixed_amount
        if self.kind == "excess":
            excess = max(target.actual - target.amount, 0)
            pool = excess * self.excess_percent / 100
        return self.currency_id.round(min(pool, self.cap) if self.cap else pool)

    def action_fill_members(self):
        """Propose everybody in the team, with weight 1."""
        for pool in self.filtered(lambda one: one.state == "open"):
            users = pool.team_id.crm_team_member_ids.user_id - pool.member_ids.user_id
            pool.member_ids = [Command.create({"user_id": user.id}) for user in users]

    def action_pay(self):
        """Freeze the members, and write what each gets into the ledger.

        :raises UserError: before the time is over, below the trigger, and twice.
        """
        self.ensure_one()
        self.env.user._check_commission_manager()
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is paying this pool at this moment.")
            ) from error
        if self.state != "open":
            raise UserError(self.env._("This pool is in the ledger already."))
        today = self.company_id._get_local_day()
        if self.target_id.date_to >= today:
            raise UserError(
                self.env._("The time of the target is not over. Wait until it is.")
            )
        # what was won until this moment, not what a screen has shown
        self.target_id.invalidate_recordset(["actual"])
        pool = self._get_pool()
        if not pool:
            raise UserError(
                self.env._("The target was not reached, so there is nothing to pay.")
            )
        if not self.member_ids:
            self.action_fill_members()
        self._check_payer()
        members = self.member_ids.sorted(lambda one: one.user_id.id)
        weights = members._get_weights(self.distribution)
        if not sum(weights):
            raise UserError(
                self.env._("Nobody has a weight or a contribution to divide it by.")
            )
        parts = split(pool, weights, self.currency_id.decimal_places)
        vals_list = []
        for member, weight, part in zip(members, weights, parts, strict=True):
            # sudo: radio.bonus.member - frozen by the pool
            member.sudo().write({"amount": float(part), "weight": weight})
            if part:
                vals_list.append(self._prepare_line(member, part, today))
        self.env["radio.commission.line"]._write_lines(vals_list)
        self.sudo().write({"paid_amount": pool, "state": "paid"})
        return True

    def _check_payer(self):
        """:raises UserError: where the user would get a part: also of equal parts, as
        who is left out of them is for the payer to say."""
        if self.env.user in self.member_ids.user_id:
            raise UserError(
                self.env._("You get a part of this pool: let somebody else pay it.")
            )

    def _prepare_line(self, member, amount, day):
        return {
            "amount": float(amount),
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "date": day,
            "kind": "bonus",
            "reason": self.target_id.name,
            "team_id": self.team_id.id,
            "user_id": member.user_id.id,
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # said outright: else a default of the context or the user would hold
            vals_list = [{**vals, **UNPAID} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        self._check_unpaid()
        if UNPAID.keys() & vals.keys() and not self.env.su:
            raise AccessError(self.env._("Pay it, with the button for that."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        self._check_unpaid()

    def _check_unpaid(self):
        if any(pool.state == "paid" for pool in self):
            raise UserError(self.env._("What was paid out stays as it is."))


class RadioTeamTarget(models.Model):
    _inherit = "radio.team.target"

    @api.constrains("metric")
    def _check_metric(self):
        # sudo: radio.bonus.pool - what the target is for, for whoever may write it
        pools = self.env["radio.bonus.pool"].sudo()
        pools.search([("target_id", "in", self.ids)])._check_kind()

    def write(self, vals):
        if PAID_BY & set(vals):
            # sudo: radio.bonus.pool - whose bonus is in the ledger, for whoever may
            # write the target
            pools = self.env["radio.bonus.pool"].sudo()
            pools.search([("target_id", "in", self.ids)])._check_unpaid()
        return super().write(vals)
