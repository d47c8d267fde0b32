from datetime import timedelta

from odoo import api, fields, models

# Ways in which one speaks to a customer, not only leaves something for them.
SPOKEN = ("phone", "meeting", "in_person")


class RadioSlaClock(models.Model):
    """Whether a clock runs, and what stopped it."""

    _inherit = "radio.sla.clock"

    @api.depends(
        "begun_at",
        "promised_for",
        "lead_id.first_contact_at",
        "lead_id.contact_attempt_ids.attempted_at",
        "lead_id.contact_attempt_ids.channel",
        "lead_id.contact_attempt_ids.is_withdrawn",
        "lead_id.contact_attempt_ids.outcome",
    )
    def _compute_stopped_at(self):
        for clock in self:
            if clock.kind == "first_contact":
                clock.stopped_at = clock.lead_id.first_contact_at
            else:
                clock.stopped_at = clock._get_answer().attempted_at

    @api.depends(
        "stopped_at",
        "waived_at",
        "pause_ids.ended_at",
        "lead_id.is_inquiry",
        "lead_id.no_inquiry_kind_id",
        "lead_id.active",
        "lead_id.won_status",
    )
    def _compute_state(self):
        now = fields.Datetime.now()
        for clock in self:
            if clock.waived_at or clock._is_void():
                clock.state = "cancelled"
            elif clock.stopped_at:
                clock.state = "done"
            elif not (clock.is_after_end or clock.lead_id._is_open()):
                clock.state = "cancelled"
            else:
                paused = clock.pause_ids.filtered(lambda pause: pause._is_on(now))
                clock.state = "paused" if paused else "running"

    def _is_void(self):
        """Whether there was nothing to promise: it is no inquiry after all."""
        lead = self.lead_id
        return bool(lead.no_inquiry_kind_id) or (
            self.kind == "first_contact" and not lead.is_inquiry
        )

    def _get_answer(self):
        """The contact attempt that kept a promise, empty while there is none.

        A call-back is kept from the agreed moment on; a talk earlier on that day keeps
        it too, a message that only confirms it does not.
        """
        self.ensure_one()
        attempts = self.lead_id.contact_attempt_ids
        if not attempts or not self.started_at:
            return attempts
        # what was said before, or in the very second, is no answer to it
        later = self.started_at + timedelta(seconds=1)
        answers = attempts._counts_for(self.stop_on, later, self.calendar_id)
        if self.kind == "promise":
            midnight = self.calendar_id._get_midnight(
                self.calendar_id._get_local_day(self.promised_for)
            )
            earliest = max(later, midnight)
            answers = answers.filtered(
                lambda attempt: (
                    attempt.attempted_at >= self.promised_for
                    or (
                        attempt.attempted_at >= earliest
                        and attempt.channel in SPOKEN
                        and attempt.outcome == "reached"
                    )
                )
            )
        return answers[:1]
