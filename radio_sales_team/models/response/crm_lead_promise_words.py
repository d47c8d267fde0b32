from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_datetime

# Hours of the day until which a moment is called so.
NOON, EVENING = 12, 18

QUARTER = timedelta(minutes=15)


class CrmLead(models.Model):
    """The deadline in the words that a customer is told."""

    _inherit = "crm.lead"

    def _get_promise_words(self):
        """Until when the inquirer has an answer, as people say it: "today until 15:00",
        "tomorrow morning", "on Monday afternoon", "by January 26".

        In the language of the context and the inquirer's time zone. No promise is
        stricter than the deadline, nor made for a time at which nobody works.

        :return: False where there is no deadline, or it has passed.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if not self.sla_deadline or self.sla_deadline <= now:
            return False
        lead = self.with_context(tz=self._get_inquirer_tz())
        today = fields.Datetime.context_timestamp(lead, now).date()
        moment = lead._round_promise(self.sla_deadline)
        days = (fields.Datetime.context_timestamp(lead, moment).date() - today).days
        if not days:
            time = lead._format_local(moment, "HH:mm")
            return lead.env._("today until %s", time)
        if days == 1:
            return lead._get_tomorrow_words(moment)
        if days < 7:
            return lead._get_weekday_words(moment)
        # a pattern of Unicode: MMMM is the month, d the day of it
        day = lead._format_local(moment, lead.env._("MMMM d"))
        return lead.env._("by %s", day)

    def _get_tomorrow_words(self, moment):
        part = self._get_part_of_day(moment)
        if part == "morning":
            return self.env._("tomorrow morning")
        if part == "afternoon":
            return self.env._("tomorrow afternoon")
        return self.env._("tomorrow evening")

    def _get_weekday_words(self, moment):
        part = self._get_part_of_day(moment)
        weekday = self._format_local(moment, "EEEE")
        if part == "morning":
            return self.env._("on %(weekday)s morning", weekday=weekday)
        if part == "afternoon":
            return self.env._("on %(weekday)s afternoon", weekday=weekday)
        return self.env._("on %(weekday)s evening", weekday=weekday)

    def _format_local(self, moment, pattern):
        """A moment in the context's language and time zone (not the user's)."""
        return format_datetime(
            self.env, moment, tz=self.env.context["tz"], dt_format=pattern
        )

    def _get_part_of_day(self, moment):
        local = fields.Datetime.context_timestamp(self, moment)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if local <= midnight.replace(hour=NOON):
            return "morning"
        if local <= midnight.replace(hour=EVENING):
            return "afternoon"
        return "evening"

    def _round_promise(self, deadline):
        """A deadline to the next quarter of an hour, where somebody works until then
        and the day is the same."""
        midnight = deadline.replace(hour=0, minute=0, second=0, microsecond=0)
        rounded = midnight - (midnight - deadline) // QUARTER * QUARTER
        local, local_rounded = (
            fields.Datetime.context_timestamp(self, moment).date()
            for moment in (deadline, rounded)
        )
        calendar = self._get_first_contact_clock().calendar_id
        if local != local_rounded or not calendar:
            return deadline
        working_time = calendar._get_working_time(deadline, rounded)
        minutes = (rounded - deadline).total_seconds() / 60
        if working_time.minutes_between(deadline, rounded) < minutes:
            return deadline
        return rounded

    def _get_inquirer_tz(self):
        """The inquirer's time zone, else that of the hours in which we answer."""
        return self.partner_id.tz or self._get_first_contact_clock().calendar_id.tz

    def _get_promise_name(self):
        """Who will answer: the back-office owner, else the team, else the company."""
        self.ensure_one()
        return (
            self.back_office_user_id.name
            or self.team_id.name
            or self._get_response_company().name
        )
