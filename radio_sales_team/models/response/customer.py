"""Who is the customer of an inquiry, and who is not."""

from odoo.tools import email_normalize


class Customer:
    """The people on the customer's side of one lead.

    The lead's contact, everyone of the same company, and the lead's own address. Never
    the station's own people: where a colleague forwarded a mail, core takes that
    colleague for the customer, and so the whole station for the customer's company.

    :param lead: one ``crm.lead``.
    """

    def __init__(self, lead):
        # sudo: res.partner - only to compare ids and addresses, nothing is shown
        lead = lead.sudo()
        partner = lead.partner_id
        family = partner.commercial_partner_id
        self._partner_ids = set()
        self._lead = lead
        self._emails = {lead.email_normalized}
        self._phones = {lead.phone_sanitized}
        if is_colleague(partner):
            self._emails = set()
            self._phones = set()
        elif partner:
            self._emails.add(partner.email_normalized)
            own = lead.env["res.company"].search_count(
                [("partner_id", "=", family.id)], limit=1
            )
            if not own or partner != family:
                self._partner_ids.add(partner.id)
            if not own:
                self._partner_ids.add(family.id)
                self._emails.add(family.email_normalized)
        self._emails.discard(False)
        self._phones.discard(False)

    def __bool__(self):
        """Whether anybody is known whom an answer could reach."""
        return bool(self._partner_ids or self._emails or self._phones)

    def has_partner(self, partner):
        """Whether a partner is on the customer's side."""
        partner = partner.sudo()
        return (
            bool(partner)
            and (
                partner.commercial_partner_id.id in self._partner_ids
                or partner.id in self._partner_ids
                or partner.email_normalized in self._emails
            )
            and not is_colleague(partner)
        )

    def has_email(self, email):
        """Whether an address (in any notation) is on the customer's side."""
        return bool(email) and email_normalize(email) in self._emails

    def has_phone(self, number):
        """Whether a telephone number (in any notation) is the customer's."""
        if not number:
            return False
        return (self._lead._phone_format(number=number) or number) in self._phones


def is_colleague(partner):
    """Whether a partner is one of the station's own people: has a user who works here
    and can log in. ``partner_share`` does not tell: it is also true for the station
    itself."""
    return any(user._is_internal() for user in partner.sudo().user_ids)
