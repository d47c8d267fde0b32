from odoo import api, fields, models
from odoo.exceptions import UserError


class RadioCommissionChange(models.TransientModel):
    """Another base for a deal, or other people, and why."""

    _name = "radio.commission.change"
    _description = "Change a Deal"

    deal_id = fields.Many2one(
        comodel_name="radio.commission.deal", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="deal_id.currency_id")
    old_base = fields.Monetary(
        string="Base Now",
        readonly=True,
        help="As it was when the form was opened.",
    )
    base_amount = fields.Monetary(string="New Base", required=True)
    event = fields.Char(related="deal_id.event")
    last_month = fields.Date(
        string="Last Month on Air",
        help="The campaign ends early: what was on air until then is earned, the rest "
        "is not.",
    )
    kind = fields.Selection(
        selection=[
            ("adjustment", "A correction"),
            ("true_up", "A discount level was reached or missed"),
        ],
        string="Why It Changes",
        required=True,
        default="adjustment",
    )
    is_people = fields.Boolean(
        string="Look for the People Anew",
        help="Contributions that were confirmed, or noticed, since it was won.",
    )
    reason = fields.Char(
        string="In a Sentence",
        required=True,
        help="All whose lines change read this.",
    )

    def action_change(self):
        """Write the difference.

        :raises AccessError: for everybody but commission managers.
        :raises UserError: for one's own deal, and where somebody else was faster.
        """
        self.ensure_one()
        self.env.user._check_commission_manager()
        self.deal_id.check_access("read")
        # sudo: radio.commission.deal - written by methods alone
        deal = self.deal_id.sudo()
        self._check_change(deal)
        currency = deal.currency_id
        if self.is_people:
            deal._recompute_contributors(self.reason)
            # who has been confirmed since
            self._check_not_own(deal)
        if self.last_month:
            deal._end_campaign(self.last_month, self.reason)
        elif currency.compare_amounts(self.old_base, self.base_amount):
            deal._change_base(self.base_amount, self.reason, self.kind)
        deal.notice = False
        # the same form, sent again, changes nothing
        self.old_base = self.base_amount = deal.base_amount
        return {"type": "ir.actions.act_window_close"}

    def _check_change(self, deal):
        """:raises UserError: where this form must not change the deal."""
        if self.base_amount < 0:
            raise UserError(self.env._("The base cannot be below zero."))
        self._check_not_own(deal)
        currency = deal.currency_id
        if currency.compare_amounts(deal.base_amount, self.old_base):
            raise UserError(
                self.env._(
                    "The base of “%s” has changed since you opened the form. Please "
                    "open it again.",
                    deal.name,
                )
            )
        is_other = currency.compare_amounts(self.old_base, self.base_amount)
        if is_other and self.last_month:
            raise UserError(
                self.env._(
                    "Enter a new base or the last month on air. What was on air until "
                    "then tells the base by itself."
                )
            )
        if (is_other or self.last_month) and not deal._has_own_base():
            raise UserError(
                self.env._(
                    "The base of “%s” follows its orders. Change the order, or write "
                    "an adjustment.",
                    deal.name,
                )
            )

    def _check_not_own(self, deal):
        """:raises UserError: for a deal that pays whoever changes it."""
        if self.env.user in deal.current_share_ids.user_id:
            raise UserError(
                self.env._("You have a part in this deal: let somebody else change it.")
            )


class RadioCommissionAdjust(models.TransientModel):
    """A line for one person that no deal explains, with its reason."""

    _name = "radio.commission.adjust"
    _description = "Adjust Somebody's Commission"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        required=True,
        domain=[("share", "=", False)],
    )
    amount = fields.Monetary(required=True, help="Below zero to take something back.")
    reason = fields.Char(required=True)
    is_written = fields.Boolean(readonly=True)

    def action_write(self):
        """Write it into the open month.

        :raises UserError: for one's own commission, and for nothing.
        """
        self.ensure_one()
        user = self.env.user
        user._check_commission_manager()
        if self.company_id not in user.company_ids & self.user_id.company_ids:
            raise UserError(
                self.env._("%s does not work for this company.", self.user_id.name)
            )
        if self.user_id == user:
            raise UserError(self.env._("Let somebody else adjust your commission."))
        if not self.amount:
            raise UserError(self.env._("Enter an amount."))
        if self.is_written:
            raise UserError(self.env._("This has been written already."))
        self.is_written = True
        self.env["radio.commission.line"]._write_lines(
            [
                {
                    "amount": self.currency_id.round(self.amount),
                    "company_id": self.company_id.id,
                    "currency_id": self.currency_id.id,
                    "date": self.company_id._get_local_day(),
                    "kind": "adjustment",
                    "reason": self.reason,
                    "user_id": self.user_id.id,
                }
            ]
        )
        return {"type": "ir.actions.act_window_close"}


class RadioCommissionDispute(models.TransientModel):
    """What is wrong with a statement, or the answer to that."""

    _name = "radio.commission.dispute"
    _description = "Talk About a Statement"

    statement_id = fields.Many2one(
        comodel_name="radio.commission.statement", required=True, ondelete="cascade"
    )
    is_mine = fields.Boolean(related="statement_id.is_mine")
    text = fields.Text(required=True)

    @api.constrains("statement_id")
    def _check_statement(self):
        """Nobody learns of a statement that is not theirs to read."""
        # constraints run as superuser
        self.statement_id.sudo(False).check_access("read")

    def action_send(self):
        """Send it: the owner disputes, the commission manager answers."""
        self.ensure_one()
        if self.statement_id.user_id == self.env.user:
            self.statement_id._dispute(self.text)
        else:
            self.statement_id._answer(self.text)
        return {"type": "ir.actions.act_window_close"}
