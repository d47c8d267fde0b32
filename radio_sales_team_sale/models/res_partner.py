from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    agency_commission = fields.Float(
        string="Agency Commission (%)",
        digits=(5, 2),
        help="What the agency keeps of what it orders. New orders take it over; no "
        "commission is paid on it.",
    )

    _agency_commission = models.Constraint(
        "CHECK (agency_commission >= 0 AND agency_commission <= 100)",
        "An agency's commission is between 0 and 100 %.",
    )
