from odoo import api, models


class RadioContactAttempt(models.Model):
    """Who simply calls the customer has taken over."""

    _inherit = "radio.contact.attempt"

    @api.model_create_multi
    def create(self, vals_list):
        attempts = super().create(vals_list)
        for attempt in attempts:
            # sudo: radio.handover - what was asked of them, whoever may see it
            handovers = attempt.sudo().lead_id.handover_ids
            asked = handovers._get_answerable().filtered(
                lambda handover, attempt=attempt: (
                    handover.to_user_id == attempt.user_id
                    and handover.requested_at <= attempt.attempted_at
                    and handover.lead_id._is_open()
                )
            )[:1]
            if asked:
                asked._accept(attempt.attempted_at, begun_at=asked.requested_at)
        return attempts
