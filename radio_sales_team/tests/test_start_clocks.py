"""Whoever waited before the addon was installed is not forgotten, and nobody else is
bothered."""

from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, ResponseCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestStartClocks(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.station = cls.env["res.company"].create(
            {"name": "Other station", "resource_calendar_id": cls.calendar.id}
        )
        for user in cls.manager | cls.back_office | cls.seller:
            user.company_ids += cls.station
        cls.team.company_id = cls.station
        cls.now = NOW

    def old_lead(self, days=3, **vals):
        """A lead as Odoo made it before this addon was there."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Old",
                "team_id": self.team.id,
                "user_id": False,
                "partner_id": self._next_customer().id,
                **vals,
            }
        )
        self.assertFalse(lead.is_inquiry)
        self.date(lead, days)
        return lead

    def message(self, lead, author, days, kind="email", note=False, sent_to=None):
        message = self.env["mail.message"].create(
            {
                "model": "crm.lead",
                "res_id": lead.id,
                "message_type": kind,
                "author_id": author.id,
                "subtype_id": self.env.ref(
                    "mail.mt_note" if note else "mail.mt_comment"
                ).id,
                "body": "Words",
            }
        )
        if sent_to:
            self.env["mail.notification"].create(
                {
                    "mail_message_id": message.id,
                    "res_partner_id": sent_to.id,
                    "notification_type": "email",
                }
            )
        self.date(message, days)
        return message

    def date(self, record, days):
        """It was created this many days ago."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {record._table} SET create_date = %s WHERE id = %s",
            (NOW - timedelta(days=days), record.id),
        )
        self.env.invalidate_all()

    def asked(self, days=3, **vals):
        """A lead that came as a mail of its customer."""
        lead = self.old_lead(days, **vals)
        self.message(lead, lead.partner_id, days)
        return lead

    def wizard(self, user=None, **vals):
        return (
            self.env["radio.start.clocks"]
            .with_user(user or self.manager)
            .with_context(allowed_company_ids=self.station.ids)
            .create(vals)
        )

    def waiting(self, **vals):
        return self.wizard(**vals).lead_ids.sudo()

    def test_mail_without_an_answer(self):
        lead = self.asked()
        self.assertEqual(self.waiting(), lead)
        self.assertFalse(lead.sla_clock_ids)

    def test_nobody_asked(self):
        """Somebody's own idea, and notes of colleagues."""
        lead = self.old_lead()
        self.message(lead, self.seller.partner_id, 2, note=True)
        self.message(lead, self.seller.partner_id, 2, kind="comment")
        self.assertFalse(self.waiting())

    def test_sent_by_the_website(self):
        medium = self.env["utm.medium"]._fetch_or_create_utm_medium("website")
        lead = self.old_lead(medium_id=medium.id)
        self.assertEqual(lead.create_uid.id, 1)
        self.assertEqual(self.waiting(), lead)
        self.message(lead, self.seller.partner_id, 1)
        self.assertFalse(self.waiting())

    def test_website_lead_of_a_colleague(self):
        """Who types in what the website brought has it on the desk."""
        medium = self.env["utm.medium"]._fetch_or_create_utm_medium("website")
        lead = self.old_lead(medium_id=medium.id)
        self.env.cr.execute(
            "UPDATE crm_lead SET create_uid = %s WHERE id = %s",
            (self.seller.id, lead.id),
        )
        self.env.invalidate_all()
        self.assertFalse(self.waiting())

    def test_whoever_created_it_is_deleted(self):
        lead, asked = self.old_lead(), self.asked()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_uid = NULL WHERE id = ANY(%s)",
            ([lead.id, asked.id],),
        )
        self.env.invalidate_all()
        self.assertEqual(self.waiting(), asked)

    def test_answered(self):
        lead = self.asked(3)
        self.message(lead, self.seller.partner_id, 2)
        self.assertFalse(self.waiting())

    def test_answered_in_the_chatter(self):
        lead = self.asked(3)
        message = self.message(lead, self.seller.partner_id, 2, kind="comment")
        self.assertEqual(self.waiting(), lead, "it went to nobody")
        message.unlink()
        self.message(
            lead, self.seller.partner_id, 2, "comment", sent_to=self.manager.partner_id
        )
        self.assertEqual(self.waiting(), lead, "it went to a colleague")
        self.message(
            lead, self.seller.partner_id, 2, "comment", sent_to=lead.partner_id
        )
        self.assertFalse(self.waiting())

    def test_what_did_not_arrive_is_no_answer(self):
        lead = self.asked(3)
        message = self.message(
            lead, self.seller.partner_id, 2, "comment", sent_to=lead.partner_id
        )
        self.assertFalse(self.waiting())
        message.notification_ids.notification_status = "bounce"
        self.assertEqual(self.waiting(), lead)

    def test_neither_odoobot_nor_the_company_asks_or_answers(self):
        lead, nobodys = self.asked(3), self.old_lead()
        for author in (
            self.env.ref("base.partner_root"),
            self.env.company.partner_id,
        ):
            for one in (lead, nobodys):
                self.message(one, author, 2, "comment", sent_to=one.partner_id)
        self.assertEqual(self.waiting(), lead)

    def test_called(self):
        lead = self.asked(3)
        call = self.message(lead, self.seller.partner_id, 2, "notification", note=True)
        self.assertEqual(self.waiting(), lead)
        call.mail_activity_type_id = self.env.ref("mail.mail_activity_data_call")
        self.env.flush_all()
        self.assertFalse(self.waiting())

    def test_met(self):
        lead = self.asked(3)
        meeting = self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": NOW,
                "stop": NOW + timedelta(hours=1),
                "opportunity_id": lead.id,
            }
        )
        self.date(meeting, 2)
        self.assertFalse(self.waiting())
        meeting.active = False
        self.env.flush_all()
        self.assertEqual(self.waiting(), lead, "it was called off")

    def test_asked_after_the_answer(self):
        lead = self.asked(3)
        self.message(lead, self.seller.partner_id, 2)
        self.message(lead, lead.partner_id, 1)
        self.assertEqual(self.waiting(), lead)

    def test_automatic_reply_is_no_answer(self):
        lead = self.asked(3)
        self.message(lead, self.seller.partner_id, 2, kind="auto_comment")
        self.message(lead, self.seller.partner_id, 2, kind="out_of_office")
        self.assertEqual(self.waiting(), lead)

    def test_over(self):
        """Won, lost, archived, or no inquiry at all."""
        self.asked(
            stage_id=self.env["crm.stage"].search([("is_won", "=", True)])[:1].id
        )
        self.asked().action_set_lost()
        self.asked().action_archive()
        kind = self.env["radio.no.inquiry.kind"].create({"name": "Spot change"})
        self.asked().no_inquiry_kind_id = kind
        self.assertFalse(self.waiting())

    def test_came_in_since(self):
        """A machine's mail is no inquiry; an old question that runs is known."""
        robot = self.receive(Auto_Submitted="auto-generated")
        lead = self.asked(3)
        self.date(robot, 1)
        self.assertEqual(robot.message_ids.message_type, "email")
        self.assertEqual(self.waiting(), lead)
        self.policy.copy({"clock_kind": "next_reply"})
        self.assertTrue(lead._start_clocks("next_reply", begun_at=NOW))
        self.assertFalse(self.waiting())

    def test_days(self):
        new, old = self.asked(13), self.asked(15)
        self.assertEqual(self.waiting(), new)
        self.assertEqual(self.waiting(days=16), new | old)
        for days in (0, 91):
            with (
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.wizard(days=days)

    def test_other_company(self):
        lead = self.asked()
        main = self.asked(team_id=False, company_id=False)
        theirs = (
            self.env["radio.start.clocks"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=self.env.company.ids)
            .create({})
        )
        self.assertNotIn(lead, theirs.lead_ids)
        self.assertIn(main, theirs.lead_ids, "nobody's are the main company's")
        self.assertEqual(self.waiting(), lead)

    def test_start(self):
        lead, untouched = self.asked(3), self.old_lead(3)
        before = untouched.write_date
        self.wizard().action_start()
        self.assertTrue(lead.is_inquiry)
        self.assertEqual(lead.inquiry_channel, "email")
        self.assertEqual(lead.received_at, NOW - timedelta(days=3))
        clock = lead.sla_clock_ids
        self.assertEqual(clock.started_at, NOW)
        self.assertEqual(clock.deadline, NOW + timedelta(hours=1))
        self.assertEqual(lead.sla_deadline, clock.deadline)
        self.assertEqual(lead.sla_status, "waiting")
        self.assertEqual(lead.back_office_user_id, self.back_office)
        self.assertFalse(lead.handover_ids, "its salesperson was not changed")
        self.assertFalse(untouched.is_inquiry)
        self.assertEqual(untouched.write_date, before)

    def test_asked_twice(self):
        """A customer who wrote three times waits once, and one answer is enough."""
        customer = self._next_customer()
        leads = self.env["crm.lead"].union(
            *(self.asked(days, partner_id=customer.id) for days in (5, 3, 4))
        )
        first, last, _between = leads
        other = self.asked()
        self.wizard().action_start()
        self.assertEqual(len(leads.sla_clock_ids), 1)
        self.assertEqual((leads - first).asked_before_id, first)
        self.assertEqual(len(other.sla_clock_ids), 1)
        self.assertFalse(other.asked_before_id)
        with freeze_time(NOW + timedelta(minutes=30)):
            self.answer(first, self.back_office)
        self.assertEqual(last.first_contact_at, NOW + timedelta(minutes=30))

    def test_asked_again_since(self):
        """Whoever asked before and has asked again has a time to answer already."""
        customer = self._next_customer()
        lead = self.asked(partner_id=customer.id)
        again = self.inquiry(partner_id=customer.id)
        self.assertTrue(again.sla_clock_ids)
        self.wizard().action_start()
        self.assertEqual(lead.asked_before_id, again)
        self.assertFalse(lead.sla_clock_ids)

    def test_answer_after_the_start(self):
        lead = self.asked(3)
        self.wizard().action_start()
        with freeze_time(NOW + timedelta(minutes=30)):
            self.answer(lead, self.back_office)
        self.assertEqual(lead.first_contact_user_id, self.back_office)
        self.assertEqual(lead.sla_clock_ids.state, "done")

    def test_seller_keeps_theirs(self):
        lead = self.asked(3, user_id=self.seller.id)
        self.wizard().action_start()
        self.assertEqual(lead.user_id, self.seller)
        self.assertFalse(lead.handover_ids)

    def test_start_twice(self):
        lead = self.asked()
        first, second = self.wizard(), self.wizard()
        first.action_start()
        with freeze_time(NOW + timedelta(minutes=30)):
            second.action_start()
            self.assertFalse(self.waiting())
        self.assertEqual(len(lead.sla_clock_ids), 1)
        self.assertEqual(lead.sla_clock_ids.started_at, NOW)

    def test_removed_from_the_list(self):
        lead, other = self.asked(), self.asked()
        wizard = self.wizard()
        wizard.lead_ids -= other
        self.assertEqual(wizard.lead_count, 1)
        wizard.action_start()
        self.assertTrue(lead.is_inquiry)
        self.assertFalse(other.is_inquiry)

    def test_answered_in_the_meantime(self):
        lead = self.asked(3)
        wizard = self.wizard()
        self.message(lead, self.seller.partner_id, 0)
        wizard.action_start()
        self.assertFalse(lead.is_inquiry)

    def test_others_are_refused(self):
        wizard = self.wizard()
        for user in (self.back_office, self.seller):
            with self.assertRaises(AccessError):
                self.wizard(user=user)
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_start()

    def test_offered(self):
        """The check of the set-up says so, as long as somebody waits."""
        check = (
            self.env["radio.setup.check"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=self.station.ids)
            .create({})
        )
        offer = "inquiries of the last 14 days have no answer"
        self.assertNotIn(offer, check.findings)
        self.asked(), self.asked()
        self.env.invalidate_all()
        self.assertIn(f"2 {offer}", check.findings)
        self.wizard().action_start()
        self.env.invalidate_all()
        self.assertNotIn(offer, check.findings)

    def test_many_at_once(self):
        """Ten times as many cost nearly the same number of queries."""
        counts = []
        for number in (5, 50):
            for _one in range(number):
                self.asked()
            wizard = self.wizard()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_start()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 45, counts)
