from fractions import Fraction

from odoo import api, models
from odoo.tools import SQL

SOLD_TYPES = ("out_invoice", "out_refund")
# Types of the accounts on which customers owe, and of those that hold money.
SETTLED_TYPES = ("asset_receivable", "liability_payable")
MONEY_TYPES = ("asset_cash", "liability_credit_card")


def _exact(number):
    """Return the absolute value of a float as the decimal fraction that it shows."""
    return abs(Fraction(str(number)))


class AccountMove(models.Model):
    """What is invoiced and paid of orders is what their deals have earned."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._mark_deals(lambda move: self.env._("%s was posted", move.name))
        return posted

    def button_draft(self):
        # a posted invoice that is cancelled comes through here, too
        result = super().button_draft()
        self._mark_deals(lambda move: self.env._("%s is a draft again", move.name))
        return result

    def _mark_deals(self, describe, events=("invoiced", "paid")):
        """Let the deals whose orders are in these invoices be settled. One query where
        there are none.

        :param describe: function that says in words what happened to a move.
        :param events: of the deals that this is about.
        """
        moves = self.filtered(lambda move: move.move_type in SOLD_TYPES)
        if not moves:
            return
        self.env["sale.order"].flush_model(["commission_deal_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT sale_order.commission_deal_id, line.move_id
                   FROM account_move_line line
                   JOIN sale_order_line_invoice_rel rel
                     ON rel.invoice_line_id = line.id
                   JOIN sale_order_line sold ON sold.id = rel.order_line_id
                   JOIN sale_order ON sale_order.id = sold.order_id
                   WHERE line.move_id = ANY(%s)
                     AND sale_order.commission_deal_id IS NOT NULL
                   ORDER BY 1, 2""",
                moves.ids,
            )
        )
        # sudo: radio.commission.deal - whoever posts need not see what it pays
        deals = self.env["radio.commission.deal"].sudo()
        deals._mark_due(
            {
                deals.browse(deal_id): describe(self.browse(move_id))
                for deal_id, move_id in rows
            },
            events,
        )

    def _get_paid_fraction(self):
        """Return which part of this invoice was received as money or set off against a
        credit note. What was written off never came, so it pays nobody; a discount for
        paying early is not deducted (HGB section 87b).

        :return: ``Fraction`` from 0 to 1.
        """
        self.ensure_one()
        total = received = Fraction(0)
        for line in self.line_ids:
            if line.account_id.account_type != "asset_receivable":
                continue
            total += _exact(line.amount_currency)
            settled_by = [
                (one.credit_move_id.move_id, one.debit_amount_currency)
                for one in line.matched_credit_ids
            ] + [
                (one.debit_move_id.move_id, one.credit_amount_currency)
                for one in line.matched_debit_ids
            ]
            for move, amount in settled_by:
                received += _exact(amount) * move._get_money_fraction()
        return min(received / total, Fraction(1)) if total else Fraction(1)

    def _get_money_fraction(self):
        """Return which part of what this entry settles is money, or another invoice.

        :return: ``Fraction`` from 0 to 1.
        """
        self.ensure_one()
        if self.is_invoice(include_receipts=True):
            return Fraction(1)
        company = self.company_id
        discounts = (
            company.account_journal_early_pay_discount_loss_account_id
            | company.account_journal_early_pay_discount_gain_account_id
        )
        if discounts & self.line_ids.account_id:
            return Fraction(1)
        settled = self.line_ids.filtered(
            lambda line: line.account_id.account_type in SETTLED_TYPES
        )
        whole = _exact(sum(settled.mapped("amount_currency")))
        if self.origin_payment_id:
            money = self.origin_payment_id.amount
        else:
            money = sum(
                line.amount_currency
                for line in self.line_ids
                if line.account_id.account_type in MONEY_TYPES
            )
        return min(_exact(money) / whole, Fraction(1)) if whole else Fraction(0)

    def _mark_paid_deals(self):
        self._mark_deals(
            lambda move: self.env._("What is paid of %s changed", move.name),
            events=("paid",),
        )


class AccountPartialReconcile(models.Model):
    """Payments, and credit notes that are set off against invoices."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._get_moves()._mark_paid_deals()
        return partials

    def unlink(self):
        moves = self._get_moves()
        result = super().unlink()
        # core deletes draft moves of exchange differences with it
        moves.exists()._mark_paid_deals()
        return result

    def _get_moves(self):
        return (self.debit_move_id | self.credit_move_id).move_id
