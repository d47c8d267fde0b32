from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    campaign_lead_days = fields.Integer(
        related="company_id.campaign_lead_days", readonly=False
    )
    evaluate_response_per_person = fields.Boolean(
        related="company_id.evaluate_response_per_person", readonly=False
    )
    response_group_size = fields.Integer(
        related="company_id.response_group_size", readonly=False
    )
    response_names_months = fields.Integer(
        related="company_id.response_names_months", readonly=False
    )
    response_setup = fields.Html(compute="_compute_response_setup", sanitize=False)

    @api.depends("company_id")
    @api.depends_context("lang", "uid")
    def _compute_response_setup(self):
        for settings in self:
            settings.response_setup = self.env["radio.setup.check"]._render_findings(
                settings.company_id
            )
