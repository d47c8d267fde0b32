from odoo import api, models
from odoo.tools import email_normalize_all
from odoo.tools.mail import email_split_tuples

from ...tools.mail_headers import MACHINE, PERSON, is_nobody
from .customer import is_colleague
from .mail_facts import get_mail_facts

# Kinds of message that a person writes to a customer, and how the attempt was made.
# All others are written by Odoo, or by nobody in particular.
MESSAGE_CHANNELS = {"comment": "email", "email": "email", "sms": "sms"}


class CrmLead(models.Model):
    """Mail and chatter: what comes in is an inquiry, what goes out is a contact."""

    _inherit = "crm.lead"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail that makes a lead is an inquiry, unless a machine wrote it."""
        facts = get_mail_facts(self.env)
        msg_dict = self._name_inquirer(msg_dict)
        values = dict(custom_values or {})
        values.setdefault("inquiry_channel", "email")
        if not msg_dict.get("author_id"):
            # a sender who is no contact yet has a name all the same
            for name, email in email_split_tuples(msg_dict.get("email_from"))[:1]:
                values.setdefault("contact_name", name or email)
        if facts.writer == MACHINE and not facts.is_trusted:
            values["is_inquiry"] = False
        return super().message_new(msg_dict, custom_values=values)

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Only here it is known whom a message really goes to."""
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        # sudo: crm.lead, mail.message - whom it went to, whoever may read them
        lead = self.sudo()
        if len(lead) == 1 and not self._is_notification_scheduled(
            kwargs.get("scheduled_date")
        ):
            lead._record_message(
                message.sudo(), recipients, kwargs.get("sms_numbers") or []
            )
        return recipients

    def _record_message(self, message, recipients, sms_numbers):
        """Record a message as a contact attempt where a colleague wrote it and the
        customer gets it.

        :param message: ``mail.message`` that was just sent.
        :param recipients: what ``_notify_thread`` returned.
        :param sms_numbers: numbers that get it as SMS besides the recipients.
        """
        channel = MESSAGE_CHANNELS.get(message.message_type)
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        is_first = self._is_first_mail_of_colleague(message)
        if not channel or (
            channel != "sms" and message.subtype_id.id != comment and not is_first
        ):
            return
        facts = get_mail_facts(self.env)
        if facts.writer == MACHINE or (facts.writer != PERSON and not facts.is_trusted):
            return  # an out-of-office reply, or an address behind which nobody reads
        author = self._get_colleague(message)
        if not author:
            if channel == "email" and not is_first and self._is_from_outside(message):
                self._receive_message()
            return
        if not self._is_recorded():
            return
        if self._is_sent_to_customer(message, recipients, sms_numbers):
            if message not in self.contact_attempt_ids.message_id:
                vals = {
                    "lead_id": self.id,
                    "message_id": message.id,
                    "channel": channel,
                }
                self._record_attempts([vals], user=author)
            if channel == "sms":
                # it may have failed before it could be recorded
                self.env["radio.contact.attempt"]._update_withdrawn(message)
        elif (
            message.message_type == "email"
            and not is_first
            and not self.first_contact_at
        ):
            if not self._is_answer_to_colleague(message):
                self._tell_author_nothing_sent(author)

    def _is_first_mail_of_colleague(self, message):
        """Return whether a message is the mail that made this inquiry, and somebody
        else than the customer wrote it: a colleague who has the station in copy."""
        return (
            message.message_type == "email"
            and bool(message.author_id)
            and message.author_id != self.partner_id
            and message.subtype_id == self._creation_subtype()
        )

    def _is_answer_to_colleague(self, message):
        """Whether a colleague answers a question of ours by mail, not the customer."""
        return False

    def _get_colleague(self, message):
        """Who of us wrote a message, empty for everybody else: for a mail its author,
        else who sent it, whatever name a template puts on it."""
        if message.message_type == "email":
            user = message.author_id.user_ids
        else:
            user = message.create_uid.filtered("active")
        return user.filtered(lambda user: user._is_internal())[:1]

    def _is_from_outside(self, message):
        """Whether somebody wrote this who is not the station: a person outside, not
        Odoo's own robot and not a colleague through a template."""
        author = message.author_id
        robot = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
        return author.id != robot and (
            author.id not in self.env["res.company"]._get_own_partner_ids()
            and not is_colleague(author)
        )

    def _is_sent_to_customer(self, message, recipients, sms_numbers):
        """Whether the customer gets this message: from Odoo, or in the mail itself
        that a colleague wrote in their own mail program."""
        contact = self.partner_id
        own = self.env["res.company"]._get_own_partner_ids()
        if contact.id not in own and any(
            recipient["id"] == contact.id
            and not recipient.get("uid")
            and not is_nobody(recipient["email_normalized"])
            for recipient in recipients
        ):
            return True  # nearly always, and nothing has to be read for it
        customer = self._get_customer()
        if not customer:
            return False
        partners = self.env["res.partner"].browse(
            [recipient["id"] for recipient in recipients if recipient["id"]]
        )
        emails = [
            recipient["email_normalized"]
            for recipient in recipients
            if not recipient["id"]
        ]
        addressed = email_normalize_all(
            f"{message.incoming_email_to or ''}, {message.incoming_email_cc or ''}"
        )
        if addressed:
            known = partners.search([("email_normalized", "in", addressed)])
            colleagues = known.filtered(is_colleague).mapped("email_normalized")
            emails += [email for email in addressed if email not in colleagues]
            partners |= known.filtered(
                lambda partner: partner.email_normalized not in colleagues
            )
        return (
            any(map(customer.has_email, emails))
            or any(map(customer.has_phone, sms_numbers))
            or any(map(customer.has_partner, partners - message.author_id))
        )

    def _tell_author_nothing_sent(self, author):
        """A colleague answered the station's address alone, and Odoo forwarded it to
        nobody at the customer's: they would wait for a reaction that cannot come."""
        lead = self.with_context(lang=author.lang)
        lead.env["mail.thread"].message_notify(
            subject=lead.env._("Your answer did not reach the customer: %s", lead.name),
            body=lead.env._(
                "Your mail on “%(name)s” is kept in Odoo, but it was addressed to the "
                "station only, so the customer did not get it. Please answer from the "
                "inquiry, or write to the customer with the station's address in copy: "
                "%(link)s",
                name=lead.name,
                link=lead._notify_get_action_link("view"),
            ),
            partner_ids=author.partner_id.ids,
            email_layout_xmlid="mail.mail_notification_light",
        )
