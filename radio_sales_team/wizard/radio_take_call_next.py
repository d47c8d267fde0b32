from datetime import time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.time_of_day import parse_time, to_utc

# Inside of working hours anywhere, for a call-back at any time of a day.
NOON = time(12)
# Days from today that are proposed.
PROPOSED_DAYS = {"keep": 7, "to_do": 1, "wait": 7}


class RadioTakeCall(models.TransientModel):
    """What happens next, by whom and when."""

    _inherit = "radio.take.call"

    next_step = fields.Selection(
        selection=[
            ("call_back", "Call back"),
            ("next_try", "Next try"),
            ("to_do", "To do"),
            ("wait", "Waiting for the customer"),
            ("nothing", "Nothing more"),
        ],
        compute="_compute_next_step",
        store=True,
        readonly=False,
    )
    next_user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    next_date = fields.Date(
        string="On",
        compute="_compute_next_date",
        store=True,
        readonly=False,
    )
    next_when = fields.Selection(
        selection=[
            ("tomorrow", "Tomorrow"),
            ("next_week", "In a week"),
            ("next_month", "In a month"),
        ],
        help="The usual days, with one click.",
    )
    next_half = fields.Selection(
        selection=[("morning", "in the morning"), ("afternoon", "in the afternoon")],
        compute="_compute_next_date",
        store=True,
        readonly=False,
    )
    next_time = fields.Char(string="At", help="Empty: at any time on that day.")
    next_channel = fields.Selection(
        selection=[("phone", "Call"), ("email", "Write")],
        compute="_compute_next_date",
        store=True,
        readonly=False,
    )
    next_note = fields.Char()

    @api.depends("outcome")
    def _compute_next_step(self):
        """After a try that reached nobody comes the next one."""
        for call in self:
            if call.outcome == "not_reached":
                call.next_step = call.next_step or "next_try"
            elif call.next_step == "next_try":
                call.next_step = False

    @api.depends("next_step", "channel", "attempted_at", "lead_id")
    def _compute_next_date(self):
        today = self.env.company._get_local_day()
        for call in self:
            if call.next_step == "next_try" and call.attempted_at:
                way, day, is_morning = call._get_tried_lead()._get_next_try(
                    call.channel, call.attempted_at
                )
                call.next_channel = way
                call.next_date = day
                call.next_half = "morning" if is_morning else "afternoon"
            elif call.next_step == "call_back":
                call.next_date = call._get_next_hour().date()
            elif call.next_step in PROPOSED_DAYS:
                days = PROPOSED_DAYS[call.next_step]
                call.next_date = today + timedelta(days=days)

    def _get_next_hour(self):
        """When an hour of work has passed: before closing there is no time any more to
        call back on the same day."""
        now = fields.Datetime.now()
        # sudo: resource.calendar - when the station works is no secret
        calendar = self._get_tried_lead().sudo()._get_clock_calendar()
        moment = calendar and calendar._plan_working_minutes([(now, 60)])[0]
        return fields.Datetime.context_timestamp(self, moment or now)

    @api.onchange("next_when")
    def _onchange_next_when(self):
        days = {
            "tomorrow": relativedelta(days=1),
            "next_week": relativedelta(weeks=1),
            "next_month": relativedelta(months=1),
        }
        if self.next_when:
            today = self.env.company._get_local_day()
            self.next_date = today + days[self.next_when]

    def _get_tried_lead(self):
        """The inquiry, or what it will be."""
        self.ensure_one()
        lead = self.lead_id
        return lead or lead.new(
            {"team_id": self.team_id.id, **self._prepare_caller_vals()}
        )

    def _check_next_step(self):
        """:raises UserError: where nobody would know what, when, or why."""
        if not self.next_step and not self.is_log:
            raise UserError(
                self.env._("Please choose what happens next, or “Nothing more”.")
            )
        if self.next_step in (False, "nothing"):
            return
        if not self.next_date:
            raise UserError(self.env._("Please enter on which day the next step is."))
        if self.next_step == "wait" and not self.next_note:
            raise UserError(
                self.env._("Please enter what you are waiting for from the customer.")
            )
        if self.next_step == "call_back":
            self._get_due_at()

    def _get_due_at(self):
        """When to call back, as a naive UTC datetime.

        :raises UserError: where the time of day cannot be read.
        """
        at = NOON
        if self.next_time:
            try:
                at = parse_time(self.next_time)
            except ValueError as error:
                raise UserError(
                    self.env._(
                        "“%s” is no time of day. Write it like 15:30, or leave it "
                        "empty for any time on that day.",
                        self.next_time,
                    )
                ) from error
        return to_utc(self.next_date, at, self.env.user.tz)

    def _make_next_step(self, lead):
        user = self.next_user_id or self.env.user
        if self.next_step == "call_back":
            lead._make_promise(
                self._get_due_at(),
                user=user,
                whole_day=not self.next_time,
                note=self.next_note or False,
            )
        elif self.next_step == "next_try":
            is_morning = self.next_half == "morning"
            lead._schedule_next_try(
                self.next_channel or "phone", self.next_date, is_morning, user
            )
        elif self.next_step == "to_do":
            self._schedule_to_do(lead, self.next_note or self._get_title(), user)
        elif self.next_step == "wait":
            self._wait(lead)
        elif self.next_step == "nothing":
            lead._close_next_tries()
            lead.action_drop_promise()

    def _wait(self, lead):
        """While an answer is due, the clock waits too; afterwards somebody has to think
        of it."""
        # sudo: radio.sla.clock - whether one runs, whoever may read it
        if lead.sudo()._get_open_clocks(("first_contact", "next_reply")):
            lead._wait_for_customer(self.next_date, self.next_note)
        else:
            summary = self.env._("Waiting for the customer: %s", self.next_note)
            self._schedule_to_do(lead, summary, self.next_user_id or self.env.user)

    def _schedule_to_do(self, lead, summary, user):
        lead.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.next_date,
            summary=summary,
            user_id=user.id,
        )
