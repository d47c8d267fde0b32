from odoo import api, fields, models

from ..upsell.radio_upsell_signal import OPEN_STATES


class RadioUpsellSignal(models.Model):
    """What was won a moment ago has won its signals, whoever says otherwise."""

    _inherit = "radio.upsell.signal"

    is_being_won = fields.Boolean(
        compute="_compute_is_being_won",
        compute_sudo=True,
        help="Its opportunity was won a moment ago, and so is this in a minute or two.",
    )

    @api.depends("lead_id", "state")
    def _compute_is_being_won(self):
        pending = self.lead_id.commission_deal_ids.filtered("pending")
        won = {one for deal in pending for one in deal._get_pending_signal_ids()}
        for signal in self:
            signal.is_being_won = (
                signal.state in OPEN_STATES and signal._origin.id in won
            )

    def _check_free_write(self, vals):
        if "state" in vals:
            # sudo: radio.commission.deal - what was put off when it was won comes first
            self.sudo().lead_id.commission_deal_ids.filtered("pending")._lock()
        return super()._check_free_write(vals)
