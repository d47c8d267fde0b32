"""The dashboard: it asks for what exists, and its figures are those of the database."""

import json
from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.radio_sales_team.tests.commission_common import CommissionCase
from odoo.addons.radio_sales_team.tests.common import NOW
from odoo.addons.spreadsheet.utils.validate_data import (
    fields_in_spreadsheet,
    menus_xml_ids_in_spreadsheet,
    odoo_charts,
)

MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDashboard(CommissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.response_group_size = 1
        cls.dashboard = cls.env.ref(
            "spreadsheet_dashboard_radio_sales_team.spreadsheet_dashboard_radio_sales"
        )
        cls.data = json.loads(cls.dashboard.spreadsheet_data)
        cls.pivots = {pivot["name"]: pivot for pivot in cls.data["pivots"].values()}
        cls.filters = {one["label"]: one["id"] for one in cls.data["globalFilters"]}

    def ask(self, name, aggregate, days=90, until=0, user=None, **filters):
        """The total that the spreadsheet gets for a pivot, with its global filters.

        :param filters: ids by the label of a filter, of the team unless given.
        """
        pivot = self.pivots[name]
        matching = pivot["fieldMatching"]
        domain = Domain(pivot["domain"])
        if period := matching.get(self.filters["Period"]):
            start, end = NOW - timedelta(days=days), NOW - timedelta(days=until)
            if period["type"] == "date":
                start, end = start.date(), end.date()
            domain &= Domain(period["chain"], ">=", start)
            domain &= Domain(period["chain"], "<=", end)
        for label, ids in {"Sales Team": self.team.ids, **filters}.items():
            if match := matching.get(self.filters[label]):
                domain &= Domain(match["chain"], "in", ids)
        groups = [
            ":".join(filter(None, (one["fieldName"], one.get("granularity"))))
            for one in [*pivot["rows"], *pivot["columns"]]
        ]
        self.env.flush_all()
        totals, *_groups = (
            self.env[pivot["model"]]
            .with_user(user or self.manager)
            .formatted_read_grouping_sets(
                list(domain),
                [[], groups] if groups else [[]],
                [one["id"] for one in pivot["measures"]],
            )
        )
        return totals[0][aggregate]

    def sql(self, query, **values):
        self.env.flush_all()
        # pylint: disable=sql-injection
        self.env.cr.execute(query, {"team": self.team.id, "now": NOW, **values})
        return self.env.cr.fetchone()[0]

    def asked(self, minutes, answered=None, **vals):
        """An inquiry of so many minutes ago, answered after so many."""
        start = NOW - minutes * MINUTE
        lead = self.inquiry(received_at=start, **vals)
        if answered is not None:
            self.env["radio.contact.attempt"].create(
                {
                    "lead_id": lead.id,
                    "attempted_at": start + answered * MINUTE,
                    "channel": "phone",
                    "user_id": self.back_office.id,
                }
            )
        return lead

    def make_history(self):
        """Yesterday two in time and one late, today one late and one that waits; one
        that nobody answered in time; and one of long ago."""
        day = 24 * 60
        self.asked(day, 10)
        self.asked(day + 5, 45)
        self.asked(day + 10, 90)
        self.asked(59, 7)
        self.asked(20)
        self.asked(day + 20)
        self.asked(196 * day, 5)  # a Wednesday, too

    # what it asks for

    def test_fields_exist(self):
        for model, names in fields_in_spreadsheet(self.data).items():
            self.assertFalse(names - set(self.env[model]._fields), model)

    def test_menus_exist(self):
        menus = menus_xml_ids_in_spreadsheet(self.data)
        self.assertTrue(menus)
        for name in menus:
            self.assertTrue(self.env.ref(name).action, name)
        figures = {figure["id"] for figure in self.data["sheets"][0]["figures"]}
        self.assertEqual(set(self.data["chartOdooMenusReferences"]), figures)

    def test_measures_can_be_aggregated(self):
        for name, pivot in self.pivots.items():
            for measure in pivot["measures"]:
                if measure["fieldName"] == "__count":
                    continue
                field = self.env[pivot["model"]]._fields[measure["fieldName"]]
                self.assertTrue(field.store, name)
                self.assertEqual(field.aggregator, measure["aggregator"], name)
        for chart in odoo_charts(self.data):
            meta = chart["metaData"]
            field = self.env[meta["resModel"]]._fields[meta["measure"]]
            self.assertTrue(field.store and field.aggregator)

    def test_filters_lead_to_fields_of_their_type(self):
        sources = [(one["model"], one["fieldMatching"]) for one in self.pivots.values()]
        sources += [
            (one["metaData"]["resModel"], one["fieldMatching"])
            for one in odoo_charts(self.data)
        ]
        models = {one["id"]: one.get("modelName") for one in self.data["globalFilters"]}
        for model, matching in sources:
            for filter_id, match in matching.items():
                field = self.env[model]._fields[match["chain"]]
                self.assertEqual(field.type, match["type"], (model, match))
                self.assertEqual(field.comodel_name, models[filter_id])

    def test_formulas_ask_pivots_that_are_there(self):
        cells = json.dumps([sheet["cells"] for sheet in self.data["sheets"]])
        for number in self.data["pivots"]:
            self.assertIn(f"PIVOT.VALUE({number},", cells)

    # the figures

    def test_in_time(self):
        self.make_history()
        query = """
            SELECT 100.0 * COUNT(*) FILTER (WHERE stopped_at <= deadline)
                   / COUNT(*) FILTER (
                       WHERE stopped_at IS NOT NULL OR deadline < %(now)s)
              FROM radio_sla_clock
             WHERE kind = 'first_contact' AND team_id = %(team)s
               AND started_at > %(now)s - INTERVAL '90 days'
        """
        rate = self.ask("First contacts by week", "in_time_rate:avg")
        self.assertAlmostEqual(rate, float(self.sql(query)))
        self.assertAlmostEqual(rate, 60)
        before = "First contacts in the period before"
        self.assertEqual(self.ask(before, "in_time_rate:avg", 270, 91), 100)

    def test_median(self):
        """Who waits counts with the time so far, all of it within working hours here,
        but for the one of yesterday morning."""
        self.make_history()
        query = """
            SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY COALESCE(
                       working_minutes,
                       EXTRACT(epoch FROM %(now)s - started_at) / 60
                       - CASE WHEN started_at::date < %(now)s::date
                              THEN 16 * 60 ELSE 0 END))
              FROM (SELECT started_at, CASE WHEN stopped_at IS NOT NULL
                           THEN working_minutes END AS working_minutes
                      FROM radio_sla_clock
                     WHERE kind = 'first_contact' AND team_id = %(team)s
                       AND started_at > %(now)s - INTERVAL '90 days') clock
        """
        median = self.ask("First contacts by week", "working_median:median")
        self.assertAlmostEqual(median, float(self.sql(query)), 3)
        before = "First contacts in the period before"
        self.assertEqual(self.ask(before, "working_median:median", 270, 91), 5)

    def test_no_contact_yet(self):
        self.make_history()
        self.asked(300 * 24 * 60)  # the period does not matter
        query = """
            SELECT COUNT(*) FROM crm_lead lead
             WHERE is_inquiry AND active AND won_status = 'pending'
               AND team_id = %(team)s
               AND NOT EXISTS (SELECT FROM radio_contact_attempt attempt
                                WHERE attempt.lead_id = lead.id)
        """
        count = self.ask("No contact yet", "__count")
        self.assertEqual(count, self.sql(query))
        self.assertEqual(count, 3)

    def test_signals_won(self):
        for days in (3, 5, 120):
            signal = self.noticed(self.deal_lead(), self.other_seller)
            signal.team_id = self.team
            self.win(signal.lead_id, -days)
        self.noticed(self.deal_lead(), self.other_seller)
        query = """
            SELECT COUNT(*) FROM radio_upsell_signal
             WHERE state = 'won' AND team_id = %(team)s
               AND closed_at > %(now)s - INTERVAL '90 days'
        """
        count = self.ask("Signals won", "__count")
        self.assertEqual(count, self.sql(query))
        self.assertEqual(count, 2)
        before = "Signals won in the period before"
        self.assertEqual(self.ask(before, "__count", 180, 91), 1)
        for user, number in ((self.other_seller, 2), (self.seller, 0)):
            found = self.ask("Signals won", "__count", Person=user.ids)
            self.assertEqual(found, number)

    def test_won_revenue(self):
        """It adds up to what was won, however many contributed."""
        for cents, helpers in ((10000, 2), (9999, 1), (12345, 0)):
            lead = self.deal_lead(expected_revenue=cents / 100)
            for user in (self.other_seller, self.back_office)[:helpers]:
                self.noticed(lead, user)
            self.win(lead)
        self.win(self.deal_lead(expected_revenue=77), day=-120)
        query = """
            SELECT SUM(expected_revenue) FROM crm_lead
             WHERE won_status = 'won' AND team_id = %(team)s
               AND date_closed > %(now)s - INTERVAL '90 days'
        """
        for user in (self.manager, self.payer):
            revenue = self.ask("Won revenue", "credited:sum", user=user)
            self.assertAlmostEqual(revenue, float(self.sql(query)), 2)
            self.assertAlmostEqual(revenue, 323.44, 2)
        before = "Won revenue in the period before"
        self.assertEqual(self.ask(before, "credited:sum", 180, 91), 77)

    def test_nobody_is_measured_by_the_filter_on_a_person(self):
        self.make_history()
        clocks = self.env["radio.sla.clock"].search([("team_id", "=", self.team.id)])
        self.assertEqual(clocks.user_id, self.back_office)
        person = {"Person": self.back_office.ids}
        self.assertFalse(self.ask("First contacts by week", "__count", **person))

    def test_people_chart_has_revenue_alone(self):
        self.make_history()
        self.win(self.deal_lead(expected_revenue=100.0))
        (chart,) = odoo_charts(self.data)
        domain = [*chart["searchParams"]["domain"], ("team_id", "=", self.team.id)]
        self.env.flush_all()
        rows = self.env["radio.value.report"].with_user(self.manager).search(domain)
        self.assertEqual(rows.user_id, self.seller)
        self.assertEqual(sum(rows.mapped("credited")), 100)

    # who may see it, and what is shown before there is anything

    def test_only_managers_open_it(self):
        boss = self.dashboard.with_user(self.manager)
        self.assertTrue(boss.has_access("read"))
        self.assertTrue(self.dashboard.with_user(self.payer).has_access("read"))
        for user in (self.seller, self.back_office):
            mine = self.dashboard.with_user(user)
            self.assertFalse(mine.has_access("read"), user.login)
            self.assertNotIn(self.dashboard, mine.search([]))
        for user in (self.manager, self.payer):
            for pivot in self.pivots.values():
                self.assertTrue(
                    self.env[pivot["model"]].with_user(user).has_access("read")
                )

    def test_sample(self):
        """The same screen, without a question to the server."""
        sample = self.dashboard._get_sample_dashboard()
        self.assertFalse(sample["pivots"] or odoo_charts(sample))
        self.assertNotIn("PIVOT", json.dumps(sample))

        def places(data):
            return {
                one["id"]: (one["offset"], one["width"], one["height"])
                for one in data["sheets"][0]["figures"]
            }

        self.assertEqual(places(sample), places(self.data))
        self.asked(20)
        self.env.flush_all()
        mine = self.dashboard.with_user(self.manager)
        self.assertFalse(mine._dashboard_is_empty())
