from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.radio_sales_team.tools.months import get_months
from odoo.addons.radio_sales_team.tools.split import split

# What changes which bookings an order brings.
BOOKING_FIELDS = {
    "advertiser_id",
    "campaign_end",
    "campaign_start",
    "company_id",
    "currency_id",
    "date_order",
    "opportunity_id",
    "partner_id",
    "state",
    "team_id",
}


class SaleOrder(models.Model):
    """Bookings of confirmed orders: always what the order says now, each month once."""

    _inherit = "sale.order"

    booking_ids = fields.One2many(
        comodel_name="radio.booking", inverse_name="order_id", copy=False
    )

    def write(self, vals):
        result = super().write(vals)
        if self._get_followed_fields() & set(vals):
            self._follow_changes()
        return result

    @api.model
    def _get_followed_fields(self):
        """Return the fields of orders and lines that change bookings or commission."""
        return BOOKING_FIELDS

    def _follow_changes(self):
        """Update what is derived from these orders, which may have changed."""
        self._sync_bookings()

    def _sync_bookings(self):
        """Bring the bookings in line with these orders; does nothing where they are."""
        # as OdooBot: whoever sells need not be able to book, and has no defaults
        bookings = self.env["radio.booking"].with_user(SUPERUSER_ID)
        new = []
        for order in self.sudo():
            present = {one.source_key: one for one in order.booking_ids}
            wanted = order._prepare_bookings() if order.state == "sale" else []
            for vals in wanted:
                booking = present.pop(vals["source_key"], None)
                if not booking:
                    new.append(vals)
                elif changed := _get_changed(booking, vals):
                    booking.write(changed)
            bookings.union(*present.values()).unlink()
        bookings.create(new)

    def _prepare_bookings(self):
        """Values of a booking for each month, apart for what counts for discount
        levels and what does not."""
        customer = self.partner_id.commercial_partner_id
        advertiser = (self.advertiser_id or customer).commercial_partner_id
        months = self._get_campaign_months()
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        vals_list = []
        for is_eligible in (True, False):
            part = lines.filtered(
                lambda line, kind=is_eligible: (
                    line.product_id.is_discount_eligible == kind
                )
            )
            if not part:
                continue
            amounts = [
                split(amount, [1] * len(months), digits)
                for amount, digits in part._get_booked_amounts()
            ]
            for number, month in enumerate(months):
                last = month + relativedelta(day=31)
                vals_list.append(
                    {
                        "advertiser_id": advertiser.id,
                        "agency_id": customer.id if customer != advertiser else False,
                        "company_id": self.company_id.id,
                        "team_id": self.team_id.id,
                        "lead_id": self.opportunity_id.id,
                        "order_id": self.id,
                        "month": month,
                        "date_end": min(self.campaign_end or last, last),
                        "product_name": ", ".join(
                            dict.fromkeys(part.product_id.mapped("name"))
                        ),
                        "gross_amount": float(amounts[0][number]),
                        "net_amount": float(amounts[1][number]),
                        "spots": int(amounts[2][number]),
                        "is_eligible": is_eligible,
                        "source": "order",
                        "source_key": f"{self.id}:{month}:{int(is_eligible)}",
                    }
                )
        return vals_list

    def _get_campaign_months(self):
        """The first days of the months of the campaign, else the month of the order."""
        ordered_on = self.company_id._get_local_day(self.date_order)
        start = self.campaign_start or self.campaign_end or ordered_on
        return get_months(start, self.campaign_end)


def _get_changed(booking, vals):
    """Those of the values that the booking does not have yet."""
    return {
        name: value
        for name, value in vals.items()
        if booking._fields[name].convert_to_write(booking[name], booking) != value
    }
