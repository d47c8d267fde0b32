"""Monday morning's questions, in a real browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .commission_common import CommissionCase


@tagged("post_install", "-at_install")
class TestReportTour(CommissionCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.response_group_size = 1
        cls.calendar.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        for day in ("5", "6"):
            cls.calendar.attendance_ids[0].copy({"dayofweek": day})

    def answered(self, minutes, **vals):
        """An inquiry of two hours ago, that the back office answered after so long."""
        asked = fields.Datetime.now() - timedelta(hours=2)
        lead = self.inquiry(received_at=asked, **vals)
        self.env["radio.contact.attempt"].create(
            {
                "lead_id": lead.id,
                "attempted_at": asked + timedelta(minutes=minutes),
                "channel": "phone",
                "user_id": self.back_office.id,
            }
        )
        return lead

    def won(self):
        """A deal of 1,000 that back office and seller have won together."""
        lead = self.answered(
            10, name="Spring", user_id=self.seller.id, expected_revenue=1000.0
        )
        lead.with_user(self.seller).action_set_won()
        self.run_commission_cron()
        return lead

    def test_are_we_answering(self):
        """One in time, one late: the favourites say so."""
        self.team.name = "Radio tour"
        self.answered(10)
        self.answered(90)
        self.start_tour(
            "/odoo/action-radio_sales_team.radio_response_report_action",
            "radio_response_report_tour",
            login="petra",
        )

    def test_what_everybody_contributed(self):
        self.won()
        self.start_tour(
            "/odoo/action-radio_sales_team.radio_value_report_action",
            "radio_value_report_tour",
            login="petra",
        )

    def test_my_month(self):
        """The assistant sees what the seller's deal pays her, and not what it pays
        him."""
        self.won()
        self.start_tour(
            "/odoo/action-radio_sales_team.radio_value_report_action_mine",
            "radio_my_month_tour",
            login="jana",
        )
