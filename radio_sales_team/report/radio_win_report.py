from odoo import api, fields, models
from odoo.tools import SQL

from ..models.response.crm_lead import INQUIRY_CHANNELS

# Upper bounds of the bands in working minutes; a day is one of eight working hours.
BANDS = [
    ("1_quarter", "Within 15 minutes", 15),
    ("2_hour", "Within 1 hour", 60),
    ("3_half", "Within 4 hours", 240),
    ("4_day", "Within 1 working day", 480),
    ("5_later", "Later", None),
    ("6_never", "Never", None),
]


class RadioWinReport(models.Model):
    """What slow costs us: a row for each inquiry, with how fast the first contact was,
    and what became of it.

    The win rate counts what is decided, won or lost. How many cases there are stands
    beside it, as few cases are noise. That the fast ones are won more often does not
    prove that they were won because of it.
    """

    _name = "radio.win.report"
    _inherit = ["radio.report.mixin"]
    _description = "What Slow Costs Us"
    _auto = False
    _order = "started_at desc, id desc"
    _rec_name = "name"
    _depends = {
        "radio.sla.clock": [
            "company_id",
            "is_nameless",
            "kind",
            "lead_id",
            "promised_by_id",
            "started_at",
            "state",
            "stopped_at",
            "team_id",
            "waived_at",
            "working_minutes",
        ],
        "crm.lead": [
            "back_office_user_id",
            "expected_revenue",
            "inquiry_channel",
            "is_inquiry",
            "name",
            "no_inquiry_kind_id",
            "user_id",
            "won_status",
        ],
        "res.company": ["currency_id"],
    }

    inquiry_channel = fields.Selection(
        selection=INQUIRY_CHANNELS, string="Came In By", readonly=True
    )
    started_at = fields.Datetime(string="Asked On", readonly=True)
    band = fields.Selection(
        selection=[band[:2] for band in BANDS],
        string="First Contact",
        readonly=True,
        help="In working hours. Never: nobody has spoken to the customer so far.",
    )
    outcome = fields.Selection(
        selection=[("won", "Won"), ("lost", "Lost"), ("pending", "Open")],
        readonly=True,
    )
    win_rate = fields.Float(
        string="Win Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Of all that are won or lost.",
    )
    decided_count = fields.Integer(string="Won or Lost", readonly=True)
    won_revenue = fields.Monetary(string="Revenue Won", readonly=True)
    revenue_per_inquiry = fields.Monetary(
        string="Revenue per Inquiry",
        readonly=True,
        aggregator="avg",
        help="Revenue won, divided by all inquiries that are won or lost.",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)

    @property
    def _table_query(self):
        decided = SQL("lead.won_status IN ('won', 'lost')")
        won = SQL("lead.won_status = 'won'")
        revenue = SQL(
            "CASE WHEN %s THEN COALESCE(lead.expected_revenue, 0) ELSE 0 END", won
        )
        return SQL(
            """SELECT %(common)s, lead.inquiry_channel, clock.started_at,
                   %(band)s AS band,
                   COALESCE(lead.won_status, 'pending') AS outcome,
                   CASE WHEN %(won)s THEN 100.0 WHEN %(decided)s THEN 0.0 END
                       AS win_rate,
                   CASE WHEN %(decided)s THEN 1 ELSE 0 END AS decided_count,
                   %(revenue)s AS won_revenue,
                   CASE WHEN %(decided)s THEN %(revenue)s END AS revenue_per_inquiry,
                   company.currency_id
               FROM radio_sla_clock clock
               JOIN crm_lead lead ON lead.id = clock.lead_id
               JOIN res_company company
                 ON company.id = COALESCE(clock.company_id, %(main)s)
               WHERE clock.kind = 'first_contact' AND %(where)s""",
            common=self._select_common(),
            band=self._select_band(),
            won=won,
            decided=decided,
            revenue=revenue,
            main=self.env["crm.lead"]._get_main_company().id,
            where=self._where_promised(),
        )

    @api.model
    def _select_band(self):
        bounds = SQL(" ").join(
            SQL("WHEN clock.working_minutes <= %s THEN %s", minutes, name)
            for name, _label, minutes in BANDS
            if minutes
        )
        return SQL(
            """CASE WHEN clock.stopped_at IS NULL THEN '6_never' %s
                    ELSE '5_later' END""",
            bounds,
        )
