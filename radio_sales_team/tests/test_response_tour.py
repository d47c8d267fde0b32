"""The screens, in a real browser, as the back office who works in them."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ResponseCase


@tagged("post_install", "-at_install")
class TestResponseTour(ResponseCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # open round the clock, so that the tour does not depend on the time of day
        cls.calendar.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        for day in ("5", "6"):
            cls.calendar.attendance_ids[0].copy({"dayofweek": day})
        cls._join(
            cls._new_user("mareike", "radio_sales_team.group_back_office"),
            "back_office",
        )

    def test_answer_an_overdue_inquiry(self):
        now = fields.Datetime.now()
        overdue, _fresh = (
            self.inquiry(name=name, received_at=now - timedelta(hours=hours))
            for name, hours in (("Tour: overdue", 3), ("Tour: fresh", 0))
        )
        self.start_tour("/odoo", "radio_response_tour", login="jana")
        attempt = overdue.contact_attempt_ids
        self.assertEqual(attempt.user_id, self.back_office)
        self.assertEqual(attempt.note, "Wants twenty spots in March")
        self.assertEqual(attempt.outcome, "not_reached")
        self.assertEqual(overdue.back_office_user_id, self.back_office)
        self.assertEqual(overdue.sla_status, "late")

    def test_first_answer_to_a_new_sender(self):
        """ "Send message" to somebody who is no contact yet: the contact is made, as
        the web client does it, and the answer counts."""
        lead = self.inquiry(partner_id=False, email_from="eva@optik.example")
        self.authenticate("jana", "jana")
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "crm.lead",
                "thread_id": lead.id,
                "post_data": {
                    "body": "We call you.",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    "partner_emails": ["eva@optik.example"],
                },
            },
        )
        self.assertEqual(lead.partner_id.email, "eva@optik.example")
        self.assertAnswered(lead, self.back_office, "email")

    def test_caller_on_a_card(self):
        self.inquiry(name="Tour: another")
        self.start_tour(
            "/odoo/action-radio_sales_team.crm_lead_action_inquiry",
            "radio_response_kanban_tour",
            login="jana",
        )
        lead = self.env["crm.lead"].search([("name", "=", "Tour: caller")])
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.back_office_user_id, self.back_office)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.contact_attempt_ids.outcome, "not_reached")
        self.assertEqual(lead.sla_status, "in_time")

    def test_call_that_reached_nobody(self):
        lead = self.inquiry(back_office_user_id=self.back_office.id)
        lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.back_office.id
        )
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}", "radio_call_activity_tour", login="jana"
        )
        attempt = lead.contact_attempt_ids
        self.assertEqual(attempt.outcome, "not_reached")
        self.assertEqual(attempt.note, "Engaged twice")
        self.assertEqual(attempt.user_id, self.back_office)
