from odoo import api, fields, models
from odoo.tools import SQL


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
        if not partners:
            return
        # each deal that is won notes one, and nothing hangs on it
        self.env.cr.execute(
            SQL(
                "INSERT INTO radio_volume_change (partner_id) SELECT unnest(%s::int[])",
                partners.ids,
            )
        )

    @api.model
    def _note_from(self, query):
        """As :meth:`_note`, for the customers whose ids a query returns that changes
        something."""
        self.env.cr.execute(
            SQL(
                "WITH changed (partner_id) AS (%s) "
                "INSERT INTO radio_volume_change (partner_id) "
                "SELECT DISTINCT partner_id FROM changed",
                query,
            )
        )
