import textwrap
from datetime import timedelta

from odoo import api, fields, models

from ..models.response.crm_lead_contact import SPOKEN_CHANNELS
from ..models.response.radio_contact_attempt import ATTEMPT_CHANNELS, ATTEMPT_OUTCOMES

TITLE_LENGTH = 60


class RadioTakeCall(models.TransientModel):
    """One form while the phone is at the ear: who calls, what about, what is next.

    Also the form to log a contact on an inquiry that is known (``is_log``). One save
    finds or creates the inquiry, records the contact, tells the history and makes the
    next step. Who calls: ``radio_take_call_caller.py``, what happens next:
    ``radio_take_call_next.py``.
    """

    _name = "radio.take.call"
    _description = "Take Call"

    is_log = fields.Boolean(help="A contact on an inquiry that is already known.")
    saved_lead_id = fields.Many2one(comodel_name="crm.lead", readonly=True)
    opened_at = fields.Datetime(default=lambda self: self._default_opened_at())
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="About",
        compute="_compute_lead_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('id', 'in', open_lead_ids)]",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        compute="_compute_team_id",
        store=True,
        precompute=True,
        # sent by the form: without it, answers to the team's questions get lost
        readonly=False,
    )
    inquiry_channel = fields.Selection(
        selection="_selection_inquiry_channel",
        string="Came In By",
        default="phone",
    )
    channel = fields.Selection(
        selection=ATTEMPT_CHANNELS,
        string="How",
        required=True,
        compute="_compute_channel",
        store=True,
        readonly=False,
        precompute=True,
    )
    outcome = fields.Selection(
        selection=ATTEMPT_OUTCOMES,
        required=True,
        default="reached",
    )
    attempted_at = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    note = fields.Text(string="What It Is About")
    lead_properties = fields.Properties(
        definition="team_id.lead_properties_definition",
        string="To Clear Up",
    )
    is_before_inquiry = fields.Boolean(compute="_compute_is_before_inquiry")
    tried_in_words = fields.Char(related="lead_id.tried_in_words", related_sudo=False)

    @api.model
    def _default_opened_at(self):
        """The second after now, by the clock that also dates new records."""
        return self.env.cr.now().replace(microsecond=0) + timedelta(seconds=1)

    @api.model
    def _selection_inquiry_channel(self):
        selection = self.env["crm.lead"]._fields["inquiry_channel"]
        labels = dict(selection._description_selection(self.env))
        return [(channel, labels[channel]) for channel in SPOKEN_CHANNELS]

    @api.depends("lead_id")
    def _compute_team_id(self):
        for call in self:
            call.team_id = call.lead_id.team_id or call._get_new_team()

    @api.depends("inquiry_channel", "is_log")
    def _compute_channel(self):
        for call in self:
            spoken = SPOKEN_CHANNELS.get(call.inquiry_channel)
            call.channel = "phone" if call.is_log else spoken or "phone"

    @api.depends("attempted_at", "lead_id")
    def _compute_is_before_inquiry(self):
        for call in self:
            received_at = call.lead_id.received_at
            call.is_before_inquiry = bool(
                received_at and call.attempted_at and call.attempted_at < received_at
            )

    @api.constrains("lead_id")
    def _check_lead_id(self):
        self.sudo(False).lead_id.check_access("read")

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        """What is cleared up already is there."""
        if self.lead_id:
            self.lead_properties = self.lead_id._get_property_values()
            self.is_new = False

    def _get_new_team(self):
        """The team of a new inquiry: that of whoever takes the call."""
        team = self.env.user._get_sales_team(self.env.company)
        return team or self.env["crm.team"]._get_default_team_id(user_id=self.env.uid)

    def action_save(self):
        """Save the call.

        :raises UserError: where something is missing; what was typed stays.
        """
        self.ensure_one()
        if self.saved_lead_id:
            # pressed twice
            return self._tell_saved(self.saved_lead_id)
        self._check_complete()
        lead = self.lead_id or self._find_just_created()
        if lead:
            self._record_attempt(lead)
        else:
            lead = self._create_lead()
        self._write_properties(lead)
        self._log(lead)
        self._make_next_step(lead)
        # of two clicks at the same moment the second fails here and is retried
        self.saved_lead_id = lead
        if self.is_log:
            return {"type": "ir.actions.act_window_close"}
        return self._tell_saved(lead)

    def _check_complete(self):
        if self.lead_id:
            self.lead_id.check_access("write")
        else:
            self._check_caller()
        self._check_next_step()

    def _record_attempt(self, lead):
        """With the rights of the user: people log their own contacts."""
        self.env["radio.contact.attempt"].create(self._prepare_attempt_vals(lead))

    def _prepare_attempt_vals(self, lead):
        return {
            "lead_id": lead.id,
            "user_id": (self.user_id or self.env.user).id,
            "attempted_at": self.attempted_at,
            "channel": self.channel,
            "outcome": self.outcome,
            "note": self.note,
        }

    def _create_lead(self):
        """A new inquiry, as if typed in on its own form. Who was spoken to is recorded
        as a contact by itself there."""
        lead = self.env["crm.lead"].create(self._prepare_lead_vals())
        if not lead.contact_attempt_ids:
            self._record_attempt(lead)
        elif self.note:
            lead.contact_attempt_ids.note = self.note
        return lead

    def _prepare_lead_vals(self):
        caller = self._prepare_caller_vals()
        return {
            "name": self._get_title(),
            "inquiry_channel": self.inquiry_channel,
            "received_at": self.attempted_at,
            # nobody was spoken to, so typing it in is no contact
            "call_back_wanted": self.outcome == "not_reached",
            "team_id": self.team_id.id,
            **caller,
        }

    def _get_title(self):
        """The first words of the wish."""
        line = next(iter((self.note or "").strip().splitlines()), "")
        if line:
            return textwrap.shorten(line, TITLE_LENGTH, placeholder="…")
        return self.env._("Call from %s", self._get_caller_name())

    def _write_properties(self, lead):
        """Only what was told: nobody's earlier answers are emptied."""
        told = {name: value for name, value in self._get_told().items() if value}
        if told and lead.team_id == self.team_id:
            lead.lead_properties = {**lead._get_property_values(), **told}

    def _get_told(self):
        values = self.read(["lead_properties"])[0]["lead_properties"]
        return {value["name"]: value.get("value") for value in values}

    def _log(self, lead):
        """Tell the history in one line."""
        words = [self._get_label("channel"), self._get_label("outcome"), self.note]
        lead._message_log(body=" · ".join(filter(None, words)))

    def _get_label(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name])

    def _tell_saved(self, lead):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The call is saved: %s", lead.name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
