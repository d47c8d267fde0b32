"""Switching over to orders without counting anything twice."""

from odoo import fields


def post_init_hook(env):
    """From this month on orders count, where a company has not said otherwise; months
    before keep what they had."""
    month = fields.Date.context_today(env.user).replace(day=1)
    sources = env["radio.booking.source"]
    for company in env["res.company"].search([]):
        if not company.booking_source_ids:
            sources.create(
                {"company_id": company.id, "source": "order", "from_month": month}
            )
    orders = env["sale.order"].search(
        [("state", "=", "sale"), ("date_order", ">=", month)]
    )
    orders._sync_bookings()
