"""A slow and simple clock, to check the fast arithmetic of working time against.

It is no test itself. It looks at one minute after the other and asks of each what a
person would ask with a calendar sheet in hand: which day and time is it there, is that
within the hours on the sheet, is it a break, is it a holiday? It knows nothing of
Odoo, of intervals or of pytz. Times of day are plain text and compared as text, so
"24:00" is simply the end of the day:

>>> office = SlowClock("Europe/Berlin", [line(0, "08:00", "12:00")])
>>> office.is_working(datetime(2026, 1, 5, 7))  # Monday 08:00 in Berlin
True
>>> office.is_working(datetime(2026, 1, 5, 11))  # 12:00
False
>>> office.deadline(datetime(2026, 1, 5, 10), 61)  # 11:00, a minute too late
datetime.datetime(2026, 1, 12, 7, 1)
"""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
LOOK_AHEAD = 100  # days in which a deadline is looked for
# Core counts weeks from Monday, 1 January of year 1, so that the two kinds of week
# always take turns, also from an ISO week 53 to a week 1. Counted on from there,
# 5 January 2026 is the Monday of a "first" week (week_type 0).
A_FIRST_WEEK = date(2026, 1, 5)


def line(day, start, stop, week=None, lunch=False):
    """One line of the sheet: weekday (0 is Monday), from, to, kind of week, break?"""
    return {"day": day, "from": start, "to": stop, "week": week, "lunch": lunch}


def lines(days, *spans, week=None):
    """The same spans on several weekdays."""
    return [line(day, *span, week=week) for day in days for span in spans]


def utc(text, zone):
    """Naive UTC of a local time like "2026-05-01 12:00"."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(timezone.utc).replace(tzinfo=None)


class SlowClock:
    """Working hours, minute by minute.

    :param zone: name of the time zone of the hours.
    :param sheet: list of :func:`line`.
    :param closed: list of pairs of local times, like
        ("2026-05-01 00:00", "2026-05-02 00:00").
    """

    def __init__(self, zone, sheet, closed=()):
        self.zone = zone
        self.sheet = sheet
        self.closed = list(closed)
        self._zone = ZoneInfo(zone)
        self._of_day = [[e for e in sheet if e["day"] == day] for day in range(7)]
        self._seen = {}

    def is_working(self, moment):
        """Whether the minute that begins at this naive UTC moment is worked."""
        local = moment.replace(tzinfo=timezone.utc).astimezone(self._zone)
        today = local.isoformat(" ", "minutes")[:16]  # without the offset
        for start, stop in self.closed:
            if start <= today < stop:
                return False
        time_of_day = today[-5:]
        kind_of_week = (local.date() - A_FIRST_WEEK).days // 7 % 2
        worked = False
        for entry in self._of_day[local.weekday()]:
            if entry["week"] not in (None, kind_of_week):
                continue
            if entry["from"] <= time_of_day < entry["to"]:
                if entry["lunch"]:
                    return False
                worked = True
        return worked

    def _is_working_from_memory(self, moment):
        """The same; what was once looked at is remembered, a day at a time."""
        day = moment.toordinal()
        if day not in self._seen:
            midnight = datetime.fromordinal(day)
            self._seen[day] = bytes(
                self.is_working(midnight + minute * MINUTE)
                for minute in range(DAY_MINUTES)
            )
        return self._seen[day][moment.hour * 60 + moment.minute]

    def deadline(self, start, minutes, days=LOOK_AHEAD):
        """When that many working minutes have passed; None if not within the days."""
        moment = start
        for _minute in range(days * DAY_MINUTES):
            if self._is_working_from_memory(moment):
                minutes -= 1
            moment += MINUTE
            if minutes == 0:
                return moment
        return None

    def minutes_between(self, start, stop):
        """How many minutes from start to stop are worked."""
        worked = 0
        moment = start
        while moment < stop:
            worked += self._is_working_from_memory(moment)
            moment += MINUTE
        return worked
