from odoo import api, models


class RadioSlaClock(models.Model):
    """The seller's own time to call, after a hand-over.

    The first contact keeps its own clock: handing over makes nothing good that was
    late before.
    """

    _inherit = "radio.sla.clock"

    @api.depends("lead_id.user_id")
    def _compute_state(self):
        return super()._compute_state()

    def _is_void(self):
        """A seller who has it no more need not call."""
        is_open = self.kind == "seller_contact" and not self.stopped_at
        if is_open and not self.is_nameless:
            if self.lead_id.user_id != self.promised_by_id:
                return True
        return super()._is_void()

    def _get_answer(self):
        """Only the seller's own contact keeps the seller's promise."""
        if self.kind != "seller_contact":
            return super()._get_answer()
        if self.is_nameless:
            # nobody knows any more whose contacts these are: it stays as it was
            return self.lead_id.contact_attempt_ids.filtered(
                lambda attempt: attempt.attempted_at == self.stopped_at
            )[:1]
        own = self.lead_id.contact_attempt_ids.filtered(
            lambda attempt: attempt.user_id == self.promised_by_id
        )
        return own._counts_for(self.stop_on, self.started_at, self.calendar_id)[:1]

    @api.depends("lead_id.contact_attempt_ids.user_id")
    def _compute_stopped_at(self):
        return super()._compute_stopped_at()

    @api.model
    def _cron_escalate(self):
        """Also what nobody answered in time: asked once a minute is enough."""
        self.env["radio.handover"]._expire_due()
        return super()._cron_escalate()
