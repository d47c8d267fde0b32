import logging
from datetime import time, timedelta

from odoo import api, fields, models

from .batch import BATCH_SIZE, CONFLICTS, run_in_batches

_logger = logging.getLogger(__name__)

NOON = time(12)
BEFORE_CLOSING = timedelta(minutes=30)


class RadioSlaClock(models.Model):
    """The scheduled action: one look a minute at what is due, nothing else is read."""

    _inherit = "radio.sla.clock"

    @api.model
    def _cron_escalate(self):
        """Do the reminders that are due, each once, whatever crashes or runs twice."""
        clocks = run_in_batches(
            self.env, self._get_due, lambda clocks: clocks._escalate_safely()
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
        except CONFLICTS:
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
        self._create_steps(due, people=people)
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

    def _create_steps(self, due, people=None, error=False):
        now = fields.Datetime.now()
        self.env["radio.sla.step"].create(
            [
                {
                    "clock_id": clock.id,
                    "percentage": step[0],
                    "action": step[1],
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
        if action == "deputy":
            return self.team_id.deputy_user_id.filtered("active")
        return self._get_answering_users()

    def _get_earliest(self, step, now):
        """When a step is told at the earliest: the leader gets a list at noon and one
        before closing, everybody else hears at once."""
        self.ensure_one()
        if step[1] != "notify_leader":
            return now
        calendar = self.calendar_id
        working_day = calendar._get_working_day(calendar._get_local_day(now))
        if not working_day:
            return now
        day = calendar._get_local_day(working_day[0])
        lists = [calendar._get_moment(day, NOON), working_day[1] - BEFORE_CLOSING]
        upcoming = [moment for moment in lists if moment >= now]
        # after the last list of the day: the first of the next
        return min(upcoming, default=working_day[1] + timedelta(minutes=1))

    def _reassign(self):
        """Give the inquiry to the next colleague of the back office who is there.

        :return: both of them, so that they are told; empty where nobody else is there.
        """
        self.ensure_one()
        lead = self.lead_id
        owner = lead.back_office_user_id
        successor = lead.team_id._get_next_back_office(owner)
        if not successor:
            return successor
        lead.back_office_user_id = successor
        lead._message_log(
            body=self.env._(
                "Given to %(successor)s, as the time to answer is running out.",
                successor=successor.name,
            )
        )
        return (owner | successor).filtered("active")

    def _plan_activities(self):
        """An activity for each owner who is reminded, so that it stands in their list
        too; without Odoo's mail for each, as one notice tells of all."""
        activity_type = self.env.ref(
            "radio_sales_team.mail_activity_type_answer", raise_if_not_found=False
        )
        if not activity_type:
            return
        leads = self.lead_id
        model_id = self.env["ir.model"]._get_id("crm.lead")
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        present = activities.search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", leads.ids),
                ("activity_type_id", "=", activity_type.id),
            ]
        )
        planned = {(activity.res_id, activity.user_id) for activity in present}
        vals_list = []
        for clock in self:
            user = clock.user_id.filtered("active")
            if user and (clock.lead_id.id, user) not in planned:
                planned.add((clock.lead_id.id, user))
                vals_list.append(
                    {
                        "activity_type_id": activity_type.id,
                        "date_deadline": clock.calendar_id._get_local_day(
                            clock.deadline
                        ),
                        "res_id": clock.lead_id.id,
                        "res_model_id": model_id,
                        "user_id": user.id,
                    }
                )
        activities.create(vals_list)

    @api.model
    def _close_activities(self):
        """Remove our own activities where no answer is due any more. Not "done": that
        would look like a call."""
        activity_type = self.env.ref(
            "radio_sales_team.mail_activity_type_answer", raise_if_not_found=False
        )
        if not activity_type:
            return
        activities = self.env["mail.activity"].search(
            [("activity_type_id", "=", activity_type.id)]
        )
        open_clocks = self._read_group(
            [
                ("lead_id", "in", activities.mapped("res_id")),
                ("state", "in", ("running", "paused")),
            ],
            ["lead_id"],
        )
        waiting = {lead.id for (lead,) in open_clocks}
        activities.filtered(lambda activity: activity.res_id not in waiting).unlink()
