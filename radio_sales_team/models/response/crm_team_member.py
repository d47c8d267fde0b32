from odoo import api, fields, models


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

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

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self._clear_membership_caches()
        return members

    def write(self, vals):
        result = super().write(vals)
        if {"sales_role", "user_id", "crm_team_id", "active"} & set(vals):
            self._clear_membership_caches()
        return result

    def unlink(self):
        result = super().unlink()
        self._clear_membership_caches()
        return result

    def _clear_membership_caches(self):
        """The pool and the record rules keep literal lists of ids per team and user,
        because a subquery in a rule reads the whole table of leads."""
        self.env.registry.clear_cache()
