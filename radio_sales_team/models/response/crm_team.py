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

    deputy_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Deputy",
        domain=[("share", "=", False)],
        help="Is told when an inquiry is overdue.",
    )

    @api.model
    @ormcache("team_id")
    def _get_back_office_user_ids(self, team_id):
        """Ids of the active users who answer a team's inquiries first (its pool).

        Cached, because every incoming mail asks; changes of members clear it.
        """
        members = self._get_current_members(
            team_id, [("sales_role", "=", "back_office")]
        )
        return tuple(members.user_id.filtered("active").ids)

    @api.model
    def _get_current_members(self, team_id, domain):
        """:return: ``crm.team.member`` of a team, whatever the caller looks at: whoever
        asks first may be looking at archived records, and what is found is cached."""
        # sudo: crm.team.member - who is in is no secret, and the gateway asks too
        members = self.env["crm.team.member"].sudo().with_context(active_test=True)
        return members.search([("crm_team_id", "=", team_id), *domain])

    def _get_next_back_office(self, owner):
        """The colleague of the back office who can best take over an inquiry: there
        today, at work now, not full, with the fewest open clocks.

        :param owner: ``res.users`` who has it now, may be empty.
        :return: ``res.users``, empty where nobody else is there.
        """
        load = self._get_back_office_load()
        load.pop(owner, None)
        if not load:
            return self.env["res.users"]
        return min(load, key=lambda user: (load[user], user.id))

    def _is_away(self, user):
        """Whether somebody is not in today, or out of office."""
        # sudo: crm.team.member - who is in is no secret
        members = user.sudo().crm_team_member_ids
        return user.sudo().is_out_of_office or any(members.mapped("is_absent"))

    def _get_back_office_load(self):
        """Who of the back office could be given an inquiry now, and how many they have.

        :return: dict of number of open clocks by ``res.users``, without those who are
            full, not in, or not at work at this hour.
        """
        now = fields.Datetime.now()
        members = self.crm_team_member_ids.filtered(
            lambda member: (
                member.sales_role == "back_office"
                and member.user_id.active
                and not self._is_away(member.user_id)
            )
        )
        users = self.env["res.users"]
        for user in members.user_id:
            hours = user.resource_calendar_id
            if not hours or hours.flexible_hours:
                users |= user
            elif hours._get_next_working_moment(now) == now:
                users |= user
        open_clocks = dict(
            self.env["radio.sla.clock"]._read_group(
                [("state", "=", "running"), ("user_id", "in", users.ids)],
                ["user_id"],
                ["__count"],
            )
        )
        limits = {member.user_id: member.inquiry_limit for member in members}
        return {
            user: open_clocks.get(user, 0)
            for user in users
            if not limits[user] or open_clocks.get(user, 0) < limits[user]
        }
