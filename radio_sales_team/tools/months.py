"""The months in which a campaign is on air."""

from dateutil.relativedelta import relativedelta

# However far somebody slips with the year of a campaign's end.
MAX_MONTHS = 36


def get_months(start, end):
    """The first days of the months from one day to another, both included.

    :param start: date.
    :param end: date, or False where the campaign is within one month.

    >>> from datetime import date
    >>> [str(day) for day in get_months(date(2026, 11, 20), date(2027, 1, 2))]
    ['2026-11-01', '2026-12-01', '2027-01-01']
    >>> [str(day) for day in get_months(date(2026, 11, 20), False)]
    ['2026-11-01']
    """
    month, months = start.replace(day=1), []
    while month <= max(end or start, start) and len(months) < MAX_MONTHS:
        months.append(month)
        month += relativedelta(months=1)
    return months
