from odoo import api, fields, models
from odoo.exceptions import AccessError


class CrmTeamMember(models.Model):
    """The pool and the record rules keep literal lists of ids per team and user, as a
    subquery in a rule reads the whole table of leads."""

    _name = "crm.team.member"
    _inherit = ["crm.team.member", "radio.cached.mixin"]

    sales_role = fields.Selection(
        selection=[
            ("back_office", "Back office"),
            ("field_sales", "Field sales"),
            ("scheduling", "Scheduling"),
            ("media_service", "Media service"),
            ("management", "Management"),
        ],
        string="Role",
        help="The back office of a team is its pool: it answers new inquiries first.",
    )
    inquiry_limit = fields.Integer(
        string="Open Inquiries at Most",
        help="Nobody is given more than this by the machine. 0: no limit.",
    )
    absent_on = fields.Date(help="The day on which this person is not in.")
    is_absent = fields.Boolean(
        string="Not In Today",
        compute="_compute_is_absent",
        help="Is given no inquiry by the machine today.",
    )

    @api.depends("absent_on")
    def _compute_is_absent(self):
        for member in self:
            today = member.user_id.sudo().company_id._get_local_day()
            member.is_absent = member.absent_on == today

    def action_switch_absent(self):
        """ "Not in today" and back: anyone on the sales teams may say so.

        :raises AccessError: for everybody else.
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only sales staff can say who is not in."))
        # sudo: crm.team.member - only this one fact about today is changed
        for member in self.sudo():
            today = member.user_id.company_id._get_local_day()
            member.absent_on = False if member.is_absent else today
