from odoo import api, models
from odoo.http import request

from .crm_lead import WEBSITE_FORM, get_request_path


class CrmLead(models.Model):
    """What other modules fill in for inquiries that they bring."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_brought_vals(vals) for vals in vals_list])

    @api.model
    def _prepare_brought_vals(self, vals):
        """The values without what a module chose because nobody did.

        A live chat belongs to no team, so that no back office would see it: it belongs
        to the team of whoever talked. The website's form makes the team's leader the
        salesperson (and mails them), which is for teams without a back office.
        """
        if vals.get("origin_channel_id") and not vals.get("team_id"):
            return {name: value for name, value in vals.items() if name != "team_id"}
        if vals.get("user_id") and self._is_leader_by_default(vals):
            return dict(vals, user_id=False)
        return vals

    @api.model
    def _is_leader_by_default(self, vals):
        if WEBSITE_FORM not in get_request_path():
            return False
        # sudo: crm.team - who leads it, whoever sends the form
        team = self.env["crm.team"].sudo().browse(vals.get("team_id"))
        return (
            bool(team)
            and vals["user_id"] == team.user_id.id
            and not request.params.get("user_id")
            and not request.website.crm_default_user_id
            and bool(team._get_back_office_user_ids(team.id))
        )
