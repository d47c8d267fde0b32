from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# What people may choose on a line; everything else is proposed by the addon.
CHOICES = {"to_user_id", "is_chosen"}


class RadioSuccession(models.Model):
    """Somebody leaves or is ill: all that waits for them goes to others, by a proposal
    that is reviewed before it happens, and comes back with one click.

    Whatever one person has is a line: a record, and the field that names them. Other
    concerns add theirs in :meth:`_get_held_domains`.
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

    def _check_fields(self, vals):
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
            self.env._("%s things are theirs again.", len(back))
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

    def _propose(self):
        """Lines for all that the person has, each with the colleague who has least; a
        customer's inquiries stay together."""
        for succession in self:
            succession.sudo().line_ids.unlink()
            held = succession._get_held()
            takers = succession._choose_takers(held)
            # sudo: radio.succession.line - made by the addon alone
            self.env["radio.succession.line"].sudo().create(
                [
                    {
                        "succession_id": succession.id,
                        "kind": kind,
                        "res_model": record._name,
                        "res_id": record.id,
                        "field_name": field_name,
                        "name": record.display_name,
                        "to_user_id": succession.to_user_id.id
                        or takers[kind, record].id,
                    }
                    for kind, field_name, records in held
                    for record in records
                ]
            )

    def _get_held(self):
        """What waits for the person.

        :return: list of (kind of line, name of the field, records).
        """
        self.ensure_one()
        in_company = Domain("company_id", "in", [self.company_id.id, False])
        held = []
        for kind, model, field_name, domain in self._get_held_domains():
            # sudo: whatever they have, whoever may see it
            records = self.env[model].sudo().with_context(active_test=True)
            mine = Domain(field_name, "=", self.user_id.id)
            if "company_id" in records._fields:
                mine &= in_company
            held.append((kind, field_name, records.search(mine & Domain(domain))))
        return held

    def _get_held_domains(self):
        """What one person can have; other concerns add to it.

        :return: list of (kind of line, model, field that names them, domain).
        """
        is_open = [("won_status", "=", "pending")]
        held = [
            ("seller", "crm.lead", "user_id", is_open),
            ("back_office", "crm.lead", "back_office_user_id", is_open),
            (
                "promise",
                "radio.sla.clock",
                "promised_by_id",
                [("kind", "=", "promise"), ("state", "in", ("running", "paused"))],
            ),
            (
                "asked",
                "radio.handover",
                "to_user_id",
                [("state", "=", "requested"), ("kind", "=", "asked")],
            ),
            (
                "activity",
                "mail.activity",
                "user_id",
                [("res_model", "in", ("crm.lead", "res.partner"))],
            ),
        ]
        if self.is_for_good:
            held += [
                ("customer_seller", "res.partner", "user_id", []),
                ("customer_back_office", "res.partner", "back_office_user_id", []),
            ]
        return held

    def _choose_takers(self, held):
        """Who takes what: of those with the same role in the same team who are there
        whoever has least, and one person for all of a customer.

        :param held: see :meth:`_get_held`.
        :return: dict of ``res.users`` by (kind of line, record), empty where nobody is
            known.
        """
        colleagues = self._get_colleagues()
        load = self._get_load(colleagues)
        by_customer, takers = {}, defaultdict(self.env["res.users"].browse)
        for kind, _field_name, records in held:
            role = "back_office" if "back_office" in kind else "seller"
            for record in records:
                customer = _get_customer(record)
                taker = by_customer.get((role, customer)) if customer else None
                able = colleagues[role]
                if not taker and able:
                    taker = min(able, key=lambda user: (load[user], user.id))
                    load[taker] += 1
                if taker:
                    takers[kind, record] = taker
                    by_customer[role, customer] = taker
        return takers

    def _get_colleagues(self):
        """Who of the person's teams is there to take over, by role."""
        # sudo: crm.team.member - who works with whom is no secret
        memberships = self.env["crm.team.member"].sudo()
        # also of somebody who cannot log in any more
        own = memberships.with_context(active_test=False).search(
            [("user_id", "=", self.user_id.id)]
        )
        members = memberships.search(
            [
                ("crm_team_id", "in", own.crm_team_id.ids),
                ("crm_team_id.company_id", "in", [self.company_id.id, False]),
            ]
        )
        found = {}
        for role, names in (
            ("back_office", ("back_office",)),
            ("seller", ("field_sales", False)),
        ):
            fitting = members.filtered(lambda one, names=names: one.sales_role in names)
            found[role] = fitting.user_id.filtered(
                lambda user: (
                    user.active
                    and user != self.user_id
                    and not self.env["crm.team"]._is_away(user)
                    and self.company_id in user.company_ids
                )
            )
        # a back office of one, or a team without roles: everyone else there
        everyone = found["back_office"] | found["seller"]
        return {role: users or everyone for role, users in found.items()}

    def _get_load(self, colleagues):
        users = colleagues["back_office"] | colleagues["seller"]
        load = dict.fromkeys(users, 0)
        # sudo: crm.lead - how many they have, not which
        for name in ("user_id", "back_office_user_id"):
            groups = (
                self.env["crm.lead"]
                .sudo()
                ._read_group(
                    [(name, "in", users.ids), ("won_status", "=", "pending")],
                    [name],
                    ["__count"],
                )
            )
            for user, count in groups:
                load[user] += count
        return load


def _get_customer(record):
    """The customer to whom a record belongs, empty where it has none."""
    if record._name == "res.partner":
        return record.commercial_partner_id
    lead = record if record._name == "crm.lead" else False
    if record._name == "mail.activity":
        if record.res_model == "res.partner":
            partner = record.env["res.partner"].browse(record.res_id)
            return partner.commercial_partner_id
        lead = record.env["crm.lead"].browse(record.res_id)
    elif not lead:
        lead = record.lead_id
    return lead.partner_id.commercial_partner_id or lead
