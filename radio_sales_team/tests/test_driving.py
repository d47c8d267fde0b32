"""While a seller was driving: what colleagues did for their customers is not lost."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import NOW
from .test_handover import HandoverCase

# Four o'clock in the afternoon in Berlin, the same Wednesday.
FOUR = datetime(2026, 1, 14, 15, 0)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDriving(HandoverCase):
    def setUp(self):
        super().setUp()
        # the database's own teams must not mix with ours
        (self.env["crm.team"].search([]) - self.team).driving_time = 0
        self.team.driving_sent_at = NOW - timedelta(hours=17)

    def run_driving(self, moment):
        """The scheduled action at a moment, as Odoo runs it.

        :return: the messages that were sent.
        """
        before = self.last_message()
        with freeze_time(moment):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref(
                    "radio_sales_team.ir_cron_send_driving"
                ).method_direct_trigger()
            self.env.invalidate_all()
        return self.env["mail.message"].search(
            [("id", ">", before), ("message_type", "=", "user_notification")]
        )

    def test_what_colleagues_did_once_a_day(self):
        self.customer.user_id = self.seller
        lead = self.talked(partner_id=self.customer.id)
        self.assertFalse(self.run_driving(FOUR - timedelta(minutes=1)))
        message = self.run_driving(FOUR)
        self.assertEqual(message.partner_ids, self.seller.partner_id, "nobody else")
        self.assertIn("Ten spots in May", message.body)
        self.assertIn("Jana", message.body)
        self.assertIn(f"res_id={lead.id}", message.body)
        self.assertFalse(self.run_driving(FOUR + timedelta(minutes=5)))
        self.assertFalse(
            self.run_driving(FOUR + timedelta(days=1)), "and nothing is told twice"
        )

    def test_typed_in_late_is_told_the_next_day(self):
        """A call of before the mail, typed in after it."""
        self.customer.user_id = self.seller
        lead = self.inquiry(partner_id=self.customer.id)
        self.run_driving(FOUR)
        self.talk(lead, self.back_office, 6 * 60 - 5)
        self.assertTrue(self.run_driving(FOUR + timedelta(days=1)))

    def test_what_was_being_saved_meanwhile_is_told_the_next_day(self):
        """A call that is being saved while the mail is sent has a lower number than one
        that was saved before: else its seller would never read of it."""
        self.customer.user_id = self.seller
        lead = self.inquiry(partner_id=self.customer.id)
        self.talk(lead, self.back_office, 300)
        earlier = lead.contact_attempt_ids
        (number,) = self.env.execute_query(
            SQL("SELECT nextval('radio_contact_attempt_id_seq')")
        )[0]
        self.talk(lead, self.back_office, 355)
        told = lead.contact_attempt_ids - earlier
        self.created(earlier, FOUR - timedelta(hours=1))
        self.created(told, FOUR - timedelta(minutes=5))
        self.assertEqual(self.run_driving(FOUR).body.count("Ten spots in May"), 2)
        self.assertEqual(self.team.driving_attempt_id, earlier.id)
        self.talk(lead, self.back_office, 356)
        saved = lead.contact_attempt_ids - earlier - told
        self.created(saved, FOUR - timedelta(minutes=4))
        self.env.cr.execute(
            "UPDATE radio_contact_attempt SET id = %s WHERE id = %s", [number, saved.id]
        )
        self.env.invalidate_all()
        message = self.run_driving(FOUR + timedelta(days=1))
        self.assertEqual(message.body.count("Ten spots in May"), 1, "and none twice")
        self.assertEqual(self.team.driving_attempt_id, told.id)
        self.assertFalse(self.run_driving(FOUR + timedelta(days=2)))

    def created(self, attempts, moment):
        """When their transaction began: only the database knows, so tell it."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE radio_contact_attempt SET create_date = %s WHERE id = ANY(%s)",
            [moment, attempts.ids],
        )
        attempts.invalidate_recordset(["create_date"])

    def test_at_closing_time_where_that_is_earlier(self):
        self.customer.user_id = self.seller
        self.talked(partner_id=self.customer.id)
        self.calendar.attendance_ids.hour_to = 15
        self.assertFalse(self.run_driving(FOUR - timedelta(hours=1, minutes=1)))
        self.assertTrue(self.run_driving(FOUR - timedelta(hours=1)))

    def test_what_waits(self):
        lead = self.talked()
        self.ask(lead)
        message = self.run_driving(FOUR)
        self.assertEqual(message.partner_ids, self.seller.partner_id)
        self.assertIn("What waits for you", message.body)
        self.assertIn(f"res_id={lead.id}", message.body)

    def test_never_empty(self):
        """Nobody gets a mail about their own calls, nor about nothing."""
        self.customer.user_id = self.seller
        lead = self.inquiry(partner_id=self.customer.id)
        self.talk(lead, self.seller)
        self.assertFalse(self.run_driving(FOUR))

    def test_what_was_not_delivered_was_not_done(self):
        self.customer.user_id = self.seller
        lead = self.talked(partner_id=self.customer.id)
        lead.contact_attempt_ids.is_withdrawn = True
        self.assertFalse(self.run_driving(FOUR))

    def test_nobody_reads_of_others_inquiries(self):
        """A colleague has the inquiry of my customer: mine to know of, not to read."""
        self.customer.user_id = self.seller
        lead = self.talked(partner_id=self.customer.id)
        lead.user_id = self.lena
        lead.handover_ids.with_user(self.lena).action_accept()
        message = self.run_driving(FOUR)
        self.assertNotIn(self.seller.partner_id, message.partner_ids)

    def test_working_days_only_and_off(self):
        self.customer.user_id = self.seller
        self.talked(partner_id=self.customer.id)
        self.assertFalse(self.run_driving(datetime(2026, 1, 17, 15, 0)), "Saturday")
        self.team.driving_time = 0
        self.assertFalse(self.run_driving(FOUR))
        with self.assertRaisesRegex(ValidationError, "time of day"):
            self.team.driving_time = 24.0

    def test_weekend_is_told_on_monday(self):
        self.customer.user_id = self.seller
        lead = self.inquiry(partner_id=self.customer.id)
        self.team.driving_sent_at = datetime(2026, 1, 16, 15, 0)
        saturday = datetime(2026, 1, 17, 9, 0)
        with freeze_time(saturday):
            self.env["radio.contact.attempt"].sudo().create(
                {"lead_id": lead.id, "user_id": self.back_office.id, "note": "Fair"}
            )
        message = self.run_driving(datetime(2026, 1, 19, 15, 0))
        self.assertIn("Fair", str(message.mapped("body")))
