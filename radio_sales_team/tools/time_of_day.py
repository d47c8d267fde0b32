"""A time of day as people type it."""

import re
from datetime import time


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
