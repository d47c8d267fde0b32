"""What follows from winning an opportunity, in the same transaction."""

from datetime import datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.models import BaseModel
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCase
from .common import NOW

LAST_MINUTE = datetime(2026, 1, 31, 22, 59)  # one minute to midnight at the station


@tagged("post_install", "-at_install")
class TestWin(CommissionCase):
    def paid(self, deal):
        return {(line.user_id, line.amount) for line in self.lines(deal)}

    def spoken(self):
        """An opportunity of the seller, to whose customer the back office spoke first:
        that pays its whole team."""
        with freeze_time(NOW):
            lead = self.deal_lead(inquiry_channel="email")
            self.env["radio.contact.attempt"].create(
                {"lead_id": lead.id, "user_id": self.back_office.id}
            )
        return lead

    def test_paid_at_once(self):
        """Whoever wins a deal sees at once what it pays, to whom, with its booking."""
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        deal = self.win(lead)
        self.assertEqual(deal.base_amount, 1000)
        self.assertEqual(self.paid(deal), {(self.seller, 100), (self.other_seller, 20)})
        self.assertEqual(set(self.lines(deal).mapped("date")), {NOW.date()})
        self.assertEqual(deal.won_on, NOW.date())
        self.assertEqual(lead.contribution_ids.user_id, self.seller | self.other_seller)
        self.assertEqual(lead.booking_ids.net_amount, 1000)
        self.assertEqual((signal.state, signal.closed_at), ("won", NOW))

    def test_the_scheduled_action_adds_nothing(self):
        deal = self.win(self.deal_lead())
        self.accrue(0)
        self.accrue(1)
        self.assertEqual(self.amounts(deal), [Decimal(100)])

    def test_later_changes_change_nothing(self):
        """Whoever edits a won opportunity gains nothing, and takes nothing from
        anybody."""
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.win(lead)
        lead.write({"expected_revenue": 9000, "user_id": self.other_seller.id})
        self.noticed(lead, self.back_office)
        self.plan.action_new_version()
        self.accrue(0)
        self.assertEqual(self.paid(deal), {(self.seller, 100), (self.other_seller, 20)})

    def test_a_contribution_confirmed_after_winning(self):
        lead = self.deal_lead()
        late = self.env["radio.contribution"].create(
            {
                "lead_id": lead.id,
                "user_id": self.other_seller.id,
                "role_id": self.role["scheduling"].id,
                "proposed_by_id": self.back_office.id,
            }
        )
        deal = self.win(lead)
        late.with_user(self.seller).action_confirm()
        self.assertEqual(self.paid(deal), {(self.seller, 100)})
        self.assertEqual(late.state, "confirmed", "for all to see, and to be added")

    def test_the_team_overlay_is_of_the_members_at_winning(self):
        """Who joins or leaves the team later changes nobody's part, not even when the
        contributors are recomputed."""
        colleague = self._new_user("jim", "radio_sales_team.group_back_office")
        members = self.env["crm.team.member"]
        old = members.search(
            [("user_id", "=", self.back_office.id), ("crm_team_id", "=", self.team.id)]
        )

        def join():
            members.create(
                {
                    "crm_team_id": self.team.id,
                    "sales_role": "back_office",
                    "user_id": colleague.id,
                }
            )

        def change_role():
            old.sales_role = "field_sales"

        def archive():
            self.back_office.active = False

        for change in (join, change_role, archive):
            with self.subTest(change.__name__), self.env.cr.savepoint() as savepoint:
                deal = self.win(self.spoken())
                change()
                with freeze_time(NOW):
                    deal.sudo()._recompute_contributors("Looked again")
                self.assertEqual(
                    self.paid(deal), {(self.seller, 100), (self.back_office, 10)}
                )
                savepoint.rollback()
            self.env.invalidate_all()
            self.registry.clear_cache()

    def test_who_looks_at_archived_records_pays_the_same(self):
        """Opening a customer's opportunities from the customer shows archived ones."""
        newbie = self._new_user("newbie", "radio_sales_team.group_back_office")
        member = self.env["crm.team.member"].create(
            {
                "crm_team_id": self.team.id,
                "sales_role": "back_office",
                "user_id": newbie.id,
            }
        )
        member.active = False
        policies = self.env["radio.sla.policy"].with_context(active_test=False)
        archived = policies.search([("active", "=", False)])
        self.assertTrue(archived)
        self.registry.clear_cache()
        teams = self.team.with_context(active_test=False)
        pool = teams._get_back_office_user_ids(self.team.id)
        self.assertNotIn(newbie.id, pool)
        rules = policies._get_rules("first_contact")
        self.assertFalse({rule.id for rule in rules} & set(archived.ids))
        leads = self.spoken(), self.spoken()
        for lead, active_test in zip(leads, (False, True), strict=True):
            deal = self.win(lead.with_context(active_test=active_test))
            self.assertEqual(
                self.paid(deal), {(self.seller, 100), (self.back_office, 10)}
            )

    def test_an_archived_company_pays_what_it_owes(self):
        company = self.env["res.company"].create({"name": "Old station"})
        self.seller.company_ids += company
        self.make_plan(company_id=company.id, event="spread").action_approve()
        lead = self.deal_lead(
            team_id=False,
            company_id=company.id,
            campaign_start="2026-01-10",
            campaign_end="2026-02-20",
        )
        deal = self.win(lead)
        self.assertEqual(deal.company_id, company)
        company.active = False
        self.accrue(30)
        self.assertEqual(self.amounts(deal), [Decimal(50), Decimal(50)])
        late = lead.copy({"name": "Late", "user_id": self.seller.id})
        with freeze_time(NOW):
            late.action_set_won()
        self.assertEqual(self.amounts(late.commission_deal_ids), [Decimal(100)])

    def test_without_salesperson_it_says_who_is_missing(self):
        lead = self.deal_lead(user_id=False)
        self.env.flush_all()
        deal = self.win(lead)
        self.assertEqual(lead.won_status, "won")
        self.assertIn("Nobody has the role", deal.problem)
        self.assertFalse(self.lines(deal))
        lead.user_id = self.seller
        with freeze_time(NOW):
            deal.with_user(self.payer).action_try_again()
        self.assertEqual(self.amounts(deal), [Decimal(100)])
        self.assertFalse(deal.problem)

    def test_won_without_an_amount(self):
        """It is listed until somebody enters one: as nothing was paid, the first amount
        is the amount, for those who contributed to winning. Later ones change nothing.
        """
        lead = self.deal_lead(expected_revenue=0)
        self.noticed(lead, self.other_seller)
        deal = self.win(lead)
        self.assertIn("No amount", deal.problem)
        self.assertFalse(self.lines(deal))
        with freeze_time(NOW + timedelta(seconds=20)):
            lead.with_user(self.seller).expected_revenue = 4800
        self.assertFalse(deal.problem)
        self.assertEqual((deal.base_amount, deal.revenue), (4800, 4800))
        self.assertEqual(self.paid(deal), {(self.seller, 480), (self.other_seller, 96)})
        self.assertEqual(lead.booking_ids.net_amount, 4800)
        lead.expected_revenue = 9000
        self.assertEqual(len(self.lines(deal)), 2)
        self.assertEqual(lead.booking_ids.net_amount, 4800)

    def test_noticed_after_winning_without_an_amount(self):
        """Who comes later has no part in it, as with any other deal."""
        lead = self.deal_lead(expected_revenue=0)
        deal = self.win(lead)
        self.noticed(lead, self.back_office)
        with freeze_time(NOW):
            lead.expected_revenue = 1000
        self.assertEqual(self.paid(deal), {(self.seller, 100)})

    def test_barter_is_no_missing_amount(self):
        lead, later = self.deal_lead(is_commission_free=True), self.deal_lead()
        later.expected_revenue = 0
        deal, other = self.win(lead), self.win(later)
        self.assertFalse(deal.problem)
        self.assertTrue(other.problem)
        lead.expected_revenue = 2000
        later.is_commission_free = True
        self.assertFalse(other.problem)
        self.assertFalse(self.lines(deal | other))

    def test_a_base_entered_by_the_commission_manager(self):
        """A deal that was won without an amount is paid by that."""
        deal = self.win(self.deal_lead(expected_revenue=0))
        with freeze_time(NOW):
            self.env["radio.commission.change"].with_user(self.payer).create(
                {
                    "deal_id": deal.id,
                    "base_amount": 800,
                    "old_base": 0,
                    "reason": "By the contract",
                }
            ).action_change()
        self.assertEqual(self.amounts(deal), [Decimal(80)])
        self.assertFalse(deal.problem)

    def test_merged_with_one_that_has_no_amount(self):
        """The amount of the merged opportunity is paid once, whichever is the head."""
        for first, second in ((0, 1000), (1000, 0)):
            with self.subTest(first=first):
                leads = self.deal_lead(expected_revenue=first)
                leads |= self.deal_lead(expected_revenue=second)
                self.win(leads)
                head = leads.merge_opportunity()
                head.expected_revenue = 3000
                deals = head.commission_deal_ids
                self.assertEqual(sum(deals.mapped("revenue")), 1000)
                self.assertEqual(self.amounts(deals), [Decimal(100)])
                self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 1000)

    def test_merged_without_any_amount(self):
        """The first amount is paid once, to all who contributed to either."""
        first, second = (self.deal_lead(expected_revenue=0) for _one in range(2))
        self.noticed(second, self.other_seller)
        self.win(first | second)
        head = (first | second).merge_opportunity()
        with freeze_time(NOW):
            head.expected_revenue = 1000
        deal = head.commission_deal_ids
        self.assertEqual(len(deal), 1)
        self.assertEqual(self.paid(deal), {(self.seller, 100), (self.other_seller, 20)})
        self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 1000)

    def test_merged_with_one_without_a_plan_and_won_again(self):
        """Both are won again, and the plan that comes later pays the other."""
        lead = self.deal_lead()
        deal = self.win(lead)
        early = self.deal_lead(expected_revenue=5000)
        other = self.win(early, day=-30)
        self.assertFalse(other.plan_id)
        head = (lead | early).merge_opportunity()
        self.leave(head)
        self.win(head)
        self.assertEqual((deal | other).mapped("state"), ["won", "won"])
        self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 6000)
        plan = self.make_plan(date_from="2025-12-01", date_to="2025-12-31")
        plan.action_approve()
        with freeze_time(NOW):
            plan.with_user(self.payer).action_include_unpaid()
        self.assertEqual(self.amounts(other), [Decimal(500)])

    def test_two_without_a_plan_are_merged_and_won_again(self):
        leads = self.deal_lead() | self.deal_lead(expected_revenue=5000)
        deals = self.win(leads, day=-30)
        head = leads.merge_opportunity()
        self.leave(head, day=-30)
        self.win(head, day=-30)
        self.assertEqual(set(deals.mapped("state")), {"won"})
        self.assertEqual(sum(deals.mapped("base_amount")), 6000)
        self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 6000)

    def test_merging_open_ones_reverts_nothing(self):
        """Other addons hear of what is not won any more, and of nothing else."""
        leads = self.env.registry["crm.lead"]
        heard = []
        with patch.object(
            leads, "_on_won_reverted", lambda self, reason=None: heard.append(self)
        ):
            (self.deal_lead() | self.deal_lead()).merge_opportunity()
        self.assertFalse(heard)

    def test_a_plan_that_comes_later_pays_whoever_won_it(self):
        """Not whoever is the salesperson by then."""
        lead = self.deal_lead()
        deal = self.win(lead, day=-30)
        lead.user_id = self.other_seller
        plan = self.make_plan(date_from="2025-12-01", date_to="2025-12-31")
        plan.action_approve()
        with freeze_time(NOW):
            plan.with_user(self.payer).action_include_unpaid()
        self.assertEqual(self.paid(deal), {(self.seller, 100)})
        self.assertEqual(lead.contribution_ids.user_id, self.seller)

    def test_own_default_values_change_no_pay(self):
        """Users can set defaults for any field by RPC; deals are made without them."""
        self.win(self.deal_lead())  # the month exists
        period = self.period()
        defaults = self.env["ir.default"].with_user(self.seller)
        entry = {
            "user_id": self.seller.id,
            "amount": 5000,
            "kind": "adjustment",
            "date": "2026-01-14",
            "company_id": self.env.company.id,
            "currency_id": self.env.company.currency_id.id,
            "period_id": period.id,
        }
        for model, field, value in (
            ("radio.commission.deal", "line_ids", [[0, 0, entry]]),
            ("radio.commission.deal", "is_trued_up", True),
            ("radio.commission.share", "is_current", False),
            ("radio.booking", "is_eligible", False),
            ("radio.contribution", "note", "Mine"),
        ):
            defaults.set(model, field, value, user_id=True)
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.win(lead)
        self.assertEqual(self.paid(deal), {(self.seller, 100), (self.other_seller, 20)})
        self.assertFalse(deal.is_trued_up)
        self.assertTrue(lead.booking_ids.is_eligible)
        self.assertFalse(any(lead.contribution_ids.mapped("note")))

    def test_created_as_won(self):
        """Also with a company alone, which core turns into a contact while it creates
        the opportunity: it is booked and paid once."""
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        with freeze_time(NOW):
            lead = self.deal_lead(
                partner_id=False,
                commercial_partner_id=firm.id,
                stage_id=self.won_stage.id,
            )
        self.assertEqual(lead.booking_ids.net_amount, 1000)
        self.assertEqual(self.amounts(lead.commission_deal_ids), [Decimal(100)])

    def test_a_customer_that_comes_by_merging(self):
        """What was won before its customer was known is booked, too."""
        first = self.deal_lead(expected_revenue=500, partner_id=False)
        second = self.deal_lead(expected_revenue=300)
        self.win(first | second)
        head = (first | second).merge_opportunity()
        self.assertEqual(sum(head.commission_deal_ids.mapped("revenue")), 800)
        self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 800)

    def test_without_a_sales_team(self):
        """The plan is that of a team: it is named, and paid once the team is known. A
        team without a plan is left alone."""
        self.plan.sudo().date_to = "2026-01-10"
        plan = self.make_plan(team_ids=[(4, self.team.id)])
        plan.action_approve()
        lead = self.deal_lead(team_id=False)
        lead.team_id = False
        deal = self.win(lead)
        self.assertIn("No sales team", deal.problem)
        lead.team_id = self.team
        deal.with_user(self.payer).action_try_again()
        self.assertEqual((deal.plan_id, deal.problem), (plan, False))
        self.assertEqual(sum(self.amounts(deal)), 100)
        other = self.team.copy({"name": "Other"})
        self.assertFalse(self.win(self.deal_lead(team_id=other.id)).problem)

    def test_a_commission_base_of_ones_own(self):
        """Never below zero, nor more than the revenue; without one, the revenue may be
        anything, as in Odoo."""
        lead = self.deal_lead(expected_revenue=-100).with_user(self.seller)
        self.assertEqual(lead.expected_revenue, -100)
        lead.write({"expected_revenue": 100, "commission_base": 100})
        with self.assertRaisesRegex(ValidationError, "more than"):
            lead.commission_base = 100.01
        with self.assertRaisesRegex(ValidationError, "below zero"):
            lead.commission_base = -0.01

    def test_merged_and_won_again_says_nothing_of_amounts(self):
        """The amount of the merged opportunity is that of one of both: a manager who
        follows a notice about it would take away pay."""
        first, second = self.deal_lead(), self.deal_lead(expected_revenue=2000)
        self.win(first | second)
        head = (first | second).merge_opportunity()
        self.leave(head)
        head.user_id = self.seller
        deals = self.win(head)
        self.assertFalse(any(deals.mapped("notice")))
        self.leave(head)
        head.user_id = self.other_seller
        for deal in self.win(head):
            self.assertIn("salesperson Otto", deal.notice)
            self.assertNotIn("base", deal.notice)

    def test_a_customer_of_the_other_one_when_merging(self):
        """What was won without a customer is booked for the one of the opportunity that
        stays."""
        first = self.deal_lead(expected_revenue=500)
        second = self.deal_lead(expected_revenue=300, partner_id=False)
        self.win(first | second)
        head = (first | second).merge_opportunity()
        self.assertEqual(head, first)
        self.assertEqual(sum(head.commission_deal_ids.mapped("revenue")), 800)
        self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 800)
        self.assertEqual(
            head.booking_ids.advertiser_id, self.customer.commercial_partner_id
        )

    def test_a_plan_that_ends_that_day(self):
        """Its last day still pays by it, by the calendar of the station."""
        self.plan.sudo().date_to = "2026-01-31"
        for moment, is_paid in (
            (LAST_MINUTE, True),
            (LAST_MINUTE + timedelta(minutes=1), False),
        ):
            lead = self.deal_lead()
            with freeze_time(moment):
                lead.with_user(self.seller).action_set_won()
            deal = lead.commission_deal_ids
            self.assertEqual(bool(deal.plan_id), is_paid, moment)
            self.assertEqual(self.amounts(deal), [Decimal(100)] if is_paid else [])

    def test_won_in_bulk(self):
        """Cards that are moved at once pay each, with one ``create`` per model."""
        leads = self.env["crm.lead"].union(*(self.deal_lead() for _number in range(30)))
        self.win(leads[:1])
        created = []
        create = BaseModel.create

        def spy(records, vals_list):
            created.append(records._name)
            return create(records, vals_list)

        with patch.object(BaseModel, "create", spy):
            self.win(leads[1:])
        deals = leads.commission_deal_ids
        self.assertEqual(set(self.lines(deals).mapped("amount")), {100})
        self.assertEqual(len(self.lines(deals)), 30)
        for model in ("deal", "share", "line"):
            self.assertEqual(created.count(f"radio.commission.{model}"), 1, model)
        for model in ("radio.contribution", "radio.booking", "radio.volume.change"):
            self.assertEqual(created.count(model), 1, model)

    def test_won_by_ticking_a_stage(self):
        """ "Is Won Stage" wins every opportunity in the stage: each is paid."""
        stage = self.env["crm.stage"].create({"name": "Signed", "sequence": 50})
        leads = self.deal_lead(stage_id=stage.id) | self.deal_lead(stage_id=stage.id)
        with freeze_time(NOW):
            stage.is_won = True
        self.assertEqual(set(leads.mapped("won_status")), {"won"})
        self.assertEqual(
            self.amounts(leads.commission_deal_ids), [Decimal(100), Decimal(100)]
        )
        self.assertEqual(len(leads.booking_ids), 2)

    def test_unticking_a_stage(self):
        """Refused while it would take back what people have earned; old deals that pay
        nobody book nothing any more."""
        stage = self.env["crm.stage"].create(
            {"name": "Signed", "sequence": 50, "is_won": True}
        )
        leads = self.env["crm.lead"].with_context(import_file=True)
        with freeze_time(NOW):
            old = leads.create(
                {
                    "name": "Old",
                    "type": "opportunity",
                    "partner_id": self.customer.id,
                    "stage_id": stage.id,
                    "expected_revenue": 70,
                }
            )
            self.assertTrue(old.booking_ids)
            stage.is_won = False
        self.assertNotEqual(old.won_status, "won")
        self.assertFalse(old.booking_ids)
        archived = self.deal_lead()
        self.win(archived)
        archived.active = False
        with self.assertRaisesRegex(UserError, "pay commission"):
            self.won_stage.is_won = False

    def test_closing_more_than_are_settled_at_once(self):
        """All that campaigns earned until the last day of a month is of that month."""
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        campaign = {"campaign_start": "2026-02-03", "campaign_end": "2026-03-10"}
        leads = self.deal_lead(**campaign) | self.deal_lead(**campaign)
        leads |= self.deal_lead(**campaign)
        self.win(leads)
        self.assertFalse(self.lines(leads.commission_deal_ids))
        self.env["radio.commission.period"]._get_open(
            self.env.company, datetime(2026, 2, 1).date()
        )
        period = self.period("2026-02-01")
        module = "odoo.addons.radio_sales_team.models.commission"
        with (
            freeze_time(datetime(2026, 3, 1, 9, 0)),
            patch(f"{module}.radio_commission_period_close.AT_ONCE", 1),
        ):
            period.with_user(self.payer).action_prepare()
            self.assertFalse(period.is_ready)
            self.run_commission_cron()
            with self.enter_registry_test_mode():
                self.env.ref(
                    "radio_sales_team.ir_cron_close_periods"
                ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(period.is_ready)
        february = self.lines(leads.commission_deal_ids).filtered(
            lambda line: line.period_id == period
        )
        self.assertEqual(february.mapped("amount"), [50, 50, 50])

    def test_recomputing_takes_no_second_part_of_the_seller(self):
        """Who sold it and found the place in the week has both parts."""
        lead = self.deal_lead()
        self.env["radio.contribution"].sudo().create(
            {
                "lead_id": lead.id,
                "user_id": self.seller.id,
                "role_id": self.role["scheduling"].id,
                "state": "confirmed",
            }
        )
        deal = self.win(lead)
        self.assertEqual(self.amounts(deal), [Decimal(100), Decimal(10)])
        with freeze_time(NOW):
            deal.sudo()._recompute_contributors("Looked again")
        self.assertEqual(self.amounts(deal), [Decimal(100), Decimal(10)])

    def test_recomputing_after_merging_forgets_nobody(self):
        first, second = self.deal_lead(), self.deal_lead()
        second.user_id = self.other_seller
        deals = self.win(first) | self.win(second)
        head = (first | second).merge_opportunity()
        with freeze_time(NOW):
            deals.sudo()._recompute_contributors("Looked again")
        self.assertEqual(head.contribution_ids.user_id, self.seller | self.other_seller)

    def test_who_goes_to_another_company_keeps_a_part(self):
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.win(lead)
        company = self.env["res.company"].create({"name": "Other"})
        self.other_seller.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        with freeze_time(NOW):
            deal.sudo()._recompute_contributors("Looked again")
        self.assertEqual(self.paid(deal), {(self.seller, 100), (self.other_seller, 20)})

    def test_who_has_a_part_is_not_deleted(self):
        """Else what they were paid for could not be told any more."""
        temp = self._new_user("temp", "sales_team.group_sale_manager")
        lead = self.deal_lead(user_id=temp.id)
        self.win(lead)
        lead.user_id = self.seller
        other = self.deal_lead()
        self.noticed(other, self.other_seller)
        self.win(other)
        role = self.env["radio.contribution.role"].search(
            [("automatic", "=", "signal")]
        )
        self.assertCannotBeDeleted(temp)
        self.assertCannotBeDeleted(role)

    def test_won_together_is_posted_in_the_channel_of_the_team(self):
        """In the language of whoever wins, and by name; no amounts."""
        self.env["res.lang"]._activate_lang("de_DE")
        channel = self.env["discuss.channel"].create({"name": "A"})
        self.team.won_channel_id = channel
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        alone = self.deal_lead(name="Alone")
        self.win(lead.with_context(lang="de_DE"))
        self.win(alone)
        told = lead.message_ids.filtered(lambda one: "Otto" in (one.body or ""))
        self.assertEqual(told.author_id, self.seller.partner_id)
        self.assertIn("Gemeinsam gewonnen", told.body)
        self.assertEqual(set(lead.contribution_ids.proposed_by_id), {self.seller})
        (body,) = [one.body for one in channel.message_ids if one.body]
        self.assertIn("Spring: ", body)
        self.assertNotIn("100", body)

    def test_a_channel_that_refuses_the_message(self):
        """Money does not depend on a message: it is won, paid, and can be reverted."""
        channel = self.env["discuss.channel"].create({"name": "A"})
        self.team.won_channel_id = channel
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)

        def refuse(*args, **kwargs):
            raise ValueError("no posts here")

        with (
            patch.object(self.env.registry["discuss.channel"], "message_post", refuse),
            mute_logger("odoo.addons.radio_sales_team.models.response.batch"),
        ):
            deal = self.win(lead)
            self.assertEqual(
                self.paid(deal), {(self.seller, 100), (self.other_seller, 20)}
            )
            self.leave(lead)
        self.assertEqual(sum(self.amounts(deal)), 0)
        self.assertIn("Won together", str(lead.message_ids.mapped("body")))

    def test_the_last_day_of_a_month(self):
        """A month on air that begins tomorrow is earned then, not before."""
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        deal = self.win(
            self.deal_lead(campaign_start="2026-01-10", campaign_end="2026-02-20")
        )
        self.assertEqual(self.amounts(deal), [Decimal(50)])
        self.assertEqual(str(deal.next_due_on), "2026-02-01")
        with freeze_time(LAST_MINUTE):
            self.run_commission_cron()
        self.assertEqual(len(self.lines(deal)), 1)
        with freeze_time(LAST_MINUTE + timedelta(minutes=2)):
            self.run_commission_cron()
        self.assertEqual(len(self.lines(deal)), 2)

    def test_a_paid_opportunity_is_not_deleted(self):
        lead = self.deal_lead()
        self.win(lead)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            lead.unlink()

    def test_two_won_opportunities_are_merged(self):
        """Each pays those who contributed to it, by what it was worth."""
        first, second = self.deal_lead(), self.deal_lead(expected_revenue=500)
        signal = self.noticed(second, self.other_seller)
        deals = self.win(first) | self.win(second)
        head = (first | second).merge_opportunity()
        self.assertEqual(deals.lead_id, head)
        self.assertEqual(
            [self.paid(deal) for deal in deals.sorted("base_amount")],
            [{(self.seller, 50), (self.other_seller, 10)}, {(self.seller, 100)}],
        )
        self.assertEqual(head.contribution_ids.user_id, self.seller | self.other_seller)
        self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 1500)
        self.assertEqual((signal.lead_id, signal.state), (head, "won"))

    def test_won_in_the_last_minute_of_a_month(self):
        """It is paid in that month."""
        with freeze_time(LAST_MINUTE):
            lead = self.deal_lead(expected_revenue=300)
            lead.with_user(self.seller).action_set_won()
        period = self.close(day=datetime(2026, 1, 31, 23, 1))
        line = self.lines(lead.commission_deal_ids)
        self.assertEqual((line.amount, line.period_id), (30, period))
        self.assertEqual(period.statement_ids.total, 30)

    def test_earned_in_a_month_that_is_closed(self):
        """The next open month takes it, however late the scheduled action comes."""
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        deal = self.win(
            self.deal_lead(campaign_start="2026-02-03", campaign_end="2026-02-25")
        )
        self.win(self.deal_lead())
        self.assertFalse(self.lines(deal))
        # as if both months had been closed without it
        deal.sudo().next_due_on = "2026-04-01"
        self.win(self.deal_lead(), day=20)
        self.close()
        period = self.close("2026-02-01")
        deal.sudo().next_due_on = "2026-02-01"
        self.accrue(60)
        line = self.lines(deal)
        self.assertEqual(line.period_id, self.period("2026-03-01"))
        self.assertNotIn(line, period.line_ids)


@tagged("post_install", "-at_install")
class TestWinProblems(CommissionCase):
    """A deal that cannot be settled is set aside and named; the others go on."""

    def setUp(self):
        super().setUp()
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        campaign = {"campaign_start": "2026-02-03", "campaign_end": "2026-02-25"}
        self.good = self.win(self.deal_lead(**campaign))
        self.bad = self.win(self.deal_lead(name="Broken", **campaign))
        deals = self.env.registry["radio.commission.deal"]
        earned, bad = deals._get_earned_base, self.bad
        self.tries = []

        def broken(deal, day):
            if deal == bad:
                self.tries.append(day)
                raise ValueError("no such month")
            return earned(deal, day)

        self.broken = patch.object(deals, "_get_earned_base", broken)

    def failures(self):
        return self.env["radio.processing.failure"].search([])

    def test_one_bad_deal_stops_no_other(self):
        """It is tried again with a growing delay, and logged no more often."""
        with self.broken, mute_logger("odoo.addons.radio_sales_team.models"):
            self.accrue(20)
            self.assertEqual(self.amounts(self.good), [Decimal(100)])
            self.assertFalse(self.amounts(self.bad))
            self.assertEqual(self.failures().attempt_count, 1)
            count = len(self.tries)
            self.accrue(20)
            self.assertEqual(len(self.tries), count, "not before its time")
            delays = [self.failures().retry_at - self.failures().failed_at]
            for day in (21, 22):
                self.accrue(day)
                delays.append(self.failures().retry_at - self.failures().failed_at)
        self.assertEqual(self.failures().attempt_count, 3)
        self.assertEqual(delays, [timedelta(minutes=number) for number in (2, 4, 8)])
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count(
                [("call_at", "=", self.failures().retry_at)]
            ),
            "the scheduled action comes back for it",
        )
        self.accrue(23)
        self.assertEqual(self.amounts(self.bad), [Decimal(100)])
        self.assertFalse(self.failures())

    def test_whoever_can_solve_it_sees_it(self):
        """On the list of deals and the month; the sales administrator sees no deals'
        failures, as they are about pay."""
        with self.broken, mute_logger("odoo.addons.radio_sales_team.models"):
            self.accrue(20)
        deals = self.env["radio.commission.deal"].with_user(self.payer)
        found = deals.search([("processing_error", "!=", False)])
        self.assertEqual(found, self.bad)
        self.assertEqual(found.processing_error, "no such month")
        self.assertNotIn(found, deals.search([("processing_error", "=", False)]))
        own = self.failures().with_user(self.payer)
        self.assertEqual(own.record_name, "Broken")
        self.assertFalse(
            self.env["radio.processing.failure"].with_user(self.manager).search([])
        )
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([])
        with freeze_time(NOW + timedelta(days=20)):
            own.action_retry()
            self.assertEqual(triggers.search_count([]), before + 1, "at once")
        self.accrue(20)
        self.assertEqual(self.amounts(self.bad), [Decimal(100)])

    def test_a_failure_that_is_over_is_forgotten(self):
        """A deal that is settled another way, or deleted, is not tried for ever."""
        with self.broken, mute_logger("odoo.addons.radio_sales_team.models"):
            self.accrue(20)
        self.assertTrue(self.failures())
        self.leave(self.bad.lead_id, day=20)
        self.accrue(21)
        self.assertFalse(self.failures())

    def test_a_record_whose_name_is_broken(self):
        """It is set aside under its number, and stops no other."""
        deals = self.env.registry["radio.commission.deal"]

        def broken(records):
            raise ValueError("no name")

        with (
            self.broken,
            patch.object(deals, "_compute_display_name", broken),
            mute_logger("odoo.addons.radio_sales_team.models"),
        ):
            self.accrue(20)
        self.assertEqual(self.amounts(self.good), [Decimal(100)])
        self.assertEqual(
            self.failures().record_name, f"radio.commission.deal,{self.bad.id}"
        )

    def test_closing_a_month_names_it(self):
        """And it is not blocked by it: the deal is paid in the next open month."""
        periods = self.env["radio.commission.period"]
        periods._get_open(self.env.company, datetime(2026, 2, 1).date())
        with (
            self.broken,
            mute_logger("odoo.addons.radio_sales_team.models"),
            freeze_time(datetime(2026, 3, 2, 9, 0)),
        ):
            period = self.period("2026-02-01").with_user(self.payer)
            period.action_prepare()
            self.assertTrue(period.is_ready)
            self.assertIn("“Broken”", period.progress)
            period.action_close()
        self.assertEqual(self.period("2026-02-01").line_ids.deal_id, self.good)
        self.accrue(60)
        self.assertEqual(self.lines(self.bad).period_id, self.period("2026-03-01"))

    def test_a_missing_role_is_named_by_the_month(self):
        lead = self.deal_lead(name="Orphan", user_id=False)
        self.win(lead)
        self.env["radio.commission.period"]._get_open(self.env.company, NOW.date())
        self.assertIn("“Orphan”", self.period().with_user(self.payer).progress)


@tagged("post_install", "-at_install")
class TestWinUpsell(CommissionCase):
    """Bookings and signals that follow from winning."""

    def test_booked_as_it_was_won(self):
        """What is edited afterwards books nothing else, and the volume is updated."""
        customer = self.customer.commercial_partner_id
        self.env["radio.volume.change"].search([]).unlink()
        lead = self.deal_lead(campaign_start="2026-02-03", campaign_end="2026-03-20")
        self.win(lead)
        other = self.env["res.partner"].create({"name": "Somebody else"})
        lead.write(
            {
                "campaign_end": "2026-05-01",
                "expected_revenue": 9,
                "name": "Slip",
                "partner_id": other.id,
            }
        )
        bookings = lead.booking_ids.sorted("month")
        self.assertEqual(
            [(str(one.month), one.net_amount) for one in bookings],
            [("2026-02-01", 500), ("2026-03-01", 500)],
        )
        self.assertEqual(str(bookings[1].date_end), "2026-03-20")
        self.assertEqual(set(bookings.mapped("product_name")), {"Spring"})
        self.assertEqual(bookings.advertiser_id, customer)
        self.assertEqual(
            self.env["radio.volume.change"].search([]).partner_id, customer
        )

    def test_leaving_and_winning_again(self):
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        self.win(lead)
        self.leave(lead)
        self.assertFalse(lead.booking_ids)
        self.assertEqual(signal.state, "accepted")
        self.win(lead)
        self.assertEqual(len(lead.booking_ids), 1)
        self.assertEqual(signal.state, "won")

    def test_only_what_ended_together_begins_again(self):
        """Leaving "won" opens what was won with it, not what had been lost before."""
        lead, lost = self.deal_lead(), self.deal_lead()
        own = self.noticed(lead, self.other_seller)
        others = self.noticed(lost, self.other_seller)
        lost.action_set_lost()
        self.win(lead)
        head = (lead | lost).merge_opportunity()
        self.leave(head)
        self.assertEqual((own.state, others.state), ("accepted", "lost"))

    def test_dismissed_reopened_and_won(self):
        """A signal that somebody took up again credits whoever noticed it, once."""
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        signal.user_id = self.seller
        reason = self.env["radio.signal.reason"].search([], limit=1)
        signal.write({"state": "dismissed", "reason_id": reason.id})
        signal.with_user(self.seller).action_reopen()
        self.assertEqual((signal.state, signal.lead_id), ("new", lead))
        deal = self.win(lead)
        self.assertEqual((signal.state, bool(signal.reason_id)), ("won", False))
        self.leave(lead)
        self.win(lead)
        self.assertEqual(sum(self.amounts(deal, self.other_seller)), 20)

    def test_won_again_beside_another(self):
        """Each of several that are won at once has the contributors of its own."""
        again, new = self.deal_lead(expected_revenue=0), self.deal_lead()
        self.win(again)
        self.leave(again)
        again.expected_revenue = 1000
        self.noticed(again, self.other_seller)
        self.noticed(new, self.back_office)
        self.win(again | new)
        deal = again.commission_deal_ids
        self.assertEqual(self.amounts(deal, self.seller), [100])
        self.assertEqual(self.amounts(deal, self.other_seller), [20])
        deal = new.commission_deal_ids
        self.assertEqual(self.amounts(deal, self.seller), [100])
        self.assertEqual(self.amounts(deal, self.back_office), [20])

    def test_a_signal_is_won_when_its_opportunity_was(self):
        """Targets count it in the month in which it was won."""
        with freeze_time(LAST_MINUTE):
            lead = self.deal_lead()
            signal = self.noticed(lead, self.other_seller)
            lead.with_user(self.seller).action_set_won()
        self.assertEqual((signal.state, signal.closed_at), ("won", LAST_MINUTE))

    def test_merged_into_something_open(self):
        """It books nothing, its signals go on, and what it paid is taken back."""
        later = self.env["crm.stage"].create({"name": "Later", "sequence": 9999})
        lead, head = self.deal_lead(), self.deal_lead(stage_id=later.id)
        signal = self.noticed(lead, self.other_seller)
        self.win(lead)
        head = (lead | head).merge_opportunity()
        self.assertEqual(head.won_status, "pending")
        self.assertFalse(head.booking_ids)
        self.assertEqual(signal.state, "accepted")
        self.assertEqual(sum(self.amounts(head.commission_deal_ids)), 0)

    def test_left_and_given_a_customer_at_once(self):
        lead = self.deal_lead(partner_id=False)
        self.win(lead)
        lead.write({"partner_id": self.customer.id, "stage_id": self.new_stage.id})
        self.assertFalse(lead.booking_ids)

    def test_found_again_and_won_at_once(self):
        """A card that is dragged from lost to won: whoever noticed it has a part."""
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        with freeze_time(NOW):
            lead.action_set_lost()
            self.assertEqual(signal.state, "lost")
            lead.write({"active": True, "stage_id": self.won_stage.id})
        self.assertEqual(signal.state, "won")
        self.assertIn(
            self.other_seller, self.lines(lead.commission_deal_ids).mapped("user_id")
        )

    def test_which_signals_are_won(self):
        """Those that are open; what was dismissed before, or comes later, is not."""
        lead = self.deal_lead()
        signal, sooner = (self.noticed(lead, self.other_seller) for _ in range(2))
        (signal | sooner).user_id = self.seller
        reason = self.env["radio.signal.reason"].search([], limit=1)
        sooner.write({"state": "dismissed", "reason_id": reason.id})
        self.win(lead)
        late = self.noticed(lead, self.back_office)
        self.assertEqual(
            (signal | sooner | late).mapped("state"), ["won", "dismissed", "accepted"]
        )
        own = signal.with_user(self.seller)
        for action in (own.action_accept, own.action_offer, own.action_dismiss):
            with self.assertRaisesRegex(UserError, "is over"), self.env.cr.savepoint():
                action()

    def test_who_sees_no_deal_sees_none_by_way_of_a_signal(self):
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        signal.user_id = self.other_seller
        lead.user_id = self.other_seller
        self.win(self.deal_lead())
        lead.user_id = self.seller
        self.win(lead)
        self.env.invalidate_all()
        (read,) = signal.with_user(self.other_seller).web_read(
            {
                "state": {},
                "lead_id": {
                    "fields": {"commission_deal_ids": {"fields": {"name": {}}}}
                },
            }
        )
        self.assertEqual(read["state"], "won")
        deals = [one["id"] for one in read["lead_id"]["commission_deal_ids"]]
        mine = self.env["radio.commission.deal"].with_user(self.other_seller)
        self.assertEqual(deals, mine.search([("lead_id", "=", lead.id)]).ids)

    def test_who_may_read_less_wins_the_same(self):
        """What somebody may not see is there all the same: for an automation rule that
        looks at the opportunity first, say."""
        lead = self.asked_lead()
        with freeze_time(NOW):
            seen = lead.with_user(self.other_seller)
            for _time in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertFalse(seen.handover_ids)
                self.assertFalse(seen.commission_deal_ids)
                seen.action_set_won()
                self.env.invalidate_all()
                self.assertNotIn("requested", lead.handover_ids.mapped("state"))
                lead.stage_id = self.new_stage
        self.assertEqual(len(lead.commission_deal_ids), 1)

    def test_who_may_not_see_a_handover_saves_the_lead(self):
        """A colleague moves the card of an inquiry of which another seller is asked."""
        lead = self.asked_lead()
        with freeze_time(NOW):
            self.win(self.deal_lead())
            self.env.flush_all()
            self.env.invalidate_all()
            for vals in ({"probability": 30}, {"stage_id": self.won_stage.id}):
                (read,) = lead.with_user(self.other_seller).web_save(
                    vals,
                    {
                        "handover_ids": {"fields": {"state": {}}},
                        "commission_deal_ids": {"fields": {"name": {}}},
                    },
                )
                self.assertEqual(read["handover_ids"], [])
                self.assertEqual(read["commission_deal_ids"], [])
                self.env.invalidate_all()
        self.assertTrue(lead.commission_deal_ids)

    def test_deadlines_and_handovers_end(self):
        """Nobody is reminded of what is won, and nobody is asked to take it over."""
        asked, due = self.asked_lead(), self.asked_lead()
        with freeze_time(NOW):
            due.handover_ids.with_user(self.seller).action_accept()
            due._make_promise(NOW + timedelta(days=1), user=self.seller)
        self.assertIn("running", due.sla_clock_ids.mapped("state"))
        for lead in asked, due:
            self.win(lead, day=1)
        self.assertNotIn("requested", asked.handover_ids.mapped("state"))
        self.assertNotIn("running", (asked | due).sla_clock_ids.mapped("state"))
        self.assertFalse((asked | due).filtered("sla_deadline"))

    def test_a_signal_that_was_merged_into_something_won(self):
        """It is still open, and whoever has it can say why not."""
        head, tail = self.deal_lead(), self.deal_lead(expected_revenue=0)
        signal = self.noticed(tail, self.other_seller)
        signal.user_id = self.seller
        self.win(head)
        head = (head | tail).merge_opportunity()
        self.assertEqual((head.won_status, signal.lead_id), ("won", head))
        reason = self.env["radio.signal.reason"].search([], limit=1)
        signal.with_user(self.seller).write(
            {"state": "dismissed", "reason_id": reason.id}
        )
        self.assertEqual(signal.state, "dismissed")

    def test_companies_as_at_winning(self):
        """A contact that goes to another company takes neither deal nor booking along;
        companies that have booked cannot be deleted."""
        first, second, agency = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("A", "B", "C")]
        )
        contact, agent = self.env["res.partner"].create(
            [
                {"name": "Kim", "parent_id": first.id},
                {"name": "Lou", "parent_id": agency.id},
            ]
        )
        lead = self.deal_lead(partner_id=contact.id)
        booked = self.deal_lead(partner_id=agent.id, advertiser_id=contact.id)
        deals = self.win(lead | booked)
        (contact | agent).parent_id = second
        self.assertEqual(deals.partner_id, first)
        self.assertEqual((lead | booked).booking_ids.advertiser_id, first)
        self.assertEqual(booked.booking_ids.agency_id, agency)
        self.assertFalse(lead.booking_ids.agency_id)
        self.assertCannotBeDeleted(first)
        self.assertCannotBeDeleted(agency)

    def test_what_came_after_winning_is_not_won_with_it(self):
        """Else a signal counts as won, and whoever noticed it is paid nothing."""
        lead = self.deal_lead(partner_id=False)
        before = self.noticed(lead, self.other_seller)
        self.win(lead)
        late = self.noticed(lead, self.back_office)
        lead.partner_id = self.customer
        self.assertEqual((before.state, late.state), ("won", "accepted"))
        self.assertEqual(lead.booking_ids.net_amount, 1000)

    def test_as_exact_as_the_deal(self):
        """A revenue with more decimals than the currency has, from another system."""
        lead = self.deal_lead()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET expected_revenue = 1234.565 WHERE id = %s", [lead.id]
        )
        self.env.invalidate_all()
        deal = self.win(lead)
        self.assertEqual(deal.base_amount, 1234.57)
        self.assertEqual(lead.booking_ids.net_amount, 1234.57)

    def test_in_the_month_of_the_station(self):
        """Wherever it is, what is won on the last evening is of that month."""
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        for zone, moment, month in (
            ("Europe/Berlin", datetime(2026, 1, 31, 22, 30), "2026-01-01"),
            ("Europe/Berlin", datetime(2026, 1, 31, 23, 30), "2026-02-01"),
            ("America/New_York", datetime(2026, 2, 1, 1, 0), "2026-01-01"),
            ("Asia/Tokyo", datetime(2026, 1, 31, 23, 30), "2026-02-01"),
        ):
            with self.subTest(zone=zone, moment=moment):
                self.env.company.resource_calendar_id.tz = zone
                lead = self.deal_lead()
                with freeze_time(moment):
                    lead.with_user(self.seller).action_set_won()
                deal = lead.commission_deal_ids
                self.assertEqual(deal.months, [month])
                self.assertEqual(str(deal.won_on)[:7], month[:7])
                self.assertEqual(str(lead.booking_ids.month), month)
                self.assertEqual(self.amounts(deal), [Decimal(100)])
                self.assertEqual(
                    str(self.lines(deal).period_id.date_from), month, "of the ledger"
                )

    def test_deleted_before_the_scheduled_action_came(self):
        """What the campaign has earned by this morning keeps it from being deleted."""
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        lead = self.deal_lead(campaign_start="2026-02-02", campaign_end="2026-02-20")
        self.assertFalse(self.lines(self.win(lead)))
        with freeze_time(LAST_MINUTE + timedelta(days=2)):
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                lead.unlink()

    def test_won_again_in_another_team(self):
        """Never paid before: its leader sees the parts, the former one does not."""
        lead = self.deal_lead(expected_revenue=0)
        deal = self.win(lead)
        self.leave(lead)
        other = self.team.copy({"name": "Other"})
        lead.write({"team_id": other.id, "expected_revenue": 1000})
        self.win(lead, day=1)
        self.assertEqual(deal.team_id, other)
        self.assertEqual(set(deal.share_ids.mapped("team_id")), {other})
        self.assertEqual(set(self.lines(deal).mapped("team_id")), {other})

    def test_the_customer_is_merged(self):
        customer = self.env["res.partner"].create(
            {"name": "Twice", "email": "t@t.test"}
        )
        lead = self.deal_lead(partner_id=customer.id)
        self.win(lead)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((customer | self.customer).ids, self.customer)
        self.assertEqual(
            lead.booking_ids.advertiser_id, self.customer.commercial_partner_id
        )

    def test_won_before_anybody_knew_for_whom(self):
        """It is booked as soon as somebody says so; for whom it was won stays."""
        nobodys, known = self.deal_lead(partner_id=False), self.deal_lead()
        self.win(nobodys | known)
        other = self.env["res.partner"].create({"name": "Somebody else"})
        nobodys.partner_id = other
        self.assertEqual(nobodys.booking_ids.advertiser_id, other)
        known.partner_id = False
        known.partner_id = other
        self.assertEqual(
            known.booking_ids.advertiser_id, self.customer.commercial_partner_id
        )

    def test_an_import_of_old_deals(self):
        """It is booked, for volumes, and pays nobody."""
        leads = self.env["crm.lead"].with_context(import_file=True)
        with freeze_time(NOW):
            lead = leads.create(
                {
                    "name": "Old",
                    "type": "opportunity",
                    "partner_id": self.customer.id,
                    "stage_id": self.won_stage.id,
                    "expected_revenue": 70,
                }
            )
        self.assertEqual(lead.booking_ids.net_amount, 70)
        self.assertFalse(lead.commission_deal_ids)

    def test_an_import_that_wins(self):
        """Only what a list creates as won is old: who updates an opportunity by one has
        won it now."""
        lead = self.deal_lead()
        with freeze_time(NOW):
            lead.with_context(import_file=True).stage_id = self.won_stage
        self.assertEqual(self.amounts(lead.commission_deal_ids), [Decimal(100)])
        self.assertEqual(lead.booking_ids.net_amount, 1000)

    def test_who_books_directly_has_no_agency(self):
        """What one has heard of them is not noted down as an agency's."""
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        person = self.env["res.partner"].create({"name": "Kim", "parent_id": firm.id})
        lead = self.deal_lead(partner_id=person.id, advertiser_id=firm.id)
        context = lead.action_report_event()["context"]
        self.assertEqual(context["default_partner_id"], firm.id)
        self.assertFalse(context["default_agency_id"])
        lead.partner_id = self.customer
        self.assertEqual(
            lead.action_report_event()["context"]["default_agency_id"],
            self.customer.commercial_partner_id.id,
        )

    def test_won_without_anything_to_pay_and_again(self):
        """A deal of which nothing was paid is frozen anew, people and customer too."""
        lead = self.deal_lead(expected_revenue=0, partner_id=False)
        deal = self.win(lead)
        self.leave(lead)
        lead.write({"expected_revenue": 1000, "partner_id": self.customer.id})
        self.noticed(lead, self.other_seller)
        self.win(lead, day=1)
        self.assertEqual(lead.commission_deal_ids, deal)
        self.assertEqual(deal.partner_id, self.customer.commercial_partner_id)
        self.assertEqual(deal.partner_name, deal.partner_id.name)
        self.assertEqual(
            {(line.user_id, line.amount) for line in self.lines(deal)},
            {(self.seller, 100), (self.other_seller, 20)},
        )
