from odoo import models


class RadioTakeCall(models.TransientModel):
    """What could be offered to whoever is calling, while they are on the phone."""

    _inherit = "radio.take.call"

    def _prepare_caller_card(self, record):
        values = super()._prepare_caller_card(record)
        customer = record if record._name == "res.partner" else record.partner_id
        customer = customer.commercial_partner_id
        signals = record.env["radio.upsell.signal"].search(
            [
                ("partner_id", "=", customer.id or 0),
                ("state", "in", ("new", "accepted", "offered")),
                ("released_on", "!=", False),
            ],
            limit=3,
        )
        return {**values, "signals": signals, "volume": customer.volume_sentence}
