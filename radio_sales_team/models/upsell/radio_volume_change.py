from odoo import api, fields, models


class RadioVolumeChange(models.Model):
    """Queue of customers whose volume has to be recomputed.

    Each change adds a row, so that users who book at the same time never wait for one
    another; the scheduled action takes the rows away."""

    _name = "radio.volume.change"
    _description = "Change of a Customer's Volume"

    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, ondelete="cascade"
    )

    @api.model
    def _note(self, partners):
        """Queue customers for the scheduled action that recomputes volumes.

        :param partners: ``res.partner``.
        """
        # sudo: radio.volume.change - a queue that only the scheduled action reads
        self.sudo().create([{"partner_id": partner.id} for partner in partners])
