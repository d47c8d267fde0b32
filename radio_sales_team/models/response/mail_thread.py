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

    def _message_parse_extract_payload(self, message, message_dict, **kwargs):
        """Read a mail that names a character set nobody knows, which core refuses: a
        few wrong letters are better than an inquiry that never arrives."""
        for part in message.walk():
            try:
                "".encode(part.get_content_charset() or "utf-8")
            except LookupError:
                part.set_param("charset", "utf-8")
        return super()._message_parse_extract_payload(message, message_dict, **kwargs)
