from odoo import api, fields, models
from odoo.tools import SQL

# What is counted for a measure of hand-overs: nothing else has a time or an answer.
MEASURES = {
    "answer_hours": """AVG(%(hours)s) FILTER (
        WHERE %(state)s IN ('accepted', 'declined'))""",
    "accept_hours": "AVG(%(hours)s) FILTER (WHERE %(state)s = 'accepted')",
    "accept_rate": """100.0 * COUNT(*) FILTER (WHERE %(state)s = 'accepted')
        / NULLIF(COUNT(*) FILTER (
            WHERE %(state)s IN ('accepted', 'declined', 'expired')), 0)""",
}


class RadioHandover(models.Model):
    """How many hand-overs are accepted, and how fast."""

    _inherit = "radio.handover"
    _evaluated_facts = frozenset(
        {"accept_hours", "answer_hours", "answered_at", "is_late"}
    )

    accept_hours = fields.Float(
        string="Hours to Accept",
        related="answer_hours",
        aggregator="avg",
        help="Of those that were taken over.",
    )
    accept_rate = fields.Float(
        string="Taken Over (%)",
        compute="_compute_accept_rate",
        aggregator="avg",
        help="Of those that were taken over, declined or not answered in time.",
    )

    @api.depends("state")
    def _compute_accept_rate(self):
        for handover in self:
            handover.accept_rate = 100 if handover.state == "accepted" else 0

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, aggregator = aggregate_spec.partition(":")
        if name not in MEASURES or aggregator != "avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            MEASURES[name],
            hours=self._field_to_sql(self._table, "answer_hours", query),
            state=self._field_to_sql(self._table, "state", query),
        )
