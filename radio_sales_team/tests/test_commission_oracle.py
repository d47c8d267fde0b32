"""Random histories of a deal, beside an oracle that reckons slowly and otherwise."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from freezegun import freeze_time
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.commission import Share, get_amounts, get_commission
from ..tools.split import split
from .commission_common import CommissionCase
from .common import NOW

CENT = Fraction(1, 100)


def cents(amount):
    """An amount in cents, half up, away from zero: by fractions, not decimals."""
    exact = Fraction(str(amount)) / CENT
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def slow_split(total, weights):
    """Cents for each weight: give out one at a time, to whoever is furthest below."""
    sign = -1 if total < 0 else 1
    exact = [Fraction(abs(total)) * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    while sum(parts) < abs(total):
        missing = [part - whole for part, whole in zip(exact, parts, strict=True)]
        parts[missing.index(max(missing))] += 1
    return [sign * part for part in parts]


AMOUNTS = st.decimals(-(10**7), 10**7, places=2)
WEIGHTS = st.lists(st.integers(0, 10**4), min_size=1, max_size=9).filter(any)


@tagged("post_install", "-at_install")
class TestSplitOracle(BaseCase):
    @settings(max_examples=1000, deadline=None)
    @given(AMOUNTS, WEIGHTS)
    @example(Decimal("18808.71"), [126, 126, 3, 688])  # three equal remainders
    def test_split(self, amount, weights):
        parts = split(amount, weights)
        self.assertEqual(sum(parts), amount)
        self.assertEqual(
            [cents(part) for part in parts], slow_split(cents(amount), weights)
        )

    @settings(max_examples=300, deadline=None)
    @given(
        AMOUNTS,
        st.integers(0, 100),
        st.dictionaries(st.integers(1, 10**7), st.integers(0, 100), max_size=4),
    )
    def test_commission(self, base, rate, levels):
        """Cent by cent would be too slow: level by level, by fractions."""
        levels = sorted(levels.items())
        size, total = abs(Fraction(str(base))), Fraction(0)
        for lower, percent in reversed([(0, rate), *levels]):
            if size > lower:
                total += (size - lower) * percent / 100
                size = Fraction(lower)
        total = -total if base < 0 else total
        self.assertEqual(cents(get_commission(base, rate, levels)), cents(total))

    @settings(max_examples=300, deadline=None)
    @given(
        AMOUNTS,
        st.lists(st.integers(1, 9999), max_size=3),
        st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 500)), max_size=6),
        st.none() | st.integers(0, 500),
    )
    def test_amounts(self, base, shares, overlays, cap):
        """Parts are the commission to the cent; what is on top keeps to its limit."""
        commission = get_commission(base, 8)
        percent = dict(overlays)
        people = [Share(False, "s", weight) for weight in shares] + [
            Share(True, role, percent[role] / 100) for role, _part in overlays
        ]
        limit = None if cap is None else cap / 100
        amounts = get_amounts(base, commission, people, limit)
        own, top = amounts[: len(shares)], amounts[len(shares) :]
        if shares:
            self.assertEqual(sum(own), commission)
        wanted = sum(
            cents(Fraction(str(base)) * part / 10000) for part in percent.values()
        )
        if cap is not None:
            most = cents(Fraction(str(base)) * cap / 10000)
            wanted = wanted if abs(wanted) <= abs(most) else most
        self.assertEqual(sum(cents(part) for part in top), wanted)


# winning and leaving more often than the rest, else most histories have no deal
KINDS = "win leave price sell notice change people close adjust again again".split()
STEPS = st.lists(st.sampled_from(KINDS), min_size=6, max_size=20)


@tagged("post_install", "-at_install")
class TestHistoryOracle(CommissionCase):
    """Whatever happens to a deal, in whatever order, and whether or not the scheduled
    action came in between: each person has what the facts of the moment say, no closed
    month changes, and every statement adds up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._new_user("bo", "radio_sales_team.group_commission_manager")

    @settings(
        max_examples=50,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS, st.lists(st.integers(1, 10**6), min_size=20, max_size=20))
    def test_history(self, steps, numbers):
        with self.env.cr.savepoint() as savepoint:
            History(self).play(steps, numbers)
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.cr.cache.clear()


class History:
    """Plays steps on a deal, and keeps on paper what is true beside it."""

    def __init__(self, case):
        self.case = case
        self.env = case.env
        self.day = 0
        self.lead = case.deal_lead()
        self.price = Fraction(1000)
        self.noticed = set()
        self.paper = None  # base, seller and who noticed, as when it was won
        self.left = None  # the same, of a deal that was left
        self.is_paid = False  # something was written for it
        self.adjusted = 0
        self.sealed = {}

    def play(self, steps, numbers):
        for step, number in zip(steps, numbers, strict=False):
            self.day += 9
            with freeze_time(NOW + timedelta(days=self.day)):
                getattr(self, f"do_{step}")(Fraction(number, 100))
                self.env.flush_all()
                self.env.invalidate_all()
            if number % 2:
                self.check()
        self.check()

    # what people do

    def do_win(self, _amount):
        """Won again is won as it was, once something was paid for it."""
        if self.paper:
            return
        self.lead.action_set_won()
        self.paper = self.left or {
            "base": self.price,
            "noticed": self.noticed - {self.lead.user_id},
            "seller": self.lead.user_id,
        }

    def do_leave(self, _amount):
        if self.paper:
            self.lead.stage_id = self.case.new_stage
            # what it pays is written before it is taken back
            self.get_parts()
            self.left = self.paper if self.is_paid else None
            self.paper = None

    def do_again(self, amount):
        """Won by somebody else after all."""
        self.do_leave(amount)
        self.do_sell(amount)
        self.do_win(amount)

    def do_price(self, amount):
        """After winning it changes nothing."""
        self.lead.expected_revenue = float(amount)
        self.price = amount

    def do_sell(self, _amount):
        """Another salesperson: after winning it changes nothing."""
        case = self.case
        is_first = self.lead.user_id == case.seller
        self.lead.user_id = case.other_seller if is_first else case.seller

    def do_notice(self, amount):
        people = [self.case.other_seller, self.case.back_office, self.case.payer]
        user = people[int(amount) % 3]
        if user not in self.noticed:
            self.case.noticed(self.lead, user)
            self.noticed.add(user)

    def change(self, base, **vals):
        self.env["radio.commission.change"].with_user(self.case.boss).create(
            {
                "deal_id": self.lead.commission_deal_ids.id,
                "base_amount": float(base),
                "old_base": self.lead.commission_deal_ids.base_amount,
                "reason": "Because",
                **vals,
            }
        ).action_change()

    def do_change(self, amount):
        """The commission manager changes the base."""
        if self.paper:
            self.change(amount)
            self.paper["base"] = amount

    def do_people(self, _amount):
        """The commission manager looks for the people anew."""
        if self.paper:
            self.change(self.paper["base"], is_people=True)
            # whoever has a part keeps it
            new = self.noticed - {self.lead.user_id, self.paper["seller"]}
            self.paper["noticed"] = self.paper["noticed"] | new

    def do_adjust(self, amount):
        self.env["radio.commission.adjust"].with_user(self.case.payer).create(
            {"user_id": self.case.seller.id, "amount": -float(amount), "reason": "So"}
        ).action_write()
        self.adjusted -= cents(amount)

    def do_close(self, _amount):
        """All months that are over."""
        today = (NOW + timedelta(days=self.day)).date()
        periods = self.env["radio.commission.period"].with_user(self.case.payer)
        for period in periods.search([("state", "=", "open")], order="date_from"):
            if period.date_to < today:
                period.action_prepare()
                period.action_close()

    # what has to be true

    def get_parts(self):
        """What the seller gets, and in which parts those who noticed it."""
        seller = cents(self.paper["base"] / 10)
        weights = [1] * len(self.paper["noticed"])
        parts = slow_split(cents(self.paper["base"] / 50), weights) if weights else []
        self.is_paid |= bool(seller or any(parts))
        return seller, parts

    def check(self):
        """After the scheduled action."""
        self.case.accrue(self.day)
        lines = self.env["radio.commission.line"].search([])
        sums = {
            user: sum(cents(line.amount) for line in own)
            for user, own in lines.grouped("user_id").items()
        }
        self.check_people(sums)
        self.check_months(lines)

    def check_people(self, sums):
        case = self.case
        expected = {case.seller: self.adjusted}
        if self.paper:
            seller = self.paper["seller"]
            amount, parts = self.get_parts()
            expected[seller] = expected.get(seller, 0) + amount
            noticed = sorted(self.paper["noticed"], key=lambda user: user.id)
            tops = [sums.get(user, 0) - expected.get(user, 0) for user in noticed]
            # who of them has the odd cent is by the order in which they came
            case.assertEqual(sorted(tops), sorted(parts))
            expected.update(
                {
                    user: expected.get(user, 0) + top
                    for user, top in zip(noticed, tops, strict=True)
                }
            )
        for user in sums.keys() | expected.keys():
            case.assertEqual(sums.get(user, 0), expected.get(user, 0), user.login)

    def check_months(self, lines):
        periods = self.env["radio.commission.period"].search(
            [("state", "=", "closed")], order="date_from"
        )
        carried = {}
        for period in periods:
            own = lines.filtered(lambda line, period=period: line.period_id == period)
            facts = sorted((line.id, line.amount, line.user_id.id) for line in own)
            self.case.assertEqual(facts, self.sealed.setdefault(period.id, facts))
            for statement in period.statement_ids:
                user = statement.user_id
                month = sum(cents(line.amount) for line in own if line.user_id == user)
                total = month + carried.get(user, 0)
                self.case.assertEqual(
                    (cents(statement.total), cents(statement.payout)),
                    (total, max(total, 0)),
                )
                carried[user] = min(total, 0)
        audit = self.env["radio.commission.audit"]._run(self.env.company)
        self.case.assertEqual(audit.finding_ids.mapped("name"), [])
