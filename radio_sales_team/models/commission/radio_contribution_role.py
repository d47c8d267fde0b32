from odoo import api, fields, models
from odoo.exceptions import UserError


class RadioContributionRole(models.Model):
    """In what way somebody contributed to a deal.

    A role divides the commission (``share``) or is paid on top of it (``overlay``).
    Some are recorded by the addon (``crm.lead._get_contributors``); the others are
    proposed by hand.
    """

    _name = "radio.contribution.role"
    _description = "Role in a Deal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    credit = fields.Selection(
        selection=[("share", "Part of the commission"), ("overlay", "On top of it")],
        required=True,
        default="overlay",
        help="Parts of the commission are 100 % together. What is paid on top takes "
        "nothing from anybody.",
    )
    automatic = fields.Selection(
        selection=[
            ("seller", "Salesperson of the deal"),
            ("first_contact", "Made the first contact"),
            ("handover", "Took it over, and passed it on"),
            ("signal", "Noticed the chance"),
            ("insight", "Found what works for the industry"),
        ],
        string="Noticed by Itself",
        help="Empty: somebody proposes it, somebody else confirms it.",
    )
    description = fields.Char(translate=True)

    _one_automatic = models.UniqueIndex(
        "(automatic) WHERE automatic IS NOT NULL AND active IS TRUE",
        "There is an active role for this already.",
    )

    def write(self, vals):
        if {"active", "automatic", "credit"} & set(vals):
            self._check_unused()
        return super().write(vals)

    def _check_unused(self):
        """Check that nobody is paid by these roles.

        :raises UserError: for those that are in an approved plan.
        """
        # sudo: radio.commission.plan.line - whether there is one
        lines = self.env["radio.commission.plan.line"].sudo()
        used = lines.search(
            [("role_id", "in", self.ids), ("plan_id.state", "!=", "draft")], limit=1
        )
        if used:
            raise UserError(
                self.env._(
                    "People are paid for “%(role)s” by “%(plan)s”. Make a role of its "
                    "own for what is different.",
                    role=used.role_id.name,
                    plan=used.plan_id.display_name,
                )
            )

    @api.model
    def _get_automatic_roles(self):
        """Return the active roles that are recorded automatically, by ``automatic``."""
        # sudo: radio.contribution.role - which roles there are is no secret
        roles = self.sudo().with_context(active_test=True)
        roles = roles.search([("automatic", "!=", False)])
        return {role.automatic: role for role in roles}
