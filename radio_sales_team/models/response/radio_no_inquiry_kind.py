from odoo import fields, models


class RadioNoInquiryKind(models.Model):
    """What came in instead of a sales inquiry: a change of a spot, an application."""

    _name = "radio.no.inquiry.kind"
    _description = "Kind of Message That Is No Sales Inquiry"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first is taken when nobody says what it was."
    )
    active = fields.Boolean(default=True)
