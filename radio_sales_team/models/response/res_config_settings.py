from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    campaign_lead_days = fields.Integer(
        related="company_id.campaign_lead_days", readonly=False
    )
    response_setup = fields.Html(compute="_compute_response_setup", sanitize=False)

    @api.depends("company_id")
    @api.depends_context("lang", "uid")
    def _compute_response_setup(self):
        for settings in self:
            settings.response_setup = self.env["radio.setup.check"]._render_findings(
                settings.company_id
            )
