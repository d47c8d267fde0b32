"""What a stranger writes is text: in mails to colleagues, on screens, on statements."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .commission_common import CommissionCase
from .common import NOW, EscalationCase

EVIL = "<script>x()</script><img src=x onerror=y()>{{ 'ev' + 'il' }}"
EVIL_TAG = "<t t-out=\"'ev' + 'il'\"/>"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInjection(CommissionCase, EscalationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.env["crm.team"].search([]) - cls.team).write(
            {"round_time": 0, "driving_time": 0}
        )
        cls.policy.acknowledgement_template_id = cls.env.ref(
            "radio_sales_team.mail_template_acknowledgement"
        )
        cls._join(cls.other_seller, "field_sales")
        if not cls.policy.escalation_ids:
            cls.policy.escalation_ids = [
                Command.create({"percentage": 80, "action": "remind"})
            ]

    def assertHarmless(self, html):
        html = str(html)
        self.assertNotIn("<script>x", html)
        # with quotes where a field of HTML has cleaned it, instead of escaping
        self.assertNotRegex(html, r"<img src=.?x\b")
        self.assertNotIn("evil", html, "a template was made of it")
        return "&lt;script&gt;x" in html

    def get_messages_since(self, before):
        return self.env["mail.message"].search([("id", ">", before)])

    def test_from_the_mail_to_the_statement(self):
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        lead = self.receive(
            f'"{EVIL.replace(chr(34), "")}" <eve@e.example>',
            Subject=EVIL + EVIL_TAG,
            body=EVIL,
        )
        lead.back_office_user_id = self.back_office
        self.run_cron(55)
        with freeze_time(NOW + timedelta(minutes=56)):
            self.env["radio.contact.attempt"].with_user(self.back_office).create(
                {"lead_id": lead.id, "channel": "phone", "note": EVIL + EVIL_TAG}
            )
            lead.with_user(self.back_office)._hand_over(
                self.seller | self.other_seller, EVIL + EVIL_TAG
            )
            declined = lead.handover_ids.filtered(
                lambda one: one.to_user_id == self.other_seller
            )
            declined.with_user(self.other_seller)._decline(
                self.env["radio.handover.reason"].search([], limit=1), EVIL
            )
            self.team._send_round()
            lead.handover_ids.filtered(
                lambda one: one.to_user_id == self.seller
            ).with_user(self.seller).action_accept()
            self.team._send_driving()
            lead.expected_revenue = 1000
            lead.with_user(self.seller).action_set_won()
        self.env.flush_all()
        messages = self.get_messages_since(before)
        escaped = [self.assertHarmless(message.body) for message in messages]
        self.assertGreaterEqual(sum(escaped), 3, "it was in them, as text")
        for message in messages:
            self.assertNotIn("evil", message.subject or "")
        self.assertTrue(self.assertHarmless(lead.story))

    def test_on_the_statement(self):
        """The deal's name stands on the PDF of everybody who is paid for it."""
        lead = self.deal_lead(name=EVIL + EVIL_TAG, inquiry_channel="email")
        self.win(lead)
        self.close()
        statement = self.period().statement_ids
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "radio_sales_team.report_commission_statement", statement.ids
        )
        self.assertTrue(self.assertHarmless(html.decode()))
