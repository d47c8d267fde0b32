"""A time of day as people type it."""

import re
from datetime import datetime, time

from pytz import timezone, utc

from odoo.tools import SQL


def parse_time(text):
    """Hours and minutes of what was typed.

    :param text: ``9``, ``9:30``, ``9.30``, ``930``, ``14h``, ``2 pm``.
    :return: ``datetime.time``.
    :raises ValueError: where it is no time of day.

    >>> [parse_time(text).strftime("%H:%M") for text in ("9", "9:30", "1530", "14 h")]
    ['09:00', '09:30', '15:30', '14:00']
    >>> [parse_time(text).hour for text in ("2 pm", "2:30 PM", "12 am", "12pm")]
    [14, 14, 0, 12]
    >>> parse_time("25:00")
    Traceback (most recent call last):
    ...
    ValueError: hour must be in 0..23
    """
    pattern = r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm|h|uhr)?"
    match = re.fullmatch(pattern, text.strip().lower())
    if not match:
        raise ValueError(text)
    hour, minute, suffix = match.groups()
    hour = int(hour)
    if suffix in ("am", "pm") and hour <= 12:
        hour = hour % 12 + 12 * (suffix == "pm")
    return time(hour, int(minute or 0))


def to_utc(day, at, zone):
    """A time of day somewhere as a naive UTC datetime; one that the clock skips in
    spring is the moment after it.

    :param day: date.
    :param at: time without a zone.
    :param zone: name of a time zone, UTC where it is empty.

    >>> from datetime import date
    >>> to_utc(date(2026, 1, 14), time(9, 30), "Europe/Berlin")
    datetime.datetime(2026, 1, 14, 8, 30)
    >>> to_utc(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
    datetime.datetime(2026, 3, 29, 1, 30)
    >>> to_utc(date(2026, 1, 14), time(9, 30), False)
    datetime.datetime(2026, 1, 14, 9, 30)
    """
    local = timezone(zone or "UTC").localize(datetime.combine(day, at))
    return local.astimezone(utc).replace(tzinfo=None)


def to_local_day(moment, zone):
    """The date of a moment somewhere.

    :param moment: naive UTC datetime.
    :param zone: name of a time zone, UTC where it is empty.

    >>> to_local_day(datetime(2026, 1, 31, 23, 30), "Europe/Berlin")
    datetime.date(2026, 2, 1)
    """
    return utc.localize(moment).astimezone(timezone(zone or "UTC")).date()


def sql_to_local(moment, zone):
    """Return SQL for a moment as the clock shows it somewhere, without a time zone.

    :param moment: SQL of a naive UTC timestamp.
    :param zone: SQL of the name of a time zone, UTC where it is null.
    """
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(%s, 'UTC'))", moment, zone)
