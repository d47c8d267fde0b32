from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Pass on whether a machine wrote this mail.

        The parsed mail keeps no such header, and a key of our own in it would make
        posting fail, so this one fact travels in the context.
        """
        header = (message.get("Auto-Submitted") or "no").strip().lower()
        if header != "no":
            self = self.with_context(radio_auto_submitted=True)
        return super()._message_route_process(message, message_dict, routes)
