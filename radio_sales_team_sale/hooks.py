"""Switching over to orders without counting anything twice, or not at all."""

from dateutil.relativedelta import relativedelta

from odoo.addons.radio_sales_team.hooks import add_columns, remove_leftovers

from .models.radio_commission_plan import ORDER_EVENTS

# Nobody has entered an agency's commission yet, or what is not commissionable.
COLUMNS = {
    "crm_lead": {"order_confirmed_at": "timestamp"},
    "sale_order": {"agency_commission": "numeric DEFAULT 0"},
    "sale_order_line": {"is_commissionable": "boolean DEFAULT TRUE"},
}


def pre_init_hook(env):
    add_columns(env.cr, COLUMNS)


def post_init_hook(env):
    """Where nothing was booked yet, orders count from now on. A station that has
    bookings says itself from which month on: what was won for the months to come may
    have no order that knows its campaign. Orders that are confirmed already belong to
    no deal: their deals were paid by what the opportunities said."""
    sources, bookings = env["radio.booking.source"], env["radio.booking"]
    for company in env["res.company"].search([]):
        today = company._get_local_day()
        booked = bookings.search_count([("company_id", "=", company.id)], limit=1)
        if not company.booking_source_ids and not booked:
            sources.create(
                {
                    "company_id": company.id,
                    "source": "order",
                    "from_month": today.replace(month=1, day=1),
                }
            )
        last_year = company._get_day_start(
            today + relativedelta(years=-1, month=1, day=1)
        )
        env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("date_order", ">=", last_year),
            ]
        )._sync_bookings()
    proposal = env.ref(
        "radio_sales_team.radio_commission_plan_default", raise_if_not_found=False
    )
    if (
        proposal
        and proposal.state == "draft"
        and proposal.create_date == proposal.write_date
    ):
        proposal.event = "invoiced"


def uninstall_hook(env):
    """What was earned by orders stays earned, and is the whole of it from now on."""
    env["radio.commission.deal"].search(
        [("due_reason", "!=", False)]
    )._settle_by_company()
    for deal in env["radio.commission.deal"].search([("event", "in", ORDER_EVENTS)]):
        deal.write(
            {
                "base_amount": deal.settled_base,
                "event": "won",
                "next_due_on": False,
            }
        )
    remove_leftovers(env, "radio_sales_team_sale")
