from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from .late import is_late

ONE_MINUTE = timedelta(minutes=1)


class CrmLead(models.Model):
    """The few words on the card: how long is left, or how it went."""

    _inherit = "crm.lead"

    sla_badge = fields.Char(
        string="Answer",
        compute="_compute_sla_badge",
        compute_sudo=True,
        help="Time until the promised answer, or how it went.",
    )
    sla_badge_color = fields.Selection(
        selection=[
            ("success", "Plenty of time"),
            ("warning", "Urgent"),
            ("danger", "Overdue"),
            ("muted", "No promise"),
        ],
        string="Urgency",
        compute="_compute_sla_badge",
        compute_sudo=True,
    )

    first_contact_words = fields.Char(
        compute="_compute_first_contact_words",
        help="How the first contact went, where the badge tells of something newer.",
    )

    # all that it reads, so that Odoo fetches it with the rest of the card
    @api.depends(
        "active",
        "asked_before_id",
        "is_inquiry",
        "is_chased",
        "no_inquiry_kind_id",
        "sla_kind",
        "sla_deadline",
        "won_status",
        "first_contact_deadline",
        "first_contact_at",
        "first_contact_outcome",
        "received_at",
    )
    @api.depends_context("lang", "tz", "uid")
    def _compute_sla_badge(self):
        now = fields.Datetime.now()
        paused = self._get_paused_ids()
        ids_by_badge = defaultdict(list)
        for lead in self:
            real_id = lead.id or lead._origin.id
            badge = (False, False)  # not saved yet: nothing is promised
            if real_id:
                badge = lead._get_sla_badge(now, real_id in paused)
            ids_by_badge[badge].append(lead._ids[0])
        # a value given to many at once costs a third of one given to each
        for (words, color), ids in ids_by_badge.items():
            leads = self.browse(ids)
            leads.sla_badge, leads.sla_badge_color = words, color

    @api.depends("first_contact_at", "first_contact_deadline", "received_at")
    @api.depends_context("lang")
    def _compute_first_contact_words(self):
        for lead in self:
            answered = lead.first_contact_at and lead.received_at
            words = answered and lead.sudo()._get_answered_badge()[0]
            lead.first_contact_words = words

    def _get_sla_badge(self, now, is_paused):
        """Words and colour of the badge.

        :param now: naive UTC datetime.
        :param is_paused: whether any clock waits for the customer.
        :return: pair of a short sentence and a colour, both False where there is
            nothing to say.
        """
        is_inquiry = self.is_inquiry
        if not is_inquiry and self.no_inquiry_kind_id:
            return self.no_inquiry_kind_id.name, "muted"
        if is_paused:
            return self._get_paused_badge(now)
        if self.sla_deadline:
            words, color = self._get_open_badge(now)
            if self.is_chased and color == "success":
                color = "warning"
            return self._get_kind_words(words, now), color
        if not is_inquiry:
            return False, False
        if self.first_contact_at:
            return self._get_answered_badge()
        if not self._is_waiting_open():
            return False, False
        if self._is_covered():
            return self.env._("Asked twice"), "muted"
        if not self.env["radio.sla.policy"]._get_rules("first_contact"):
            return self.env._("No response-time policy"), "muted"
        return self.env._("No policy or working hours fit"), "muted"

    def _get_answered_badge(self):
        answered_at = self.first_contact_at
        span = answered_at - self.received_at
        late = is_late(self.first_contact_deadline, answered_at, answered_at)
        if self.first_contact_outcome == "not_reached":
            return self._get_tried_badge(self._format_span(span), late)
        if late:
            return self.env._("Late, after %s", self._format_span(span)), "warning"
        if span < ONE_MINUTE:
            return self.env._("Answered at once"), "success"
        return self.env._("Answered after %s", self._format_span(span)), "success"

    def _get_tried_badge(self, took, late):
        """The promise was to try, and the customer knows nothing until reached."""
        attempts = self.contact_attempt_ids._counts_for("reached", self.received_at)
        reached = attempts.filtered(lambda attempt: attempt.outcome == "reached")[:1]
        if reached:
            span = self._format_span(reached.attempted_at - self.received_at)
            return self.env._("Reached after %s", span), "success"
        if late:
            return self.env._("Tried late, after %s", took), "warning"
        return self.env._("Tried after %s", took), "warning"

    def _get_open_badge(self, now):
        if is_late(self.sla_deadline, False, now):
            span = now - self.sla_deadline
            if span < ONE_MINUTE:
                return self.env._("Overdue"), "danger"
            return self.env._("Overdue by %s", self._format_span(span)), "danger"
        clocks = self.sla_clock_ids.filtered(
            lambda clock: clock.deadline == self.sla_deadline
        )
        urgent = any(clock.warning_at and clock.warning_at <= now for clock in clocks)
        color = "warning" if urgent else "success"
        left = self.sla_deadline - now
        if left < ONE_MINUTE:
            return self.env._("Due now"), color
        if left < timedelta(hours=4):
            return self.env._("%s left", self._format_span(left)), color
        # further away a moment says more than a number of hours
        return self.env._(
            "until %s", self._format_moment(self.sla_deadline, now)
        ), color

    def _get_paused_badge(self, now):
        clocks = self.sla_clock_ids.filtered(lambda clock: clock.state == "paused")
        pause = clocks[:1].pause_ids._get_last()
        if not pause.ended_at:
            return self.env._("Waiting for the customer"), "muted"
        moment = self._format_moment(pause.ended_at, now)
        return self.env._("Waiting for the customer until %s", moment), "muted"

    def _get_kind_words(self, words, now):
        """Say what is owed where it is not the first contact, and who asked again."""
        if self.is_chased:
            return self.env._("Asked again · %s", words)
        if self.sla_kind == "next_reply":
            return self.env._("Reply: %s", words)
        if self.sla_kind == "seller_contact":
            return self.env._("Seller: %s", words)
        if self.sla_kind == "promise":
            clock = self._get_open_clocks(("promise",)).sorted("deadline")[:1]
            if now <= clock.deadline:
                words = self._format_promise(clock)
            return self.env._("Call back: %s", words)
        return words

    def _format_promise(self, clock):
        """The moment of a call-back that was promised, a day without a time where any
        time will do."""
        if not clock.is_whole_day:
            return self._format_moment(clock.promised_for, fields.Datetime.now())
        day = clock.calendar_id._get_local_day(clock.promised_for)
        today = clock.calendar_id._get_local_day(fields.Datetime.now())
        return self.env._("today") if day == today else format_date(self.env, day)

    def _format_moment(self, moment, now):
        """A moment as people say it: the time today, the weekday within a week before
        or after."""
        local = fields.Datetime.context_timestamp(self, moment)
        today = fields.Datetime.context_timestamp(self, now).date()
        if local.date() == today:
            pattern = "HH:mm"
        elif abs((local.date() - today).days) < 7:
            pattern = "EEE HH:mm"
        else:
            # a pattern of Unicode: MMM is the month, d the day of it
            pattern = self.env._("MMM d, HH:mm")
        # the reader's zone; else it would be that of whoever runs this
        return format_datetime(self.env, moment, tz=str(self.env.tz), dt_format=pattern)

    def _format_span(self, span):
        """A stretch of time in its one or two largest units; minutes say nothing about
        half a day."""
        minutes = max(int(span.total_seconds() // 60), 0)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        if days:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        if hours >= 10 or hours and not minutes:
            return self.env._("%s h", hours)
        if hours:
            return self.env._(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        return self.env._("%s min", minutes)
