from odoo import fields, models


class CrmTeamMember(models.Model):
    """The pool and the record rules keep literal lists of ids per team and user, as a
    subquery in a rule reads the whole table of leads."""

    _name = "crm.team.member"
    _inherit = ["crm.team.member", "radio.cached.mixin"]

    sales_role = fields.Selection(
        selection=[
            ("back_office", "Back office"),
            ("field_sales", "Field sales"),
            ("scheduling", "Scheduling"),
            ("media_service", "Media service"),
            ("management", "Management"),
        ],
        string="Role",
        help="The back office of a team is its pool: it answers new inquiries first.",
    )
