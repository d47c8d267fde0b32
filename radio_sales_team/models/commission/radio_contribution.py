from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class RadioContribution(models.Model):
    """A user's part in a deal, in a role: names that every colleague may see.

    What the addon notices is recorded when the deal is won. Anything else is proposed
    by whoever knows of it, and confirmed by somebody who does not gain from it. What a
    part is worth stands elsewhere, for few to see: ``radio.commission.share``.
    """

    _name = "radio.contribution"
    _description = "Contribution"
    _order = "lead_id desc, role_id, id"
    _rec_name = "user_id"

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        required=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        required=True,
        index=True,
        domain=[("share", "=", False)],
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    role_id = fields.Many2one(
        comodel_name="radio.contribution.role", required=True, ondelete="restrict"
    )
    note = fields.Char(string="What They Did")
    is_automatic = fields.Boolean(string="Noticed by Itself", readonly=True)
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
        ],
        required=True,
        default="proposed",
        readonly=True,
    )
    proposed_by_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="restrict"
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")
    won_on = fields.Datetime(
        string="Closed On", compute="_compute_won_on", compute_sudo=True
    )

    _one_each = models.UniqueIndex(
        "(lead_id, user_id, role_id)",
        "This contribution is noted down already.",
    )

    @api.depends("lead_id.date_closed")
    def _compute_won_on(self):
        for contribution in self:
            # of what is noted down alone: filling in the form would tell it of any
            contribution.won_on = contribution._origin.lead_id.date_closed

    @api.depends("lead_id", "state", "user_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for contribution in self:
            contribution.can_decide = (
                contribution.state == "proposed" and contribution._may_decide()
            )

    def _may_decide(self):
        """Whether the current user may confirm it: nobody who gains or has proposed it,
        but whoever answers for the deal or for the commission."""
        self.ensure_one()
        user = self.env.user
        # sudo: crm.lead - only who answers for it
        lead = self.sudo().lead_id
        if user in (self.user_id, self.proposed_by_id):
            # two pairs of eyes: whoever proposed it has said yes already
            return False
        if user.has_group("radio_sales_team.group_commission_manager"):
            return True
        return user in lead.user_id | lead.team_id.user_id

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            fixed = {
                "is_automatic": False,
                "proposed_by_id": self.env.uid,
                "decided_by_id": False,
                "state": "proposed",
            }
            vals_list = [{**vals, **fixed} for vals in vals_list]
        contributions = super().create(vals_list)
        if not self.env.su:
            contributions.lead_id.check_access("read")
            if contributions.role_id.filtered("automatic"):
                raise UserError(
                    self.env._("This role is noticed by itself. Choose another one.")
                )
        return contributions

    def write(self, vals):
        if not self.env.su:
            self._check_undecided()
            if set(vals) - {"note"}:
                raise AccessError(
                    self.env._("Confirm or refuse it, with the buttons for that.")
                )
        return super().write(vals)

    def unlink(self):
        if not self.env.su:
            self._check_undecided()
        return super().unlink()

    def _check_undecided(self):
        """Check that these are the user's own proposals.

        :raises UserError: if not, or if one was decided.
        """
        if any(
            one.state != "proposed" or one.proposed_by_id != self.env.user
            for one in self
        ):
            raise UserError(
                self.env._(
                    "Only your own proposals can be changed, until they are decided."
                )
            )

    def action_confirm(self):
        """Confirm the proposals: these people contributed."""
        self._decide("confirmed")

    def action_refuse(self):
        """Refuse the proposals: these people did not contribute."""
        self._decide("refused")

    def _decide(self, state):
        """Decide the proposals among these contributions.

        :param state: ``confirmed`` or ``refused``.
        :raises AccessError: for whoever gains, and who does not answer for the deal.
        """
        self.check_access("read")
        for contribution in self.filtered(lambda one: one.state == "proposed"):
            if not contribution._may_decide():
                raise AccessError(
                    self.env._(
                        "Somebody else decides this: the salesperson, the team leader, "
                        "or the commission manager, and never whoever gains from it."
                    )
                )
            # sudo: radio.contribution - checked above
            contribution.sudo().write(
                {"state": state, "decided_by_id": self.env.user.id}
            )
