"""Mail as it really comes: nothing is lost, nothing crashes, no robot has a clock."""

import ast
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, ResponseCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestMailGateway(ResponseCase):
    def test_inquiry_by_mail(self):
        lead = self.receive(Subject="Spots for our opening")
        self.assertEqual(lead.inquiry_channel, "email")
        self.assertTrue(lead.is_inquiry)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.received_at, NOW)
        self.assertEqual(lead.sla_deadline, NOW + timedelta(hours=1))
        self.assertEqual(lead.sla_badge, "1 h left")

    def test_new_sender_has_a_name(self):
        lead = self.receive("Eva Krause <eva@optik.example>", Message_Id="<n@o.ex>")
        self.assertEqual(lead.contact_name, "Eva Krause")
        self.assertEqual(lead._get_caller_name(), "Eva Krause")
        lead = self.receive("eva@krause.example", Message_Id="<n2@o.ex>")
        self.assertEqual(lead.contact_name, "eva@krause.example")

    def test_mail_at_night(self):
        """Its clock begins when the station opens."""
        with freeze_time(NOW.replace(hour=20)):
            lead = self.receive()
        self.assertEqual(lead.sla_deadline, NOW.replace(hour=9) + timedelta(days=1))
        self.assertEqual(lead.received_at, NOW.replace(hour=20))

    def test_senders_clock_is_not_trusted(self):
        for number, date in enumerate(
            (
                "Wed, 14 Jan 2026 03:00:00 +0000",
                "Fri, 14 Jan 2028 03:00:00 +0000",
                "the day before yesterday",
                "",
            )
        ):
            lead = self.receive(Date=date, Message_Id=f"<{number}@date.example>")
            self.assertEqual(lead.received_at, NOW, date)

    def test_robot(self):
        """A lead as in core, in a list of its own, without a clock."""
        for number, header in enumerate(
            ("auto-generated", "auto-replied", "Auto-Generated; owner=x")
        ):
            lead = self.receive(
                Auto_Submitted=header, Message_Id=f"<{number}@robot.example>"
            )
            self.assertEqual(len(lead), 1)
            self.assertFalse(lead.is_inquiry)
            self.assertFalse(lead.sla_clock_ids)
            self.assertEqual(lead.inquiry_channel, "email")
        lead = self.receive(Auto_Submitted="no", Message_Id="<human@robot.example>")
        self.assertTrue(lead.is_inquiry)

    def test_robots_reply_answers_nothing(self):
        lead = self.receive(Message_Id="<a@brandt.example>")
        self.receive(
            "Tom <tom@station.example>",
            To="Frank <frank@brandt.example>",
            Cc="inquiries@station.example",
            In_Reply_To="<a@brandt.example>",
            Message_Id="<ooo@station.example>",
            Auto_Submitted="auto-replied",
        )
        self.assertWaiting(lead)

    def test_thirty_mails_of_thirty_customers(self):
        leads = self.env["crm.lead"]
        for number in range(30):
            leads |= self.receive(
                f"Customer {number} <c{number}@many.example>",
                Message_Id=f"<{number}@many.example>",
            )
        self.assertEqual(len(leads), 30)
        self.assertEqual(set(leads.sla_clock_ids.mapped("state")), {"running"})

    def test_without_sender(self):
        lead = self.receive("", Message_Id="<none@nowhere.example>")
        self.assertTrue(lead.is_inquiry)
        self.assertTrue(lead.sla_deadline)

    def test_ten_thousand_recipients(self):
        """As an inquiry it is one; as a colleague's answer it is looked up at once."""
        crowd = ", ".join(f"p{number}@crowd.example" for number in range(10_000))
        lead = self.process(
            f"From: Eva <eva@optik.example>\r\nTo: inquiries@station.example\r\n"
            f"Cc: {crowd}\r\nMessage-Id: <crowd@optik.example>\r\n"
            "Subject: All of us\r\n\r\nHello".encode()
        )
        self.assertTrue(lead.sla_deadline)
        self.process(
            f"From: Tom <tom@station.example>\r\nTo: {crowd}\r\n"
            "Cc: eva@optik.example, inquiries@station.example\r\n"
            "In-Reply-To: <crowd@optik.example>\r\n"
            "Message-Id: <crowd2@station.example>\r\n\r\nHello".encode()
        )
        self.assertAnswered(lead, self.seller, "email")

    def test_encoding_that_lies(self):
        for number, charset in enumerate(
            ("us-ascii", "utf-8", "no-such-charset", "hex")
        ):
            lead = self.process(
                b"From: =?utf-8?q?J=FCrgen?= <j%d@lies.example>\r\n"
                b"To: inquiries@station.example\r\n"
                b"Message-Id: <%d@lies.example>\r\n"
                b"Subject: Werbung f\xfcr K\xe4se\r\n"
                b"Content-Type: text/plain; charset=%s\r\n\r\n"
                b"Gr\xfc\xdfe \xff\xfe\r\n" % (number, number, charset.encode())
            )
            self.assertEqual(len(lead), 1, charset)
            self.assertTrue(lead.sla_deadline)

    def test_bounce_withdraws_the_contact(self):
        """A real bounce mail: the customer got nothing, the clock runs again."""
        lead = self.receive(Message_Id="<a@brandt.example>")
        message = self.answer(lead, self.back_office)
        self.assertAnswered(lead, self.back_office, "email")
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.process(
                "From: MAILER-DAEMON <MAILER-DAEMON@brandt.example>\r\n"
                "To: bounce@station.example\r\n"
                "Message-Id: <bounce@brandt.example>\r\n"
                "Subject: Undelivered Mail Returned to Sender\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: multipart/report; report-type=delivery-status;\r\n"
                ' boundary="sep"\r\n\r\n'
                "--sep\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
                "--sep\r\nContent-Type: message/delivery-status\r\n\r\n"
                "Reporting-MTA: dns; brandt.example\r\n\r\n"
                "Final-Recipient: rfc822; frank@brandt.example\r\n"
                "Action: failed\r\nStatus: 5.1.1\r\n\r\n"
                "--sep\r\nContent-Type: message/rfc822\r\n\r\n"
                f"Message-Id: {message.message_id}\r\n"
                "To: frank@brandt.example\r\nSubject: Re\r\n\r\nHello\r\n"
                "--sep--\r\n".encode()
            )
        self.assertTrue(lead.contact_attempt_ids.is_withdrawn)
        self.assertWaiting(lead)

    def assertRobot(self, lead):
        """Kept in a list of its own; nobody is made responsible, nobody is mailed."""
        self.assertEqual(len(lead), 1)
        self.assertFalse(lead.is_inquiry)
        self.assertFalse(lead.sla_clock_ids)
        self.assertFalse(lead.user_id, "the team leader is not made its seller")
        self.assertFalse(lead.message_ids.notification_ids, "nobody is mailed")
        for listed in self.list_automatic_mail():
            self.assertIn(lead, listed)

    def list_automatic_mail(self):
        """What the filter lists among the leads, and among the opportunities."""
        leads = self.env["crm.lead"]
        for kind in ("leads", "opportunities"):
            view = self.env.ref(f"crm.view_crm_case_{kind}_filter")
            arch = etree.fromstring(leads.get_view(view.id, "search")["arch"])
            (domain,) = arch.xpath("//filter[@name='automatic_mail']/@domain")
            yield leads.search(ast.literal_eval(domain))

    def test_what_people_decide_is_no_automatic_mail(self):
        """Whoever looks through what machines wrote, for a customer among them, reads
        nothing again that a colleague has marked as no sales inquiry."""
        lead = self.receive()
        lead.with_user(self.back_office).action_no_inquiry()
        for listed in self.list_automatic_mail():
            self.assertNotIn(lead, listed)

    def test_robots_by_their_headers(self):
        for number, (name, value) in enumerate(
            (
                ("Precedence", "bulk"),
                ("Precedence", "Junk"),
                ("Precedence", "list"),
                ("Precedence", "auto_reply"),
                ("List_Id", "Offers <offers.shop.example>"),
                ("X_Autoreply", "yes"),
            )
        ):
            lead = self.receive(
                "Shop <news@shop.example>",
                **{name: value, "Message_Id": f"<{number}@shop.example>"},
            )
            self.assertRobot(lead)

    def test_no_robots(self):
        """What looks like one at first sight, and is a customer who waits. They share
        a form's address, and are not one customer who asks again."""
        for number, (name, value) in enumerate(
            (
                ("Precedence", "normal"),
                ("List_Unsubscribe", "<https://provider.example/unsubscribe>"),
                ("X_Auto_Response_Suppress", "All"),
            )
        ):
            lead = self.receive(
                "Form <no-reply@provider.example>",
                **{name: value, "Message_Id": f"<{number}@provider.example>"},
            )
            self.assertTrue(lead.is_inquiry, name)
            self.assertWaiting(lead)

    def test_distribution_list_of_the_station(self):
        """The public address may be a list that Odoo is a member of: each customer's
        mail is marked as bulk then, and would lose its clock."""
        self.env.company.email = "Info <info@nordlicht.example>"
        for number, list_id in enumerate(
            ("<advertising.station.example>", "Ads <ads.nordlicht.example>")
        ):
            lead = self.receive(
                f"c{number}@customer.example",
                List_Id=list_id,
                Precedence="list",
                Message_Id=f"<l{number}@brandt.example>",
            )
            self.assertWaiting(lead)
        lead = self.receive(List_Id="<ads.notnordlicht.example>", Message_Id="<x@b.ex>")
        self.assertRobot(lead)

    def test_robot_without_back_office(self):
        """Where a team has no back office, its leader gets it as in core."""
        self.member.sales_role = "field_sales"
        lead = self.receive(Auto_Submitted="auto-generated")
        self.assertEqual(lead.user_id, self.manager)
