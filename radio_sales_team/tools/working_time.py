"""Working-time arithmetic on the intervals of one calendar.

A calendar is expensive to ask and cheap to compute with. So it is asked once, for all
inquiries of a batch, and what it answers (sorted intervals of work) is kept here as
two lists and the working time that lies before each interval. Planning a deadline or
measuring a stretch of time is then one binary search.

All moments are naive UTC, as Odoo stores them: time zones, daylight saving time, lunch
breaks, holidays and two-week calendars are already in the intervals.

>>> from datetime import datetime as dt
>>> friday = (dt(2026, 3, 27, 8), dt(2026, 3, 27, 17))
>>> monday = (dt(2026, 3, 30, 7), dt(2026, 3, 30, 16))  # the clock went forward
>>> hours = WorkingTime([friday, monday])

An inquiry of Friday 16:30 that is to be answered within one working hour:

>>> hours.plan(dt(2026, 3, 27, 16, 30), 60)
datetime.datetime(2026, 3, 30, 7, 30)

The working minutes that it then waited until Monday 09:00:

>>> hours.minutes_between(dt(2026, 3, 27, 16, 30), dt(2026, 3, 30, 9))
150.0
"""

from bisect import bisect_left, bisect_right
from datetime import timedelta

ZERO = timedelta()
SECOND = timedelta(seconds=1)


class WorkingTime:
    """Sorted working intervals, and arithmetic on them.

    :param intervals: pairs of naive UTC datetimes, sorted by start. Pairs that touch or
        overlap are joined, so that midnight is no break; empty ones are dropped.
    """

    def __init__(self, intervals):
        self._starts, self._stops = _join(intervals)
        # working time before each interval, and after the last
        self._before = [ZERO]
        for start, stop in zip(self._starts, self._stops, strict=True):
            self._before.append(self._before[-1] + (stop - start))

    def __bool__(self):
        """Whether there is any working time at all.

        >>> bool(WorkingTime([]))
        False
        """
        return bool(self._starts)

    def plan(self, start, minutes):
        """When ``minutes`` of working time have passed since ``start``.

        :param start: naive UTC datetime; may lie outside of working time.
        :param minutes: working minutes, more than 0.
        :return: naive UTC datetime, or None where the intervals do not reach that far.
        :raises ValueError: where minutes is not more than 0.

        A deadline that falls on the end of a working day is that end, not the next
        morning:

        >>> from datetime import datetime as dt
        >>> hours = WorkingTime([(dt(2026, 1, 5, 8), dt(2026, 1, 5, 12))])
        >>> hours.plan(dt(2026, 1, 5, 11), 60)
        datetime.datetime(2026, 1, 5, 12, 0)
        >>> hours.plan(dt(2026, 1, 5, 11), 61) is None
        True
        """
        if minutes <= 0:
            raise ValueError("minutes must be more than 0")
        target = self._worked_until(start) + _ceil_second(timedelta(minutes=minutes))
        index = bisect_left(self._before, target) - 1
        if index >= len(self._starts):
            return None
        return self._starts[index] + (target - self._before[index])

    def minutes_between(self, start, stop):
        """Working minutes from ``start`` to ``stop`` (0 where stop is not after start).

        >>> from datetime import datetime as dt
        >>> day = WorkingTime([(dt(2026, 1, 5, 8), dt(2026, 1, 5, 12))])
        >>> day.minutes_between(dt(2026, 1, 5, 7), dt(2026, 1, 5, 8, 30))
        30.0
        >>> day.minutes_between(dt(2026, 1, 5, 9), dt(2026, 1, 5, 8))
        0.0
        """
        if stop <= start:
            return 0.0
        worked = self._worked_until(stop) - self._worked_until(start)
        return worked.total_seconds() / 60

    def next_moment(self, moment):
        """The first moment of work at or after ``moment``, None where there is none.

        >>> from datetime import datetime as dt
        >>> day = WorkingTime([(dt(2026, 1, 5, 8), dt(2026, 1, 5, 12))])
        >>> day.next_moment(dt(2026, 1, 5, 9))
        datetime.datetime(2026, 1, 5, 9, 0)
        >>> day.next_moment(dt(2026, 1, 5, 7))
        datetime.datetime(2026, 1, 5, 8, 0)
        >>> day.next_moment(dt(2026, 1, 5, 12)) is None
        True
        """
        index = bisect_right(self._stops, moment)
        if index >= len(self._starts):
            return None
        return max(self._starts[index], moment)

    def span(self, start, stop):
        """First and last moment of work between two moments, None without any.

        >>> from datetime import datetime as dt
        >>> day = WorkingTime([(dt(2026, 1, 5, 8), dt(2026, 1, 5, 12)),
        ...                    (dt(2026, 1, 5, 13), dt(2026, 1, 5, 17))])
        >>> first, last = day.span(dt(2026, 1, 5), dt(2026, 1, 6))
        >>> first.hour, last.hour
        (8, 17)
        >>> day.span(dt(2026, 1, 6), dt(2026, 1, 7)) is None
        True
        """
        first = self.next_moment(start)
        if first is None or first >= stop:
            return None
        index = bisect_left(self._starts, stop) - 1
        return first, min(self._stops[index], stop)

    def _worked_until(self, moment):
        """Working time from the first interval's start until ``moment``."""
        index = bisect_right(self._starts, moment) - 1
        if index < 0:
            return ZERO
        return self._before[index] + (
            min(moment, self._stops[index]) - self._starts[index]
        )


def _join(intervals):
    """Starts and stops of the intervals, touching and overlapping ones made one.

    Odoo's day ends at 23:59:59.999999; such an end counts as the full second:

    >>> from datetime import datetime as dt
    >>> _join([(dt(2026, 1, 5), dt(2026, 1, 5, 23, 59, 59, 999999)),
    ...        (dt(2026, 1, 6), dt(2026, 1, 6, 8))])
    ([datetime.datetime(2026, 1, 5, 0, 0)], [datetime.datetime(2026, 1, 6, 8, 0)])
    """
    starts, stops = [], []
    for start, stop in intervals:
        start, stop = _whole_second(start), _whole_second(stop)
        if stops and start <= stops[-1]:
            stops[-1] = max(stops[-1], stop)
        elif start < stop:
            starts.append(start)
            stops.append(stop)
    return starts, stops


def _ceil_second(duration):
    """The next whole second, so that a part of a target is never reached too early.

    >>> _ceil_second(timedelta(seconds=12.3))
    datetime.timedelta(seconds=13)
    """
    return -(-duration // SECOND) * SECOND


def _whole_second(moment):
    """The nearest whole second, as the database keeps no parts of it."""
    if moment.microsecond >= 500_000:
        moment += SECOND
    return moment.replace(microsecond=0)
