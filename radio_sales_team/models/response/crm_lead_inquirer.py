from odoo import api, fields, models
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_tuples, formataddr

from ...tools.forwarded import find_senders, html_to_lines
from ...tools.mail_headers import is_nobody
from .customer import (
    is_alias,
    is_colleague,
    is_own_address,
    is_station,
)
from .mail_facts import get_mail_facts


class CrmLead(models.Model):
    """Whose inquiry it is, where whoever sent the mail is not the customer."""

    _inherit = "crm.lead"

    is_customer_missing = fields.Boolean(
        compute="_compute_is_customer_missing",
        help="Somebody asked, but nobody knows whom to answer.",
    )

    @api.depends("is_inquiry", "partner_id", "email_from", "email_normalized", "phone")
    def _compute_is_customer_missing(self):
        self.is_customer_missing = False
        for lead in self:
            if lead.is_inquiry and not lead.phone:
                known = lead.partner_id or lead.email_from
                if not known or is_nobody(lead.email_normalized):
                    lead.is_customer_missing = True

    @api.depends("is_inquiry")
    @api.depends_context("lang")
    def _compute_inquirer(self):
        result = super()._compute_inquirer()
        for lead in self:
            if not lead.inquirer and lead.is_customer_missing:
                lead.inquirer = self.env._("Missing")
        return result

    @api.model
    def _name_inquirer(self, msg_dict):
        """Core takes a mail's sender for the customer. Where that is a colleague, the
        station itself or a trusted sender, the customer is somebody else, or missing.

        :param msg_dict: the parsed mail.
        :return: the same, or a copy with another sender, who may be empty.
        """
        facts = get_mail_facts(self.env)
        is_own = self._is_sent_by_station(msg_dict)
        if not facts.is_trusted and not is_own:
            return msg_dict
        name, email = "", False
        if facts.is_trusted:
            name, email = self._find_reply_to(msg_dict, facts.answer_to)
        if not email and is_own:
            name, email = self._find_forwarded_sender(msg_dict)
        if not email and is_own:
            name, email = self._find_addressee(msg_dict)
        partner = self.env["res.partner"]
        if email:
            threads = self.env["mail.thread"]
            partner = threads._partner_find_from_emails_single([email], no_create=True)
        sender = formataddr((name, email)) if email else False
        return dict(
            msg_dict, author_id=partner.id, email_from=sender, **{"from": sender}
        )

    @api.model
    def _is_sent_by_station(self, msg_dict):
        """Whether a colleague or the station itself sent this mail."""
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        if author:
            return is_colleague(author) or is_station(author)
        # core takes nobody who has the address of an alias for the author
        return is_alias(self.env, msg_dict.get("email_from"))

    @api.model
    def _find_reply_to(self, msg_dict, addresses):
        """The customer for whom a trusted sender wrote: the first address to reply to
        that is neither the sender's nor the station's.

        :param addresses: pairs of name and address, see ``MailFacts``.

        :return: pair of name and address, both empty where there is none.
        """
        sender = email_normalize(msg_dict.get("email_from"))
        for name, email in addresses:
            email = email_normalize(email)
            if email and email != sender and not is_own_address(self.env, email):
                return name, email
        return "", False

    @api.model
    def _find_addressee(self, msg_dict):
        """The outsider to whom a colleague wrote, with the station's address in copy,
        if it is exactly one.

        :return: pair of name and address, both empty where there is none.
        """
        addressed = email_split_tuples(f"{msg_dict.get('to')}, {msg_dict.get('cc')}")
        outsiders = {
            email_normalize(email): name
            for name, email in addressed[:10]
            if email_normalize(email) and not is_own_address(self.env, email)
        }
        if len(outsiders) != 1 or len(addressed) > 10:
            return "", False
        ((email, name),) = outsiders.items()
        return ("", False) if is_nobody(email) else (name, email)

    @api.model
    def _find_forwarded_sender(self, msg_dict):
        """The outsider whose mail a colleague forwarded, where the text names exactly
        one: a wrong customer would be worse than none.

        :return: pair of name and address, both empty where there is none.
        """
        senders = find_senders(html_to_lines(msg_dict.get("body")))
        outsiders = [
            (name, email)
            for email, name in list(senders.items())[:10]
            if email_normalize(email) and not is_own_address(self.env, email)
        ]
        return outsiders[0] if len(outsiders) == 1 else ("", False)
