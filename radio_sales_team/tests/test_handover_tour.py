"""Handing over and the morning round in a real browser, as those who work in them."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ResponseCase


@tagged("post_install", "-at_install")
class TestHandoverTour(ResponseCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        for day in ("5", "6"):
            cls.calendar.attendance_ids[0].copy({"dayofweek": day})

    def talked(self, name):
        """An inquiry of an hour ago to whose customer the back office has spoken."""
        now = fields.Datetime.now()
        lead = self.inquiry(name=name, received_at=now - timedelta(hours=1))
        self.env["radio.contact.attempt"].sudo().create(
            {"lead_id": lead.id, "user_id": self.back_office.id}
        )
        return lead

    def test_hand_over_and_take_over(self):
        lead = self.talked("Tour: hand over")
        url = f"/odoo/crm.lead/{lead.id}"
        self.start_tour(url, "radio_handover_tour", login="jana")
        self.assertEqual(lead.handover_ids.to_user_id, self.seller)
        self.start_tour(
            "/odoo/action-radio_sales_team.radio_handover_action_mine",
            "radio_handover_seller_tour",
            login="tom",
        )
        self.assertEqual(lead.handover_ids.state, "accepted")
        self.assertEqual(lead.user_id, self.seller)

    def test_decide_in_the_morning_round(self):
        lead = self.talked("Tour: round")
        self.start_tour(
            "/odoo/action-radio_sales_team.crm_lead_action_round",
            "radio_round_tour",
            login="jana",
        )
        self.assertTrue(lead.kept_until)

    def test_the_story_of_an_inquiry(self):
        """Mail comes in, the back office talks and asks a seller, who cannot; in the
        morning round a second one is asked, takes over and calls."""
        lena = self._new_user("lena", "sales_team.group_sale_salesman")
        self._join(lena, "field_sales")
        self.env["radio.handover.reason"].search([]).action_archive()
        self.env["radio.handover.reason"].create({"name": "Tour: no time"})
        self.env["radio.sla.policy"].create(
            {"name": "Sellers", "clock_kind": "seller_contact", "target_hours": 4}
        )
        lead = self.receive(Subject="Tour: story")
        self.assertWaiting(lead)
        url = f"/odoo/crm.lead/{lead.id}"
        self.start_tour(url, "radio_story_talk_tour", login="jana")
        self.assertEqual(lead.first_contact_user_id, self.back_office)
        self.assertEqual(lead.handover_ids.to_user_id, self.seller)
        mine = "/odoo/action-radio_sales_team.radio_handover_action_mine"
        self.start_tour(mine, "radio_story_decline_tour", login="tom")
        self.assertEqual(lead.handover_state, "declined")
        self.start_tour(
            "/odoo/action-radio_sales_team.crm_lead_action_round",
            "radio_story_round_tour",
            login="jana",
        )
        self.start_tour(mine, "radio_story_accept_tour", login="lena")
        self.assertEqual(lead.user_id, lena)
        clocks = {clock.kind: clock for clock in lead.sla_clock_ids}
        self.assertEqual(clocks["seller_contact"].state, "done")
        self.assertEqual(clocks["first_contact"].state, "done")

    def test_stand_in(self):
        """Ill in the morning: one form, one review, one click, and back again."""
        lena = self._new_user("lena", "sales_team.group_sale_salesman")
        self._join(lena, "field_sales")
        lead = self.talked("Tour: stand-in")
        lead.with_user(self.seller).sudo().user_id = self.seller
        self.start_tour(
            "/odoo/action-radio_sales_team.radio_succession_action/new",
            "radio_succession_tour",
            login="petra",
        )
        self.assertEqual(lead.user_id, self.seller)
        self.assertEqual(
            self.env["radio.succession"].search([], limit=1).state, "undone"
        )

    def test_links_in_the_mail(self):
        """Only the login of who was asked can use them, and nobody twice."""
        lead = self.talked("Link")
        handover = lead.with_user(self.back_office)._hand_over(self.seller).sudo()
        link = handover._get_answer_link("accept").replace(handover.get_base_url(), "")
        self.authenticate("jana", "jana")
        self.url_open(link)
        handover.invalidate_recordset()
        self.assertEqual(handover.state, "requested")
        self.authenticate("tom", "tom")
        self.url_open(link[:-4] + "0000")
        handover.invalidate_recordset()
        self.assertEqual(handover.state, "requested", "the link is signed")
        self.url_open(link)
        handover.invalidate_recordset()
        self.assertEqual(handover.state, "accepted")
        self.assertEqual(self.url_open(link).status_code, 200)

    def test_the_other_links_open_the_form(self):
        """ "I cannot" in the mail opens the form that asks why, without a tap more."""
        lead = self.talked("Link")
        handover = lead.with_user(self.back_office)._hand_over(self.seller).sudo()
        link = handover._get_answer_link("decline").replace(handover.get_base_url(), "")
        self.env["radio.handover.reason"].create({"name": "Tour: why", "sequence": -1})
        self.start_tour(link, "radio_handover_link_tour", login="tom")
        self.assertEqual(handover.state, "declined")
