import logging
from datetime import time

from odoo import api, fields, models

from ..response.batch import run_in_batches

_logger = logging.getLogger(__name__)

# How many inquiries the mail lists; the screen has all.
MAX_LISTED = 30


class CrmTeam(models.Model):
    """The mail of the morning round: at the team's time, on working days, with
    something to decide."""

    _inherit = "crm.team"

    @api.model
    def _cron_send_rounds(self):
        """Send the lists of the teams whose time has come, each once a day."""
        sent = run_in_batches(
            self,
            self._get_due_rounds,
            lambda teams: [team._send_round() for team in teams],
            "radio_sales_team.ir_cron_send_rounds",
        )
        if sent:
            _logger.info("Morning round: lists of %d teams", sent)

    def _get_due_rounds(self, excluded_ids):
        now = fields.Datetime.now()
        teams = self.search(
            [("round_time", ">", 0), ("id", "not in", list(excluded_ids))]
        )
        return teams.filtered(
            lambda team: team._is_due(team.round_time, team.round_sent_on, now)
        )

    def _is_due(self, hour, sent_on, now, after_closing=False):
        """Whether the time of day has come on a working day on which nothing was sent.

        :param hour: of the day, by the clock of the team's response hours.
        :param after_closing: whether it comes at closing time where that is earlier.
        :param sent_on: date on which it was sent last.
        :param now: naive UTC datetime.
        """
        self.ensure_one()
        calendar = self._get_calendar()
        if not calendar:
            return False
        today = calendar._get_local_day(now)
        if sent_on and sent_on >= today:
            return False
        # a fraction of hours, up to the last minute of the day
        at = divmod(min(round(hour * 60), 24 * 60 - 1), 60)
        moment = calendar._get_moment(today, time(*at))
        if not after_closing and now < moment:
            return False
        day = calendar._get_working_day(today)
        if not day or calendar._get_local_day(day[0]) != today:
            return False
        if after_closing:
            return now >= min(moment, day[1])
        # after closing nobody decides anything any more
        return now < day[1]

    def _send_round(self):
        """Send the list to everyone of the team who has something on it."""
        self.ensure_one()
        calendar = self._get_calendar()
        self.round_sent_on = calendar._get_local_day(fields.Datetime.now())
        # "today" is the team's, wherever its people read it
        leads = (
            self.env["crm.lead"]
            .with_context(tz=calendar.tz)
            .search(
                [("team_id", "=", self.id), ("round_topic", "!=", False)],
                order="sla_deadline, received_at",
            )
        )
        if not leads:
            return
        people = self.crm_team_member_ids.user_id | self.user_id | self.deputy_user_id
        for user in people.filtered("active"):
            # everybody reads of what they may see, and of nothing else
            visible = leads.with_user(user)._filtered_access("read")
            if visible:
                self._send_round_to(user, visible)

    def _send_round_to(self, user, leads):
        """One mail to one person, in their language.

        :param leads: ``crm.lead`` that this person may read, not empty.
        """
        leads = leads.with_context(lang=user.lang)
        labels = dict(leads._fields["round_topic"]._description_selection(leads.env))
        topics = {}
        for lead in leads.sorted(lambda lead: lead.round_topic)[:MAX_LISTED]:
            topics.setdefault(labels[lead.round_topic], []).append(lead)
        body = leads.env["ir.qweb"]._render(
            "radio_sales_team.round_mail",
            {"topics": topics, "more": max(len(leads) - MAX_LISTED, 0)},
            minimal_qcontext=True,
        )
        # sudo: mail.message - whoever gets it need not be able to write mail
        user.sudo()._notify_from_station(
            leads.env._("Morning round: %s to decide", len(leads)),
            body,
            leads.env._("morning round"),
        )
