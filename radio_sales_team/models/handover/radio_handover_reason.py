from odoo import fields, models


class RadioHandoverReason(models.Model):
    """Why somebody cannot take over an inquiry."""

    _name = "radio.handover.reason"
    _description = "Reason to Decline"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
