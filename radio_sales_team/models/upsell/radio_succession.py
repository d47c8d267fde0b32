from odoo import fields, models

from .radio_upsell_signal import OPEN_STATES


class RadioSuccession(models.Model):
    """Who stands in for somebody has their signals, too."""

    _inherit = "radio.succession"

    def _get_held_domains(self):
        is_open = [("state", "in", OPEN_STATES)]
        signals = ("signal", "radio.upsell.signal", "user_id", is_open)
        return [*super()._get_held_domains(), signals]


class RadioSuccessionLine(models.Model):
    _inherit = "radio.succession.line"

    kind = fields.Selection(
        selection_add=[("signal", "Signal")], ondelete={"signal": "cascade"}
    )
