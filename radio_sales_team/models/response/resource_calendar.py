from datetime import datetime, time, timedelta

from pytz import utc

from odoo import api, fields, models
from odoo.tools import ormcache

from ...tools.time_of_day import to_local_day, to_utc
from ...tools.working_time import WorkingTime

# How far ahead a deadline is looked for, in days. Nearly all are in the first span;
# reading two years of intervals for each would cost more than the answer is worth.
HORIZONS = (14, 90, 740)

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "radio.cached.mixin"]

    def _get_working_time(self, start, stop):
        """The working intervals of this calendar, company-wide holidays taken out.

        :param start: naive UTC datetime.
        :param stop: naive UTC datetime.
        :return: :class:`WorkingTime` that reaches at least from start to stop; without
            any interval for flexible hours, which say how long people work, but not
            when.
        """
        self.ensure_one()
        # whole days, so that the inquiries of a day share one entry of the cache
        return self._read_working_time(
            self.id, start.date(), stop.date() + timedelta(days=1)
        )

    @api.model
    @ormcache("calendar_id", "first_day", "last_day")
    def _read_working_time(self, calendar_id, first_day, last_day):
        """See :meth:`_get_working_time`. Kept, because every incoming mail asks, and
        forgotten when hours or holidays change."""
        # sudo: resource.calendar - when the station works is no secret
        calendar = self.sudo().browse(calendar_id)
        if calendar.flexible_hours:
            return WorkingTime([])
        # Core reads holidays of every company; a station keeps those of its own, and
        # hours that are shared by all those of the main one.
        company = calendar.company_id or self.env["crm.lead"]._get_main_company()
        leaves = [
            ("time_type", "=", "leave"),
            ("company_id", "in", [False, company.id]),
        ]
        intervals = calendar._work_intervals_batch(
            utc.localize(datetime.combine(first_day, time.min)),
            utc.localize(datetime.combine(last_day, time.min)),
            domain=leaves,
        )[False]
        return WorkingTime(
            # whole minutes: a holiday that ends at 23:59:59 leaves no second of work
            (_ceil_minute(_to_naive_utc(begin)), _to_naive_utc(end))
            for begin, end, _records in intervals
        )

    def _plan_working_minutes(self, requests):
        """When the given working minutes have passed, for many requests at once.

        The calendar's intervals are read once (again only for requests that reach
        further than two weeks), the rest is arithmetic.

        :param requests: list of pairs (naive UTC start, working minutes).
        :return: list of naive UTC datetimes in the same order, None where two years of
            this calendar have not that many working minutes.
        """
        self.ensure_one()
        results = [None] * len(requests)
        open_indexes = list(range(len(requests)))
        for days in HORIZONS:
            if not open_indexes:
                break
            starts = [requests[index][0] for index in open_indexes]
            working_time = self._get_working_time(
                min(starts), max(starts) + timedelta(days=days)
            )
            for index in open_indexes:
                start, minutes = requests[index]
                moment = working_time.plan(start, minutes)
                # what a later start in the batch made known is too far for this one
                if moment and moment <= start + timedelta(days=days + 1):
                    results[index] = moment
            open_indexes = [index for index in open_indexes if results[index] is None]
        return results

    def _get_next_working_moment(self, moment):
        """The first moment at which this calendar works.

        :param moment: naive UTC datetime.
        :return: naive UTC datetime, ``moment`` itself within working hours, None where
            two years of this calendar have none.
        """
        self.ensure_one()
        for days in HORIZONS:
            working_time = self._get_working_time(moment, moment + timedelta(days=days))
            found = working_time.next_moment(moment)
            if found:
                return found
        return None

    def _get_working_day(self, day):
        """First and last moment of work of the first working day at or after ``day``.

        :param day: date, in the calendar's time zone.
        :return: pair of naive UTC datetimes, None where two years have no such day.
        """
        self.ensure_one()
        first = self._get_next_working_moment(self._get_midnight(day))
        if not first:
            return None
        day = self._get_local_day(first)
        stop = self._get_midnight(day + timedelta(days=1))
        return self._get_working_time(first, stop).span(first, stop)

    def _get_working_day_before(self, day, count):
        """The end of work ``count`` working days before a day.

        :param day: date, in the calendar's time zone; need not be a working day.
        :param count: how many working days before it, at least 1.
        :return: naive UTC datetime, None where a quarter of a year has not as many.
        """
        self.ensure_one()
        stop = self._get_midnight(day)
        start = stop - timedelta(days=90)
        working_time = self._get_working_time(start, stop)
        end_of_work = None
        for _number in range(count):
            span = working_time.span(start, stop)
            if not span:
                return None
            end_of_work = span[1]
            stop = self._get_midnight(self._get_local_day(end_of_work - SECOND))
        return end_of_work

    def _get_local_day(self, moment):
        """The date of a naive UTC moment, in the calendar's time zone."""
        return to_local_day(moment, self.tz)

    def _get_midnight(self, day):
        """The naive UTC moment at which a date begins in the calendar's time zone."""
        return self._get_moment(day, time.min)

    def _get_moment(self, day, at):
        """A time of day in the calendar's time zone, as a naive UTC datetime.

        :param day: date.
        :param at: time without a zone.
        """
        # without a time zone, core takes UTC too
        return to_utc(day, at, self.tz)

    def _has_working_time(self):
        """Whether this calendar can say when a deadline is (some hours in a year)."""
        self.ensure_one()
        now = fields.Datetime.now()
        return bool(self._get_working_time(now, now + timedelta(days=366)))


def _to_naive_utc(moment):
    return moment.astimezone(utc).replace(tzinfo=None)


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "radio.cached.mixin"]


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "radio.cached.mixin"]

    def _is_cached(self):
        """Holidays of the station are; the absences of single people are not, and
        change too often to forget everything each time."""
        return any(not leave.resource_id for leave in self)


def _ceil_minute(moment):
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + MINUTE
