"""What a won deal pays: every cent has its line, and nothing is paid twice."""

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
class TestDeal(CommissionCase):
    def test_seller_alone_gets_the_commission(self):
        deal = self.win(self.deal_lead())
        line = self.lines(deal)
        self.assertEqual(self.amounts(deal), [Decimal("100.00")])
        self.assertEqual(line.user_id, self.seller)
        self.assertEqual((line.base_amount, line.rate, line.percent), (1000, 10, 100))
        self.assertEqual(line.date, NOW.date())
        self.assertEqual(line.period_id, self.period())
        self.assertEqual(line.kind, "accrual")

    def test_back_office_earns_on_top_and_takes_nothing(self):
        """The default plan takes nothing from a seller, and the pot is the team's."""
        second = self._new_user("ida", "radio_sales_team.group_back_office")
        self._join(second, "back_office")
        lead = self.inquiry(type="opportunity", expected_revenue=1000.0)
        self.answer(lead, self.back_office)
        lead.user_id = self.seller
        deal = self.win(lead)
        self.assertEqual(self.amounts(deal, self.seller), [Decimal("100.00")])
        self.assertEqual(self.amounts(deal, self.back_office), [Decimal("5.00")])
        self.assertEqual(self.amounts(deal, second), [Decimal("5.00")])

    def test_whoever_noticed_the_chance_is_paid_for_it(self):
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.win(lead)
        self.assertEqual(self.amounts(deal, self.other_seller), [Decimal("20.00")])
        self.assertEqual(self.amounts(deal, self.seller), [Decimal("100.00")])

    def test_a_role_that_nobody_filled_goes_to_who_stands_in(self):
        self.role["presenter"] = self.env["radio.contribution.role"].create(
            {"name": "Presenter", "credit": "share"}
        )
        plan = self.make_plan(
            {
                "seller": {"percent": 70},
                "presenter": {
                    "percent": 30,
                    "fallback_role_id": self.role["seller"].id,
                },
            },
            team_ids=[Command.link(self.team.id)],
        )
        plan.action_approve()
        deal = self.win(self.deal_lead())
        self.assertEqual(self.amounts(deal), [Decimal("100.00")])
        self.assertEqual(deal.share_ids.percent, 100)

    def test_a_deal_without_salesperson_says_what_is_missing(self):
        """Nothing is lost: once there is a salesperson, everything is paid."""
        lead = self.deal_lead(user_id=False)
        deal = self.win(lead)
        self.assertIn("no salesperson", deal.problem)
        self.assertFalse(self.lines(deal))
        lead.user_id = self.seller
        with freeze_time(NOW):
            deal.with_user(self.payer).action_try_again()
        self.assertFalse(deal.problem)
        self.assertEqual(self.amounts(deal, self.seller), [Decimal("100.00")])

    def test_a_deal_below_zero_says_so(self):
        deal = self.win(self.deal_lead(expected_revenue=-5.0))
        self.assertIn("below zero", deal.problem)
        self.assertFalse(self.lines(deal))

    def test_a_deal_of_nothing_pays_nothing(self):
        deal = self.win(self.deal_lead(expected_revenue=0.0))
        self.assertTrue(deal)
        self.assertFalse(self.lines(deal))
        self.assertIn("No amount", deal.problem)

    def test_barter_pays_nobody(self):
        deal = self.win(self.deal_lead(is_commission_free=True))
        self.assertFalse(self.lines(deal) or deal.problem)
        self.assertTrue(deal.lead_id.contribution_ids)

    def test_what_was_entered_for_it_comes_before_the_revenue(self):
        deal = self.win(self.deal_lead(commission_base=800.0))
        self.assertEqual(self.amounts(deal), [Decimal("80.00")])

    def test_no_plan_no_pay(self):
        """A station that pays no commission finds nothing in its ledger."""
        with freeze_time(NOW):
            self.plan.sudo().write({"date_to": "2026-01-10", "state": "ended"})
        lead = self.deal_lead()
        deal = self.win(lead)
        self.assertFalse(self.lines(deal) or deal.share_ids or deal.problem)
        self.assertTrue(lead.contribution_ids, "who contributed is noted all the same")

    def test_editing_the_revenue_after_winning_changes_nothing(self):
        lead = self.deal_lead()
        deal = self.win(lead)
        lead.expected_revenue = 9999.0
        lead.commission_base = 9999.0
        lead.name = "Another name"
        lead.user_id = self.other_seller
        self.env.flush_all()
        with freeze_time(NOW + timedelta(days=1)):
            deal.sudo()._settle(NOW.date())
        self.assertEqual(self.amounts(deal), [Decimal("100.00")])
        self.assertEqual(deal.name, "Spring")

    def test_archiving_a_won_deal_changes_nothing(self):
        """Core moves the closing date of a won opportunity that is archived."""
        lead = self.deal_lead()
        deal = self.win(lead)
        with freeze_time(NOW + timedelta(days=40)):
            lead.action_archive()
            self.env.flush_all()
        self.assertEqual(self.amounts(deal), [Decimal("100.00")])
        self.assertEqual((deal.won_on, deal.state), (NOW.date(), "won"))

    def test_win_leave_win(self):
        lead = self.deal_lead()
        deal = self.win(lead)
        self.leave(lead, day=1)
        self.assertEqual(deal.state, "left")
        self.win(lead, day=2)
        hundred = Decimal("100.00")
        self.assertEqual(self.amounts(deal), [hundred, -hundred, hundred])
        self.assertEqual(
            self.lines(deal).mapped("kind"), ["accrual", "reversal", "accrual"]
        )
        self.assertEqual(len(lead.commission_deal_ids), 1)

    def test_nobody_gains_by_leaving_and_winning_again(self):
        """Won again is won as it was; the commission manager sees what is different,
        and decides."""
        lead = self.deal_lead()
        deal = self.win(lead)
        self.leave(lead, day=1)
        lead.write({"user_id": self.other_seller.id, "expected_revenue": 5000.0})
        lead.name = "Another name"
        self.win(lead, day=2)
        hundred = Decimal("100.00")
        self.assertEqual(self.amounts(deal, self.seller), [hundred, -hundred, hundred])
        self.assertFalse(self.amounts(deal, self.other_seller))
        self.assertEqual((deal.name, deal.won_on), ("Spring", NOW.date()))
        self.assertIn("Otto", deal.notice)
        self.change(deal, base_amount=5000.0)
        self.assertFalse(deal.notice)
        self.assertEqual(sum(self.amounts(deal)), 500)

    def change(self, deal, **vals):
        """The commission manager's form, as it is opened and saved."""
        change = self.env["radio.commission.change"].with_user(self.payer)
        action = deal.with_user(self.payer).action_change_base()
        with freeze_time(NOW + timedelta(days=3)):
            form = change.with_context(**action["context"]).create(
                {"deal_id": deal.id, "reason": "Because", **vals}
            )
            form.action_change()
        return form

    def test_what_nothing_was_paid_for_yet_is_frozen_too(self):
        """A campaign that begins later: the correction of its base stays."""
        self.plan.sudo().write({"date_to": "2026-01-10", "state": "ended"})
        self.make_plan(event="spread", date_from="2026-01-11").action_approve()
        lead = self.deal_lead(campaign_start="2026-03-01", campaign_end="2026-03-31")
        deal = self.win(lead)
        self.assertFalse(self.lines(deal))
        self.change(deal, base_amount=700.0)
        self.leave(lead, day=4)
        lead.expected_revenue = 9000.0
        self.win(lead, day=5)
        self.assertEqual(deal.base_amount, 700)

    def test_the_revenue_that_was_forgotten(self):
        """Won without an amount, taken back, entered, won: nobody has to correct it."""
        lead = self.deal_lead(expected_revenue=0.0)
        deal = self.win(lead)
        self.leave(lead, day=1)
        lead.expected_revenue = 1000.0
        self.win(lead, day=2)
        self.assertEqual(self.amounts(deal), [Decimal("100.00")])

    def test_the_same_form_twice_changes_once(self):
        deal = self.win(self.deal_lead())
        form = self.change(deal, base_amount=700.0)
        with freeze_time(NOW):
            form.action_change()
        self.assertEqual(self.amounts(deal), [Decimal("100.00"), Decimal("-30.00")])

    def test_people_anew_takes_nothing_from_who_went_elsewhere(self):
        """Who has a part keeps it, also after moving to another station of the group;
        and nobody else loses theirs."""
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.win(lead)
        other = self.env["res.company"].create({"name": "Other"})
        for user in self.seller, self.other_seller:
            user.write(
                {"company_ids": [Command.set(other.ids)], "company_id": other.id}
            )
            self.change(deal, base_amount=deal.base_amount, is_people=True)
            self.assertEqual(self.amounts(deal), [Decimal(100), Decimal(20)])
        self.noticed(lead, self.back_office)
        self.change(deal, base_amount=deal.base_amount, is_people=True)
        self.assertEqual(
            {line.user_id: line.amount for line in self.lines(deal)[:2]},
            {self.seller: 100, self.other_seller: 20},
        )
        self.assertEqual(sum(self.amounts(deal)), 120, "two who noticed it share 2 %")

    def test_a_form_that_is_out_of_date_undoes_nothing(self):
        deal = self.win(self.deal_lead())
        stale = (
            self.env["radio.commission.change"]
            .with_user(self.payer)
            .create(
                {
                    "deal_id": deal.id,
                    "base_amount": 1000.0,
                    "old_base": 1000.0,
                    "is_people": True,
                    "reason": "People only",
                }
            )
        )
        self.change(deal, base_amount=700.0)
        with self.assertRaisesRegex(UserError, "has changed since"):
            stale.action_change()

    def test_nobody_changes_a_deal_of_their_own(self):
        lead = self.deal_lead()
        self.noticed(lead, self.payer)
        deal = self.win(lead)
        with self.assertRaisesRegex(UserError, "somebody else change it"):
            self.change(deal, base_amount=50000.0)

    def test_the_seller_changes_no_base_upwards(self):
        """Both sides of the expected revenue."""
        leads = self.env["crm.lead"].with_user(self.seller)
        vals = {"name": "Mine", "type": "opportunity", "expected_revenue": 1000.0}
        leads.create({**vals, "commission_base": 1000.0})
        with self.assertRaisesRegex(ValidationError, "more than the"):
            leads.create({**vals, "commission_base": 1000.01})

    def test_a_date_that_somebody_enters_dates_nothing_back(self):
        with freeze_time(NOW):
            lead = (
                self.env["crm.lead"]
                .with_user(self.seller)
                .create(
                    {
                        "name": "Back then",
                        "type": "opportunity",
                        "expected_revenue": 1000.0,
                        "date_closed": "2025-03-01 10:00:00",
                        "stage_id": self.won_stage.id,
                    }
                )
            )
            self.env.flush_all()
        self.assertEqual(lead.sudo().commission_deal_ids.won_on, NOW.date())

    def test_a_campaign_that_ends_early(self):
        """Three of twelve months were on air: they are earned, the rest is not."""
        self.plan.sudo().write({"date_to": "2026-01-10", "state": "ended"})
        self.make_plan(event="spread", date_from="2026-01-11").action_approve()
        lead = self.deal_lead(
            campaign_start="2026-01-20",
            campaign_end="2026-12-31",
            expected_revenue=12000.0,
        )
        deal = self.win(lead)
        self.accrue(50)  # March
        self.assertEqual(sum(self.amounts(deal)), 300)
        with self.assertRaisesRegex(UserError, "by itself"), self.cr.savepoint():
            # which of the two was meant?
            self.change(deal, last_month="2026-03-15", base_amount=4000.0)
        form = self.change(deal, last_month="2026-03-15")
        self.assertEqual((deal.base_amount, deal.next_due_on), (3000, False))
        with freeze_time(NOW + timedelta(days=60)):
            form.action_change()
        self.accrue(200)
        self.assertEqual(sum(self.amounts(deal)), 300)

    def test_what_was_earned_in_a_month_is_written_there(self):
        """Also where the scheduled action did not run for a while."""
        self.plan.sudo().write({"date_to": "2026-01-10", "state": "ended"})
        self.make_plan(event="spread", date_from="2026-01-11").action_approve()
        lead = self.deal_lead(campaign_start="2026-01-20", campaign_end="2026-03-31")
        deal = self.win(lead)
        self.accrue(50)  # 5 March
        self.assertEqual(
            [str(day) for day in self.lines(deal).mapped("date")],
            ["2026-01-14", "2026-02-28", "2026-03-05"],
        )
        self.assertEqual(self.lines(deal)[1].period_id, self.period("2026-02-01"))

    def test_a_line_explains_itself(self):
        """Base x rate x part is the amount: for what is on top, too, and for who is
        added later."""
        second = self._new_user("ida", "radio_sales_team.group_back_office")
        self._join(second, "back_office")
        lead = self.inquiry(type="opportunity", expected_revenue=1234.56)
        self.answer(lead, self.back_office)
        lead.user_id = self.seller
        deal = self.win(lead)
        self.noticed(lead, self.other_seller)
        self.change(deal, base_amount=1234.56, is_people=True)
        for line in self.lines(deal):
            product = line.base_amount * line.rate * line.percent / 10000
            self.assertAlmostEqual(line.amount, product, delta=0.011)
        self.assertEqual(len(self.lines(deal)), 4)

    def test_a_line_explains_itself_where_a_month_was_due_as_well(self):
        """Who is added on a day on which another month is earned gets a line about all
        that has been earned, not about that month alone."""
        self.plan.sudo().write({"date_to": "2026-01-10", "state": "ended"})
        self.make_plan(event="spread", date_from="2026-01-11").action_approve()
        lead = self.deal_lead(
            expected_revenue=1200.0,
            campaign_start="2026-01-20",
            campaign_end="2026-03-31",
        )
        deal = self.win(lead)
        self.noticed(lead, self.other_seller)
        with freeze_time(NOW + timedelta(days=20)):
            self.env["radio.commission.change"].with_user(self.payer).create(
                {
                    "deal_id": deal.id,
                    "base_amount": 1200,
                    "old_base": 1200,
                    "is_people": True,
                    "reason": "Because",
                }
            ).action_change()
        self.assertEqual(
            [
                (line.user_id, line.kind, line.base_amount, line.amount)
                for line in self.lines(deal)
            ],
            [
                (self.seller, "accrual", 400, 40),
                (self.seller, "accrual", 400, 40),
                (self.other_seller, "adjustment", 800, 16),
            ],
        )

    def test_who_joins_the_team_later_has_no_part(self):
        """Looking for people anew adds who contributed, and takes from nobody."""
        lead = self.inquiry(type="opportunity", expected_revenue=1000.0)
        self.answer(lead, self.back_office)
        lead.user_id = self.seller
        deal = self.win(lead)
        self._join(
            self._new_user("ida", "radio_sales_team.group_back_office"), "back_office"
        )
        lead.user_id = self.other_seller
        self.noticed(lead, self.other_seller)
        self.change(deal, base_amount=1000.0, is_people=True)
        self.assertEqual(
            {line.user_id: line.amount for line in self.lines(deal)},
            {self.seller: 100, self.back_office: 10},
        )

    def test_lost_after_it_was_won(self):
        lead = self.deal_lead()
        deal = self.win(lead)
        self.leave(lead, day=1)
        with freeze_time(NOW + timedelta(days=1)):
            lead.action_set_lost()
        self.assertEqual(sum(self.amounts(deal)), 0)

    def test_a_campaign_is_earned_month_by_month(self):
        """An annual contract that is won in January and cancelled in March."""
        self.plan.sudo().write({"date_to": "2026-01-10", "state": "ended"})
        self.make_plan(event="spread", date_from="2026-01-11").action_approve()
        lead = self.deal_lead(campaign_start="2026-01-20", campaign_end="2026-03-31")
        deal = self.win(lead)
        self.assertEqual(self.amounts(deal), [Decimal("33.33")])
        self.assertEqual(deal.next_due_on.isoformat(), "2026-02-01")
        self.accrue(17)  # 31 January
        self.accrue(18)  # 1 February
        self.assertEqual(self.amounts(deal), [Decimal("33.33"), Decimal("33.34")])
        self.accrue(60)
        self.accrue(60)
        self.assertEqual(sum(self.amounts(deal)), Decimal("100.00"))
        self.assertFalse(deal.next_due_on)

    def test_a_changed_base_writes_the_difference(self):
        deal = self.win(self.deal_lead())
        change = self.env["radio.commission.change"].with_user(self.payer)
        with freeze_time(NOW + timedelta(days=3)):
            action = deal.with_user(self.payer).action_change_base()
            form = Form(change.with_context(**action["context"]))
            form.base_amount = 700.0
            form.reason = "Production was in the price"
            form.save().action_change()
        line = self.lines(deal)[1]
        self.assertEqual((line.amount, line.kind), (-30, "adjustment"))
        self.assertEqual(line.base_amount, -300)
        self.assertEqual(line.reason, "Production was in the price")

    def test_people_who_were_confirmed_later(self):
        """Nothing changes behind anybody's back: the manager looks anew."""
        lead = self.deal_lead()
        deal = self.win(lead)
        self.env["radio.contribution"].with_user(self.seller).create(
            {
                "lead_id": lead.id,
                "user_id": self.back_office.id,
                "role_id": self.role["scheduling"].id,
            }
        )
        lead.contribution_ids.filtered(lambda one: one.state == "proposed").with_user(
            self.manager
        ).action_confirm()
        self.assertEqual(len(self.lines(deal)), 1)
        with freeze_time(NOW):
            self.env["radio.commission.change"].with_user(self.payer).create(
                {
                    "deal_id": deal.id,
                    "base_amount": 1000,
                    "old_base": 1000,
                    "is_people": True,
                    "reason": "Scheduling had helped",
                }
            ).action_change()
        self.assertEqual(self.amounts(deal, self.back_office), [Decimal("10.00")])
        self.assertEqual(self.amounts(deal, self.seller), [Decimal("100.00")])

    def test_nobody_raises_what_will_be_theirs(self):
        """Whoever gets a part with this very change does not change the base."""
        lead = self.deal_lead()
        deal = self.win(lead)
        self.env["radio.contribution"].with_user(self.seller).create(
            {
                "lead_id": lead.id,
                "user_id": self.payer.id,
                "role_id": self.role["scheduling"].id,
            }
        ).with_user(self.manager).action_confirm()
        with (
            self.assertRaisesRegex(UserError, "let somebody else"),
            self.cr.savepoint(),
        ):
            self.change(deal, is_people=True, base_amount=5000.0)
        self.assertEqual(deal.base_amount, 1000)

    def test_an_imported_list_of_old_deals_pays_nobody(self):
        lead = self.env["crm.lead"].with_context(import_file=True)
        won = lead.create(
            {"name": "Old", "type": "opportunity", "stage_id": self.won_stage.id}
        )
        self.env.flush_all()
        self.assertEqual(won.won_status, "won")
        self.assertFalse(won.commission_deal_ids)

    def test_created_in_a_won_stage(self):
        with freeze_time(NOW):
            lead = self.deal_lead(stage_id=self.won_stage.id)
            self.env.flush_all()
        self.accrue(0)
        self.assertEqual(self.amounts(lead.commission_deal_ids), [Decimal("100.00")])

    def test_won_together_tells_names_and_no_amounts(self):
        channel = self.env["discuss.channel"].create({"name": "Won"})
        self.team.won_channel_id = channel
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        self.win(lead)
        told = lead.message_ids.filtered(lambda one: "Won together" in one.body)
        self.assertIn("Otto", told.body)
        self.assertIn("Tom", channel.message_ids[0].body)
        for message in told | channel.message_ids[0]:
            self.assertNotRegex(message.body, r"\d")

    def test_a_contributor_of_another_company_is_not_paid_here(self):
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        other = self.env["res.company"].create({"name": "Other station"})
        self.other_seller.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        deal = self.win(lead)
        self.assertFalse(self.amounts(deal, self.other_seller))
        self.assertEqual(self.amounts(deal, self.seller), [Decimal("100.00")])

    def test_a_contributor_who_left_is_still_paid(self):
        """Earned is earned; only what goes to the whole team goes to who is there."""
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        self.other_seller.action_archive()
        deal = self.win(lead)
        self.assertEqual(self.amounts(deal, self.other_seller), [Decimal("20.00")])


@tagged("post_install", "-at_install")
class TestDealLife(CommissionCase):
    """What Odoo does to opportunities must not touch what was earned."""

    def test_a_paid_deal_cannot_be_deleted(self):
        lead = self.deal_lead()
        self.win(lead)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            lead.unlink()
        free = self.deal_lead(expected_revenue=0.0)
        self.win(free)
        free.unlink()
        self.assertFalse(free.exists())

    def test_merging_two_won_deals_pays_both_and_neither_twice(self):
        leads = self.deal_lead() | self.deal_lead(
            expected_revenue=500.0, user_id=self.other_seller.id
        )
        for lead in leads:
            self.win(lead)
        deals = leads.commission_deal_ids
        with freeze_time(NOW + timedelta(days=1)):
            head = leads.merge_opportunity()
            self.env.flush_all()
        self.assertEqual(head.commission_deal_ids, deals)
        self.assertEqual(
            sorted(self.lines(deals).mapped("amount")), [50, 100], head.name
        )
        self.leave(head, day=2)
        self.assertEqual(sum(self.amounts(deals)), 0)
        self.assertFalse(head.booking_ids)
        self.win(head, day=3)
        self.assertEqual(sum(self.amounts(deals)), 150)
        self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 1500)

    def test_merging_with_what_was_taken_back(self):
        """A duplicate that was won by mistake is not paid when the right one is won
        again, whichever of the two stays."""
        for slip_stays in (False, True):
            with self.subTest(slip_stays=slip_stays):
                first, second = self.deal_lead(), self.deal_lead()
                slip, right = (first, second) if slip_stays else (second, first)
                slip.expected_revenue = 50000.0
                self.win(slip | right)
                self.leave(slip)
                if slip_stays:
                    self.leave(right)
                deals = (slip | right).commission_deal_ids
                stays = slip if slip_stays else right
                head = (first | second).merge_opportunity()
                self.assertEqual(head, stays)
                before = sum(self.amounts(deals))
                self.leave(head, day=1)
                self.assertEqual(sum(self.amounts(deals)), 0)
                self.win(head, day=2)
                if not slip_stays:
                    self.assertEqual(before, 100)
                    self.assertEqual(sum(self.amounts(deals)), 100)
                # one of them is won again, and only that
                (kept,) = head.commission_deal_ids
                self.assertEqual(sum(self.amounts(deals)), kept.total)
                self.assertEqual(len(deals), 2)

    def test_a_reverted_deal_that_remains_after_merging_is_not_paid(self):
        """Its opportunity is further in the pipeline, so core keeps that one. It pays
        the deal that was won, not the one that was won by mistake."""
        later = self.env["crm.stage"].create({"name": "Later", "sequence": 9999})
        right, slip = self.deal_lead(), self.deal_lead(expected_revenue=50000.0)
        self.win(slip | right)
        slip.stage_id = later
        self.env.flush_all()
        deals = (slip | right).commission_deal_ids
        head = (slip | right).merge_opportunity()
        self.assertEqual(head, slip)
        self.assertEqual(sum(self.amounts(deals)), 0)
        self.win(head, day=1)
        self.assertEqual(sum(self.amounts(deals)), 100)

    def test_a_slip_that_paid_nothing_is_gone_with_its_opportunity(self):
        """Else a row without amount and opportunity stays in the list for good."""
        first, second = self.deal_lead(), self.deal_lead()
        second.is_commission_free = True
        self.win(first | second)
        free = second.commission_deal_ids
        self.assertFalse(free.line_ids)
        self.leave(second)
        head = (first | second).merge_opportunity()
        self.assertEqual(head, first)
        self.assertFalse(free.exists())
        self.assertEqual(sum(self.amounts(head.commission_deal_ids)), 100)

    def test_an_opportunity_is_paid_once(self):
        """By two people who include it in the same second."""
        deal = self.win(self.deal_lead())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            deal.sudo().copy({"origin_id": deal.origin_id})
            self.env.flush_all()

    def test_merging_a_won_deal_into_one_that_is_not(self):
        won, waiting = self.deal_lead(), self.deal_lead(probability=99)
        self.win(won)
        deal = won.commission_deal_ids
        with freeze_time(NOW + timedelta(days=1)):
            head = (won | waiting).merge_opportunity()
            self.env.flush_all()
        self.assertEqual(deal.lead_id, head)
        earned = Decimal("100.00") if head.won_status == "won" else 0
        self.assertEqual(sum(self.amounts(deal)), earned)

    def test_merging_carries_contributions(self):
        first, second = self.deal_lead(), self.deal_lead()
        for lead in (first, second):
            self.env["radio.contribution"].create(
                {
                    "lead_id": lead.id,
                    "user_id": self.back_office.id,
                    "role_id": self.role["scheduling"].id,
                }
            )
        self.env["radio.contribution"].create(
            {
                "lead_id": second.id,
                "user_id": self.other_seller.id,
                "role_id": self.role["scheduling"].id,
            }
        )
        head = (first | second).merge_opportunity()
        self.assertEqual(
            head.contribution_ids.user_id, self.back_office | self.other_seller
        )
        self.assertEqual(len(head.contribution_ids), 2)

    def test_unticking_a_won_stage_is_refused(self):
        """One click would take back every deal in it."""
        self.win(self.deal_lead())
        with self.assertRaisesRegex(UserError, "all be taken back"):
            self.won_stage.is_won = False

    def test_merging_customers_keeps_deals(self):
        lead = self.deal_lead()
        deal = self.win(lead)
        twin = self.env["res.partner"].create(
            {"name": "Frank Brandt 2", "email": "frank@brandt.example"}
        )
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((twin | self.customer).ids, twin)
        self.assertEqual(deal.partner_id, twin)
        self.assertEqual(deal.partner_name, "Frank Brandt")
        self.assertEqual(self.amounts(deal), [Decimal("100.00")])

    def test_a_deleted_customer_leaves_its_name(self):
        customer = self.env["res.partner"].create({"name": "Kiosk Kern"})
        lead = self.deal_lead(partner_id=customer.id)
        deal = self.win(lead)
        self.leave(lead)  # what is booked for a customer keeps the customer
        lead.partner_id = False
        customer.unlink()
        self.assertFalse(deal.partner_id)
        self.assertEqual(deal.partner_name, "Kiosk Kern")

    def test_copying_a_won_deal_pays_nobody(self):
        lead = self.deal_lead(commission_base=800.0)
        self.win(lead)
        twin = lead.copy()
        self.assertFalse(twin.commission_deal_ids)
        self.assertFalse(twin.contribution_ids)
        self.assertFalse(twin.commission_base)


@tagged("post_install", "-at_install")
class TestLedger(CommissionCase):
    """Append-only: for everybody."""

    def setUp(self):
        super().setUp()
        self.deal = self.win(self.deal_lead())
        self.line = self.lines(self.deal)

    def test_nobody_changes_a_line(self):
        for line in (self.line.sudo(), self.line.with_user(self.payer)):
            with self.assertRaisesRegex((UserError, AccessError), "stays|modify"):
                line.write({"amount": 1000.0})
            with self.assertRaisesRegex((UserError, AccessError), "stays|delete"):
                line.unlink()

    def test_nobody_but_the_addon_writes_a_line(self):
        vals = self.line.copy_data()[0]
        for user in (self.seller, self.manager, self.payer):
            with self.assertRaises(AccessError):
                self.line.with_user(user).create(vals)

    def test_the_same_line_cannot_be_written_twice(self):
        vals = {**self.line.copy_data()[0], "sequence": self.line.sequence}
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.line.sudo().create(vals)
            self.env.flush_all()

    def test_settling_again_writes_nothing(self):
        for _again in range(3):
            with freeze_time(NOW + timedelta(days=9)):
                self.assertFalse(self.deal.sudo()._settle(NOW.date()))

    def test_a_deal_with_lines_stays(self):
        with self.assertRaisesRegex(UserError, "so it stays"):
            self.deal.sudo().unlink()


@tagged("post_install", "-at_install")
class TestContribution(CommissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.media = cls.env["radio.contribution.role"].create({"name": "Media"})

    def propose(self, user, who=None):
        lead = self.deal_lead()
        return (
            self.env["radio.contribution"]
            .with_user(user)
            .create(
                {
                    "lead_id": lead.id,
                    "user_id": (who or user).id,
                    "role_id": self.role["scheduling"].id,
                }
            )
        )

    def test_whoever_gains_cannot_confirm(self):
        lead_owner = self.propose(self.seller)
        with self.assertRaisesRegex(AccessError, "Somebody else decides"):
            lead_owner.action_confirm()
        lead_owner.with_user(self.manager).action_confirm()
        self.assertEqual(lead_owner.state, "confirmed")
        self.assertEqual(lead_owner.decided_by_id, self.manager)

    def test_two_pairs_of_eyes(self):
        """Whoever proposes has said yes already: somebody else says it, too."""
        proposal = self.propose(self.seller, self.back_office)
        with self.assertRaisesRegex(AccessError, "Somebody else decides"):
            proposal.action_confirm()
        by_payer = self.propose(self.payer, self.back_office)
        with self.assertRaisesRegex(AccessError, "Somebody else decides"):
            by_payer.action_confirm()
        with self.assertRaises(AccessError):
            proposal.user_id = self.other_seller
        with self.assertRaisesRegex(UserError, "noticed by itself"):
            proposal.create(
                {
                    "lead_id": proposal.lead_id.id,
                    "user_id": self.back_office.id,
                    "role_id": self.role["seller"].id,
                }
            )

    def test_what_was_proposed_and_is_noticed_too(self):
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        known = self.env["radio.contribution"].create(
            {
                "lead_id": lead.id,
                "user_id": self.other_seller.id,
                "role_id": self.role["signal"].id,
            }
        )
        self.win(lead)
        self.assertEqual((known.state, known.is_automatic), ("confirmed", True))

    def test_nobody_writes_confirmed_by_rpc(self):
        proposal = self.propose(self.seller)
        with self.assertRaises(AccessError):
            proposal.write({"state": "confirmed"})
        forged = proposal.create(
            {
                "lead_id": proposal.lead_id.id,
                "user_id": self.seller.id,
                "role_id": self.media.id,
                "state": "confirmed",
                "is_automatic": True,
                "proposed_by_id": self.manager.id,
            }
        )
        self.assertEqual(forged.state, "proposed")
        self.assertEqual(forged.proposed_by_id, self.seller)

    def test_a_confirmed_one_is_not_changed_any_more(self):
        proposal = self.propose(self.seller, self.back_office)
        proposal.with_user(self.manager).action_confirm()
        with self.assertRaisesRegex(UserError, "until they are decided"):
            proposal.note = "And more"
        with self.assertRaisesRegex(UserError, "until they are decided"):
            proposal.unlink()

    def test_a_refused_one_pays_nothing(self):
        proposal = self.propose(self.seller, self.back_office)
        proposal.with_user(self.manager).action_refuse()
        deal = self.win(proposal.lead_id)
        self.assertFalse(self.amounts(deal, self.back_office))

    def test_the_same_part_cannot_be_proposed_twice(self):
        proposal = self.propose(self.seller, self.back_office)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            proposal.copy()
            self.env.flush_all()
