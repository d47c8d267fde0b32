import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

OPEN_STATES = ("new", "accepted", "offered")
# What the addon alone decides.
FIXED_FIELDS = (
    "closed_at",
    "dedupe_key",
    "insight_id",
    "lead_id",
    "reported_by_id",
    "tier_id",
    "volume_id",
)
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
    text = fields.Text(string="What to Say", help="The sentence for the call.")
    event_kind_id = fields.Many2one(
        comodel_name="radio.customer.event", string="Occasion", ondelete="restrict"
    )
    event_date = fields.Date(string="When It Happens")
    deadline = fields.Date(
        string="Speak Until", help="Until when somebody should have spoken to them."
    )
    released_on = fields.Date(
        default=lambda self: self.env.company._get_local_day(),
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
    is_told = fields.Boolean(copy=False, help="Whoever it is for has been told of it.")
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
        comodel_name="radio.customer.volume",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
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
        for signal in self:
            if signal.kind == "event" and signal.event_date:
                today = signal.company_id._get_local_day()
                if signal.state == "new" and signal.event_date < today:
                    raise ValidationError(
                        self.env._(
                            "%s is over. Enter when it happens, or leave it out where "
                            "nobody knows.",
                            format_date(self.env, signal.event_date),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # who noticed it is who enters it, and everything begins as new
            # (said in full, as a default of the context would count, too)
            fixed = dict.fromkeys(FIXED_FIELDS, False)
            fixed.update(reported_by_id=self.env.uid, state="new", kind="event")
            leads = [self._get_reported_lead(vals) for vals in vals_list]
            vals_list = [
                {
                    **({"user_id": lead.user_id.id} if lead.user_id else {}),
                    **vals,
                    **fixed,
                    "company_id": self.env.company.id,
                    "lead_id": lead.id,
                }
                for vals, lead in zip(vals_list, leads, strict=True)
            ]
        return super().create([self._prepare_signal(vals) for vals in vals_list])

    @api.model
    def _get_reported_lead(self, vals):
        """Return the open opportunity of the customer on which a user reports something
        (``crm.lead``), which has to be one that they may read."""
        default = self.env.context.get("default_lead_id")
        lead = self.env["crm.lead"].browse(vals.get("lead_id", default) or []).exists()
        if not lead or not lead.has_access("read") or not lead._is_open():
            return lead.browse()
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        # sudo: res.partner - only which company a contact belongs to
        same = partner.sudo().commercial_partner_id == lead.sudo()._get_advertiser()
        return lead if same else lead.browse()

    def write(self, vals):
        if not self.env.su:
            self._check_free_write(vals)
            if vals.get("state") == "accepted":
                # a card that is moved is as good as the button
                self.filtered(lambda one: one.state == "new").action_accept()
        if vals.get("state") and vals["state"] not in OPEN_STATES:
            vals = {"closed_at": fields.Datetime.now(), **vals}
        elif vals.get("state"):
            vals = dict(vals, closed_at=False)
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            # sudo: res.partner - only which company a contact belongs to
            vals = dict(vals, partner_id=partner.sudo().commercial_partner_id.id)
        result = super().write(vals)
        if vals.get("state") and vals["state"] not in OPEN_STATES:
            self._close_activities()
        return result

    def _check_free_write(self, vals):
        """Moving a card is allowed. Who noticed it never changes, and whether it was
        won is what its opportunity says."""
        if {*FIXED_FIELDS, "company_id", "kind"} & set(vals):
            self._refuse_free_write()
        state = vals.get("state")
        decided = any(one.state in ("won", "lost") for one in self)
        if state in ("won", "lost", "expired") or (state and decided):
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
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        if "user_id" not in vals:
            vals["user_id"] = self._get_owner(customer, company, vals.get("team_id")).id
        kind = self.env["radio.customer.event"].browse(vals.get("event_kind_id"))
        if kind and not vals.get("name"):
            vals["name"] = kind.name
        if vals.get("event_date") and not vals.get("deadline"):
            event_date = fields.Date.to_date(vals["event_date"])
            deadline = event_date - timedelta(days=kind.lead_days if kind else 28)
            vals["deadline"] = max(deadline, company._get_local_day())
        return vals

    @api.model
    def _get_owner(self, customer, company, team_id=False):
        """Who speaks to a customer: their seller, else their back office, else the
        leader of the team; whoever works for the company and can log in."""
        seller, back_office = customer._get_tandem()
        leader = self.env["crm.team"].sudo().browse(team_id or 0).user_id
        for user in (seller, back_office, leader):
            if user.active and company in user.sudo().company_ids:
                return user
        return seller.browse()

    def _follow_customer(self):
        """The customer has other people now: what nobody has begun is theirs."""
        for signal in self.filtered(lambda one: one.state == "new"):
            owner = self._get_owner(signal.partner_id, signal.company_id)
            if owner and owner != signal.user_id:
                signal.write({"user_id": owner.id, "is_told": False})

    def _move_to(self, partner):
        """These belong to another customer, because contacts were merged; what both
        had stays open once."""
        target = partner.commercial_partner_id
        for signal in self.sorted("id"):
            key = signal.dedupe_key and re.sub(
                r":\d+", f":{target.id}", signal.dedupe_key, count=1
            )
            twins = self.search(
                [
                    ("dedupe_key", "=", key or "-"),
                    ("company_id", "=", signal.company_id.id),
                    ("id", "!=", signal.id),
                ]
            )
            open_twin = twins.filtered(lambda one: one.state in OPEN_STATES)
            vals = {"partner_id": target.id, "dedupe_key": key}
            if signal.state not in OPEN_STATES or (open_twin and not signal.lead_id):
                # one of them goes on: the other one, or whichever has begun
                vals["dedupe_key"] = False if twins else key
                if open_twin and signal.state in OPEN_STATES:
                    vals["state"] = "expired"
            elif open_twin:
                open_twin.write({"state": "expired", "dedupe_key": False})
            signal.write(vals)
