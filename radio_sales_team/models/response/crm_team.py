from odoo import api, fields, models
from odoo.tools import ormcache


class CrmTeam(models.Model):
    _inherit = "crm.team"

    response_calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Response Hours",
        # no check_company: a team of no company may well keep the hours of one
        domain="[('company_id', 'in', [company_id, False])] if company_id else []",
        help="Working hours in which this team answers inquiries. "
        "Empty: the company's working hours.",
    )

    @api.model
    @ormcache("team_id")
    def _get_back_office_user_ids(self, team_id):
        """Ids of the active users who answer a team's inquiries first (its pool).

        Cached, because every incoming mail asks; changes of members clear it.
        """
        # sudo: crm.team.member - who answers is no secret, and the gateway asks too
        members = (
            self.env["crm.team.member"]
            .sudo()
            .search(
                [
                    ("crm_team_id", "=", team_id),
                    ("sales_role", "=", "back_office"),
                    ("user_id.active", "=", True),
                ]
            )
        )
        return tuple(members.user_id.ids)
