from odoo import api, fields, models
from odoo.exceptions import AccessError


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

    def _move_bookings(self, company):
        """This customer has become a contact of a company, the customer from now on."""
        # sudo: kept by the addon, whoever changes the contact
        customer = self.sudo()
        customer.customer_volume_ids.unlink()
        customer.booking_ids.write({"advertiser_id": company.id})
        customer.signal_ids._move_to(company)
        self.env["radio.volume.change"]._note(self | company)

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

    def _check_upsell_fields(self, vals):
        """:raises AccessError: for plain salespeople, on a colleague's customer."""
        guarded = self._get_volume_fields() - {"active", "category_id"}
        user = self.env.user
        if not (guarded | {"is_signal_excluded"}) & set(vals) or self.env.su:
            return
        others = self.filtered(lambda one: one.user_id and one.user_id != user)
        if others and user._is_plain_seller():
            raise AccessError(
                self.env._(
                    "%(customer)s is a customer of %(colleague)s. Ask them, or your "
                    "team leader.",
                    customer=others[0].display_name,
                    colleague=others[0].user_id.name,
                )
            )

    def write(self, vals):
        self._check_upsell_fields(vals)
        before = {}
        if {"parent_id", "is_company"} & set(vals):
            before = {partner: partner.commercial_partner_id for partner in self}
        result = super().write(vals)
        for partner, company in before.items():
            if company == partner and partner.commercial_partner_id != partner:
                partner._move_bookings(partner.commercial_partner_id)
        if {"user_id", "back_office_user_id"} & set(vals):
            # sudo: radio.upsell.signal - what nobody has begun follows the customer
            self.sudo().signal_ids._follow_customer()
        if self._get_volume_fields() & set(vals):
            self.env["radio.volume.change"]._note(self.commercial_partner_id)
        return result
