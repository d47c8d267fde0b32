from odoo import models


class RadioUpsellSignal(models.Model):
    """What was won a moment ago has won its signals, whoever says otherwise."""

    _inherit = "radio.upsell.signal"

    def _check_free_write(self, vals):
        if "state" in vals:
            # sudo: radio.commission.deal - what was put off when it was won comes first
            self.sudo().lead_id.commission_deal_ids.filtered("pending")._lock()
        return super()._check_free_write(vals)
