"""Orders in the minute between winning a deal and writing what it pays."""

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.radio_sales_team.tests.common import NOW

from .order_commission_common import OrderCommissionCase


@tagged("post_install", "-at_install")
class TestOrderPending(OrderCommissionCase):
    def won(self, event, *lines, **vals):
        """A deal of a confirmed order, in the minute in which it is won.

        :return: pair of deal and order.
        """
        self.pay_when(event)
        lead = self.deal_lead()
        order = self.order(lead, *lines, **vals)
        with freeze_time(NOW):
            order.action_confirm()
        return self.just_win(lead), order

    def test_cancelled_within_the_minute(self):
        """What is gone before anything was written is not paid at all."""
        deal, order = self.won("confirmed")
        with freeze_time(NOW):
            order._action_cancel()
        self.accrue(0)
        self.assertWritten(deal)
        order.action_draft()
        self.confirm(order, day=1)
        self.assertWritten(deal, "100.00")

    def test_confirmed_within_the_minute(self):
        self.pay_when("confirmed")
        lead = self.deal_lead()
        deal = self.just_win(lead)
        order = self.order(lead, (self.spot, 7, 100))
        with freeze_time(NOW):
            order.action_confirm()
        self.accrue(0)
        self.assertEqual(order.commission_deal_id, deal)
        self.assertWritten(deal, "70.00")

    def test_invoiced_within_the_minute(self):
        deal, order = self.won("invoiced")
        self.invoice(order)
        self.assertWritten(deal, "100.00")

    def test_a_rate_entered_within_the_minute(self):
        prices = self.foreign()
        deal, _order = self.won("confirmed", pricelist_id=prices.id)
        self.rate(prices.currency_id, 2)
        self.accrue(0)
        self.assertWritten(deal, "50.00")
        self.assertFalse(deal.problem)

    def test_no_rate_a_minute_later(self):
        prices = self.foreign()
        deal, _order = self.won("confirmed", pricelist_id=prices.id)
        self.accrue(0)
        self.assertWritten(deal)
        self.assertIn("there is no rate", deal.problem)
        self.rate(prices.currency_id, 2)
        with freeze_time(NOW):
            deal.with_user(self.payer).action_try_again()
        self.assertWritten(deal, "50.00")
