from odoo import api, fields, models
from odoo.tools import hmac

from .radio_sla_notice import MAX_LISTED, MAX_OTHERS

# What can be answered with one tap in a notice, and how it is recorded.
TAPS = {
    "phone": {"channel": "phone"},
    "tried": {"channel": "phone", "outcome": "not_reached"},
    "email": {"channel": "email"},
    "messenger": {"channel": "messenger"},
}


class CrmLead(models.Model):
    """What a notice says about an inquiry, and the answers with one tap in it."""

    _inherit = "crm.lead"

    def _is_urgent(self, now):
        """Whether somebody has to be told of this lead: part of the time to answer is
        used up, or the first contact did not arrive.

        :param now: naive UTC datetime.
        """
        self.ensure_one()
        if any(
            clock.state == "running" and clock.warning_at and clock.warning_at <= now
            for clock in self.sla_clock_ids
        ):
            return True
        return (
            self._is_waiting_open()
            and not self.first_contact_at
            and any(self.contact_attempt_ids.mapped("is_withdrawn"))
        )

    def _notify_urgent(self, user):
        """One message to one person about all these inquiries, in their language.

        Sent as a notification that belongs to no lead, so that it can never be taken
        for an answer to a customer.
        """
        leads = self.with_context(lang=user.lang, tz=user.tz).sorted(
            lambda lead: (not lead.is_chased, lead.sla_deadline or lead.received_at)
        )
        if len(leads) == 1:
            subject = leads.env._("Waiting for an answer: %s", leads.name)
        else:
            subject = leads.env._("%s inquiries are waiting for an answer", len(leads))
        body = leads.env["ir.qweb"]._render(
            "radio_sales_team.response_notice",
            {
                "leads": leads[:MAX_LISTED],
                "more": max(len(leads) - MAX_LISTED, 0),
                "others": leads._get_others(user),
                "user": user,
                "taps": leads._get_tap_labels(),
            },
            minimal_qcontext=True,
        )
        user._notify_from_station(subject, body, leads.env._("inquiries"))

    def _get_others(self, user):
        """What else waits for this person within the hour, for whoever looks anyway."""
        clocks = self.env["radio.sla.clock"].search(
            [
                ("user_id", "=", user.id),
                ("state", "=", "running"),
                ("deadline", "<", "now +1H"),
                ("lead_id", "not in", self.ids),
            ],
            order="deadline",
            limit=MAX_OTHERS,
        )
        return clocks.lead_id

    def _get_tap_labels(self):
        return {
            "phone": self.env._("I called"),
            "tried": self.env._("I called, nobody there"),
            "email": self.env._("I wrote"),
            "messenger": self.env._("I sent a message"),
        }

    def _get_tap_link(self, user, tap):
        """Link that records a contact of this person when they tap it.

        Signed, because a mail of a customer that is shown in Odoo could else hold such
        a link as a picture, and be answered by being looked at.
        """
        self.ensure_one()
        token = self._get_tap_token(user, tap)
        path = f"/radio_sales_team/contact/{self.id}/{tap}/{token}"
        return self.get_base_url() + path

    def _get_tap_token(self, user, tap):
        waiting_since = fields.Datetime.to_string(self._get_tap_start())
        return hmac(
            self.env(su=True),
            "radio_sales_team.contact",
            (self.id, user.id, tap, waiting_since),
        )

    def _get_tap_start(self):
        """Since when the customer waits: a link holds for one question only."""
        running = self.sudo()._get_open_clocks()
        return min(running.mapped("started_at"), default=self.received_at or False)

    @api.model
    def _is_tap(self, tap):
        return tap in TAPS

    def _record_tap(self, tap):
        """Record the contact of whoever tapped, where the customer still waits."""
        self.ensure_one()
        lead = self.sudo()
        if lead._get_open_clocks() or (
            lead._is_waiting_open() and not lead.first_contact_at
        ):
            self._record_attempts([{"lead_id": self.id, **TAPS[tap]}])
            self._message_log(body=self._get_tap_labels()[tap])
