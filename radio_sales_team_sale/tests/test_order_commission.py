"""What is earned by orders: as confirmed, invoiced or paid, less what is taken back."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.radio_sales_team.tests.common import NOW

from .order_commission_common import OrderCommissionCase


@tagged("post_install", "-at_install")
class TestOrderEvents(OrderCommissionCase):
    def test_confirmed(self):
        """The order says what was sold, not what was expected."""
        self.pay_when("confirmed")
        lead = self.deal_lead(expected_revenue=5000.0)
        deal = self.win(lead)
        self.assertWritten(deal)
        order = self.order(lead)
        self.confirm(order, day=2)
        self.assertWritten(deal, "100.00")
        line = self.lines(deal)
        self.assertEqual(line.date, (NOW + timedelta(days=2)).date())
        self.assertEqual(line.reason, f"Order {order.name} was confirmed")
        self.assertEqual(deal.base_amount, 1000)

    def test_won_after_it_was_confirmed(self):
        deal, order = self.deal("confirmed")
        self.assertEqual(order.commission_deal_id, deal)
        self.assertWritten(deal, "100.00")

    def test_invoiced_bit_by_bit(self):
        """Each invoice pays its part, whatever it leaves open."""
        deal, order = self.deal("invoiced")
        self.assertWritten(deal)
        first = self.invoice(order, day=1, quantity=3)
        self.assertWritten(deal, "30.00")
        self.assertEqual(self.lines(deal).reason, f"{first.name} was posted")
        self.invoice(order, day=2)
        self.assertWritten(deal, "30.00", "70.00")

    def test_an_invoice_that_is_drawn_back(self):
        deal, order = self.deal("invoiced")
        invoice = self.invoice(order)
        with freeze_time(NOW):
            invoice.button_draft()
        self.accrue(0)
        self.assertWritten(deal, "100.00", "-100.00")
        with freeze_time(NOW):
            invoice.action_post()
        self.accrue(0)
        with freeze_time(NOW):
            invoice.button_cancel()
        self.accrue(0)
        self.assertWritten(deal, "100.00", "-100.00", "100.00", "-100.00")

    def test_invoiced_before_it_was_won(self):
        self.pay_when("invoiced")
        lead = self.deal_lead()
        order = self.order(lead)
        self.confirm(order)
        self.invoice(order)
        self.assertWritten(self.win(lead, day=1), "100.00")

    def test_paid_bit_by_bit_and_taken_back(self):
        """A payment that was assigned wrongly pays nobody for longer than that."""
        deal, order = self.deal("paid")
        invoice = self.invoice(order)
        self.assertWritten(deal)
        self.pay(invoice, 250.0, day=3)
        self.assertWritten(deal, "25.00")
        self.pay(invoice, 750.0, day=4)
        self.assertWritten(deal, "25.00", "75.00")
        with freeze_time(NOW + timedelta(days=5)):
            invoice.line_ids.remove_move_reconcile()
        self.accrue(5)
        self.assertWritten(deal, "25.00", "75.00", "-100.00")

    def test_paid_with_tax(self):
        """Tax is nobody's commission, and paid in the same proportion."""
        deal, order = self.deal("paid")
        tax = self.env["account.tax"].create({"name": "19 %", "amount": 19})
        order.order_line.tax_ids = tax
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_total, 1190)
        self.pay(invoice, 595.0)
        self.assertWritten(deal, "50.00")

    def test_what_never_came_pays_nobody(self):
        """400 of 1,000 come and 600 are written off, with the payment or without."""
        deal, order = self.deal("paid")
        invoice = self.invoice(order)
        with freeze_time(NOW):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create(
                {
                    "amount": 400,
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.loss.id,
                }
            ).action_create_payments()
        self.accrue(0)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertWritten(deal, "40.00")

    def test_written_off_by_an_entry(self):
        deal, order = self.deal("paid")
        invoice = self.invoice(order)
        self.pay(invoice, 400.0)
        with freeze_time(NOW):
            self.write_off(invoice, 600, day=0)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertWritten(deal, "40.00")

    def test_a_discount_for_paying_early_is_not_deducted(self):
        """The station grants it, not whoever sold the airtime."""
        deal, order = self.deal("paid")
        order.payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
            }
        )
        company = self.env.company
        company.account_journal_early_pay_discount_loss_account_id = self.loss
        invoice = self.invoice(order)
        self.pay(invoice, 980.0, day=1)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertWritten(deal, "100.00")

    def test_set_off_is_not_paid(self):
        """A credit note that closes its invoice brings no money."""
        deal, order = self.deal("paid")
        invoice = self.invoice(order)
        self.credit(invoice, cancel=True)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertWritten(deal)

    def test_credited_after_the_month_was_closed(self):
        """What was sealed stays; the open month takes it back."""
        deal, order = self.deal("invoiced")
        invoice = self.invoice(order)
        january = self.close()
        seal = january.seal
        self.assertEqual(january.total, 100)
        note = self.credit(invoice, day=400)
        self.assertWritten(deal, "100.00", "-100.00")
        line = self.lines(deal)[1]
        self.assertEqual(line.reason, f"{note.name} was posted")
        self.assertEqual(line.kind, "reversal")
        self.assertEqual((january.total, january.seal), (100, seal))
        self.assertNotEqual(line.period_id, january)
        self.assertEqual(line.period_id.state, "open")

    def test_a_credit_note_alone_takes_back(self):
        """A credit for what an older system had invoiced goes below zero."""
        deal, order = self.deal("invoiced")
        invoice = self.invoice(order)
        note = self.credit(invoice)
        with freeze_time(NOW):
            invoice.button_draft()
        self.accrue(0)
        self.assertEqual(note.state, "posted")
        self.assertWritten(deal, "100.00", "-100.00", "-100.00")

    def test_closing_a_month_settles_what_is_due_in_it(self):
        """Nobody waits a month because the scheduled action did not run."""
        deal, order = self.deal("invoiced")
        self.invoice(order, quantity=1)
        with freeze_time(NOW):
            order._create_invoices().action_post()
        self.assertEqual(deal.next_due_on, NOW.date())
        self.assertWritten(deal, "10.00")
        january = self.close()
        self.assertWritten(deal, "10.00", "90.00")
        self.assertEqual(january.total, 100)
        self.assertFalse(deal.next_due_on)

    def test_settling_again_writes_nothing(self):
        deal, order = self.deal("invoiced")
        self.invoice(order)
        for _again in range(3):
            with freeze_time(NOW + timedelta(days=9)):
                deal.sudo()._mark_due({deal: "Again"})
            self.accrue(9)
        self.assertWritten(deal, "100.00")
        self.assertFalse(deal.due_reason)

    def test_without_order_nothing_is_earned_yet(self):
        for number, event in enumerate(("confirmed", "invoiced", "paid")):
            with self.subTest(event):
                day = (NOW + timedelta(days=number)).date()
                plan = self.pay_when(event, date_from=day)
                deal = self.win(self.deal_lead(), day=number)
                self.assertEqual((deal.event, deal.base_amount), (event, 1000))
                self.assertWritten(deal)
                plan.write({"date_to": day, "state": "ended"})

    def test_not_won_any_more(self):
        deal, order = self.deal("invoiced")
        self.invoice(order)
        self.leave(deal.lead_id, day=1)
        self.assertWritten(deal, "100.00", "-100.00")
        self.win(deal.lead_id, day=2)
        self.assertWritten(deal, "100.00", "-100.00", "100.00")

    def test_new_plans_pay_when_it_is_invoiced(self):
        plan = self.env["radio.commission.plan"].create({"name": "New"})
        self.assertEqual(plan.event, "invoiced")


@tagged("post_install", "-at_install")
class TestOrderBase(OrderCommissionCase):
    def test_what_is_not_commissionable(self):
        deal, order = self.deal(
            "confirmed", (self.spot, 10, 100), (self.production, 1, 300)
        )
        self.assertWritten(deal, "100.00")
        self.production.is_commissionable = True
        self.change(order, {"agency_commission": 10})
        self.assertWritten(deal, "100.00", "-10.00")

    def test_what_is_not_commissionable_is_not_on_the_invoice_either(self):
        deal, order = self.deal(
            "invoiced", (self.spot, 10, 100), (self.production, 1, 300)
        )
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_untaxed, 1300)
        self.assertWritten(deal, "100.00")

    def test_discounts_are_off(self):
        """On a line, and on the whole order."""
        self.pay_when("invoiced")
        lead = self.deal_lead()
        order = self.order(lead)
        order.order_line.discount = 10
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "amount",
                "discount_amount": 200,
            }
        ).action_apply_discount()
        self.confirm(order)
        deal = self.win(lead)
        self.assertEqual(deal.base_amount, 700)
        self.invoice(order)
        self.assertWritten(deal, "70.00")

    def take_down_payment(self, order, percent):
        """Invoice a part in advance."""
        with freeze_time(NOW):
            wizard = self.env["sale.advance.payment.inv"].create(
                {
                    "advance_payment_method": "percentage",
                    "amount": percent,
                    "sale_order_ids": [Command.set(order.ids)],
                }
            )
            invoice = wizard._create_invoices(order)
            invoice.action_post()
        self.accrue(0)
        return invoice

    def test_a_down_payment_is_earned_once(self):
        """With its own invoice; the final one takes it off again."""
        deal, order = self.deal("invoiced")
        self.take_down_payment(order, 40)
        self.assertWritten(deal, "40.00")
        final = self.invoice(order)
        self.assertEqual(final.amount_untaxed, 600)
        self.assertWritten(deal, "40.00", "60.00")
        self.assertEqual(deal.base_amount, 1000)

    def test_a_down_payment_is_paid_when_it_is(self):
        """A final invoice of the rest pays nobody for what was due in advance."""
        deal, order = self.deal("paid")
        first = self.take_down_payment(order, 90)
        final = self.invoice(order)
        self.pay(final, final.amount_residual)
        self.assertWritten(deal, "10.00")
        self.pay(first, first.amount_residual / 2)
        self.assertWritten(deal, "10.00", "45.00")

    def test_a_down_payment_of_all(self):
        """The final invoice comes to nothing, and is no payment."""
        deal, order = self.deal("paid")
        first = self.take_down_payment(order, 100)
        self.invoice(order)
        self.assertWritten(deal)
        self.pay(first, first.amount_residual)
        self.assertWritten(deal, "100.00")

    def test_an_order_that_was_paid_for_stays(self):
        _deal, order = self.deal("confirmed")
        self.cancel(order)
        with self.assertRaisesRegex(UserError, "so it stays"):
            order.unlink()

    def test_what_the_agency_keeps(self):
        deal, order = self.deal("invoiced", partner_id=self.agency.id)
        self.assertEqual(order.agency_commission, 15)
        self.assertEqual(deal.base_amount, 850)
        self.agency.agency_commission = 20
        self.invoice(order)
        self.assertWritten(deal, "85.00")
        self.change(order, {"agency_commission": 10})
        self.assertWritten(deal, "85.00", "5.00")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "_agency_commission"),
        ):
            self.agency.agency_commission = 101
            self.env.flush_all()

    def test_a_foreign_currency_at_the_rate_of_its_day(self):
        deal, _order = self.deal("confirmed", pricelist_id=self.foreign(4).id)
        self.assertEqual(deal.base_amount, 250)
        self.assertWritten(deal, "25.00")

    def test_no_rate_for_the_day(self):
        """One to one would pay a fortune, or nothing."""
        prices = self.foreign()
        deal, order = self.deal("confirmed", pricelist_id=prices.id)
        self.assertIn("XRA", deal.problem)
        self.assertIn(order.name, deal.problem)
        self.assertWritten(deal)
        with freeze_time(NOW):
            deal.with_user(self.payer).action_try_again()
        self.assertIn("XRA", deal.problem)
        self.assertWritten(deal)
        self.rate(prices.currency_id, 2)
        with freeze_time(NOW):
            deal.with_user(self.payer).action_try_again()
        self.assertFalse(deal.problem)
        self.assertWritten(deal, "50.00")

    def test_no_rate_for_a_second_order(self):
        """What was paid for the first one stays meanwhile."""
        deal, _order = self.deal("confirmed")
        prices = self.foreign()
        other = self.order(deal.lead_id, pricelist_id=prices.id)
        self.confirm(other)
        self.assertIn("XRA", deal.problem)
        self.assertWritten(deal, "100.00")
        self.accrue(3)
        self.assertWritten(deal, "100.00")
        self.rate(prices.currency_id, 2)
        with freeze_time(NOW):
            deal.with_user(self.payer).action_try_again()
        self.assertWritten(deal, "100.00", "50.00")

    def test_no_rate_and_cancelled(self):
        """Once the order is gone nothing is missing any more."""
        deal, _order = self.deal("confirmed")
        other = self.order(deal.lead_id, pricelist_id=self.foreign().id)
        self.confirm(other)
        self.assertTrue(deal.problem)
        self.cancel(other)
        self.assertFalse(deal.problem)
        self.assertWritten(deal, "100.00")

    def test_the_base_cannot_be_changed_by_hand(self):
        deal, _order = self.deal("confirmed")
        change = self.env["radio.commission.change"].with_user(self.payer)
        vals = {
            "deal_id": deal.id,
            "base_amount": 500,
            "old_base": 1000,
            "reason": "I think so",
        }
        with self.assertRaisesRegex(UserError, "follows its orders"):
            change.create(vals).action_change()
        with freeze_time(NOW):
            change.create(
                {**vals, "base_amount": 1000, "is_people": True}
            ).action_change()
        self.assertWritten(deal, "100.00")
