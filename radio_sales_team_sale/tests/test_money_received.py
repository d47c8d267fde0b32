"""Money that was received for invoices: random payments in two currencies, beside a
second reckoning that only knows what the customer and the accountant did."""

from datetime import timedelta
from fractions import Fraction

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.radio_sales_team.tests.common import DATABASE_EXAMPLES, NOW

from .order_commission_common import OrderCommissionCase
from .test_order_commission_oracle import cents

# How many units of the other currency the company's is worth, from a day on.
RATES = {0: Fraction(2), 3: Fraction(5, 2), 6: Fraction(8, 5)}

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["pay", "pay", "pay_in_other", "pay_short", "write_off", "credit"]
            + ["refund", "release"]
        ),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=8,
)


class Paper:
    """An invoice or a credit note, in its own currency."""

    def __init__(self, total):
        self.total = self.open = Fraction(total)
        self.received = Fraction(0)

    def settle(self, amount, received=True):
        self.open -= amount
        if received:
            self.received += amount


@tagged("post_install", "-at_install")
class TestMoneyReceived(OrderCommissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env.company.currency_id
        cls.other = cls.env["res.currency"].create({"name": "XRA", "symbol": "X"})
        for day, rate in RATES.items():
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": cls.other.id,
                    "name": NOW.date() + timedelta(days=day),
                    "rate": float(rate),
                }
            )

    @settings(DATABASE_EXAMPLES, max_examples=40)
    @given(is_foreign=st.booleans(), total=st.integers(5_000, 999_999), steps=STEPS)
    def test_paid_is_what_was_received(self, is_foreign, total, steps):
        """What counts as paid is what came as money or was set off, in the invoice's
        own currency; what the accountant wrote off is not."""
        self.currency = self.other if is_foreign else self.home
        self.papers, self.records = [], []
        self.day = 0
        self.new_paper("out_invoice", Fraction(total, 100))
        for self.day, (what, number) in enumerate(steps, start=1):
            with freeze_time(NOW + timedelta(days=self.day)):
                getattr(self, f"do_{what}")(number)
                self.check(what)

    def check(self, what):
        for paper, record in zip(self.papers, self.records, strict=True):
            self.assertAlmostEqual(
                record.amount_residual, float(paper.open), 2, f"open after {what}"
            )
            # a cent for each conversion
            self.assertAlmostEqual(
                record._get_paid_fraction(),
                paper.received / paper.total,
                delta=Fraction(self.day, 100) / paper.total,
                msg=f"received after {what}",
            )

    def new_paper(self, move_type, total):
        record = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "currency_id": self.currency.id,
                "invoice_date": NOW.date() + timedelta(days=self.day),
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.spot.id,
                            "price_unit": float(total),
                            "tax_ids": [],
                        },
                    )
                ],
            }
        )
        record.action_post()
        self.papers.append(Paper(total))
        self.records.append(record)

    def rate(self):
        return RATES[max(day for day in RATES if day <= self.day)]

    def register(self, number, amount, **vals):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.records[number].ids
        ).create({"amount": float(amount), **vals}).action_create_payments()

    def do_pay(self, number, paper_number=0):
        paper = self.papers[paper_number]
        if amount := cents(paper.open * (number + 1) / 10):
            self.register(paper_number, amount)
            paper.settle(amount)

    def do_pay_in_other(self, number):
        """The customer sends the other currency, worth what it is on that day."""
        paper = self.papers[0]
        is_home = self.currency == self.home
        other = self.other if is_home else self.home
        rate = self.rate() if is_home else 1 / self.rate()
        amount = cents(paper.open * Fraction(number + 1, 12) * rate)
        if amount:
            self.register(0, amount, currency_id=other.id)
            left = cents(Fraction(str(self.records[0].amount_residual)))
            rounding = cents(1 / rate / 50)
            self.assertAlmostEqual(left, paper.open - amount / rate, delta=rounding)
            paper.settle(paper.open - left)

    def do_pay_short(self, number):
        paper = self.papers[0]
        if paper.open:
            amount = cents(paper.open * (number + 1) / 20)
            self.register(
                0,
                amount,
                payment_difference_handling="reconcile",
                writeoff_account_id=self.loss.id,
            )
            paper.settle(amount)
            paper.settle(paper.open, received=False)

    def do_write_off(self, number):
        paper = self.papers[0]
        if self.currency == self.home and paper.open:
            amount = cents(paper.open * (number + 1) / 10)
            self.write_off(self.records[0], amount)
            paper.settle(amount, received=False)

    def do_credit(self, number):
        """A credit note for a part, set off against what is open."""
        paper = self.papers[0]
        if len(self.papers) == 1:
            self.new_paper("out_refund", cents(paper.total * (number + 1) / 10))
            note = self.papers[1]
            lines = (self.records[0] | self.records[1]).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            lines.filtered(lambda line: not line.reconciled).reconcile()
            amount = min(paper.open, note.open)
            paper.settle(amount)
            note.settle(amount)

    def do_refund(self, number):
        """What the credit note leaves is paid back to the customer."""
        if len(self.papers) == 2:
            self.do_pay(number, paper_number=1)

    def do_release(self, number):
        """The bank takes back all direct debits."""
        self.records[0].line_ids.remove_move_reconcile()
        paper = self.papers[0]
        if len(self.papers) == 2:
            note = self.papers[1]
            set_off = note.open
            note.open = cents(Fraction(str(self.records[1].amount_residual)))
            note.received -= note.open - set_off
        paper.open, paper.received = paper.total, Fraction(0)
