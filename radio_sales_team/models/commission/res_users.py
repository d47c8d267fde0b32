from odoo import models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = "res.users"

    def unlink(self):
        # who has a part in what was won a moment ago cannot be deleted any more
        self.env["radio.commission.deal"]._share_out_all()
        return super().unlink()

    def _check_commission_manager(self):
        """:raises AccessError: for everybody but commission managers."""
        self.ensure_one()
        if not self.has_group("radio_sales_team.group_commission_manager"):
            raise AccessError(
                self.env._("This is for commission managers: please ask one of them.")
            )
