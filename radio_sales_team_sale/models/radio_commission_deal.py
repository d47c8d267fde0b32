from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.radio_sales_team.tools.commission import round_amount

from .account_move import SOLD_TYPES


class RadioCommissionDeal(models.Model):
    """What a deal has earned by its orders: confirmed, invoiced or paid, as it is now.

    Whatever changes that marks the deal as due (:meth:`_mark_due`), and the scheduled
    action settles it: one difference, however much happened.
    """

    _inherit = "radio.commission.deal"

    order_ids = fields.One2many(
        comodel_name="sale.order",
        inverse_name="commission_deal_id",
        string="Orders",
        readonly=True,
        groups="radio_sales_team.group_commission_manager",
    )
    due_reason = fields.Char(
        readonly=True, help="What happened to its orders that is not settled yet."
    )
    orders_changed_at = fields.Datetime(
        string="Orders Changed On",
        readonly=True,
        help="When something happened to its orders last.",
    )

    def _has_own_base(self):
        """The base of a deal with orders is what they say."""
        return not self.order_ids and super()._has_own_base()

    @api.model
    def _mark_due(self, reasons, events=None):
        """Let the scheduled action settle deals soon, because of what happened to their
        orders or invoices.

        Every deal is written to, also one that is not won or pays by something else: a
        user who wins or settles it at the same moment has not seen what happened, and
        Odoo retries the later one of both.

        :param reasons: dict of sentences by deal.
        :param events: triggers by which what happened is earned, by default all.
        """
        is_due = False
        # with microseconds, so that each transaction writes another value
        now = self.env.cr.now()
        for deal, reason in reasons.items():
            vals = {"orders_changed_at": now}
            if deal.state == "won" and (events is None or deal.event in events):
                today = deal.company_id._get_local_day()
                vals["due_reason"] = reason
                vals["next_due_on"] = min(deal.next_due_on or today, today)
                is_due = True
            deal.write(vals)
        if is_due:
            cron = self.env.ref("radio_sales_team.ir_cron_accrue_commission")
            # sudo: ir.cron - whoever changed the order
            cron.sudo()._trigger()

    def _get_earned_base(self, day):
        """Earn what was invoiced or paid as soon as it is known, whatever the day."""
        self.ensure_one()
        digits = self.currency_id.decimal_places
        if self.state == "won" and self.problem and self._has_shares():
            # a rate is missing: all stays as it is until it is there
            return round_amount(self.settled_base, digits)
        if self.state != "won" or self.problem or not self.plan_id:
            return super()._get_earned_base(day)
        if self.event in ("invoiced", "paid"):
            return round_amount(self._get_invoiced(), digits)
        if self.event == "confirmed" and not self.order_ids:
            return round_amount(0, digits)
        return super()._get_earned_base(day)

    def _get_invoiced(self):
        """Return what was invoiced of commissionable lines of the orders, less what was
        credited and what agencies keep; if payment is the trigger, only what was
        received of it.

        :return: ``Decimal`` in the company's currency, not rounded.
        """
        total = Fraction(0)
        moves = self.env["account.move"]
        for kept, move_id, amount in self._read_invoiced():
            invoiced = Fraction(amount) * Fraction(kept) / 100
            if self.event == "paid":
                invoiced *= moves.browse(move_id)._get_paid_fraction()
            total += invoiced
        return Decimal(total.numerator) / Decimal(total.denominator)

    def _read_invoiced(self):
        """Read what posted invoices and credit notes have of the orders.

        :return: list of tuples, one for each order and move: the percentage that the
            agency does not keep, the id of the move, and the amount in the company's
            currency; numbers as strings.
        """
        for model, names in (
            ("account.move", ["move_type", "state"]),
            ("account.move.line", ["balance", "display_type", "move_id"]),
            ("sale.order", ["agency_commission", "commission_deal_id"]),
            (
                "sale.order.line",
                ["is_commissionable", "is_downpayment", "order_id", "price_subtotal"],
            ),
        ):
            self.env[model].flush_model(names)
        return self.env.execute_query(
            # A line that was invoiced for several order lines counts once. A down
            # payment counts for the part of the order that is commissionable, and is
            # taken off again by the final invoice.
            SQL(
                """SELECT (100 - COALESCE(sale_order.agency_commission, 0))::text,
                          move.id,
                          SUM(-line.balance / (
                            SELECT COUNT(*) FROM sale_order_line_invoice_rel other
                             WHERE other.invoice_line_id = line.id
                          ) * CASE WHEN sold.is_downpayment THEN COALESCE((
                            SELECT SUM(part.price_subtotal)
                                   FILTER (WHERE part.is_commissionable)
                                   / NULLIF(SUM(part.price_subtotal), 0)
                              FROM sale_order_line part
                             WHERE part.order_id = sale_order.id
                               AND part.is_downpayment IS NOT TRUE
                               AND part.display_type IS NULL
                          ), 0) ELSE 1 END)::text
                     FROM sale_order
                     JOIN sale_order_line sold ON sold.order_id = sale_order.id
                     JOIN sale_order_line_invoice_rel rel
                       ON rel.order_line_id = sold.id
                     JOIN account_move_line line ON line.id = rel.invoice_line_id
                     JOIN account_move move ON move.id = line.move_id
                    WHERE sale_order.commission_deal_id = %s
                      AND (sold.is_commissionable OR sold.is_downpayment)
                      AND line.display_type = 'product'
                      AND move.state = 'posted' AND move.move_type = ANY(%s)
                 GROUP BY sale_order.id, move.id""",
                self.id,
                list(SOLD_TYPES),
            )
        )
