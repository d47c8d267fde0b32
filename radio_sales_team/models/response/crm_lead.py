from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.http import request

# How an inquiry came in. Not the medium of marketing attribution, which says how the
# customer heard of the station.
INQUIRY_CHANNELS = [
    ("email", "E-mail"),
    ("website", "Website"),
    ("chat", "Chat"),
    ("phone", "Phone"),
    ("reception", "Reception"),
    ("mail_plugin", "Mail plugin"),
    ("other", "Other"),
]

# What can end an inquiry, so that another one of the customer has to wait by itself.
ENDING_FIELDS = {
    "active",
    "is_inquiry",
    "lost_reason_id",
    "no_inquiry_kind_id",
    "probability",
    "stage_id",
}
# What tells whose inquiry it is, and who answers.
CUSTOMER_FIELDS = {"company_id", "email_from", "partner_id", "phone", "team_id"}

# What decides which policy applies, beside the company.
URGENCY_FIELDS = {"inquiry_channel", "priority", "tag_ids", "team_id"}

WEBSITE_FORM = "/website/form/"

# Requests of other modules that tell how the inquiry came in, by a part of their path.
PATH_CHANNELS = {WEBSITE_FORM: "website", "/mail_plugin/": "mail_plugin"}


def get_request_path():
    """The path of the request, empty without one."""
    # in core's own tests there are requests whose path is no text
    return str(request.httprequest.path) if request else ""


class CrmLead(models.Model):
    """An inquiry: a customer is waiting for the station."""

    _inherit = "crm.lead"

    user_id = fields.Many2one(default=lambda self: self._default_user_id())

    # the inquiry
    inquiry_channel = fields.Selection(
        selection=INQUIRY_CHANNELS,
        string="Came In By",
        default=lambda self: self._default_inquiry_channel(),
        copy=False,
        help="How the customer asked. Choosing it starts the time to answer.",
    )
    is_inquiry = fields.Boolean(
        string="Inquiry",
        compute="_compute_is_inquiry",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        help="A customer is waiting for an answer from the station.",
    )
    received_at = fields.Datetime(
        string="Received",
        compute="_compute_received_at",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        help="When the customer asked, not when it was typed in.",
    )
    call_back_wanted = fields.Boolean(
        copy=False,
        help="The caller wants to be called back: typing in the call does not count "
        "as the first contact.",
    )
    back_office_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Back Office",
        compute="_compute_back_office_user_id",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
        help="Who in the back office answers this inquiry.",
    )

    @api.model
    def _default_user_id(self):
        """Whoever types in an inquiry becomes its salesperson in core. The back office
        types in what others will sell."""
        if self.env.user.has_group("radio_sales_team.group_back_office"):
            return self.env["res.users"]
        return self.env.user

    @api.model
    def _default_inquiry_channel(self):
        """What someone from outside sends (a website form) is an inquiry; staff say
        themselves whether a customer is waiting, unless they come by a way that tells.
        """
        path = get_request_path()
        for part, channel in PATH_CHANNELS.items():
            if part in path:
                return channel
        return "website" if self._is_sent_from_outside() else False

    @api.model
    def _is_sent_from_outside(self):
        """Whether no colleague does this.

        Odoo creates the leads of its website forms as OdooBot, so who sent the request
        is what tells. A colleague who tries the website's form is from outside, too.
        """
        if WEBSITE_FORM in get_request_path():
            return True
        user = (request and request.env.user) or self.env.user
        return not user._is_internal()

    @api.depends("inquiry_channel")
    def _compute_is_inquiry(self):
        for lead in self:
            lead.is_inquiry = lead.inquiry_channel and not lead.no_inquiry_kind_id

    @api.depends("is_inquiry")
    def _compute_received_at(self):
        now = fields.Datetime.now()
        for lead in self:
            if lead.is_inquiry and not lead.received_at:
                created = lead._origin.create_date or now
                lead.received_at = min(created.replace(microsecond=0), now)

    @api.depends("is_inquiry")
    def _compute_team_id(self):
        """Core looks at the salesperson alone; an inquiry that the back office types in
        has none yet, and belongs to the team of whoever took it."""
        result = super()._compute_team_id()
        for lead in self:
            if lead.is_inquiry and not lead.user_id and not lead.team_id:
                company = lead.company_id or self.env.company
                lead.team_id = self.env.user._get_sales_team(company)
        return result

    @api.depends("is_inquiry", "team_id")
    def _compute_back_office_user_id(self):
        """Who of the back office types it in keeps it. Else, where one person alone is
        the team's back office, it is theirs at once; several share a pool, from which
        each takes."""
        for lead in self:
            if lead.back_office_user_id or not (lead.is_inquiry and lead.team_id):
                continue
            pool = lead.team_id._get_back_office_user_ids(lead.team_id.id)
            if not lead._origin and self.env.uid in pool:
                lead.back_office_user_id = self.env.uid
            elif len(pool) == 1:
                lead.back_office_user_id = pool[0]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_derived(vals)
        leads = super().create([self._prepare_inquiry_vals(vals) for vals in vals_list])
        inquiries = leads.filtered("is_inquiry")
        if self.env.context.get("import_file"):
            # nobody asks by a list: see action_start_clocks
            inquiries._subscribe_owner()
        elif inquiries:
            inquiries._begin_inquiry()
        return leads

    @api.model
    def _prepare_inquiry_vals(self, vals):
        """The values of a new lead, with how the customer asked where that is known."""
        if "inquiry_channel" in vals:
            return vals
        if vals.get("origin_channel_id"):
            # what an operator or a chatbot makes of a live chat
            return dict(vals, inquiry_channel="chat")
        return {**self.default_get(["inquiry_channel"]), **vals}

    def write(self, vals):
        self._check_derived(vals)
        self._check_received_later(vals)
        if vals.get("no_inquiry_kind_id"):
            vals = dict(vals, is_inquiry=False)
        elif "no_inquiry_kind_id" in vals:
            excluded = self.filtered("no_inquiry_kind_id")
            if excluded and excluded != self:
                # only what was excluded becomes an inquiry by this
                return excluded.write(vals) and (self - excluded).write(vals)
            if excluded:
                vals = dict(vals, is_inquiry=True)
        channel = vals.get("inquiry_channel")
        first_told = self.filtered(
            lambda lead: (
                channel
                # merging says both, and is no talk with the customer
                and "is_inquiry" not in vals
                and not lead.inquiry_channel
                and not lead.contact_attempt_ids
                and lead.create_uid == self.env.user
            )
        )
        before = self._get_first_people() if "received_at" in vals else {}
        paused = self.browse()
        if "stage_id" in vals:
            paused = self.filtered("stage_id.is_waiting_for_customer")
        result = super().write(vals)
        self._check_first_people(before)
        # the only way in for a lead that becomes an inquiry later
        if channel or vals.get("is_inquiry"):
            inquiries = self.filtered("is_inquiry")
            inquiries._subscribe_owner()
            if not self.env.context.get("import_file"):
                inquiries._start_clocks("first_contact")
        if "stage_id" in vals:
            self._follow_stage(paused)
        if URGENCY_FIELDS & set(vals):
            self._tighten_deadlines()
        if self._get_amount_fields() & set(vals):
            self.filtered(lambda lead: lead.won_status == "won")._on_amount_changed()
        if CUSTOMER_FIELDS & set(vals):
            # sudo: crm.lead - other inquiries of the customer, whoever may see them
            self.sudo()._check_same_customer()
        if ENDING_FIELDS & set(vals):
            # sudo: crm.lead - other inquiries of the customer, whoever may see them
            self.sudo()._uncover_later()
        # who forgot to say that it was a call says so now
        first_told._record_spoken()
        return result

    def action_take(self):
        """ "I'll take it": the inquiry is mine to answer.

        :raises UserError: where a colleague was quicker.
        """
        if not self.env.user.has_group("radio_sales_team.group_back_office"):
            raise AccessError(self.env._("Only the back office takes inquiries."))
        for lead in self:
            owner = lead.back_office_user_id
            if owner and owner != self.env.user:
                raise UserError(
                    self.env._(
                        "%(colleague)s has taken “%(name)s” already.",
                        colleague=owner.name,
                        name=lead.name,
                    )
                )
        self.back_office_user_id = self.env.user

    def _begin_inquiry(self):
        """What a new inquiry gets: an owner who hears of replies, its clock, and, where
        whoever typed it in has just spoken to the customer, the first contact."""
        inquiries = self - self._archive_resent()
        inquiries._link_earlier()
        inquiries._subscribe_owner()
        inquiries._start_clocks("first_contact")
        inquiries._record_spoken()

    def _subscribe_owner(self):
        """Core subscribes who was entered, not who was computed."""
        for user, leads in self.grouped("back_office_user_id").items():
            if user:
                leads._message_subscribe(user.partner_id.ids)

    def _assign_userless_lead_in_team(self, creation_source):
        """Where a back office answers first, its team's leader is not made the seller
        (and not mailed) just because nobody else was: assigned is not picked up."""
        pooled = self.filtered(
            lambda lead: (
                # also what a machine wrote: nobody's to sell
                lead.inquiry_channel
                and lead.team_id._get_back_office_user_ids(lead.team_id.id)
            )
        )
        return super(CrmLead, self - pooled)._assign_userless_lead_in_team(
            creation_source
        )

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """The back-office owner follows the inquiry, so that replies reach them; who
        was given it by somebody else is told, as a salesperson is."""
        followers = super()._message_auto_subscribe_followers(
            updated_values, default_subtype_ids
        )
        owner = self.env["res.users"].browse(updated_values.get("back_office_user_id"))
        if owner and owner.sudo().active:
            template = "mail.message_user_assigned" if owner != self.env.user else False
            followers.append(
                (owner.sudo().partner_id.id, default_subtype_ids, template)
            )
        return followers
