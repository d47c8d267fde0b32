from odoo import fields, models


class RadioSignalReason(models.Model):
    """Why a signal was dismissed."""

    _name = "radio.signal.reason"
    _description = "Reason to Dismiss a Signal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class RadioCustomerEvent(models.Model):
    """What can happen at a customer: remodelling, a reopening, an anniversary."""

    _name = "radio.customer.event"
    _description = "Kind of Customer Event"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    lead_days = fields.Integer(
        string="Days Before",
        default=28,
        help="So many days before the event somebody should have spoken to the "
        "customer.",
    )

    _lead_days_positive = models.Constraint(
        "CHECK (lead_days >= 0)", "The days before an event cannot be less than 0."
    )
