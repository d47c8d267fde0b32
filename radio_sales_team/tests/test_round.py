"""The morning round: what has to be decided comes to the team, and nothing else."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NOW
from .test_handover import HandoverCase

# Nine o'clock on Thursday in Berlin.
NINE = datetime(2026, 1, 15, 8, 0)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRoundMail(HandoverCase):
    def run_round(self, moment):
        """The scheduled action at a moment, as Odoo runs it.

        :return: the messages that were sent.
        """
        before = self.last_message()
        with freeze_time(moment):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref(
                    "radio_sales_team.ir_cron_send_rounds"
                ).method_direct_trigger()
            self.env.invalidate_all()
        return self.env["mail.message"].search(
            [("id", ">", before), ("message_type", "=", "user_notification")]
        )

    def setUp(self):
        super().setUp()
        # the lists of the database's own teams must not mix with ours
        (self.env["crm.team"].search([]) - self.team).round_time = 0
        self.team.round_sent_on = NOW.date()

    def test_at_its_time_once_a_day(self):
        lead = self.talked()
        self.assertFalse(self.run_round(NINE - timedelta(minutes=1)))
        messages = self.run_round(NINE)
        people = (self.back_office | self.seller | self.lena | self.manager).partner_id
        # those who may read an inquiry without a salesperson
        self.assertEqual(messages.partner_ids, people)
        self.assertEqual(len(messages), 4, "one each")
        self.assertIn(f"res_id={lead.id}", messages[0].body)
        self.assertIn("Without owner or next step", messages[0].body)
        self.assertIn("Jana: Ten spots in May", messages[0].body, "what was said")
        self.assertFalse(self.run_round(NINE + timedelta(minutes=5)))

    def test_never_empty_and_nobody_reads_of_others(self):
        lead = self.talked(user_id=self.lena.id)
        lead.handover_ids.with_user(self.lena).action_accept()
        with freeze_time(NINE + timedelta(hours=4)):
            self.assertEqual(lead.round_topic, "6_overdue")
        messages = self.run_round(NINE + timedelta(hours=4))
        self.assertNotIn(self.seller.partner_id, messages.partner_ids)
        self.assertIn(self.lena.partner_id, messages.partner_ids)

    def test_nothing_to_decide(self):
        lead = self.talked()
        lead.with_user(self.back_office).action_keep()
        self.assertFalse(self.run_round(NINE))

    def test_working_days_and_hours_only(self):
        self.talked()
        saturday = datetime(2026, 1, 17, 8, 0)
        self.assertFalse(self.run_round(saturday))
        evening = datetime(2026, 1, 19, 17, 0)
        self.assertFalse(self.run_round(evening), "nobody decides after closing")
        self.assertTrue(self.run_round(datetime(2026, 1, 20, 8, 0)))

    def test_a_team_that_wants_none(self):
        self.talked()
        self.team.round_time = 0
        self.assertFalse(self.run_round(NINE))
        with self.assertRaisesRegex(ValidationError, "time of day"):
            self.team.round_time = 24

    def test_in_each_persons_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.manager.lang = "de_DE"
        self.talked()
        messages = self.run_round(NINE)
        german = messages.filtered(
            lambda message: message.partner_ids == self.manager.partner_id
        )
        self.assertIn("Morgenrunde", german.subject)
        self.assertIn("Ohne Mediaberatung oder nächsten Schritt", german.body)

    def test_the_story_of_an_inquiry_that_nobody_took_up(self):
        """The salesperson is simply changed; nobody reacts; it stands in the next
        round, is kept until Thursday, and on Thursday it is back."""
        with freeze_time(NOW - timedelta(days=1)):
            lead = self.inquiry()
            self.talk(lead, self.back_office, -24 * 60)
            lead.with_user(self.back_office).user_id = self.seller
        self.run_cron(0)
        self.assertEqual(lead.round_topic, "4_no_answer")
        messages = self.run_round(NINE)
        self.assertTrue(messages)
        with freeze_time(NINE):
            lead.with_user(self.back_office).action_keep_tomorrow()
            lead.invalidate_recordset()
            self.assertFalse(lead.round_topic)
        with freeze_time(NINE + timedelta(days=1)):
            lead.invalidate_recordset()
            self.assertEqual(lead.round_topic, "8_back")
