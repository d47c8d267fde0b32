import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

OPEN_STATES = ("new", "accepted", "offered")
SIGNAL_KINDS = [
    ("tier_gap", "Discount level is near"),
    ("event", "Customer event"),
    ("insight", "Works in the industry"),
    ("expiry", "Campaign ends"),
    ("churn", "Stays away"),
]


class RadioUpsellSignal(models.Model):
    """A noticed chance to sell more: by whoever heard something, or by the machine.

    It belongs to the customer's own people. Accepting it makes an activity and, where
    none is open, an opportunity; the opportunity's end is the signal's. Who reported it
    never changes. What the machine raises: ``radio_upsell_signal_raise.py``.
    """

    _name = "radio.upsell.signal"
    _description = "Upsell Signal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "deadline, id desc"

    name = fields.Char(string="Signal", required=True)
    kind = fields.Selection(selection=SIGNAL_KINDS, required=True, default="event")
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        help="Whose advertising it is about. Contacts count for their company.",
    )
    agency_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="set null",
        help="Through whom the customer books: speak to them.",
    )
    industry_id = fields.Many2one(related="partner_id.industry_id")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(comodel_name="crm.team", ondelete="set null")
    reported_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Noticed By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="Who noticed it. Never changes: they contributed.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="For",
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
        help="Who speaks to the customer: the customer's own people.",
    )
    text = fields.Text(string="What to Say")
    event_kind_id = fields.Many2one(
        comodel_name="radio.customer.event", string="Event", ondelete="restrict"
    )
    event_date = fields.Date(string="When It Happens")
    deadline = fields.Date(
        string="Speak Until", help="Until when somebody should have spoken to them."
    )
    released_on = fields.Date(
        default=fields.Date.context_today,
        help="From when on its people see it. Insights come in weekly bundles.",
    )
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("accepted", "Accepted"),
            ("offered", "Offered"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("dismissed", "Dismissed"),
            ("expired", "Over"),
        ],
        required=True,
        default="new",
        tracking=True,
        index=True,
        group_expand=True,
    )
    reason_id = fields.Many2one(
        comodel_name="radio.signal.reason",
        string="Why Not",
        tracking=True,
        ondelete="restrict",
    )
    closed_at = fields.Datetime(string="Ended On", readonly=True, copy=False)
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="The opportunity that came of it.",
    )
    volume_id = fields.Many2one(
        comodel_name="radio.customer.volume", ondelete="set null", copy=False
    )
    tier_id = fields.Many2one(
        comodel_name="radio.discount.tier", ondelete="set null", copy=False
    )
    dedupe_key = fields.Char(
        readonly=True, copy=False, help="The same chance is noticed once."
    )

    _one_open = models.UniqueIndex(
        "(company_id, dedupe_key) WHERE state IN ('new', 'accepted', 'offered')",
        "This chance has been noticed already, and is still open.",
    )
    _key_idx = models.Index("(dedupe_key) WHERE dedupe_key IS NOT NULL")
    _bundle_idx = models.Index("(user_id) WHERE released_on IS NULL AND state = 'new'")

    @api.constrains("event_date")
    def _check_event_date(self):
        today = fields.Date.context_today(self)
        for signal in self:
            if signal.kind == "event" and signal.event_date:
                if signal.state == "new" and signal.event_date < today:
                    raise ValidationError(
                        self.env._(
                            "%s is over. Enter when it happens, or leave it out where "
                            "nobody knows.",
                            signal.event_date,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # who noticed it is who enters it, and everything begins as new
            vals_list = [
                {**vals, "reported_by_id": self.env.uid, "state": "new"}
                for vals in vals_list
            ]
            for vals in vals_list:
                if vals.get("dedupe_key") or vals.get("lead_id"):
                    self._refuse_free_write()
        return super().create([self._prepare_signal(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            self._check_free_write(vals)
        if vals.get("state") and vals["state"] not in OPEN_STATES:
            vals = dict(vals, closed_at=fields.Datetime.now())
        elif vals.get("state"):
            vals = dict(vals, closed_at=False)
        result = super().write(vals)
        if vals.get("state") and vals["state"] not in OPEN_STATES:
            self._close_activities()
        return result

    def _check_free_write(self, vals):
        """Moving a card is allowed. Who noticed it never changes, and whether it was
        won is what its opportunity says."""
        if {"reported_by_id", "dedupe_key", "lead_id"} & set(vals):
            self._refuse_free_write()
        state = vals.get("state")
        if state in ("won", "lost", "expired"):
            raise UserError(
                self.env._(
                    "Won and lost is what the opportunity says. Accept the signal, and "
                    "close its opportunity."
                )
            )
        if state == "dismissed" and not vals.get("reason_id"):
            raise UserError(
                self.env._("Please say why not: use “Dismiss” on the signal.")
            )

    def _refuse_free_write(self):
        raise AccessError(
            self.env._("Who noticed it, and what came of it, cannot be typed over.")
        )

    @api.model
    def _prepare_signal(self, vals):
        """Company, owner and deadline that nobody entered."""
        vals = dict(vals)
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        # sudo: res.partner - who looks after a customer is no secret
        customer = partner.sudo().commercial_partner_id
        vals["partner_id"] = customer.id
        if "user_id" not in vals:
            vals["user_id"] = self._get_owner(customer, vals.get("team_id")).id
        kind = self.env["radio.customer.event"].browse(vals.get("event_kind_id"))
        if kind and not vals.get("name"):
            vals["name"] = kind.name
        if vals.get("event_date") and not vals.get("deadline"):
            vals["deadline"] = self._get_event_deadline(
                fields.Date.to_date(vals["event_date"]), kind
            )
        return vals

    @api.model
    def _get_owner(self, customer, team_id=False):
        """Who speaks to a customer: their seller, else their back office, else the
        leader of the team."""
        seller, back_office = customer._get_tandem()
        owner = seller or back_office
        if not owner and team_id:
            owner = self.env["crm.team"].sudo().browse(team_id).user_id
        return owner.filtered("active")

    @api.model
    def _get_event_deadline(self, event_date, kind):
        """So many days before the event, at the earliest today."""
        days = kind.lead_days if kind else 28
        return max(event_date - timedelta(days=days), fields.Date.context_today(self))

    # what people do with it

    def action_accept(self):
        """ "I do it": an activity for me and, where none is open, an opportunity.

        :raises UserError: for what is not open.
        """
        self._check_open()
        for signal in self:
            if not signal.user_id:
                signal.user_id = self.env.user
            # sudo: crm.lead - an opportunity for whoever the signal is for
            lead = signal.lead_id or signal.sudo()._find_lead()
            lead = lead or signal.sudo()._create_lead()
            signal.sudo().write({"lead_id": lead.id, "state": "accepted"})
            signal._plan_activity()
        return self[:1]._get_lead_action() if len(self) == 1 else True

    def action_offer(self):
        """The customer has an offer."""
        self._check_open()
        self.state = "offered"

    def action_write(self):
        """Write to the customer, with what the level is worth in their language."""
        self.ensure_one()
        template = self.env.ref(
            "radio_sales_team.mail_template_tier_gap", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id
                if template and self.volume_id
                else False,
                "default_partner_ids": self._get_addressee().ids,
            },
        }

    def _get_addressee(self):
        """Who reads what is written: the agency where there is one, and there a
        contact with an address."""
        self.ensure_one()
        company = self.agency_id or self.partner_id
        contacts = company.child_ids.filtered("email")
        return company if company.email else contacts[:1] or company

    def _get_customer_sentence(self):
        """Where the customer stands, in their language and without what is ours."""
        self.ensure_one()
        row = self.sudo().volume_id.with_context(lang=self._get_addressee().lang)
        return row._get_sentence(for_customer=True) if row else self.text

    def action_dismiss(self):
        """Open the form that asks why not."""
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why not?"),
            "res_model": "radio.signal.dismiss",
            "view_mode": "form",
            "target": "new",
            "context": {"default_signal_ids": self.ids},
        }

    def action_reopen(self):
        """It was a slip: open again."""
        self.filtered(lambda one: one.state not in OPEN_STATES).write(
            {"state": "new", "reason_id": False}
        )

    def action_note_down(self):
        """Saved by pressing the button: say who will speak to the customer, and by
        when."""
        self.ensure_one()
        owner = self.user_id.name or self.env._("whoever takes it")
        message = self.env._("For %s", owner)
        if self.deadline:
            day = format_date(self.env, self.deadline)
            message = self.env._("For %(owner)s, until %(day)s", owner=owner, day=day)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.name,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _open_event_form(self, context):
        """Action that opens the short form for what somebody heard."""
        view = self.env.ref("radio_sales_team.radio_upsell_signal_view_form_event")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Heard something"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {**context, "default_kind": "event"},
        }

    def _move_to(self, partner):
        """These belong to another customer, because contacts were merged; what both
        had stays open once."""
        target = partner.commercial_partner_id
        for signal in self.sorted("id"):
            key = signal.dedupe_key and re.sub(
                r":\d+", f":{target.id}", signal.dedupe_key, count=1
            )
            vals = {"partner_id": target.id, "dedupe_key": key}
            if key and signal.state in OPEN_STATES:
                twin = self.search(
                    [
                        ("dedupe_key", "=", key),
                        ("company_id", "=", signal.company_id.id),
                        ("state", "in", OPEN_STATES),
                        ("id", "!=", signal.id),
                    ],
                    limit=1,
                )
                if twin:
                    vals["state"] = "expired"
            signal.write(vals)

    def _check_open(self):
        over = self.filtered(lambda one: one.state not in OPEN_STATES)
        if over:
            raise UserError(
                self.env._("“%s” is over. Open it again first.", over[0].name)
            )

    def _get_lead_action(self):
        if self.lead_id and self.lead_id.with_env(self.env).has_access("read"):
            return self.lead_id.with_env(self.env).get_formview_action()
        return True

    def _find_lead(self):
        """An open opportunity of the customer with the same owner."""
        return self.env["crm.lead"].search(
            [
                ("partner_id", "child_of", self.partner_id.id),
                ("won_status", "=", "pending"),
                ("type", "=", "opportunity"),
                ("user_id", "=", self.user_id.id),
                ("company_id", "in", [self.company_id.id, False]),
            ],
            limit=1,
        )

    def _create_lead(self):
        return self.env["crm.lead"].create(
            {
                "name": self.name,
                "type": "opportunity",
                "partner_id": (self.agency_id or self.partner_id).id,
                "advertiser_id": self.agency_id and self.partner_id.id,
                "user_id": self.user_id.id,
                "team_id": self.team_id.id or self.user_id.sale_team_id.id,
                "company_id": self.company_id.id,
                "campaign_start": self.event_date,
            }
        )

    def _plan_activity(self):
        """An activity of our own type for the owner, on the signal: it stands in their
        list with the date until which they should have spoken to the customer."""
        kind = "radio_sales_team.mail_activity_type_signal"
        for signal in self:
            if not signal.activity_ids:
                signal.sudo().activity_schedule(
                    kind,
                    date_deadline=signal.deadline
                    or fields.Date.context_today(signal) + timedelta(days=7),
                    summary=signal.name,
                    user_id=signal.user_id.id,
                )

    def _close_activities(self):
        """What is over needs no activity."""
        self.sudo().activity_ids.unlink()
