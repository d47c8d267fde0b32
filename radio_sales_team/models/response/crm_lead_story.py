from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import format_datetime

# One thing that happened. moment: naive UTC datetime; icon: of Font Awesome; words:
# what; who: name, may be empty; note: what was said, may be empty; rank: what comes
# first of what happened in the same second.
Event = namedtuple("Event", "moment icon words who note rank", defaults=("", "", 1))

ICONS = {
    "phone": "fa-phone",
    "email": "fa-envelope",
    "sms": "fa-comment",
    "messenger": "fa-comments",
    "meeting": "fa-calendar",
    "in_person": "fa-user",
    "other": "fa-circle-o",
}


class CrmLead(models.Model):
    """What happened with an inquiry, in one place and in order, for whoever talks to
    the customer next."""

    _inherit = "crm.lead"

    story = fields.Html(compute="_compute_story", sanitize=False)

    @api.depends(
        "acknowledged_at",
        "asked_again_at",
        "contact_attempt_ids.write_date",
        "received_at",
        "sla_clock_ids.write_date",
        "won_status",
    )
    @api.depends_context("lang", "tz")
    def _compute_story(self):
        for lead in self:
            # sudo: crm.lead - who may read an inquiry may read what happened with it
            events = lead.sudo()._get_story() if lead._origin else []
            lead.story = lead._render_story(events) if events else False

    def _render_story(self, events):
        return self.env["ir.qweb"]._render(
            "radio_sales_team.crm_lead_story",
            {"lead": self, "events": events},
            minimal_qcontext=True,
        )

    def _format_event_moment(self, moment):
        """Day and time as the reader's language writes them, without seconds."""
        return format_datetime(self.env, moment, tz=str(self.env.tz), dt_format="short")

    def _get_story(self):
        """What happened, the earliest first; other concerns add theirs.

        :return: list of :class:`Event`.
        """
        self.ensure_one()
        events = self._get_arrival_events()
        for attempt in self.contact_attempt_ids:
            events.append(attempt._get_event())
        for clock in self.sla_clock_ids:
            events += clock._get_events()
        return sort_events(events)

    def _get_arrival_events(self):
        """How the customer asked, and what they were told automatically."""
        events = []
        if self.received_at:
            channels = dict(
                self._fields["inquiry_channel"]._description_selection(self.env)
            )
            words = self.env._("Received")
            if self.inquiry_channel:
                words = f"{words} · {channels[self.inquiry_channel]}"
            who = self._get_caller_name()
            events.append(Event(self.received_at, "fa-inbox", words, who, rank=0))
        if self.acknowledged_at:
            words = self.env._("Acknowledged automatically")
            events.append(Event(self.acknowledged_at, "fa-reply", words))
        if self.asked_again_at:
            words = self.env._("The customer asked again")
            events.append(Event(self.asked_again_at, "fa-bullhorn", words))
        if self.date_closed and self.won_status != "pending":
            words = self.env._("Won") if self.won_status == "won" else None
            words = words or self.env._("Lost")
            events.append(Event(self.date_closed, "fa-flag", words))
        return events


def sort_events(events):
    """What happened, the earliest first."""
    return sorted(events, key=lambda event: (event.moment, event.rank))


class RadioContactAttempt(models.Model):
    _inherit = "radio.contact.attempt"

    def _get_event(self):
        """This contact as a part of the inquiry's story."""
        self.ensure_one()
        words = [
            dict(self._fields[name]._description_selection(self.env)).get(
                self[name], self[name]
            )
            for name in ("channel", "outcome")
        ]
        if self.is_withdrawn:
            words[1] = self.env._("Not delivered")
        return Event(
            self.attempted_at,
            ICONS.get(self.channel, "fa-circle-o"),
            " · ".join(words),
            self.user_id.name,
            self.note or "",
        )


class RadioSlaClock(models.Model):
    _inherit = "radio.sla.clock"

    def _get_events(self):
        """What this clock tells beyond the contacts that stopped it.

        :return: list of :class:`Event`.
        """
        self.ensure_one()
        events = []
        waived = False
        if self.kind == "next_reply":
            words = self.env._("The customer wrote")
            events.append(Event(self.started_at, "fa-inbox", words))
            waived = self.env._("No reply needed")
        if self.kind == "promise":
            words = self.env._(
                "Promised to call back %s", self.lead_id._format_promise(self)
            )
            who = self.promised_by_id.name
            event = Event(self.begun_at, "fa-handshake-o", words, who, rank=2)
            events.append(event)
            waived = self.env._("The call-back is not wanted any more")
        if waived and self.waived_at:
            who = self.waived_user_id.name
            events.append(Event(self.waived_at, "fa-check", waived, who))
        for pause in self.pause_ids:
            words = self.env._("Waiting for the customer")
            event = Event(
                pause.paused_at,
                "fa-pause",
                words,
                pause.user_id.name,
                pause.reason or "",
            )
            events.append(event)
        return events
