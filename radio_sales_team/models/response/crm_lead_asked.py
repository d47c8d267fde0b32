from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """What the customer writes later, and what needs no answer after all."""

    _inherit = "crm.lead"

    asked_again_at = fields.Datetime(
        string="Asked Again On",
        readonly=True,
        copy=False,
        help="When the customer last asked again while they were waiting.",
    )
    asked_again_count = fields.Integer(
        string="Times Asked Again", readonly=True, copy=False
    )
    no_inquiry_kind_id = fields.Many2one(
        comodel_name="radio.no.inquiry.kind",
        string="No Sales Inquiry",
        copy=False,
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        help="What it was instead. Nobody waits for an offer then, and it is not "
        "counted among the inquiries.",
    )
    is_reply_waiting = fields.Boolean(
        compute="_compute_is_reply_waiting",
        help="The customer wrote, and nobody has answered yet.",
    )

    is_reply_waived = fields.Boolean(
        compute="_compute_is_reply_waived",
        help="Somebody decided that the last message needs no reply.",
    )

    @api.depends("sla_clock_ids.state", "sla_clock_ids.kind")
    def _compute_is_reply_waiting(self):
        waiting = {
            lead_id
            for lead_id, owed in self._get_kinds_owed().items()
            if any(kind == "next_reply" for kind, _state in owed)
        }
        self.is_reply_waiting = False
        self.filtered(lambda lead: lead._origin.id in waiting).is_reply_waiting = bool(
            waiting
        )

    @api.depends("sla_clock_ids.state", "sla_clock_ids.kind", "sla_clock_ids.waived_at")
    def _compute_is_reply_waived(self):
        for lead in self.sudo():
            replies = lead.sla_clock_ids.filtered(
                lambda clock: clock.kind == "next_reply"
            )
            last = replies.sorted("started_at")[-1:]
            lead.is_reply_waived = not lead.is_reply_waiting and bool(last.waived_at)

    def _get_kinds_owed(self):
        """What is owed on these, by one look at the open clocks alone: a pipeline shows
        hundreds of cards, and few of them owe anything.

        :return: dict of set of pairs (kind, state) by id of lead.
        """
        # sudo: radio.sla.clock - what is owed, for whoever sees the card
        groups = (
            self.env["radio.sla.clock"]
            .sudo()
            ._read_group(
                [
                    ("lead_id", "in", self._origin.ids),
                    ("state", "in", ("running", "paused")),
                ],
                ["lead_id", "kind", "state"],
            )
        )
        owed = {}
        for lead, kind, state in groups:
            owed.setdefault(lead.id, set()).add((kind, state))
        return owed

    def _get_open_clocks(self, kinds=None):
        """The running and paused clocks.

        :param kinds: of ``radio.sla.clock``, default: all.
        """
        return self.sla_clock_ids.filtered(
            lambda clock: (
                clock.state in ("running", "paused")
                and (not kinds or clock.kind in kinds)
            )
        )

    def _is_recorded(self):
        """Whether contacts are recorded here: on inquiries, and wherever an answer is
        due."""
        self.ensure_one()
        return self.is_inquiry or bool(
            self.sudo()._get_open_clocks(("next_reply", "promise"))
        )

    def _is_asked_again(self):
        """Whether the customer asked again and still waits for the answer."""
        self.ensure_one()
        if not self.asked_again_at:
            return False
        asked = self._get_open_clocks(("first_contact", "next_reply"))
        since = min(asked.mapped("started_at"), default=None)
        if since is None and not self.first_contact_at and self._is_waiting_open():
            since = self.received_at  # no policy promised anything
        return bool(since) and self.asked_again_at >= since

    def _receive_message(self):
        """The customer wrote on this lead: while they wait for the first contact they
        ask again; after it their oldest message without an answer starts a clock, also
        where the inquiry is won, lost or archived. What waited for them goes on."""
        self.ensure_one()
        if self._is_covered():
            # the other question of the same customer runs for both
            self.asked_before_id._receive_message()
            return
        now = fields.Datetime.now()
        open_clocks = self._get_open_clocks(("first_contact", "next_reply"))
        if open_clocks:
            open_clocks.pause_ids._end(now)
        if self._is_waiting_open() and not self.first_contact_at:
            self._ask_again()
            # an imported inquiry has none until the customer writes
            self._start_clocks("first_contact", begun_at=now)
        elif self._get_open_clocks(("next_reply",)):
            self._ask_again()
        elif not (self.no_inquiry_kind_id and self._get_unanswered_replies()):
            # of no sales inquiry it is void, until somebody says that it is one
            self._start_clocks("next_reply", begun_at=now)

    def _get_unanswered_replies(self):
        return self.sla_clock_ids.filtered(
            lambda clock: (
                clock.kind == "next_reply"
                and not clock.stopped_at
                and not clock.waived_at
            )
        )

    def _ask_again(self):
        # sudo: crm.lead - counted by the addon, whoever the customer wrote to
        for lead in self.sudo():
            lead.write(
                {
                    "asked_again_at": fields.Datetime.now(),
                    "asked_again_count": lead.asked_again_count + 1,
                }
            )

    def action_asked_again(self):
        """ "Customer asked again": to the top of everyone's list.

        :raises UserError: where nobody waits for an answer.
        """
        self.check_access("write")
        waiting = self.filtered(
            lambda lead: (
                lead.sudo()._get_open_clocks(("first_contact", "next_reply"))
                or (lead._is_waiting_open() and not lead.first_contact_at)
            )
        )
        # a customer who calls about an inquiry that was answered waits for a reply
        for lead in self - waiting:
            if not lead.is_inquiry:
                raise UserError(
                    self.env._("“%s” is no inquiry: nobody waits here.", lead.name)
                )
            lead._start_clocks("next_reply", begun_at=fields.Datetime.now())
        self._ask_again()
        for lead in self:
            lead._message_log(body=self.env._("The customer asked again."))
        return self._tell(
            self.env._("On top of everyone's list now. “Did not ask again” undoes it.")
        )

    def action_undo_asked_again(self):
        """Take "Customer asked again" back: it was a slip."""
        self.check_access("write")
        for lead in self.filtered("asked_again_at"):
            # what they asked twice they did ask
            twice = len(lead.sudo().asked_later_ids)
            count = max(lead.asked_again_count - 1, twice)
            # sudo: crm.lead - counted by the addon
            lead.sudo().write({"asked_again_at": False, "asked_again_count": count})
            lead._message_log(body=self.env._("“Customer asked again” was taken back."))

    def action_no_inquiry(self):
        """ "No sales inquiry": nobody waits for an offer. What it was is the first kind
        until somebody says better.

        :raises UserError: where there is no kind to choose.
        """
        kind = self.env["radio.no.inquiry.kind"].search([], limit=1)
        if not kind:
            raise UserError(
                self.env._(
                    "There is no kind of message to choose. Please ask a sales "
                    "administrator to add one under CRM > Configuration > Response "
                    "Times > No Sales Inquiry."
                )
            )
        inquiries = self.filtered("is_inquiry")
        inquiries.no_inquiry_kind_id = kind
        return self._tell(
            self.env._(
                "No sales inquiry. The filter “No sales inquiry” shows it, with a "
                "button to undo this."
            )
        )

    def action_undo_no_inquiry(self):
        """It is an inquiry after all: the time to answer goes on where it was."""
        self.filtered("no_inquiry_kind_id").no_inquiry_kind_id = False

    def action_no_reply_needed(self):
        """ "No reply needed": a "Thank you!" wants no answer."""
        self.check_access("write")
        # sudo: radio.sla.clock - clocks are kept by the addon, people only read them
        clocks = self.sudo()._get_open_clocks(("next_reply",))
        clocks.write(
            {"waived_at": fields.Datetime.now(), "waived_user_id": self.env.uid}
        )
        for lead in clocks.lead_id.with_env(self.env):
            lead._message_log(body=self.env._("No reply needed."))
        return self._tell(
            self.env._("No reply needed. “Reply needed after all” undoes it.")
        )

    def _tell(self, message):
        """Action that says what one click has done, to many or to one."""
        names = ", ".join(self[:3].mapped("name")) + ("…" if len(self) > 3 else "")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": names,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_undo_no_reply_needed(self):
        """The last message needs a reply after all: its clock goes on."""
        self.check_access("write")
        for lead in self.sudo():
            waived = lead.sla_clock_ids.filtered(
                lambda clock: clock.kind == "next_reply" and clock.waived_at
            ).sorted("waived_at")[-1:]
            waived.write({"waived_at": False, "waived_user_id": False})
        for lead in self:
            lead._message_log(body=self.env._("A reply is needed after all."))
