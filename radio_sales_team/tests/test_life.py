"""What happens to an inquiry in Odoo's everyday life must not lose its clocks.

Converting, moving to another team, company or customer, mass edits, people who leave:
none of it may answer a customer on paper, or let one be forgotten.
"""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW, EscalationCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLife(EscalationCase):
    def test_conversion_to_an_opportunity(self):
        """By core's wizard, with the leads' menu switched on."""
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "crm.group_use_lead"
        )
        lead = self.inquiry(type="lead", user_id=self.seller.id)
        deadline = lead.sla_deadline
        self.assertTrue(deadline)
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.manager)
        wizard.with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        ).create(
            {"name": "convert", "action": "exist", "partner_id": self.customer.id}
        ).action_apply()
        self.assertEqual(lead.type, "opportunity")
        self.assertWaiting(lead)
        self.assertEqual(lead.sla_deadline, deadline)

    def test_leads_menu_switched_off(self):
        """A mail is an opportunity then, and an inquiry all the same."""
        self.team.use_leads = False
        lead = self.receive()
        self.assertEqual(lead.type, "opportunity")
        self.assertWaiting(lead)

    def test_team_change(self):
        """The promise stays what it was; the new team's people answer for it."""
        lead = self.inquiry()
        deadline = lead.sla_deadline
        leader = self._new_user("olga", "sales_team.group_sale_manager")
        other = self.env["crm.team"].create({"name": "Other", "user_id": leader.id})
        lead.write({"team_id": other.id, "back_office_user_id": False})
        self.assertEqual(lead.sla_deadline, deadline)
        self.assertEqual(lead.sla_clock_ids.team_id, other)
        self.assertEqual(self.run_cron(48).partner_ids, leader.partner_id)

    def test_company_change(self):
        other = self.env["res.company"].create({"name": "Other station"})
        lead = self.inquiry(company_id=self.env.company.id)
        deadline = lead.sla_deadline
        lead.write(
            {"team_id": False, "company_id": other.id, "back_office_user_id": False}
        )
        self.assertEqual(lead.sla_clock_ids.company_id, other)
        self.assertEqual(lead.sla_deadline, deadline)

    def test_customer_change(self):
        """What was said to one is no answer to the other from then on."""
        lead = self.inquiry()
        other = self.env["res.partner"].create(
            {"name": "Eva", "email": "eva@v.example"}
        )
        lead.partner_id = other
        self.answer(lead, self.back_office, partner_ids=self.customer.ids)
        self.assertWaiting(lead)
        self.answer(lead, self.back_office, partner_ids=other.ids)
        self.assertAnswered(lead, self.back_office, "email")

    def test_mass_actions(self):
        """Many at once, of every kind, by the one who may."""
        inquiry, answered, plain, spam = (self.inquiry() for _number in range(4))
        plain.is_inquiry = False
        self.answer(answered, self.back_office)
        leads = inquiry | answered | plain | spam
        mine = leads.with_user(self.back_office)
        mine.write(
            {"priority": "2", "stage_id": self.env["crm.stage"].search([])[1].id}
        )
        self.assertWaiting(inquiry)
        self.assertAnswered(answered, self.back_office, "email")
        self.assertFalse(plain.sla_deadline)
        spam.with_user(self.back_office).action_no_inquiry()
        leads.with_user(self.manager).action_recompute_clocks()
        leads.with_user(self.manager).action_set_lost()
        self.assertFalse(leads.filtered("sla_deadline"))
        leads.with_context(active_test=False).action_unarchive()
        self.assertTrue(inquiry.sla_deadline)
        self.assertFalse((answered | plain | spam).filtered("sla_deadline"))

    def test_merge_keeps_replies_and_calls(self):
        self.env["radio.sla.policy"].create(
            {"name": "Replies", "clock_kind": "next_reply", "target_hours": 2}
        )
        one, two = self.inquiry(), self.inquiry()
        self.answer(one, self.back_office)
        self.answer(two, self.back_office)
        with freeze_time(NOW + timedelta(minutes=5)):
            two.with_user(self.back_office).action_asked_again()
            two.with_user(self.back_office)._make_promise(NOW + timedelta(days=1))
            merged = (one | two).merge_opportunity()
            self.env.flush_all()
        kinds = merged.sla_clock_ids.filtered(lambda clock: clock.state == "running")
        self.assertEqual(sorted(kinds.mapped("kind")), ["next_reply", "promise"])
        self.assertEqual(merged.asked_again_count, 1)

    def test_copy_copies_no_promise(self):
        lead = self.inquiry(campaign_start="2026-03-02")
        lead.with_user(self.back_office)._make_promise(NOW + timedelta(days=1))
        lead.action_asked_again()
        copy = lead.copy()
        self.assertFalse(copy.sla_clock_ids | copy.asked_before_id.sla_clock_ids)
        self.assertFalse(copy.asked_again_count)
        self.assertFalse(copy.sla_deadline)

    def test_clock_whose_lead_is_gone(self):
        lead = self.inquiry()
        self.run_cron(48)
        clock, notice = lead.sla_clock_ids, self.env["radio.sla.notice"].search([])
        self.assertIn(lead, notice.lead_ids)
        lead.unlink()
        self.assertFalse(clock.exists())
        self.assertFalse(self.run_cron(200))

    def test_owner_leaves(self):
        """Archived while they owe an answer: the pool hears of it."""
        other = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(other, "back_office")
        lead = self.inquiry(back_office_user_id=self.back_office.id)
        lead.with_user(self.back_office)._make_promise(NOW + timedelta(minutes=30))
        self.back_office.action_archive()
        told = self.run_cron(48)
        self.assertEqual(told.partner_ids, other.partner_id)

    def test_team_without_leader_and_back_office(self):
        """Nobody can be told: nothing breaks, and it stands in the list."""
        self.team.user_id = False
        self.env["crm.team.member"].search(
            [("crm_team_id", "=", self.team.id)]
        ).unlink()
        lead = self.inquiry()
        self.assertFalse(self.run_cron(120))
        self.assertEqual(lead.sla_status, "waiting")
        self.assertFalse(self.env["radio.processing.failure"].search([]))

    def test_policy_in_use(self):
        lead = self.inquiry()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.policy.with_user(self.manager).unlink()
        self.policy.with_user(self.manager).action_archive()
        self.assertWaiting(lead)
        self.assertTrue(self.run_cron(48))

    def test_deadline_that_no_calendar_keeps(self):
        """A thousand hours in a calendar of one hour a week: no promise is made, and
        the card says so."""
        self.calendar.attendance_ids = [
            Command.clear(),
            Command.create(
                {
                    "name": "Sunday",
                    "dayofweek": "6",
                    "hour_from": 9,
                    "hour_to": 10,
                    "day_period": "morning",
                }
            ),
        ]
        self.policy.target_hours = 1000
        lead = self.inquiry()
        self.assertFalse(lead.sla_clock_ids)
        self.assertIn("No policy or working hours fit", lead.sla_badge)

    def test_people_without_time_zone(self):
        (self.back_office | self.manager).tz = False
        lead = self.inquiry()
        self.assertTrue(self.run_cron(48))
        self.assertTrue(lead.with_user(self.back_office).sla_badge)
