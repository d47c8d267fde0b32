"""The discount ladder against an independent oracle: a customer is told a number on the
phone, and it has to be right."""

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.radio_sales_team.tools.ladder import Level, find_chance, get_price
from odoo.addons.radio_sales_team.tools.split import split

# Real ladders, see the README of the demo data.
REAL = {
    "spots": [(30, 5), (61, 10), (91, 15), (121, 20)],
    "amount": [
        (5001, 2),
        (20001, 4),
        (50001, 6),
        (100001, 8),
        (200001, 10),
        (300001, 12),
        (400001, 14),
        (500001, 17),
    ],
    "placements": [(6, 5), (12, 10), (24, 15), (52, 20)],
    "welcome": [(21250, 15), (42500, 20)],
}


def make_levels(pairs):
    return [Level(*pair) for pair in pairs]


@st.composite
def ladders(draw):
    """Bounds in cents, discounts in hundredths of a percent, both strictly rising."""
    count = draw(st.integers(1, 6))
    bounds = draw(
        st.lists(
            st.integers(1, 10**8), min_size=count, max_size=count, unique=True
        ).map(sorted)
    )
    discounts = draw(
        st.lists(
            st.integers(1, 10000), min_size=count, max_size=count, unique=True
        ).map(sorted)
    )
    return list(zip(bounds, discounts, strict=True))


def slow_discount(pairs, cents):
    """The discount of a volume, looked up level by level, as people do."""
    discount = 0
    for bound, hundredths in pairs:
        if cents >= bound:
            discount = hundredths
    return discount


def slow_price(pairs, cents):
    """What a volume costs with the discount on everything, as a fraction of cents."""
    return Fraction(cents * (10000 - slow_discount(pairs, cents)), 10000)


@tagged("post_install", "-at_install")
class TestLadder(BaseCase):
    @given(ladders(), st.integers(0, 2 * 10**8))
    @settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=400)
    def test_against_the_oracle(self, pairs, cents):
        levels = [Level(bound / 100, part / 100) for bound, part in pairs]
        chance = find_chance(levels, cents / 100)
        reached = slow_discount(pairs, cents)
        self.assertEqual(chance.level.discount if chance.level else 0, reached / 100)
        higher = [pair for pair in pairs if pair[0] > cents]
        if not higher:
            self.assertIsNone(chance.next_level)
            return
        bound, part = higher[0]
        self.assertEqual(round(chance.gap * 100), bound - cents)
        saving = Fraction(bound * (part - reached), 10000)
        self.assertAlmostEqual(chance.saving * 100, float(saving), delta=0.51)
        # free airtime is airtime that really costs nothing
        free = cents > 0 and slow_price(pairs, bound) <= slow_price(pairs, cents)
        nearly = abs(slow_price(pairs, bound) - slow_price(pairs, cents)) < 1
        if not nearly:
            self.assertEqual(bool(chance.free), free)

    @given(ladders(), st.integers(0, 2 * 10**8))
    @settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=200)
    def test_marginal_price(self, pairs, cents):
        """Cent by level: a marginal ladder never makes more cost less."""
        levels = [Level(bound / 100, part / 100) for bound, part in pairs]
        price = get_price(levels, cents / 100, is_whole=False)
        expected = Fraction(0)
        for number, (start, part) in enumerate([(0, 0), *pairs]):
            end = pairs[number][0] if number < len(pairs) else cents
            inside = max(min(cents, end) - start, 0)
            expected += Fraction(inside * (10000 - part), 10000)
        self.assertAlmostEqual(price * 100, float(expected), delta=0.1)

    def test_real_ladders(self):
        amount = make_levels(REAL["amount"])
        self.assertEqual(find_chance(amount, 19500)[2:4], (501, 400.02))
        self.assertEqual(find_chance(amount, 20000.99).level.discount, 2)
        self.assertEqual(find_chance(amount, 20001).level.discount, 4)
        self.assertIsNone(find_chance(amount, 5000.99).level)
        spots = make_levels(REAL["spots"])
        self.assertEqual(find_chance(spots, 58, digits=0).gap, 3)
        welcome = make_levels(REAL["welcome"])
        self.assertEqual(find_chance(welcome, 40000).free, 2500)
        self.assertEqual(get_price(welcome, 40000), get_price(welcome, 42500))

    @given(
        st.integers(-(10**9), 10**9),
        st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any),
        st.sampled_from([0, 2, 3]),
    )
    @settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=300)
    def test_split_adds_up(self, units, weights, digits):
        """Nobody loses a cent, and nobody gets more than one too much."""
        amount = Fraction(units, 10**digits)
        parts = split(float(amount) if digits else units, weights, digits)
        self.assertEqual(
            sum(Fraction(part) for part in parts), Fraction(units, 10**digits)
        )
        for part, weight in zip(parts, weights, strict=True):
            exact = amount * weight / sum(weights)
            self.assertLess(abs(Fraction(part) - exact), Fraction(1, 10**digits))
            if not weight:
                self.assertEqual(part, 0)
