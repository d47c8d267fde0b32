"""Confirmed orders are booked once, in the company's currency, and as they are now."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.radio_sales_team.tests.common import NOW
from odoo.addons.radio_sales_team.tests.test_booking import UpsellCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderBooking(UpsellCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["radio.booking.source"].create(
            {"source": "order", "from_month": "2026-01-01"}
        )
        cls.seller.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.spot = cls.env["product.product"].create(
            {"name": "Spot", "list_price": 100, "taxes_id": False, "type": "service"}
        )
        cls.production = cls.env["product.product"].create(
            {
                "name": "Production",
                "list_price": 300,
                "taxes_id": False,
                "type": "service",
                "is_discount_eligible": False,
            }
        )

    def order(self, *lines, **vals):
        """An order, with lines (product, quantity, price, discount)."""
        return self.env["sale.order"].create(
            {
                "partner_id": self.company_customer.id,
                "user_id": self.seller.id,
                "team_id": self.team.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "discount": discount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, quantity, price, discount in lines
                ],
                **vals,
            }
        )

    def amounts(self, order):
        return [
            (one.month.month, one.gross_amount, one.net_amount, one.spots)
            for one in order.booking_ids.sorted("month")
        ]

    def test_confirmed_by_the_months_of_the_campaign(self):
        order = self.order(
            (self.spot, 10, 100, 10),
            campaign_start="2026-02-20",
            campaign_end="2026-04-10",
        )
        self.assertFalse(order.booking_ids, "a quotation books nothing")
        order.with_user(self.seller).action_confirm()
        self.assertEqual(
            self.amounts(order),
            [(2, 333.34, 300, 4), (3, 333.33, 300, 3), (4, 333.33, 300, 3)],
        )
        self.assertTrue(all(order.booking_ids.mapped("is_counted")))

    def test_changed_cancelled_and_back(self):
        order = self.order((self.spot, 10, 100, 0))
        order.action_confirm()
        booking = order.booking_ids
        self.assertEqual(booking.month, date(2026, 1, 1))
        order.order_line.product_uom_qty = 12
        self.assertEqual(booking.gross_amount, 1200)
        order.order_line.discount = 50
        self.assertEqual((booking.gross_amount, booking.net_amount), (1200, 600))
        order._action_cancel()
        self.assertFalse(booking.exists())
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.amounts(order), [(1, 1200, 600, 12)])

    def test_production_counts_for_no_level(self):
        order = self.order((self.spot, 1, 100, 0), (self.production, 1, 300, 0))
        order.action_confirm()
        eligible = order.booking_ids.filtered("is_eligible")
        self.assertEqual(eligible.gross_amount, 100)
        self.assertEqual((order.booking_ids - eligible).gross_amount, 300)

    def test_discount_on_the_whole_order_is_no_airtime(self):
        order = self.order((self.spot, 10, 100, 0))
        wizard = self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "amount",
                "discount_amount": 200,
            }
        )
        wizard.action_apply_discount()
        order.action_confirm()
        self.assertEqual(
            [
                (one.gross_amount, one.net_amount, one.spots)
                for one in order.booking_ids
            ],
            [(1000, 800, 10)],
        )

    def test_a_copy_is_another_campaign(self):
        order = self.order((self.spot, 1, 100, 0), campaign_start="2025-05-01")
        again = order.copy()
        self.assertFalse(again.campaign_start)

    def test_a_foreign_currency_at_the_days_rate(self):
        currency = self.env["res.currency"].create({"name": "XRA", "symbol": "X"})
        for day, rate in (("2026-01-01", 2), ("2026-01-14", 4)):
            self.env["res.currency.rate"].create(
                {"currency_id": currency.id, "name": day, "rate": rate}
            )
        prices = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        order = self.order(
            (self.spot, 1, 100, 0), pricelist_id=prices.id, date_order=NOW
        )
        self.assertEqual(order.currency_id, currency)
        order.action_confirm()
        self.assertEqual(order.booking_ids.gross_amount, 25)

    def test_tax_and_refunds(self):
        tax = self.env["account.tax"].create(
            {"name": "19 %", "amount": 19, "price_include_override": "tax_included"}
        )
        order = self.order((self.spot, 1, 119, 0), (self.spot, -1, 50, 0))
        order.order_line[0].tax_ids = tax
        order.action_confirm()
        self.assertEqual(self.amounts(order), [(1, 50, 50, 0)])

    def test_nothing_is_counted_twice(self):
        """The won opportunity and its order are one piece of business."""
        lead = self.won()
        order = self.order((self.spot, 10, 100, 0), opportunity_id=lead.id)
        order.action_confirm()
        counted = (lead.booking_ids | order.booking_ids).filtered("is_counted")
        self.assertEqual(counted, order.booking_ids)
        self.source.from_month = "2026-02-01"
        counted = (lead.booking_ids | order.booking_ids).filtered("is_counted")
        self.assertEqual(counted.source, "won")

    def test_the_opportunity_says_whose_and_when(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Spring",
                "type": "opportunity",
                "partner_id": self.agency.id,
                "advertiser_id": self.company_customer.id,
                "campaign_start": "2026-03-01",
            }
        )
        order = self.order(
            (self.spot, 1, 100, 0), partner_id=self.agency.id, opportunity_id=lead.id
        )
        order.action_confirm()
        self.assertEqual(order.booking_ids.advertiser_id, self.company_customer)
        self.assertEqual(order.booking_ids.agency_id, self.agency)
        self.assertEqual(order.booking_ids.month, date(2026, 3, 1))
        with self.assertRaisesRegex(ValidationError, "before it starts"):
            order.campaign_end = "2026-02-01"

    def test_quotation_is_a_contact(self):
        lead = self.inquiry(partner_id=self.customer.id, user_id=self.seller.id)
        order = self.order(
            (self.spot, 1, 100, 0), partner_id=self.customer.id, opportunity_id=lead.id
        )
        with freeze_time(NOW + timedelta(minutes=5)):
            order.with_user(self.seller).message_post(
                body="Your offer",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.customer.ids,
            )
        self.assertEqual(lead.first_contact_user_id, self.seller)
        self.assertEqual(lead.contact_attempt_ids.channel, "email")
        order.with_user(self.seller).message_post(body="A note")
        self.assertEqual(len(lead.contact_attempt_ids), 1)
