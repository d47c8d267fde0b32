"""Random histories of orders, invoices, credit notes and payments, beside a second
reckoning that knows nothing of Odoo."""

from datetime import timedelta
from fractions import Fraction

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from odoo.addons.radio_sales_team.tests.common import DATABASE_EXAMPLES, NOW

from .order_commission_common import OrderCommissionCase

PRODUCTION = Fraction(300)


def cents(amount):
    """Half up, away from zero."""
    size = (abs(amount) * 100 + Fraction(1, 2)).__floor__()
    return Fraction(size if amount >= 0 else -size, 100)


class Paper:
    """An invoice or a credit note: what it has of airtime, in all, and what is open."""

    def __init__(self, order, airtime, total, sign, spots):
        self.order, self.sign, self.spots = order, sign, spots
        self.airtime, self.total, self.open = airtime, total, total
        self.credit = None
        self.lost = Fraction(0)  # written off: it never came

    @property
    def paid_part(self):
        return (self.total - self.open - self.lost) / self.total


class Order:
    """A customer's order of airtime, with a production that pays nobody."""

    def __init__(self, price, spots, kept):
        self.price, self.spots, self.kept = price, spots, kept
        self.state = "draft"
        self.invoiced = 0
        self.has_production = True  # not invoiced yet


class Oracle:
    """What happened, and what is earned by it."""

    def __init__(self, orders):
        self.orders, self.papers = orders, []

    def invoice(self, order):
        spots = order.spots - order.invoiced
        airtime = spots * order.price
        total = airtime + (PRODUCTION if order.has_production else 0)
        order.invoiced, order.has_production = order.spots, False
        self.papers.append(Paper(order, airtime, total, 1, spots))

    def credit(self, paper):
        note = Paper(paper.order, paper.airtime, paper.total, -1, paper.spots)
        set_off = min(paper.open, note.total)
        paper.open -= set_off
        note.open -= set_off
        paper.credit = note
        paper.order.invoiced -= paper.spots
        if paper.total != paper.airtime:
            paper.order.has_production = True
        self.papers.append(note)

    def release(self, paper):
        """All payments of it, and what was set off, are taken back."""
        if paper.credit:
            paper.credit.open = paper.credit.total
        paper.open, paper.lost = paper.total, Fraction(0)

    def earned(self, event):
        if event == "confirmed":
            return sum(
                cents(order.spots * order.price * order.kept)
                for order in self.orders
                if order.state == "sale"
            )
        return cents(
            sum(
                paper.sign
                * paper.airtime
                * paper.order.kept
                * (paper.paid_part if event == "paid" else 1)
                for paper in self.papers
            )
        )


ORDERS = st.lists(
    st.tuples(
        st.integers(100, 9999),  # price of a spot in cents
        st.integers(1, 9),
        st.sampled_from(["15", "12.5", "33.33", "0"]),
    ),
    min_size=1,
    max_size=2,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["pay", "pay", "pay_short", "write_off", "release", "credit", "invoice"]
            + ["change", "cancel", "confirm", "settle", "leave"]
        ),
        st.integers(0, 9),
    ),
    min_size=2,
    max_size=12,
)
# without these nothing can happen to invoices
BEGIN = [("confirm", 0), ("confirm", 1), ("invoice", 0)]


@tagged("post_install", "-at_install")
class TestOrderOracle(OrderCommissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.teams = {}
        for event in ("confirmed", "invoiced", "paid"):
            team = cls.env["crm.team"].create({"name": event})
            cls.make_plan(
                event=event, name=event, team_ids=[Command.link(team.id)]
            ).action_approve()
            cls.teams[event] = team

    @settings(DATABASE_EXAMPLES, max_examples=30)
    @given(
        event=st.sampled_from(["paid", "invoiced", "confirmed"]),
        orders=ORDERS,
        steps=STEPS,
    )
    def test_the_ledger_says_what_happened(self, event, orders, steps):
        lead = self.deal_lead(team_id=self.teams[event].id)
        self.noticed(lead, self.other_seller)
        deal = self.win(lead)
        self.oracle = Oracle(
            [
                Order(Fraction(price, 100), spots, 1 - Fraction(agency) / 100)
                for price, spots, agency in orders
            ]
        )
        self.records = {
            one: self.order(
                lead,
                (self.spot, spots, price / 100),
                (self.production, 1, 300),
                agency_commission=float(agency),
                team_id=lead.team_id.id,
            )
            for one, (price, spots, agency) in zip(
                self.oracle.orders, orders, strict=True
            )
        }
        for day, (what, number) in enumerate(BEGIN + steps, start=1):
            with freeze_time(NOW + timedelta(days=day)):
                if what == "leave":
                    lead.stage_id = self.new_stage
                    self.env.flush_all()
                    lead.action_set_won()
                elif what != "settle":
                    getattr(self, f"do_{what}")(number)
            if what == "settle" or number % 2:
                self.accrue(day)
        self.accrue(len(BEGIN + steps) + 1)
        earned = self.oracle.earned(event)
        for user, percent in ((self.seller, 10), (self.other_seller, 2)):
            written = sum((Fraction(one) for one in self.amounts(deal, user)), 0)
            self.assertEqual(written, cents(earned * percent / 100), user.name)
        audit = self.env["radio.commission.audit"].sudo()._run(self.env.company)
        self.assertFalse(audit.finding_ids.mapped("name"))

    def some_order(self, number, state):
        orders = self.oracle.orders
        order = orders[number % len(orders)]
        return order if order.state in state else None

    def some_paper(self, number):
        papers = [paper for paper in self.oracle.papers if paper.sign > 0]
        return papers[number % len(papers)] if papers else None

    def do_confirm(self, number):
        if order := self.some_order(number, ("draft", "cancel")):
            if order.state == "cancel":
                self.records[order].action_draft()
            self.records[order].action_confirm()
            order.state = "sale"

    def do_cancel(self, number):
        if order := self.some_order(number, ("sale",)):
            self.records[order]._action_cancel()
            order.state = "cancel"

    def do_change(self, number):
        order = self.some_order(number, ("sale",))
        if order and number >= max(order.invoiced, 1):
            line = self.records[order].order_line[0]
            line.write({"product_uom_qty": number, "price_unit": float(order.price)})
            order.spots = number

    def do_invoice(self, number):
        order = self.some_order(number, ("sale",))
        if order and (order.spots > order.invoiced or order.has_production):
            invoice = self.records[order]._create_invoices()
            invoice.action_post()
            self.oracle.invoice(order)
            self.records[self.oracle.papers[-1]] = invoice

    def do_credit(self, number):
        paper = self.some_paper(number)
        if paper and not paper.credit:
            note = self.records[paper]._reverse_moves()
            note.action_post()
            self.oracle.credit(paper)
            self.records[self.oracle.papers[-1]] = note

    def do_pay(self, number):
        paper = self.some_paper(number)
        if paper and paper.open:
            amount = cents(paper.open * (number + 1) / 10)
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=self.records[paper].ids
            ).create({"amount": float(amount)}).action_create_payments()
            paper.open -= amount

    def do_pay_short(self, number):
        """A part comes, and the accountant writes off the rest at once."""
        paper = self.some_paper(number)
        if paper and paper.open:
            amount = cents(paper.open * (number + 1) / 20)
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=self.records[paper].ids
            ).create(
                {
                    "amount": float(amount),
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.loss.id,
                }
            ).action_create_payments()
            paper.lost += paper.open - amount
            paper.open = Fraction(0)

    def do_write_off(self, number):
        """A part will never come, says an entry without a payment."""
        paper = self.some_paper(number)
        if paper and paper.open:
            amount = cents(paper.open * (number + 1) / 10)
            self.write_off(self.records[paper], amount)
            paper.open -= amount
            paper.lost += amount

    def do_release(self, number):
        if paper := self.some_paper(number):
            self.records[paper].line_ids.remove_move_reconcile()
            self.oracle.release(paper)
