"""Who is the customer of an inquiry, and who is not."""

from odoo.tools import email_normalize

from ...tools.mail_headers import is_nobody


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
        self._lead = lead
        self.partner_ids = set()
        self.emails = {lead.email_normalized}
        self.phones = {lead.phone_sanitized}
        if is_colleague(partner):
            self.emails = set()
            self.phones = set()
        elif partner:
            self.emails.add(partner.email_normalized)
            own = is_station(family)
            if not own or partner != family:
                self.partner_ids.add(partner.id)
            if not own:
                self.partner_ids.add(family.id)
                self.emails.add(family.email_normalized)
        self.phones.discard(False)
        self.emails = {email for email in self.emails if email and not is_nobody(email)}

    def __bool__(self):
        """Whether anybody is known whom an answer could reach."""
        return bool(self.partner_ids or self.emails or self.phones)

    def keys(self, known):
        """What tells the inquiries of this customer, those of it that are known."""
        keys = {("partner", partner_id) for partner_id in self.partner_ids}
        keys |= {("email", email) for email in self.emails}
        keys |= {("phone", phone) for phone in self.phones}
        return keys & set(known)

    def is_customer_of(self, lead):
        """Whether another lead is of the same person or company. All visitors of a form
        may share one address behind which nobody reads: that makes them no family."""
        partner = lead.partner_id
        return not is_nobody(lead.email_normalized) and (
            partner.id in self.partner_ids
            or partner.commercial_partner_id.id in self.partner_ids
            or lead.email_normalized in self.emails
            or lead.phone_sanitized in self.phones
        )

    def has_partner(self, partner):
        """Whether a partner is on the customer's side."""
        partner = partner.sudo()
        return (
            bool(partner)
            and (
                partner.commercial_partner_id.id in self.partner_ids
                or partner.id in self.partner_ids
                or partner.email_normalized in self.emails
            )
            and not is_nobody(partner.email_normalized)
            and not is_colleague(partner)
        )

    def has_email(self, email):
        """Whether an address (in any notation) is on the customer's side."""
        return bool(email) and email_normalize(email) in self.emails

    def has_phone(self, number):
        """Whether a telephone number (in any notation) is the customer's."""
        if not number:
            return False
        return (self._lead._phone_format(number=number) or number) in self.phones


def is_colleague(partner):
    """Whether a partner is one of the station's own people: has a user who works here
    and can log in. ``partner_share`` does not tell: it is also true for the station
    itself."""
    return any(user._is_internal() for user in partner.sudo().user_ids)


def is_station(partners):
    """Whether the station itself (one of its companies) is among these partners."""
    own = partners.env["res.company"]._get_own_partner_ids()
    return not own.isdisjoint(partners.ids)


def is_alias(env, email):
    """Whether mail to an address (in any notation) comes to Odoo itself."""
    normalized = email_normalize(email)
    # sudo: mail.alias.domain - the station's own addresses, nothing is shown
    domains = env["mail.alias.domain"].sudo()
    if not normalized or normalized.partition("@")[2] not in domains._get_names():
        return False  # nearly everybody who writes
    return bool(domains._find_aliases([normalized]))


def is_own_address(env, email):
    """Whether an address (in any notation) belongs to the station or a colleague: an
    alias, a company's address, or that of a user who works here."""
    # sudo: res.partner - only to compare, nothing is shown
    partners = (
        env["res.partner"]
        .sudo()
        .search([("email_normalized", "=", email_normalize(email) or "-")])
    )
    return (
        is_alias(env, email) or any(map(is_colleague, partners)) or is_station(partners)
    )
