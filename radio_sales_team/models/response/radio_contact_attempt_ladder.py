from odoo import api, models

ENOUGH_TRIES = 3


class RadioContactAttempt(models.Model):
    """Trying again and again, until the customer is reached or it is enough."""

    _inherit = "radio.contact.attempt"

    @api.model_create_multi
    def create(self, vals_list):
        attempts = super().create(vals_list)
        # a next try was planned only where one had failed; every message comes here
        attempts.filtered(
            lambda attempt: (
                "not_reached" in attempt.lead_id.contact_attempt_ids.mapped("outcome")
            )
        )._end_next_tries()
        return attempts

    def write(self, vals):
        result = super().write(vals)
        if "outcome" in vals:
            self._end_next_tries()
        return result

    def _is_enough(self, calendar):
        """Whether nobody can say that it was not tried: three times, in two ways,
        before and after noon.

        :param calendar: ``resource.calendar`` whose noon divides the day.
        """
        halves = {calendar._is_morning(attempt.attempted_at) for attempt in self}
        ways = set(self.mapped("channel"))
        return len(self) >= ENOUGH_TRIES and len(ways) > 1 and len(halves) > 1

    def _end_next_tries(self):
        """Nobody has to try again where the customer was reached."""
        reached = self.filtered(
            lambda attempt: (
                attempt.outcome == "reached"
                and not attempt.is_withdrawn
                and not attempt.is_before_inquiry
            )
        )
        reached.lead_id._close_next_tries()
