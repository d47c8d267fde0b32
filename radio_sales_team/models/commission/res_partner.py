from odoo import models


class ResPartner(models.Model):
    """Whoever booked a moment ago is kept by that already."""

    _inherit = "res.partner"

    def unlink(self):
        # sudo: radio.commission.deal - whether something is to be booked
        deals = self.env["radio.commission.deal"].sudo()
        # what is pending is due, and there is an index for that
        pending = deals.search([("next_due_on", "!=", False), ("pending", "!=", False)])
        pending.filtered(
            lambda deal: deal._get_pending_partner_ids() & {*self.ids}
        )._lock()
        return super().unlink()
