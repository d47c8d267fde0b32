"""Seals: hashes over ledger entries that a later change breaks."""

import hashlib
import json
from decimal import Decimal

# Format of the hashed text; a seal begins with the version that it was made by.
VERSION = "v1"
# Decimal places of all numbers, whatever Python, the database driver and currency do.
SCALE = Decimal("0.000001")


def to_fixed_scale(number):
    """Return a number as text with six decimal places.

    :param number: ``int``, ``float`` or ``Decimal``; None and False count as 0.

    >>> to_fixed_scale(100.1), to_fixed_scale(Decimal("-0.10")), to_fixed_scale(0)
    ('100.100000', '-0.100000', '0.000000')
    >>> to_fixed_scale(Decimal("100.00")) == to_fixed_scale(100.0)
    True
    """
    return str(Decimal(str(number or 0)).quantize(SCALE))


def to_text(ids, numbers, texts):
    """Return one entry as unambiguous text (JSON).

    :param ids: integers, False for none.
    :param numbers: see :func:`to_fixed_scale`.
    :param texts: strings, False for none.

    >>> to_text([7, False], [10], ["a|b", False])
    '[[7, 0], ["10.000000"], ["a|b", ""]]'
    """
    return json.dumps(
        [
            [int(number) for number in ids],
            [to_fixed_scale(number) for number in numbers],
            [text or "" for text in texts],
        ]
    )


def get_seal(texts):
    """Return the seal of texts in their order: version and SHA-256.

    >>> get_seal(["a", "b"])[:11], get_seal(["a", "b"]) == get_seal(["b", "a"])
    ('v1:7e18f737', False)
    """
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return f"{VERSION}:{digest}"
