from odoo import api, fields, models
from odoo.tools import SQL

from .late import is_late, late_sql, overdue_domain
from .radio_sla_policy import CLOCK_KINDS


class CrmLead(models.Model):
    """The clocks of an inquiry, and what they say about it."""

    _inherit = "crm.lead"

    # the clocks
    sla_clock_ids = fields.One2many(
        comodel_name="radio.sla.clock",
        inverse_name="lead_id",
        string="Response Times",
        copy=False,
    )
    first_contact_deadline = fields.Datetime(
        compute="_compute_sla_deadlines",
        store=True,
        copy=False,
        help="Until when the first contact was promised.",
    )
    sla_deadline = fields.Datetime(
        string="Answer Until",
        compute="_compute_sla_deadlines",
        store=True,
        copy=False,
        help="The earliest promise to this customer that is still open.",
    )
    sla_kind = fields.Selection(
        selection=CLOCK_KINDS,
        string="What Is Owed",
        compute="_compute_sla_deadlines",
        store=True,
        copy=False,
        help="The promise that is the next to be kept.",
    )
    is_chased = fields.Boolean(
        string="Asked Again",
        compute="_compute_is_chased",
        store=True,
        copy=False,
        help="The customer asked again while they were waiting.",
    )
    campaign_start = fields.Date(
        copy=False,
        help="When the customer wants to be on air. The answer comes early enough "
        "before it, however much time there would be else.",
    )
    sla_status = fields.Selection(
        selection=[
            ("overdue", "Overdue"),
            ("waiting", "Waiting"),
            ("late", "Answered late"),
            ("in_time", "Answered in time"),
        ],
        string="Response Status",
        compute="_compute_sla_status",
        search="_search_sla_status",
    )

    _sla_deadline_idx = models.Index("(sla_deadline) WHERE sla_deadline IS NOT NULL")
    _no_contact_idx = models.Index(
        "(received_at) WHERE is_inquiry IS TRUE AND first_contact_at IS NULL"
    )

    @api.depends("sla_clock_ids.deadline", "sla_clock_ids.state")
    def _compute_sla_deadlines(self):
        for lead in self:
            first = lead._get_first_contact_clock()
            lead.first_contact_deadline = first.state != "cancelled" and first.deadline
            waiting = lead.sla_clock_ids.filtered(
                lambda clock: clock.state in ("running", "paused") and clock.deadline
            )
            next_clock = waiting.sorted(lambda clock: (clock.deadline, clock.id))[:1]
            lead.sla_deadline = next_clock.deadline
            lead.sla_kind = next_clock.kind

    @api.depends(
        "sla_clock_ids.started_at",
        "sla_clock_ids.state",
        "asked_again_at",
        "first_contact_at",
        "is_inquiry",
        "received_at",
        "active",
        "won_status",
    )
    def _compute_is_chased(self):
        for lead in self:
            lead.is_chased = lead._is_asked_again()

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let people group and sort by the response status, which no column keeps: it
        is true for the second in which it is asked."""
        if field_expr != "sla_status":
            return super()._field_to_sql(alias, field_expr, query)
        now = fields.Datetime.now()
        open_until = self._field_to_sql(alias, "sla_deadline", query)
        promised = self._field_to_sql(alias, "first_contact_deadline", query)
        answered = self._field_to_sql(alias, "first_contact_at", query)
        return SQL(
            """CASE WHEN %s IS NOT NULL
                    THEN CASE WHEN %s THEN 'overdue' ELSE 'waiting' END
                    WHEN %s IS NOT NULL
                    THEN CASE WHEN %s THEN 'late' ELSE 'in_time' END END""",
            open_until,
            late_sql(open_until, SQL("NULL::timestamp"), now),
            promised,
            late_sql(promised, answered, now),
        )

    @api.depends("sla_deadline", "first_contact_deadline", "first_contact_at")
    def _compute_sla_status(self):
        now = fields.Datetime.now()
        for lead in self:
            if lead.sla_deadline:
                late = is_late(lead.sla_deadline, False, now)
                lead.sla_status = "overdue" if late else "waiting"
            elif lead.first_contact_deadline:
                late = is_late(lead.first_contact_deadline, lead.first_contact_at, now)
                lead.sla_status = "late" if late else "in_time"
            else:
                lead.sla_status = False

    def _search_sla_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        is_open = fields.Domain("sla_deadline", "!=", False)
        answered = ~is_open & fields.Domain("first_contact_deadline", "!=", False)
        late = fields.Domain.custom(
            to_sql=lambda model, alias, query: late_sql(
                model._field_to_sql(alias, "first_contact_deadline", query),
                model._field_to_sql(alias, "first_contact_at", query),
                now,
            )
        )
        overdue = overdue_domain("sla_deadline", now)
        by_status = {
            "overdue": overdue,
            "waiting": is_open & ~overdue,
            "late": answered & late,
            "in_time": answered & ~late,
            False: ~is_open & fields.Domain("first_contact_deadline", "=", False),
        }
        return fields.Domain.OR(
            by_status.get(status, fields.Domain.FALSE) for status in value
        )

    def _is_waiting_open(self):
        """Whether somebody could still answer: an inquiry that is not won, lost or
        archived."""
        self.ensure_one()
        return self.is_inquiry and self._is_open()

    def _is_open(self):
        """Whether this lead is neither won, nor lost, nor archived."""
        self.ensure_one()
        return self.active and self.won_status == "pending"

    def _get_first_contact_clock(self):
        """The clock of the first contact, empty where no policy promised one."""
        return self.sla_clock_ids.filtered(lambda clock: clock.kind == "first_contact")
