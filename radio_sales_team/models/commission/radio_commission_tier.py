from odoo import fields, models


class RadioCommissionTier(models.Model):
    """From an amount on, another percentage holds for the rest of a deal's base."""

    _name = "radio.commission.tier"
    _inherit = ["radio.commission.plan.part"]
    _description = "Level of a Commission Plan"
    _order = "lower_bound, id"

    currency_id = fields.Many2one(related="plan_id.currency_id")
    lower_bound = fields.Monetary(string="From", required=True)
    rate = fields.Float(string="Commission %", digits=(5, 2), required=True)

    _one_bound = models.UniqueIndex(
        "(plan_id, lower_bound)", "Two levels cannot begin with the same amount."
    )
    _values = models.Constraint(
        "CHECK (lower_bound > 0 AND rate >= 0 AND rate <= 100)",
        "A level begins above 0, and its percentage is between 0 and 100.",
    )
