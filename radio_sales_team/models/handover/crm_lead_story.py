from odoo import api, models

from ..response.crm_lead_story import Event, sort_events


class CrmLead(models.Model):
    """Hand-overs in the inquiry's story."""

    _inherit = "crm.lead"

    @api.depends("handover_ids.write_date", "nothing_more_at")
    def _compute_story(self):
        return super()._compute_story()

    def _get_story(self):
        events = super()._get_story()
        for handover in self.handover_ids:
            events += handover._get_events()
        if self.nothing_more_at:
            words = self.env._("Nothing more is to be done")
            events.append(Event(self.nothing_more_at, "fa-check", words))
        return sort_events(events)


class RadioHandover(models.Model):
    _inherit = "radio.handover"

    def _get_events(self):
        """The question and its answer as parts of the inquiry's story."""
        self.ensure_one()
        seller = self.to_user_id.name
        questions = {
            "asked": self.env._("%s was asked to take over", seller),
            "changed": self.env._("%s became the salesperson and was asked", seller),
            "own": self.env._("%s was told, it is their customer", seller),
            "back": self.env._("Given back to %s", seller),
        }
        answers = {
            "accepted": self.env._("%s takes over", seller),
            "declined": self.env._(
                "%(seller)s cannot take over: %(reason)s",
                seller=seller,
                reason=self.reason_id.name,
            ),
            "expired": self.env._("%s has not answered", seller),
            "withdrawn": self.env._("%s is not asked any more", seller),
        }
        events = [
            Event(
                self.requested_at,
                "fa-share",
                questions.get(self.kind, questions["asked"]),
                self.from_user_id.name,
                self.note or "",
            )
        ]
        at = self.deadline if self.state == "expired" else self.answered_at
        if at and self.state in answers and self.kind not in ("own", "back"):
            note = self.answer_note or ""
            icon = "fa-check" if self.state == "accepted" else "fa-times"
            events.append(Event(at, icon, answers[self.state], note=note))
        return events
