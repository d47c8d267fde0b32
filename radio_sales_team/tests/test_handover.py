"""Hand-overs are agreed: nobody has an inquiry who did not say so."""

import re
from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NOW, EscalationCase


class HandoverCase(EscalationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promise = cls.env["radio.sla.policy"].create(
            {
                "name": "Sellers",
                "clock_kind": "seller_contact",
                "target_hours": 4,
                "answer_hours": 1,
            }
        )
        cls.lena = cls._new_user("lena", "sales_team.group_sale_salesman")
        cls._join(cls.lena, "field_sales")
        cls.reason = cls.env["radio.handover.reason"].create({"name": "No time"})

    def talked(self, **vals):
        """An inquiry to whose customer the back office has spoken."""
        lead = self.inquiry(**vals)
        self.talk(lead, self.back_office)
        return lead

    def talk(self, lead, user, minutes=0):
        with freeze_time(NOW + timedelta(minutes=minutes)):
            self.env["radio.contact.attempt"].with_user(user).sudo().create(
                {"lead_id": lead.id, "user_id": user.id, "note": "Ten spots in May"}
            )

    def ask(self, lead, *sellers, user=None):
        lead = lead.with_user(user or self.back_office)
        users = self.env["res.users"].union(*(sellers or [self.seller]))
        return lead._hand_over(users, "Please call").sudo()

    def notes(self, lead):
        return str(lead.message_ids.mapped("body"))

    def mails_to(self, user, since=0):
        return self.env["mail.message"].search(
            [
                ("id", ">", since),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ]
        )

    def last_message(self):
        return self.env["mail.message"].search([], order="id desc", limit=1).id


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestHandover(HandoverCase):
    # asked

    def test_asked_and_taken_over(self):
        lead = self.talked()
        handover = self.ask(lead)
        self.assertEqual(handover.state, "requested")
        self.assertEqual(handover.from_user_id, self.back_office)
        self.assertEqual(handover.deadline, NOW + timedelta(hours=1))
        self.assertFalse(lead.user_id, "asked is not taken over")
        self.assertEqual(lead.handover_state, "requested")
        with freeze_time(NOW + timedelta(minutes=20)):
            handover.with_user(self.seller).action_accept()
            self.assertEqual(handover.state, "accepted")
            self.assertEqual(lead.user_id, self.seller)
            clock = lead.sla_clock_ids.filtered(lambda c: c.kind == "seller_contact")
            self.assertEqual(clock.user_id, self.seller)
            self.assertEqual(clock.state, "running")
            self.assertEqual(clock.deadline, NOW + timedelta(hours=4, minutes=20))
        self.assertIn("Tom takes over", self.notes(lead))
        self.talk(lead, self.back_office, 30)
        self.assertEqual(clock.state, "running", "only the seller keeps their promise")
        self.talk(lead, self.seller, 40)
        self.assertEqual(clock.state, "done")
        first = lead.sla_clock_ids.filtered(lambda c: c.kind == "first_contact")
        self.assertEqual(first.stopped_at, NOW, "the first contact keeps its own clock")

    def test_the_seller_is_told_once_with_what_was_said(self):
        lead = self.talked(phone="+49 421 555 0199")
        before = self.last_message()
        handover = self.ask(lead)
        message = self.mails_to(self.seller, before)
        self.assertEqual(len(message), 1)
        self.assertIn("Please call", message.body)
        self.assertIn("Ten spots in May", message.body)
        self.assertIn("tel:+49%20421%20555%200199", message.body)
        for answer in ("accept", "call_at", "decline"):
            self.assertIn(handover._get_answer_link(answer), message.body)
        self.assertFalse(
            lead.contact_attempt_ids.filtered("message_id"), "no contact of anybody"
        )

    def test_nothing_is_asked_for_own_customers(self):
        """A customer's own seller is told and has to call; nothing is asked."""
        lead = self.talked()
        lead.partner_id.user_id = self.seller
        before = self.last_message()
        handover = self.ask(lead)
        self.assertEqual((handover.kind, handover.state), ("own", "accepted"))
        self.assertEqual(lead.user_id, self.seller)
        self.assertEqual(lead.sla_kind, "seller_contact")
        message = self.mails_to(self.seller, before)
        self.assertEqual(len(message), 1)
        self.assertIn("Ten spots in May", message.body)
        self.assertNotIn("/radio_sales_team/handover", message.body)

    def test_declined_with_a_reason(self):
        lead = self.talked()
        handover = self.ask(lead)
        before = self.last_message()
        with self.assertRaisesRegex(UserError, "why you cannot"):
            handover.with_user(self.seller)._decline(self.reason.browse())
        form = self.env["radio.handover.answer"].with_user(self.seller)
        form = Form(form.with_context(default_handover_id=handover.id))
        form.reason_id = self.reason
        form.note = "Ask Lena"
        form.save().action_save()
        self.assertEqual(handover.state, "declined")
        self.assertEqual(lead.handover_state, "declined")
        self.assertIn("Tom cannot take over: No time. Ask Lena", self.notes(lead))
        self.assertEqual(len(self.mails_to(self.back_office, before)), 1)
        with self.assertRaisesRegex(UserError, "not asked any more"):
            handover.with_user(self.seller).action_accept()

    def test_i_call_at_three(self):
        lead = self.talked()
        handover = self.ask(lead)
        form = self.env["radio.handover.answer"].with_user(self.seller)
        form = Form(
            form.with_context(default_handover_id=handover.id, default_answer="call_at")
        )
        form.call_on = date(2026, 1, 14)
        form.call_time = "15"
        form.save().action_save()
        self.assertEqual(handover.state, "accepted")
        self.assertEqual(lead.user_id, self.seller)
        promise = lead.sla_clock_ids.filtered(lambda c: c.kind == "promise")
        self.assertEqual(promise.promised_for, NOW + timedelta(hours=5))
        self.assertEqual(promise.user_id, self.seller)

    def test_call_in_the_past_takes_over_nothing(self):
        handover = self.ask(self.talked())
        answer = (
            self.env["radio.handover.answer"]
            .with_user(self.seller)
            .create(
                {
                    "handover_id": handover.id,
                    "answer": "call_at",
                    "call_on": date(2026, 1, 14),
                    "call_time": "8:00",
                }
            )
        )
        with self.assertRaisesRegex(UserError, "future"), self.env.cr.savepoint():
            answer.action_save()
        handover.invalidate_recordset()
        self.assertEqual(handover.state, "requested")
        answer.call_time = "soon"
        with self.assertRaisesRegex(UserError, "no time of day"):
            answer.action_save()

    def test_of_several_the_first_gets_it(self):
        lead = self.talked()
        first, second = self.ask(lead, self.seller, self.lena).sorted("id")
        second.with_user(self.lena).action_accept()
        self.assertEqual(lead.user_id, self.lena)
        self.assertEqual(first.state, "withdrawn")
        with self.assertRaisesRegex(UserError, "Lena has taken over"):
            first.with_user(self.seller).action_accept()

    def test_only_who_was_asked_can_answer(self):
        handover = self.ask(self.talked())
        for user in (self.lena, self.back_office, self.manager):
            with self.assertRaisesRegex(AccessError, "Only Tom"):
                handover.with_user(user).action_accept()

    def test_asked_twice_is_asked_once(self):
        lead = self.talked()
        self.ask(lead)
        before = self.last_message()
        self.assertFalse(self.ask(lead))
        self.assertFalse(self.mails_to(self.seller, before))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            lead.handover_ids.copy()

    def test_withdrawn(self):
        lead = self.talked()
        handover = self.ask(lead)
        with self.assertRaises(AccessError):
            handover.with_user(self.lena).action_withdraw()
        handover.with_user(self.back_office).action_withdraw()
        self.assertEqual(handover.state, "withdrawn")
        self.assertFalse(lead.handover_state)
        with self.assertRaisesRegex(UserError, "not asked any more"):
            handover.with_user(self.seller).action_accept()

    def test_whom_nobody_can_ask(self):
        lead = self.talked()
        with self.assertRaisesRegex(UserError, "ask yourself"):
            self.ask(lead, self.back_office)
        self.lena.action_archive()
        with self.assertRaisesRegex(UserError, "cannot log in"):
            self.ask(lead, self.lena)
        other = self.env["res.company"].create({"name": "Other station"})
        self.manager.write({"company_ids": [(4, other.id)]})
        lead.company_id = other
        with self.assertRaisesRegex(UserError, "does not work for"):
            lead.with_user(self.manager)._hand_over(self.seller)

    def test_over_is_over(self):
        lead = self.talked()
        handover = self.ask(lead)
        lead.action_set_lost()
        with self.assertRaisesRegex(UserError, "is over"):
            handover.with_user(self.seller).action_accept()
        with self.assertRaisesRegex(UserError, "is over"):
            self.ask(lead, self.lena)

    # by any change of the salesperson

    def test_changed_salesperson_is_a_question(self):
        lead = self.talked()
        before = self.last_message()
        lead.with_user(self.manager).user_id = self.seller
        handover = lead.handover_ids
        self.assertEqual((handover.kind, handover.state), ("changed", "requested"))
        messages = self.mails_to(self.seller, before)
        self.assertEqual(len(messages), 1, "ours alone, not Odoo's too")
        self.assertIn("asks: do you take over?", messages.body)

    def test_nobody_else_to_tell(self):
        """Odoo warns in its log of a notice to nobody."""
        with self.assertNoLogs("odoo.addons.mail.models.mail_thread", "WARNING"):
            self.inquiry(user_id=self.seller.id)

    def test_declining_gives_it_back(self):
        lead = self.talked(user_id=self.lena.id)
        lead.handover_ids.with_user(self.lena).action_accept()
        lead.with_user(self.manager).user_id = self.seller
        asked = lead.handover_ids.filtered(lambda one: one.state == "requested")
        asked.with_user(self.seller)._decline(self.reason)
        self.assertEqual(lead.user_id, self.lena)
        self.assertEqual(len(lead.handover_ids), 2, "who had it is not asked again")

    def test_contacting_the_customer_takes_it_up(self):
        lead = self.talked()
        lead.with_user(self.manager).user_id = self.seller
        self.talk(lead, self.seller, 10)
        self.assertEqual(lead.handover_ids.state, "accepted")
        clock = lead.sla_clock_ids.filtered(lambda c: c.kind == "seller_contact")
        self.assertEqual((clock.started_at, clock.state), (NOW, "done"))

    def test_talk_before_the_question_is_no_answer(self):
        lead = self.talked()
        with freeze_time(NOW + timedelta(minutes=30)):
            handover = self.ask(lead)
        self.talk(lead, self.seller, 10)
        self.assertEqual(handover.state, "requested")

    def test_whoever_takes_it_need_not_be_asked(self):
        lead = self.talked()
        lead.with_user(self.seller).user_id = self.seller
        self.assertEqual(lead.handover_ids.state, "accepted")
        self.assertEqual(lead.sla_kind, "seller_contact")

    def test_changed_twice_in_a_minute(self):
        lead = self.talked()
        lead.with_user(self.manager).user_id = self.seller
        lead.with_user(self.manager).user_id = self.lena
        first, second = lead.handover_ids.sorted("id")
        self.assertEqual((first.state, second.state), ("withdrawn", "requested"))
        lead.with_user(self.manager).user_id = False
        self.assertEqual(second.state, "withdrawn")
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.round_topic, "9_no_step")

    def test_changed_and_back(self):
        """A slip of the hand costs the seller nothing: their own clock goes on."""
        lead = self.talked()
        self.ask(lead).with_user(self.seller).action_accept()
        clock = lead.sla_clock_ids.filtered(lambda c: c.kind == "seller_contact")
        lead.with_user(self.manager).user_id = self.lena
        self.assertEqual(clock.state, "cancelled")
        lead.with_user(self.manager).user_id = self.seller
        self.assertEqual(clock.state, "running")
        self.assertEqual(
            sorted(lead.handover_ids.mapped("state")), ["accepted", "withdrawn"]
        )

    def test_mixed_leads_changed_at_once(self):
        inquiries = self.talked() | self.talked()
        plain = self.env["crm.lead"].create({"name": "Old", "user_id": False})
        over = self.talked()
        over.action_set_won()
        before = self.last_message()
        everything = inquiries | plain | over
        everything.with_user(self.manager).write({"user_id": self.seller.id})
        self.assertEqual(inquiries.handover_ids.mapped("state"), ["requested"] * 2)
        self.assertFalse((plain | over).handover_ids)
        bodies = self.mails_to(self.seller, before).mapped("body")
        asked = [body for body in bodies if "do you take over" in body]
        self.assertEqual(len(asked), 1, "one message about both")

    def test_given_while_typing_it_in(self):
        """Who is made the salesperson by a colleague has not agreed yet."""
        lead = self.inquiry(user_id=self.seller.id)
        self.assertEqual(lead.handover_ids.state, "requested")

    def test_nobody_is_asked_about_what_is_over(self):
        for close in ("action_set_won", "action_set_lost", "action_archive"):
            lead = self.talked()
            self.ask(lead)
            getattr(lead, close)()
            self.assertEqual(lead.handover_ids.state, "withdrawn", close)

    def test_merged(self):
        """What was agreed stays, and the same seller is asked once."""
        first, second = self.talked(), self.talked()
        for lead in (first, second):
            self.ask(lead, self.seller, self.lena)
        second.handover_ids.filtered(lambda one: one.to_user_id == self.lena).with_user(
            self.lena
        )._decline(self.reason)
        merged = (first | second).merge_opportunity()
        self.assertEqual(len(merged.handover_ids), 4)
        asked = merged.handover_ids.filtered(lambda one: one.state == "requested")
        self.assertEqual(len(asked), len(asked.to_user_id), "each asked once")
        self.assertIn("declined", merged.handover_ids.mapped("state"))

    def test_copied_leads_were_agreed_with_nobody(self):
        lead = self.talked()
        self.ask(lead)
        self.assertFalse(lead.copy().handover_ids)

    # no answer

    def test_no_answer_in_time(self):
        lead = self.talked()
        handover = self.ask(lead)
        self.run_cron(60)
        self.assertEqual(handover.state, "requested", "until the very end of the hour")
        notices = self.run_cron(61)
        self.assertEqual(handover.state, "expired")
        self.assertEqual(notices.partner_ids, self.back_office.partner_id)
        self.assertEqual(lead.round_topic, "4_no_answer")
        self.assertFalse(self.run_cron(62), "told once")
        handover.with_user(self.seller).action_accept()
        self.assertEqual(lead.user_id, self.seller, "late is better than never")

    # by mail

    def reply(self, handover, sender, text):
        """An answer from a mail program to the question."""
        return self.receive(
            sender.email_formatted,
            Subject="Re: Do you take over?",
            Message_Id=f"<{text[:3]}@station.example>".replace(" ", ""),
            In_Reply_To=handover.message_id.message_id,
            body=text,
        )

    def test_ok_by_mail(self):
        lead = self.talked()
        lead.message_subscribe(lead.partner_id.ids)
        handover = self.ask(lead)
        before = self.last_message()
        self.reply(handover, self.seller, "Ok, mache ich!")
        self.assertEqual(handover.state, "accepted")
        self.assertEqual(lead.user_id, self.seller)
        reached = self.env["mail.message"].search([("id", ">", before)])
        self.assertNotIn(
            lead.partner_id, reached.notified_partner_ids, "the customer reads nothing"
        )
        self.assertEqual(len(lead.contact_attempt_ids), 1, "and it is no contact")

    def test_anything_else_by_mail_is_shown(self):
        handover = self.ask(self.talked())
        self.reply(handover, self.seller, "Which region is it?")
        self.assertEqual(handover.state, "requested")
        self.assertEqual(handover.answer_note, "Which region is it?")

    def test_nobody_else_says_ok(self):
        handover = self.ask(self.talked())
        self.reply(handover, self.lena, "ok")
        self.assertEqual(handover.state, "requested")

    # who may read what

    def test_asked_sellers_read_just_that_inquiry(self):
        """Despite "Own documents only", and no longer after the answer."""
        lead, other = self.talked(user_id=self.lena.id), self.talked()
        other.user_id = self.lena
        as_seller = lead.with_user(self.seller)
        with self.assertRaises(AccessError):
            as_seller.check_access("read")
        handover = self.ask(lead)
        as_seller.invalidate_recordset()
        self.assertEqual(as_seller.name, "Spring campaign")
        self.assertTrue(as_seller.message_ids)
        found = as_seller.search([("id", "in", (lead | other).ids)])
        self.assertEqual(found, lead)
        self.assertFalse(lead.is_shared_with_me, "with nobody else")
        with self.assertRaises(AccessError):
            as_seller.name = "Mine"
        handover.with_user(self.seller)._decline(self.reason)
        as_seller.invalidate_recordset()
        with self.assertRaises(AccessError):
            as_seller.check_access("read")

    def test_what_is_shared_is_found_and_what_is_not(self):
        """The list of those that a seller is asked about, and its opposite."""
        asked, other = self.talked(), self.talked()
        (asked | other).user_id = self.lena
        own = self.talked(user_id=self.seller.id)
        own.handover_ids.unlink()
        found = self.env["crm.lead"].with_user(self.seller)
        among = [("id", "in", (own | asked | other).ids)]
        self.assertEqual(found.search(among), own)
        # known without being saved first
        self.ask(asked)
        self.assertEqual(found.search(among), own | asked)
        shared = found.search([*among, ("is_shared_with_me", "=", True)])
        self.assertEqual(shared, asked)
        rest = found.search([*among, ("is_shared_with_me", "=", False)])
        self.assertEqual(rest, own)
        self.assertEqual(found.search_count([*among, ("user_id", "!=", False)]), 2)

    def test_nobody_agrees_for_others(self):
        handover = self.ask(self.talked())
        for user in (self.seller, self.back_office, self.manager):
            as_user = handover.with_user(user)
            with self.assertRaises(AccessError):
                as_user.write({"state": "accepted"})
            with self.assertRaises(AccessError):
                as_user.unlink()
            with self.assertRaises(AccessError):
                as_user.create({"lead_id": handover.lead_id.id})

    # who has time

    def sellers(self, lead):
        wizard = self.env["radio.hand.over"].with_user(self.back_office)
        wizard = wizard.create({"lead_id": lead.id})
        return {line.user_id: line for line in wizard.line_ids}, wizard

    def test_who_has_time(self):
        lead = self.talked()
        self.seller.resource_calendar_id = self.calendar
        self.env["calendar.event"].create(
            {
                "name": "Secret customer",
                "start": NOW - timedelta(minutes=30),
                "stop": NOW + timedelta(hours=2),
                "partner_ids": [(4, self.seller.partner_id.id)],
                "user_id": self.seller.id,
            }
        )
        lines, wizard = self.sellers(lead)
        self.assertEqual(lines[self.seller].words, "Free from 12:00")
        self.assertEqual(lines[self.lena].words, "Unknown, keeps no calendar")
        self.assertEqual(wizard.line_ids.user_id, self.seller | self.lena)
        self.assertNotIn("Secret", str(wizard.line_ids.read()))
        self.seller.crm_team_member_ids.absent_on = date(2026, 1, 14)
        lines, wizard = self.sellers(lead)
        self.assertEqual(lines[self.seller].words, "Not in today")
        self.assertEqual(wizard.line_ids.sorted("sequence")[:1].user_id, self.lena)

    def test_whoever_is_away_is_warned_of(self):
        """Changing the salesperson asks them: the form says that they are not there,
        and who is."""
        lead = self.talked()
        self.seller.crm_team_member_ids.absent_on = date(2026, 1, 14)
        self.assertFalse(lead._get_away_warning(self.lena))
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form = Form(lead.with_user(self.manager))
            form.user_id = self.seller
        self.assertIn("Tom is not there", str(logs.output))
        self.assertIn("There today: Lena", str(logs.output))
        wizard = self.sellers(lead)[1]
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form = Form(wizard)
            form.seller_ids.add(self.seller)
        self.assertIn("Tom is not there", str(logs.output))

    def test_ask_from_the_list_of_who_has_time(self):
        lead = self.talked()
        lines, wizard = self.sellers(lead)
        self.assertIn("Ten spots", wizard.note)
        lines[self.lena].action_ask()
        self.assertEqual(lead.handover_ids.to_user_id, self.lena)
        self.assertEqual(lead.handover_ids.note, "Ten spots in May")
        lines, _wizard = self.sellers(lead)
        self.assertTrue(lines[self.lena].is_asked)
        self.assertEqual(lines[self.lena].open_requests, 1)

    def test_hand_over_while_the_phone_is_at_the_ear(self):
        """One save: inquiry, first contact, and a seller who is asked."""
        form = Form(self.env["radio.take.call"].with_user(self.back_office))
        form.caller_name = "Ole Pfefferkorn"
        form.note = "Spots for the opening"
        form.next_step = "hand_over"
        self.assertIn(form.seller_id, self.seller | self.lena)
        form.seller_id = self.seller
        form.save().action_save()
        lead = self.env["crm.lead"].search([("name", "=", "Spots for the opening")])
        self.assertTrue(lead.first_contact_at)
        self.assertEqual(lead.handover_ids.to_user_id, self.seller)
        self.assertEqual(lead.handover_ids.note, "Spots for the opening")

    def test_keep_while_the_phone_is_at_the_ear(self):
        form = Form(self.env["radio.take.call"].with_user(self.back_office))
        form.caller_name = "Ole Pfefferkorn"
        form.next_step = "keep"
        form.save().action_save()
        lead = self.env["crm.lead"].search([("contact_name", "=", "Ole Pfefferkorn")])
        self.assertEqual(lead.kept_until, date(2026, 1, 21))

    # tandem

    def test_a_customers_own_people_get_the_inquiry(self):
        mareike = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(mareike, "back_office")
        self.customer.write(
            {"user_id": self.seller.id, "back_office_user_id": mareike.id}
        )
        before = self.last_message()
        lead = self.receive()
        self.assertEqual(lead.back_office_user_id, mareike)
        self.assertEqual(lead.user_id, self.seller)
        self.assertFalse(lead.handover_ids, "the back office speaks to them first")
        self.assertFalse(self.mails_to(self.seller, before))

    def test_tandem_of_whom_one_left(self):
        self.customer.write(
            {"user_id": self.lena.id, "back_office_user_id": self.back_office.id}
        )
        self._join(
            self._new_user("mareike", "radio_sales_team.group_back_office"),
            "back_office",
        )
        self.lena.action_archive()
        lead = self.receive()
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.back_office_user_id, self.back_office)

    def test_own_assistant_who_is_not_in(self):
        mareike = self._new_user("mareike", "radio_sales_team.group_back_office")
        member = self._join(mareike, "back_office")
        self.customer.back_office_user_id = mareike
        member.absent_on = date(2026, 1, 14)
        lead = self.receive()
        self.assertFalse(lead.back_office_user_id, "in the pool, somebody is there")

    def test_taking_turns(self):
        mareike = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(mareike, "back_office")
        self.team.is_taking_turns = True
        leads = self.env["crm.lead"].browse()
        for number in range(4):
            leads |= self.inquiry(name=f"Turn {number}")
        self.assertEqual(
            sorted(lead.back_office_user_id.login for lead in leads),
            ["jana", "jana", "mareike", "mareike"],
        )

    def test_no_turn_for_who_asks_again(self):
        """The colleague who has the customer goes on; nobody else hears of it."""
        mareike = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(mareike, "back_office")
        self.team.is_taking_turns = True
        first = self.inquiry(partner_id=self.customer.id)
        self.assertEqual(first.back_office_user_id, self.back_office)
        again = self.inquiry(partner_id=self.customer.id)
        self.assertEqual(again.asked_before_id, first)
        self.assertEqual(again.back_office_user_id, self.back_office)
        self.assertNotIn(mareike.partner_id, again.message_partner_ids)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestNextStep(HandoverCase):
    def test_no_next_step_is_seen(self):
        lead = self.talked()
        self.assertEqual(lead.round_topic, "9_no_step")
        call = lead.activity_schedule("mail.mail_activity_data_call")
        lead.invalidate_recordset()
        self.assertFalse(lead.round_topic, "an activity is a next step")
        call.unlink()
        lead.invalidate_recordset()
        self.assertEqual(lead.round_topic, "9_no_step")

    def test_each_topic_once(self):
        """The list and the field agree, whoever asks, and each item stands once."""
        never = self.inquiry()
        asked, expired = self.talked(), self.talked()
        self.ask(asked)
        self.ask(expired).state = "expired"
        kept = self.talked()
        kept.with_user(self.back_office).action_keep_tomorrow()
        self.env["radio.sla.policy"].create(
            {"name": "Replies", "clock_kind": "next_reply", "target_hours": 4}
        )
        promised, chased = self.talked(), self.talked()
        promised.with_user(self.back_office)._make_promise(NOW + timedelta(hours=3))
        chased.with_user(self.back_office).action_asked_again()
        over = self.talked()
        over.action_set_lost()
        nothing = self.talked()
        nothing.with_user(self.back_office).action_nothing_more()
        expected = {
            never: "2_never_contacted",
            asked: "5_asked",
            expired: "4_no_answer",
            kept: False,
            promised: "7_promise",
            chased: "1_asked_again",
            over: False,
            nothing: False,
        }
        everything = self.env["crm.lead"].browse().union(*expected)
        everything = everything.with_user(self.back_office)
        self.assertEqual({lead: lead.sudo().round_topic for lead in expected}, expected)
        model = everything.with_context(active_test=False)
        listed = model.search(
            [("id", "in", everything.ids), ("round_topic", "!=", False)]
        )
        self.assertEqual(
            set(listed.ids), {lead.id for lead, topic in expected.items() if topic}
        )
        groups = model._read_group(
            [("id", "in", everything.ids), ("round_topic", "!=", False)],
            ["round_topic"],
            ["id:recordset"],
        )
        self.assertEqual(
            {lead.id: topic for topic, leads in groups for lead in leads},
            {lead.id: topic for lead, topic in expected.items() if topic},
        )
        self.assertEqual(
            [topic for topic, _leads in groups],
            sorted(topic for topic, _leads in groups),
        )
        with freeze_time(NOW + timedelta(days=1)):
            everything.invalidate_recordset()
            self.assertEqual(kept.round_topic, "8_back")

    def test_back_office_keeps_it(self):
        lead = self.talked()
        self.ask(lead).with_user(self.seller)._decline(self.reason)
        self.assertEqual(lead.round_topic, "3_declined")
        lead.with_user(self.back_office).action_keep()
        self.assertFalse(lead.round_topic)
        self.assertIn("Jana keeps it until", self.notes(lead))
        self.assertEqual(lead.kept_until, date(2026, 1, 21))
        with self.assertRaisesRegex(UserError, "in the future"):
            lead.with_user(self.back_office)._keep(date(2026, 1, 14))

    def test_a_day_that_is_typed_in_decides_as_the_button_does(self):
        lead = self.talked()
        self.ask(lead).with_user(self.seller)._decline(self.reason)
        theirs = lead.with_user(self.back_office)
        with self.assertRaisesRegex(UserError, "in the future"):
            theirs.kept_until = date(2026, 1, 14)
        theirs.write({"kept_until": "2026-01-23", "priority": "2"})
        self.assertEqual((lead.kept_until, lead.priority), (date(2026, 1, 23), "2"))
        self.assertFalse(lead.round_topic)
        self.assertIn("Jana keeps it until", self.notes(lead))
        theirs.kept_until = False
        self.assertFalse(lead.kept_until)

    def test_asking_ends_keeping(self):
        lead = self.talked()
        lead.with_user(self.back_office).action_keep()
        self.ask(lead)
        self.assertFalse(lead.kept_until)
        self.assertEqual(lead.round_topic, "5_asked")

    def test_a_new_message_ends_nothing_more(self):
        self.env["radio.sla.policy"].create(
            {"name": "Replies", "clock_kind": "next_reply", "target_hours": 4}
        )
        lead = self.talked(partner_id=self.customer.id)
        lead.with_user(self.back_office).action_nothing_more()
        self.receive(In_Reply_To=lead.message_ids[-1:].message_id)
        self.assertFalse(lead.nothing_more_at)

    def test_to_whose_customer_it_is(self):
        lead = self.talked()
        with self.assertRaisesRegex(UserError, "nobody's customer"):
            lead.with_user(self.back_office).action_to_own_seller()
        lead.partner_id.user_id = self.seller
        lead.invalidate_recordset()
        lead.with_user(self.back_office).action_to_own_seller()
        self.assertEqual(lead.handover_ids.kind, "own")
        self.assertEqual(lead.user_id, self.seller)

    def test_links_in_the_notice_are_signed_for_one_person(self):
        handover = self.ask(self.talked(), self.seller)
        other = self.ask(handover.lead_id, self.lena)
        tokens = {
            re.sub(r".*/", "", one._get_answer_link(answer))
            for one in (handover, other)
            for answer in ("accept", "decline")
        }
        self.assertEqual(len(tokens), 4)
