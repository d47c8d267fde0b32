from odoo import api, fields, models
from odoo.tools import SQL

# What PostgreSQL calls ordered-set aggregates; Odoo's pivot, graph and list take any
# aggregator that the server knows.
PERCENTILES = {"median": 0.5, "p90": 0.9}


class RadioReportMixin(models.AbstractModel):
    """What reports on inquiries share: middle values, and who may see what.

    **Who may see what.** A row shows no person but whoever looks, unless its company
    evaluates response times per person; a row of no company counts as one of a company
    that does not, unless all do. Small teams are not named either, see
    ``crm.team._get_withheld_ids``, nor is the policy by which they could be told. The
    inquiry is a plain number, not a relation, so that no filter or group-by finds a way
    through it to a person. Sellers have the rows of their own inquiries, the back
    office and leaders those of their teams, who sees all leads all of them.
    """

    _name = "radio.report.mixin"
    _description = "Reports on Inquiries"

    lead_number = fields.Integer(
        string="Inquiry No.",
        readonly=True,
        aggregator=None,
    )
    name = fields.Char(string="Inquiry", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        readonly=True,
        help="Empty for teams that are too small to be named (Settings > CRM > "
        "Response Times): they are counted together.",
    )
    is_own = fields.Boolean(
        string="Mine",
        readonly=True,
        help="I am the salesperson, or lead the team.",
    )
    is_of_my_team = fields.Boolean(
        string="My Teams",
        readonly=True,
        help="I am in the team, or answer the inquiry for the back office.",
    )

    def action_open_lead(self):
        """Open the inquiry of a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_number,
            "view_mode": "form",
        }

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, aggregator = aggregate_spec.partition(":")
        if aggregator not in PERCENTILES or name not in self._fields:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
            PERCENTILES[aggregator],
            self._field_to_sql(self._table, name, query),
        )

    @api.model
    def _select_common(self):
        """The columns of this mixin, of ``clock`` and ``lead``."""
        user = self.env.user
        teams = self.env["crm.team"].sudo().with_context(active_test=False)
        led = teams.search([("user_id", "=", user.id)]).ids
        return SQL(
            """clock.id,
               clock.lead_id AS lead_number,
               lead.name,
               clock.company_id,
               %(team)s AS team_id,
               (lead.user_id = %(uid)s OR clock.team_id = ANY(%(led)s)) IS TRUE
                   AS is_own,
               (lead.back_office_user_id = %(uid)s OR clock.team_id = ANY(%(teams)s))
                   IS TRUE AS is_of_my_team""",
            team=self._mask_team(SQL("clock.team_id")),
            uid=user.id,
            led=led,
            teams=user.sudo().crm_team_ids.ids,
        )

    @api.model
    def _mask_team(self, column):
        """A column that could tell a small team, empty on its rows."""
        withheld = self.env["crm.team"]._get_withheld_ids()
        if not withheld:
            return column
        return SQL(
            "CASE WHEN (clock.team_id = ANY(%s)) IS NOT TRUE THEN %s END",
            withheld,
            column,
        )

    @api.model
    def _mask_user(self, column):
        """A column with a person, empty where that may not be seen."""
        companies = self.env["res.company"]
        evaluating = list(companies._get_evaluating_ids())
        if self.env.companies._is_evaluating():
            evaluating.append(0)
        return SQL(
            """CASE WHEN COALESCE(clock.company_id, 0) = ANY(%s) OR %s = %s
                    THEN %s END""",
            evaluating,
            column,
            self.env.uid,
            column,
        )

    @api.model
    def _where_promised(self):
        """Clocks that were a promise: not those that ended because there was nothing to
        answer (no sales inquiry, no reply needed, the seller changed). The same as
        ``radio.sla.clock._is_void`` and ``waived_at``, for those that ended."""
        return SQL(
            """clock.started_at IS NOT NULL
               AND (clock.state <> 'cancelled'
                    OR clock.waived_at IS NULL
                    AND lead.no_inquiry_kind_id IS NULL
                    AND (clock.kind <> 'first_contact' OR lead.is_inquiry)
                    AND (clock.kind <> 'seller_contact'
                         OR clock.is_nameless
                         OR lead.user_id = clock.promised_by_id))"""
        )
