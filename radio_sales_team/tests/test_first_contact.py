"""Each row of the table of what counts as a contact attempt and what does not.

A row that counts wrongly shows an inquiry as answered that nobody answered, or reminds
people of a customer whom they called an hour ago.
"""

from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NOW, ResponseCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFirstContact(ResponseCase):
    def setUp(self):
        super().setUp()
        self.lead = self.inquiry()
        self.assertWaiting(self.lead)

    # what counts

    def test_message_to_customer(self):
        with freeze_time(NOW + timedelta(minutes=20)):
            self.answer(self.lead, self.back_office)
        self.assertAnswered(self.lead, self.back_office, "email")
        self.assertEqual(self.lead.first_contact_at, NOW + timedelta(minutes=20))
        self.assertEqual(self.lead.sla_clock_ids.working_minutes, 20)

    def test_message_to_following_customer(self):
        self.lead.message_subscribe(self.customer.ids)
        self.answer(self.lead, self.back_office, partner_ids=[])
        self.assertAnswered(self.lead, self.back_office, "email")

    def test_message_to_customers_colleague(self):
        """Whoever answers another person of the same company has answered."""
        company = self.env["res.partner"].create(
            {"name": "Autohaus", "is_company": True}
        )
        self.customer.parent_id = company
        other = self.env["res.partner"].create(
            {"name": "Accounting", "parent_id": company.id, "email": "acc@b.example"}
        )
        self.answer(self.lead, self.back_office, partner_ids=other.ids)
        self.assertAnswered(self.lead, self.back_office, "email")

    def test_message_to_new_contact_of_unknown_sender(self):
        """The usual first answer to a new sender: the contact is made on sending."""
        lead = self.inquiry(partner_id=False, email_from="new@customer.example")
        partner = self.env["res.partner"].create(
            {"name": "New", "email": "New Customer <new@customer.example>"}
        )
        self.answer(lead, self.back_office, partner_ids=partner.ids)
        self.assertAnswered(lead, self.back_office, "email")

    def test_answer_from_own_mail_program(self):
        lead = self.receive("Eva <eva@optik.example>", Message_Id="<a@optik.example>")
        self.receive(
            "Tom <tom@station.example>",
            To="Eva <eva@optik.example>",
            Cc="inquiries@station.example",
            Message_Id="<b@station.example>",
            In_Reply_To="<a@optik.example>",
        )
        self.assertAnswered(lead, self.seller, "email")

    def test_answer_with_customer_in_copy(self):
        lead = self.receive("Eva <eva@optik.example>", Message_Id="<a@optik.example>")
        self.receive(
            "Tom <tom@station.example>",
            To="inquiries@station.example",
            Cc="EVA@optik.example, someone@else.example",
            Message_Id="<b@station.example>",
            In_Reply_To="<a@optik.example>",
        )
        self.assertAnswered(lead, self.seller, "email")

    def test_answer_to_alias_forwarded_to_contact(self):
        """Odoo itself forwards the answer, as the customer wrote the message before."""
        self.lead.action_archive()
        lead = self.receive(Message_Id="<a@brandt.example>")
        self.assertEqual(lead.partner_id, self.customer)
        self.receive(
            "Tom <tom@station.example>",
            Message_Id="<b@station.example>",
            In_Reply_To="<a@brandt.example>",
        )
        self.assertAnswered(lead, self.seller, "email")

    def test_call_activity_done(self):
        activity = self.lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.seller.id
        )
        activity.with_user(self.back_office).action_feedback("Wants 20 spots")
        self.assertAnswered(self.lead, self.back_office, "phone")
        self.assertEqual(self.lead.contact_attempt_ids.note, "Wants 20 spots")
        self.assertEqual(self.lead.contact_attempt_ids.activity_id, activity)

    def test_call_activity_not_reached(self):
        """Asked and answered in one click; the policy may then not accept it."""
        self.policy.stop_on = "reached"
        strict = self.inquiry()
        for lead in (self.lead, strict):
            activity = lead.activity_schedule(
                "mail.mail_activity_data_call", user_id=self.back_office.id
            )
            activity.with_user(self.back_office).action_feedback_not_reached("Engaged")
        self.assertAnswered(self.lead, self.back_office, "phone", "not_reached")
        self.assertWaiting(strict)
        self.assertEqual(strict.contact_attempt_ids.note, "Engaged")
        self.assertIn("Not reached: Engaged", strict.message_ids[0].body)

    def test_log_contact_form(self):
        """The form as the back office fills it in: nothing but the note."""
        lead = self.lead.with_user(self.back_office)
        action = lead.action_log_contact()
        model = self.env[action["res_model"]].with_user(self.back_office)
        with Form(model.with_context(**action["context"]), action["view_id"]) as form:
            form.note = "Will think about it"
        form.record.action_save()
        self.assertAnswered(self.lead, self.back_office, "phone")
        self.assertIn("Will think about it", self.lead.message_ids[0].body)

    def test_spoken_when_typed_in(self):
        for channel, how in (
            ("phone", "phone"),
            ("reception", "in_person"),
            ("chat", "messenger"),
        ):
            lead = self.lead.with_user(self.back_office).create(
                {"name": "Caller", "inquiry_channel": channel}
            )
            self.assertAnswered(lead, self.back_office, how)
            self.assertEqual(lead.sla_clock_ids.wall_minutes, 0)

    def test_meeting_with_the_customer(self):
        """Counts once the customer is invited, and once for a series."""
        values = {
            "name": "Visit",
            "start": NOW + timedelta(days=1),
            "stop": NOW + timedelta(days=1, hours=1),
            "opportunity_id": self.lead.id,
        }
        self.lead.user_id = self.seller
        meetings = self.env["calendar.event"].with_user(self.seller)
        meeting = meetings.create({**values, "partner_ids": self.seller.partner_id.ids})
        self.assertWaiting(self.lead)
        meeting.partner_ids += self.customer
        self.assertAnswered(self.lead, self.seller, "meeting")
        meeting.partner_ids += self.manager.partner_id
        series = self.inquiry(user_id=self.seller.id)
        meetings.create(
            {
                **values,
                "opportunity_id": series.id,
                "partner_ids": series.partner_id.ids,
                "recurrency": True,
                "rrule_type": "weekly",
                "thu": True,
                "end_type": "count",
                "count": 3,
            }
        )
        self.assertEqual(len(self.lead.contact_attempt_ids), 1)
        self.assertEqual(len(series.contact_attempt_ids), 1)

    def test_sms(self):
        """To the contact, or to the number of an inquiry without one; withdrawn where
        it cannot be sent."""
        if "sms.sms" not in self.env:
            self.skipTest("the module for SMS is not installed")
        self.customer.phone = "+49 421 5550101"
        sms = self.lead.with_user(self.back_office)._message_sms(
            "We call at three", put_in_queue=True
        )
        self.assertAnswered(self.lead, self.back_office, "sms")
        sms.sudo().notification_ids.notification_status = "exception"
        self.assertWaiting(self.lead)
        # nothing here sends SMS, so one that is sent at once fails at once
        self.lead.with_user(self.back_office)._message_sms("And again")
        self.assertWaiting(self.lead)
        unknown = self.inquiry(partner_id=False, phone="0421 5550102")
        unknown.country_id = self.env.ref("base.de")
        unknown.with_user(self.back_office)._message_sms(
            "Hello", sms_numbers=["+494215550999"], put_in_queue=True
        )
        self.assertWaiting(unknown)
        unknown.with_user(self.back_office)._message_sms(
            "Hello", sms_numbers=["+494215550102"], put_in_queue=True
        )
        self.assertAnswered(unknown, self.back_office, "sms")

    # what does not count

    def test_call_back_wanted(self):
        lead = self.lead.with_user(self.back_office).create(
            {"name": "Caller", "inquiry_channel": "phone", "call_back_wanted": True}
        )
        self.assertWaiting(lead)

    def test_message_to_colleagues_only(self):
        self.answer(self.lead, self.seller, partner_ids=self.manager.partner_id.ids)
        self.assertWaiting(self.lead)

    def test_message_to_another_outside_party(self):
        printer = self.env["res.partner"].create(
            {"name": "Printer", "email": "print@shop.example"}
        )
        self.answer(self.lead, self.seller, partner_ids=printer.ids)
        self.assertWaiting(self.lead)

    def test_answer_to_alias_reaches_nobody(self):
        """No contact, nobody but colleagues gets it, and its author is told so."""
        lead = self.receive("Eva <eva@optik.example>", Message_Id="<a@optik.example>")
        lead.partner_id = False
        self.receive(
            "Tom <tom@station.example>",
            Message_Id="<b@station.example>",
            In_Reply_To="<a@optik.example>",
        )
        self.assertWaiting(lead)
        told = self.env["mail.message"].search(
            [("message_type", "=", "user_notification")], order="id desc", limit=1
        )
        self.assertEqual(told.partner_ids, self.seller.partner_id)
        self.assertIn("did not reach the customer", told.subject)

    def test_mail_from_customer(self):
        self.lead.action_archive()
        lead = self.receive(Message_Id="<a@brandt.example>")
        self.receive(Message_Id="<b@brandt.example>", In_Reply_To="<a@brandt.example>")
        self.assertWaiting(lead)

    def test_notes_and_system_messages(self):
        lead = self.lead.with_user(self.back_office)
        lead.message_post(body="Remember to call", partner_ids=self.customer.ids)
        lead._message_log(body="Tracked")
        lead.stage_id = self.env["crm.stage"].search(
            [("is_won", "=", False)], limit=1, offset=1
        )
        meeting = self.env["calendar.event"].create(
            {"name": "Visit", "start": NOW, "stop": NOW + timedelta(hours=1)}
        )
        lead.log_meeting(meeting)
        self.assertWaiting(self.lead)

    def test_automatic_reply_and_out_of_office(self):
        for message_type in ("auto_comment", "out_of_office", "email_outgoing"):
            self.lead.with_user(self.seller).message_post(
                body="We got your mail.",
                message_type=message_type,
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.customer.ids,
            )
        self.assertWaiting(self.lead)

    def test_mass_mail_composer(self):
        composer = self.env["mail.compose.message"].with_user(self.seller)
        self.lead.user_id = self.seller
        composer.create(
            {
                "composition_mode": "mass_mail",
                "model": "crm.lead",
                "res_ids": str(self.lead.ids),
                "subject": "Our autumn offers",
                "body": "<p>Hello</p>",
                "email_from": self.seller.email,
            }
        )._action_send_mail()
        self.assertWaiting(self.lead)

    def test_odoobot(self):
        self.lead.with_user(self.env.ref("base.user_root")).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.assertWaiting(self.lead)

    def test_activity_cancelled(self):
        activity = self.lead.activity_schedule("mail.mail_activity_data_call")
        activity.unlink()
        self.assertWaiting(self.lead)

    def test_other_activity_done(self):
        activity = self.lead.activity_schedule("mail.mail_activity_data_todo")
        activity.with_user(self.back_office).action_feedback("Prepared the offer")
        self.assertWaiting(self.lead)

    def test_scheduled_message_counts_when_it_goes_out(self):
        # far ahead, as core compares with the database's time, which is not frozen
        later = NOW.replace(year=2099)
        self.answer(self.lead, self.back_office, scheduled_date=str(later))
        self.assertWaiting(self.lead)
        with freeze_time(later + timedelta(minutes=1)):
            self.env["mail.message.schedule"]._send_notifications_cron()
        self.assertAnswered(self.lead, self.back_office, "email")
        self.assertEqual(self.lead.first_contact_at, later + timedelta(minutes=1))

    def test_undelivered_mail_is_withdrawn(self):
        message = self.answer(self.lead, self.back_office)
        self.assertAnswered(self.lead, self.back_office, "email")
        notifications = message.sudo().notification_ids
        notifications.notification_status = "bounce"
        self.assertWaiting(self.lead)
        notifications.notification_status = "sent"
        self.assertAnswered(self.lead, self.back_office, "email")

    def test_colleague_is_no_customer(self):
        """Reception forwards a mail: the answer to reception answers nobody, not even
        where somebody has made a colleague the contact."""
        lead = self.receive("Tom <tom@station.example>")
        self.assertFalse(lead.partner_id)
        self.answer(lead, self.back_office, partner_ids=self.seller.partner_id.ids)
        self.assertWaiting(lead)
        lead.partner_id = self.seller.partner_id
        self.answer(lead, self.back_office, partner_ids=self.seller.partner_id.ids)
        self.answer(lead, self.back_office, partner_ids=self.manager.partner_id.ids)
        self.assertWaiting(lead)

    def test_forwarding_colleagues_address_is_no_customer(self):
        """A forwarded mail, its customer without an address: a mail to the colleague
        who forwarded it answers nobody."""
        lead = self.receive(
            "Tom <tom@station.example>", Message_Id="<f@station.example>"
        )
        lead.partner_id = self.env["res.partner"].create({"name": "Phone only"})
        self.receive(
            "Petra <petra@station.example>",
            To="inquiries@station.example, tom@station.example",
            Message_Id="<g@station.example>",
            In_Reply_To="<f@station.example>",
        )
        self.assertWaiting(lead)

    def test_template_with_anothers_name(self):
        """Who presses "Send" has answered, whatever name the message bears."""
        self.lead.user_id = self.manager
        self.lead.with_user(self.manager).message_post(
            body="Our offer",
            author_id=self.seller.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.assertAnswered(self.lead, self.manager, "email")

    def test_reminder_does_not_answer(self):
        """Our own warning must not stop the clock that it warns of."""
        self.lead.user_id = self.seller
        with freeze_time(NOW + timedelta(hours=2)):
            self.lead.sla_clock_ids._escalate()
        self.assertTrue(self.lead.sla_clock_ids.step_ids)
        self.assertWaiting(self.lead)

    def test_no_inquiry_keeps_no_attempts(self):
        lead = self.inquiry(inquiry_channel=False)
        self.answer(lead, self.back_office)
        self.assertFalse(lead.contact_attempt_ids)

    # correcting

    def test_correcting_an_attempt_corrects_the_lead(self):
        self.policy.stop_on = "reached"
        lead = self.inquiry()
        attempt = self.env["radio.contact.attempt"].with_user(self.back_office)
        attempt = attempt.create({"lead_id": lead.id, "outcome": "not_reached"})
        self.assertWaiting(lead)
        attempt.action_switch_outcome()
        self.assertAnswered(lead, self.back_office, "phone")
        attempt.action_switch_outcome()
        self.assertWaiting(lead)

    def test_first_accepted_attempt_wins(self):
        """Whatever order they are typed in, the earliest is the first contact."""
        attempts = self.env["radio.contact.attempt"].with_user(self.back_office)
        with freeze_time(NOW + timedelta(hours=1)):
            for minutes in (50, 30, 40):
                attempts.create(
                    {
                        "lead_id": self.lead.id,
                        "attempted_at": NOW + timedelta(minutes=minutes),
                    }
                )
        self.assertEqual(self.lead.first_contact_at, NOW + timedelta(minutes=30))

    def test_attempt_before_the_inquiry(self):
        """Kept and shown, but it answers nothing; at the same second it does."""
        attempt = self.env["radio.contact.attempt"].create(
            {"lead_id": self.lead.id, "attempted_at": NOW - timedelta(seconds=1)}
        )
        self.assertTrue(attempt.is_before_inquiry)
        self.assertWaiting(self.lead)
        attempt.attempted_at = NOW
        self.assertFalse(attempt.is_before_inquiry)
        self.assertAnswered(self.lead, self.env.user, "phone")

    def test_attempt_in_the_future(self):
        attempt = {"lead_id": self.lead.id}
        attempts = self.env["radio.contact.attempt"]
        attempts.create({**attempt, "attempted_at": NOW + timedelta(minutes=1)})
        with self.assertRaisesRegex(ValidationError, "cannot be in the future"):
            attempts.create({**attempt, "attempted_at": NOW + timedelta(minutes=2)})

    def test_same_message_is_recorded_once(self):
        message = self.answer(self.lead, self.back_office)
        self.lead._notify_thread(message, skip_existing=True)
        self.assertEqual(len(self.lead.contact_attempt_ids), 1)

    def test_two_people_log_at_once(self):
        """Both entries are kept; the earlier is the first contact, whoever saves
        last."""
        attempts = self.env["radio.contact.attempt"]
        attempts.with_user(self.seller).sudo().create(
            {"lead_id": self.lead.id, "attempted_at": NOW}
        )
        attempts.with_user(self.back_office).create(
            {"lead_id": self.lead.id, "attempted_at": NOW}
        )
        self.assertEqual(len(self.lead.contact_attempt_ids), 2)
        self.assertEqual(self.lead.first_contact_user_id, self.seller)

    def test_archived_colleague_keeps_history(self):
        self.answer(self.lead, self.back_office)
        self.back_office.action_archive()
        self.env.invalidate_all()
        self.assertEqual(self.lead.first_contact_user_id, self.back_office)

    def test_nothing_is_recorded_for_import(self):
        lead = self.lead.with_user(self.back_office).with_context(import_file=True)
        lead = lead.create({"name": "Old call", "inquiry_channel": "phone"})
        self.assertFalse(lead.contact_attempt_ids)
        self.assertEqual(fields.Datetime.now(), NOW)

    @contextmanager
    def refused(self):
        with (
            self.assertRaisesRegex(UserError, "first to speak"),
            self.cr.savepoint(),
        ):
            yield

    def test_nobody_takes_a_colleagues_first_contact(self):
        """Who spoke first has a part in the deal, and keeps it."""
        lead = self.lead
        earlier = NOW + timedelta(minutes=5)
        with freeze_time(NOW + timedelta(minutes=20)):
            self.answer(lead, self.seller)
        attempts = self.env["radio.contact.attempt"].with_user(self.back_office)
        vals = {"lead_id": lead.id, "attempted_at": earlier}
        with freeze_time(NOW + timedelta(minutes=30)):
            with self.refused():
                attempts.create(vals)
            mine = attempts.create({"lead_id": lead.id})
            with self.refused():
                mine.attempted_at = earlier
            # before the customer had asked, and so no answer: until it is said that
            # they had asked earlier
            mine.attempted_at = NOW - timedelta(minutes=5)
            with self.refused():
                lead.with_user(self.back_office).received_at = NOW - timedelta(hours=1)
            self.env.flush_all()
            self.assertEqual(lead.first_contact_user_id, self.seller)
            self.env["radio.contact.attempt"].with_user(self.manager).create(
                {**vals, "user_id": self.back_office.id}
            )
        self.assertEqual(lead.first_contact_user_id, self.back_office)
