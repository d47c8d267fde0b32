"""Split an amount so that the parts add up to it exactly."""

from decimal import ROUND_DOWN, Decimal


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
    >>> split(1, [])
    Traceback (most recent call last):
    ...
    ValueError: nothing to split by
    """
    weights = [Decimal(str(weight)) for weight in weights]
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("nothing to split by")
    unit = Decimal(1).scaleb(-digits)
    amount = Decimal(str(amount)).quantize(unit)
    exact = [abs(amount) * weight / total for weight in weights]
    parts = [part.quantize(unit, ROUND_DOWN) for part in exact]
    missing = int((abs(amount) - sum(parts)) / unit)
    by_remainder = sorted(
        range(len(parts)), key=lambda number: (parts[number] - exact[number], number)
    )
    for number in by_remainder[:missing]:
        parts[number] += unit
    return [part.copy_sign(amount) for part in parts]
