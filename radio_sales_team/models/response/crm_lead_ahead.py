from odoo import fields, models


class CrmLead(models.Model):
    """What Odoo asks for by bits while a lead changes is read at once, before."""

    _inherit = "crm.lead"

    # every change of a lead asks for them, to see whether they change: they are read
    # with the rest of it, and not once more
    lead_properties = fields.Properties(prefetch=True)

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        """Stages are looked for to compare them with where these leads are: both are
        read at once."""
        found = super()._stage_find(
            team_id=team_id, domain=domain, order=order, limit=limit
        )
        if self:
            self._read_stages(found)
        return found

    def _read_stages(self, others):
        """Read the stages of these leads together with others."""
        (others | self.stage_id).mapped("sequence")

    def _read_company(self):
        """Read the companies whole: Odoo asks for the currency first, and then for the
        rest."""
        # sudo: res.company - whoever may see these leads, as Odoo does
        self.sudo().company_id.mapped("currency_id")
