from datetime import timedelta

from odoo import api, models

# However near the campaign is: this many working minutes an answer always has.
LEAST_MINUTES = 15
# When a call-back after closing is reminded of.
BEFORE_CLOSING = timedelta(minutes=30)


class RadioSlaClock(models.Model):
    """When a clock's deadline and reminders are: working time, pauses taken out."""

    _inherit = "radio.sla.clock"

    @api.depends(
        "started_at",
        "target_minutes",
        "calendar_id",
        "promised_for",
        "pause_ids.paused_at",
        "pause_ids.ended_at",
        "lead_id.campaign_start",
    )
    def _compute_deadline(self):
        """Plan all clocks of a batch with one reading of each calendar."""
        self.deadline = self.warning_at = False
        promises = self.filtered("promised_for")
        for clock in promises:
            clock.warning_at = clock._get_promise_reminder()
            allowed = timedelta(minutes=clock.target_minutes)
            clock.deadline = clock.promised_for + allowed
        started = (self - promises).filtered("started_at")
        deadlines = started._plan({clock: 100 for clock in started})
        warnings = started._plan(
            {clock: clock._get_warning_percentage() for clock in started}
        )
        for clock in started:
            clock.deadline = clock._get_limited(deadlines.get(clock))
            clock.warning_at = warnings.get(clock)

    @api.depends("state", "deadline", "step_ids", "pause_ids.ended_at")
    def _compute_next_step_at(self):
        """When the next reminder is due, or a pause is over; nothing where the clock
        does not run."""
        self.next_step_at = False
        for clock in self.filtered(lambda clock: clock.state == "paused"):
            clock.next_step_at = clock.pause_ids._get_last().ended_at
        percentages = {
            clock: step[0]
            for clock in self.filtered(lambda clock: clock.state == "running")
            for step in clock._get_open_steps()[:1]
        }
        running = self.browse().union(*percentages)
        planned = running._plan(percentages)
        for clock in running:
            # the deadline was promised, whatever the calendar says by now
            promised = percentages[clock] == 100 or not planned.get(clock)
            clock.next_step_at = clock.deadline if promised else planned[clock]

    @api.depends(
        "started_at",
        "stopped_at",
        "state",
        "calendar_id",
        "pause_ids.paused_at",
        "pause_ids.ended_at",
        "lead_id.date_closed",
    )
    def _compute_waited(self):
        """Measure the wait from the start to the answer, in minutes.

        What is on record for the same start and answer stays: working hours that are
        changed later must not rewrite the reports.
        """
        ends = {clock: clock._get_end() for clock in self}
        changed = self.filtered(lambda clock: not clock._is_wait_recorded(ends[clock]))
        waited = changed._get_waited(ends)
        for clock in changed:
            clock.working_minutes, clock.paused_minutes, clock.wall_minutes = (
                waited.get(clock, (0, 0, 0))
            )

    def _is_wait_recorded(self, end):
        """Return whether the stored minutes are those of a wait until ``end``."""
        self.ensure_one()
        if not (self._origin and end and self.started_at) or self.pause_ids:
            return False
        return bool(self.wall_minutes) and (
            self.wall_minutes == (end - self.started_at).total_seconds() / 60
        )

    def _get_end(self):
        """When the customer's waiting was over: answered, or the inquiry was closed
        without an answer; False where it still runs or was none."""
        self.ensure_one()
        if self.stopped_at:
            return self.stopped_at
        closed_at = self.lead_id.date_closed
        if self.state != "cancelled" or self.waived_at or not closed_at:
            return False
        return not self._is_void() and max(self.started_at, closed_at)

    def _get_waited(self, ends):
        """How long customers waited.

        :param ends: naive UTC datetime until which it counts by clock; those with False
            are left out.
        :return: dict of (working minutes without pauses, working minutes of pauses,
            wall-clock minutes) by clock.
        """
        waited = {}
        ended = self.filtered(lambda clock: clock.started_at and ends.get(clock))
        for calendar, clocks in ended.grouped("calendar_id").items():
            working_time = calendar._get_working_time(
                min(clocks.mapped("started_at")), max(ends[clock] for clock in clocks)
            )
            for clock in clocks:
                span = (clock.started_at, ends[clock])
                paused = sum(
                    working_time.minutes_between(
                        max(pause.paused_at, span[0]),
                        min(pause.ended_at or span[1], span[1]),
                    )
                    for pause in clock.pause_ids
                )
                worked = working_time.minutes_between(*span)
                wall = (span[1] - span[0]).total_seconds() / 60
                waited[clock] = (worked - paused, paused, wall)
        return waited

    @api.depends("pause_ids")
    def _compute_pause_count(self):
        for clock in self:
            clock.pause_count = len(clock.pause_ids)

    def _plan(self, percentages):
        """When these parts of the allowed working time are used up.

        :param percentages: percentage (100 is the deadline) by clock.
        :return: naive UTC datetime by clock; without those for which there is none,
            because a pause has no end yet or the calendar has not enough hours.
        """
        planned = {}
        for calendar, clocks in self.grouped("calendar_id").items():
            requests = {}
            for clock in clocks:
                percentage = percentages[clock]
                if clock.promised_for and not percentage:
                    planned[clock] = clock._get_promise_reminder()
                elif clock.promised_for:
                    allowed = timedelta(minutes=clock.target_minutes)
                    planned[clock] = clock.promised_for + allowed * percentage / 100
                elif not percentage:
                    planned[clock] = clock.started_at
                else:
                    minutes = clock.target_minutes * percentage / 100
                    requests[clock] = clock._get_request(minutes)
            requests = {
                clock: request for clock, request in requests.items() if request
            }
            moments = calendar._plan_working_minutes(list(requests.values()))
            for clock, moment in zip(requests, moments, strict=True):
                if moment:
                    planned[clock] = moment
        return planned

    def _get_promise_reminder(self):
        """When to remind of a call-back: at the agreed moment, or where the station is
        closed then, shortly before it closes."""
        self.ensure_one()
        calendar, moment = self.calendar_id, self.promised_for
        if calendar._get_next_working_moment(moment) == moment:
            return moment
        earliest = max(self.started_at, moment - timedelta(days=7))
        span = calendar._get_working_time(earliest, moment).span(earliest, moment)
        if not span:
            return moment
        return max(span[0], span[1] - BEFORE_CLOSING)

    def _get_request(self, minutes):
        """From when on how many working minutes are left, pauses taken out: what was
        used before a pause stays used, the rest goes on after it.

        :param minutes: working minutes since the start, more than 0.
        :return: pair (naive UTC datetime, minutes), None while a pause has no end.
        """
        self.ensure_one()
        start = self.started_at
        for pause in self.pause_ids.sorted("paused_at"):
            working_time = self.calendar_id._get_working_time(start, pause.paused_at)
            used = working_time.minutes_between(start, pause.paused_at)
            if used >= minutes:
                break
            if not pause.ended_at:
                return None
            # pauses never overlap: each begins on a running clock
            minutes -= used
            start = max(pause.ended_at, start)
        return start, minutes

    def _get_limited(self, deadline):
        """The deadline, or earlier: the company's lead time before the campaign that
        the customer named, but some minutes an answer always has.

        :param deadline: naive UTC datetime, or None where there is none.
        """
        self.ensure_one()
        lead = self.lead_id
        if not deadline or self.kind != "first_contact" or not lead.campaign_start:
            return deadline
        days = lead._get_response_company().campaign_lead_days
        calendar = self.calendar_id
        if days and lead.campaign_start <= calendar._get_local_day(self.started_at):
            limit = self.started_at  # long over, or a slip of the keyboard
        else:
            limit = calendar._get_working_day_before(lead.campaign_start, days)
        if not limit or limit >= deadline:
            return deadline
        least = self.calendar_id._plan_working_minutes(
            [(self.started_at, LEAST_MINUTES)]
        )[0]
        return max(limit, min(least or limit, deadline))

    def _get_warning_percentage(self):
        """When the card shows the inquiry as urgent: at the first of the reminders,
        usually the one that shows on the card only."""
        self.ensure_one()
        return min((step[0] for step in self.planned_steps or []), default=100)

    def _get_open_steps(self):
        """The reminders (percentage, action) that do something and were not done yet,
        in order."""
        self.ensure_one()
        done = {(step.percentage, step.action) for step in self.sudo().step_ids}
        return [
            (percentage, action)
            for percentage, action in self.planned_steps or []
            if action != "card" and (percentage, action) not in done
        ]

    def _pause(self, now, ended_at, reason, is_by_stage=False):
        """Let these clocks stand still from now on.

        :param ended_at: naive UTC datetime, False where somebody has to end it.
        """
        self.env["radio.sla.pause"].create(
            [
                {
                    "clock_id": clock.id,
                    "paused_at": now,
                    "ended_at": ended_at,
                    "reason": reason,
                    "is_by_stage": is_by_stage,
                    "user_id": self.env.uid,
                }
                for clock in self
            ]
        )
