"""Orders of an opportunity that is won, or was won before."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.radio_sales_team.tests.common import NOW

from ..hooks import uninstall_hook
from .order_commission_common import OrderCommissionCase


@tagged("post_install", "-at_install")
class TestOrderWin(OrderCommissionCase):
    def test_paid_at_once(self):
        """An order that was confirmed before is earned in the moment of winning."""
        deal, order = self.deal("confirmed")
        self.assertEqual(order.commission_deal_id, deal)
        self.assertWritten(deal, "100.00")

    def test_cancelled_and_confirmed_again(self):
        deal, order = self.deal("confirmed")
        self.cancel(order)
        self.assertWritten(deal, "100.00", "-100.00")
        order.action_draft()
        self.confirm(order, day=1)
        self.assertWritten(deal, "100.00", "-100.00", "100.00")

    def test_confirmed_after_winning(self):
        """It belongs to the deal, and whoever wins at the same moment is retried."""
        self.pay_when("confirmed")
        lead = self.deal_lead()
        deal = self.win(lead)
        order = self.order(lead, (self.spot, 7, 100))
        self.assertFalse(lead.order_confirmed_at)
        self.confirm(order)
        self.assertTrue(lead.order_confirmed_at)
        self.assertEqual(order.commission_deal_id, deal)
        self.assertWritten(deal, "70.00")

    def test_invoiced_after_winning(self):
        deal, order = self.deal("invoiced")
        self.assertWritten(deal)
        self.invoice(order)
        self.assertWritten(deal, "100.00")

    def test_without_a_currency_rate(self):
        """It is won, says which rate is missing, and is paid once that is entered."""
        prices = self.foreign()
        deal, _order = self.deal("confirmed", pricelist_id=prices.id)
        self.assertEqual(deal.lead_id.won_status, "won")
        self.assertWritten(deal)
        self.assertIn("there is no rate", deal.problem)
        self.rate(prices.currency_id, 2)
        with freeze_time(NOW):
            deal.with_user(self.payer).action_try_again()
        self.assertWritten(deal, "50.00")
        self.assertFalse(deal.problem)

    def test_a_rate_that_is_gone_takes_nothing_back(self):
        """Recomputing the contributors leaves all as it is until the rate is there."""
        prices = self.foreign(2)
        deal, order = self.deal("confirmed", pricelist_id=prices.id)
        self.assertWritten(deal, "50.00")
        prices.currency_id.rate_ids.unlink()
        self.change(order, {"agency_commission": 10})
        self.assertIn("there is no rate", deal.problem)
        with freeze_time(NOW):
            deal.sudo()._recompute_contributors("Looked again")
        self.assertWritten(deal, "50.00")

    def test_invoiced_in_the_next_month(self):
        """Days after it was won, while the scheduled actions stood still: it is of the
        month of the invoice."""
        deal, order = self.deal("invoiced")
        with freeze_time(NOW + timedelta(days=20)):
            order._create_invoices().action_post()
        self.accrue(20)
        self.assertWritten(deal, "100.00")
        self.assertEqual(self.lines(deal).period_id, self.period("2026-02-01"))

    def test_changed_in_the_next_month(self):
        """Only the difference is of that month."""
        deal, order = self.deal("won")
        self.change(order.order_line, {"product_uom_qty": 20}, day=20)
        self.assertWritten(deal, "100.00", "100.00")
        self.assertEqual(
            self.lines(deal).period_id.sorted("date_from"),
            self.period("2026-01-01") | self.period("2026-02-01"),
        )

    def test_an_invoice_touches_deals_that_it_pays_nothing_of_yet(self):
        """Whoever wins one of them again in this moment has to look again."""
        deal, order = self.deal("invoiced")
        self.leave(deal.lead_id)
        deal.orders_changed_at = False
        with freeze_time(NOW + timedelta(hours=1)):
            order._create_invoices().action_post()
        self.assertTrue(deal.orders_changed_at)
        self.assertFalse(deal.due_reason, "it is not won")
        self.assertFalse(deal.next_due_on)
        self.win(deal.lead_id)
        self.assertWritten(deal, "100.00")

    def test_cancelled_and_merged(self):
        """What happened to its orders is not forgotten."""
        deal, order = self.deal("won")
        with freeze_time(NOW):
            order._action_cancel()
            (deal.lead_id | self.deal_lead()).merge_opportunity()
        self.accrue(0)
        self.assertFalse(deal.due_reason)
        self.assertWritten(deal, "100.00", "-100.00")

    def test_cancelled_deleted_and_merged(self):
        """An order that is gone before anything was paid pays nothing."""
        deal, order = self.deal("invoiced")
        with freeze_time(NOW):
            order._action_cancel()
            order.unlink()
            (deal.lead_id | self.deal_lead()).merge_opportunity()
        self.accrue(0)
        self.assertFalse(deal.due_reason)
        self.assertWritten(deal)

    def test_a_rate_that_is_entered_in_time(self):
        """Before the scheduled action comes: nobody need click on anything."""
        self.pay_when("confirmed")
        lead = self.deal_lead()
        pricelist = self.foreign()
        deal = self.win(lead)
        order = self.order(lead, pricelist_id=pricelist.id)
        with freeze_time(NOW):
            order.action_confirm()
        self.rate(pricelist.currency_id, 2)
        self.accrue(0)
        self.assertWritten(deal, "50.00")

    def test_confirmed_and_cancelled_before_it_was_paid(self):
        """It never was earned: there are no lines to and fro."""
        self.pay_when("confirmed")
        lead = self.deal_lead()
        order = self.order(lead)
        deal = self.win(lead)
        with freeze_time(NOW):
            order.action_confirm()
            order._action_cancel()
        self.accrue(0)
        self.assertWritten(deal)
        order.action_draft()
        self.confirm(order, day=1)
        self.assertWritten(deal, "100.00")

    def test_deleting_an_order_of_what_is_due(self):
        """Also before the scheduled action has come."""
        deal, order = self.deal("invoiced")
        with freeze_time(NOW):
            order._create_invoices(final=True).action_post()
            order._action_cancel()
            with self.assertRaisesRegex(UserError, "so it stays"):
                order.unlink()
        self.assertEqual(sum(self.amounts(deal)), 100)

    def test_deleting_an_order_of_what_is_won_and_paid(self):
        """The ledger is about it."""
        deal, order = self.deal("won")
        self.cancel(order)
        with self.assertRaisesRegex(UserError, "so it stays"):
            order.unlink()
        self.assertWritten(deal, "100.00", "-100.00")

    def test_the_bridge_is_removed(self):
        """What was not invoiced yet is not paid by the opportunity instead; what
        happened until then is."""
        deal, _order = self.deal("invoiced")
        lead = self.deal_lead()
        invoiced = self.order(lead)
        self.confirm(invoiced)
        other = self.win(lead)
        with (
            patch("odoo.addons.radio_sales_team_sale.hooks.remove_leftovers"),
            freeze_time(NOW),
        ):
            invoiced._create_invoices().action_post()
            uninstall_hook(self.env)
        self.accrue(1)
        self.assertFalse(self.amounts(deal))
        self.assertEqual(self.amounts(other), [100])

    def test_confirmed_on_the_first_of_the_month_in_sydney(self):
        """The month of an order is that of the station, not of Greenwich."""
        self.env.company.resource_calendar_id.tz = "Australia/Sydney"
        self.pay_when("spread")
        lead = self.deal_lead()
        order = self.order(lead)
        with freeze_time("2026-03-31 22:30:00"):
            order.action_confirm()
            lead.with_user(self.seller).action_set_won()
        deal = lead.commission_deal_ids
        self.assertEqual(deal.months, ["2026-04-01"])
        self.assertEqual(str(deal.won_on), "2026-04-01")
        self.assertEqual(
            {str(booking.month) for booking in order.booking_ids}, {"2026-04-01"}
        )
