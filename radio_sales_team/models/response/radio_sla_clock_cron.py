import logging

from odoo import api, fields, models

from .batch import BATCH_SIZE, run_in_batches

_logger = logging.getLogger(__name__)

ESCALATE_CRON = "radio_sales_team.ir_cron_escalate"


class RadioSlaClock(models.Model):
    """The scheduled action: one look a minute at what is due, nothing else is read."""

    _inherit = "radio.sla.clock"

    @api.model
    def _cron_escalate(self):
        """Do the reminders that are due, each once, whatever crashes or runs twice."""
        clocks = run_in_batches(
            self, self._get_due, lambda clocks: clocks._escalate(), ESCALATE_CRON
        )
        attempts = self.env["radio.contact.attempt"]._tell_withdrawn()
        notices = self.env["radio.sla.notice"]._send_due()
        self._close_activities()
        if clocks or attempts or notices:
            _logger.info(
                "Response times: %d clocks, %d contacts that failed, %d notices",
                clocks,
                attempts,
                notices,
            )

    def _get_due(self, excluded_ids):
        """The next batch of clocks with a reminder that is due.

        :param excluded_ids: ids of clocks to leave out.
        """
        return self.search(
            [
                ("next_step_at", "<=", fields.Datetime.now()),
                ("id", "not in", list(excluded_ids)),
            ],
            order="next_step_at, id",
            limit=BATCH_SIZE,
        )

    def _escalate(self):
        """Do all reminders of these clocks that are due."""
        over = self.filtered(lambda clock: clock.state == "paused")
        # a pause that is over: the clock goes on, its reminders are planned anew
        over._compute_state()
        due = (self - over)._get_due_steps()
        # corrected since this was planned
        chosen = self.browse().union(*(clock for clock, _step in due))
        (self - over - chosen)._compute_next_step_at()
        people = {}
        for clock, step in due:
            if step[1] == "reassign":
                people[clock, step] = clock._reassign()
            else:
                people[clock, step] = clock._get_people_for(step[1])
        self._create_steps(due, people)
        reminded = self.browse().union(
            *(clock for clock, step in due if step[1] == "remind")
        )
        reminded._plan_activities()
        now = fields.Datetime.now()
        self.env["radio.sla.notice"]._collect(
            [
                (user, clock.lead_id, clock.calendar_id, clock._get_earliest(step, now))
                for (clock, step), users in people.items()
                for user in users
            ]
        )

    def _get_due_steps(self):
        """Pairs of clock and step that are due and not done.

        The first open step of a clock is what it was chosen for. More are due where
        the scheduled action did not run for a while: all until the deadline, once that
        has passed, and what comes after it by the time that was worked since.
        """
        now = fields.Datetime.now()
        steps = {clock: clock._get_open_steps() for clock in self}
        due = []
        for number in range(max(map(len, steps.values()), default=0)):
            percentages = {
                clock: open_steps[number][0]
                for clock, open_steps in steps.items()
                if len(open_steps) > number
            }
            clocks = self.browse().union(*percentages)
            planned = clocks._plan(percentages) if number else {}
            for clock in clocks:
                passed = percentages[clock] <= 100 and clock.deadline <= now
                moment = planned.get(clock)
                if not number or passed or (moment and moment <= now):
                    due.append((clock, steps[clock][number]))
        return due

    def _create_steps(self, due, people):
        now = fields.Datetime.now()
        self.env["radio.sla.step"].create(
            [
                {
                    "clock_id": clock.id,
                    "percentage": step[0],
                    "action": step[1],
                    "done_at": now,
                    "user_ids": people[clock, step].ids,
                }
                for clock, step in due
            ]
        )
