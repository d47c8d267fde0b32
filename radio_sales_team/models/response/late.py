"""The one definition of late: ``(stopped_at or now) > deadline``.

The badge, the filters, the scheduled action and the reports all come here for it.
"""

from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

# How far a computer's clock may be ahead of the server's before "now" is the future.
CLOCK_SKEW = timedelta(minutes=1)


def is_late(deadline, stopped_at, now):
    """Whether a promise was broken, or is being broken at ``now``.

    :param deadline: naive UTC datetime, or False where nothing was promised.
    :param stopped_at: when the promise was kept, or False while it is open.
    :param now: naive UTC datetime.

    >>> from datetime import datetime as dt
    >>> is_late(dt(2026, 1, 5, 9), False, dt(2026, 1, 5, 9))
    False
    >>> is_late(dt(2026, 1, 5, 9), False, dt(2026, 1, 5, 9, 0, 1))
    True
    >>> is_late(dt(2026, 1, 5, 9), dt(2026, 1, 5, 8), dt(2026, 1, 5, 10))
    False
    """
    return bool(deadline) and (stopped_at or now) > deadline


def late_sql(deadline, stopped_at, now):
    """The same as an SQL condition, on two columns."""
    return SQL("COALESCE(%s, %s) > %s", stopped_at, now, deadline)


def overdue_domain(deadline, now="now"):
    """The same for promises that are still open, as a domain on a deadline field."""
    return Domain(deadline, "<", now)
