"""Switching over to orders without counting anything twice, or not at all."""

from odoo import fields


def post_init_hook(env):
    """Where nothing was booked yet, orders count from now on. A station that has
    bookings says itself from which month on: what was won for the months to come may
    have no order that knows its campaign."""
    month = fields.Date.context_today(env.user).replace(day=1)
    sources, bookings = env["radio.booking.source"], env["radio.booking"]
    for company in env["res.company"].search([]):
        booked = bookings.search_count([("company_id", "=", company.id)], limit=1)
        if not company.booking_source_ids and not booked:
            sources.create(
                {
                    "company_id": company.id,
                    "source": "order",
                    "from_month": month.replace(month=1),
                }
            )
    last_year = month.replace(year=month.year - 1, month=1)
    env["sale.order"].search(
        [("state", "=", "sale"), ("date_order", ">=", last_year)]
    )._sync_bookings()
