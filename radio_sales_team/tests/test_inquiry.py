"""What is an inquiry, since when, and whose: wrong, and a customer waits unseen."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NOW, ResponseCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInquiry(ResponseCase):
    def test_staff_say_whether_a_customer_waits(self):
        """A lead that a seller notes for themselves gets no clock."""
        leads = self.env["crm.lead"].with_user(self.seller)
        lead = leads.create({"name": "An idea", "inquiry_channel": False})
        self.assertFalse(lead.is_inquiry)
        self.assertFalse(lead.received_at)
        self.assertFalse(lead.sudo().sla_clock_ids)
        self.assertFalse(leads.create({"name": "Another"}).is_inquiry)
        lead.inquiry_channel = "email"
        self.assertTrue(lead.is_inquiry)
        self.assertEqual(lead.received_at, NOW)
        self.assertEqual(lead.sudo().sla_clock_ids.state, "running")

    def test_request_from_outside(self):
        """A website form has no internal user behind it: somebody waits."""
        public = self.env.ref("base.public_user")
        lead = self.env["crm.lead"].with_user(public).sudo().create({"name": "Form"})
        self.assertEqual(lead.inquiry_channel, "website")
        self.assertTrue(lead.is_inquiry)

    def test_clock_ends_and_goes_on(self):
        """Not an inquiry after all, lost, won, archived: nobody is reminded. Undone:
        the clock goes on with the same deadline."""
        lead = self.inquiry()
        deadline = lead.sla_deadline
        for undo in (
            lambda: lead.write({"is_inquiry": True}),
            lead.action_restore,
            lead.action_unarchive,
        ):
            if undo == lead.action_restore:
                lead.action_set_lost()
            elif undo == lead.action_unarchive:
                lead.action_archive()
            else:
                lead.is_inquiry = False
            self.assertEqual(lead.sla_clock_ids.state, "cancelled")
            self.assertFalse(lead.sla_deadline)
            self.assertFalse(lead.sla_clock_ids.next_step_at)
            self.assertFalse(lead.sla_status)
            undo()
            self.assertEqual(lead.sla_clock_ids.state, "running")
            self.assertEqual(lead.sla_deadline, deadline)
            self.assertTrue(lead.sla_clock_ids.next_step_at)
        lead.action_set_won()
        self.assertEqual(lead.sla_clock_ids.state, "cancelled")
        self.assertEqual(len(lead.sla_clock_ids), 1)

    def test_received_earlier(self):
        """A call at nine that is typed in at ten waits since nine."""
        lead = self.inquiry(received_at=NOW - timedelta(hours=1))
        self.assertEqual(lead.sla_deadline, NOW)
        lead.received_at = NOW - timedelta(minutes=30)
        self.assertEqual(lead.sla_deadline, NOW + timedelta(minutes=30))
        self.assertEqual(lead.sla_clock_ids.started_at, lead.received_at)

    def test_received_in_the_future(self):
        lead = self.inquiry(received_at=NOW + timedelta(minutes=1))
        with self.assertRaisesRegex(ValidationError, "in the future"):
            lead.received_at = NOW + timedelta(minutes=2)

    def test_copy_takes_nothing_along(self):
        """A copied lead is a new deal, not a customer who waits."""
        lead = self.inquiry()
        self.answer(lead, self.back_office)
        copy = lead.copy()
        self.assertFalse(copy.is_inquiry)
        self.assertFalse(copy.received_at)
        self.assertFalse(copy.first_contact_at)
        self.assertFalse(copy.contact_attempt_ids)
        self.assertFalse(copy.sla_clock_ids)

    def test_merge_keeps_every_attempt_and_the_earliest_start(self):
        first = self.inquiry(received_at=NOW - timedelta(hours=2))
        self.env["radio.contact.attempt"].create(
            {
                "lead_id": first.id,
                "user_id": self.seller.id,
                "attempted_at": NOW - timedelta(hours=1),
            }
        )
        second = self.inquiry(priority="3", user_id=self.seller.id)
        self.answer(second, self.back_office)
        merged = (first | second).merge_opportunity()
        self.assertEqual(len(merged.contact_attempt_ids), 2)
        self.assertEqual(merged.received_at, NOW - timedelta(hours=2))
        self.assertEqual(merged.first_contact_at, NOW - timedelta(hours=1))
        self.assertEqual(len(merged.sla_clock_ids), 1)

    def test_merge_into_a_lead_that_is_none(self):
        """The inquiry does not get lost in an older deal of the same customer."""
        deal = self.inquiry(inquiry_channel=False, user_id=self.seller.id, priority="3")
        inquiry = self.inquiry(received_at=NOW - timedelta(minutes=10))
        merged = (deal | inquiry).merge_opportunity()
        self.assertTrue(merged.is_inquiry)
        self.assertEqual(merged.sla_clock_ids.started_at, NOW - timedelta(minutes=10))
        self.assertEqual(merged.sla_clock_ids.state, "running")

    def test_merge_speaks_to_nobody(self):
        """A caller who wants to be called back still waits after the merge, whoever
        joins the two leads."""
        leads = self.env["crm.lead"].with_user(self.manager)
        deal = leads.create({"name": "Deal", "type": "opportunity", "probability": 90})
        caller = leads.create(
            {
                "name": "Caller",
                "type": "lead",
                "inquiry_channel": "phone",
                "call_back_wanted": True,
                "team_id": self.team.id,
            }
        )
        merged = (deal | caller).merge_opportunity()
        self.assertEqual(merged, deal)
        self.assertFalse(merged.contact_attempt_ids)
        self.assertWaiting(merged)

    def test_single_back_office_owns_at_once_and_follows(self):
        lead = self.inquiry()
        self.assertEqual(lead.back_office_user_id, self.back_office)
        self.assertIn(self.back_office.partner_id, lead.message_partner_ids)
        self.assertEqual(lead.sla_clock_ids.user_id, self.back_office)

    def test_pool_takes(self):
        """Two share the pool: nobody owns it until one takes it."""
        other = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(other, "back_office")
        lead = self.inquiry()
        self.assertFalse(lead.back_office_user_id)
        lead.with_user(other).action_take()
        self.assertEqual(lead.back_office_user_id, other)
        self.assertEqual(lead.sla_clock_ids.user_id, other)
        self.assertIn(other.partner_id, lead.message_partner_ids)

    def test_pool_follows_members(self):
        """Who leaves the back office, or the station, gets no new inquiries."""
        self.member.sales_role = "field_sales"
        self.assertFalse(self.inquiry().back_office_user_id)
        self.member.sales_role = "back_office"
        self.assertEqual(self.inquiry().back_office_user_id, self.back_office)
        self.back_office.action_archive()
        self.assertFalse(self.inquiry().back_office_user_id)

    def test_leader_is_not_made_the_seller(self):
        lead = self.receive()
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.back_office_user_id, self.back_office)
        self.member.sales_role = False
        lead = self.receive(Message_Id="<b@brandt.example>")
        self.assertEqual(lead.user_id, self.manager, "without a pool core's way holds")

    def test_back_office_types_in_for_others(self):
        """The assistant is not made the salesperson, and keeps the inquiry, in the
        inquiries' screen and in core's pipeline."""
        for context in ({"default_is_inquiry": True}, {"default_type": "opportunity"}):
            leads = self.env["crm.lead"].with_user(self.back_office)
            with Form(
                leads.with_context(**context), "crm.quick_create_opportunity_form"
            ) as form:
                form.name = "Second shop"
                form.partner_id = self._next_customer()
                form.inquiry_channel = "phone"
                form.call_back_wanted = True
            lead = form.record
            self.assertFalse(lead.user_id)
            self.assertEqual(lead.team_id, self.team)
            self.assertEqual(lead.back_office_user_id, self.back_office)
            self.assertWaiting(lead.sudo())

    def test_channel_told_later(self):
        """Saved without saying that it was a call: said now, it counts as then."""
        leads = self.env["crm.lead"].with_user(self.back_office)
        lead = leads.create({"name": "Caller", "is_inquiry": True})
        self.assertWaiting(lead.sudo())
        lead.inquiry_channel = "phone"
        self.assertAnswered(lead.sudo(), self.back_office, "phone")
        other = self.inquiry(inquiry_channel=False)
        other.with_user(self.back_office).inquiry_channel = "phone"
        self.assertWaiting(other)

    def test_who_answers_first_owns_it(self):
        """Answering is taking; a seller who answers leaves the pool's inquiry alone."""
        other = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(other, "back_office")
        first, second = self.inquiry(), self.inquiry()
        self.answer(first, other)
        self.assertEqual(first.back_office_user_id, other)
        self.answer(second, self.seller)
        self.assertFalse(second.back_office_user_id)

    def test_told_when_given_by_another(self):
        other = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(other, "back_office")
        lead = self.inquiry()
        lead.with_user(self.manager).back_office_user_id = other
        told = self.env["mail.message"].search([], order="id desc", limit=1)
        self.assertEqual(told.partner_ids, other.partner_id)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInquiryAccess(ResponseCase):
    def test_back_office_sees_the_inquiries_of_its_teams(self):
        """Handed to a seller, the inquiry does not vanish from the assistant."""
        other_team = self.env["crm.team"].create({"name": "Elsewhere"})
        ours = self.inquiry(user_id=self.seller.id)
        theirs = self.inquiry(user_id=self.seller.id, team_id=other_team.id)
        mine = self.inquiry(
            user_id=self.seller.id,
            team_id=other_team.id,
            back_office_user_id=self.back_office.id,
        )
        seen = self.env["crm.lead"].with_user(self.back_office).search([])
        self.assertLessEqual(ours | mine, seen)
        self.assertNotIn(theirs, seen)
        clocks = self.env["radio.sla.clock"].with_user(self.back_office).search([])
        self.assertLessEqual((ours | mine).sla_clock_ids, clocks)
        self.assertNotIn(theirs.sla_clock_ids, clocks)
        ours.with_user(self.back_office).user_id = self.manager
        self.assertEqual(ours.with_user(self.back_office).name, ours.name)

    def test_membership_changes_at_once(self):
        lead = self.inquiry(user_id=self.seller.id, back_office_user_id=False)
        lead.back_office_user_id = False
        leads = self.env["crm.lead"].with_user(self.back_office)
        self.assertIn(lead, leads.search([]))
        self.member.unlink()
        self.assertNotIn(lead, leads.search([]))
        self._join(self.back_office, "back_office")
        self.assertIn(lead, leads.search([]))

    def test_seller_sees_own_only(self):
        colleague = self._new_user("lena", "sales_team.group_sale_salesman")
        lead = self.inquiry(user_id=self.seller.id)
        self.answer(lead, self.seller)
        for model, records in (
            ("crm.lead", lead),
            ("radio.contact.attempt", lead.contact_attempt_ids),
            ("radio.sla.clock", lead.sla_clock_ids),
        ):
            found = self.env[model].with_user(self.seller).search([])
            self.assertLessEqual(records, found)
            found = self.env[model].with_user(colleague).search([])
            self.assertFalse(records & found)

    def test_forms_open_for_everybody(self):
        """No field on the screens that the people who work there may not read."""
        for user in (self.back_office, self.seller, self.manager):
            lead = self.inquiry(user_id=self.seller.id)
            with Form(lead.with_user(user)) as form:
                form.name = "Opened by %s" % user.name
            self.assertEqual(lead.name, "Opened by %s" % user.name)

    def test_nobody_writes_an_answer(self):
        """By RPC or import neither: a contact is made, not entered."""
        lead = self.inquiry(user_id=self.seller.id)
        for values in (
            {"first_contact_at": NOW},
            {"first_contact_user_id": self.seller.id},
            {"sla_deadline": NOW + timedelta(days=30)},
        ):
            with self.assertRaisesRegex(UserError, "cannot be entered"):
                lead.with_user(self.seller).write(values)
            with self.assertRaisesRegex(UserError, "cannot be entered"):
                lead.with_user(self.seller).create({"name": "Mine", **values})
        self.assertWaiting(lead)

    def test_received_is_not_moved_later(self):
        """Nobody but a manager makes a customer wait for less than they did."""
        lead = self.inquiry(
            user_id=self.seller.id, received_at=NOW - timedelta(hours=5)
        )
        with self.assertRaisesRegex(UserError, "only a sales administrator"):
            lead.with_user(self.seller).received_at = NOW
        lead.with_user(self.seller).received_at = NOW - timedelta(hours=6)
        lead.with_user(self.manager).received_at = NOW - timedelta(hours=1)
        with self.assertRaisesRegex(ValidationError, "Enter in “Received”"):
            lead.with_user(self.manager).received_at = False

    def test_contacts_cannot_be_moved_or_forged(self):
        """What one did for one customer is no answer to another, and no proof is
        borrowed from messages that one may not read."""
        mine = self.inquiry(user_id=self.seller.id)
        hers = self.inquiry(user_id=self.manager.id)
        attempts = self.env["radio.contact.attempt"].with_user(self.seller)
        attempt = attempts.create({"lead_id": mine.id})
        message = self.answer(hers, self.back_office)
        for values in (
            {"lead_id": hers.id},
            {"user_id": self.manager.id},
            {"message_id": message.id},
            {"is_withdrawn": True},
        ):
            with self.assertRaises(AccessError):
                attempt.write(values)
            if "lead_id" not in values:
                with self.assertRaises(AccessError):
                    attempts.create({"lead_id": mine.id, **values})
        with self.assertRaises(AccessError):
            attempts.create({"lead_id": hers.id})
        mine.user_id = self.manager
        with self.assertRaises(AccessError):
            attempt.attempted_at = NOW - timedelta(days=3)

    def test_proven_contacts_keep_time_and_way(self):
        lead = self.inquiry()
        self.answer(lead, self.back_office)
        attempt = lead.contact_attempt_ids.with_user(self.back_office)
        for values in (
            {"attempted_at": NOW - timedelta(hours=1)},
            {"channel": "phone"},
        ):
            with self.assertRaises(AccessError):
                attempt.write(values)

    def test_taken_is_taken(self):
        """Two with the list open: the second is told who was quicker."""
        other = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(other, "back_office")
        lead = self.inquiry()
        lead.with_user(self.back_office).action_take()
        with self.assertRaisesRegex(UserError, "Jana has taken"):
            lead.with_user(other).action_take()
        with self.assertRaises(AccessError):
            self.inquiry().with_user(self.seller).action_take()

    def test_a_colleagues_call_stays_hers(self):
        lead = self.inquiry()
        activity = lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.back_office.id
        )
        activity.with_user(self.back_office).action_feedback("Spoke to him")
        activity.with_user(self.seller).sudo().action_feedback_not_reached()
        self.assertEqual(lead.contact_attempt_ids.outcome, "reached")
        self.assertEqual(len(lead.contact_attempt_ids), 1)

    def test_other_companies_hours(self):
        """A sales administrator keeps the hours of the own company only."""
        other = self.env["res.company"].create({"name": "Other station"})
        calendar = other.resource_calendar_id.with_user(self.manager)
        with self.assertRaises(AccessError):
            calendar.name = "Ours now"
        with self.assertRaises(AccessError):
            calendar.attendance_ids[:1].hour_from = 1

    def test_only_own_contacts_are_corrected(self):
        """Nobody makes a colleague's contact their own."""
        lead = self.inquiry()
        self.answer(lead, self.back_office)
        attempt = lead.contact_attempt_ids
        with self.assertRaises(AccessError):
            attempt.with_user(self.seller).user_id = self.seller
        attempt.with_user(self.back_office).note = "Called twice"
        with self.assertRaises(AccessError):
            attempt.with_user(self.back_office).unlink()
        attempt.with_user(self.manager).outcome = "not_reached"

    def test_other_company(self):
        """Nothing of one station shows in another."""
        other = self.env["res.company"].create({"name": "Other station"})
        self.manager.company_ids += other
        lead = self.inquiry(company_id=self.env.company.id)
        lead.company_id = self.env.company
        self.answer(lead, self.back_office)
        for model in ("radio.sla.clock", "radio.contact.attempt"):
            records = self.env[model].search([("lead_id", "=", lead.id)])
            self.assertTrue(records)
            as_manager = records.with_user(self.manager)
            there = as_manager.with_context(allowed_company_ids=other.ids)
            self.assertFalse(there.search([("id", "in", records.ids)]))
            here = as_manager.with_context(allowed_company_ids=self.env.company.ids)
            self.assertTrue(here.search([("id", "in", records.ids)]))

    def test_manager_keeps_hours_and_holidays(self):
        calendar = self.env["resource.calendar"].with_user(self.manager)
        calendar = calendar.create({"name": "Summer hours"})
        calendar.attendance_ids[0].hour_to = 11
        holiday = self.env["resource.calendar.leaves"].with_user(self.manager)
        holiday.create({"name": "Closed", "date_from": NOW, "date_to": NOW})
        policy = self.env["radio.sla.policy"].with_user(self.manager)
        selection = self.env["ir.model.fields.selection"].with_user(self.manager)
        with Form(policy) as form:
            form.name = "Phone: half an hour"
            form.target_hours = 0.5
            form.inquiry_channels.add(
                selection.search(
                    fields.Domain(policy._domain_inquiry_channels())
                    & fields.Domain("value", "=", "phone")
                )
            )
        self.assertEqual(form.record.inquiry_channels.value, "phone")
