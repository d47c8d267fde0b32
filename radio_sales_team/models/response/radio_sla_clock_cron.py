import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

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
                due = self._get_due(left_alone)
                clocks = due.try_lock_for_update()
                clocks._escalate_safely()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                continue
            if not due or not self.env["ir.cron"]._commit_progress(len(clocks)):
                break
            done += len(clocks)
            # what another worker holds is its own, what is still due would be for ever
            left_alone.update(due.ids)
        if done:
            _logger.info("Response times: reminders for %d clocks", done)

    def _get_due(self, left_alone):
        """The next batch of clocks with a reminder that is due.

        :param left_alone: ids not to look at again.
        """
        return self.search(
            [
                ("next_step_at", "<=", fields.Datetime.now()),
                ("id", "not in", list(left_alone)),
            ],
            order="next_step_at, id",
            limit=BATCH_SIZE,
        )

    def _escalate_safely(self):
        """Do the reminders of a batch; where that fails, one by one, and set aside the
        one that cannot be done, with its reason, so that it stops no other."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._escalate()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
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
        # the policy may have lost its steps since this was planned
        chosen = self.browse().union(*(clock for clock, _step in due))
        (self - chosen)._compute_next_step_at()
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

        The first open step of a clock is what it was chosen for. More are due where
        the scheduled action did not run for a while: all until the deadline, once that
        has passed, and what comes after it by the time that was worked since.
        """
        now = fields.Datetime.now()
        due = []
        for clock in self:
            working_time = clock.calendar_id._get_working_time(clock.started_at, now)
            waited = working_time.minutes_between(clock.started_at, now)
            for number, step in enumerate(clock._get_open_steps()):
                passed = step.percentage <= 100 and clock.deadline <= now
                worked = clock.target_minutes * step.percentage / 100 <= waited
                if not number or passed or worked:
                    due.append((clock, step))
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
        company = user.company_id
        # Scheduled actions leave mail to the next run of the mail queue, which may be
        # an hour away; a reminder that late is none.
        thread = clocks.env["mail.thread"].with_context(mail_notify_force_send=True)
        thread.message_notify(
            author_id=company.partner_id.id,
            body=clocks.env["mail.render.mixin"]._replace_local_links(body),
            email_from=company.email_formatted or None,
            email_layout_xmlid="mail.mail_notification_light",
            model_description=clocks.env._("inquiries"),
            partner_ids=user.partner_id.ids,
            subject=subject,
        )
