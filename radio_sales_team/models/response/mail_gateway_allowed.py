from odoo import api, models
from odoo.tools import email_normalize, ormcache


class MailGatewayAllowed(models.Model):
    """A trusted sender: mail from it was written for a customer, who is its Reply-To
    (a form on the website, the telephone system)."""

    _name = "mail.gateway.allowed"
    _inherit = ["mail.gateway.allowed", "radio.cached.mixin"]

    @api.model
    def get_empty_list_help(self, help_message):
        """Say what the list is for where we show it; core's own menu keeps its text."""
        return help_message or super().get_empty_list_help(help_message)

    @api.model
    def _is_trusted(self, email):
        """Whether mail from this address (in any notation) is trusted."""
        return email_normalize(email) in self._get_trusted_emails() if email else False

    @api.model
    @ormcache()
    def _get_trusted_emails(self):
        """The trusted addresses; kept, because every incoming mail asks."""
        # sudo: mail.gateway.allowed - whom the station trusts holds for all mail
        senders = self.sudo().search([("email_normalized", "!=", False)])
        return frozenset(senders.mapped("email_normalized"))

    @api.model
    def _get_own_domains(self):
        """The mail domains of the station: of its aliases and of its companies."""
        # sudo: res.company - the station's own addresses
        companies = self.env["res.company"].sudo().search([("email", "!=", False)])
        emails = filter(None, map(email_normalize, companies.mapped("email")))
        domains = {email.partition("@")[2].lower() for email in emails}
        return domains | self.env["mail.alias.domain"]._get_names()
