"""What goes wrong at the edges of a hand-over, each as somebody would lose by it."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NOW
from .test_handover import HandoverCase
from .test_succession import SuccessionCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestHandoverLimits(HandoverCase):
    def own(self, lead, seller):
        """The seller has it by agreement."""
        lead.with_user(self.manager).user_id = seller
        asked = lead.handover_ids.filtered(lambda one: one.state == "requested")
        asked.with_user(seller).action_accept()

    def test_nothing_leaks_from_a_form_that_is_not_saved(self):
        """A seller may not read what was said on a colleague's inquiry."""
        lead = self.talked(user_id=self.lena.id)
        handover = lead.handover_ids
        handover.with_user(self.lena).action_accept()
        asking = self.env["radio.hand.over"].with_user(self.seller)
        with self.assertRaises(AccessError):
            asking.onchange({"lead_id": lead.id}, ["lead_id"], {"note": {}})
        answer = self.env["radio.handover.answer"].with_user(self.seller)
        found = answer.onchange(
            {"handover_id": handover.id}, ["handover_id"], {"lead_name": {}}
        )
        self.assertFalse(found["value"].get("lead_name"))

    def test_a_late_yes_takes_nothing_from_who_has_it(self):
        lead = self.talked()
        late = self.ask(lead)
        late._expire()
        self.ask(lead, self.lena).with_user(self.lena).action_accept()
        with self.assertRaisesRegex(UserError, "Lena has taken over"):
            late.with_user(self.seller).action_accept()
        self.talk(lead, self.seller, 30)
        self.assertEqual(lead.user_id, self.lena)
        kept = self.talked()
        asked = self.ask(kept)
        asked._expire()
        kept.with_user(self.back_office).action_keep()
        with self.assertRaisesRegex(UserError, "not asked any more"):
            asked.with_user(self.seller).action_accept()

    def test_a_no_that_begins_with_yes(self):
        for text in (
            "Ja, leider habe ich keine Zeit diese Woche",
            "Yes? Which customer is that?",
            "ok but not before Friday",
        ):
            handover = self.ask(self.talked())
            self.reply(handover, text)
            self.assertEqual(handover.state, "requested", text)
            self.assertEqual(handover.answer_note, text)
        handover.with_user(self.seller)._decline(self.reason, "Ask Lena")
        self.reply(handover, "Have a nice day")
        self.assertEqual(handover.answer_note, "Ask Lena", "what was agreed stays")

    def test_a_yes_after_a_greeting(self):
        """Sellers greet whoever asked them: without it the inquiry goes back into the
        morning round, though somebody said that they call."""
        for text in (
            "Hallo Anna,<br>ja, mach ich",
            "Moin,<br><br>ok",
            "Liebe Jana!<br>gern",
            "Hi<br>yes",
            "Guten Morgen Frau Petersen,<br>übernehme ich",
            "Ja,<br>ich rufe an",
        ):
            handover = self.ask(self.talked())
            self.reply(handover, text)
            self.assertEqual(handover.state, "accepted", text)

    def test_a_no_after_a_greeting(self):
        """Who asked reads the words, not the greeting alone; and a no above is none of
        the greetings."""
        for text, words in (
            ("Hallo Anna,<br>am Freitag", "Hallo Anna, am Freitag"),
            ("Hallo Anna,<br>ja, aber nicht heute", "Hallo Anna, ja, aber nicht heute"),
            ("Leider nein,<br>ja, schade", "Leider nein, ja, schade"),
            ("Leider nein,<br>ok", "Leider nein, ok"),
            ("Hi Anna, leider nein<br>ok", "Hi Anna, leider nein ok"),
            ("Hallo Anna,", "Hallo Anna,"),
        ):
            handover = self.ask(self.talked())
            self.reply(handover, text)
            self.assertEqual(handover.state, "requested", text)
            self.assertEqual(handover.answer_note, words)

    def reply(self, handover, text):
        message = self.env["mail.message"].create(
            {"body": f"<p>{text}</p>", "author_id": self.seller.partner_id.id}
        )
        handover._receive_mail(message)

    def test_ok_to_what_is_over_is_kept_as_a_note(self):
        lead = self.talked()
        handover = self.ask(lead)
        handover._expire()
        lead.action_set_lost()
        before = self.last_message()
        self.receive(
            self.seller.email_formatted,
            Message_Id="<late@station.example>",
            In_Reply_To=handover.message_id.message_id,
            body="ok",
        )
        kept = self.env["mail.message"].search([("id", ">", before)])
        self.assertIn("ok", str(kept.mapped("body")))
        self.assertFalse(lead.user_id)

    def test_ok_through_the_gateways_own_user(self):
        """Odoo's mail gate logs in as an administrator, who may not read the question
        to Tom, and so takes another message for the one that is answered."""
        lead = self.talked()
        lead.message_post(body="An older message", message_type="comment")
        handover = self.ask(lead)
        before = self.last_message()
        mail = (
            f"From: {self.seller.email_formatted}\nTo: inquiries@station.example\n"
            "Subject: Re: Do you take over?\nMessage-Id: <ok@station.example>\n"
            f"In-Reply-To: {handover.message_id.message_id}\n\nok\n"
        )
        self.env["mail.thread"].with_user(self.env.ref("base.user_admin")).sudo(
            False
        ).message_process(False, mail)
        self.assertEqual(handover.state, "accepted")
        self.assertFalse(self.mails_to(self.seller, before), "and nobody is told off")

    def test_a_colleague_was_quicker(self):
        """Whoever comes second reads who was first, though the inquiry is closed to
        them by then."""
        lead = self.talked()
        first, second = self.ask(lead, self.seller, self.lena).sorted("id")
        second.with_user(self.lena).action_accept()
        as_seller = first.with_user(self.seller)
        as_seller.invalidate_recordset()
        with self.assertRaises(AccessError):
            lead.with_user(self.seller).check_access("read")
        self.assertIn("Lena has taken over", as_seller.outcome)
        self.assertEqual(as_seller.lead_name, lead.name)
        Form(as_seller)

    def test_nothing_is_decided_away_before_the_first_contact(self):
        never, talked = self.inquiry(), self.talked()
        both = (never | talked).with_user(self.back_office)
        for decide in ("action_keep", "action_keep_tomorrow", "action_nothing_more"):
            with self.assertRaisesRegex(UserError, "Nobody has spoken"):
                getattr(both, decide)()
        self.assertFalse(talked.kept_until)

    def test_who_asks_twice_stands_in_the_round_once(self):
        first = self.inquiry(partner_id=self.customer.id)
        second = self.inquiry(partner_id=self.customer.id)
        self.assertEqual(second.asked_before_id, first)
        self.assertEqual(first.round_topic, "1_asked_again")
        self.assertFalse(second.round_topic)

    def test_who_declined_is_not_proposed_again(self):
        lead = self.talked()
        self.ask(lead)
        handover = lead.handover_ids
        handover.with_user(self.seller)._decline(self.reason)
        wizard = self.env["radio.hand.over"].with_user(self.back_office)
        lines = wizard.create({"lead_id": lead.id}).line_ids
        self.assertEqual(lines[-1].user_id, self.seller)
        self.assertEqual(lines[-1].words, "Cannot: No time")
        self.assertIn("Please call", lines.hand_over_id.note, "what was told before")

    def test_declined_goes_back_to_whose_it_was(self):
        lead = self.talked()
        self.own(lead, self.lena)
        lead.with_user(self.manager).user_id = False
        lead.with_user(self.manager).user_id = self.seller
        asked = lead.handover_ids.filtered(lambda one: one.state == "requested")
        asked.with_user(self.seller)._decline(self.reason)
        self.assertFalse(lead.user_id, "nobody had it")
        other = self.talked()
        self.own(other, self.lena)
        nora = self._new_user("nora", "sales_team.group_sale_salesman")
        other.with_user(self.manager).user_id = nora
        other.with_user(self.manager).user_id = self.seller
        asked = other.handover_ids.filtered(lambda one: one.state == "requested")
        asked.with_user(self.seller)._decline(self.reason)
        self.assertEqual(other.user_id, self.lena, "Nora had only been asked")
        self.own(other, self.seller)
        other.with_user(self.manager).user_id = nora
        self.seller.action_archive()
        asked = other.handover_ids.filtered(lambda one: one.state == "requested")
        asked.with_user(nora)._decline(self.reason)
        self.assertFalse(other.user_id, "who left gets nothing back")

    def test_getting_it_a_second_time_is_a_new_promise(self):
        lead = self.talked()
        self.own(lead, self.seller)
        with freeze_time(NOW + timedelta(days=5)):
            self.own(lead, self.lena)
            self.own(lead, self.seller)
            self.assertEqual(lead._get_seller_clock().begun_at, NOW + timedelta(days=5))
            self.assertEqual(lead.seller_badge_color, "success")

    def test_nobody_types_over_what_was_agreed(self):
        lead = self.talked()
        self.ask(lead, self.lena).with_user(self.lena)._decline(self.reason)
        for vals in ({"handover_state": False}, {"nothing_more_at": NOW}):
            with self.assertRaisesRegex(UserError, "Use the buttons"):
                lead.with_user(self.seller).write(vals)
        self.assertEqual(lead.round_topic, "3_declined")

    def test_who_takes_it_while_another_is_asked_is_told(self):
        lead = self.talked()
        self.ask(lead, self.lena)
        before = self.last_message()
        lead.with_user(self.seller).user_id = self.seller
        self.assertEqual(len(self.mails_to(self.back_office, before)), 1)

    def test_it_goes_on_and_the_question_too(self):
        """Archived by mistake, or no sales inquiry after all: asked again."""
        for there, back in (
            ("action_archive", "action_unarchive"),
            ("action_no_inquiry", "action_undo_no_inquiry"),
        ):
            lead = self.talked()
            lead.with_user(self.manager).user_id = self.seller
            getattr(lead, there)()
            self.assertFalse(lead.handover_state)
            getattr(lead, back)()
            self.assertEqual(lead.handover_state, "requested", there)

    def test_merging_hides_nobody(self):
        quiet, loud = self.talked(), self.talked()
        quiet.with_user(self.back_office).action_nothing_more()
        merged = (quiet | loud).merge_opportunity()
        self.assertEqual(merged.round_topic, "9_no_step")

    def test_search_of_nothing_to_decide(self):
        quiet, declined, never = self.talked(), self.talked(), self.inquiry()
        quiet.with_user(self.back_office).action_nothing_more()
        self.ask(declined).with_user(self.seller)._decline(self.reason)
        leads = quiet | declined | never

        def find(operator, topics):
            return leads.search(
                [("id", "in", leads.ids), ("round_topic", operator, topics)]
            )

        self.assertEqual(find("in", [False, "3_declined"]), quiet | declined)
        self.assertEqual(find("not in", [False, "3_declined"]), never)
        self.assertEqual(find("in", [False]), quiet)
        self.assertEqual(find("not in", ["3_declined"]), quiet | never)

    def test_own_customer_among_several(self):
        """The customer's own seller is told, and nobody else is bothered."""
        lead = self.talked()
        lead.partner_id.user_id = self.lena
        wizard = self.env["radio.hand.over"].with_user(self.back_office)
        wizard = wizard.create({"lead_id": lead.id})
        wizard.seller_ids = self.seller | self.lena
        before = self.last_message()
        wizard.action_ask()
        self.assertEqual(lead.handover_ids.to_user_id, self.lena)
        self.assertFalse(self.mails_to(self.seller, before))

    def test_nobody_is_made_to_agree_by_a_trick(self):
        """A seller makes a colleague the customer's seller and hands over: asked."""
        lead = self.talked(user_id=self.seller.id)
        lead.handover_ids.with_user(self.seller).action_accept()
        lead.partner_id.with_user(self.seller).sudo().user_id = self.lena
        lead.with_user(self.seller)._hand_over(self.lena)
        asked = lead.handover_ids.filtered(lambda one: one.to_user_id == self.lena)
        self.assertEqual((asked.kind, asked.state), ("asked", "requested"))

    def test_nobodys_customer_is_taken_away(self):
        self.customer.user_id = self.lena
        group = self.env.ref("base.group_partner_manager")
        self.seller.group_ids += group
        with self.assertRaisesRegex(AccessError, "customer of Lena"):
            self.customer.with_user(self.seller).user_id = self.seller
        self.customer.with_user(self.manager).user_id = self.seller
        self.customer.with_user(self.seller).user_id = False
        self.customer.with_user(self.seller).user_id = self.seller

    def test_only_who_could_read_it_is_asked(self):
        employee = self._new_user("emil", "base.group_user")
        with self.assertRaisesRegex(UserError, "no right to sales"):
            self.ask(self.talked(), employee)

    def test_absent_seller_on_a_new_inquiry(self):
        self.seller.crm_team_member_ids.absent_on = date(2026, 1, 14)
        form = Form(self.env["crm.lead"].with_user(self.back_office))
        form.name = "New"
        form.inquiry_channel = "email"
        with mute_logger("odoo.tests.form.onchange"):
            form.user_id = self.seller
        self.assertEqual(form.save().handover_ids.state, "requested")

    def test_all_day_means_all_day(self):
        """A holiday in the calendar is not free time before eight."""
        self.seller.resource_calendar_id = self.calendar
        self.env["calendar.event"].create(
            {
                "name": "Holiday",
                "allday": True,
                "start": datetime(2026, 1, 14, 8),
                "stop": datetime(2026, 1, 15, 18),
                "partner_ids": [Command.link(self.seller.partner_id.id)],
                "user_id": self.seller.id,
            }
        )
        slots = self.team._get_free_slots(self.seller)
        self.assertEqual(slots[self.seller], datetime(2026, 1, 16, 8, 0))

    def test_a_colleague_in_another_time_zone_stops_no_round(self):
        lead = self.talked()
        lead.with_user(self.back_office)._make_promise(NOW + timedelta(hours=7))
        self.back_office.tz = "Asia/Tokyo"
        before = self.last_message()
        self.team._send_round()
        mail = self.mails_to(self.back_office, before)
        self.assertIn("Promised for today", mail.body)

    def test_two_who_do_not_answer_are_both_in_the_history(self):
        """Two were asked who has time: whoever reads the story of the inquiry must not
        take it that only one of them let it lie."""
        lead = self.talked()
        self.ask(lead, self.seller, self.lena)
        self.run_cron(61)
        notes = self.notes(lead)
        self.assertIn("No answer from", notes)
        for name in ("Tom", "Lena"):
            self.assertIn(name, notes.split("No answer from")[1])

    def test_one_bad_row_stops_no_other(self):
        bad, good = self.ask(self.talked()), self.ask(self.talked())
        handovers = self.env.registry["radio.handover"]
        expire = handovers._expire

        def broken(records):
            if bad in records:
                raise ValueError("bad row")
            return expire(records)

        with (
            patch.object(handovers, "_expire", broken),
            mute_logger("odoo.addons.radio_sales_team.models.response.batch"),
        ):
            self.run_cron(61)
        self.assertEqual((bad.state, good.state), ("requested", "expired"))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSuccessionLimits(SuccessionCase):
    def test_what_is_over_is_left_alone(self):
        """Won while the proposal was looked at, or by the stand-in: history stays."""
        lead, second = self.taken(), self.taken()
        succession = self.away(self.seller)
        lead.with_user(self.seller).action_set_won()
        succession.action_hand_over()
        self.assertEqual(lead.user_id, self.seller)
        self.assertFalse(self.line(succession, lead).is_done)
        second.handover_ids.filtered(lambda one: one.state == "requested").with_user(
            self.lena
        ).action_accept()
        second.with_user(self.lena).action_set_won()
        succession.action_undo()
        self.assertEqual(second.user_id, self.lena)

    def test_everything_to_whoever_does_it(self):
        asked = self.ask(self.talked())
        lead = asked.lead_id
        succession = self.away(self.seller, to_user_id=self.manager.id)
        succession.action_hand_over()
        self.assertEqual(lead.user_id, self.manager)
        self.assertEqual(asked.state, "withdrawn")

    def test_promises_of_the_back_office_stay_there(self):
        mareike = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(mareike, "back_office")
        lead = self.talked()
        promise = lead.with_user(self.back_office)._make_promise(
            NOW + timedelta(hours=3)
        )
        succession = self.away(self.back_office)
        self.assertEqual(self.line(succession, promise).to_user_id, mareike)

    def test_frozen_when_done(self):
        self.taken()
        succession = self.away(self.seller)
        succession.action_hand_over()
        with self.assertRaisesRegex(UserError, "done already"):
            succession.user_id = self.lena
        with self.assertRaisesRegex(UserError, "Give it back first"):
            succession.unlink()

    def test_no_flood_of_mail(self):
        """Ten activities and five leads: one mail, not fifteen."""
        leads = self.env["crm.lead"].create(
            [
                {"name": f"Plain {number}", "user_id": self.seller.id}
                for number in range(5)
            ]
        )
        for lead in leads:
            for _number in range(2):
                lead.activity_schedule(
                    "mail.mail_activity_data_call", user_id=self.seller.id
                )
        succession = self.away(self.seller)
        before = self.last_message()
        succession.action_hand_over()
        self.assertEqual(leads.user_id, self.lena)
        self.assertEqual(len(self.mails_to(self.lena, before)), 1)
