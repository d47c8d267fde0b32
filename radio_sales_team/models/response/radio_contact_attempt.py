from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .batch import BATCH_SIZE, run_in_batches
from .late import CLOCK_SKEW
from .radio_evaluation_mixin import RECORDED_BY
from .radio_sla_clock_cron import ESCALATE_CRON

ATTEMPT_CHANNELS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("messenger", "Messenger"),
    ("meeting", "Meeting"),
    ("in_person", "In person"),
    ("other", "Other"),
]
ATTEMPT_OUTCOMES = [("reached", "Reached"), ("not_reached", "Not reached")]

PROOFS = {"message_id", "activity_id", "event_id", "is_told", "is_withdrawn"}
NOT_DELIVERED = ("exception", "bounce", "canceled")


class RadioContactAttempt(models.Model):
    """One human try to speak to a customer: who, when, how, reached or not.

    Recorded without anyone thinking of it where something proves it (a message, a
    finished call), by hand for the rest. The first one that counts is the inquiry's
    first contact (see ``crm.lead``).
    """

    _name = "radio.contact.attempt"
    _inherit = ["radio.evaluation.mixin"]
    _description = "Contact Attempt"
    _order = "attempted_at, id"
    _rec_name = "attempted_at"
    _evaluated_people = RECORDED_BY | {"user_id"}

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Inquiry",
        required=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="restrict",
        help="Empty: so long ago that the name was taken off.",
    )
    attempted_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    channel = fields.Selection(
        selection=ATTEMPT_CHANNELS,
        string="How",
        required=True,
        default="phone",
    )
    outcome = fields.Selection(
        selection=ATTEMPT_OUTCOMES,
        required=True,
        default="reached",
        help="Reached: the customer heard from us. A message that was sent counts.",
    )
    note = fields.Text(help="What was said, for whoever talks to the customer next.")

    # what proves it
    message_id = fields.Many2one(
        comodel_name="mail.message", index="btree_not_null", ondelete="set null"
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity", index="btree_not_null", ondelete="set null"
    )
    event_id = fields.Many2one(
        comodel_name="calendar.event", index="btree_not_null", ondelete="set null"
    )
    is_proven = fields.Boolean(
        compute="_compute_is_proven",
        help="A message, a finished call or an appointment proves this contact.",
    )
    is_withdrawn = fields.Boolean(
        string="Not Delivered",
        help="The message could not be delivered, so the customer heard nothing.",
    )
    is_told = fields.Boolean(
        help="That it was not delivered is noted down to be told.",
    )
    is_before_inquiry = fields.Boolean(
        string="Before the Inquiry",
        compute="_compute_is_before_inquiry",
        help="Made before the inquiry was received: it cannot have answered it.",
    )

    _activity_uniq = models.UniqueIndex(
        "(activity_id) WHERE activity_id IS NOT NULL",
        "This call is recorded as a contact already.",
    )
    _message_uniq = models.UniqueIndex(
        "(lead_id, message_id) WHERE message_id IS NOT NULL",
        "This message is recorded as a contact already.",
    )

    _failed_idx = models.Index(
        "(id) WHERE is_withdrawn IS TRUE AND is_told IS NOT TRUE"
    )

    @api.depends("attempted_at", "lead_id.received_at")
    def _compute_is_before_inquiry(self):
        for attempt in self:
            received_at = attempt.lead_id.received_at
            attempt.is_before_inquiry = bool(
                received_at
                and attempt.attempted_at
                and attempt.attempted_at < received_at
            )

    @api.constrains("attempted_at")
    def _check_attempted_at(self):
        latest = fields.Datetime.now() + CLOCK_SKEW
        for attempt in self:
            if attempt.attempted_at > latest:
                raise ValidationError(
                    self.env._(
                        "A contact cannot be in the future. Enter when you spoke to "
                        "the customer, or plan an activity for later."
                    )
                )

    def _counts_for(self, stop_on, received_at, calendar=None):
        """Whether these attempts are accepted as an answer; the one rule for it.

        Where only reaching the customer counts, having tried enough does, too: see
        :meth:`_is_enough`.

        :param stop_on: ``attempt`` or ``reached``, what the policy accepts.
        :param received_at: when the customer asked.
        :param calendar: ``resource.calendar`` whose noon divides the day.
        :return: the attempts that are accepted, earliest first.
        """
        attempts = self.filtered(
            lambda attempt: (
                not attempt.is_withdrawn and attempt.attempted_at >= received_at
            )
        ).sorted(lambda attempt: (attempt.attempted_at, attempt._origin.id))
        if stop_on != "reached":
            return attempts
        enough = tried = self.browse()
        for attempt in attempts:
            if attempt.outcome == "reached":
                break
            tried |= attempt
            if calendar and tried._is_enough(calendar):
                enough = attempt
                break
        return attempts.filtered(
            lambda attempt: attempt.outcome == "reached" or attempt == enough
        )

    @api.depends("message_id", "activity_id", "event_id")
    def _compute_is_proven(self):
        for attempt in self.sudo():
            attempt.is_proven = bool(
                attempt.message_id or attempt.activity_id or attempt.event_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        # what a default brings is as good as what is given
        defaults = {
            name.removeprefix("default_"): value
            for name, value in self.env.context.items()
            if name.startswith("default_")
        }
        for vals in vals_list:
            self._check_facts({**defaults, **vals}, PROOFS)
        lead_ids = {vals.get("lead_id", defaults.get("lead_id")) for vals in vals_list}
        leads = self.env["crm.lead"].browse(lead_ids - {None, False})
        people = leads._get_first_people()
        attempts = super().create(vals_list)
        leads._check_first_people(people)
        attempts._own_inquiry()
        # sudo: crm.lead - what the customer asked twice, whoever may see it
        attempts.sudo().lead_id._refresh_later()
        return attempts

    def write(self, vals):
        proven = any(attempt.is_proven for attempt in self)
        self._check_facts(
            vals,
            PROOFS | {"lead_id"} | ({"attempted_at", "channel"} if proven else set()),
        )
        # sudo: crm.lead - what the customer asked twice, whoever may see it
        before = self.sudo().lead_id
        people = self.lead_id._get_first_people()
        result = super().write(vals)
        self.env["crm.lead"]._check_first_people(people)
        (before | self.sudo().lead_id)._refresh_later()
        return result

    def unlink(self):
        leads = self.sudo().lead_id
        result = super().unlink()
        leads._refresh_later()
        return result

    def _check_facts(self, vals, forbidden):
        """Refuse what would make one's own what others did: proofs, another lead,
        another person; time and way of a contact that something proves.

        :raises AccessError: for all but our own recording of contacts.
        """
        if self.env.su:
            return
        other_user = vals.get("user_id", self.env.uid) != self.env.uid
        manager = vals.get("user_id", True) and self.env.user.has_group(
            "sales_team.group_sale_manager"
        )
        if forbidden & set(vals) or (other_user and not manager):
            raise AccessError(
                self.env._(
                    "A contact is recorded for who made it, with what proves it. Log "
                    "your own contacts; a sales administrator can log others'."
                )
            )

    def _own_inquiry(self):
        """Who of the back office answers an inquiry that nobody has taken, has it."""
        for attempt in self:
            lead = attempt.lead_id
            if lead.is_inquiry and not lead.back_office_user_id:
                pool = lead.team_id._get_back_office_user_ids(lead.team_id.id)
                if attempt.user_id.id in pool:
                    # sudo: crm.lead - taking is allowed to the whole back office
                    lead.sudo().back_office_user_id = attempt.user_id

    @api.model
    def _update_withdrawn(self, messages):
        """Withdraw the attempts whose message reached nobody at the customer's.

        :param messages: ``mail.message`` whose delivery status changed.
        """
        for attempt in self.search([("message_id", "in", messages.ids)]):
            customer = attempt.lead_id._get_customer()
            statuses = [
                notification.notification_status
                for notification in attempt.message_id.notification_ids
                if customer.has_partner(notification.res_partner_id)
                or customer.has_email(notification.mail_email_address)
                # where the module for SMS is installed
                or (
                    "sms_number" in notification
                    and customer.has_phone(notification.sms_number)
                )
            ]
            withdrawn = bool(statuses) and set(statuses) <= set(NOT_DELIVERED)
            if attempt.is_withdrawn != withdrawn:
                attempt.write({"is_withdrawn": withdrawn, "is_told": False})

    @api.model
    def _tell_withdrawn(self):
        """Whoever wrote what did not arrive is told, as the customer still waits.

        :return: how many contacts that failed were noted down to be told.
        """

        def get_due(excluded_ids):
            return self.search(
                [
                    ("is_withdrawn", "=", True),
                    ("is_told", "=", False),
                    ("id", "not in", list(excluded_ids)),
                ],
                limit=BATCH_SIZE,
            )

        def process(attempts):
            attempts.is_told = True
            now = fields.Datetime.now()
            requests = []
            for attempt in attempts:
                lead = attempt.lead_id
                calendar = lead._get_clock_calendar()
                user = attempt.user_id.filtered("active") or lead.back_office_user_id
                if user and calendar and lead._is_urgent(now):
                    requests.append((user, lead, calendar, now))
            self.env["radio.sla.notice"]._collect(requests)

        return run_in_batches(self, get_due, process, ESCALATE_CRON)

    def action_switch_outcome(self):
        """Correct "reached" to "not reached" and back, in one click."""
        for attempt in self:
            attempt.outcome = (
                "not_reached" if attempt.outcome == "reached" else "reached"
            )
