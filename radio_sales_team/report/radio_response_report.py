from odoo import api, fields, models
from odoo.tools import SQL

from ..models.response.crm_lead import INQUIRY_CHANNELS
from ..models.response.late import late_sql
from ..models.response.radio_sla_policy import CLOCK_KINDS
from ..tools.time_of_day import sql_to_local

WEEKDAYS = [
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
]
HOURS = [(f"{hour:02}", f"{hour:02}:00") for hour in range(24)]
RESULTS = [
    ("in_time", "In time"),
    ("late", "Late"),
    ("never", "Never"),
    ("waiting", "Still in time"),
]


class RadioResponseReport(models.Model):
    """How long customers waited: a row for each promise to a customer.

    Late is what ``late.py`` says. A promise that is open counts with the time so far,
    one whose inquiry was closed without an answer with the time until then, so that who
    was never answered does not vanish from the middle values. All minutes but the
    wall-clock ones are working minutes without pauses.
    """

    _name = "radio.response.report"
    _inherit = ["radio.report.mixin"]
    _description = "Response Times"
    _auto = False
    _order = "started_at desc, id desc"
    _rec_name = "name"
    _depends = {
        "radio.sla.clock": [
            "calendar_id",
            "company_id",
            "deadline",
            "is_nameless",
            "kind",
            "lead_id",
            "paused_minutes",
            "policy_id",
            "promised_by_id",
            "started_at",
            "state",
            "stopped_at",
            "team_id",
            "user_id",
            "waived_at",
            "wall_minutes",
            "working_minutes",
        ],
        "crm.lead": [
            "back_office_user_id",
            "date_closed",
            "first_contact_user_id",
            "inquiry_channel",
            "is_inquiry",
            "name",
            "no_inquiry_kind_id",
            "user_id",
        ],
        "resource.calendar": ["tz"],
    }

    kind = fields.Selection(selection=CLOCK_KINDS, string="Promise", readonly=True)
    inquiry_channel = fields.Selection(
        selection=INQUIRY_CHANNELS, string="Came In By", readonly=True
    )
    policy_id = fields.Many2one(comodel_name="radio.sla.policy", readonly=True)
    started_at = fields.Datetime(string="Asked On", readonly=True)
    weekday = fields.Selection(
        selection=WEEKDAYS, readonly=True, help="On which day the customer asked."
    )
    hour = fields.Selection(
        selection=HOURS,
        readonly=True,
        help="In which hour the customer asked, by the station's time.",
    )
    answered_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    responsible_id = fields.Many2one(comodel_name="res.users", readonly=True)

    # the outcome
    result = fields.Selection(
        selection=RESULTS,
        readonly=True,
        help="Never: overdue and still not answered, or closed without an answer.",
    )
    in_time_rate = fields.Float(
        string="In Time (%)",
        readonly=True,
        aggregator="avg",
        help="Of all that were answered, or should have been by now.",
    )
    working_minutes = fields.Float(
        string="Mean (Working Min.)", readonly=True, aggregator="avg"
    )
    working_median = fields.Float(
        string="Median (Working Min.)",
        readonly=True,
        aggregator="median",
        help="Half of the customers waited longer.",
    )
    working_p90 = fields.Float(
        string="90% Within (Working Min.)",
        readonly=True,
        aggregator="p90",
        help="One in ten customers waited longer.",
    )
    wall_minutes = fields.Float(
        string="Mean (Min.)",
        readonly=True,
        aggregator="avg",
        help="Nights, weekends and pauses included: what the customer felt.",
    )
    wall_median = fields.Float(
        string="Median (Min.)", readonly=True, aggregator="median"
    )
    wall_p90 = fields.Float(string="90% Within (Min.)", readonly=True, aggregator="p90")
    paused_minutes = fields.Float(
        string="Mean Pause (Working Min.)", readonly=True, aggregator="avg"
    )
    pause_share = fields.Float(
        string="Paused (%)",
        readonly=True,
        aggregator="avg",
        help="Of all working time from the questions to the answers: how much of it we "
        "waited for the customer.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """The share of pauses is one of the whole time, not a mean of shares."""
        if aggregate_spec != "pause_share:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%(paused)s) / NULLIF(SUM(%(paused)s + %(working)s), 0)",
            paused=self._field_to_sql(self._table, "paused_minutes", query),
            working=self._field_to_sql(self._table, "working_minutes", query),
        )

    @property
    def _table_query(self):
        return SQL(
            "SELECT %s, %s FROM %s WHERE %s",
            self._select_common(),
            self._select(),
            self._from(),
            self._where_promised(),
        )

    @api.model
    def _select(self):
        return SQL(
            """clock.kind, lead.inquiry_channel, %s AS policy_id, clock.started_at,
               EXTRACT(ISODOW FROM arrival.at)::int::text AS weekday,
               TO_CHAR(arrival.at, 'HH24') AS hour,
               %s AS answered_by_id, %s AS responsible_id,
               outcome.result,
               CASE outcome.result WHEN 'in_time' THEN 100.0
                   WHEN 'waiting' THEN NULL ELSE 0.0 END AS in_time_rate,
               waited.working AS working_minutes,
               waited.working AS working_median,
               waited.working AS working_p90,
               waited.wall AS wall_minutes,
               waited.wall AS wall_median,
               waited.wall AS wall_p90,
               waited.paused AS paused_minutes,
               100 * waited.paused / NULLIF(waited.paused + waited.working, 0)
                   AS pause_share""",
            self._mask_team(SQL("clock.policy_id")),
            self._mask_user(
                SQL(
                    """CASE WHEN clock.stopped_at IS NULL THEN NULL
                            WHEN clock.kind = 'first_contact'
                            THEN lead.first_contact_user_id
                            ELSE clock.promised_by_id END"""
                )
            ),
            self._mask_user(SQL("clock.user_id")),
        )

    @api.model
    def _from(self):
        now = fields.Datetime.now()
        late = late_sql(SQL("clock.deadline"), SQL("clock.stopped_at"), now)
        so_far = self._get_waited_so_far(now)
        return SQL(
            """radio_sla_clock clock
               JOIN crm_lead lead ON lead.id = clock.lead_id
               JOIN resource_calendar calendar ON calendar.id = clock.calendar_id
               LEFT JOIN unnest(%(ids)s::int[], %(working)s::float8[],
                                %(paused)s::float8[], %(wall)s::float8[])
                   AS so_far(clock_id, working, paused, wall)
                 ON so_far.clock_id = clock.id
               CROSS JOIN LATERAL (
                   SELECT %(arrived_at)s
               ) AS arrival(at)
               CROSS JOIN LATERAL (
                   SELECT CASE
                       WHEN clock.stopped_at IS NOT NULL
                       THEN CASE WHEN %(late)s THEN 'late' ELSE 'in_time' END
                       WHEN clock.state = 'cancelled' OR %(late)s THEN 'never'
                       ELSE 'waiting' END
               ) AS outcome(result)
               CROSS JOIN LATERAL (
                   SELECT clock.stopped_at IS NOT NULL
                       OR clock.state = 'cancelled' AND lead.date_closed IS NOT NULL
               ) AS ended(yes)
               CROSS JOIN LATERAL (
                   SELECT
                       CASE WHEN ended.yes THEN clock.working_minutes
                           ELSE so_far.working END,
                       CASE WHEN ended.yes THEN clock.paused_minutes
                           ELSE so_far.paused END,
                       CASE WHEN ended.yes THEN clock.wall_minutes
                           ELSE so_far.wall END
               ) AS waited(working, paused, wall)""",
            late=late,
            arrived_at=sql_to_local(SQL("clock.started_at"), SQL("calendar.tz")),
            **so_far,
        )

    @api.model
    def _get_waited_so_far(self, now):
        """The minutes of the promises that are open, which no column can keep."""
        # sudo: radio.sla.clock - minutes by id; which rows are seen is decided later
        clocks = self.env["radio.sla.clock"].sudo()
        clocks = clocks.search_fetch(
            [("state", "in", ("running", "paused")), ("started_at", "!=", False)],
            ["started_at", "calendar_id", "pause_count"],
        )
        waited = clocks._get_waited(
            {clock: max(clock.started_at, now) for clock in clocks}
        )
        working, paused, wall = (
            zip(*waited.values(), strict=True) if waited else ([],) * 3
        )
        return {
            "ids": [clock.id for clock in waited],
            "working": list(working),
            "paused": list(paused),
            "wall": list(wall),
        }
