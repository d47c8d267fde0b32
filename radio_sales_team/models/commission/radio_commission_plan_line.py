from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RadioCommissionPlanLine(models.Model):
    """What a role gets by a plan."""

    _name = "radio.commission.plan.line"
    _inherit = ["radio.commission.plan.part"]
    _description = "Role in a Commission Plan"
    _order = "plan_id, credit desc, sequence, id"

    sequence = fields.Integer(default=10)
    role_id = fields.Many2one(
        comodel_name="radio.contribution.role", required=True, ondelete="restrict"
    )
    credit = fields.Selection(related="role_id.credit")
    percent = fields.Float(
        digits=(5, 2),
        required=True,
        help="Part of the commission, or of the base for what is paid on top of it.",
    )
    fallback_role_id = fields.Many2one(
        comodel_name="radio.contribution.role",
        string="Where Nobody Has It",
        ondelete="restrict",
        help="Who gets this part where nobody has the role.",
    )
    pays_team = fields.Boolean(
        string="To the Whole Team",
        help="Divided equally among all who have this role in the sales team, so that "
        "nobody grabs the rich inquiries. Paid where at least one of them contributed.",
    )
    sales_role = fields.Selection(
        selection=lambda self: self._get_sales_roles(),
        string="Team Role",
        default="back_office",
    )

    _one_role = models.UniqueIndex(
        "(plan_id, role_id)", "Each role stands in a plan once."
    )
    _percent = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)",
        "A percentage is above 0, and at most 100.",
    )

    @api.model
    def _get_sales_roles(self):
        member = self.env["crm.team.member"]
        return member._fields["sales_role"]._description_selection(self.env)

    @api.constrains("fallback_role_id", "pays_team", "plan_id", "role_id")
    def _check_line(self):
        for line in self:
            if line.pays_team and line.credit == "share":
                raise ValidationError(
                    self.env._("Only what is paid on top can go to the whole team.")
                )
            roles = line._get_roles()
            if len(set(roles.ids)) != len(roles):
                raise ValidationError(
                    self.env._(
                        "“%s” would stand in for itself. Let it end with the "
                        "salesperson.",
                        line.role_id.name,
                    )
                )

    def _get_roles(self):
        """The role of this line and those that stand in for it, in their order."""
        self.ensure_one()
        lines = {line.role_id: line for line in self.plan_id.line_ids}
        roles, role = self.role_id, self.fallback_role_id
        while role and role not in roles:
            roles += role
            role = lines[role].fallback_role_id if role in lines else role.browse()
        # where it comes back to one of them, the caller sees it twice
        return roles.concat(role) if role else roles

    def _get_filled_role(self, people):
        """This role, or the first that stands in for it and that somebody has; empty
        where nobody has any.

        :param people: dict of ``res.users`` by role.
        """
        for role in self._get_roles():
            if people.get(role):
                return role
        return self.role_id.browse()

    def _get_overlay_users(self, contributors, company, team, held):
        """Return who gets this overlay: those who contributed or, if it is paid to the
        team, everyone who has the role in it when one of them contributed.

        See ``radio.commission.plan._split`` for the parameters.
        """
        users = contributors.get(self.role_id, self.env["res.users"])
        if self.pays_team and held.get(self.role_id):
            # the members at the time of winning
            return held[self.role_id].sorted("id")
        if not (self.pays_team and users):
            return users.sorted("id")
        members = team._get_users_with_role(self.sales_role)
        if not users & members:
            # somebody else did the team's work
            return users.browse()
        return members.filtered("active")._filter_company(company).sorted("id")
