import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import formataddr, is_html_empty

from ...tools.mail_headers import is_nobody
from .customer import is_own_address
from .mail_facts import get_mail_facts, is_received

_logger = logging.getLogger(__name__)

# An acknowledgement to the same address at most so often: two machines that
# acknowledge each other would never end.
ACKNOWLEDGE_ONCE_IN = timedelta(hours=24)

# What keeps machines from answering an acknowledgement.
HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class CrmLead(models.Model):
    """The acknowledgement: an automatic mail that says who will answer, and by when."""

    _inherit = "crm.lead"

    acknowledged_at = fields.Datetime(
        string="Acknowledged",
        copy=False,
        readonly=True,
        help="When the inquirer was told automatically that the inquiry has arrived. "
        "This is no contact.",
    )

    def _begin_inquiry(self):
        """A mail is acknowledged once it stands in the history, see below."""
        result = super()._begin_inquiry()
        if not is_received(self.env) and self._is_sent_from_outside():
            self.filtered(lambda lead: lead.inquiry_channel == "website")._acknowledge()
        return result

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if (
            is_received(self.env)
            and message.message_type == "email"
            # only the mail that made the inquiry has this subtype
            and message.subtype_id == self._creation_subtype()
        ):
            self._acknowledge()
        return recipients

    def _acknowledge(self):
        """Acknowledge the inquiries whose policy says so, each once."""
        policies = self.env["radio.sla.policy"]
        # sudo: crm.lead, mail.template - outsiders and the gateway may read neither
        for lead in self.sudo():
            policy = lead._get_first_contact_clock().policy_id
            template_id = policies._get_acknowledgement_template_id(policy.id)
            template = lead.env["mail.template"].browse(template_id).exists()
            if template and lead._is_acknowledgement_due():
                lead._send_acknowledgement(template)

    def _is_acknowledgement_due(self):
        """Whether the inquirer is a person who has not been told yet."""
        self.ensure_one()
        facts = get_mail_facts(self.env)
        address = self._get_inquirer_address()
        if (
            self.acknowledged_at
            or not self._get_promise_words()
            or (facts.suppresses_replies and not facts.is_trusted)
            or not address
            or is_nobody(address)
            or is_own_address(self.env, address)
        ):
            return False
        since = fields.Datetime.now() - ACKNOWLEDGE_ONCE_IN
        return not self.with_context(active_test=False).search_count(
            [("email_normalized", "=", address), ("acknowledged_at", ">", since)],
            limit=1,
        )

    def _send_acknowledgement(self, template):
        """Send it; a template that is broken must not cost the inquiry."""
        try:
            with self.env.cr.savepoint():
                self._post_acknowledgement(template)
        except Exception:
            _logger.exception(
                "Response times: acknowledgement “%s” of inquiry %d failed",
                template.name,
                self.id,
            )

    def _post_acknowledgement(self, template):
        lang = self._get_inquirer_lang()
        company = self._get_response_company()
        rendered = template.with_context(template_preview_lang=lang)._generate_template(
            self.ids, ["subject", "body_html", "email_from"]
        )[self.id]
        if is_html_empty(rendered["body_html"]):
            return
        # Scheduled actions that fetch mail leave what is sent to the mail queue; the
        # inquirer does not follow what colleagues write just because of this.
        lead = self.with_user(SUPERUSER_ID).with_context(
            lang=lang, mail_notify_force_send=True, mail_post_autofollow=False
        )
        lead.message_post(
            attachment_ids=template.attachment_ids.ids,
            author_id=company.partner_id.id,
            body=rendered["body_html"],
            email_from=rendered["email_from"]
            or company.email_formatted
            or formataddr((company.name, self.team_id.alias_email or "")),
            email_layout_xmlid=template.email_layout_xmlid
            or "mail.mail_notification_light",
            force_email_lang=lang,
            mail_headers=HEADERS,
            message_type="auto_comment",
            model_description=lead.env._("inquiry"),
            notify_skip_followers=True,
            subject=rendered["subject"],
            subtype_xmlid="mail.mt_comment",
            **self._prepare_acknowledgement_recipient(),
        )
        self.acknowledged_at = fields.Datetime.now()

    def _prepare_acknowledgement_recipient(self):
        """The contact where it has the inquirer's address, else the address alone."""
        address = self._get_inquirer_address()
        if self.partner_id.email_normalized == address:
            return {"partner_ids": self.partner_id.ids}
        return {"outgoing_email_to": formataddr((self.contact_name or "", address))}

    def _get_inquirer_address(self):
        return self.email_normalized or self.partner_id.email_normalized

    def _get_inquirer_lang(self):
        """Code of the inquirer's language, as far as the station knows it."""
        return (
            self.partner_id.lang
            or (self.lang_id.active and self.lang_id.code)
            or self._get_response_company().partner_id.lang
            or self.env.lang
        )

    def _merge_dependences(self, opportunities):
        """Who was told once is not told again."""
        result = super()._merge_dependences(opportunities)
        told = (self | opportunities).filtered("acknowledged_at")
        if told:
            # sudo: crm.lead - follows from what was sent, nobody writes it
            self.sudo().acknowledged_at = min(told.mapped("acknowledged_at"))
        return result
