import logging
from collections import defaultdict

import psycopg2

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100


class RadioSlaClock(models.Model):
    """The scheduled action: one look a minute at what is due, nothing else is read."""

    _inherit = "radio.sla.clock"

    @api.model
    def _cron_escalate(self):
        """Do the reminders that are due, each once, whatever crashes or runs twice.

        Each batch is its own transaction. Rows that another worker holds are left to
        it; where a row changed under our feet, the batch is rolled back and looked at
        again, because a scheduled action that fails is not tried again by Odoo.
        """
        left_alone = set()
        done = 0
        while True:
            self.env["ir.cron"]._commit_progress()
            try:
                clocks = self._lock_due(left_alone)
                if clocks:
                    clocks._escalate_safely()
                    done += len(clocks)
                    # what is still due now would be due for ever
                    left_alone.update(clocks.ids)
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
                continue
            if not clocks or not self.env["ir.cron"]._commit_progress(len(clocks)):
                break
        if done:
            _logger.info("Response times: reminders for %d clocks", done)

    def _lock_due(self, left_alone):
        """The next batch of clocks with a reminder that is due, locked for us.

        :param left_alone: ids not to look at again; those that another worker holds
            are added to it.
        """
        due = self.search(
            [
                ("next_step_at", "<=", fields.Datetime.now()),
                ("id", "not in", list(left_alone)),
            ],
            order="next_step_at, id",
            limit=BATCH_SIZE,
        )
        locked = due.try_lock_for_update()
        left_alone.update((due - locked).ids)
        return locked

    def _escalate_safely(self):
        """Do the reminders of a batch; where that fails, one by one, and set aside the
        one that cannot be done, with its reason, so that it stops no other."""
        try:
            with self.env.cr.savepoint():
                self._escalate()
        except psycopg2.errors.SerializationFailure:
            raise
        except Exception as error:
            if len(self) > 1:
                for clock in self:
                    clock._escalate_safely()
                return
            _logger.exception("Response times: reminder for clock %d failed", self.id)
            self._create_steps(
                [(self, step) for step in self._get_open_steps()[:1]],
                error=str(error)[:200],
            )

    def _escalate(self):
        """Do all reminders of these clocks that are due: one message a person."""
        due = self._get_due_steps()
        people = {
            (clock, step): clock._get_people_for(step.action) for clock, step in due
        }
        self._create_steps(due, people=people)
        clocks_by_user = defaultdict(self.browse)
        for (clock, _step), users in people.items():
            for user in users:
                clocks_by_user[user] |= clock
        for user, clocks in clocks_by_user.items():
            clocks._notify_reminder(user)

    def _get_due_steps(self):
        """Pairs of clock and policy step that are due and not done.

        More than one for a clock where the scheduled action did not run for a while.
        """
        now = fields.Datetime.now()
        due = []
        for calendar, clocks in self.grouped("calendar_id").items():
            working_time = calendar._get_working_time(
                min(clocks.mapped("started_at")), now
            )
            for clock in clocks:
                waited = working_time.minutes_between(clock.started_at, now)
                due += [
                    (clock, step)
                    for step in clock._get_open_steps()
                    if clock.target_minutes * step.percentage / 100 <= waited
                ]
        return due

    def _create_steps(self, due, people=None, error=False):
        now = fields.Datetime.now()
        self.env["radio.sla.step"].create(
            [
                {
                    "clock_id": clock.id,
                    "escalation_id": step.id,
                    "percentage": step.percentage,
                    "action": step.action,
                    "done_at": now,
                    "user_ids": people[clock, step].ids if people else [],
                    "error": error,
                }
                for clock, step in due
            ]
        )

    def _get_people_for(self, action):
        """Whom a step tells: users who can log in, empty where there is nobody."""
        self.ensure_one()
        if action == "notify_leader":
            return (
                self.team_id.user_id.filtered("active") or self._get_answering_users()
            )
        return self._get_answering_users()

    def _notify_reminder(self, user):
        """One message to one person about all these inquiries, in their language.

        Sent as a notification that belongs to no lead, so that it can never be taken
        for an answer to a customer.
        """
        clocks = self.with_context(lang=user.lang, tz=user.tz).sorted("deadline")
        leads = clocks.lead_id
        if len(leads) == 1:
            subject = clocks.env._("Waiting for an answer: %s", leads.name)
        else:
            subject = clocks.env._("%s inquiries are waiting for an answer", len(leads))
        body = clocks.env["ir.qweb"]._render(
            "radio_sales_team.response_reminder",
            {"leads": leads},
            minimal_qcontext=True,
        )
        clocks.env["mail.thread"].message_notify(
            body=clocks.env["mail.render.mixin"]._replace_local_links(body),
            email_layout_xmlid="mail.mail_notification_light",
            partner_ids=user.partner_id.ids,
            subject=subject,
        )
