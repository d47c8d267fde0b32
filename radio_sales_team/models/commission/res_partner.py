from odoo import api, models


class ResPartner(models.Model):
    """What is booked for a customer a moment after winning keeps them, too."""

    _inherit = "res.partner"

    def unlink(self):
        self.env["radio.commission.deal"]._share_out_all()
        return super().unlink()


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["radio.commission.deal"]._share_out_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
