"""What the customer writes later, asks twice, or does not ask at all.

Lost otherwise: a second question in an old conversation, a customer who is called by
two people, an hour spent on what was no inquiry.
"""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOW, ResponseCase


def at(minutes):
    return freeze_time(NOW + timedelta(minutes=minutes))


class ReplyCase(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reply_policy = cls.env["radio.sla.policy"].create(
            {
                "name": "Replies",
                "clock_kind": "next_reply",
                "target_hours": 2.0,
                "pause_limit": 1,
            }
        )

    def write_again(self, lead, number=1, **kwargs):
        """The customer answers in the lead's conversation."""
        message = lead.message_ids.filtered("message_id")[:1]
        return self.receive(
            In_Reply_To=message.message_id,
            Message_Id=f"<again-{number}@brandt.example>",
            **kwargs,
        )

    def replies(self, lead):
        return lead.sla_clock_ids.filtered(lambda clock: clock.kind == "next_reply")

    def answered(self):
        """An inquiry by mail that was answered after ten minutes."""
        lead = self.receive()
        with at(10):
            self.answer(lead, self.back_office)
        return lead


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestReply(ReplyCase):
    def test_customer_writes_after_the_first_contact(self):
        lead = self.answered()
        self.assertFalse(self.replies(lead))
        with at(30):
            self.assertFalse(self.write_again(lead), "no second lead")
        clock = self.replies(lead)
        self.assertEqual(clock.started_at, NOW + timedelta(minutes=30))
        self.assertEqual(clock.deadline, NOW + timedelta(minutes=150))
        self.assertEqual(lead.sla_kind, "next_reply")
        with at(40):
            self.write_again(lead, 2)
        self.assertEqual(self.replies(lead), clock, "the oldest question counts")
        self.assertTrue(lead.is_chased)
        with at(50):
            self.answer(lead, self.back_office)
        self.assertEqual(clock.state, "done")
        self.assertEqual(clock.stopped_at, NOW + timedelta(minutes=50))
        self.assertFalse(lead.is_chased)
        self.assertFalse(lead.sla_deadline)
        with at(60):
            self.write_again(lead, 3)
        self.assertEqual(len(self.replies(lead)), 2, "a new question, a new clock")

    def test_out_of_office_is_no_question(self):
        lead = self.answered()
        with at(30):
            self.write_again(lead, Auto_Submitted="auto-replied")
        self.assertFalse(self.replies(lead))

    def test_colleagues_and_robots_are_no_customers(self):
        """A colleague's mail into the conversation, a note, a message of Odoo's."""
        lead = self.answered()
        with at(30):
            self.write_again(lead, sender="Tom <tom@station.example>")
            lead.with_user(self.seller).sudo()._message_log(body="Note")
            lead.with_user(self.env.ref("base.user_root")).message_post(
                body="Automatic", subtype_xmlid="mail.mt_comment"
            )
        self.assertFalse(self.replies(lead))

    def test_old_conversations(self):
        """Won, lost, archived, from before the addon: nothing dies there."""
        won, lost, archived = (self.inquiry() for _number in range(3))
        won.action_set_won()
        lost.action_set_lost()
        archived.action_archive()
        old = self.inquiry(inquiry_channel=False)
        for number, lead in enumerate(won | lost | archived | old):
            lead.message_post(body="Offer", subtype_xmlid="mail.mt_comment")
            self.write_again(lead, number, sender=lead.partner_id.email)
            self.assertEqual(self.replies(lead).state, "running", lead.name)
            self.assertTrue(lead.sla_deadline)
        with at(5):
            self.answer(won, self.back_office)
            self.answer(old, self.back_office)
        self.assertEqual(self.replies(won).state, "done")
        self.assertEqual(self.replies(old).state, "done")
        self.assertFalse(old.sla_deadline)

    def test_ending_ends_the_reply(self):
        """What runs when the inquiry is lost has nobody to wait for it any more."""
        lead = self.answered()
        with at(30):
            self.write_again(lead)
            lead.action_set_lost()
        self.assertEqual(self.replies(lead).state, "cancelled")

    def test_no_reply_needed(self):
        """ "Thank you!" wants no answer; a slip is undone, and the time goes on."""
        lead = self.answered()
        with at(30):
            self.write_again(lead, body="Thank you!")
        deadline = self.replies(lead).deadline
        mine = lead.with_user(self.back_office)
        with at(40):
            mine.action_no_reply_needed()
        self.assertEqual(self.replies(lead).state, "cancelled")
        self.assertFalse(lead.sla_deadline)
        self.assertEqual(self.replies(lead).waived_user_id, self.back_office)
        with at(45):
            mine.action_undo_no_reply_needed()
        self.assertEqual(self.replies(lead).state, "running")
        self.assertEqual(lead.sla_deadline, deadline)

    def test_asked_again(self):
        """To the top while they wait, and no longer; the first clock never moves."""
        first, other = self.inquiry(), self.inquiry()
        deadline = other.sla_deadline
        with at(5):
            other.with_user(self.back_office).action_asked_again()
        self.assertTrue(other.is_chased)
        self.assertEqual(other.sla_deadline, deadline)
        leads = self.env["crm.lead"].search(
            [("id", "in", (first | other).ids)], order="is_chased desc, sla_deadline"
        )
        self.assertEqual(leads[0], other)
        other.with_user(self.back_office).action_undo_asked_again()
        self.assertFalse(other.is_chased)
        self.assertEqual(other.asked_again_count, 0)
        with at(6):
            other.with_user(self.back_office).action_asked_again()
        with at(7):
            self.answer(other, self.back_office)
        self.assertFalse(other.is_chased)
        self.assertEqual(other.asked_again_count, 1, "counted for the report")
        with at(8):
            other.with_user(self.back_office).action_asked_again()
        self.assertTrue(other.is_chased)
        self.assertEqual(self.replies(other).state, "running")

    def test_second_mail_while_the_first_waits(self):
        lead = self.receive()
        deadline = lead.sla_deadline
        with at(20):
            self.write_again(lead)
        self.assertTrue(lead.is_chased)
        self.assertEqual(lead.sla_deadline, deadline)
        self.assertFalse(self.replies(lead))

    def test_asked_again_needs_a_question(self):
        lead = self.inquiry(inquiry_channel=False)
        with self.assertRaisesRegex(UserError, "no inquiry"):
            lead.with_user(self.manager).action_asked_again()

    def test_no_inquiry(self):
        """Counted apart, never as answered in time, and undone in one click."""
        lead, answered = self.inquiry(), self.inquiry()
        self.answer(answered, self.back_office)
        deadline = lead.sla_deadline
        (lead | answered).with_user(self.back_office).action_no_inquiry()
        for one in lead | answered:
            self.assertFalse(one.is_inquiry)
            self.assertEqual(one.sla_clock_ids.state, "cancelled")
            self.assertFalse(one.sla_status)
            self.assertTrue(one.no_inquiry_kind_id)
        self.assertEqual(lead.sla_badge, lead.no_inquiry_kind_id.name)
        for number in range(2):
            with at(10 + number):
                self.receive(
                    Message_Id=f"<x{number}@x>",
                    In_Reply_To=answered.message_ids[-1].message_id,
                    body="Now we want to book",
                )
        self.assertEqual(self.replies(answered).state, "cancelled", "one, and void")
        answered.with_user(self.back_office).action_undo_no_inquiry()
        self.assertEqual(self.replies(answered).state, "running", "nothing was lost")
        lead.with_user(self.back_office).action_undo_no_inquiry()
        self.assertWaiting(lead)
        self.assertEqual(lead.sla_deadline, deadline)

    def test_no_kind_of_no_inquiry(self):
        self.env["radio.no.inquiry.kind"].search([]).active = False
        with self.assertRaisesRegex(UserError, "administrator"):
            self.inquiry().with_user(self.back_office).action_no_inquiry()

    def test_rights(self):
        """A seller decides nothing about a colleague's inquiry."""
        lead = self.inquiry(user_id=self.manager.id)
        theirs = lead.with_user(self.seller)
        for method in (
            "action_asked_again",
            "action_undo_asked_again",
            "action_no_inquiry",
            "action_no_reply_needed",
            "action_undo_no_reply_needed",
            "action_resume",
            "action_drop_promise",
            "action_start_clocks",
            "action_recompute_clocks",
        ):
            with self.assertRaises(AccessError, msg=method):
                getattr(theirs, method)()

    def test_response_facts_cannot_be_forged(self):
        lead = self.inquiry().with_user(self.back_office)
        for vals in ({"is_chased": True}, {"sla_kind": "promise"}):
            with self.assertRaises(UserError):
                lead.write(vals)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAskedTwice(ReplyCase):
    def test_mail_form_and_phone(self):
        """One customer waits, once: same owner, one clock, the earliest."""
        other = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(other, "back_office")
        first = self.receive()
        first.with_user(other).action_take()
        with at(10):
            again = self.receive(Message_Id="<b@brandt.example>")
        self.assertNotEqual(again, first)
        self.assertEqual(again.asked_before_id, first)
        self.assertEqual(again.back_office_user_id, other)
        self.assertFalse(again.sla_clock_ids, "one clock runs, the earliest")
        self.assertTrue(first.is_chased)
        self.assertEqual(again.sla_badge, "Asked twice")
        with at(15):
            self.answer(first, other)
        self.assertEqual(again.first_contact_at, NOW + timedelta(minutes=15))
        self.assertEqual(again.first_contact_user_id, other)

    def test_same_company_and_same_number(self):
        company = self.env["res.partner"].create({"name": "Bau", "is_company": True})
        boss, clerk = (
            self.env["res.partner"].create({"name": name, "parent_id": company.id})
            for name in ("Boss", "Clerk")
        )
        first = self.inquiry(partner_id=boss.id)
        second = self.inquiry(partner_id=clerk.id)
        self.assertEqual(second.asked_before_id, first)
        phoned = self.inquiry(partner_id=False, phone="+49 151 12345678")
        typed = self.inquiry(partner_id=False, phone="+49151/123456-78")
        self.assertEqual(typed.asked_before_id, phoned)
        stranger = self.inquiry(partner_id=False, phone="+49 151 87654321")
        self.assertFalse(stranger.asked_before_id)
        nobody = self.inquiry(partner_id=False)
        self.assertFalse(nobody.asked_before_id)
        self.assertFalse(self.inquiry(partner_id=False).asked_before_id)

    def test_not_over_and_not_elsewhere(self):
        """What is over stands for nothing, nor does what another station was asked."""
        team = self.team.copy({"alias_name": "other"})
        first = self.receive()
        there = self.inquiry(partner_id=self.customer.id, team_id=team.id)
        self.assertFalse(there.asked_before_id)
        first.action_set_lost()
        self.assertFalse(self.receive(Message_Id="<b@brandt.example>").asked_before_id)

    def test_earlier_ends_without_contact(self):
        """No inquiry is silently late: the second gets its own clock then."""
        for end in ("action_set_lost", "action_archive", "unlink", "action_no_inquiry"):
            first = self.receive(Message_Id=f"<1{end}@brandt.example>")
            with at(10):
                again = self.receive(Message_Id=f"<2{end}@brandt.example>")
            self.assertFalse(again.sla_clock_ids)
            getattr(first, end)()
            self.assertEqual(again.sla_clock_ids.state, "running", end)
            self.assertEqual(again.sla_deadline, NOW + timedelta(minutes=70))
            with at(10):
                again.action_no_inquiry()
                self.env.flush_all()

    def test_after_the_first_contact_it_is_a_new_question(self):
        first = self.answered()
        with at(20):
            again = self.receive(Message_Id="<b@brandt.example>")
        self.assertEqual(again.asked_before_id, first)
        self.assertEqual(again.sla_clock_ids.state, "running")
        self.assertFalse(first.is_chased)

    def test_join(self):
        first = self.receive()
        with at(10):
            again = self.receive(Message_Id="<b@brandt.example>", Subject="Spots")
        self.assertTrue(again.can_join)
        action = again.with_user(self.back_office).action_join()
        joined = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual((first | again).exists(), joined)
        self.assertEqual(joined.received_at, NOW)
        self.assertEqual(joined.sla_clock_ids.state, "running")
        self.assertEqual(joined.sla_deadline, NOW + timedelta(hours=1))
        self.assertFalse(joined.asked_before_id)
        self.assertTrue(joined.is_chased)

    def test_join_with_nothing(self):
        with self.assertRaisesRegex(UserError, "no open inquiry"):
            self.inquiry().with_user(self.back_office).action_join()

    def test_import_asks_nothing_by_itself(self):
        """A list of old inquiries makes no clock overdue; on demand it does."""
        leads = self.env["crm.lead"].with_context(import_file=True)
        result = leads.load(
            ["name", "email_from", "inquiry_channel", "team_id/.id"],
            [["Old", "frank@brandt.example", "phone", str(self.team.id)]],
        )
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertTrue(lead.is_inquiry)
        self.assertFalse(lead.sla_clock_ids | lead.asked_before_id.sla_clock_ids)
        self.assertFalse(lead.contact_attempt_ids)
        with self.assertRaises(AccessError):
            lead.with_user(self.back_office).action_start_clocks()
        lead.with_user(self.manager).action_start_clocks()
        self.assertWaiting(lead)

    def test_asked_before_the_answer_and_entered_after_it(self):
        """What was said on the first inquiry is no answer to the second one, which has
        a deadline of its own; it must not vanish as answered."""
        with at(10):
            first = self.inquiry()
            self.env["radio.contact.attempt"].create(
                {"lead_id": first.id, "user_id": self.back_office.id}
            )
            again = self.inquiry(
                partner_id=first.partner_id.id, received_at=NOW + timedelta(minutes=5)
            )
            self.env.flush_all()
        self.assertEqual(again.asked_before_id, first)
        self.assertEqual(again.sla_clock_ids.state, "running")
        self.assertTrue(again.sla_deadline)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPromise(ReplyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promise_policy = cls.env["radio.sla.policy"].create(
            {"name": "Calls", "clock_kind": "promise", "target_hours": 0.25}
        )

    def promise(self, lead, **kwargs):
        """ "Call me tomorrow at three", by the back office."""
        kwargs.setdefault("due_at", NOW + timedelta(hours=29))
        return lead.with_user(self.back_office)._make_promise(**kwargs).sudo()

    def call(self, lead, channel="phone", outcome="reached"):
        self.env["radio.contact.attempt"].with_user(self.back_office).create(
            {"lead_id": lead.id, "channel": channel, "outcome": outcome}
        )

    def test_kept(self):
        lead = self.answered()
        clock = self.promise(lead)
        self.assertEqual(clock.deadline, NOW + timedelta(hours=29, minutes=15))
        self.assertEqual(clock.user_id, self.back_office)
        self.assertEqual(lead.promised_for, NOW + timedelta(hours=29))
        with freeze_time(NOW + timedelta(minutes=5)):
            self.call(lead)
        self.assertEqual(clock.state, "running", "today's talk is not tomorrow's call")
        with freeze_time(NOW + timedelta(hours=28, minutes=55)):
            self.answer(lead, self.back_office)
            self.assertEqual(clock.state, "running", "to confirm is not to call")
            self.call(lead)
        self.assertEqual(clock.state, "done")
        self.assertFalse(clock.is_late)

    def test_limits(self):
        deadline = NOW + timedelta(hours=29, minutes=15)
        for moment, late in (
            (deadline, False),
            (deadline + timedelta(seconds=1), True),
        ):
            lead = self.inquiry()
            clock = self.promise(lead)
            with freeze_time(moment):
                self.call(lead, outcome="not_reached")
            self.assertEqual(clock.state, "done")
            self.assertEqual(clock.is_late, late)

    def test_whole_day(self):
        """ "Call me in June": any time of the first working day from then on."""
        lead = self.answered()
        # a Saturday
        clock = self.promise(lead, due_at=NOW + timedelta(days=3), whole_day=True)
        self.assertEqual(clock.promised_for, NOW.replace(day=19, hour=8))
        self.assertEqual(clock.deadline, NOW.replace(day=19, hour=16))
        self.assertEqual(lead.sla_badge, "Call back: 01/19/2026")
        with freeze_time(NOW.replace(day=19, hour=15)):
            self.call(lead)
        self.assertEqual(clock.state, "done")

    def test_a_new_promise_takes_the_place(self):
        lead = self.answered()
        first = self.promise(lead)
        second = self.promise(lead, due_at=NOW + timedelta(hours=48))
        self.assertEqual(first.state, "cancelled")
        self.assertEqual(second.state, "running")
        lead.with_user(self.back_office).action_drop_promise()
        self.assertEqual(second.state, "cancelled")

    def test_past_moments(self):
        lead = self.answered()
        for kwargs in (
            {"due_at": NOW - timedelta(minutes=2)},
            {"due_at": NOW - timedelta(days=1), "whole_day": True},
        ):
            with self.assertRaisesRegex(UserError, "future"):
                self.promise(lead, **kwargs)

    def test_without_policy_a_word_is_a_word(self):
        self.promise_policy.action_archive()
        clock = self.promise(self.answered())
        self.assertEqual(clock.deadline, NOW + timedelta(hours=29, minutes=15))

    def test_not_to_answer_for_the_first_contact(self):
        """To plan a call is no contact: the first clock runs on."""
        lead = self.receive()
        self.promise(lead)
        self.assertFalse(lead.first_contact_at)
        first = lead._get_first_contact_clock()
        self.assertEqual(first.state, "running")
        self.assertEqual(lead.sla_deadline, first.deadline)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPause(ReplyCase):
    def setUp(self):
        super().setUp()
        self.policy.pause_limit = 1
        self.lead = self.inquiry()
        self.clock = self.lead.sla_clock_ids
        self.friday = fields.Date.to_date("2026-01-16")

    def wait(self, lead=None, until=None):
        lead = (lead or self.lead).with_user(self.back_office)
        lead._wait_for_customer(until or self.friday, "Photos")

    def test_used_time_is_kept(self):
        with at(40):
            self.wait()
            self.assertEqual(self.clock.state, "paused")
        # 20 minutes are left, from Friday 9:00 in Berlin on
        self.assertEqual(self.clock.deadline, NOW.replace(day=16, hour=8, minute=20))
        self.assertEqual(self.lead.sla_deadline, self.clock.deadline)
        with freeze_time(NOW.replace(day=16, hour=8, minute=5)):
            self.clock._escalate()
            self.assertEqual(self.clock.state, "running")
            self.answer(self.lead, self.back_office)
        self.assertEqual(self.clock.working_minutes, 45)
        self.assertEqual(self.clock.paused_minutes, 380 + 480)
        self.assertFalse(self.clock.is_late)

    def test_customer_writes(self):
        """What we waited for came: the clock goes on at once."""
        lead = self.receive(Message_Id="<c@brandt.example>", sender="Eva <e@v.a>")
        with at(40):
            self.wait(lead)
        with at(50):
            self.receive(
                sender="Eva <e@v.a>",
                Message_Id="<d@v.a>",
                In_Reply_To=lead.message_ids.filtered("message_id")[-1:].message_id,
            )
        self.assertEqual(lead.sla_clock_ids.state, "running")
        self.assertEqual(lead.sla_deadline, NOW + timedelta(minutes=70))

    def test_resumed_by_hand(self):
        with at(40):
            self.wait()
        with at(50):
            self.lead.with_user(self.back_office).action_resume()
            self.assertEqual(self.clock.state, "running")
        self.assertEqual(self.clock.deadline, NOW + timedelta(minutes=70))

    def test_refusals(self):
        """Not into the past, not twice, not too often, not to hide what is late, not
        where the policy forbids it; each with a sentence."""
        with self.assertRaisesRegex(UserError, "future"):
            self.wait(until=NOW.date())
        late = self.inquiry()
        with at(60):
            self.wait(late)
        late = self.inquiry()
        with at(61), self.assertRaisesRegex(UserError, "is over"):
            self.wait(late)
        self.wait()
        with self.assertRaisesRegex(UserError, "already"):
            self.wait()
        self.lead.action_resume()
        with at(1), self.assertRaisesRegex(UserError, "1 times already"):
            self.wait()
        self.policy.pause_limit = 0
        with self.assertRaisesRegex(UserError, "does not allow"):
            self.wait(self.inquiry())
        answered = self.inquiry()
        self.answer(answered, self.back_office)
        with self.assertRaisesRegex(UserError, "No answer is due"):
            self.wait(answered)

    def test_stage(self):
        stage = self.env["crm.stage"].create(
            {"name": "Waits", "is_waiting_for_customer": True}
        )
        before = self.lead.stage_id
        with at(30):
            self.lead.with_user(self.back_office).stage_id = stage
            self.assertEqual(self.clock.state, "paused")
            self.assertFalse(self.lead.sla_deadline)
            self.env.flush_all()
        with at(90):
            self.lead.with_user(self.back_office).stage_id = before
            self.assertEqual(self.clock.state, "running")
        self.assertEqual(self.lead.sla_deadline, NOW + timedelta(minutes=120))

    def test_answered_in_a_stage_that_waits(self):
        """The answer turns out to be none after the stage was left: nobody forgets the
        customer because a pause goes on for ever."""
        stage = self.env["crm.stage"].create(
            {"name": "Waits", "is_waiting_for_customer": True}
        )
        before = self.lead.stage_id
        with at(20):
            self.lead.stage_id = stage
            self.env.flush_all()
        with at(30):
            attempt = self.env["radio.contact.attempt"].create(
                {"lead_id": self.lead.id, "user_id": self.back_office.id}
            )
            self.assertEqual(self.clock.state, "done")
            self.lead.stage_id = before
            self.env.flush_all()
        with at(35):
            attempt.is_withdrawn = True
            self.assertEqual(self.clock.state, "running")
            self.assertTrue(self.lead.sla_deadline)

    def test_no_inquiry_after_the_answer(self):
        """How long it took to answer does not depend on the order of clicks."""
        with at(30):
            self.env["radio.contact.attempt"].create(
                {"lead_id": self.lead.id, "user_id": self.back_office.id}
            )
            self.lead.is_inquiry = False
            self.assertEqual(self.clock.working_minutes, 30)
            self.lead.action_set_won()
            self.clock._compute_waited()
            self.assertEqual(self.clock.working_minutes, 30)

    def test_stage_hides_nothing_late(self):
        stage = self.env["crm.stage"].create(
            {"name": "Waits", "is_waiting_for_customer": True}
        )
        with at(61):
            self.lead.stage_id = stage
            self.assertEqual(self.clock.state, "running")
            self.assertTrue(self.clock.is_late)

    def test_campaign_start(self):
        """The earlier of target and time before the campaign, never less than 15
        minutes."""
        self.policy.target_hours = 40
        self.env.company.campaign_lead_days = 5
        far = self.inquiry(campaign_start="2026-03-02")
        self.assertEqual(far.sla_deadline, NOW.replace(day=21))
        # five working days before Thursday the 22nd: the end of Thursday the 15th
        near = self.inquiry(campaign_start="2026-01-22")
        self.assertEqual(near.sla_deadline, NOW.replace(day=15, hour=16))
        soon = self.inquiry(campaign_start="2026-01-16")
        self.assertEqual(soon.sla_deadline, NOW + timedelta(minutes=15))
        far.with_user(self.back_office).campaign_start = "2026-01-22"
        self.assertEqual(far.sla_deadline, NOW.replace(day=15, hour=16))
        far.campaign_start = False
        self.assertEqual(far.sla_deadline, NOW.replace(day=21))
        self.env.company.campaign_lead_days = 0
        unmoved = self.inquiry(campaign_start="2026-01-16")
        self.assertEqual(unmoved.sla_deadline, NOW.replace(day=21))

    def test_recompute(self):
        """A change of the policy moves nothing until a manager says so."""
        deadline = self.lead.sla_deadline
        self.policy.target_hours = 2
        self.assertEqual(self.lead.sla_deadline, deadline)
        with self.assertRaises(AccessError):
            self.lead.with_user(self.back_office).action_recompute_clocks()
        self.lead.with_user(self.manager).action_recompute_clocks()
        self.assertEqual(self.lead.sla_deadline, NOW + timedelta(hours=2))
        self.assertIn("planned anew", self.lead.message_ids[0].body)
