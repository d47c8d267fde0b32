from odoo import api, fields, models
from odoo.tools import html2plaintext

from .customer import Customer
from .radio_contact_attempt import ATTEMPT_CHANNELS, ATTEMPT_OUTCOMES

# Whoever types in such an inquiry has just spoken to the customer.
SPOKEN_CHANNELS = {"phone": "phone", "reception": "in_person", "chat": "messenger"}


class CrmLead(models.Model):
    """The first contact: follows from the contact attempts, which record themselves."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "radio.evaluation.mixin"]
    _evaluated_people = frozenset({"first_contact_user_id"})
    _evaluated_facts = frozenset(
        {"first_contact_at", "first_contact_deadline", "sla_status"}
    )

    # the first contact
    contact_attempt_ids = fields.One2many(
        comodel_name="radio.contact.attempt",
        inverse_name="lead_id",
        copy=False,
    )
    first_contact_at = fields.Datetime(
        string="First Contact",
        compute="_compute_first_contact",
        store=True,
        copy=False,
        help="The first contact attempt that the response-time policy accepts.",
    )
    first_contact_user_id = fields.Many2one(
        comodel_name="res.users",
        string="First Contact By",
        compute="_compute_first_contact",
        store=True,
        copy=False,
    )
    first_contact_channel = fields.Selection(
        selection=ATTEMPT_CHANNELS,
        string="First Contact How",
        compute="_compute_first_contact",
        store=True,
        copy=False,
    )
    first_contact_outcome = fields.Selection(
        selection=ATTEMPT_OUTCOMES,
        compute="_compute_first_contact",
        store=True,
        copy=False,
    )

    inquirer = fields.Char(
        string="Customer",
        compute="_compute_inquirer",
        help="Who asked, and for which business.",
    )

    @api.depends("contact_name", "partner_name", "partner_id", "email_from", "phone")
    def _compute_inquirer(self):
        for lead in self:
            name = lead.contact_name or lead.partner_id.name
            business = lead.partner_name if lead.partner_name != name else False
            known = ", ".join(filter(None, [name, business]))
            lead.inquirer = known or lead.email_from or lead.phone

    @api.depends(
        "asked_before_id",
        "received_at",
        "contact_attempt_ids.attempted_at",
        "contact_attempt_ids.channel",
        "contact_attempt_ids.is_withdrawn",
        "contact_attempt_ids.outcome",
        "contact_attempt_ids.user_id",
        "sla_clock_ids.stop_on",
        "sla_clock_ids.calendar_id",
    )
    def _compute_first_contact(self):
        for lead in self:
            first = lead.contact_attempt_ids.browse()
            attempts = lead._get_counted_attempts()
            if lead.received_at and attempts:
                clock = lead._get_first_contact_clock()
                # one's own promise, or that of the inquiry that stands for this one
                clock = clock or lead.asked_before_id._get_first_contact_clock()
                first = attempts._counts_for(
                    clock.stop_on, lead.received_at, clock.calendar_id
                )[:1]
            lead.first_contact_at = first.attempted_at
            lead.first_contact_user_id = first.user_id
            lead.first_contact_channel = first.channel
            lead.first_contact_outcome = first.outcome

    def action_log_contact(self):
        """Open the form to log a call or another contact with the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log contact with %s", self._get_caller_name()),
            "res_model": "radio.take.call",
            "view_mode": "form",
            "view_id": self.env.ref("radio_sales_team.radio_take_call_view_form").id,
            "target": "new",
            "context": {"default_lead_id": self.id, "default_is_log": True},
        }

    def _get_caller_name(self):
        self.ensure_one()
        return (
            self.contact_name
            or self.partner_id.name
            or self.partner_name
            or self.email_from
            or self.name
        )

    def _get_customer(self):
        """Who counts as the customer here, see :class:`Customer`."""
        self.ensure_one()
        return Customer(self)

    def _record_spoken(self):
        """Whoever types in a call has just spoken to the customer, unless the customer
        wants to be called back. A list that is imported tells of nobody's talk."""
        if self.env.context.get("import_file"):
            return
        self._record_attempts(
            [
                {
                    "lead_id": lead.id,
                    "attempted_at": lead.received_at,
                    "channel": SPOKEN_CHANNELS[lead.inquiry_channel],
                }
                for lead in self
                if lead.inquiry_channel in SPOKEN_CHANNELS and not lead.call_back_wanted
            ]
        )

    @api.model
    def _record_calls(self, calls, feedback):
        """A finished call activity is an attempt of whoever finished it.

        :param calls: list of pairs (``mail.activity``, id of its lead).
        :param feedback: what was typed in when it was marked done, may be empty.
        """
        # sudo: crm.lead - core lets people finish activities on others' leads
        leads = self.sudo().browse([lead_id for _call, lead_id in calls]).exists()
        inquiries = set(leads.filtered(lambda lead: lead._is_recorded()).ids)
        self._record_attempts(
            [
                {
                    "lead_id": lead_id,
                    "activity_id": call.id,
                    "channel": "phone",
                    "note": feedback and html2plaintext(feedback),
                }
                for call, lead_id in calls
                if lead_id in inquiries
            ]
        )

    @api.model
    def _record_attempts(self, vals_list, user=None):
        """Record attempts that something proves; never one by a machine.

        :param user: who spoke to the customer, default: who does this.
        """
        user = user or self.env.user
        if not vals_list or not user.active or not user._is_internal():
            return
        # sudo: radio.contact.attempt - what happened is recorded, whatever rights the
        # person has who did it
        self.env["radio.contact.attempt"].sudo().create(
            [dict(vals, user_id=user.id) for vals in vals_list]
        )
