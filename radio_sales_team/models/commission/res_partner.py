from odoo import models


class ResPartner(models.Model):
    """Whoever booked a moment ago is kept by that already."""

    _inherit = "res.partner"

    def unlink(self):
        # sudo: radio.commission.deal - whether something is to be booked
        deals = self.env["radio.commission.deal"].sudo()
        deals.search([("partner_id", "in", self.ids), ("pending", "!=", False)])._lock()
        return super().unlink()
