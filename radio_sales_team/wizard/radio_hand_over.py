from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class RadioHandOver(models.TransientModel):
    """ "Hand over": who has time, and one click asks them."""

    _name = "radio.hand.over"
    _description = "Hand Over"

    lead_id = fields.Many2one(
        comodel_name="crm.lead", required=True, ondelete="cascade"
    )
    note = fields.Text(
        string="What They Should Know",
        compute="_compute_note",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="What was said so far, and what the customer expects.",
    )
    own_seller_id = fields.Many2one(related="lead_id.own_seller_id", related_sudo=False)
    our_rules = fields.Html(related="lead_id.team_id.our_rules", related_sudo=False)
    seller_ids = fields.Many2many(
        comodel_name="res.users",
        string="Ask Several",
        domain="[('id', 'in', candidate_ids)]",
        help="The first who says yes gets it, the others see that it is taken.",
    )
    candidate_ids = fields.Many2many(
        comodel_name="res.users", compute="_compute_candidate_ids"
    )
    line_ids = fields.One2many(
        comodel_name="radio.hand.over.line",
        inverse_name="hand_over_id",
        string="Who Has Time",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        precompute=True,
    )

    @api.constrains("lead_id")
    def _check_lead_id(self):
        self.sudo(False).lead_id.check_access("write")

    @api.onchange("seller_ids")
    def _onchange_seller_ids(self):
        return self.lead_id._get_away_warning(self.seller_ids)

    @api.depends("lead_id")
    def _compute_note(self):
        for wizard in self:
            wizard.lead_id.check_access("write")
            # sudo: radio.contact.attempt - who hands it over may tell what was said
            lead = wizard.lead_id.sudo()
            told = [lead._get_current_handover().note, lead._get_said().note]
            wizard.note = "\n".join(dict.fromkeys(filter(None, told))) or False

    @api.depends("lead_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.lead_id.check_access("write")
            found = wizard.lead_id and wizard.lead_id._get_sellers_with_time()
            wizard.line_ids = [Command.clear()] + [
                Command.create(vals) for vals in found or []
            ]

    @api.depends("line_ids.user_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard.line_ids.user_id

    def action_ask(self):
        """Ask those who were chosen.

        :raises UserError: where nobody was.
        """
        self.ensure_one()
        if not self.seller_ids:
            raise UserError(self.env._("Please choose whom to ask."))
        return self._ask(self.seller_ids)

    def _ask(self, sellers):
        lead = self.lead_id
        lead.check_access("write")
        handovers = lead._hand_over(sellers, self.note)
        if not handovers:
            words = self.env._("Asked already, no answer yet.")
        elif handovers[:1].kind == "own":
            words = self.env._(
                "%s was told, it is their customer.", handovers.to_user_id.name
            )
        else:
            words = self.env._("Asked: %s", ", ".join(sellers.mapped("name")))
        action = lead._tell(words)
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action


class RadioHandOverLine(models.TransientModel):
    """One seller, and whether they have time."""

    _name = "radio.hand.over.line"
    _description = "Who Has Time"
    _order = "sequence, id"

    hand_over_id = fields.Many2one(
        comodel_name="radio.hand.over", required=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    user_id = fields.Many2one(comodel_name="res.users", string="Seller", required=True)
    is_away = fields.Boolean(string="Not In")
    is_asked = fields.Boolean(string="Asked Already")
    is_declined = fields.Boolean(string="Cannot")
    words = fields.Char(string="Has Time")
    open_requests = fields.Integer(string="Asked, No Answer Yet")
    open_inquiries = fields.Integer(help="Open inquiries of which this is the seller.")

    def action_ask(self):
        """Ask this one."""
        self.ensure_one()
        return self.hand_over_id._ask(self.user_id)
