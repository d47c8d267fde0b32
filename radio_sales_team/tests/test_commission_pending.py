"""The minute between winning a deal and writing what it pays."""

from datetime import datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCase
from .common import NOW

LAST_MINUTE = datetime(2026, 1, 31, 22, 59)  # one minute to midnight at the station


@tagged("post_install", "-at_install")
class TestPending(CommissionCase):
    def people(self, deal):
        return {(line.user_id, line.amount) for line in self.lines(deal)}

    def test_a_minute_later_it_is_written_as_of_when_it_was_won(self):
        """Nobody loses a cent, nor a day, because the scheduled action comes later."""
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.just_win(lead)
        self.assertEqual(deal.base_amount, 1000)
        self.assertFalse(self.lines(deal))
        self.accrue(3)
        self.assertEqual(
            self.people(deal), {(self.seller, 100), (self.other_seller, 20)}
        )
        self.assertEqual(set(self.lines(deal).mapped("date")), {deal.won_on})
        self.assertEqual(deal.won_on, NOW.date())
        self.assertFalse(deal.pending)

    def test_the_action_comes_twice(self):
        deal = self.win(self.deal_lead())
        self.accrue(0)
        self.accrue(1)
        self.assertEqual(self.amounts(deal), [Decimal(100)])

    def test_what_changes_within_the_minute_changes_nothing(self):
        """Whoever is quick gains nothing by it, and takes nothing from anybody."""
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.just_win(lead)
        lead.write({"expected_revenue": 9000, "user_id": self.other_seller.id})
        self.noticed(lead, self.back_office)
        self.plan.action_new_version()
        self.accrue(0)
        self.assertEqual(
            self.people(deal), {(self.seller, 100), (self.other_seller, 20)}
        )

    def test_a_contribution_that_is_confirmed_too_late(self):
        lead = self.deal_lead()
        late = self.env["radio.contribution"].create(
            {
                "lead_id": lead.id,
                "user_id": self.other_seller.id,
                "role_id": self.role["scheduling"].id,
                "proposed_by_id": self.back_office.id,
            }
        )
        deal = self.just_win(lead)
        late.with_user(self.seller).action_confirm()
        self.accrue(0)
        self.assertEqual(self.people(deal), {(self.seller, 100)})
        self.assertEqual(late.state, "confirmed", "for all to see, and to be added")

    def spoken(self):
        """An opportunity of the seller, to whose customer the back office spoke first:
        that pays its whole team."""
        with freeze_time(NOW):
            lead = self.deal_lead(inquiry_channel="email")
            self.env["radio.contact.attempt"].create(
                {"lead_id": lead.id, "user_id": self.back_office.id}
            )
        return lead

    def test_the_teams_pot_is_of_who_was_there(self):
        """Whoever joins or leaves the team in that minute changes nobody's part."""
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
                deal = self.just_win(self.spoken())
                change()
                self.accrue(0)
                self.assertEqual(
                    self.people(deal), {(self.seller, 100), (self.back_office, 10)}
                )
                savepoint.rollback()
            self.env.invalidate_all()
            self.registry.clear_cache()

    def test_who_looks_at_archived_records_changes_no_pot(self):
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
            deal = self.just_win(lead.with_context(active_test=active_test))
            self.accrue(0)
            self.assertEqual(
                self.people(deal), {(self.seller, 100), (self.back_office, 10)}
            )

    def test_an_archived_company_pays_what_it_owes(self):
        company = self.env["res.company"].create({"name": "Old station"})
        self.seller.company_ids += company
        self.make_plan(company_id=company.id).action_approve()
        deal = self.just_win(self.deal_lead(team_id=False, company_id=company.id))
        self.assertEqual(deal.company_id, company)
        company.active = False
        self.accrue(0)
        self.assertEqual(self.people(deal), {(self.seller, 100)})

    def test_more_than_are_settled_at_once_while_a_month_is_closed(self):
        """All that was won in its last minute is of that month."""
        with freeze_time(LAST_MINUTE):
            leads = self.deal_lead() | self.deal_lead() | self.deal_lead()
            leads.with_user(self.seller).action_set_won()
        self.env["radio.commission.period"]._get_open(
            self.env.company, LAST_MINUTE.date()
        )
        period = self.period()
        module = "odoo.addons.radio_sales_team.models.commission"
        with (
            freeze_time(LAST_MINUTE + timedelta(minutes=2)),
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
        self.assertEqual(
            [one.period_id for one in self.lines(leads.commission_deal_ids)],
            [period] * 3,
        )

    def test_trying_a_plan_out_counts_what_was_just_won(self):
        self.just_win(self.deal_lead())
        simulation = (
            self.env["radio.commission.simulation"]
            .with_user(self.payer)
            .create({"plan_id": self.plan.id})
        )
        with freeze_time(NOW):
            simulation.action_replay()
        self.assertEqual(simulation.replay_ids.mapped("difference"), [0])

    def test_people_anew_takes_no_second_part_of_the_seller(self):
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
            deal.sudo()._refreeze("Anew")
        self.assertEqual(self.amounts(deal), [Decimal(100), Decimal(10)])

    def test_people_anew_after_merging_forgets_nobody(self):
        first, second = self.deal_lead(), self.deal_lead()
        second.user_id = self.other_seller
        deals = self.win(first) | self.win(second)
        head = (first | second).merge_opportunity()
        with freeze_time(NOW):
            deals.sudo()._refreeze("Anew")
        self.assertEqual(head.contribution_ids.user_id, self.seller | self.other_seller)

    def test_somebody_goes_to_another_company(self):
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.just_win(lead)
        company = self.env["res.company"].create({"name": "Other"})
        self.other_seller.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.accrue(0)
        self.assertIn((self.other_seller, 20), self.people(deal))

    def test_who_has_a_part_is_not_deleted(self):
        """Else nothing of the deal could be written, and no month be closed."""
        temp = self._new_user("temp", "sales_team.group_sale_manager")
        lead = self.deal_lead(user_id=temp.id)
        deal = self.just_win(lead)
        lead.user_id = self.seller
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            temp.unlink()
        role = self.env["radio.contribution.role"].search(
            [("automatic", "=", "signal")]
        )
        other = self.deal_lead()
        self.noticed(other, self.other_seller)
        self.just_win(other)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            role.unlink()
        self.accrue(0)
        self.assertEqual(self.people(deal), {(temp, 100)})

    def test_who_was_deleted_by_sql_stops_nobody(self):
        lead = self.deal_lead()
        deal = self.just_win(lead).sudo()
        role = self.role["scheduling"].id
        helpers = [*deal.pending["helpers"], [None, role, 10**9, None, True]]
        deal.pending = {**deal.pending, "helpers": helpers}
        self.accrue(0)
        self.assertEqual(self.people(deal), {(self.seller, 100)})

    def test_the_audit_says_what_is_never_written(self):
        lead = self.deal_lead(expected_revenue=0)
        self.win(lead)
        self.leave(lead)
        lead.expected_revenue = 1000
        deal = self.just_win(lead)
        audits = self.env["radio.commission.audit"]
        with freeze_time(NOW + timedelta(days=1)):
            self.assertEqual(audits._run(self.env.company).state, "good", "not yet")
        with freeze_time(NOW + timedelta(days=2)):
            audit = audits._run(self.env.company)
            self.assertIn("is not written yet", audit.finding_ids.name)
        self.accrue(2)
        self.assertEqual(self.amounts(deal), [Decimal(100)])
        with freeze_time(NOW + timedelta(days=2)):
            self.assertEqual(audits._run(self.env.company).state, "good")

    def test_won_together_is_told_where_it_was_won(self):
        """Not where the opportunity went, and not while it is taken back."""
        channels = self.env["discuss.channel"].create([{"name": "A"}, {"name": "B"}])
        self.team.won_channel_id = channels[0]
        other_team = self.team.copy({"name": "Other", "won_channel_id": channels[1].id})
        lead, lost = self.deal_lead(), self.deal_lead(name="Mistake")
        for one in lead | lost:
            self.noticed(one, self.other_seller)
        self.just_win(lead | lost)
        self.leave(lost)
        self.assertFalse([one for one in channels[0].message_ids if one.body])
        lead.write({"name": "Secret", "team_id": other_team.id})
        self.accrue(0)
        self.assertIn("Spring: ", channels[0].message_ids[0].body)
        self.assertNotIn("Mistake", str(channels.message_ids.mapped("body")))
        self.assertFalse([one for one in channels[1].message_ids if one.body])

    def test_the_last_day_of_a_month(self):
        """What begins tomorrow is left alone until then, not looked at each minute."""
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        deal = self.win(
            self.deal_lead(campaign_start="2026-01-10", campaign_end="2026-02-20")
        )
        with freeze_time(LAST_MINUTE):
            written = deal.write_date
            self.run_commission_cron()
        self.assertEqual(deal.write_date, written)
        self.assertEqual(len(self.lines(deal)), 1)
        with freeze_time(LAST_MINUTE + timedelta(minutes=2)):
            self.run_commission_cron()
        self.assertEqual(len(self.lines(deal)), 2)

    def test_left_within_the_minute(self):
        """The ledger shows that it was won, and taken back."""
        lead = self.deal_lead()
        deal = self.just_win(lead)
        self.leave(lead)
        self.assertEqual(self.amounts(deal), [Decimal(100), Decimal(-100)])
        self.just_win(lead)
        self.accrue(0)
        self.assertEqual(
            self.amounts(deal), [Decimal(100), Decimal(-100), Decimal(100)]
        )

    def test_deleting_within_the_minute(self):
        lead = self.deal_lead()
        self.just_win(lead)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            lead.unlink()

    def test_a_won_stage_is_unticked_within_the_minute(self):
        self.just_win(self.deal_lead())
        with self.assertRaisesRegex(UserError, "pay commission"):
            self.won_stage.is_won = False

    def test_two_merged_within_the_minute(self):
        """Each pays those who contributed to it, by what it was worth."""
        first, second = self.deal_lead(), self.deal_lead(expected_revenue=500)
        self.noticed(second, self.other_seller)
        deals = self.just_win(first) | self.just_win(second)
        head = (first | second).merge_opportunity()
        self.accrue(0)
        self.assertEqual(deals.lead_id, head)
        self.assertEqual(
            [self.people(deal) for deal in deals.sorted("base_amount")],
            [{(self.seller, 50), (self.other_seller, 10)}, {(self.seller, 100)}],
        )
        self.assertEqual(head.contribution_ids.user_id, self.seller | self.other_seller)

    def test_the_base_is_changed_within_the_minute(self):
        deal = self.just_win(self.deal_lead())
        with freeze_time(NOW):
            self.env["radio.commission.change"].with_user(self.payer).create(
                {
                    "deal_id": deal.id,
                    "base_amount": 400,
                    "old_base": 1000,
                    "reason": "Typing error",
                }
            ).action_change()
        self.assertEqual(self.amounts(deal), [Decimal(100), Decimal(-60)])

    def test_the_month_is_closed_before_the_action_came(self):
        """What was won in the last minute of a month is paid in that month."""
        self.win(self.deal_lead())
        with freeze_time(LAST_MINUTE):
            lead = self.deal_lead(expected_revenue=300)
            lead.with_user(self.seller).action_set_won()
        period = self.close(day=datetime(2026, 1, 31, 23, 1))
        line = self.lines(lead.commission_deal_ids)
        self.assertEqual((line.amount, line.period_id), (30, period))
        self.assertEqual(period.statement_ids.total, 130)

    def test_the_action_comes_after_midnight(self):
        with freeze_time(LAST_MINUTE):
            lead = self.deal_lead()
            lead.with_user(self.seller).action_set_won()
        with freeze_time(LAST_MINUTE + timedelta(minutes=2)):
            self.run_commission_cron()
        line = self.lines(lead.commission_deal_ids)
        self.assertEqual(line.period_id, self.period("2026-01-01"))

    def test_the_action_comes_when_the_month_is_closed(self):
        """It never waits in vain: the next open month takes it."""
        self.win(self.deal_lead())
        period = self.close()
        lead = self.deal_lead()
        deal = self.just_win(lead)
        # as if the workers had not run since
        deal.sudo().write({"won_on": "2026-01-30", "next_due_on": "2026-01-30"})
        self.accrue(30)
        line = self.lines(deal)
        self.assertEqual(line.period_id, self.period("2026-02-01"))
        self.assertEqual(len(period.line_ids), 1)

    def test_month_by_month_from_the_first_minute_on(self):
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        lead = self.deal_lead(
            campaign_start="2026-01-10",
            campaign_end="2026-03-20",
            expected_revenue=3000,
        )
        deal = self.just_win(lead)
        self.accrue(0)
        self.assertEqual(self.amounts(deal), [Decimal(100)])
        self.assertEqual(str(deal.next_due_on), "2026-02-01")

    def test_told_by_whoever_won_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.seller.lang = "de_DE"
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        self.win(lead)
        told = lead.message_ids.filtered(lambda one: "Otto" in (one.body or ""))
        self.assertEqual(told.author_id, self.seller.partner_id)
        self.assertIn("Gemeinsam gewonnen", told.body)
        self.assertEqual(set(lead.contribution_ids.proposed_by_id), {self.seller})

    def test_the_winner_is_gone(self):
        """Nothing hangs on the user who pressed the button."""
        lead = self.deal_lead(user_id=self.other_seller.id)
        temp = self._new_user("temp", "sales_team.group_sale_manager")
        with freeze_time(NOW):
            lead.with_user(temp).action_set_won()
        pending = lead.commission_deal_ids.pending
        self.assertEqual(pending["won_by"], temp.id)
        lead.commission_deal_ids.sudo().pending = {**pending, "won_by": 10**9}
        self.accrue(0)
        self.assertEqual(
            self.people(lead.commission_deal_ids), {(self.other_seller, 100)}
        )

    def test_a_deal_that_cannot_be_written_stops_no_other(self):
        good, bad = self.deal_lead(), self.deal_lead()
        self.just_win(good | bad)
        bad.commission_deal_ids.sudo().pending = {"people": "x", "won_by": 1}
        with mute_logger("odoo.addons.radio_sales_team.models.response.batch"):
            self.accrue(0)
        self.assertEqual(self.amounts(good.commission_deal_ids), [Decimal(100)])
        self.assertTrue(bad.commission_deal_ids.pending, "it is tried again")

    def test_nobody_is_paid_twice_by_two_who_win_at_once(self):
        lead = self.deal_lead()
        self.just_win(lead)
        deals = self.env["radio.commission.deal"]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            deals._insert([deals._prepare_deal(lead, False)], deals._get_tables(lead))

    def test_a_deal_as_create_would_make_it(self):
        """It is written past ``create`` to be quick: nothing is missing for that."""
        facts = {"campaign_end": "2026-03-20", "expected_revenue": 10.555}
        contact = self.env["res.partner"].create(
            {"name": "Eva", "parent_id": self.customer.commercial_partner_id.id}
        )
        for customer in ({"partner_id": contact.id}, {"partner_id": False}):
            self.assert_as_created(facts | customer)

    def assert_as_created(self, facts):
        lead, other = (self.deal_lead(**facts, contact_name="Jo") for _one in range(2))
        self.just_win(lead)
        quick = lead.commission_deal_ids
        with freeze_time(NOW):
            vals = quick._prepare_deal(other, False)
        # what the query finds by itself
        advertiser = other._get_advertiser()
        vals["partner_id"] = advertiser.id
        vals["partner_name"] = advertiser.name or "Jo"
        slow = quick.create(vals)
        self.env.invalidate_all()
        skipped = {"id", "display_name", "lead_id", "origin_id", "pending"}
        skipped |= {"create_date", "create_uid", "write_date", "write_uid"}
        for name in quick._fields.keys() - skipped:
            self.assertEqual(quick[name], slow[name], name)

    def win_and_listen(self, lead, day=0, words="radio_"):
        """Win it; what our tables, or those with other words, were asked meanwhile."""
        # what changes once in a blue moon is kept
        self.just_win(self.deal_lead())
        self.env.cr.flush()  # and what was tracked
        self.env.invalidate_all()
        heard = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, params=None, *args, **kwargs):
            text = getattr(query, "code", query)
            # orders of the deal are looked for by the bridge alone
            if words in text and not text.startswith('SELECT "radio_commission'):
                heard.append(text)
            return execute(cursor, query, params, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            self.just_win(lead, day)
            self.env.cr.flush()
        return heard

    def test_winning_asks_little(self):
        """Whoever wins an inquiry waits for two queries of ours, however many people
        have worked on it: what is left to end, and the deal. (What is shared with them
        is asked once in a request.)"""
        lead = self.asked_lead()
        attempts = self.env["radio.contact.attempt"]
        with freeze_time(NOW):
            lead.handover_ids.with_user(self.seller).action_accept()
        with freeze_time(NOW + timedelta(hours=1)):
            attempts.create({"lead_id": lead.id, "user_id": self.seller.id})
        self.assertEqual(set(lead.sla_clock_ids.mapped("state")), {"done"})
        self.noticed(lead, self.other_seller)
        heard = self.win_and_listen(lead)
        self.assertEqual(len(heard), 2, heard)
        self.accrue(0)
        self.assertEqual(
            self.lines(lead.commission_deal_ids).user_id,
            self.seller | self.other_seller | self.back_office,
        )

    def test_odoo_asks_less(self):
        """What Odoo asks for by bits is read at once: so winning takes hardly longer
        with us."""
        for words in (
            'SELECT "crm_lead"."id", "crm_lead".',
            'FROM "crm_stage" WHERE "crm_stage"."id" IN',
            'FROM "res_company" WHERE "res_company"."id" IN',
        ):
            heard = self.win_and_listen(self.deal_lead(), words=words)
            self.assertEqual(len(heard), 1, heard)

    def test_what_ends_with_it_is_read_and_written_once(self):
        """A deadline, or a question to a seller: two queries more."""
        asked, due = self.asked_lead(), self.asked_lead()
        with freeze_time(NOW):
            due.handover_ids.with_user(self.seller).action_accept()
            due._make_promise(NOW + timedelta(days=1), user=self.seller)
        self.assertIn("running", due.sla_clock_ids.mapped("state"))
        for lead in asked, due:
            heard = self.win_and_listen(lead, day=1)
            self.assertEqual(len(heard), 4, heard)
        self.assertNotIn("requested", asked.handover_ids.mapped("state"))
        self.assertNotIn("running", (asked | due).sla_clock_ids.mapped("state"))


@tagged("post_install", "-at_install")
class TestPendingUpsell(CommissionCase):
    """Bookings and signals that follow a minute after winning."""

    def booked(self, lead):
        return [(one.month, one.net_amount) for one in lead.booking_ids]

    def test_booked_as_it_was_won(self):
        """What is typed in afterwards books nothing else, and the customer knows."""
        customer = self.customer.commercial_partner_id
        before = len(customer.booking_ids)
        lead = self.deal_lead(campaign_start="2026-02-03", campaign_end="2026-03-20")
        self.just_win(lead)
        other = self.env["res.partner"].create({"name": "Somebody else"})
        lead.write(
            {
                "campaign_end": "2026-05-01",
                "expected_revenue": 9,
                "name": "Slip",
                "partner_id": other.id,
            }
        )
        self.accrue(0)
        bookings = lead.booking_ids.sorted("month")
        self.assertEqual(
            [(str(one.month), one.net_amount) for one in bookings],
            [("2026-02-01", 500), ("2026-03-01", 500)],
        )
        self.assertEqual(str(bookings[1].date_end), "2026-03-20")
        self.assertEqual(set(bookings.mapped("product_name")), {"Spring"})
        self.assertEqual(len(customer.booking_ids), before + 2)
        changed = self.env["radio.volume.change"].search([]).partner_id
        self.assertIn(customer, changed)
        self.accrue(1)
        self.assertEqual(len(lead.booking_ids), 2, "once")

    def test_left_within_the_minute(self):
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        self.just_win(lead)
        self.leave(lead)
        self.accrue(0)
        self.assertFalse(lead.booking_ids)
        self.assertEqual(signal.state, "accepted")
        self.win(lead)
        self.assertEqual(len(lead.booking_ids), 1)
        self.assertEqual(signal.state, "won")

    def test_a_signal_is_won_when_its_opportunity_was(self):
        """Targets count it in the month in which it was won."""
        with freeze_time(LAST_MINUTE):
            lead = self.deal_lead()
            signal = self.noticed(lead, self.other_seller)
            lead.with_user(self.seller).action_set_won()
        with freeze_time(LAST_MINUTE + timedelta(minutes=2)):
            self.run_commission_cron()
        self.assertEqual((signal.state, signal.closed_at), ("won", LAST_MINUTE))

    def test_merged_within_the_minute(self):
        first, second = self.deal_lead(), self.deal_lead(expected_revenue=500)
        signal = self.noticed(second, self.other_seller)
        self.just_win(first | second)
        head = (first | second).merge_opportunity()
        self.accrue(0)
        self.assertEqual(sum(head.booking_ids.mapped("net_amount")), 1500)
        self.assertEqual((signal.lead_id, signal.state), (head, "won"))

    def test_what_is_merged_into_something_open_books_nothing(self):
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
        self.accrue(0)
        self.assertFalse(lead.booking_ids)

    def test_found_again_and_won_at_once(self):
        """A card that is dragged from lost to won: whoever noticed it has a part."""
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        with freeze_time(NOW):
            lead.action_set_lost()
            self.assertEqual(signal.state, "lost")
            lead.write({"active": True, "stage_id": self.won_stage.id})
        self.accrue(0)
        self.assertEqual(signal.state, "won")
        self.assertIn(
            self.other_seller, self.lines(lead.commission_deal_ids).mapped("user_id")
        )

    def test_signals_of_the_minute(self):
        """Those that were there are won, and nobody says otherwise in that minute."""
        lead = self.deal_lead()
        signal, sooner = (self.noticed(lead, self.other_seller) for _ in range(2))
        (signal | sooner).user_id = self.seller
        reason = self.env["radio.signal.reason"].search([], limit=1)
        dismissal = {"state": "dismissed", "reason_id": reason.id}
        sooner.write(dismissal)
        own = signal.with_user(self.seller)
        self.assertFalse(own.is_being_won)
        deal = self.just_win(lead)
        late = self.noticed(lead, self.back_office)
        signals = (signal | sooner | late).with_user(self.seller)
        self.assertEqual(signals.mapped("is_being_won"), [True, False, False])
        for say in (
            own.action_accept,
            own.action_offer,
            own.action_dismiss,
            lambda: own.write(dismissal),
        ):
            with (
                self.assertRaisesRegex(UserError, "won just now"),
                self.env.cr.savepoint(),
            ):
                say()
        late.with_user(self.seller).write({"state": "offered"})
        self.assertTrue(deal.pending, "a card that is moved writes nothing")
        for state in ("expired", "dismissed"):
            signal.sudo().write({**dismissal, "state": state})
            self.assertTrue(own.is_being_won, "said too late")
            with (
                self.assertRaisesRegex(UserError, "won just now"),
                self.env.cr.savepoint(),
            ):
                own.action_reopen()
        self.accrue(0)
        self.assertEqual(signals.mapped("state"), ["won", "dismissed", "offered"])
        self.assertFalse(signal.reason_id)
        self.assertFalse(own.is_being_won)

    def test_accepted_in_the_minute(self):
        """Whoever noticed it is paid once, however often it is opened again."""
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        signal.user_id = self.seller
        reason = self.env["radio.signal.reason"].search([], limit=1)
        own = signal.with_user(self.seller)
        own.write({"state": "dismissed", "reason_id": reason.id})
        own.action_reopen()
        self.assertEqual((signal.state, signal.lead_id), ("new", lead))
        self.just_win(lead)
        with self.assertRaisesRegex(UserError, "won just now"), self.env.cr.savepoint():
            own.action_accept()
        self.accrue(0)
        self.assertEqual((signal.state, signal.lead_id), ("won", lead))
        self.leave(lead)
        self.assertEqual(signal.state, "accepted")

    def test_who_sees_no_deal_sees_none_by_way_of_a_signal(self):
        """What is not written yet is nobody's, not even of whoever has won it."""
        lead = self.deal_lead()
        signal = self.noticed(lead, self.other_seller)
        signal.user_id = self.seller
        self.just_win(lead)
        self.env.invalidate_all()
        own = signal.with_user(self.seller)
        (read,) = own.web_read(
            {
                "is_being_won": {},
                "lead_id": {
                    "fields": {"commission_deal_ids": {"fields": {"name": {}}}}
                },
            }
        )
        self.assertTrue(read["is_being_won"])
        self.assertEqual(read["lead_id"]["commission_deal_ids"], [])

    def test_who_read_less_wins_the_same(self):
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

    def test_the_contact_goes_to_another_company(self):
        """Deal and booking are of the same customer."""
        first, second, agency = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("A", "B", "C")]
        )
        contact = self.env["res.partner"].create({"name": "Kim", "parent_id": first.id})
        lead = self.deal_lead(partner_id=contact.id)
        booked = self.deal_lead(partner_id=agency.id, advertiser_id=contact.id)
        deal = self.just_win(lead | booked)
        contact.parent_id = second
        self.accrue(0)
        self.assertEqual(deal.partner_id, first)
        self.assertEqual((lead | booked).booking_ids.advertiser_id, first)
        self.assertEqual(booked.booking_ids.agency_id, agency)
        self.assertFalse(lead.booking_ids.agency_id)

    def test_the_agency_of_the_minute(self):
        """Its contact goes to another one, and it cannot be deleted any more."""
        agencies = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("A", "B", "C")]
        )
        contacts = self.env["res.partner"].create(
            [{"name": "Kim", "parent_id": agency.id} for agency in agencies[:2]]
        )
        leads = self.env["crm.lead"].union(
            *(
                self.deal_lead(partner_id=one.id, advertiser_id=self.customer.id)
                for one in contacts
            )
        )
        self.just_win(leads)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            agencies[0].unlink()
        contacts[1].parent_id = agencies[2]
        self.accrue(0)
        self.assertEqual(
            [lead.booking_ids.agency_id for lead in leads], [*agencies[:2]]
        )

    def test_what_came_after_winning_is_not_won_with_it(self):
        """Else a signal counts as won, and whoever noticed it is paid nothing."""
        lead = self.deal_lead(partner_id=False)
        before = self.noticed(lead, self.other_seller)
        self.just_win(lead)
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
                with freeze_time(moment + timedelta(minutes=2)):
                    self.run_commission_cron()
                deal = lead.commission_deal_ids
                self.assertEqual(deal.months, [month])
                self.assertEqual(str(deal.won_on)[:7], month[:7])
                self.assertEqual(str(lead.booking_ids.month), month)
                self.assertEqual(self.amounts(deal), [Decimal(100)])

    def test_deleted_before_the_action_came(self):
        """What the campaign has earned by this morning keeps it from being deleted."""
        plan = self.make_plan(event="spread", team_ids=[(4, self.team.id)])
        plan.action_approve()
        lead = self.deal_lead(campaign_start="2026-02-02", campaign_end="2026-02-20")
        self.assertFalse(self.lines(self.win(lead)))
        with freeze_time(LAST_MINUTE + timedelta(minutes=2)):
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                lead.unlink()

    def test_won_anew_in_another_team(self):
        """Its leader sees the parts, and the former one does not."""
        lead = self.deal_lead(expected_revenue=0)
        deal = self.win(lead)
        self.leave(lead)
        other = self.team.copy({"name": "Other"})
        lead.write({"team_id": other.id, "expected_revenue": 1000})
        self.win(lead, day=1)
        self.assertEqual(deal.team_id, other)
        self.assertEqual(set(deal.share_ids.mapped("team_id")), {other})
        self.assertEqual(set(self.lines(deal).mapped("team_id")), {other})

    def test_the_customer_is_merged_within_the_minute(self):
        customer = self.env["res.partner"].create(
            {"name": "Twice", "email": "t@t.test"}
        )
        lead = self.deal_lead(partner_id=customer.id)
        self.just_win(lead)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((customer | self.customer).ids, self.customer)
        self.accrue(0)
        self.assertEqual(
            lead.booking_ids.advertiser_id, self.customer.commercial_partner_id
        )

    def test_the_customer_is_deleted_within_the_minute(self):
        """Who has booked cannot be deleted, not in the first minute either."""
        customer = self.env["res.partner"].create({"name": "Gone"})
        lead = self.deal_lead(partner_id=customer.id)
        self.just_win(lead)
        lead.partner_id = False
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            customer.unlink()

    def test_what_was_deleted_by_sql_stops_nothing(self):
        agency, customer = self.env["res.partner"].create(
            [{"name": "Agency"}, {"name": "Advertiser"}]
        )
        booked = self.deal_lead(partner_id=agency.id, advertiser_id=customer.id)
        unbooked = self.deal_lead(partner_id=customer.id)
        self.just_win(booked | unbooked)
        (booked | unbooked).write({"partner_id": False, "advertiser_id": False})
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [agency.id])
        self.accrue(0)
        self.assertEqual(booked.booking_ids.advertiser_id, customer)
        self.assertFalse(booked.booking_ids.agency_id)
        self.assertEqual(unbooked.booking_ids.advertiser_id, customer)

    def test_won_before_anybody_knew_for_whom(self):
        """It is booked as soon as somebody says so; for whom it was won stays."""
        nobodys, known = self.deal_lead(partner_id=False), self.deal_lead()
        self.just_win(nobodys | known)
        other = self.env["res.partner"].create({"name": "Somebody else"})
        nobodys.partner_id = other
        self.assertEqual(nobodys.booking_ids.advertiser_id, other)
        known.partner_id = False
        known.partner_id = other
        self.accrue(0)
        self.assertEqual(nobodys.booking_ids.advertiser_id, other)
        self.assertEqual(
            known.booking_ids.advertiser_id, self.customer.commercial_partner_id
        )

    def test_an_import_of_old_deals_is_booked_at_once(self):
        """It pays nobody, so nothing is written for it a minute later."""
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

    def test_an_import_that_wins_pays(self):
        """Only what a list brings as won is old: who updates an opportunity by one has
        won it now."""
        lead = self.deal_lead()
        with freeze_time(NOW):
            lead.with_context(import_file=True).stage_id = self.won_stage
        self.assertFalse(lead.booking_ids, "a minute later")
        self.accrue(0)
        self.assertEqual(self.amounts(lead.commission_deal_ids), [Decimal(100)])
        self.assertEqual(lead.booking_ids.net_amount, 1000)

    def test_who_books_for_themselves_has_no_agency(self):
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

    def test_counted_as_won_before_within_the_minute(self):
        """A plan that is approved late pays what was won a moment ago, too."""
        lead = self.deal_lead()
        deal = self.just_win(lead, day=-30)
        self.assertFalse(deal.plan_id)
        lead.date_closed = NOW
        with freeze_time(NOW):
            deal.sudo()._freeze_past(lead.sudo(), NOW.date())
        self.assertEqual(self.amounts(deal), [Decimal(100)])
        self.assertEqual(len(lead.booking_ids), 1)

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


@tagged("post_install", "-at_install")
class TestLists(CommissionCase):
    def test_lists_are_read_once_and_right(self):
        """Which lists are empty is asked for all at once: what is in them is found."""
        with freeze_time(NOW):
            empty, full = self.deal_lead(), self.asked_lead()
            question = full.handover_ids
            later = question.copy({"state": "expired"})
            later.requested_at = NOW + timedelta(minutes=1)
            # the sooner one is the later one of the two
            full._make_promise(NOW + timedelta(minutes=1), user=self.seller)
        full.activity_schedule("mail.mail_activity_data_todo")
        # the same number, of something else
        self.env["res.partner"].browse(1).activity_schedule(
            "mail.mail_activity_data_todo"
        )
        leads = empty | full
        names = leads._get_list_names()
        self.env.invalidate_all()
        expected = {(lead, name): lead[name].ids for lead in leads for name in names}
        self.env.invalidate_all()
        leads._read_lists()
        with self.assertQueries([], flush=False):
            self.assertFalse([name for name in names if empty[name]])
            clocks, handovers = leads.open_clock_ids, leads.handover_ids
            self.assertIn("running", clocks.mapped("state"))
        self.assertEqual(handovers, later | question)
        for (lead, name), ids in expected.items():
            self.assertEqual(lead[name].ids, ids, name)
        self.assertTrue(full.activity_ids)
        self.assertEqual(len(full.sla_clock_ids), 2)
        # in their order, also where that changed a moment ago
        later.requested_at = NOW - timedelta(minutes=1)
        leads._read_lists()
        self.assertEqual(full.handover_ids, question | later)
        # what was moved a moment ago is where it is now
        self.env.invalidate_all()
        own = [("res_model", "=", "crm.lead"), ("res_id", "=", full.id)]
        self.env["mail.activity"].search(own).res_id = empty.id
        leads._read_lists()
        self.assertEqual(len(empty.activity_ids), 1)
        self.assertFalse(full.activity_ids)
        # and what is added then is there
        empty.activity_schedule("mail.mail_activity_data_todo")
        self.assertEqual(len(empty.activity_ids), 2)

    def test_a_form_that_is_not_saved_has_its_lists(self):
        """Whatever is written to it meanwhile."""
        with freeze_time(NOW):
            lead = self.asked_lead()
            lead._make_promise(NOW + timedelta(minutes=1), user=self.seller)
            lead.activity_schedule("mail.mail_activity_data_todo")
            self.env.flush_all()
            self.env.invalidate_all()
            draft = self.env["crm.lead"].new(origin=lead)
            draft.write({"probability": 30})
        for name in ("sla_clock_ids", "open_clock_ids", "activity_ids"):
            self.assertTrue(lead[name], name)
            self.assertEqual(draft[name]._origin, lead[name], name)
            self.assertNotEqual(draft[name].ids, draft[name]._ids, name)

    def test_who_may_not_see_a_line_saves_the_lead(self):
        """A colleague moves the card of an inquiry of which another seller is asked."""
        lead = self.asked_lead()
        with freeze_time(NOW):
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertFalse(self.lines())
            deals = self.win(self.deal_lead())
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
        self.assertTrue(deals)
