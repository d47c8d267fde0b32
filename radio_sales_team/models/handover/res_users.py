from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _is_seller(self):
        """Whether this user may read their own inquiries."""
        self.ensure_one()
        return self.has_group("sales_team.group_sale_salesman")

    def _is_plain_seller(self):
        """Whether this user sells, and neither answers for the station nor leads."""
        self.ensure_one()
        return self._is_seller() and not (
            self.has_group("radio_sales_team.group_back_office")
            or self.has_group("sales_team.group_sale_salesman_all_leads")
        )

    def _tell_succession(self, message):
        """Action that says what became of all that one person had."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
