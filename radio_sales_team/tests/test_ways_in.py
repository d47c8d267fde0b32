"""Inquiries that other modules bring: website, live chat, plugin of a mail program.

Each needs its module, and is skipped where that is not installed.
"""

from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import ResponseCase


@tagged("post_install", "-at_install")
class TestWaysIn(ResponseCase, HttpCase):
    def need(self, module):
        if self.env["ir.module.module"]._get(module).state != "installed":
            self.skipTest(f"{module} is not installed")

    def newest(self):
        return self.env["crm.lead"].search([], order="id desc", limit=1)

    def send_form(self, **values):
        """As the website's contact form does it, without a browser.

        :return: the lead that came of it.
        """
        self.need("website_crm")
        website = self.env["website"].search([], limit=1)
        website.crm_default_team_id = self.team
        website.company_id.alias_domain_id = self.alias_domain
        before = self.newest()
        response = self.url_open(
            "/website/form/crm.lead",
            data={
                "name": "Spots in May",
                "contact_name": "Eva Krause",
                "email_from": "eva@ways-in.example",
                "description": "What does a week cost?",
                **values,
            },
        )
        self.assertEqual(response.status_code, 200, response.text)
        lead = self.newest()
        self.assertGreater(lead.id, before.id)
        return lead

    def test_website(self):
        lead = self.send_form()
        self.assertEqual(lead.inquiry_channel, "website")
        self.assertWaiting(lead)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.back_office_user_id, self.back_office)
        self.assertFalse(lead.acknowledged_at, "no policy says so")

    def test_website_leader_is_not_bothered(self):
        """The back office answers first: its leader is not made the seller."""
        self.assertFalse(self.send_form().user_id)

    def test_website_without_back_office(self):
        self.member.sales_role = "field_sales"
        self.assertEqual(self.send_form().user_id, self.manager)

    def test_website_with_chosen_salesperson(self):
        self.need("website_crm")
        self.env["website"].search([], limit=1).crm_default_user_id = self.manager
        self.assertEqual(self.send_form().user_id, self.manager)

    def test_website_acknowledges(self):
        self.policy.acknowledgement_template_id = self.env.ref(
            "radio_sales_team.mail_template_acknowledgement"
        )
        lead = self.send_form()
        self.assertTrue(lead.acknowledged_at)
        self.assertWaiting(lead)
        message = lead.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertIn("will get back to you", message.body)
        self.assertFalse(
            self.send_form().acknowledged_at, "once a day to the same address"
        )

    def test_live_chat(self):
        """The operator has just spoken to the visitor."""
        self.need("crm_livechat")
        self.env["mail.presence"]._update_presence(self.back_office)
        self.back_office.group_ids += self.env.ref("im_livechat.im_livechat_group_user")
        livechat = self.env["im_livechat.channel"].create(
            {"name": "Station", "user_ids": [Command.link(self.back_office.id)]}
        )
        data = self.make_jsonrpc_request(
            "/im_livechat/get_session", {"channel_id": livechat.id, "persisted": True}
        )
        channel = self.env["discuss.channel"].browse(data["channel_id"])
        channel.with_user(self.back_office).execute_command_lead(body="/lead Spots")
        lead = self.newest()
        self.assertEqual(lead.origin_channel_id, channel)
        self.assertEqual(lead.inquiry_channel, "chat")
        self.assertEqual(lead.team_id, self.team, "else no back office would see it")
        self.assertEqual(lead.back_office_user_id, self.back_office)
        self.assertAnswered(lead, self.back_office, "messenger")

    def test_mail_plugin(self):
        """And a known customer is their own seller's here, too."""
        self.need("crm_mail_plugin")
        self.customer.user_id = self.seller
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.back_office)
            ._generate(
                "odoo.plugin.outlook",
                "Mail program",
                datetime.now() + timedelta(days=1),
            )
        )
        result = self.make_jsonrpc_request(
            "/mail_plugin/lead/create",
            {
                "partner_id": self.customer.id,
                "email_body": "What does a week cost?",
                "email_subject": "Spots in May",
            },
            headers={"Authorization": f"Bearer {key}"},
        )
        lead = self.env["crm.lead"].browse(result["lead_id"])
        self.assertEqual(lead.inquiry_channel, "mail_plugin")
        self.assertWaiting(lead)
        self.assertEqual(lead.user_id, self.seller)
        self.assertEqual(lead.back_office_user_id, self.back_office)
