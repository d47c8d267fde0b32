"""The inquirer is told at once who answers and by when; nobody else is, ever."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, ResponseCase

LOGGER = "odoo.addons.radio_sales_team.models.response.crm_lead_acknowledgement"


class AcknowledgementCase(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("radio_sales_team.mail_template_acknowledgement")
        cls.policy.acknowledgement_template_id = cls.template

    def sent(self, lead):
        """The acknowledgements in an inquiry's history."""
        return lead.message_ids.filtered(lambda m: m.message_type == "auto_comment")

    def assertAcknowledged(self, lead, address):
        message = self.sent(lead)
        self.assertEqual(len(message), 1)
        self.assertEqual(lead.acknowledged_at, NOW)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(len(mail), 1, "nobody but the inquirer gets it")
        addresses = mail.recipient_ids.mapped("email_normalized")
        if mail.email_to:
            addresses.append(mail.email_to)
        self.assertEqual(len(addresses), 1)
        self.assertIn(address, addresses[0])
        return mail

    def assertNotAcknowledged(self, lead):
        self.assertEqual(len(lead), 1, "the inquiry itself must be there")
        self.assertFalse(self.sent(lead))
        self.assertFalse(lead.acknowledged_at)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAcknowledgement(AcknowledgementCase):
    def test_mail_of_a_known_customer(self):
        lead = self.receive()
        mail = self.assertAcknowledged(lead, "frank@brandt.example")
        self.assertIn("Jana", mail.body_html)
        self.assertIn("today until 11:00", mail.body_html)
        self.assertIn("Auto-Submitted", mail.headers)
        self.assertIn("auto-replied", mail.headers)
        self.assertIn("X-Auto-Response-Suppress", mail.headers)
        self.assertIn("inquiries@station.example", mail.reply_to)
        self.assertEqual(mail.subject, "Your inquiry: Advertising")

    def test_mail_of_a_new_sender(self):
        """Made no contact of, as not everybody who writes becomes one."""
        lead = self.receive("Eva Krause <eva@optik.example>")
        self.assertAcknowledged(lead, "eva@optik.example")
        self.assertFalse(lead.partner_id)
        known = self.env["res.partner"].search(
            [("email", "ilike", "eva@optik.example")]
        )
        self.assertFalse(known)

    def test_stands_after_the_mail(self):
        lead = self.receive()
        messages = lead.message_ids.sorted("id")
        kinds = [
            kind for kind in messages.mapped("message_type") if kind != "notification"
        ]
        self.assertEqual(kinds, ["email", "auto_comment"])

    def test_is_no_contact(self):
        lead = self.receive()
        self.assertAcknowledged(lead, "frank@brandt.example")
        self.assertWaiting(lead)
        self.assertFalse(lead.contact_attempt_ids)
        self.assertNotIn(self.customer, lead.message_partner_ids)

    def test_answer_to_it_is_the_customers(self):
        lead = self.receive()
        self.receive(
            In_Reply_To=self.sent(lead).message_id, Message_Id="<2@brandt.example>"
        )
        self.assertEqual(lead.message_ids[0].author_id, self.customer)
        self.assertEqual(len(self.sent(lead)), 1)
        self.assertFalse(lead.message_ids[0].is_internal)

    def test_policy_without_template(self):
        self.policy.acknowledgement_template_id = False
        self.assertNotAcknowledged(self.receive())

    def test_fresh_install_acknowledges_nothing(self):
        policies = self.env["radio.sla.policy"].with_context(active_test=False)
        shipped = policies.search([("id", "!=", self.policy.id)])
        self.assertTrue(shipped)
        self.assertFalse(shipped.acknowledgement_template_id)

    def test_without_template_it_costs_nothing(self):
        """Every mail would pay for what few stations use."""
        self.policy.acknowledgement_template_id = False
        self.env.registry.clear_cache()
        self.receive(Message_Id="<warm@brandt.example>")
        lead = self.receive(Message_Id="<warm2@brandt.example>")
        self.env.flush_all()
        with self.assertQueryCount(0):
            lead._acknowledge()

    def test_template_that_is_gone(self):
        self.template.unlink()
        self.assertNotAcknowledged(self.receive())

    def test_no_deadline_no_promise(self):
        self.calendar.attendance_ids = [Command.clear()]
        self.policy.calendar_id = False
        lead = self.receive()
        self.assertFalse(lead.sla_deadline)
        self.assertNotAcknowledged(lead)

    def test_no_policy(self):
        self.policy.minimum_priority = "3"
        self.assertNotAcknowledged(self.receive())

    def test_broken_template_loses_no_inquiry(self):
        for number, body in enumerate(
            (
                '<p t-out="object.no_such_field"/>',
                """<p t-out="1 / (object.name != 'Broken 1')"/>""",
            )
        ):
            self.template.body_html = body
            with self.assertLogs(LOGGER, "ERROR"), mute_logger("odoo.addons.base"):
                lead = self.receive(
                    f"Eva <eva{number}@optik.example>",
                    Message_Id=f"<{number}@optik.example>",
                    Subject=f"Broken {number}",
                )
            self.assertNotAcknowledged(lead)
            self.assertWaiting(lead)
            self.assertTrue(
                lead.message_ids.filtered(lambda m: m.message_type == "email")
            )

    def test_empty_template(self):
        self.template.body_html = "<p><br></p>"
        self.assertNotAcknowledged(self.receive())

    def test_no_robot(self):
        self.assertNotAcknowledged(self.receive(Auto_Submitted="auto-generated"))
        self.assertNotAcknowledged(
            self.receive(Precedence="bulk", Message_Id="<2@brandt.example>")
        )

    def test_who_wants_no_automatic_reply(self):
        lead = self.receive(X_Auto_Response_Suppress="All")
        self.assertNotAcknowledged(lead)
        self.assertWaiting(lead)

    def test_nobody_reads_there(self):
        for number, sender in enumerate(
            (
                "no-reply@shop.example",
                "noreply@shop.example",
                "do-not-reply@shop.example",
                "donotreply+7@shop.example",
                "nicht-antworten@shop.example",
                "MAILER-DAEMON@shop.example",
                "bounces+12@shop.example",
            )
        ):
            with mute_logger("odoo.addons.mail.models.mail_thread"):
                lead = self.receive(sender, Message_Id=f"<{number}@shop.example>")
            if lead:
                self.assertNotAcknowledged(lead)

    def test_people_with_such_names(self):
        for number, sender in enumerate(
            ("norbert@shop.example", "nora.reply@shop.example", "post@shop.example")
        ):
            lead = self.receive(sender, Message_Id=f"<{number}@shop.example>")
            self.assertAcknowledged(lead, sender)

    def test_no_colleague(self):
        lead = self.receive("Tom <tom@station.example>")
        self.assertNotAcknowledged(lead)
        lead = self.inquiry_by_form(email_from="tom@station.example")
        self.assertNotAcknowledged(lead)

    def test_not_the_station_itself(self):
        self.env.company.email = "office@nordlicht.example"
        for sender in ("inquiries@station.example", "office@nordlicht.example"):
            lead = self.inquiry_by_form(email_from=sender)
            self.assertNotAcknowledged(lead)

    def test_customer_of_a_trusted_sender(self):
        self.env["mail.gateway.allowed"].create({"email": "no-reply@provider.example"})
        lead = self.receive(
            "Form <no-reply@provider.example>",
            Reply_To="Eva Krause <eva@optik.example>",
            Auto_Submitted="auto-generated",
            X_Auto_Response_Suppress="All",
        )
        self.assertAcknowledged(lead, "eva@optik.example")
        lead = self.receive(
            "Form <no-reply@provider.example>", Message_Id="<2@provider.example>"
        )
        self.assertTrue(lead.is_customer_missing)
        self.assertNotAcknowledged(lead)

    def ask_later(self, number, sender="frank@brandt.example", **since):
        """Ask once more, when no earlier inquiry is open any more."""
        self.env["crm.lead"].search([("team_id", "=", self.team.id)]).action_set_lost()
        with freeze_time(NOW + timedelta(**since)):
            return self.receive(sender, Message_Id=f"<{number}@brandt.example>")

    def test_once_a_day(self):
        """Two machines that acknowledge each other would never end."""
        self.assertAcknowledged(self.receive(), "frank@brandt.example")
        lead = self.ask_later(2, "F. Brandt <FRANK@brandt.example>")
        self.assertWaiting(lead)
        self.assertNotAcknowledged(lead)
        lead = self.ask_later(3, hours=23, minutes=59)
        self.assertWaiting(lead)
        self.assertNotAcknowledged(lead)
        lead = self.ask_later(4, hours=24)
        self.assertEqual(len(self.sent(lead)), 1)

    def test_asked_twice(self):
        """Their first inquiry has the promise already."""
        self.assertAcknowledged(self.receive(), "frank@brandt.example")
        lead = self.receive(Message_Id="<2@brandt.example>")
        self.assertNotAcknowledged(lead)

    def test_never_twice_for_an_inquiry(self):
        lead = self.receive()
        with freeze_time(NOW + timedelta(days=2)):
            lead.received_at = NOW
            lead._acknowledge()
        self.assertEqual(len(self.sent(lead)), 1)

    def test_typed_in_by_staff(self):
        for channel in ("email", "website", "phone"):
            lead = (
                self.env["crm.lead"]
                .with_user(self.back_office)
                .create(
                    {
                        "name": "Typed in",
                        "email_from": f"{channel}@optik.example",
                        "inquiry_channel": channel,
                        "call_back_wanted": True,
                        "team_id": self.team.id,
                    }
                )
            )
            self.assertTrue(lead.sla_deadline)
            self.assertNotAcknowledged(lead)

    def test_import(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .with_context(import_file=True)
            .load(
                ["name", "inquiry_channel", "email_from", "team_id/.id"],
                [["Imported", "website", "eva@optik.example", str(self.team.id)]],
            )
        )
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertTrue(lead.is_inquiry)
        self.assertNotAcknowledged(lead)

    def inquiry_by_form(self, **vals):
        """As the website makes it, for a visitor who is not logged in."""
        public = self.env.ref("base.public_user")
        return (
            self.env["crm.lead"]
            .with_user(public)
            .sudo()
            .create({"name": "Form", "team_id": self.team.id, **vals})
            .with_env(self.env)
        )

    def test_form_of_the_website(self):
        lead = self.inquiry_by_form(
            contact_name="Eva Krause", email_from="eva@optik.example"
        )
        self.assertEqual(lead.inquiry_channel, "website")
        self.assertAcknowledged(lead, "eva@optik.example")

    def test_form_without_address(self):
        lead = self.inquiry_by_form(phone="0431 1234")
        self.assertTrue(lead.sla_deadline)
        self.assertNotAcknowledged(lead)

    def test_live_chat(self):
        lead = self.inquiry_by_form(
            email_from="eva@optik.example", inquiry_channel="chat"
        )
        self.assertNotAcknowledged(lead)

    def test_nobody_writes_it(self):
        """Who could, could keep an inquirer from being told."""
        lead = self.receive()
        with self.assertRaisesRegex(Exception, "cannot be entered"):
            lead.with_user(self.back_office).acknowledged_at = False

    def test_merging(self):
        """Who was told once is not told again for the same matter."""
        first = self.receive()
        other = self.inquiry(partner_id=False, email_from="office@brandt.example")
        merged = (first | other).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.acknowledged_at, NOW)

    def test_team_answers_where_nobody_alone_does(self):
        self._join(
            self._new_user("ben", "radio_sales_team.group_back_office"), "back_office"
        )
        mail = self.assertAcknowledged(self.receive(), "frank@brandt.example")
        self.assertIn("Station sales", mail.body_html)
        self.assertNotIn("Jana", mail.body_html)

    def test_language(self):
        """The partner's, else the inquiry's, else the company's."""
        if not self.env["res.lang"]._get_data(code="de_DE").active:
            self.env["res.lang"]._activate_lang("de_DE")
        german = self.template.with_context(lang="de_DE")
        german.body_html = "<p>Hallo, <t t-out='object._get_promise_words()'/>.</p>"
        german.subject = "Ihre Anfrage"
        self.customer.lang = "de_DE"
        mail = self.assertAcknowledged(self.receive(), "frank@brandt.example")
        self.assertIn("Hallo", mail.body_html)
        self.assertEqual(mail.subject, "Ihre Anfrage")
        lead = self.inquiry_by_form(
            email_from="eva@optik.example",
            lang_id=self.env["res.lang"]._get_data(code="de_DE").id,
        )
        mail = self.assertAcknowledged(lead, "eva@optik.example")
        self.assertIn("Hallo", mail.body_html)
        lead = self.receive("ole@bike.example", Message_Id="<o@bike.example>")
        mail = self.assertAcknowledged(lead, "ole@bike.example")
        self.assertIn("Hello", mail.body_html)
        self.env.company.partner_id.lang = "de_DE"
        lead = self.receive("pia@bike.example", Message_Id="<p@bike.example>")
        mail = self.assertAcknowledged(lead, "pia@bike.example")
        self.assertIn("Hallo", mail.body_html)
