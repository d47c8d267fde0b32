from datetime import time, timedelta

from odoo import fields, models

from ...tools.time_of_day import to_utc
from .crm_lead_sellers import CALENDAR_IN_USE, HORIZON, SLOT


class CrmTeam(models.Model):
    """When people have time, by their working hours and Odoo's calendar."""

    _inherit = "crm.team"

    def _get_free_slots(self, users):
        """The next free half hour of each user.

        :return: dict of naive UTC datetime by ``res.users``, without those whose
            calendar or working hours tell nothing.
        """
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        busy = self._get_busy(users, now)
        slots = {}
        for user in users:
            if user not in busy:
                continue
            calendar = user.resource_calendar_id or self._get_calendar()
            if not calendar or calendar.flexible_hours:
                calendar = self._get_calendar()
            working = calendar and calendar._get_working_time(now, now + HORIZON)
            slot = working and _find_slot(working, busy[user], now)
            if slot:
                slots[user] = slot
        return slots

    def _get_busy(self, users, now):
        """The appointments of those who keep a calendar, as sorted pairs of moments."""
        # sudo: calendar.event - only when somebody is busy, nothing is shown of it
        attendees = (
            self.env["calendar.attendee"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", users.partner_id.ids),
                    ("state", "!=", "declined"),
                    ("event_id.active", "=", True),
                    ("event_id.start", "<", now + max(HORIZON, CALENDAR_IN_USE)),
                    ("event_id.stop", ">", now - CALENDAR_IN_USE),
                ]
            )
        )
        by_partner = attendees.grouped("partner_id")
        busy = {}
        for user in users:
            events = by_partner.get(user.partner_id, attendees.browse()).event_id
            if events:
                busy[user] = sorted(
                    _get_span(event, user.tz)
                    for event in events
                    if event.show_as == "busy" and event.stop > now
                )
        return busy


def _get_span(event, zone):
    """From when to when an appointment takes; all day is from midnight to midnight
    where the person is."""
    if not event.allday:
        return event.start, event.stop
    after = event.stop_date + timedelta(days=1)
    return to_utc(event.start_date, time(), zone), to_utc(after, time(), zone)


def _find_slot(working, busy, now):
    """The first half hour of work in which nothing is planned.

    :param working: ``WorkingTime``.
    :param busy: sorted list of pairs of naive UTC datetimes.
    """
    moment = working.next_moment(now)
    while moment and moment < now + HORIZON:
        blocking = [
            stop for start, stop in busy if start < moment + SLOT and stop > moment
        ]
        end = moment + SLOT
        if not blocking and working.minutes_between(moment, end) >= SLOT / timedelta(
            minutes=1
        ):
            return moment
        later = max(blocking, default=moment + timedelta(minutes=5))
        moment = working.next_moment(later)
    return None
