"""Orders in the minute between winning a deal and writing what it pays."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.radio_sales_team.tests.common import NOW

from ..hooks import uninstall_hook
from .order_commission_common import OrderCommissionCase


@tagged("post_install", "-at_install")
class TestOrderPending(OrderCommissionCase):
    def test_cancelled_within_the_minute(self):
        """What is gone before anything was written is not paid at all."""
        deal, order = self.just_won("confirmed")
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
        deal, order = self.just_won("invoiced")
        self.invoice(order)
        self.assertWritten(deal, "100.00")

    def test_a_rate_entered_within_the_minute(self):
        prices = self.foreign()
        deal, _order = self.just_won("confirmed", pricelist_id=prices.id)
        self.rate(prices.currency_id, 2)
        self.accrue(0)
        self.assertWritten(deal, "50.00")
        self.assertFalse(deal.problem)

    def test_no_rate_a_minute_later(self):
        prices = self.foreign()
        deal, _order = self.just_won("confirmed", pricelist_id=prices.id)
        self.accrue(0)
        self.assertWritten(deal)
        self.assertIn("there is no rate", deal.problem)
        self.rate(prices.currency_id, 2)
        with freeze_time(NOW):
            deal.with_user(self.payer).action_try_again()
        self.assertWritten(deal, "50.00")

    def test_a_rate_that_is_gone_takes_nothing_back(self):
        """Looking for the people anew leaves all as it is until the rate is there."""
        prices = self.foreign(2)
        deal, _order = self.just_won("confirmed", pricelist_id=prices.id)
        self.accrue(0)
        self.assertWritten(deal, "50.00")
        prices.currency_id.rate_ids.unlink()
        with freeze_time(NOW):
            deal._refreeze("Anew")
        self.assertWritten(deal, "50.00")

    def test_what_happened_in_the_next_month_is_of_that_month(self):
        """Invoiced days after it was won, while the scheduled actions stood still."""
        deal, order = self.just_won("invoiced")
        with freeze_time(NOW + timedelta(days=20)):
            order._create_invoices().action_post()
        self.accrue(20)
        self.assertWritten(deal, "100.00")
        self.assertEqual(self.lines(deal).period_id, self.period("2026-02-01"))

    def test_changed_after_midnight_it_is_of_the_day_it_was_won(self):
        """Where winning pays, the month in which it was won stays the month."""
        deal, order = self.just_won("won")
        with freeze_time(NOW + timedelta(days=20)):
            order.order_line.product_uom_qty = 20
        self.accrue(20)
        self.assertWritten(deal, "200.00")
        self.assertEqual(self.lines(deal).date, deal.won_on)
        self.assertEqual(self.lines(deal).period_id, self.period("2026-01-01"))

    def test_an_invoice_touches_deals_that_it_pays_nothing_of_yet(self):
        """Whoever wins one of them again in this moment has to look again."""
        deal, order = self.just_won("invoiced")
        self.accrue(0)
        self.leave(deal.lead_id)
        with freeze_time(NOW):
            invoice = order._create_invoices()
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT ctid FROM radio_commission_deal WHERE id = %s", [deal.id]
            )
            before = self.env.cr.fetchone()
            invoice.action_post()
            self.env.flush_all()
        self.env.cr.execute(
            "SELECT ctid FROM radio_commission_deal WHERE id = %s", [deal.id]
        )
        self.assertNotEqual(self.env.cr.fetchone(), before)
        self.assertFalse(deal.due_reason, "it is not won")
        self.assertFalse(deal.next_due_on)
        self.win(deal.lead_id)
        self.assertWritten(deal, "100.00")

    def test_ordered_before_it_is_of_the_day_it_was_won(self):
        deal, _order = self.just_won("confirmed")
        self.accrue(20)
        self.assertWritten(deal, "100.00")
        self.assertEqual(self.lines(deal).period_id, self.period("2026-01-01"))

    def test_cancelled_and_merged_within_the_minute(self):
        """No way of writing it forgets what happened to its orders."""
        deal, order = self.just_won("won")
        with freeze_time(NOW):
            order._action_cancel()
            order.unlink()
            (deal.lead_id | self.deal_lead()).merge_opportunity()
        self.accrue(0)
        self.assertFalse(deal.due_reason)
        self.assertWritten(deal)

    def test_deleting_an_order_of_what_is_won_and_paid(self):
        """The ledger is about it, though nothing is written yet."""
        deal, order = self.just_won("won")
        other = self.order(deal.lead_id)
        with freeze_time(NOW):
            other.action_confirm()
            order._action_cancel()
            with self.assertRaisesRegex(UserError, "so it stays"):
                order.unlink()

    def test_the_bridge_is_removed_within_the_minute(self):
        """What was not invoiced yet is not paid by the opportunity instead."""
        deal, _order = self.just_won("invoiced")
        with (
            patch("odoo.addons.radio_sales_team_sale.hooks.remove_leftovers"),
            freeze_time(NOW),
        ):
            uninstall_hook(self.env)
        self.accrue(1)
        self.assertFalse(deal.pending)
        self.assertFalse(self.amounts(deal))

    def test_invoices_find_what_is_being_written(self):
        """The deal knows by what it pays from the first moment on, so that an invoice
        that is posted while it is written is not missed."""
        deal, order = self.just_won("invoiced")
        self.assertEqual(deal.event, "invoiced")
        with freeze_time(NOW):
            order._create_invoices().action_post()
        self.assertTrue(deal.due_reason)
