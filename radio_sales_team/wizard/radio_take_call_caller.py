from odoo import api, fields, models
from odoo.exceptions import UserError


class RadioTakeCall(models.TransientModel):
    """Who is calling: found, or typed in."""

    _inherit = "radio.take.call"

    caller_id = fields.Many2one(comodel_name="radio.caller", string="Who Is Calling")
    caller_name = fields.Char(string="Name")
    caller_company = fields.Char(string="Company")
    caller_phone = fields.Char(string="Phone")
    caller_email = fields.Char(string="E-mail")
    caller_card = fields.Html(compute="_compute_caller_card", sanitize=False)
    open_lead_ids = fields.Many2many(
        comodel_name="crm.lead", compute="_compute_open_lead_ids"
    )
    is_new = fields.Boolean(string="New inquiry")

    @api.depends("caller_id")
    def _compute_open_lead_ids(self):
        for call in self:
            call.open_lead_ids = call._get_open_leads()

    @api.depends("caller_id", "is_new")
    def _compute_lead_id(self):
        for call in self:
            if call.is_log:
                continue
            leads = call._get_open_leads()
            if call.is_new or call.lead_id not in leads:
                call.lead_id = False
            if len(leads) == 1 and not call.is_new:
                call.lead_id = leads

    @api.depends("caller_id")
    def _compute_caller_card(self):
        for call in self:
            record = call.caller_id._get_record()
            call.caller_card = call._render_caller_card(record) if record else False

    @api.onchange("caller_id")
    def _onchange_caller_id(self):
        """What is open now is shown, so only what comes later is a surprise."""
        self.opened_at = self._default_opened_at()

    def _render_caller_card(self, record):
        return self.env["ir.qweb"]._render(
            "radio_sales_team.radio_caller_card", self._prepare_caller_card(record)
        )

    def _prepare_caller_card(self, record):
        """What the card shows of whoever calls; other concerns add theirs."""
        is_lead = record._name == "crm.lead"
        family = self.env["res.partner"] if is_lead else record._get_family()
        won = record.env["crm.lead"].search(
            [("partner_id", "in", family.ids), ("won_status", "=", "won")],
            order="date_closed desc, id desc",
            limit=1,
        )
        leads = self._get_open_leads()
        return {
            "back_office": leads.back_office_user_id[:1],
            "email": record.email_from if is_lead else record.email,
            "leads": leads,
            "record": record,
            "seller": record.user_id or family.user_id[:1],
            "won": won,
        }

    def _get_open_leads(self):
        """With the rights of the user, also where Odoo computes as superuser."""
        self.ensure_one()
        record = self.caller_id._get_record()
        leads = record.env["crm.lead"]
        return leads._get_open_of(record) if record else leads

    def _get_caller_name(self):
        record = self.caller_id._get_record()
        typed = self.caller_name or self.caller_company or self.caller_phone
        return record._get_caller_label()[0] if record else typed

    def _check_caller(self):
        """:raises UserError: where nobody would know who to call back."""
        if self.is_log:
            raise UserError(self.env._("This inquiry is gone. Please open it again."))
        if self.caller_id._get_record():
            if self.open_lead_ids and not self.is_new:
                raise UserError(
                    self.env._("Choose which inquiry it is about, or “New inquiry”.")
                )
        elif not f"{self.caller_name or ''}{self.caller_phone or ''}".strip():
            raise UserError(
                self.env._(
                    "Please enter the caller's name or number below “Not found? Type "
                    "it in”, so that somebody can call back."
                )
            )

    def _prepare_caller_vals(self):
        """Who is calling, on a new inquiry."""
        record = self.caller_id._get_record()
        if not record:
            return {
                "contact_name": self.caller_name,
                "partner_name": self.caller_company,
                "phone": self.caller_phone,
                "email_from": self.caller_email,
            }
        if record._name == "res.partner":
            return {"partner_id": record.id}
        names = ("contact_name", "partner_name", "phone", "email_from")
        return {name: record[name] for name in names}

    def _find_just_created(self):
        """Return an inquiry of the same caller that was saved since this form was
        opened: a colleague typed in the same call. Two who save at the same moment make
        two inquiries of one customer, as with any customer who asks twice."""
        leads = self.env["crm.lead"]
        record = self.caller_id._get_record()
        if not record:
            record = leads.new(self._prepare_caller_vals())
        return leads._get_open_of(record).filtered(
            lambda lead: lead.create_date > self.opened_at
        )[:1]
