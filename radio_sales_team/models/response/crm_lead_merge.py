from odoo import models


class CrmLead(models.Model):
    """Merging: one inquiry of several, and nothing of any is lost."""

    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Keep every attempt and every promise, and when the customer first asked."""
        result = super()._merge_dependences(opportunities)
        # sudo: radio.contact.attempt, radio.sla.clock - merging corrects nobody's
        # contact and no promise, it moves them
        head, tails = self.sudo(), opportunities.sudo()
        questions = (head | tails).filtered(
            lambda lead: lead._get_open_clocks(("first_contact",))
        )
        if not head._is_open() and head.won_status != "won":
            waiting = tails.filtered(
                lambda lead: (
                    lead._is_waiting_open()
                    and (not lead.first_contact_at or lead._get_open_clocks())
                )
            )
            if waiting:
                # the customer goes on waiting, on whichever opportunity remains
                head.action_unarchive()
        asked_at = questions.mapped("received_at")
        answered = (head | tails)._get_answered_questions()
        tails.contact_attempt_ids.lead_id = head
        tails.sla_clock_ids.filtered(
            lambda clock: clock.kind != "first_contact"
        ).lead_id = head
        self._merge_asked(head, tails)
        self._merge_inquiry(head, tails)
        # what was asked after the first contact was not answered by it
        first = head.first_contact_at
        later = [moment for moment in asked_at if first and moment > first]
        if later:
            head._start_clocks("next_reply", begun_at=min(later))
        head._keep_answered(answered)
        return result

    def _get_answered_questions(self):
        """When the customer of each of these asked, where somebody made them wait and
        answered; a call that was just typed in made nobody wait.

        :return: dict of naive UTC datetime by ``radio.sla.clock``.
        """
        clocks = self.filtered("is_inquiry").sla_clock_ids.filtered(
            lambda clock: (
                clock.kind == "first_contact"
                and clock.state == "done"
                and clock.started_at < clock.stopped_at
            )
        )
        return {clock: clock.started_at for clock in clocks.sorted("started_at")}

    def _keep_answered(self, asked_at):
        """What was asked after the first contact, and answered, stays a wait of its
        own, in time or late: else joining would make it vanish from the reports. What
        was asked before it is one wait, from the earliest question on.

        :param asked_at: see :meth:`_get_answered_questions`.
        """
        first = self.first_contact_at
        later = [clock for clock, asked in asked_at.items() if first and asked > first]
        for clock in later:
            clock.write(
                {"begun_at": asked_at[clock], "kind": "next_reply", "lead_id": self.id}
            )
        earliest = next((clock for clock in asked_at if clock not in later), None)
        if earliest and not self._get_first_contact_clock():
            # its own was for a later question; no two are for the first contact
            self.sla_clock_ids.flush_recordset(["kind"])
            earliest.lead_id = self

    def _merge_asked(self, head, tails):
        if head.asked_before_id in tails:
            head.asked_before_id = False
        (tails.asked_later_ids - head - tails).asked_before_id = head
        moments = (head | tails).mapped("asked_again_at")
        head.write(
            {
                "asked_again_count": sum((head | tails).mapped("asked_again_count")),
                "asked_again_at": max(filter(None, moments), default=False),
            }
        )

    def _merge_inquiry(self, head, tails):
        inquiries = (head | tails).filtered("is_inquiry").sorted("received_at")
        if not inquiries:
            return
        owner = head.back_office_user_id or inquiries.back_office_user_id[:1]
        head.write(
            {
                "inquiry_channel": inquiries[0].inquiry_channel,
                "is_inquiry": True,
                "no_inquiry_kind_id": False,
                "received_at": inquiries[0].received_at,
                "back_office_user_id": owner.id,
            }
        )
