from odoo import api, fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._record_meetings()
        return events

    def write(self, vals):
        result = super().write(vals)
        if {"opportunity_id", "active"} & set(vals):
            self._withdraw_meetings()
        if {"opportunity_id", "partner_ids", "attendee_ids"} & set(vals):
            self._record_meetings()
        return result

    def unlink(self):
        self._withdraw_meetings(gone=True)
        return super().unlink()

    def _withdraw_meetings(self, gone=False):
        """An appointment that is called off, or was somebody else's, is no contact."""
        # sudo: radio.contact.attempt - a fact about the appointment
        attempts = self.env["radio.contact.attempt"].sudo()
        for attempt in attempts.search([("event_id", "in", self.ids)]):
            event = attempt.event_id
            kept = event.active and event.opportunity_id == attempt.lead_id
            # nobody has to be told of what they did themselves
            attempt.write({"is_withdrawn": gone or not kept, "is_told": True})

    def _record_meetings(self):
        """An appointment with the customer is a contact of whoever made it, once the
        customer is among those invited. A series is one appointment."""
        # sudo: calendar.event, crm.lead - who is invited, whoever may see it
        events = self.sudo().filtered(
            lambda event: event.opportunity_id and event.opportunity_id._is_recorded()
        )
        now = fields.Datetime.now()
        for lead, meetings in events.grouped("opportunity_id").items():
            if lead.contact_attempt_ids.event_id & (
                meetings | meetings.recurrence_id.calendar_event_ids
            ):
                continue
            customer = lead._get_customer()
            with_customer = meetings.filtered(
                lambda meeting, customer=customer: any(
                    map(customer.has_partner, meeting.partner_ids)
                )
            )
            lead._record_attempts(
                [
                    {
                        "lead_id": lead.id,
                        "event_id": meeting.id,
                        "channel": "meeting",
                        # one that was noted down afterwards
                        "attempted_at": min(meeting.start, now),
                    }
                    for meeting in with_customer[:1]
                ]
            )
