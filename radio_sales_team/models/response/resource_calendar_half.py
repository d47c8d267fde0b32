from datetime import time, timedelta

from odoo import models

# How far ahead, in days, a moment in the other half of the day is looked for.
HORIZON = 10
NOON = time(12)


class ResourceCalendar(models.Model):
    """Before and after noon: who was out in the morning may be in later."""

    _inherit = "resource.calendar"

    def _is_morning(self, moment):
        """Whether it is before noon where these hours are kept.

        :param moment: naive UTC datetime.
        """
        self.ensure_one()
        return moment < self._get_moment(self._get_local_day(moment), NOON)

    def _plan_other_half(self, tried_at, now):
        """When to try again: the next working moment in the other half of the day;
        where nobody ever works then, the next working day.

        :param tried_at: naive UTC datetime, when nobody was reached.
        :param now: naive UTC datetime.
        :return: the local date, and whether it is in the morning.
        """
        self.ensure_one()
        today = self._get_local_day(now)
        working_time = self._get_working_time(now, now + timedelta(days=HORIZON))
        morning = not self._is_morning(tried_at)
        days = [today + timedelta(days=number) for number in range(HORIZON)]
        # the same half of today is when it was tried in vain
        choices = [(day, morning) for day in days]
        choices += [(day, not morning) for day in days[1:]]
        for day, is_morning in choices:
            begin, end = self._get_half(day, is_morning)
            moment = working_time.next_moment(max(begin, now))
            if moment and moment < end:
                return day, is_morning
        return days[1], morning

    def _get_half(self, day, is_morning):
        """Begin and end of half a day, as naive UTC datetimes."""
        noon = self._get_moment(day, NOON)
        if is_morning:
            return self._get_midnight(day), noon
        return noon, self._get_midnight(day + timedelta(days=1))
