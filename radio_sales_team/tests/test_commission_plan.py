"""Plans: dated, approved, and then never changed; each part is somebody's."""

from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCase
from .common import NOW


@tagged("post_install", "-at_install")
class TestPlan(CommissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role["presenter"] = cls.env["radio.contribution.role"].create(
            {"name": "Presenter", "credit": "share"}
        )

    def own_plan(self, lines, **vals):
        """A draft for the team alone, which comes before the one for all."""
        return self.make_plan(lines, team_ids=[Command.link(self.team.id)], **vals)

    def shared(self, seller, presenter, **line):
        return self.own_plan(
            {
                "seller": {"percent": seller},
                "presenter": {
                    "percent": presenter,
                    "fallback_role_id": self.role["seller"].id,
                    **line,
                },
            }
        )

    def test_parts_are_a_hundred_percent(self):
        """Both sides: 99.99 and 100.01 are refused, 100.00 is approved."""
        for seller in (69.99, 70.01):
            with self.assertRaisesRegex(UserError, "exactly 100.00"):
                self.shared(seller, 30).action_approve()
        plan = self.shared(70, 30)
        plan.action_approve()
        self.assertEqual(plan.state, "approved")

    def test_numbers_are_written_as_the_reader_does(self):
        self.env["res.lang"]._activate_lang("de_DE")
        plan = self.shared(69.99, 30).with_context(lang="de_DE")
        with self.assertRaisesRegex(UserError, "99,99"):
            plan.action_approve()

    def test_thirds_are_a_hundred_percent(self):
        """Percentages are exact: what floats add to them is no reason to refuse."""
        plan = self.shared(33.33, 66.67)
        plan.action_approve()
        self.assertEqual(plan.state, "approved")

    def test_a_part_that_could_be_nobodys_is_refused(self):
        with self.assertRaisesRegex(UserError, "ends with the salesperson"):
            self.shared(70, 30, fallback_role_id=False).action_approve()

    def test_a_role_cannot_stand_in_for_itself(self):
        with self.assertRaisesRegex(ValidationError, "stand in for itself"):
            self.shared(70, 30, fallback_role_id=self.role["presenter"].id)

    def test_only_what_is_on_top_goes_to_a_team(self):
        with self.assertRaisesRegex(ValidationError, "paid on top"):
            self.shared(70, 30, pays_team=True)

    def test_a_role_stands_in_a_plan_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.plan.copy().line_ids[0].copy()
            self.env.flush_all()

    def test_an_approved_plan_does_not_change(self):
        other_role = self.role["presenter"].copy()
        for change in (
            lambda plan: plan.write({"rate": 50}),
            lambda plan: plan.line_ids[0].write({"percent": 50}),
            lambda plan: plan.line_ids[0].unlink(),
            lambda plan: plan.line_ids.create(
                {
                    "plan_id": plan.id,
                    "role_id": self.role["presenter"].id,
                    "percent": 5,
                }
            ),
            lambda plan: plan.tier_ids.create(
                {"plan_id": plan.id, "lower_bound": 1, "rate": 50}
            ),
            lambda plan: plan.unlink(),
            lambda plan: plan.write({"state": "draft"}),
            lambda plan: (
                self.make_plan()
                .line_ids[0]
                .with_user(self.payer)
                .write({"plan_id": plan.id, "role_id": other_role.id})
            ),
            lambda plan: self.role["scheduling"].write({"credit": "share"}),
            lambda plan: self.role["scheduling"].action_archive(),
        ):
            with self.assertRaisesRegex(
                (UserError, AccessError),
                "Make a new version|with the button|People are paid",
            ):
                change(self.plan.with_user(self.payer))

    def test_nobody_creates_an_approved_plan(self):
        plan = self.plan.with_user(self.payer).create(
            {"name": "Mine", "date_from": "2030-01-01", "state": "approved"}
        )
        self.assertEqual(plan.state, "draft")
        sneaked = (
            self.plan.with_user(self.payer)
            .with_context(default_state="approved", default_approved_by_id=1)
            .create({"name": "Mine, too", "date_from": "2031-01-01"})
        )
        self.assertEqual(sneaked.state, "draft")
        self.assertFalse(sneaked.approved_by_id)

    def test_two_plans_do_not_hold_on_one_day(self):
        with self.assertRaisesRegex(ValidationError, "in the same time"):
            self.make_plan(date_from="2026-06-01").action_approve()

    def test_a_plan_of_a_team_comes_before_the_one_for_all(self):
        self.own_plan({"seller": {"percent": 100}}, rate=20).action_approve()
        deal = self.win(self.deal_lead())
        self.assertEqual(self.amounts(deal), [Decimal("200.00")])

    def test_a_new_version_takes_over_on_its_day(self):
        """Both sides of the day: the old one pays until the day before."""
        with freeze_time(NOW):
            action = self.plan.with_user(self.payer).action_new_version()
            draft = self.plan.browse(action["res_id"])
            self.assertEqual((draft.version, draft.state), (2, "draft"))
            draft.write({"rate": 20, "date_from": "2026-01-20"})
            draft.with_user(self.payer).action_approve()
        self.assertEqual(self.plan.date_to.isoformat(), "2026-01-19")
        before = self.win(self.deal_lead(), day=5)
        after = self.win(self.deal_lead(), day=6)
        self.assertEqual(self.amounts(before), [Decimal("100.00")])
        self.assertEqual(self.amounts(after), [Decimal("200.00")])

    def test_a_changed_plan_changes_no_deal_of_before(self):
        deal = self.win(self.deal_lead())
        with freeze_time(NOW + timedelta(days=3)):
            draft = self.plan.browse(self.plan.action_new_version()["res_id"])
            draft.write({"rate": 20, "date_from": "2026-01-15"})
            draft.action_approve()
        lead = deal.lead_id
        with freeze_time(NOW + timedelta(days=3)):
            deal.sudo()._recompute_contributors("Looked again")
        self.assertEqual(self.amounts(deal), [Decimal("100.00")])
        self.assertEqual(lead.commission_deal_ids.plan_id, self.plan)

    def test_levels_hold_for_the_rest_of_the_base(self):
        """Both sides of a level's bound."""
        plan = self.own_plan({"seller": {"percent": 100}})
        plan.tier_ids = [Command.create({"lower_bound": 1000, "rate": 20})]
        plan.action_approve()
        for base, amount in ((999.99, "100.00"), (1000, "100.00"), (1000.1, "100.02")):
            deal = self.win(self.deal_lead(expected_revenue=base))
            self.assertEqual(self.amounts(deal), [Decimal(amount)], base)

    def test_what_is_on_top_is_limited(self):
        plan = self.own_plan(
            {
                "seller": {"percent": 100},
                "signal": {"percent": 2},
                "scheduling": {"percent": 2},
            },
            has_cap=True,
            overlay_cap=3,
        )
        plan.action_approve()
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        self.env["radio.contribution"].create(
            {
                "lead_id": lead.id,
                "user_id": self.back_office.id,
                "role_id": self.role["scheduling"].id,
                "state": "confirmed",
            }
        )
        deal = self.win(lead)
        self.assertEqual(self.amounts(deal, self.other_seller), [Decimal("15.00")])
        self.assertEqual(self.amounts(deal, self.back_office), [Decimal("15.00")])

    def test_a_currency_without_decimals(self):
        """Three people, 10 yen."""
        company = self.env["res.company"].create(
            {"name": "Tokyo", "currency_id": self.env.ref("base.JPY").id}
        )
        self.env.user.company_ids |= company
        plan = self.make_plan(
            {"seller": {"percent": 100}}, company_id=company.id
        ).with_company(company)
        self.assertEqual(plan._get_commission(104), Decimal("10"))
        self.assertEqual(plan._get_commission(105), Decimal("11"))

    def test_a_currency_with_three_decimals(self):
        currency = self.env["res.currency"].create(
            {"name": "KWX", "symbol": "K", "rounding": 0.001}
        )
        company = self.env["res.company"].create(
            {"name": "Kuwait", "currency_id": currency.id}
        )
        plan = self.make_plan({"seller": {"percent": 100}}, company_id=company.id)
        self.assertEqual(plan._get_commission("0.125"), Decimal("0.013"))

    def test_what_was_won_before_a_plan_is_paid_when_asked(self):
        with freeze_time(NOW):
            self.plan.write({"date_to": "2026-01-10", "state": "ended"})
        lead = self.deal_lead()
        self.win(lead)
        late = self.make_plan(date_from="2026-01-12")
        late.action_approve()
        self.assertFalse(lead.commission_deal_ids.plan_id)
        self.assertEqual(late.unpaid_count, 1)
        for _twice in range(2):
            late.with_user(self.payer).action_include_unpaid()
        self.assertEqual(self.amounts(lead.commission_deal_ids), [Decimal("100.00")])
        late.invalidate_recordset(["unpaid_count"])
        self.assertEqual(late.unpaid_count, 0)

    def test_a_plan_that_pays_is_not_archived(self):
        """Else deals are won, nobody is paid, and nobody notices."""
        plan = self.plan.with_user(self.payer)
        with freeze_time(NOW), self.assertRaisesRegex(UserError, "its last day"):
            plan.action_archive()
        plan.date_to = "2026-01-20"
        with freeze_time(NOW + timedelta(days=10)):
            plan.action_archive()
        deal = self.win(self.deal_lead())
        self.assertEqual(deal.plan_id, self.plan, "won before its last day")

    def test_a_list_that_wins_what_is_open_pays(self):
        """What was sold here is paid for, by whatever way it is won."""
        lead = self.deal_lead()
        with freeze_time(NOW):
            result = (
                self.env["crm.lead"]
                .with_user(self.seller)
                .with_context(import_file=True)
                .load([".id", "stage_id/.id"], [[str(lead.id), str(self.won_stage.id)]])
            )
        self.assertEqual(result["ids"], lead.ids)
        self.accrue(0)
        self.assertEqual(self.amounts(lead.commission_deal_ids), [Decimal("100.00")])

    def test_what_was_won_before_the_addon_without_a_team(self):
        """It is the main company's, as its answer was."""
        lead = self.deal_lead(team_id=False, company_id=False)
        with freeze_time(NOW):
            lead = (
                self.env["crm.lead"]
                .with_context(import_file=True)
                .create(
                    {
                        **lead.copy_data()[0],
                        "date_closed": NOW,
                        "stage_id": self.won_stage.id,
                    }
                )
            )
        self.assertFalse(lead.commission_deal_ids)
        self.assertEqual(lead._get_response_company(), self.plan.company_id)
        self.plan.invalidate_recordset(["unpaid_count"])
        self.assertEqual(self.plan.unpaid_count, 1)


@tagged("post_install", "-at_install")
class TestSimulation(CommissionCase):
    def test_an_amount_shows_who_gets_what(self):
        form = Form(self.env["radio.commission.simulation"].with_user(self.payer))
        form.plan_id = self.plan
        form.base_amount = 2000
        tried = form.save()
        self.assertEqual(
            {line.role_id: line.amount for line in tried.line_ids},
            {
                self.role["seller"]: 200,
                self.role["first_contact"]: 20,
                self.role["signal"]: 40,
                self.role["scheduling"]: 20,
            },
        )
        self.assertIn("2,000.00", tried.line_ids[0].why)

    def test_a_deal_shows_its_own_people(self):
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        form = Form(self.env["radio.commission.simulation"].with_user(self.payer))
        form.plan_id = self.plan
        form.lead_id = lead
        tried = form.save()
        self.assertEqual(
            {line.user_id: line.amount for line in tried.line_ids},
            {self.seller: 100, self.other_seller: 20},
        )
        self.assertFalse(lead.commission_deal_ids, "trying writes nothing")

    def test_a_campaign_on_air_is_compared_whole(self):
        """Else everybody seems to gain by any plan, as long as campaigns run."""
        self.plan.write({"date_to": "2026-01-10", "state": "ended"})
        self.make_plan(event="spread", date_from="2026-01-11").action_approve()
        lead = self.deal_lead(campaign_start="2026-01-20", campaign_end="2026-03-31")
        self.win(lead)
        tried = (
            self.env["radio.commission.simulation"]
            .with_user(self.payer)
            .create({"plan_id": self.make_plan(rate=5).id})
        )
        with freeze_time(NOW):
            tried.action_replay()
        line = tried.replay_ids
        self.assertEqual((line.did, line.would, line.difference), (100, 50, -50))

    def test_a_year_beside_what_was_earned(self):
        """A manager sees that nobody loses before a plan is approved."""
        for revenue in (1000.0, 500.0):
            self.win(self.deal_lead(expected_revenue=revenue))
        draft = self.make_plan(rate=8)
        tried = (
            self.env["radio.commission.simulation"]
            .with_user(self.payer)
            .create({"plan_id": draft.id})
        )
        with freeze_time(NOW):
            tried.action_replay()
        line = tried.replay_ids.filtered(lambda one: one.user_id == self.seller)
        self.assertEqual((line.did, line.would, line.difference), (150, 120, -30))
        self.assertIn("1 would earn less", tried.replay_words)
