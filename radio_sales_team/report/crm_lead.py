from odoo import models


class CrmLead(models.Model):
    """Whose name was taken off old response data keeps their part in the deal."""

    _inherit = "crm.lead"

    def _prepare_people(self):
        people = super()._prepare_people()
        if self.first_contact_at and not self.first_contact_user_id:
            kept = self.contribution_ids.filtered(
                lambda one: (
                    one.is_automatic and one.role_id.automatic == "first_contact"
                )
            )
            people["first_contact"] = kept.user_id.ids
        return people
