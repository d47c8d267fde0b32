"""Who talks to the customer next reads in one place what happened, in order."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW
from .test_handover import HandoverCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestStory(HandoverCase):
    def words(self, lead, user):
        return [event.words for event in lead.with_user(user).sudo()._get_story()]

    def test_everything_in_order(self):
        lead = self.inquiry()
        self.talk(lead, self.back_office, 10)
        with freeze_time(NOW + timedelta(minutes=20)):
            handover = self.ask(lead)
        with freeze_time(NOW + timedelta(minutes=30)):
            handover.with_user(self.seller)._decline(self.reason, "Ask Lena")
        with freeze_time(NOW + timedelta(minutes=40)):
            self.ask(lead, self.lena)
            asked = lead.handover_ids.filtered(lambda one: one.state == "requested")
        with freeze_time(NOW + timedelta(minutes=50)):
            asked.with_user(self.lena).action_accept()
            lead.with_user(self.lena)._make_promise(NOW + timedelta(hours=5))
        with freeze_time(NOW + timedelta(minutes=60)):
            lead.with_user(self.lena).action_drop_promise()
        self.assertEqual(
            self.words(lead, self.manager),
            [
                "Received · E-mail",
                "Phone · Reached",
                "Tom was asked to take over",
                "Tom cannot take over: No time",
                "Lena was asked to take over",
                "Lena takes over",
                "Promised to call back 15:00",
                "The call-back is not wanted any more",
            ],
        )
        html = str(lead.with_user(self.lena).story)
        for said in ("Ten spots in May", "Please call", "Ask Lena", "Jana"):
            self.assertIn(said, html)

    def test_what_a_stranger_wrote_does_nothing(self):
        """Names and notes come from outside: shown as text, never run."""
        lead = self.inquiry(contact_name="<script>alert(1)</script>", partner_id=False)
        html = str(lead.story)
        self.assertIn("&lt;script&gt;", html)
        self.assertNotIn("<script>", html)

    def test_in_the_readers_language_and_zone(self):
        self.env["res.lang"]._activate_lang("de_DE")
        lead = self.talked().with_context(lang="de_DE", tz="Europe/Berlin")
        self.assertIn("Telefon · Erreicht", str(lead.story))
        self.assertIn("14.01.26", str(lead.story))
        self.assertIn("10:00", str(lead.story))

    def test_nothing_happened_before_it_is_saved(self):
        lead = self.env["crm.lead"].new({"name": "New"})
        self.assertFalse(lead.story)

    def test_both_clocks_side_by_side(self):
        """The seller's time to call makes nothing good that was late before."""
        lead = self.inquiry(received_at=NOW - timedelta(days=1))
        self.talk(lead, self.back_office)
        self.assertFalse(lead.seller_badge)
        handover = self.ask(lead)
        handover.with_user(self.seller).action_accept()
        as_seller = lead.with_user(self.seller)
        self.assertEqual(as_seller.sla_status, "waiting")
        self.assertEqual(as_seller.seller_badge, "until 14:00")
        self.assertEqual(as_seller.seller_contact_deadline, NOW + timedelta(hours=4))
        with freeze_time(NOW + timedelta(hours=4, seconds=1)):
            lead.invalidate_recordset()
            self.assertEqual(lead.seller_badge_color, "danger")
        self.talk(lead, self.seller, 60)
        lead.invalidate_recordset()
        self.assertEqual(as_seller.seller_badge, "Called after 1 h")
        self.assertEqual(as_seller.seller_contact_at, NOW + timedelta(hours=1))
        self.assertIn("Late", as_seller.sla_badge)
