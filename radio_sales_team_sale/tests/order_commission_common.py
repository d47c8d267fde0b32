from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.radio_sales_team.tests.commission_common import CommissionCase
from odoo.addons.radio_sales_team.tests.common import NOW


class OrderCommissionCase(CommissionCase):
    """A station that sells by orders; its plan pays the seller 10 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        products = cls.env["product.product"]
        service = {"invoice_policy": "order", "taxes_id": False, "type": "service"}
        cls.spot = products.create({"name": "Spot", "list_price": 100, **service})
        cls.production = products.create(
            {"name": "Production", "is_commissionable": False, **service}
        )
        cls.agency = cls.env["res.partner"].create(
            {"name": "Agency", "is_company": True, "agency_commission": 15}
        )
        cls.loss = cls.env["account.account"].create(
            {"name": "Losses", "code": "LOSS1", "account_type": "expense"}
        )
        cls.accountant = new_test_user(
            cls.env, login="anna", groups="account.group_account_invoice"
        )

    def pay_when(self, event, **vals):
        """The team's own plan."""
        plan = self.make_plan(
            event=event, team_ids=[Command.link(self.team.id)], **vals
        )
        plan.action_approve()
        return plan

    def order(self, lead, *lines, **vals):
        """A quotation; lines are (product, quantity, price), default ten spots."""
        return self.env["sale.order"].create(
            {
                "name": f"S{lead.id}-{len(lead.order_ids)}",
                "partner_id": self.customer.id,
                "opportunity_id": lead.id,
                "user_id": self.seller.id,
                "team_id": self.team.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, quantity, price in lines or [(self.spot, 10, 100)]
                ],
                **vals,
            }
        )

    def confirm(self, orders, day=0):
        with freeze_time(NOW + timedelta(days=day)):
            orders.action_confirm()
        self.accrue(day)

    def deal(self, event, *lines, **vals):
        """A deal of a confirmed order that was won.

        :return: pair of deal and order.
        """
        self.pay_when(event)
        lead = self.deal_lead()
        order = self.order(lead, *lines, **vals)
        with freeze_time(NOW):
            order.action_confirm()
        return self.win(lead), order

    def invoice(self, order, day=0, quantity=None):
        """A posted invoice of all that can be invoiced, or of fewer spots."""
        with freeze_time(NOW + timedelta(days=day)):
            invoice = order._create_invoices(final=True)
            if quantity:
                invoice.invoice_line_ids.quantity = quantity
            invoice.action_post()
        self.accrue(day)
        return invoice

    def credit(self, invoice, day=0, cancel=False):
        """A credit note of all of it; set off against the invoice with ``cancel``."""
        with freeze_time(NOW + timedelta(days=day)):
            note = invoice._reverse_moves(
                [{"invoice_date": NOW + timedelta(days=day)}], cancel=cancel
            )
            if note.state == "draft":
                note.action_post()
        self.accrue(day)
        return note

    def pay(self, invoice, amount, day=0):
        with freeze_time(NOW + timedelta(days=day)):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"amount": amount}).action_create_payments()
        self.accrue(day)

    def write_off(self, invoice, amount, day=None):
        """An entry without any money that closes a part of an invoice."""
        owed = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines = [
            {"account_id": self.loss.id, "debit": float(amount)},
            {"account_id": owed.account_id.id, "credit": float(amount)},
        ]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create({"partner_id": invoice.partner_id.id, **line})
                    for line in lines
                ],
            }
        )
        entry.action_post()
        (owed | entry.line_ids[1]).reconcile()
        if day is not None:
            self.accrue(day)

    def change(self, record, vals, day=0):
        with freeze_time(NOW + timedelta(days=day)):
            record.write(vals)
        self.accrue(day)

    def cancel(self, order, day=0):
        with freeze_time(NOW + timedelta(days=day)):
            order._action_cancel()
        self.accrue(day)

    def foreign(self, rate=None):
        """A pricelist in another currency, with a rate for the day or without."""
        currency = self.env["res.currency"].create({"name": "XRA", "symbol": "X"})
        if rate:
            self.rate(currency, rate)
        return self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )

    def rate(self, currency, rate):
        return self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": NOW.date(), "rate": rate}
        )

    def assertWritten(self, deal, *amounts):
        """These are the lines of the deal, and reckoning again finds nothing else."""
        self.assertEqual(
            self.amounts(deal), [Decimal(amount) for amount in amounts], deal.problem
        )
        audit = self.env["radio.commission.audit"].sudo()._run(self.env.company)
        self.assertFalse(audit.finding_ids.mapped("name"))
