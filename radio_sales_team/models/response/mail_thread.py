from odoo import api, models

from ...tools.mail_headers import FAILURE, get_report, read_mail_facts
from .mail_facts import CONTEXT_KEY


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Pass on what only the headers of this mail tell.

        The parsed mail keeps no such header, and a key of our own in it would make
        posting fail, so these few facts travel in the context.
        """
        senders = self.env["mail.gateway.allowed"]
        facts = read_mail_facts(
            message,
            is_trusted=senders._is_trusted(message_dict.get("email_from")),
            own_domains=senders._get_own_domains() if message["List-Id"] else (),
        )
        self = self.with_context(**{CONTEXT_KEY: facts})
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A report that mail is delayed, was delivered or was read is no bounce, for
        which core takes each report."""
        if get_report(email_message) not in (None, FAILURE):
            return None
        return super()._routing_handle_bounce(email_message, message_dict)

    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        """Read a mail that names a character set nobody knows, which core refuses: a
        few wrong letters are better than an inquiry that never arrives."""
        for part in message.walk():
            try:
                "".encode(part.get_content_charset() or "utf-8")
            except LookupError:
                part.set_param("charset", "utf-8")
        return super()._message_parse_extract_payload(
            message, message_dict, save_original=save_original
        )
