from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    booking_source_ids = fields.One2many(
        comodel_name="radio.booking.source",
        inverse_name="company_id",
        string="Where Bookings Come From",
    )
