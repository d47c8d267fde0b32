from odoo import api, models
from odoo.fields import Domain

from .radio_caller import caller_domain, split_pieces

# Fewer are an extension or an emergency number, not somebody's own.
SAME_DIGITS = 6


class CrmLead(models.Model):
    """An inquiry of somebody who may be calling and is no contact yet."""

    _inherit = "crm.lead"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """A kanban shows the buttons of one header only, so where another addon brings
        one, too, the buttons of both stand in the first."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "kanban":
            first, *others = arch.findall("header") or [None]
            for other in others:
                first.extend(other)
                arch.remove(other)
        return arch, view

    def _get_caller_domain(self, words, rest, number):
        """See :func:`caller_domain`."""
        names = ["contact_name", "partner_name", "email_from"]
        return caller_domain(names, words, rest, number)

    def _get_caller_label(self):
        """Name, company and number, as far as known."""
        name = self.contact_name or self.partner_name or self.email_from or self.name
        company = self.partner_name != name and self.partner_name
        return list(filter(None, [name, company, self.phone]))

    def _get_open_of(self, caller):
        """The open inquiries of whoever calls, and of their company: those that wait
        longest first.

        :param caller: ``res.partner`` or ``crm.lead``.
        """
        is_lead = caller._name == "crm.lead"
        same = Domain("id", "in", caller.ids if is_lead else [])
        # who wrote or called before being a contact
        same |= Domain("partner_id", "=", False) & self._get_same_domain(caller)
        if not is_lead:
            same |= Domain("partner_id", "in", caller._get_family().ids)
        return self.search(
            same
            & Domain("is_inquiry", "=", True)
            & Domain("won_status", "=", "pending"),
            order="sla_deadline, received_at",
            limit=8,
        )

    @api.model
    def _get_same_domain(self, caller):
        """Leads with the address or the number of a caller."""
        same = Domain.FALSE
        if caller.email_normalized:
            same |= Domain("email_normalized", "=", caller.email_normalized)
        if caller.phone_sanitized:
            same |= Domain("phone_sanitized", "=", caller.phone_sanitized)
        elif caller.phone:
            # without a country numbers cannot be brought into one notation
            _words, _rest, number = split_pieces(caller.phone, False)
            if len(number) >= SAME_DIGITS:
                same |= self._get_caller_domain([], [caller.phone], number)
        return same

    def _get_property_values(self):
        """What the team's own questions were answered with, by their names."""
        self.ensure_one()
        properties = self.read(["lead_properties"])[0]["lead_properties"]
        return {item["name"]: item.get("value") for item in properties}
