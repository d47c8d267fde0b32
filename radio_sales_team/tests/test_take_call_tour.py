"""Taking calls in a real browser, as the back office."""

from odoo.tests import HttpCase, tagged

from .common import ResponseCase


@tagged("post_install", "-at_install")
class TestTakeCallTour(ResponseCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # open round the clock, so that the tour does not depend on the time of day
        cls.calendar.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        for day in ("5", "6"):
            cls.calendar.attendance_ids[0].copy({"dayofweek": day})
        cls.url = "/odoo/action-radio_sales_team.crm_lead_action_inquiry"

    def test_unknown_caller(self):
        self.start_tour(self.url, "radio_take_call_unknown_tour", login="jana")
        lead = self.env["crm.lead"].search([("contact_name", "=", "Tour Pfefferkorn")])
        self.assertEqual(lead.name, "Spots for the opening")
        self.assertIn("998877", lead.phone)
        self.assertEqual(lead.first_contact_user_id, self.back_office)
        self.assertEqual(len(lead.contact_attempt_ids), 1)
        self.assertEqual(lead.back_office_user_id, self.back_office)
        self.assertTrue(lead._get_open_clocks(("promise",)).is_whole_day)

    def test_known_caller(self):
        lead = self.inquiry(name="Tour: spring campaign")
        self.start_tour(self.url, "radio_take_call_known_tour", login="jana")
        self.assertEqual(lead.contact_attempt_ids.outcome, "not_reached")
        self.assertEqual(lead.contact_attempt_ids.note, "Only the mailbox")
        self.assertEqual(lead.activity_ids.user_id, self.back_office)
        self.assertEqual(
            self.env["crm.lead"].search_count([("partner_id", "=", self.customer.id)]),
            1,
        )
