from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .radio_booking_source import BOOKING_SOURCES


class RadioBooking(models.Model):
    """A month's booked airtime of an advertiser, from whatever source.

    The one source for volumes, campaigns that end, and customers who stay away. Comes
    from won opportunities, from the traffic system's monthly list, or, with the bridge
    to Sales, from orders; a company says which of them counts in which month.
    """

    _name = "radio.booking"
    _description = "Booking"
    _order = "month desc, id desc"
    _rec_name = "advertiser_id"

    advertiser_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        help="Whose spots these are. Contacts count for their company.",
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        help="Who books for the advertiser.",
    )
    month = fields.Date(
        required=True,
        help="Month in which it is on air, kept as its first day.",
    )
    date_end = fields.Date(
        string="Last Day on Air",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: the end of the month.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(comodel_name="crm.team", ondelete="set null")
    product_name = fields.Char(string="Product")
    currency_id = fields.Many2one(
        related="company_id.currency_id", store=True, precompute=True
    )
    gross_amount = fields.Monetary(
        help="Airtime at the price of the rate card, before discounts."
    )
    net_amount = fields.Monetary(
        help="What the advertiser pays after discounts, without tax."
    )
    spots = fields.Integer(string="Number of Spots")
    is_eligible = fields.Boolean(
        string="Counts for Discounts",
        default=True,
        help="Production, for instance, counts for no discount level.",
    )

    # where it comes from
    source = fields.Selection(
        selection=BOOKING_SOURCES,
        required=True,
        default="import",
        index=True,
        help="Each month counts from one source only, see Where Bookings Come From.",
    )
    source_key = fields.Char(
        string="Key",
        required=True,
        help="What the source calls it. The same key again is the same booking.",
    )
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        index="btree_not_null",
        ondelete="set null",
    )
    is_counted = fields.Boolean(
        string="Counted",
        compute="_compute_is_counted",
        store=True,
        precompute=True,
        help="Bookings of this source count in this month. Those of others are kept, "
        "and count nothing.",
    )

    _one_key = models.UniqueIndex(
        "(company_id, source, source_key)",
        "This booking is there already: the same key of the same source.",
    )
    _counted_idx = models.Index("(advertiser_id, month) WHERE is_counted IS TRUE")

    @api.depends("month")
    def _compute_date_end(self):
        for booking in self:
            if not booking.month:
                continue
            last = booking.month + relativedelta(day=31)
            if not booking.date_end or not booking.month <= booking.date_end <= last:
                booking.date_end = last

    @api.depends("company_id", "month", "source")
    def _compute_is_counted(self):
        sources = {}
        for booking in self:
            key = (booking.company_id, booking.month)
            if key not in sources and booking.month:
                sources[key] = booking.company_id._get_booking_source(booking.month)
            booking.is_counted = booking.source == sources.get(key)

    @api.constrains("date_end", "month")
    def _check_date_end(self):
        for booking in self:
            if booking.date_end < booking.month:
                raise ValidationError(
                    self.env._("The last day on air cannot be before the month.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # others come from what was won or ordered
            vals_list = [
                {**vals, "source": "import", "lead_id": False} for vals in vals_list
            ]
        bookings = super().create(self._prepare_all(vals_list))
        self.env["radio.volume.change"]._note(bookings.advertiser_id)
        return bookings

    def write(self, vals):
        self._check_imported(vals)
        advertisers = self.advertiser_id
        result = super().write(self._prepare_all([vals])[0])
        self.env["radio.volume.change"]._note(advertisers | self.advertiser_id)
        return result

    def _check_imported(self, vals=()):
        """:raises AccessError: for what was won or ordered: it changes there alone."""
        if self.env.su:
            return
        if {"lead_id", "source"} & set(vals) or any(
            booking.source != "import" for booking in self
        ):
            raise AccessError(
                self.env._(
                    "This booking follows from an opportunity or an order. Change it "
                    "there."
                )
            )

    def unlink(self):
        self._check_imported()
        advertisers = self.advertiser_id
        result = super().unlink()
        self.env["radio.volume.change"]._note(advertisers)
        return result

    @api.model
    def _prepare_all(self, vals_list):
        """Months begin on their first day, and a contact's booking is its company's."""
        partners = self.env["res.partner"].browse(
            {vals["advertiser_id"] for vals in vals_list if vals.get("advertiser_id")}
        )
        # sudo: res.partner - only which company a contact belongs to
        companies = {
            partner.id: partner.commercial_partner_id.id for partner in partners.sudo()
        }
        prepared = []
        for vals in vals_list:
            vals = dict(vals)
            if vals.get("advertiser_id"):
                vals["advertiser_id"] = companies[vals["advertiser_id"]]
            month = fields.Date.to_date(vals.get("month"))
            if month:
                vals["month"] = month.replace(day=1)
            prepared.append(vals)
        return prepared
