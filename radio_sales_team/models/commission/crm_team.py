from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    commission_leader_id = fields.Many2one(
        comodel_name="res.users",
        string="Sees the Team's Commission",
        domain=[("share", "=", False)],
        groups="radio_sales_team.group_commission_manager",
        help="Who sees what each member of the team earns: the team leader, say. Only "
        "commission managers choose that.",
    )
    won_channel_id = fields.Many2one(
        comodel_name="discuss.channel",
        string="“Won Together” Channel",
        domain=[("channel_type", "=", "channel")],
        help="Where everybody reads what was won, and by whom. Empty: on the "
        "opportunity alone.",
    )

    def _get_users_with_role(self, sales_role):
        """Return the users who have a role in this team now, archived ones too.

        :param sales_role: value of ``crm.team.member.sales_role``.
        """
        # sudo: crm.team.member - who has which role is no secret; the caller may look
        # at archived records, but former members are none
        members = self.sudo().with_context(active_test=True).crm_team_member_ids
        return members.filtered(lambda one: one.sales_role == sales_role).user_id
