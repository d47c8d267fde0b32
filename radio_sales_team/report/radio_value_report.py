from odoo import fields, models
from odoo.tools import SQL

from ..tools.time_of_day import sql_to_local


class RadioValueReport(models.Model):
    """What each person contributed: by person, role and month.

    *Credited* revenue is a won deal's revenue divided equally among its contributions,
    to the cent, so that it adds up to the team's; deals without any are nobody's.
    *Touched* revenue is the whole revenue of the deals that somebody contributed to: a
    deal counts once in each figure, so the total is less than the sum of its parts.

    Rows with pay are for whoever may see the ledger's line, see the record rules.
    """

    _name = "radio.value.report"
    _description = "What Everybody Contributed"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(comodel_name="res.users", string="Who", readonly=True)
    role_id = fields.Many2one(comodel_name="radio.contribution.role", readonly=True)
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    lead_id = fields.Many2one(
        comodel_name="crm.lead", string="Opportunity", readonly=True
    )
    date = fields.Date(readonly=True)
    kind = fields.Selection(
        selection=[
            ("deal", "Deal"),
            ("first_contact", "First contact"),
            ("signal", "Signal"),
            ("commission", "Commission"),
            ("bonus", "Bonus"),
        ],
        string="What",
        readonly=True,
    )
    is_pay = fields.Boolean(
        string="Pay", readonly=True, help="A line of the ledger, which few may see."
    )
    credited = fields.Monetary(
        string="Credited Revenue",
        readonly=True,
        help="Divided equally among all who contributed: adds up to the team's.",
    )
    touched = fields.Monetary(
        string="Touched Revenue",
        readonly=True,
        aggregator="once",
        help="The whole revenue of each deal that somebody contributed to. Each deal "
        "counts once in each figure, so the total is less than the sum of the lines.",
    )
    first_contacts = fields.Integer(readonly=True)
    signals = fields.Integer(string="Signals Raised", readonly=True)
    signals_won = fields.Integer(readonly=True)
    commission = fields.Monetary(readonly=True)
    bonus = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        """Each source has ids of its own, four apart."""
        return SQL(
            """%s UNION ALL %s UNION ALL %s UNION ALL %s""",
            self._select_contributions(),
            self._select_first_contacts(),
            self._select_signals(),
            self._select_lines(),
        )

    def _select_contributions(self):
        """Won deals, a row for each contribution; what dividing by it leaves over goes
        to the first ones, a coin each. Counted within the day as well, which is the
        same: so PostgreSQL counts only the days that are asked for. Revenue and team
        are those of when it was won, as for targets; where several deals became one
        opportunity, those of the last."""
        return SQL(
            """
            SELECT part.id, part.user_id, part.role_id, part.team_id, part.company_id,
                   part.currency_id, part.lead_id, part.date, 'deal' AS kind,
                   FALSE AS is_pay,
                   SIGN(part.coins)::integer * (
                       ABS(part.coins) / part.people
                       + (part.number <= MOD(ABS(part.coins), part.people))::integer
                   ) / part.coin_number AS credited,
                   part.coins / part.coin_number AS touched,
                   0 AS first_contacts, 0 AS signals, 0 AS signals_won,
                   NULL::numeric AS commission, NULL::numeric AS bonus
              FROM (
                SELECT COALESCE(contribution.id, -lead.id) * 4 AS id,
                       contribution.user_id, contribution.role_id,
                       CASE WHEN deal.id IS NULL THEN lead.team_id
                            ELSE deal.team_id END AS team_id,
                       company.id AS company_id, company.currency_id,
                       lead.id AS lead_id, %(day)s AS date,
                       (10 ^ currency.decimal_places)::numeric AS coin_number,
                       ROUND(COALESCE(deal.revenue, lead.expected_revenue, 0)::numeric
                             * (10 ^ currency.decimal_places)::numeric
                       )::bigint AS coins,
                       COUNT(*) OVER (PARTITION BY lead.id, %(day)s) AS people,
                       ROW_NUMBER() OVER (
                           PARTITION BY lead.id, %(day)s ORDER BY contribution.id)
                           AS number
                  FROM crm_lead lead
             LEFT JOIN radio_commission_deal deal
                    ON deal.lead_id = lead.id
                   AND deal.state = 'won'
                   AND NOT EXISTS (
                       SELECT FROM radio_commission_deal later
                        WHERE later.lead_id = deal.lead_id
                          AND later.state = 'won'
                          AND later.id > deal.id)
             LEFT JOIN crm_team team ON team.id = lead.team_id
                  JOIN res_company company
                    ON company.id = COALESCE(
                        lead.company_id, team.company_id, %(main)s)
                  JOIN res_currency currency ON currency.id = company.currency_id
             LEFT JOIN resource_calendar calendar
                    ON calendar.id = company.resource_calendar_id
             LEFT JOIN radio_contribution contribution
                    ON contribution.lead_id = lead.id
                   AND contribution.state = 'confirmed'
                 WHERE lead.won_status = 'won'
              ) part
            """,
            day=_local_day("lead", "date_closed"),
            main=self._get_main_company_id(),
        )

    def _select_first_contacts(self):
        """A row for each first contact: a number, never a time."""
        return SQL(
            """
            SELECT lead.id * 4 + 1, lead.first_contact_user_id, NULL::integer,
                   lead.team_id, company.id, company.currency_id, lead.id,
                   %(day)s, 'first_contact', FALSE, NULL::numeric, NULL::numeric,
                   1, 0, 0, NULL::numeric, NULL::numeric
              FROM crm_lead lead
         LEFT JOIN crm_team team ON team.id = lead.team_id
              JOIN res_company company
                ON company.id = COALESCE(lead.company_id, team.company_id, %(main)s)
         LEFT JOIN resource_calendar calendar
                ON calendar.id = company.resource_calendar_id
             WHERE lead.is_inquiry AND lead.first_contact_user_id IS NOT NULL
            """,
            day=_local_day("lead", "first_contact_at"),
            main=self._get_main_company_id(),
        )

    def _select_signals(self):
        """A row for each signal that a person raised."""
        return SQL(
            """
            SELECT signal.id * 4 + 2, signal.reported_by_id, NULL::integer,
                   lead.team_id, company.id, company.currency_id, signal.lead_id,
                   %(day)s, 'signal', FALSE, NULL::numeric, NULL::numeric,
                   0, 1, (signal.state = 'won')::integer, NULL::numeric, NULL::numeric
              FROM radio_upsell_signal signal
         LEFT JOIN crm_lead lead ON lead.id = signal.lead_id
              JOIN res_company company
                ON company.id = COALESCE(signal.company_id, %(main)s)
         LEFT JOIN resource_calendar calendar
                ON calendar.id = company.resource_calendar_id
             WHERE signal.reported_by_id != %(machine)s
            """,
            day=_local_day("signal", "create_date"),
            main=self._get_main_company_id(),
            machine=self.env.ref("base.user_root").id,
        )

    def _select_lines(self):
        """A row for each line of the ledger."""
        return SQL(
            """
            SELECT line.id * 4 + 3, line.user_id, line.role_id, line.team_id,
                   line.company_id, line.currency_id, deal.lead_id, line.date,
                   CASE WHEN line.kind = 'bonus' THEN 'bonus' ELSE 'commission' END,
                   TRUE, NULL::numeric, NULL::numeric, 0, 0, 0,
                   CASE WHEN line.kind != 'bonus' THEN line.amount END,
                   CASE WHEN line.kind = 'bonus' THEN line.amount END
              FROM radio_commission_line line
         LEFT JOIN radio_commission_deal deal ON deal.id = line.deal_id
            """
        )

    def _get_main_company_id(self):
        """Whose it is where nobody says, see ``crm.lead._get_response_company``."""
        return self.env["crm.lead"]._get_main_company().id

    def _read_group_select(self, aggregate_spec, query):
        """``once``: each deal counts once, however many rows it has."""
        name, _colon, function = aggregate_spec.partition(":")
        if function != "once":
            return super()._read_group_select(aggregate_spec, query)
        # the last resort for whoever asks for a field that it may not read
        self.check_access("read")
        lead = self._field_to_sql(self._table, "lead_id", query)
        amount = self._field_to_sql(self._table, name, query)
        return SQL(
            """(SELECT SUM(deal.value::numeric) FROM JSONB_EACH_TEXT(
                   JSONB_OBJECT_AGG(%s, %s) FILTER (WHERE %s IS NOT NULL)
               ) deal)""",
            lead,
            amount,
            amount,
        )


def _local_day(table, column):
    """Return SQL for the day of a moment where the station is, see
    ``res.company._get_local_day``."""
    moment = SQL.identifier(table, column)
    return SQL("%s::date", sql_to_local(moment, SQL("calendar.tz")))
