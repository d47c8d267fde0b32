from datetime import timedelta

from pytz import utc

from odoo import fields, models

from ...tools.working_time import WorkingTime

# How far ahead a deadline is looked for, in days. Nearly all are in the first span;
# reading two years of intervals for each would cost more than the answer is worth.
HORIZONS = (14, 90, 740)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _get_working_time(self, start, stop):
        """The working intervals of this calendar, company-wide holidays taken out.

        :param start: naive UTC datetime.
        :param stop: naive UTC datetime.
        :return: :class:`WorkingTime`; without any interval for flexible hours, which
            say how long people work, but not when.
        """
        self.ensure_one()
        if self.flexible_hours:
            return WorkingTime([])
        # Core reads holidays of every company; a station keeps those of its own.
        leaves = [
            ("time_type", "=", "leave"),
            ("company_id", "in", [False, self.company_id.id]),
        ]
        intervals = self._work_intervals_batch(
            utc.localize(start),
            utc.localize(stop),
            domain=leaves if self.company_id else None,
        )[False]
        return WorkingTime(
            (_to_naive_utc(begin), _to_naive_utc(end))
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
                results[index] = working_time.plan(*requests[index])
            open_indexes = [index for index in open_indexes if results[index] is None]
        return results

    def _has_working_time(self):
        """Whether this calendar can say when a deadline is (some hours in a year)."""
        self.ensure_one()
        now = fields.Datetime.now()
        return bool(self._get_working_time(now, now + timedelta(days=366)))


def _to_naive_utc(moment):
    return moment.astimezone(utc).replace(tzinfo=None)
