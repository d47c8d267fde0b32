from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_discount_eligible = fields.Boolean(
        string="Counts for Discount Levels",
        default=True,
        help="Airtime does, production usually does not.",
    )
    is_commissionable = fields.Boolean(
        string="Commissionable",
        default=True,
        help="Whether commission is paid on what is sold of it.",
    )
