from odoo import models


class RadioCommissionDeal(models.Model):
    """The discount that a deal's base is reckoned with."""

    _inherit = "radio.commission.deal"

    def _has_own_base(self):
        """Whether the base stands for itself, and can be changed by hand."""
        self.ensure_one()
        return True

    def _get_counted_discount(self, default):
        """The discount that the base is reckoned with, in percent.

        :param default: where nobody knows.
        """
        self.ensure_one()
        if self.is_trued_up:
            return self.counted_discount
        # sudo: radio.booking - what was booked, for the commission manager
        bookings = self.sudo().lead_id.booking_ids
        gross = sum(bookings.mapped("gross_amount"))
        net = sum(bookings.mapped("net_amount"))
        if gross > 0 and gross != net:
            return round(100 * (1 - net / gross), 2)
        return default
