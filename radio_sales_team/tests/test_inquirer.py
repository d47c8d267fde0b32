"""Whose inquiry a mail is, where whoever sent it is not the customer."""

from email.message import EmailMessage

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, ResponseCase

FORM = "Website <form@provider.example>"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInquirer(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._join(
            cls._new_user("ben", "radio_sales_team.group_back_office"), "back_office"
        )

    def trust(self, email):
        """The lowest-privileged user who does it."""
        senders = self.env["mail.gateway.allowed"].with_user(self.manager)
        return senders.create({"email": email})

    def forward(self, text, html=False, **headers):
        """A mail that a colleague, who is not in the back office, passes on."""
        headers.setdefault("Message_Id", f"<{abs(hash(text))}@station.example>")
        if not html:
            return self.receive("Tom <tom@station.example>", body=text, **headers)
        mail = EmailMessage()
        mail["From"] = "Tom <tom@station.example>"
        mail["To"] = "inquiries@station.example"
        mail["Subject"] = "Fwd: Advertising"
        mail["Message-Id"] = headers["Message_Id"]
        mail.set_content(text, subtype="html")
        return self.process(mail.as_bytes())

    def assertMissing(self, lead):
        """An inquiry with a clock, of which nobody knows whom to answer."""
        self.assertTrue(lead.is_inquiry)
        self.assertWaiting(lead)
        self.assertFalse(lead.partner_id)
        self.assertFalse(lead.email_from)
        self.assertFalse(lead.contact_name)
        self.assertTrue(lead.is_customer_missing)
        self.assertEqual(lead.inquirer, "Missing")
        search = self.env["crm.lead"].search
        missing = [
            ("is_inquiry", "=", True),
            ("partner_id", "=", False),
            ("email_from", "=", False),
            ("phone", "=", False),
        ]
        self.assertIn(lead, search(missing))

    def test_colleagues_mail_has_no_customer(self):
        """Else the answer would go to the colleague, and the customer hear nothing."""
        lead = self.forward("Somebody at reception wants spots, please call 0431 1234.")
        self.assertMissing(lead)
        self.assertFalse(lead.contact_attempt_ids, "passing on is no contact")
        notices = self.env["mail.message"].search(
            [("partner_ids", "in", self.seller.partner_id.ids)]
        )
        self.assertNotIn("did not reach", str(notices.mapped("subject")))
        lead.with_user(self.back_office).phone = "0431 1234"
        self.assertFalse(lead.is_customer_missing)
        self.assertEqual(lead.inquirer, "0431 1234")

    def test_outsiders_mail_has_its_sender(self):
        lead = self.receive()
        self.assertEqual(lead.partner_id, self.customer)
        self.assertFalse(lead.is_customer_missing)
        self.assertEqual(lead.inquirer, "Frank Brandt")

    def test_mail_from_the_station_itself(self):
        """The telephone system writes with the station's own address."""
        self.env.company.email = "info@station.example"
        lead = self.receive("Voicemail <info@station.example>", Message_Id="<v@s.ex>")
        self.assertMissing(lead)

    def test_original_sender_in_a_forwarded_mail(self):
        for number, text in enumerate(
            (
                "FYI\n\n---------- Forwarded message ---------\n"
                "From: Eva Krause <eva@optik.example>\nDate: today\n\nHello",
                "Für euch\n\n-----Ursprüngliche Nachricht-----\n"
                "Von: Eva Krause <eva@optik.example>\nAn: tom@station.example\n",
                "> Von: Eva Krause [mailto:eva@optik.example]\n> An: Tom",
            )
        ):
            lead = self.forward(text, Message_Id=f"<f{number}@station.example>")
            self.assertEqual(lead.contact_name, "Eva Krause", text)
            self.assertEqual(lead.email_normalized, "eva@optik.example", text)
            self.assertTrue(lead.is_inquiry)

    def test_original_sender_in_html(self):
        lead = self.forward(
            "<div>FYI</div><div><b>Von:</b> Eva Krause &lt;<a "
            'href="mailto:eva@optik.example">eva@optik.example</a>&gt;<br>'
            "<b>An:</b> Tom</div>",
            html=True,
        )
        self.assertEqual(lead.contact_name, "Eva Krause")
        self.assertEqual(lead.email_normalized, "eva@optik.example")
        self.assertWaiting(lead)

    def test_forwarded_from_a_known_customer(self):
        lead = self.forward("From: Frank <frank@brandt.example>\n\nHello")
        self.assertEqual(lead.partner_id, self.customer)
        self.assertFalse(lead.is_customer_missing)

    def test_doubtful_senders_are_none(self):
        """A wrong customer is worse than none."""
        for number, text in enumerate(
            (
                "From: Eva <eva@optik.example>\n\nFrom: Ole <ole@bike.example>\n",
                "From: Petra <petra@station.example>\n\nPlease look at this",
                "From: Sales <inquiries@station.example>\n\nPlease look at this",
                "Please write to eva@optik.example",
                "The mail came from: eva@optik.example",
            )
        ):
            self.assertMissing(
                self.forward(text, Message_Id=f"<d{number}@station.example>")
            )

    def test_outsiders_text_names_nobody_else(self):
        lead = self.receive(body="From: Eva <eva@optik.example>\n\nAs Eva said")
        self.assertEqual(lead.partner_id, self.customer)

    def test_form_of_a_trusted_sender(self):
        self.trust(FORM)
        lead = self.receive(
            FORM,
            Reply_To="Eva Krause <eva@optik.example>",
            Auto_Submitted="auto-generated",
        )
        self.assertEqual(lead.contact_name, "Eva Krause")
        self.assertEqual(lead.email_normalized, "eva@optik.example")
        self.assertWaiting(lead)

    def test_form_of_a_sender_that_is_not_trusted(self):
        lead = self.receive(
            FORM,
            Reply_To="Eva Krause <eva@optik.example>",
            Auto_Submitted="auto-generated",
        )
        self.assertFalse(lead.is_inquiry)
        self.assertEqual(lead.email_normalized, "form@provider.example")
        lead = self.receive(FORM, Reply_To="e@optik.example", Message_Id="<2@p.ex>")
        self.assertTrue(lead.is_inquiry)
        self.assertEqual(lead.email_normalized, "form@provider.example")

    def test_trusted_sender_known_customer(self):
        self.trust("form@provider.example")
        lead = self.receive(FORM, Reply_To="frank@brandt.example")
        self.assertEqual(lead.partner_id, self.customer)

    def test_trusted_sender_without_customer(self):
        """No Reply-To, or one that leads back to the form or to the station."""
        self.trust("form@provider.example")
        for number, reply_to in enumerate(
            ("", "form@provider.example", "Inquiries@Station.example", "not an address")
        ):
            lead = self.receive(
                FORM, Reply_To=reply_to, Message_Id=f"<{number}@provider.example>"
            )
            self.assertMissing(lead)

    def test_trust_ends(self):
        """Taking a sender off the list counts from the next mail on."""
        sender = self.trust("form@provider.example")
        self.assertMissing(self.receive(FORM))
        sender.unlink()
        lead = self.receive(FORM, Message_Id="<2@provider.example>")
        self.assertEqual(lead.email_normalized, "form@provider.example")

    def receive_forms(self, count):
        leads = self.env["crm.lead"]
        for number in range(count):
            leads |= self.receive(
                FORM,
                Reply_To=f"Customer {number} <c{number}@many.example>",
                Message_Id=f"<{number}@provider.example>",
            )
        return leads

    def test_thirty_forms_of_a_trusted_sender(self):
        """A busy morning: each is an inquiry of its own customer."""
        self.trust("form@provider.example")
        leads = self.receive_forms(30)
        self.assertEqual(len(leads), 30)
        self.assertEqual(
            set(leads.mapped("email_normalized")),
            {f"c{number}@many.example" for number in range(30)},
        )
        self.assertEqual(len(set(leads.mapped("contact_name"))), 30)
        self.assertEqual(len(leads.sla_clock_ids), 30)
        self.assertEqual(set(leads.sla_clock_ids.mapped("state")), {"running"})

    def test_thirty_forms_of_a_sender_that_is_not_trusted(self):
        """Odoo takes the 21st for a loop: what the list of trusted senders is for."""
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.assertEqual(len(self.receive_forms(30)), 20)

    def test_only_sales_administrators_trust(self):
        with self.assertRaisesRegex(Exception, "not allowed"):
            self.env["mail.gateway.allowed"].with_user(self.back_office).create(
                {"email": "form@provider.example"}
            )
