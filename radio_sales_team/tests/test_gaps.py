"""Ways in which a customer could be forgotten, each found by trying to.

Every test here was a way to lose an inquiry, or to have it answered on paper.
"""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, EscalationCase
from .test_reply import ReplyCase, at


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestGaps(ReplyCase):
    def twice(self, minutes=10):
        """An inquiry and a second one of the same customer."""
        first = self.receive()
        with at(minutes):
            return first, self.receive(Message_Id="<twice@brandt.example>")

    def call(self, lead, **vals):
        attempts = self.env["radio.contact.attempt"].with_user(self.back_office)
        return attempts.create({"lead_id": lead.id, **vals}).sudo()

    def test_join_keeps_the_second_question(self):
        """Asked again after the first contact: joining answers nothing."""
        first = self.answered()
        with at(30):
            second = self.receive(Message_Id="<b@brandt.example>")
            self.assertEqual(second.sla_clock_ids.state, "running")
            second.with_user(self.back_office).action_join()
        joined = (first | second).exists()
        self.assertEqual(joined.sla_kind, "next_reply")
        self.assertEqual(self.replies(joined).started_at, NOW + timedelta(minutes=30))

    def test_join_keeps_a_late_answer(self):
        """Joining what was answered late with what was answered in time must not make
        the station look better than it was: the wait stays in the reports."""
        for kind in ("first", "second"):
            with self.subTest(head=kind):
                sender = f"Eva <eva@{kind}.example>"
                first = self.receive(sender, Message_Id=f"<a@{kind}.example>")
                self.answer_by_phone(first, 10)
                with at(30):
                    second = self.receive(sender, Message_Id=f"<b@{kind}.example>")
                self.answer_by_phone(second, 150)
                clock = second.sla_clock_ids
                self.assertTrue(clock.is_late)
                leads = first | second
                leads.type = "lead"
                head = first if kind == "first" else second
                head.type = "opportunity"
                with at(200):
                    self.assertEqual(leads.merge_opportunity(), head)
                self.env.flush_all()
                self.assertEqual(
                    [
                        (one.kind, one.state, one.started_at, one.stopped_at)
                        for one in head.sla_clock_ids.sorted("started_at")
                    ],
                    [
                        ("first_contact", "done", NOW, NOW + timedelta(minutes=10)),
                        (
                            "next_reply",
                            "done",
                            NOW + timedelta(minutes=30),
                            NOW + timedelta(minutes=150),
                        ),
                    ],
                )
                self.assertIn(clock, head.sla_clock_ids)
                self.assertTrue(clock.is_late)
                self.assertFalse(head.sla_deadline)

    def answer_by_phone(self, lead, minutes):
        with at(minutes):
            self.call(lead)

    def test_join_of_two_who_waited_is_one_wait(self):
        """Both asked before anybody called: one customer waited, once, from the first
        question on, and is not counted twice."""
        first, second = self.twice()
        second.action_separate()
        self.assertTrue(second.sla_clock_ids)
        self.answer_by_phone(first, 20)
        self.answer_by_phone(second, 90)
        with at(100):
            joined = (first | second).merge_opportunity()
        self.assertEqual(joined.sla_clock_ids.kind, "first_contact")
        self.assertEqual(joined.sla_clock_ids.stopped_at, NOW + timedelta(minutes=20))

    def test_join_after_a_message(self):
        """The usual way to a join: the first one was answered in the chatter."""
        first, second = self.twice()
        with at(15):
            self.answer(first, self.back_office)
            self.assertTrue(second.first_contact_at)
            second.with_user(self.back_office).action_join()
        joined = (first | second).exists()
        self.assertEqual(len(joined.contact_attempt_ids), 1)
        self.assertFalse(joined.sla_deadline)

    def test_merge_into_no_sales_inquiry(self):
        first = self.receive()
        first.with_user(self.back_office).action_no_inquiry()
        second = self.receive(Message_Id="<b@brandt.example>")
        merged = (first | second).merge_opportunity()
        self.assertFalse(merged.no_inquiry_kind_id)
        self.assertWaiting(merged)

    def test_asked_twice_while_waiting_for_the_customer(self):
        """By a new mail, or in the second conversation: what we waited for came."""
        self.policy.pause_limit = 2
        first = self.receive()
        until = NOW.date() + timedelta(days=10)
        first.with_user(self.back_office)._wait_for_customer(until, "Logo")
        with at(20):
            second = self.receive(Message_Id="<b@brandt.example>")
            self.assertEqual(first.sla_clock_ids.state, "running")
            first.with_user(self.back_office)._wait_for_customer(until, "Photo")
        count = first.asked_again_count
        with at(30):
            self.receive(
                Message_Id="<c@brandt.example>",
                In_Reply_To=second.message_ids.filtered("message_id")[-1:].message_id,
            )
            self.assertEqual(first.sla_clock_ids.state, "running")
        self.assertEqual(first.asked_again_count, count + 1)

    def test_stage_pause_ends_with_the_stage(self):
        """Also of a clock that is cancelled while the inquiry leaves the stage."""
        self.policy.pause_limit = 1
        stage = self.env["crm.stage"].create(
            {"name": "Waits", "is_waiting_for_customer": True}
        )
        lead = self.inquiry()
        before = lead.stage_id
        with at(5):
            lead.stage_id = stage
            lead.action_no_inquiry()
        with at(10):
            lead.stage_id = before
            lead.action_undo_no_inquiry()
            self.assertWaiting(lead)

    def test_corrections_count_for_both(self):
        """What was recorded for the first is corrected for the second, too."""
        first, second = self.twice()
        with at(20):
            attempt = self.call(first)
            self.assertEqual(second.first_contact_outcome, "reached")
            attempt.with_user(self.back_office).action_switch_outcome()
            self.assertEqual(second.first_contact_outcome, "not_reached")
            attempt.is_withdrawn = True
            self.assertFalse(second.first_contact_at)
            self.assertWaiting(first)

    def test_only_what_counts_for_the_first(self):
        self.policy.stop_on = "reached"
        first, second = self.twice()
        with at(20):
            self.call(first, outcome="not_reached")
            self.assertFalse(second.first_contact_at)
            first.action_set_lost()
        self.assertEqual(second.sla_clock_ids.state, "running")

    def test_not_delivered_after_the_end(self):
        """Answered, lost, then the answer bounces: the second still waits."""
        first, second = self.twice()
        with at(20):
            attempt = self.call(first)
            first.action_set_lost()
            self.assertTrue(second.first_contact_at)
            attempt.is_withdrawn = True
            self.assertEqual(second.sla_clock_ids.state, "running")

    def test_somebody_else_after_all(self):
        """Corrected, moved to another team, or separated by a click."""
        team = self.team.copy({"alias_name": "other"})
        stranger = self.env["res.partner"].create({"name": "X", "email": "x@x.example"})
        for number, change in enumerate(
            (
                {"partner_id": stranger.id, "email_from": "x@x.example"},
                {"team_id": team.id},
                None,
            )
        ):
            first = self.receive(Message_Id=f"<1-{number}@brandt.example>")
            with at(10):
                second = self.receive(Message_Id=f"<2-{number}@brandt.example>")
                self.assertFalse(second.sla_clock_ids)
                if change:
                    second.with_user(self.manager).write(change)
                else:
                    second.with_user(self.back_office).action_separate()
                self.assertFalse(second.asked_before_id)
                self.assertEqual(second.sla_clock_ids.state, "running")
                self.call(first)
                self.assertFalse(second.first_contact_at)
                (first | second).action_archive()

    def test_call_back_is_not_kept_by_an_early_try(self):
        lead = self.answered()
        with at(15):
            clock = lead.with_user(self.back_office)._make_promise(
                NOW + timedelta(hours=5)
            )
        with at(20):
            self.call(lead, outcome="not_reached")
            self.assertEqual(clock.sudo().state, "running")

    def test_appointment_called_off_or_long_over(self):
        lead, other = self.inquiry(), self.inquiry()
        values = {
            "name": "Visit",
            "start": NOW + timedelta(days=1),
            "stop": NOW + timedelta(days=1, hours=1),
            "opportunity_id": lead.id,
            "partner_ids": lead.partner_id.ids,
        }
        events = self.env["calendar.event"].with_user(self.back_office)
        event = events.create(values)
        self.assertTrue(lead.first_contact_at)
        event.opportunity_id = other
        self.assertWaiting(lead)
        event.opportunity_id = lead
        self.assertTrue(lead.first_contact_at)
        event.unlink()
        self.assertWaiting(lead)
        long_ago = NOW - timedelta(days=100)
        events.create({**values, "start": long_ago, "stop": long_ago})
        self.assertWaiting(lead)

    def test_reply_on_an_imported_inquiry(self):
        result = (
            self.env["crm.lead"]
            .with_context(import_file=True)
            .load(
                ["name", "email_from", "inquiry_channel", "team_id/.id"],
                [["Old", "frank@brandt.example", "email", str(self.team.id)]],
            )
        )
        lead = self.env["crm.lead"].browse(result["ids"])
        message = lead.message_post(body="x", subtype_xmlid="mail.mt_comment")
        with at(30):
            self.receive(In_Reply_To=message.message_id)
        self.assertWaiting(lead)
        self.assertEqual(lead.sla_clock_ids.started_at, NOW + timedelta(minutes=30))

    def test_kind_entered_by_hand(self):
        """Choosing what it was is the same as the button, and emptying it as undo."""
        first, second = self.twice()
        kind = self.env["radio.no.inquiry.kind"].search([], limit=1)
        first.with_user(self.back_office).no_inquiry_kind_id = kind
        self.assertFalse(first.is_inquiry)
        self.assertEqual(second.sla_clock_ids.state, "running")
        first.with_user(self.back_office).no_inquiry_kind_id = False
        self.assertWaiting(first)

    def test_nobody_reads_there(self):
        """A message to a no-reply address reaches nobody."""
        lead = self.receive("Portal <noreply@portal.example>", Message_Id="<p@p>")
        partner = self.env["res.partner"].create(
            {"name": "Portal", "email": "noreply@portal.example"}
        )
        self.answer(lead, self.back_office, partner_ids=partner.ids)
        self.assertWaiting(lead)
        self.assertTrue(lead.is_customer_missing)

    def test_odd_dates(self):
        lead = self.inquiry()
        with self.assertRaisesRegex(UserError, "check the year"):
            lead.with_user(self.back_office).received_at = "1926-01-14 09:00:00"
        self.policy.target_hours = 40
        odd = self.inquiry(campaign_start="0001-01-01")
        self.assertEqual(odd.sla_deadline, NOW + timedelta(minutes=15))
        self.assertTrue(self.inquiry(campaign_start="9999-12-31").sla_deadline)

    def test_refusals_hold_for_defaults_too(self):
        lead = self.inquiry()
        message = self.answer(lead, self.back_office)
        attempts = self.env["radio.contact.attempt"].with_user(self.seller)
        with self.assertRaises(AccessError):
            attempts.with_context(
                default_user_id=self.back_office.id, default_message_id=message.id
            ).create({"lead_id": lead.id})
        leads = self.env["crm.lead"].with_user(self.seller)
        for name, value in (
            ("acknowledged_at", NOW),
            ("asked_before_id", lead.id),
            ("asked_again_count", 5),
        ):
            with self.assertRaises(UserError, msg=name):
                leads.with_context(**{f"default_{name}": value}).create({"name": "x"})
            with self.assertRaises(UserError, msg=name):
                leads.create({"name": "x", name: value})

    def test_received_is_not_emptied(self):
        """In two steps it would be later after all."""
        lead = self.inquiry().with_user(self.back_office)
        with self.assertRaises(UserError):
            lead.write({"is_inquiry": False, "received_at": False})

    def test_not_reached_on_a_colleagues_inquiry(self):
        lead = self.inquiry(user_id=self.manager.id, team_id=False)
        activity = lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.seller.id
        )
        activity.with_user(self.seller).action_feedback_not_reached()
        self.assertEqual(lead.contact_attempt_ids.outcome, "not_reached")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestNoticeGaps(EscalationCase):
    def test_one_bad_notice_stops_no_other(self):
        """It is tried again an hour later; the others go out."""
        lead = self.inquiry(user_id=self.seller.id, back_office_user_id=False)
        lead.back_office_user_id = False
        self.inquiry(back_office_user_id=self.back_office.id)
        leads_class = self.env.registry["crm.lead"]
        notify = leads_class._notify_urgent

        def broken(leads, user):
            if user == self.seller:
                raise ValueError("broken data")
            return notify(leads, user)

        logger = "odoo.addons.radio_sales_team.models.response.radio_sla_notice"
        with patch.object(leads_class, "_notify_urgent", broken), mute_logger(logger):
            told = self.run_cron(50)
        self.assertEqual(told.partner_ids, self.back_office.partner_id)
        self.assertFalse(self.run_cron(109).filtered("partner_ids.user_ids.share"))
        self.assertIn(self.seller.partner_id, self.run_cron(110).partner_ids)

    def test_call_back_after_closing(self):
        """Promised for six in the evening, closed at five: reminded before that."""
        self.env["radio.sla.policy"].create(
            {
                "name": "Calls",
                "clock_kind": "promise",
                "target_hours": 0.25,
                "escalation_ids": [
                    (5, 0, 0),
                    (0, 0, {"percentage": 0, "action": "remind"}),
                ],
            }
        )
        lead = self.inquiry()
        self.answer(lead, self.back_office)
        with freeze_time(NOW + timedelta(minutes=1)):
            lead.with_user(self.back_office)._make_promise(NOW + timedelta(hours=8))
            self.env.flush_all()
        self.assertFalse(self.run_cron(6 * 60 + 29))
        told = self.run_cron(6 * 60 + 30)
        self.assertEqual(told.partner_ids, self.back_office.partner_id)

    def test_what_others_promised_stands_in_their_notice(self):
        lead, other = self.inquiry(), self.inquiry(back_office_user_id=False)
        self.answer(other, self.seller)
        with freeze_time(NOW + timedelta(minutes=1)):
            other.with_user(self.back_office)._make_promise(NOW + timedelta(minutes=70))
            self.env.flush_all()
        told = self.run_cron(48)
        self.assertIn(lead.name, told.subject)
        self.assertIn(other.partner_id.name, told.body)

    def test_reassigned_to_nobody(self):
        """Nobody else is there: the leader hears of it."""
        self.policy.escalation_ids = False
        self.env["radio.sla.escalation"].create(
            {"policy_id": self.policy.id, "percentage": 80, "action": "reassign"}
        )
        lead = self.inquiry(back_office_user_id=self.back_office.id)
        self.assertEqual(self.run_cron(48).partner_ids, self.manager.partner_id)
        self.assertEqual(lead.back_office_user_id, self.back_office)

    def test_reassigned_without_a_mail_for_each(self):
        other = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(other, "back_office")
        self.policy.escalation_ids = False
        self.env["radio.sla.escalation"].create(
            {"policy_id": self.policy.id, "percentage": 80, "action": "reassign"}
        )
        for _number in range(3):
            self.inquiry(back_office_user_id=self.back_office.id)
        told = self.run_cron(48)
        theirs = told.filtered(lambda mail: other.partner_id in mail.partner_ids)
        self.assertEqual(len(theirs), 1)
