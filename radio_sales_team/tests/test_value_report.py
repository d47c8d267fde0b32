"""What each person contributed: it adds up, and shows nobody else's pay."""

import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .commission_common import CommissionCase
from .common import NOW


@tagged("post_install", "-at_install")
class TestValueReport(CommissionCase):
    def figures(self, *names, user=None, domain=(), groupby="user_id"):
        """Figures by person, as a user sees them.

        :return: dict of tuples of exact numbers by person.
        """
        self.env.flush_all()
        report = self.env["radio.value.report"].with_user(user or self.payer)
        return {
            key: tuple(Decimal(str(value or 0)) for value in values)
            for key, *values in report._read_group(
                [("team_id", "=", self.team.id), *domain], [groupby], list(names)
            )
        }

    def test_credited_revenue_is_divided_to_the_cent(self):
        lead = self.deal_lead(expected_revenue=100.0)
        self.noticed(lead, self.other_seller)
        self.noticed(lead, self.back_office)
        self.win(lead)
        figures = self.figures("credited:sum", "touched:once")
        self.assertEqual(
            sorted(credited for credited, _touched in figures.values()),
            [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")],
        )
        self.assertEqual({touched for _c, touched in figures.values()}, {100})

    def test_it_adds_up_and_touched_does_not_pretend_to(self):
        """Random deals beside a slow reckoning."""
        chance = random.Random(7)
        people = [self.other_seller, self.back_office, self.payer]
        credited, touched = defaultdict(Decimal), defaultdict(Decimal)
        total = Decimal(0)
        for _deal in range(12):
            cents = chance.randrange(0, 100_000)
            revenue = Decimal(cents) / 100
            lead = self.deal_lead(expected_revenue=float(revenue))
            helpers = chance.sample(people, chance.randrange(4))
            for user in helpers:
                self.noticed(lead, user)
            self.win(lead)
            total += revenue
            who = [one.user_id for one in lead.contribution_ids.sorted("id")]
            for number, user in enumerate(who):
                share = cents // len(who) + (number < cents % len(who))
                credited[user] += Decimal(share) / 100
                touched[user] += revenue
        figures = self.figures("credited:sum", "touched:once")
        for user, (own, whole) in figures.items():
            self.assertEqual((own, whole), (credited[user], touched[user]), user.login)
        everybody = self.figures("credited:sum", "touched:once", groupby="team_id")
        self.assertEqual(everybody[self.team], (total, total), "each deal once")

    def test_a_deal_stays_as_it_was_won(self):
        """Whoever corrects a won opportunity, or moves it to another team, would change
        what colleagues contributed, and it would not add up to the team's target any
        more."""
        first, second = self.deal_lead(), self.deal_lead(expected_revenue=500.0)
        for lead in (first, second):
            self.noticed(lead, self.other_seller)
            self.win(lead)
        (first | second).write(
            {
                "expected_revenue": 5000.0,
                "team_id": self.env["crm.team"].create({"name": "Elsewhere"}).id,
            }
        )
        figures = self.figures("credited:sum", "touched:once", groupby="team_id")
        self.assertEqual(figures[self.team], (1500, 1500))
        with freeze_time(NOW + timedelta(days=1)):
            (first | second).merge_opportunity()
        rows = self.env["radio.value.report"].with_user(self.payer)
        domain = [("kind", "=", "deal"), ("team_id", "=", self.team.id)]
        self.env.flush_all()
        self.assertEqual(rows.search_count(domain), 2, "two deals, two people")
        figures = self.figures("credited:sum", "touched:once", groupby="team_id")
        self.assertEqual(figures[self.team], (500, 500), "the last deal's, once")

    def test_coins_of_any_currency_and_below_zero(self):
        """No decimals, three of them, and what was given back."""
        currency = self.env.company.currency_id
        for rounding, revenue in ((1, 100.0), (0.001, 100.001), (0.01, -100.0)):
            with self.subTest(rounding=rounding, revenue=revenue):
                currency.rounding = rounding
                lead = self.deal_lead(expected_revenue=revenue)
                self.noticed(lead, self.other_seller)
                self.noticed(lead, self.back_office)
                self.win(lead)
                figures = self.figures(
                    "credited:sum", domain=[("lead_id", "=", lead.id)]
                )
                parts = [credited for (credited,) in figures.values()]
                self.assertEqual(sum(parts), Decimal(str(revenue)))
                self.assertLessEqual(max(parts) - min(parts), Decimal(str(rounding)))

    def test_a_deal_that_nobody_contributed_to_is_nobodys(self):
        """Else the people's figures would not add up to the team's."""
        lead = self.deal_lead(expected_revenue=50.0, user_id=False)
        self.win(lead)
        figures = self.figures("credited:sum")
        self.assertEqual(figures[self.env["res.users"]], (50,))

    def test_what_is_not_won_any_more_is_gone(self):
        lead = self.deal_lead()
        self.win(lead)
        self.leave(lead, day=1)
        self.assertFalse(self.figures("credited:sum", domain=[("is_pay", "=", False)]))

    def test_first_contacts_signals_pay(self):
        with freeze_time(NOW):
            lead = self.inquiry(type="opportunity", expected_revenue=1000.0)
            self.answer(lead, self.back_office)
            lead.user_id = self.seller
        self.noticed(lead, self.other_seller)
        self.win(lead)
        self.env["radio.upsell.signal"].flush_model()
        figures = self.figures(
            "first_contacts:sum",
            "signals:sum",
            "signals_won:sum",
            "commission:sum",
            "bonus:sum",
        )
        self.assertEqual(figures[self.back_office], (1, 0, 0, 10, 0))
        self.assertEqual(figures[self.other_seller], (0, 1, 1, 20, 0))
        self.assertEqual(figures[self.seller], (0, 0, 0, 100, 0))

    def test_nobody_sees_a_colleagues_pay(self):
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        self.win(lead)
        own = self.figures("commission:sum", user=self.seller)
        self.assertEqual(own, {self.seller: (100,)})
        all_leads = self._new_user("alan", "sales_team.group_sale_salesman_all_leads")
        seen = self.figures("commission:sum", "credited:sum", user=all_leads)
        self.assertEqual(
            seen, {self.seller: (0, 500), self.other_seller: (0, 500)}, "names, no pay"
        )
        self.team.commission_leader_id = self.manager
        leader = self.figures("commission:sum", user=self.manager)
        self.assertEqual(leader[self.other_seller], (20,))
        plain = self._new_user("emil", "base.group_user")
        with self.assertRaises(AccessError):
            self.figures("credited:sum", user=plain)
        with self.assertRaises(AccessError):
            self.figures("touched:once", user=plain)

    def test_another_company(self):
        self.win(self.deal_lead())
        other = self.env["res.company"].create({"name": "Other station"})
        self.payer.company_ids += other
        report = self.env["radio.value.report"].with_user(self.payer)
        self.env.flush_all()
        self.assertFalse(
            report.with_context(allowed_company_ids=other.ids).search_count(
                [("team_id", "=", self.team.id)]
            )
        )

    def test_the_digest_counts(self):
        with freeze_time(NOW):
            answered, late, _never = self.inquiry(), self.inquiry(), self.inquiry()
            self.answer(answered, self.back_office)
        with freeze_time(NOW + timedelta(hours=3)):
            self.answer(late, self.back_office)
        won = self.deal_lead()
        self.noticed(won, self.other_seller)
        self.win(won)
        self.env.flush_all()
        digest = self.env["digest.digest"].create({"name": "Ours"})
        with freeze_time(NOW + timedelta(hours=4)):
            figures = digest.with_user(self.manager).with_context(
                start_datetime=NOW - timedelta(days=1),
                end_datetime=NOW + timedelta(days=1),
            )
            before = self.env["crm.lead"].search_count(
                [
                    ("is_inquiry", "=", True),
                    ("first_contact_at", "=", False),
                    ("received_at", ">=", NOW - timedelta(days=1)),
                    ("received_at", "<", NOW + timedelta(days=1)),
                ]
            )
            self.assertEqual(figures.kpi_radio_first_contact_value, 1)
            self.assertEqual(figures.kpi_radio_no_contact_value, before)
            self.assertEqual(figures.kpi_radio_signal_won_value, 1)
        with self.assertRaises(AccessError):
            plain = self._new_user("emil", "base.group_user")
            digest.with_user(plain).kpi_radio_signal_won_value  # noqa: B018


@tagged("post_install", "-at_install")
class TestFavourites(CommissionCase):
    def test_favourites_are_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["radio_sales_team"], ["de_DE"])
        ours = self.env["ir.filters"].search([("model_id", "=like", "radio.%")])
        ours = ours.filtered(lambda one: one.get_external_id()[one.id])
        self.assertEqual(
            set(ours.mapped("name")),
            set(ours._get_favourite_names()),
            "none is missing",
        )
        self.manager.lang = "de_DE"
        filters = self.env["ir.filters"].with_user(self.manager)
        names = {
            one["name"]
            for one in filters.with_context(lang="de_DE").get_filters(
                "radio.response.report",
                self.env.ref("radio_sales_team.radio_response_report_action").id,
            )
        }
        self.assertIn("Antworten wir?", names)
        self.assertNotIn("Are we answering?", names)
