"""Who gets how much of a deal: exact to the smallest coin, and always the same.

A plan turns a base (what a deal is worth to the station) into a commission, by a rate
or by levels of which each holds for its own part of the base. *Shares* divide that
commission among people, by percentages that are 100.00 together. *Overlays* come on
top: a percentage of the base for a role, divided by weights among those who have it;
all overlays together may be limited to a percentage of the base.

Amounts are rounded half up, away from zero, to the currency's smallest coin; what
rounding leaves over goes to the largest remainders (:func:`.split.split`).
"""

from collections import defaultdict, namedtuple
from decimal import ROUND_HALF_UP, Decimal

from .split import split

# percent: of the commission for a share, of the base for an overlay; role: anything
# that tells overlays apart; weight: part of the role's overlay.
Share = namedtuple("Share", "is_overlay role percent weight", defaults=(1,))


def round_amount(amount, digits=2):
    """Half up, away from zero.

    >>> round_amount(Decimal("0.125")), round_amount(Decimal("-0.125"))
    (Decimal('0.13'), Decimal('-0.13'))
    >>> round_amount("1234.5", 0), round_amount(2, 3)
    (Decimal('1235'), Decimal('2.000'))
    """
    unit = Decimal(1).scaleb(-digits)
    return Decimal(str(amount)).quantize(unit, ROUND_HALF_UP)


def get_commission(base, rate, levels=(), digits=2):
    """The commission on a base.

    :param base: number; a negative one, as after a refund, counts like a positive one
        with the other sign.
    :param rate: percent, up to the first level.
    :param levels: list of pairs (lower bound, percent), sorted: each percentage holds
        for the part of the base from its bound to the next one.
    :return: ``Decimal``.

    >>> get_commission(1000, 8)
    Decimal('80.00')
    >>> get_commission(150, 10, [(100, 20)])
    Decimal('20.00')
    >>> get_commission(-150, 10, [(100, 20)])
    Decimal('-20.00')
    """
    size = abs(Decimal(str(base)))
    bounds = [Decimal(0), *(Decimal(str(lower)) for lower, _rate in levels)]
    rates = [Decimal(str(rate)), *(Decimal(str(rate)) for _lower, rate in levels)]
    total = Decimal(0)
    for number, (lower, percent) in enumerate(zip(bounds, rates, strict=True)):
        upper = bounds[number + 1] if number + 1 < len(bounds) else size
        total += max(min(size, upper) - lower, 0) * percent / 100
    return round_amount(total.copy_sign(Decimal(str(base))), digits)


def get_amounts(base, commission, shares, cap=None, digits=2):
    """What each gets of a deal.

    :param base: number.
    :param commission: see :func:`get_commission`.
    :param shares: list of :class:`Share`.
    :param cap: percent of the base that all overlays together may come to, None for no
        limit.
    :return: list of ``Decimal``, one for each share.

    >>> people = [Share(False, "seller", 100), *[Share(True, "pot", 1)] * 3]
    >>> [str(part) for part in get_amounts(1000, 80, people)]
    ['80.00', '3.34', '3.33', '3.33']
    >>> [str(part) for part in get_amounts(1000, 80, people, cap="0.5")]
    ['80.00', '1.67', '1.67', '1.66']
    >>> [str(part) for part in get_amounts(-1000, -80, people)]
    ['-80.00', '-3.34', '-3.33', '-3.33']
    >>> get_amounts(1000, 80, [])
    []
    """
    base = Decimal(str(base))
    amounts = [Decimal(0)] * len(shares)
    divided = [place for place, share in enumerate(shares) if not share.is_overlay]
    if divided:
        parts = split(commission, [shares[place].percent for place in divided], digits)
        for place, part in zip(divided, parts, strict=True):
            amounts[place] = part
    roles = defaultdict(list)
    for place, share in enumerate(shares):
        if share.is_overlay:
            roles[share.role].append(place)
    totals = [
        round_amount(base * Decimal(str(shares[places[0]].percent)) / 100, digits)
        for places in roles.values()
    ]
    totals = _limit(totals, base, cap, digits)
    for places, total in zip(roles.values(), totals, strict=True):
        parts = split(total, [shares[place].weight for place in places], digits)
        for place, part in zip(places, parts, strict=True):
            amounts[place] = part
    return amounts


def _limit(totals, base, cap, digits):
    """Overlays that are more than allowed are made smaller in proportion."""
    if cap is None or not sum(totals):
        return totals
    limit = round_amount(base * Decimal(str(cap)) / 100, digits)
    if abs(sum(totals)) <= abs(limit):
        return totals
    return split(limit, [abs(total) for total in totals], digits)
