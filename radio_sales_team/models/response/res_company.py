from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "radio.cached.mixin"]

    campaign_lead_days = fields.Integer(
        string="Days Before the Campaign",
        default=5,
        help="Working days that are needed before a campaign is on air. An inquiry "
        "that names the start of its campaign is answered early enough for them. "
        "0: the start makes no difference.",
    )

    _campaign_lead_days_positive = models.Constraint(
        "CHECK (campaign_lead_days >= 0)",
        "The days before a campaign cannot be less than 0.",
    )

    @api.model
    @ormcache()
    def _get_own_partner_ids(self):
        """Ids of the contacts that are the station itself; every message asks."""
        # sudo: res.company - only to compare ids
        return frozenset(
            self.sudo().with_context(active_test=False).search([]).partner_id.ids
        )
