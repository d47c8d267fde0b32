from odoo import fields, models
from odoo.modules.db import FunctionStatus

from .radio_caller import caller_domain


def _complete_name_index(registry):
    """Pieces of names, as Odoo searches for them. Core's own index on this field sorts
    contacts and has to stay."""
    if not registry.has_trigram:
        return ""
    column = "complete_name"
    if registry.has_unaccent == FunctionStatus.INDEXABLE:
        column = registry.unaccent(column)
    return f"USING gin ({column} gin_trgm_ops)"


class ResPartner(models.Model):
    """A contact who may be calling."""

    _inherit = "res.partner"

    email = fields.Char(index="trigram")

    _caller_name_idx = models.Index(_complete_name_index)

    def _get_caller_domain(self, words, rest, number):
        """See :func:`caller_domain`; the complete name has the company in it."""
        return caller_domain(["complete_name", "email"], words, rest, number)

    def _get_caller_label(self):
        """Name, company and number, as far as known."""
        company = self.commercial_company_name or self.parent_id.name
        name = self.name or company
        return list(filter(None, [name, company != name and company, self.phone]))

    def _get_family(self):
        """The contact and all of the same company. Not where that company is our own:
        colleagues are not one customer."""
        company = self.commercial_partner_id
        if company.id in self.env["res.company"]._get_own_partner_ids():
            return self
        return self | self.search([("commercial_partner_id", "=", company.id)])
