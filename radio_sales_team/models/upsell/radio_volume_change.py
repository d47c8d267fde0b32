from odoo import api, fields, models


class RadioVolumeChange(models.Model):
    """Customers whose volume is to be counted anew: a row for each change, so that
    those who book at the same time never wait for one another."""

    _name = "radio.volume.change"
    _description = "Change of a Customer's Volume"

    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, ondelete="cascade"
    )

    @api.model
    def _note(self, partners):
        """Count the volume of these customers anew, soon."""
        # sudo: radio.volume.change - only a note for the scheduled action
        changes = self.sudo()
        changes.create([{"partner_id": partner_id} for partner_id in partners.ids])
