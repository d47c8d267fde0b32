from odoo import api, fields, models

from .late import is_late, late_sql


class RadioSlaClock(models.Model):
    """A promise to a customer: when it began, until when it holds, when it was kept.

    Target and calendar are copied from the policy when the clock starts. Everything
    else follows from facts: the start from when the inquiry was received, the end from
    the contact attempts, the state from both and from the lead. So correcting a fact
    corrects the clock, and nothing has to be remembered to be kept in step.
    """

    _name = "radio.sla.clock"
    _description = "Response-Time Clock"
    _order = "deadline, id"

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Inquiry",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[("first_contact", "First contact")],
        string="Promise",
        required=True,
    )
    company_id = fields.Many2one(
        related="lead_id.company_id", store=True, precompute=True
    )
    team_id = fields.Many2one(related="lead_id.team_id", store=True, precompute=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        precompute=True,
        help="Who was to answer: the back-office owner, else the salesperson.",
    )

    # frozen at start
    policy_id = fields.Many2one(
        comodel_name="radio.sla.policy",
        index=True,
        # policies in use cannot be deleted; only removing the addon comes here
        ondelete="set null",
    )
    target_minutes = fields.Integer(
        required=True,
        help="Working minutes that were allowed when the clock started.",
    )
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        required=True,
        ondelete="restrict",
    )
    stop_on = fields.Selection(
        selection=[("attempt", "Attempt"), ("reached", "Reached")],
        string="Counts as Answer",
        required=True,
    )

    # follow from the facts
    started_at = fields.Datetime(
        string="Started",
        compute="_compute_started_at",
        store=True,
        precompute=True,
    )
    warning_at = fields.Datetime(
        string="Shown As Urgent",
        compute="_compute_deadline",
        store=True,
        precompute=True,
    )
    deadline = fields.Datetime(compute="_compute_deadline", store=True, precompute=True)
    stopped_at = fields.Datetime(
        string="Answered", compute="_compute_stopped_at", store=True, precompute=True
    )
    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        precompute=True,
    )
    next_step_at = fields.Datetime(
        string="Next Reminder",
        compute="_compute_next_step_at",
        store=True,
        precompute=True,
    )
    working_minutes = fields.Float(
        string="Waited (Working Minutes)",
        compute="_compute_waited",
        store=True,
        precompute=True,
        aggregator="avg",
        help="Working minutes from the start to the answer.",
    )
    wall_minutes = fields.Float(
        string="Waited (Minutes)",
        compute="_compute_waited",
        store=True,
        precompute=True,
        aggregator="avg",
        help="Minutes from the start to the answer, nights and weekends included: "
        "what the customer felt.",
    )
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Answered after the deadline, or still open after it.",
    )
    step_ids = fields.One2many(
        comodel_name="radio.sla.step",
        inverse_name="clock_id",
        string="Reminders Sent",
        groups="sales_team.group_sale_manager",
    )

    _one_first_contact = models.UniqueIndex(
        "(lead_id) WHERE kind = 'first_contact'",
        "This inquiry has its clock for the first contact already.",
    )
    _due_idx = models.Index("(next_step_at) WHERE next_step_at IS NOT NULL")

    @api.depends("lead_id.received_at")
    def _compute_started_at(self):
        for clock in self:
            clock.started_at = clock.lead_id.received_at

    @api.depends("lead_id.back_office_user_id", "lead_id.user_id")
    def _compute_user_id(self):
        for clock in self:
            if clock.stopped_at and clock.user_id:
                continue  # who was responsible then stays on the record
            clock.user_id = clock.lead_id.back_office_user_id or clock.lead_id.user_id

    @api.depends("started_at", "target_minutes", "calendar_id")
    def _compute_deadline(self):
        """Plan all clocks of a batch with one reading of each calendar."""
        self.deadline = self.warning_at = False
        started = self.filtered("started_at")
        for calendar, clocks in started.grouped("calendar_id").items():
            requests = []
            for clock in clocks:
                requests.append((clock.started_at, clock.target_minutes))
                requests.append((clock.started_at, clock._get_warning_minutes()))
            planned = calendar._plan_working_minutes(requests)
            for clock, deadline, warning in zip(
                clocks, planned[::2], planned[1::2], strict=True
            ):
                clock.deadline = deadline
                clock.warning_at = warning

    @api.depends("lead_id.first_contact_at")
    def _compute_stopped_at(self):
        for clock in self:
            clock.stopped_at = clock.lead_id.first_contact_at

    @api.depends(
        "stopped_at", "lead_id.is_inquiry", "lead_id.active", "lead_id.won_status"
    )
    def _compute_state(self):
        for clock in self:
            if clock.stopped_at:
                clock.state = "done"
            elif clock.lead_id._is_waiting_open():
                clock.state = "running"
            else:
                clock.state = "cancelled"

    @api.depends("state", "deadline", "step_ids")
    def _compute_next_step_at(self):
        """When the next reminder is due; nothing where the clock does not run."""
        self.next_step_at = False
        running = self.filtered(lambda clock: clock.state == "running")
        for calendar, clocks in running.grouped("calendar_id").items():
            upcoming = [
                (clock, step)
                for clock in clocks
                for step in clock._get_open_steps()[:1]
            ]
            planned = calendar._plan_working_minutes(
                [
                    (clock.started_at, clock.target_minutes * step.percentage / 100)
                    for clock, step in upcoming
                ]
            )
            for (clock, step), moment in zip(upcoming, planned, strict=True):
                # the deadline was promised, whatever the calendar says by now
                promised = step.percentage == 100 or not moment
                clock.next_step_at = clock.deadline if promised else moment

    @api.depends("started_at", "stopped_at", "calendar_id")
    def _compute_waited(self):
        stopped = self.filtered("stopped_at")
        (self - stopped).working_minutes = (self - stopped).wall_minutes = 0
        for calendar, clocks in stopped.grouped("calendar_id").items():
            working_time = calendar._get_working_time(
                min(clocks.mapped("started_at")), max(clocks.mapped("stopped_at"))
            )
            for clock in clocks:
                span = (clock.started_at, clock.stopped_at)
                clock.working_minutes = working_time.minutes_between(*span)
                clock.wall_minutes = (span[1] - span[0]).total_seconds() / 60

    @api.depends("deadline", "stopped_at", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for clock in self:
            clock.is_late = clock.state != "cancelled" and is_late(
                clock.deadline, clock.stopped_at, now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        late = fields.Domain("state", "!=", "cancelled") & fields.Domain.custom(
            to_sql=lambda model, alias, query: late_sql(
                model._field_to_sql(alias, "deadline", query),
                model._field_to_sql(alias, "stopped_at", query),
                now,
            )
        )
        return late if True in value else ~late

    def _get_warning_minutes(self):
        """Working minutes after which the card shows the inquiry as urgent: the
        policy's first step, usually the one that shows on the card only."""
        self.ensure_one()
        steps = self.policy_id._get_steps(self.policy_id.id)
        percentage = min((step.percentage for step in steps), default=100)
        return self.target_minutes * percentage / 100

    def _get_open_steps(self):
        """The policy's steps that do something and were not done yet, in order."""
        self.ensure_one()
        done = {(step.percentage, step.action) for step in self.sudo().step_ids}
        return [
            step
            for step in self.policy_id._get_steps(self.policy_id.id)
            if step.action != "card" and (step.percentage, step.action) not in done
        ]

    def _get_answering_users(self):
        """Who answers: the owner, else the whole pool, else the team leader.

        :return: ``res.users``, those who can still log in.
        """
        self.ensure_one()
        owner = self.user_id.filtered("active")
        if owner:
            return owner
        team = self.team_id
        pool = team._get_back_office_user_ids(team.id) if team else ()
        return self.env["res.users"].browse(pool) or team.user_id.filtered("active")
