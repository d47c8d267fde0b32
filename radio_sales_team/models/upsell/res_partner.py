from odoo import api, fields, models


class ResPartner(models.Model):
    """A customer as somebody who books airtime."""

    _inherit = "res.partner"

    has_individual_discount = fields.Boolean(
        string="Individual Agreement",
        help="Discounts are agreed with this customer by themselves: no ladder counts, "
        "and nobody is told that a level is near.",
    )
    discount_ladder_id = fields.Many2one(
        comodel_name="radio.discount.ladder",
        index="btree_not_null",
        help="Empty: the first ladder that fits.",
    )
    contract_start = fields.Date(
        string="Start of the Contract Year",
        help="Day and month from which on a year of this customer counts, for ladders "
        "of contract years. Empty: the calendar year.",
    )
    booking_ids = fields.One2many(
        comodel_name="radio.booking", inverse_name="advertiser_id"
    )
    customer_volume_ids = fields.One2many(
        comodel_name="radio.customer.volume", inverse_name="partner_id"
    )

    @api.model
    def _get_volume_fields(self):
        """What changes which ladder and which year hold for a customer."""
        return {
            "active",
            "category_id",
            "contract_start",
            "discount_ladder_id",
            "has_individual_discount",
        }

    def write(self, vals):
        result = super().write(vals)
        if self._get_volume_fields() & set(vals):
            self.env["radio.volume.change"]._note(self.commercial_partner_id)
        return result
