from odoo import fields, models


class ResPartnerIndustry(models.Model):
    """Lines of business as a tree: what works for shops may work for shoe shops."""

    _inherit = "res.partner.industry"
    _parent_store = True

    parent_id = fields.Many2one(
        comodel_name="res.partner.industry",
        string="Part Of",
        help="The wider line of business. What works for it is also told to customers "
        "of its parts.",
        index=True,
        ondelete="restrict",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        comodel_name="res.partner.industry", inverse_name="parent_id"
    )
