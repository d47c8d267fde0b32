from odoo import fields, models


class RadioBookingSource(models.Model):
    _inherit = "radio.booking.source"

    source = fields.Selection(
        selection_add=[("order", "Confirmed orders")], ondelete={"order": "cascade"}
    )


class RadioBooking(models.Model):
    _inherit = "radio.booking"

    source = fields.Selection(
        selection_add=[("order", "Confirmed orders")], ondelete={"order": "cascade"}
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        index="btree_not_null",
        ondelete="cascade",
        help="The order that booked it.",
    )
