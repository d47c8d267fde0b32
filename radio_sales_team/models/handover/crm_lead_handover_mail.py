from odoo import models

from ..response.mail_facts import get_mail_facts


class CrmLead(models.Model):
    """Mail about hand-overs: ours instead of Odoo's, and answers to it."""

    _inherit = "crm.lead"

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """The seller gets our message, and not Odoo's “You have been assigned” too."""
        told = self.filtered(
            lambda lead: (
                lead._is_waiting_open() and lead.user_id.partner_id.id in partner_ids
            )
        )
        for lead in told:
            others = list(set(partner_ids) - set(lead.user_id.partner_id.ids))
            if others:
                super(CrmLead, lead)._message_auto_subscribe_notify(others, template)
        return super(CrmLead, self - told)._message_auto_subscribe_notify(
            partner_ids, template
        )

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if len(self) == 1 and message.message_type == "email":
            # sudo: radio.handover - answered by mail, with nobody logged in
            answered = self.sudo()._find_answered(message.sudo())
            if answered:
                answered._receive_mail(message.sudo())
        return recipients

    def _find_answered(self, message):
        """The hand-over whose question this mail answers, empty for all others."""
        answers = get_mail_facts(self.env).answers
        return self.handover_ids.filtered(
            lambda one: (
                one.to_user_id.partner_id == message.author_id
                and one.message_id
                and (
                    one.message_id == message.parent_id
                    or one.message_id.message_id in answers
                )
            )
        )[:1]

    def _is_answer_to_colleague(self, message):
        # sudo: radio.handover - as in _notify_thread
        return bool(self.sudo()._find_answered(message)) or (
            super()._is_answer_to_colleague(message)
        )
