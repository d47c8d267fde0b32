from odoo import api, fields, models
from odoo.exceptions import UserError


class RadioCommissionDeal(models.Model):
    """A won opportunity as it was when it was won: base, day, plan, people.

    The ledger's lines hang on it, so what happens to the opportunity later changes
    nothing here. What does change it: the opportunity is not won any more, or is won
    again; a commission manager changes the base or the people. Each time only the
    difference is written (``radio_commission_deal_settle``).
    """

    _name = "radio.commission.deal"
    _description = "Deal"
    _order = "won_on desc, id desc"

    name = fields.Char(required=True, readonly=True)
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    origin_id = fields.Integer(
        readonly=True,
        help="Id of the opportunity that it was first: none is paid twice, also by two "
        "people in the same second.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    partner_name = fields.Char(string="Customer's Name", readonly=True)
    won_on = fields.Date(required=True, readonly=True)
    base_amount = fields.Monetary(
        string="Base",
        readonly=True,
        help="Media value after discounts, agency commission, production, barter and "
        "tax.",
    )
    revenue = fields.Monetary(
        readonly=True, help="The expected revenue when it was won, for targets."
    )
    notice = fields.Char(
        readonly=True, help="What the opportunity says now that the deal does not."
    )
    settled_base = fields.Monetary(
        string="Earned Base",
        readonly=True,
        help="The part of the base that has been earned and settled so far.",
    )
    is_trued_up = fields.Boolean(readonly=True)
    counted_discount = fields.Float(
        string="Discount Counted (%)",
        digits=(5, 2),
        readonly=True,
        help="The discount level that the base is reckoned with since the last "
        "true-up.",
    )
    plan_id = fields.Many2one(
        comodel_name="radio.commission.plan", readonly=True, ondelete="restrict"
    )
    event = fields.Char(readonly=True)
    months = fields.Json(
        readonly=True, help="First days of the months in which it is on air."
    )
    state = fields.Selection(
        selection=[("won", "Won"), ("left", "Not won any more")],
        required=True,
        default="won",
        readonly=True,
    )
    settled_until = fields.Date(
        readonly=True, help="The day until which what was earned has been written."
    )
    next_due_on = fields.Date(
        readonly=True, help="The day on which the next part is earned."
    )
    pending = fields.Json(
        readonly=True,
        help="Who contributed, what is booked and which signals are won, as it was "
        "when it was won, until that is written a moment later.",
    )
    problem = fields.Char(
        readonly=True,
        help="Why nothing could be written. Nothing is lost: mend it, and try again.",
    )
    share_ids = fields.One2many(
        comodel_name="radio.commission.share", inverse_name="deal_id", readonly=True
    )
    current_share_ids = fields.One2many(
        comodel_name="radio.commission.share",
        inverse_name="deal_id",
        string="Parts That Hold",
        domain=[("is_current", "=", True)],
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="radio.commission.line", inverse_name="deal_id", readonly=True
    )
    total = fields.Monetary(
        string="Written So Far",
        compute="_compute_total",
        help="All lines of this deal together.",
    )

    _one_each = models.UniqueIndex(
        "(origin_id) WHERE origin_id IS NOT NULL",
        "This opportunity is paid already.",
    )
    _due_idx = models.Index("(next_due_on) WHERE next_due_on IS NOT NULL")
    _problem_idx = models.Index("(company_id) WHERE problem IS NOT NULL")

    @api.depends("line_ids")
    def _compute_total(self):
        totals = dict(
            self.env["radio.commission.line"]._read_group(
                [("deal_id", "in", self._origin.ids)], ["deal_id"], ["amount:sum"]
            )
        )
        for deal in self:
            deal.total = totals.get(deal._origin, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        # sudo: radio.commission.line - whether there are any
        if self.sudo().line_ids:
            raise UserError(
                self.env._("Commission was written for this deal. It stays.")
            )

    def _lock(self, period=None):
        """Wait for whoever changes these deals, so that nothing is written twice; and
        see to it that what was won a moment ago is written first.

        :param period: see :meth:`_share_out`.
        """
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM radio_commission_deal WHERE id = ANY(%s) ORDER BY id "
            "FOR UPDATE",
            [self.ids],
        )
        self.invalidate_recordset()
        self._share_out(period=period)

    # what a commission manager does

    def action_change_base(self):
        """Open the form that asks for the new base, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change base"),
            "res_model": "radio.commission.change",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_deal_id": self.id,
                "default_base_amount": self.base_amount,
                "default_old_base": self.base_amount,
            },
        }

    def action_try_again(self):
        """Look for the plan and the people anew, where something was missing."""
        self.env.user._check_commission_manager()
        self.check_access("read")
        deals = self.sudo().filtered(lambda deal: deal.problem or not deal.plan_id)
        deals._refreeze()
        return True


class RadioCommissionShare(models.Model):
    """What one person gets of a deal: for that person, their leader and the commission
    manager to see, as it tells what people earn."""

    _name = "radio.commission.share"
    _description = "Part of a Deal"
    _order = "deal_id desc, id"
    _rec_name = "user_id"

    deal_id = fields.Many2one(
        comodel_name="radio.commission.deal",
        required=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, ondelete="restrict"
    )
    role_id = fields.Many2one(
        comodel_name="radio.contribution.role", required=True, ondelete="restrict"
    )
    credit = fields.Selection(
        selection=[("share", "Part of the commission"), ("overlay", "On top of it")],
        required=True,
    )
    percent = fields.Float(
        digits=(5, 2),
        help="Of the commission; of the base for what is paid on top, and then for all "
        "together who have the role.",
    )
    is_current = fields.Boolean(
        default=True, help="Not of an earlier time at which the deal was won."
    )
    company_id = fields.Many2one(related="deal_id.company_id", store=True)
    team_id = fields.Many2one(related="deal_id.team_id", store=True)

    def _get_key(self):
        """What makes two parts the same."""
        self.ensure_one()
        return (self.user_id.id, self.role_id.id, self.credit, self.percent)
