from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What people may choose on a line; everything else is proposed by the addon.
CHOICES = {"to_user_id", "is_chosen"}


class RadioSuccession(models.Model):
    """Somebody leaves or is ill: all that waits for them goes to others, by a proposal
    that is reviewed before it happens, and comes back with one click.

    Whatever one person has is a line: a record, and the field that names them. Other
    concerns add theirs in :meth:`_get_held_domains`. How the proposal comes about:
    ``radio_succession_proposal.py``.
    """

    _name = "radio.succession"
    _description = "Stand-In or Successor"
    _order = "id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who Is Away",
        required=True,
        domain=[("share", "=", False), ("active", "in", [True, False])],
        ondelete="restrict",
        help="All that waits for this person is given to others.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    is_for_good = fields.Boolean(
        string="Leaves for Good",
        help="Customers get a new salesperson, too. Else they keep theirs, and only "
        "what is open now is given to others.",
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Everything To",
        domain=[("share", "=", False)],
        help="Choose one person for all lines, or choose on each line.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Proposal"),
            ("done", "Handed over"),
            ("undone", "Given back"),
        ],
        required=True,
        default="draft",
        readonly=True,
    )
    done_at = fields.Datetime(string="Handed Over On", readonly=True)
    undone_at = fields.Datetime(string="Given Back On", readonly=True)
    line_ids = fields.One2many(
        comodel_name="radio.succession.line", inverse_name="succession_id"
    )
    line_count = fields.Integer(compute="_compute_line_count", string="Lines")
    open_count = fields.Integer(
        compute="_compute_line_count", string="Without a Successor"
    )

    @api.depends("line_ids.to_user_id", "line_ids.is_chosen")
    def _compute_line_count(self):
        for succession in self:
            chosen = succession.line_ids.filtered("is_chosen")
            succession.line_count = len(chosen)
            succession.open_count = len(chosen.filtered(lambda one: not one.to_user_id))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_fields(vals)
        successions = super().create(vals_list)
        successions._propose()
        return successions

    def write(self, vals):
        self._check_fields(vals)
        result = super().write(vals)
        for succession in self.filtered(lambda one: one.state == "draft"):
            if {"user_id", "is_for_good", "company_id"} & set(vals):
                succession._propose()
            elif vals.get("to_user_id"):
                succession.line_ids.to_user_id = succession.to_user_id
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(succession.state == "done" for succession in self):
            raise UserError(
                self.env._("Give it back first: without this, nobody knows what was.")
            )

    def _check_fields(self, vals):
        frozen = {"user_id", "to_user_id", "is_for_good", "company_id"} & set(vals)
        if frozen and any(succession.state != "draft" for succession in self):
            raise UserError(self.env._("This was done already."))
        if not self.env.su and {"state", "done_at", "undone_at"} & set(vals):
            raise AccessError(self.env._("Use the buttons to hand over and to undo."))

    def action_propose(self):
        """Look again at what the person has, and propose who takes it."""
        self._check_draft()
        self._propose()

    def action_hand_over(self):
        """Do what the lines say.

        :raises UserError: where a line has nobody, or somebody who cannot take over.
        """
        self.ensure_one()
        self._check_draft()
        chosen = self.line_ids.filtered("is_chosen")
        self._check_lines(chosen)
        # sudo: radio.succession - whoever may do this may do all of it
        chosen.sudo()._apply()
        self.sudo().write({"state": "done", "done_at": fields.Datetime.now()})
        return self.user_id._tell_succession(
            self.env._("%s things were given to others.", len(chosen))
        )

    def action_undo(self):
        """The person is back: what the others still have is theirs again."""
        self.ensure_one()
        if self.state != "done":
            raise UserError(self.env._("Nothing was handed over yet."))
        if not self.user_id.active:
            raise UserError(self.env._("%s cannot log in any more.", self.user_id.name))
        # sudo: radio.succession - as in action_hand_over
        back = self.line_ids.filtered("is_done").sudo()._give_back()
        self.sudo().write({"state": "undone", "undone_at": fields.Datetime.now()})
        return self.user_id._tell_succession(
            self.env._(
                "%(back)s of %(all)s things are theirs again, the rest has moved on.",
                back=len(back),
                all=len(self.line_ids.filtered("is_done")),
            )
        )

    def _check_draft(self):
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._("This was done already. Make a new proposal instead.")
            )

    def _check_lines(self, lines):
        if not lines:
            raise UserError(
                self.env._("There is nothing to hand over from %s.", self.user_id.name)
            )
        nobody = lines.filtered(lambda line: not line.to_user_id)
        if nobody:
            raise UserError(
                self.env._(
                    "Choose who takes over “%(name)s” (and %(more)s more), or take "
                    "the tick away.",
                    name=nobody[0].name,
                    more=len(nobody) - 1,
                )
            )
        for user in lines.to_user_id:
            if user == self.user_id or not user.active:
                raise UserError(
                    self.env._("%s cannot take this over. Choose others.", user.name)
                )
            if self.company_id not in user.company_ids:
                raise UserError(
                    self.env._(
                        "%(user)s does not work for %(company)s. Choose others.",
                        user=user.name,
                        company=self.company_id.name,
                    )
                )
