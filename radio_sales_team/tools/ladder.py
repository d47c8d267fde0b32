"""A volume discount: which level a volume has reached, and what the next one is worth.

A ladder is a list of levels, sorted by their lower bound. A level holds from its lower
bound on (``>=``), so there is neither a gap nor an overlap between two.

Whole volume: the discount of the level holds for everything that was booked. Marginal:
each part of the volume has the discount of the level in which it lies.
"""

from collections import namedtuple
from decimal import ROUND_HALF_UP, Decimal

# lower: volume from which on it holds; discount: percent.
Level = namedtuple("Level", "lower discount")

# gap: volume that is missing to the next level.
# saving: what reaching it exactly saves, in the volume's unit; 0 with marginal ladders.
# free: volume that costs nothing more, as the next level pays for it; 0 where none is.
Chance = namedtuple("Chance", "level next_level gap saving free")

NO_LEVEL = Level(0, 0)


def find_chance(levels, volume, is_whole=True, digits=2):
    """Where a volume stands on a ladder.

    :param levels: list of :class:`Level`, sorted.
    :param is_whole: whole volume, else marginal.
    :param digits: decimal places of the volume.
    :return: :class:`Chance`; ``level`` and ``next_level`` are None where there is none.

    The next level of 4 percent is 501 away:

    >>> ladder = [Level(5001, 2), Level(20001, 4)]
    >>> chance = find_chance(ladder, 19500)
    >>> chance.level.discount, chance.next_level.discount, chance.gap, chance.saving
    (2, 4, 501, 400.02)

    40,000 at 15 percent and 42,500 at 20 percent both cost 34,000, so that 2,500 of
    airtime cost nothing:

    >>> ladder = [Level(21250, 15), Level(42500, 20)]
    >>> find_chance(ladder, 40000).free
    2500
    >>> find_chance(ladder, 39999.99).free
    0

    >>> find_chance(ladder, 42500)[1:]
    (None, 0, 0, 0)
    >>> find_chance(ladder, 21249.99).level
    >>> find_chance(ladder, 40000, is_whole=False)[2:]
    (2500, 0, 0)
    """
    volume = round(volume, digits)
    level = next_level = None
    for candidate in levels:
        if candidate.lower > volume:
            next_level = candidate
            break
        level = candidate
    if not next_level:
        return Chance(level, None, 0, 0, 0)
    gap = round(next_level.lower - volume, digits)
    if not is_whole:
        return Chance(level, next_level, gap, 0, 0)
    now = (level or NO_LEVEL).discount
    saving = round(next_level.lower * (next_level.discount - now) / 100, digits)
    # costs no more than today, where T (1 - d2) <= V (1 - d1)
    more = next_level.lower * (100 - next_level.discount) - volume * (100 - now)
    is_free = volume > 0 and round(more, digits) <= 0
    return Chance(level, next_level, gap, saving, gap if is_free else 0)


def get_price(levels, volume, is_whole=True):
    """What a volume costs after the discount.

    >>> ladder = [Level(21250, 15), Level(42500, 20)]
    >>> get_price(ladder, 40000), get_price(ladder, 42500)
    (34000.0, 34000.0)
    >>> get_price([Level(100, 10)], 150, is_whole=False)
    145.0
    """
    if is_whole:
        reached = [level.discount for level in levels if level.lower <= volume]
        return volume * (100 - (reached[-1] if reached else 0)) / 100
    price, start, discount = 0, 0, 0
    for level in [*levels, Level(volume, 0)]:
        end = min(level.lower, volume)
        price += max(end - start, 0) * (100 - discount) / 100
        start, discount = max(end, start), level.discount
    return price


def get_discount(levels, volume, is_whole=True):
    """What a volume's discount is in percent of all of it, as a ``Decimal`` with two
    decimal places.

    >>> ladder = [Level(5001, 2), Level(20001, 4)]
    >>> get_discount(ladder, 20001), get_discount(ladder, 5000)
    (Decimal('4.00'), Decimal('0.00'))
    >>> get_discount([Level(100, 10)], 200, is_whole=False)
    Decimal('5.00')
    >>> get_discount([], 0)
    Decimal('0.00')
    """
    volume = Decimal(str(volume))
    percent = Decimal(0)
    reached = [level for level in levels if level.lower <= volume]
    if is_whole and reached:
        percent = Decimal(str(reached[-1].discount))
    elif reached:
        bounds = [*(Decimal(str(level.lower)) for level in reached[1:]), volume]
        saved = sum(
            (upper - Decimal(str(level.lower))) * Decimal(str(level.discount))
            for level, upper in zip(reached, bounds, strict=True)
        )
        percent = saved / volume
    return percent.quantize(Decimal("0.01"), ROUND_HALF_UP)
