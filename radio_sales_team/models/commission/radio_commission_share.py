from odoo import fields, models


class RadioCommissionShare(models.Model):
    """The share of one person in a deal, in one role.

    It tells what people earn: only that person, their leader and the commission manager
    see it.
    """

    _name = "radio.commission.share"
    _description = "Part of a Deal"
    _order = "deal_id desc, id"
    _rec_name = "user_id"

    deal_id = fields.Many2one(
        comodel_name="radio.commission.deal",
        required=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, ondelete="restrict"
    )
    role_id = fields.Many2one(
        comodel_name="radio.contribution.role", required=True, ondelete="restrict"
    )
    credit = fields.Selection(
        selection=[("share", "Part of the commission"), ("overlay", "On top of it")],
        required=True,
    )
    percent = fields.Float(
        digits=(5, 2),
        help="Of the commission; of the base for what is paid on top, and then for all "
        "together who have the role.",
    )
    is_current = fields.Boolean(
        default=True, help="Not of an earlier time at which the deal was won."
    )
    company_id = fields.Many2one(
        related="deal_id.company_id", store=True, precompute=True
    )
    team_id = fields.Many2one(related="deal_id.team_id", store=True, precompute=True)

    def _get_key(self):
        """Return what makes two shares of a deal the same."""
        self.ensure_one()
        return (self.user_id.id, self.role_id.id, self.credit, self.percent)
