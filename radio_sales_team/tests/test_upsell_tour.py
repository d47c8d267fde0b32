"""The three stories of a station's daily life, in a real browser."""

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .common import ResponseCase


@tagged("post_install", "-at_install")
class TestUpsellTour(ResponseCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry = cls.env["res.partner.industry"].create({"name": "Tour: eyes"})
        cls.optician, cls.second = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "industry_id": cls.industry.id,
                    "user_id": cls.seller.id,
                }
                for name in ("Tour: optician", "Tour: second")
            ]
        )

    def test_heard_on_the_phone(self):
        self.env["radio.customer.event"].create(
            {"name": "Tour: reopening", "sequence": -1}
        )
        self.start_tour(
            f"/odoo/res.partner/{self.optician.id}", "radio_event_tour", login="jana"
        )
        signal = self.optician.signal_ids
        self.assertEqual(signal.user_id, self.seller)
        self.assertEqual(signal.reported_by_id, self.back_office)
        self.assertEqual(str(signal.event_date), "2099-12-24")

    def test_heard_while_ticking_off_a_call(self):
        """What was typed as feedback is not lost, and who heard it, too, is named."""
        kind = self.env["radio.customer.event"].create(
            {"name": "Tour: reopening", "sequence": -1}
        )
        first = (
            self.env["radio.upsell.signal"]
            .with_user(self.seller)
            .create({"partner_id": self.optician.id, "event_kind_id": kind.id})
        )
        self.optician.with_user(self.back_office).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.back_office.id
        )
        self.start_tour(
            f"/odoo/res.partner/{self.optician.id}",
            "radio_activity_event_tour",
            login="jana",
        )
        signal = self.optician.signal_ids - first
        self.assertEqual(signal.text, "They rebuild in spring")
        self.assertEqual(signal.reported_by_id, self.back_office)
        self.assertFalse(signal.heard_before, "it is noted down now")

    def test_a_few_more_bookings_reach_the_next_level(self):
        """At 19,500 of a ladder whose next level is 20,001; booking it ends the signal
        and credits whoever noticed it."""
        month = fields.Date.context_today(self.env.user).replace(day=1)
        self.env["radio.discount.ladder"].search([]).action_archive()
        self.env["radio.booking.source"].search([]).unlink()
        self.env["radio.booking.source"].create(
            {"source": "import", "from_month": month}
        )
        self.env["radio.discount.ladder"].create(
            {
                "name": "Yearly amount",
                "tier_ids": [
                    Command.create({"lower_bound": bound, "discount": part})
                    for bound, part in ((5001, 2), (20001, 4))
                ],
            }
        )
        booking = {
            "advertiser_id": self.optician.id,
            "month": month,
            "gross_amount": 19500,
            "source_key": "T1",
        }
        bookings = self.env["radio.booking"].create(booking)
        self.env["radio.customer.volume"]._refresh_now()
        self.start_tour(
            "/odoo/action-radio_sales_team.radio_upsell_signal_action",
            "radio_signal_tour",
            login="tom",
        )
        signal = self.optician.signal_ids
        self.assertEqual(signal.state, "accepted")
        self.assertEqual(signal.lead_id.user_id, self.seller)
        bookings.create({**booking, "gross_amount": 501, "source_key": "T2"})
        self.env["radio.customer.volume"]._refresh_now()
        self.assertEqual(signal.state, "won")
        self.assertFalse(signal.activity_ids)

    def test_what_works_for_an_industry(self):
        insight = (
            self.env["radio.industry.insight"]
            .with_user(self.back_office)
            .create({"name": "Tour: insight", "industry_ids": self.industry.ids})
        )
        self.start_tour(
            f"/odoo/action-radio_sales_team.radio_industry_insight_action/{insight.id}",
            "radio_insight_tour",
            login="jana",
        )
        self.assertEqual(insight.state, "published")
        insight.sudo()._spread_to(insight.sudo()._get_next_matches(()))
        partners = insight.sudo().signal_ids.partner_id
        self.assertEqual(partners, self.optician | self.second)
