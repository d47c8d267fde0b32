from odoo import fields, models


class RadioSignalDismiss(models.TransientModel):
    """Why a signal is not followed up: one click on a reason."""

    _name = "radio.signal.dismiss"
    _description = "Dismiss Signals"

    signal_ids = fields.Many2many(comodel_name="radio.upsell.signal")
    reason_id = fields.Many2one(comodel_name="radio.signal.reason", required=True)

    def action_dismiss(self):
        """Dismiss them, with the rights of whoever does it."""
        self.ensure_one()
        signals = self.signal_ids.sudo(False)
        signals._check_open()
        signals.write({"state": "dismissed", "reason_id": self.reason_id.id})
        return {"type": "ir.actions.client", "tag": "soft_reload"}
