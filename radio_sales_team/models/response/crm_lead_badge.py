from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from .late import is_late


class CrmLead(models.Model):
    """The few words on the card: how long is left, or how it went."""

    _inherit = "crm.lead"

    sla_badge = fields.Char(
        string="Time Left",
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
        compute="_compute_sla_badge",
        compute_sudo=True,
    )

    @api.depends(
        "is_inquiry",
        "sla_status",
        "sla_deadline",
        "first_contact_at",
        "received_at",
    )
    @api.depends_context("lang", "tz", "uid")
    def _compute_sla_badge(self):
        now = fields.Datetime.now()
        for lead in self:
            lead.sla_badge, lead.sla_badge_color = lead._get_sla_badge(now)

    def _get_sla_badge(self, now):
        """Words and colour of the badge.

        :param now: naive UTC datetime.
        :return: pair of a short sentence and a colour, both False where there is
            nothing to say.
        """
        self.ensure_one()
        _ = self.env._
        if self.sla_deadline:
            return self._get_open_badge(now)
        if not self.is_inquiry:
            return False, False
        if self.first_contact_at:
            took = self._format_span(self.first_contact_at - self.received_at)
            if is_late(self.first_contact_deadline, self.first_contact_at, now):
                return _("Answered late, after %s", took), "warning"
            return _("Answered after %s", took), "success"
        if self._is_waiting_open():
            if not self.env["radio.sla.policy"]._get_rules("first_contact"):
                return _("No response-time policy"), "muted"
            return _("No policy or working hours fit"), "muted"
        return False, False

    def _get_open_badge(self, now):
        _ = self.env._
        if is_late(self.sla_deadline, False, now):
            span = self._format_span(now - self.sla_deadline)
            return _("Overdue by %s", span), "danger"
        clocks = self.sla_clock_ids.filtered(
            lambda clock: clock.deadline == self.sla_deadline
        )
        urgent = any(clock.warning_at and clock.warning_at <= now for clock in clocks)
        color = "warning" if urgent else "success"
        left = self.sla_deadline - now
        if left < timedelta(hours=4):
            return _("%s left", self._format_span(left)), color
        # further away a moment says more than a number of hours
        return _("until %s", self._format_moment(self.sla_deadline, now)), color

    def _format_moment(self, moment, now):
        """A moment as people say it: the time today, the weekday within a week."""
        local = fields.Datetime.context_timestamp(self, moment)
        today = fields.Datetime.context_timestamp(self, now).date()
        if local.date() == today:
            pattern = "HH:mm"
        elif (local.date() - today).days < 7:
            pattern = "EEE HH:mm"
        else:
            pattern = "d MMM HH:mm"
        return format_datetime(self.env, moment, dt_format=pattern)

    def _format_span(self, span):
        """A stretch of time in its one or two largest units."""
        _ = self.env._
        minutes = max(int(span.total_seconds() // 60), 0)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        if days:
            return _("%(days)s d %(hours)s h", days=days, hours=hours)
        if hours:
            return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
        return _("%s min", minutes)
