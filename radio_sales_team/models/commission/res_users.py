from odoo import models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = "res.users"

    def _check_commission_manager(self):
        """:raises AccessError: for everybody but commission managers."""
        self.ensure_one()
        if not self.has_group("radio_sales_team.group_commission_manager"):
            raise AccessError(
                self.env._("This is for commission managers: please ask one of them.")
            )

    def _filter_company(self, company):
        """Return those of these users who work for a company, which may be archived."""
        # sudo: res.users - for which companies colleagues work is no secret
        users = self.sudo().with_context(active_test=False)
        return self & users.filtered(lambda user: company in user.company_ids)
