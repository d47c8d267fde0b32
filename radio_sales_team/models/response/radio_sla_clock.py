from odoo import api, fields, models

from .late import is_late, late_sql
from .radio_evaluation_mixin import RECORDED_BY
from .radio_sla_policy import CLOCK_KINDS


class RadioSlaClock(models.Model):
    """A promise to a customer: when it began, until when it holds, when it was kept.

    Target, calendar and reminders are copied from the policy when the clock starts.
    Everything else follows from facts: the end from the contact attempts, the state
    from them and from the lead. So correcting a fact corrects the clock, and nothing
    has to be remembered to be kept in step.

    What starts the kinds:

    - ``first_contact``: the inquiry itself, when it was received.
    - ``seller_contact``: a hand-over to a seller (``promised_by_id``).
    - ``next_reply``: the oldest message of the customer that nobody answered yet.
    - ``promise``: a colleague's word to call at a moment (``promised_for``).
    """

    _name = "radio.sla.clock"
    _inherit = ["radio.evaluation.mixin"]
    _description = "Response-Time Clock"
    _order = "deadline, id"
    _evaluated_people = RECORDED_BY | {"user_id", "promised_by_id", "waived_user_id"}
    _evaluated_facts = frozenset(
        {"is_late", "stopped_at", "wall_minutes", "working_minutes"}
    )

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Inquiry",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(selection=CLOCK_KINDS, string="Promise", required=True)
    company_id = fields.Many2one(
        related="lead_id.company_id", store=True, precompute=True
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        compute="_compute_team",
        store=True,
        precompute=True,
        help="The sales team that has answered, or is to answer.",
    )
    response_company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_team",
        store=True,
        precompute=True,
        help="The company that has answered, or is to answer.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        precompute=True,
        help="Who is to answer: the back-office owner, else the salesperson; for a "
        "call-back whoever promised it, after a hand-over the seller.",
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
        help="Working minutes that were allowed when the clock started; for a "
        "call-back minutes after the agreed moment.",
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
    planned_steps = fields.Json(
        help="The policy's reminders when the clock started: percentage and action.",
    )

    # facts
    begun_at = fields.Datetime(
        help="When the customer wrote, or the call-back was promised. The inquiry "
        "itself says when it was received.",
    )
    promised_by_id = fields.Many2one(comodel_name="res.users")
    promised_for = fields.Datetime(
        help="When the customer expects the call.",
    )
    is_whole_day = fields.Boolean(
        help="The customer expects the call some time on that day.",
    )
    is_after_end = fields.Boolean(
        string="Begun After the End",
        help="The inquiry was over when this clock started: the customer wrote into "
        "an old conversation. That it is over does not end this clock.",
    )
    waived_at = fields.Datetime(
        string="No Reply Needed Since",
        help="Somebody decided that this needs no answer any more.",
    )
    is_nameless = fields.Boolean(
        string="Names Taken Off",
        help="So long ago that nobody needs to know who was responsible.",
    )
    waived_user_id = fields.Many2one(comodel_name="res.users", string="Decided By")
    pause_ids = fields.One2many(
        comodel_name="radio.sla.pause", inverse_name="clock_id", string="Pause History"
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
        help="Working minutes from the start to the answer, pauses taken out.",
    )
    wall_minutes = fields.Float(
        string="Waited (Minutes)",
        compute="_compute_waited",
        store=True,
        precompute=True,
        aggregator="avg",
        help="Minutes from the start to the answer, nights, weekends and pauses "
        "included: what the customer felt.",
    )
    pause_count = fields.Integer(
        string="Pauses",
        compute="_compute_pause_count",
        store=True,
        precompute=True,
        help="How often the answer waited for the customer.",
    )
    paused_minutes = fields.Float(
        string="Paused (Working Minutes)",
        compute="_compute_waited",
        store=True,
        precompute=True,
        aggregator="avg",
        help="Working minutes in which the answer waited for the customer.",
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
        string="Reminders Done",
        groups="sales_team.group_sale_manager",
    )

    _one_first_contact = models.UniqueIndex(
        "(lead_id) WHERE kind = 'first_contact'",
        "This inquiry has its clock for the first contact already.",
    )
    # what reports on a week or a month read
    _started_idx = models.Index("(started_at)")
    _due_idx = models.Index("(next_step_at) WHERE next_step_at IS NOT NULL")
    _open_idx = models.Index("(lead_id, kind) WHERE state IN ('running', 'paused')")

    @api.depends("kind", "lead_id.name", "promised_for")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        now = fields.Datetime.now()
        for clock in self.sudo():
            words = [kinds.get(clock.kind), clock.lead_id.name]
            if clock.promised_for:
                words.append(clock.lead_id._format_moment(clock.promised_for, now))
            clock.display_name = " · ".join(filter(None, words))

    @api.depends("lead_id.received_at", "begun_at")
    def _compute_started_at(self):
        for clock in self:
            clock.started_at = clock.begun_at or clock.lead_id.received_at

    @api.depends("lead_id.back_office_user_id", "lead_id.user_id", "promised_by_id")
    def _compute_user_id(self):
        for clock in self:
            if clock.is_nameless or (clock.stopped_at and clock.user_id):
                continue  # who was responsible then stays on the record
            clock.user_id = (
                clock.promised_by_id
                or clock.lead_id.back_office_user_id
                or clock.lead_id.user_id
            )

    @api.depends("lead_id.team_id", "lead_id.company_id")
    def _compute_team(self):
        for clock in self:
            if clock.stopped_at and clock.response_company_id:
                continue  # who answered stays on the record
            clock.team_id = clock.lead_id.team_id
            clock.response_company_id = clock.lead_id._get_response_company()

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
