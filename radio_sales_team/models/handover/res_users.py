from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

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
