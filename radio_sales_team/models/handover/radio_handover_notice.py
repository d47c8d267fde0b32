from odoo import fields, models
from odoo.tools import hmac, html2plaintext

from ...tools.mail_headers import PERSON
from ...tools.reply_text import get_reply_text, is_acceptance
from ..response.mail_facts import get_mail_facts

LINK_PATH = "/radio_sales_team/handover"


class RadioHandover(models.Model):
    """What people are told, and the answers from a mail: by link, or "ok"."""

    _inherit = "radio.handover"

    def _notify_sellers(self):
        """Ask each seller, or tell them of their own customer: one message each, about
        all that is asked of them now."""
        for seller, handovers in self.grouped("to_user_id").items():
            if not seller.active or seller == self.env.user:
                continue
            handovers = handovers.with_context(lang=seller.lang, tz=seller.tz)
            handovers._notify_seller(seller)

    def _notify_seller(self, seller):
        """As a notification on the inquiry, so that an answer by mail comes back there
        as a note, which the customer never sees."""
        first = self[:1]
        if first.kind == "back":
            subject = self.env._("Yours again: %s inquiries", len(self))
        elif len(self) > 1:
            subject = self.env._("%s inquiries for you", len(self))
        elif first.kind == "own":
            subject = self.env._("Your customer: %s", first.lead_id.name)
        else:
            subject = self.env._("Do you take over? %s", first.lead_id.name)
        body = self.env["ir.qweb"]._render(
            "radio_sales_team.handover_notice",
            {"handovers": self, "seller": seller},
            minimal_qcontext=True,
        )
        asker = first.from_user_id.partner_id
        thread = first.lead_id.with_context(mail_notify_force_send=True)
        message = thread.message_notify(
            author_id=asker.id,
            body=self.env["mail.render.mixin"]._replace_local_links(body),
            email_layout_xmlid="mail.mail_notification_light",
            model_description=self.env._("hand-over"),
            partner_ids=seller.partner_id.ids,
            subject=subject,
        )
        if len(self) == 1:
            self.message_id = message.id

    def _tell_asker(self, words):
        """Tell who asked what the answer is."""
        asker = self.from_user_id
        if asker == self.env.user or not (asker.active and asker._is_internal()):
            return
        if asker == self.env.ref("base.user_root"):
            return
        lead = self.lead_id.with_context(lang=asker.lang)
        body = f"{words}: {lead.name}"
        if self.answer_note:
            body += f" ({self.answer_note})"
        lead.message_notify(
            body=body,
            email_layout_xmlid="mail.mail_notification_light",
            partner_ids=asker.partner_id.ids,
            subject=f"{words}: {lead.name}",
        )

    def _get_answer_labels(self):
        return {
            "accept": self.env._("I take over"),
            "call_at": self.env._("I call at …"),
            "decline": self.env._("I cannot"),
        }

    def _get_answer_link(self, answer):
        """Link with which the seller answers; nobody else's login can use it.

        :param answer: ``accept``, ``call_at`` or ``decline``.
        """
        self.ensure_one()
        base = self.get_base_url()
        return f"{base}{LINK_PATH}/{self.id}/{answer}/{self._get_answer_token(answer)}"

    def _get_answer_token(self, answer):
        """Signed, because a link in a mail of a customer that is shown in Odoo could
        else answer by being looked at."""
        return hmac(
            self.env(su=True),
            "radio_sales_team.handover",
            (
                self.id,
                self.to_user_id.id,
                answer,
                fields.Datetime.to_string(self.requested_at),
            ),
        )

    def _receive_mail(self, message):
        """Handle the mail of whoever was asked.

        If a person wrote it and its whole text is one of a few words that say yes, they
        take over. Anything else is shown with the request, for whoever asked to read.

        :param message: ``mail.message`` that came in.
        """
        self.ensure_one()
        if not (self._get_answerable() and self.lead_id._is_open()):
            return  # over: it stays a note on the inquiry
        text = html2plaintext(message.body or "")
        reply = get_reply_text(text)
        if get_mail_facts(self.env).writer == PERSON and is_acceptance(reply):
            self.with_user(self.to_user_id)._accept(fields.Datetime.now(), note=reply)
            return
        self.answer_note = " ".join((reply or text).split())[:200]
        words = self.env._("%s answered by mail", self.to_user_id.name)
        self._tell_asker(words)
