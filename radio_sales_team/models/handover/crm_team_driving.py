import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..response.batch import run_in_batches

_logger = logging.getLogger(__name__)

# How far the first mail looks back, and every later one at most.
LOOK_BACK = timedelta(days=4)
# How long it takes to save a contact: its number is drawn when that begins.
SAVING = timedelta(minutes=10)
# How many lines of each kind the mail has; the screens have all.
MAX_LISTED = 20


class CrmTeam(models.Model):
    """ "While you were driving": once a day each seller learns what the back office did
    for their customers, and what waits for them; nobody gets an empty mail."""

    _inherit = "crm.team"

    driving_time = fields.Float(
        string="“While You Were Driving” At",
        default=16.0,
        help="On working days each seller gets one mail at this time, by the clock of "
        "the team's response hours: what colleagues did for their customers, and what "
        "waits for them. 0: no mail.",
    )
    driving_sent_at = fields.Datetime(readonly=True, copy=False)
    # the contact up to which all were told: what is typed in late has a higher number,
    # too. And those after it that were told, as others may be on their way
    driving_attempt_id = fields.Integer(readonly=True, copy=False)
    driving_told_ids = fields.Json(readonly=True, copy=False)

    @api.constrains("driving_time")
    def _check_driving_time(self):
        for team in self:
            if not 0 <= team.driving_time < 24:
                raise ValidationError(
                    self.env._("A time of day is between 00:00 and 23:59.")
                )

    @api.model
    def _cron_send_driving(self):
        """Send the sellers of the teams whose time has come their mail, once a day."""
        sent = run_in_batches(
            self,
            self._get_due_driving,
            lambda teams: [team._send_driving() for team in teams],
            "radio_sales_team.ir_cron_send_driving",
        )
        if sent:
            _logger.info("While you were driving: sellers of %d teams", sent)

    def _get_due_driving(self, excluded_ids):
        now = fields.Datetime.now()
        teams = self.search(
            [("driving_time", ">", 0), ("id", "not in", list(excluded_ids))]
        )
        return teams.filtered(lambda team: team._is_driving_due(now))

    def _is_driving_due(self, now):
        sent_on = self.driving_sent_at and self._get_calendar()._get_local_day(
            self.driving_sent_at
        )
        return self._is_due(self.driving_time, sent_on, now, after_closing=True)

    def _send_driving(self):
        """Send each seller of this team what concerns them since the last time."""
        self.ensure_one()
        now = fields.Datetime.now()
        since = now - (LOOK_BACK if self.driving_sent_at else timedelta(days=1))
        attempts = self.env["radio.contact.attempt"].search(
            [
                ("id", ">", self.driving_attempt_id),
                ("id", "not in", self.driving_told_ids or []),
                ("attempted_at", ">=", since),
                ("is_withdrawn", "=", False),
                ("lead_id.team_id", "=", self.id),
            ]
        )
        self._note_told(now)
        done = self._get_done_for_sellers(attempts)
        for seller in self._get_sellers():
            attempts = done.get(seller, self.env["radio.contact.attempt"])
            waiting = self._get_waiting_for(seller, now)
            if attempts or waiting:
                self._send_driving_to(seller, attempts, waiting)

    def _note_told(self, now):
        """Nothing that is saved by now is told again; what began to be saved before is
        told the next time."""
        attempts = self.env["radio.contact.attempt"]
        saved = attempts.search(
            [("create_date", "<", now - SAVING)], order="id desc", limit=1
        )
        mark = max(self.driving_attempt_id, saved.id or 0)
        self.write(
            {
                "driving_sent_at": now,
                "driving_attempt_id": mark,
                "driving_told_ids": attempts.search([("id", ">", mark)]).ids,
            }
        )

    def _get_sellers(self):
        """Who sells for this team and can log in."""
        members = self.crm_team_member_ids.filtered(
            lambda member: member.sales_role in ("field_sales", False)
        )
        return members.user_id.filtered("active")

    def _get_done_for_sellers(self, attempts):
        """What colleagues said to the customers of each seller.

        :param attempts: ``radio.contact.attempt`` that were not told of yet.
        :return: dict of ``radio.contact.attempt`` by ``res.users``.
        """
        done = {}
        for attempt in attempts:
            lead = attempt.lead_id
            for seller in lead.user_id | lead._get_tandem_seller():
                if seller != attempt.user_id:
                    done[seller] = done.get(seller, attempt.browse()) | attempt
        return done

    def _get_waiting_for(self, seller, now):
        """The inquiries with which somebody waits for this seller: for a yes or no, or
        for a call until tomorrow."""
        clocks = self.env["radio.sla.clock"].search(
            [
                ("state", "=", "running"),
                ("user_id", "=", seller.id),
                ("team_id", "=", self.id),
                ("deadline", "<", now + timedelta(days=1)),
            ]
        )
        asked = self.env["radio.handover"].search(
            [
                ("state", "=", "requested"),
                ("to_user_id", "=", seller.id),
                ("team_id", "=", self.id),
            ]
        )
        return (asked.lead_id | clocks.lead_id)._origin

    def _send_driving_to(self, seller, attempts, waiting):
        """One mail to one seller, in their language.

        :param attempts: ``radio.contact.attempt`` of colleagues.
        :param waiting: ``crm.lead``.
        """
        env = self.with_context(lang=seller.lang, tz=seller.tz).env
        # a seller reads of what they may see, and of nothing else
        concerned = (attempts.lead_id | waiting).with_user(seller)
        visible = env["crm.lead"].browse(concerned._filtered_access("read").ids)
        attempts = attempts.with_env(env).filtered(lambda one: one.lead_id in visible)
        waiting = waiting.with_env(env) & visible
        if not (attempts or waiting):
            return
        body = env["ir.qweb"]._render(
            "radio_sales_team.driving_mail",
            {
                "attempts": attempts[:MAX_LISTED],
                "events": [attempt._get_event() for attempt in attempts[:MAX_LISTED]],
                "more": max(len(attempts) - MAX_LISTED, 0),
                "waiting": waiting[:MAX_LISTED],
                "more_waiting": max(len(waiting) - MAX_LISTED, 0),
                "seller": seller,
            },
            minimal_qcontext=True,
        )
        # sudo: mail.message - whoever gets it need not be able to write mail
        seller.with_env(env).sudo()._notify_from_station(
            env._("While you were driving"), body, env._("while you were driving")
        )
