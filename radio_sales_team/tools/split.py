"""Split an amount so that the parts add up to it exactly."""

from decimal import Decimal


def split(amount, weights, digits=2):
    """Parts of an amount in proportion to weights, by the largest remainder; where
    remainders are equal, the first gets more.

    :param amount: number, also negative.
    :param weights: list of numbers that are not negative, at least one above 0.
    :param digits: decimal places of the currency.
    :return: list of ``Decimal``.
    :raises ValueError: where there is nothing to split by.

    >>> [str(part) for part in split(1000, [1] * 7)]
    ['142.86', '142.86', '142.86', '142.86', '142.86', '142.85', '142.85']
    >>> [str(part) for part in split(-100, [1, 1, 1])]
    ['-33.34', '-33.33', '-33.33']
    >>> [str(part) for part in split(100, [50, 30, 20], digits=0)]
    ['50', '30', '20']
    >>> [str(part) for part in split("18808.71", [126, 126, 3, 688])]  # three are equal
    ['2513.15', '2513.15', '59.83', '13722.58']
    >>> split(1, [])
    Traceback (most recent call last):
    ...
    ValueError: nothing to split by
    """
    weights = _to_integers(weights)
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("nothing to split by")
    unit = Decimal(1).scaleb(-digits)
    amount = Decimal(str(amount)).quantize(unit)
    # whole coins and exact remainders: where two are equal, decimals need not be
    coins = int(abs(amount) / unit)
    parts, remainders = zip(
        *(divmod(coins * weight, total) for weight in weights), strict=True
    )
    parts = list(parts)
    by_remainder = sorted(
        range(len(parts)), key=lambda number: (-remainders[number], number)
    )
    for number in by_remainder[: coins - sum(parts)]:
        parts[number] += 1
    return [(part * unit).copy_sign(amount) for part in parts]


def _to_integers(numbers):
    """Numbers in the same proportion, without decimal places.

    >>> _to_integers([1, "2.50", 0.125])
    [1000, 2500, 125]
    """
    numbers = [Decimal(str(number)) for number in numbers]
    places = max((-number.as_tuple().exponent for number in numbers), default=0)
    return [int(number.scaleb(max(places, 0))) for number in numbers]
