"""What mail programs, servers and services really send: who wrote it, and what it is.

A wrong row is an inquiry that nobody answers, or a machine that decides something.
"""

from email import message_from_string, policy

from odoo.tests import BaseCase, tagged

from ..tools.mail_headers import (
    DELAY,
    DELIVERY,
    FAILURE,
    MACHINE,
    NOBODY,
    PERSON,
    READ,
    get_report,
    read_mail_facts,
)

EVA = "From: Eva Krause <eva@optik.example>\n"

# Program or service: headers as it sends them (names and ids were changed), the writer.
WRITERS = {
    # people
    "Outlook for Windows": (
        EVA
        + """X-MS-Has-Attach:
X-MS-TNEF-Correlator:
X-MS-Exchange-CrossTenant-OriginalArrivalTime: 14 Jan 2026 09:00:00.0000 (UTC)
X-Mailer: Microsoft Outlook 16.0
""",
        PERSON,
    ),
    "Exchange, internal rules passed": (
        EVA + "X-MS-Exchange-Organization-AuthAs: Internal\nAuto-Submitted: no\n",
        PERSON,
    ),
    "Auto-Submitted twice, by two servers": (
        EVA + "Auto-Submitted: no\nAuto-Submitted: no\n",
        PERSON,
    ),
    "Gmail": (EVA + "X-Google-Smtp-Source: x\nX-Gm-Message-State: y\n", PERSON),
    "Apple Mail": (EVA + "X-Mailer: Apple Mail (2.3826)\n", PERSON),
    "iPhone": (EVA + "X-Mailer: iPhone Mail (22D63)\n", PERSON),
    "Thunderbird": (EVA + "User-Agent: Mozilla Thunderbird\n", PERSON),
    "GMX and web.de": (EVA + "X-UI-Sender-Class: 01\nSensitivity: Normal\n", PERSON),
    "Zimbra": (EVA + "X-Mailer: Zimbra 9.0 (ZimbraWebClient)\n", PERSON),
    "a person with an unlucky name": ("From: bounce-house@fun.example\n", PERSON),
    "an answer that asks for silence of machines": (
        EVA + "X-Auto-Response-Suppress: DR, OOF, AutoReply\n",
        PERSON,
    ),
    "our own distribution list": (
        EVA + "List-Id: Advertising <werbung.station.example>\nPrecedence: list\n",
        PERSON,
    ),
    # automatic responses
    "Exchange out of office": (
        EVA
        + """Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent
""",
        MACHINE,
    ),
    "Outlook.com out of office": (
        EVA + "Return-Path: <>\nX-Auto-Response-Suppress: All\n",
        MACHINE,
    ),
    "Gmail vacation responder": (
        EVA + "Precedence: bulk\nX-Autoreply: yes\nAuto-Submitted: auto-replied\n",
        MACHINE,
    ),
    "Precedence twice": (EVA + "Precedence: bulk\nPrecedence: bulk\n", MACHINE),
    "GMX and web.de absence": (EVA + "Auto-Submitted: auto-replied\n", MACHINE),
    "Zimbra out of office": (
        EVA + "Auto-Submitted: auto-replied (zimbra; vacation)\nPrecedence: bulk\n",
        MACHINE,
    ),
    "sendmail vacation": (
        EVA + "Precedence: junk\nAuto-Submitted: auto-replied\n",
        MACHINE,
    ),
    "Dovecot Sieve vacation": (
        EVA + "Auto-Submitted: auto-replied (vacation)\nPrecedence: bulk\n",
        MACHINE,
    ),
    "cPanel autoresponder": (
        EVA + "X-Autorespond: Re\nPrecedence: auto_reply\n",
        MACHINE,
    ),
    "one of two servers says automatic": (
        EVA + "Auto-Submitted: no\nAuto-Submitted: auto-replied\n",
        MACHINE,
    ),
    # lists and mass mailings
    "newsletter": (
        "From: News <news@shop.example>\nList-Id: <news.shop.example>\n"
        "List-Unsubscribe: <https://shop.example/u>\n",
        MACHINE,
    ),
    "a list of somebody else that looks like ours": (
        EVA + "List-Id: <werbung.otherstation.example>\n",
        MACHINE,
    ),
    # reports
    "postfix": (
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\n"
        "Auto-Submitted: auto-replied\n",
        MACHINE,
    ),
    # nobody reads there
    "a portal": ("From: Portal <messages-noreply@portal.example>\n", NOBODY),
    "a form service": (
        "From: Forms <no-reply@forms.example>\nReply-To: e@o.ex\n",
        NOBODY,
    ),
    "a telephone system": (
        "From: Telefonanlage <nicht-antworten@pbx.example>\n"
        "X-Mailer: FRITZ!Box\nX-Priority: 3\n",
        NOBODY,
    ),
    "a customer's system": ("From: noreply@customer.example\n", NOBODY),
    "a mass mailing service": ("From: bounces+12-ab=c.example@em.example\n", NOBODY),
}

REPORT = """From: Mail Delivery System <postmaster@mx.example>
Content-Type: multipart/report; report-type=%s; boundary=x

--x
Content-Type: text/plain

What happened.

--x
Content-Type: %s

%s
--x--
"""
STATUS = "message/delivery-status"
REPORTS = {
    "postfix, undeliverable": (
        "delivery-status",
        STATUS,
        "Reporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; eva@optik.example\nAction: failed\nStatus: 5.1.1\n",
        FAILURE,
    ),
    "postfix, delayed": (
        "delivery-status",
        STATUS,
        "Reporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; eva@optik.example\nAction: delayed\nStatus: 4.4.1\n"
        "Will-Retry-Until: Mon, 19 Jan 2026 10:00:00 +0100\n",
        DELAY,
    ),
    "Exchange, one of two failed": (
        "delivery-status",
        STATUS,
        "Reporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; a@optik.example\nAction: delivered\n\n"
        "Final-Recipient: rfc822; eva@optik.example\nAction: Failed\n",
        FAILURE,
    ),
    "sendmail, relayed": (
        "delivery-status",
        STATUS,
        "Reporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; eva@optik.example\nAction: relayed\n",
        DELIVERY,
    ),
    "a report without details": ("delivery-status", "text/plain", "Failed.\n", FAILURE),
    "Outlook, read": (
        "disposition-notification",
        "message/disposition-notification",
        "Final-Recipient: rfc822; eva@optik.example\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n",
        READ,
    ),
}


@tagged("post_install", "-at_install")
class TestMailHeaders(BaseCase):
    def parse(self, text):
        return message_from_string(text, policy=policy.SMTP)

    def test_who_wrote_it(self):
        for program, (headers, writer) in WRITERS.items():
            with self.subTest(program):
                mail = self.parse(f"{headers}Subject: Spots\n\nHello")
                facts = read_mail_facts(mail, own_domains=("station.example",))
                self.assertEqual(facts.writer, writer)

    def test_what_is_reported(self):
        for program, (kind, content_type, text, report) in REPORTS.items():
            with self.subTest(program):
                mail = self.parse(REPORT % (kind, content_type, text))
                self.assertEqual(get_report(mail), report)
                self.assertEqual(read_mail_facts(mail).writer, MACHINE)

    def test_no_report(self):
        """Also not where a person forwards one."""
        mail = self.parse(f"{EVA}Content-Type: text/plain\n\nAction: failed")
        self.assertIsNone(get_report(mail))

    def test_to_whom_an_answer_goes(self):
        mail = self.parse(
            "From: Forms <no-reply@forms.example>\n"
            'Reply-To: "Krause, Eva" <eva@optik.example>\n\nHello'
        )
        self.assertEqual(
            read_mail_facts(mail).answer_to, (("Krause, Eva", "eva@optik.example"),)
        )
        mail = self.parse(f"{EVA}\nHello")
        self.assertEqual(
            read_mail_facts(mail).answer_to, (("Eva Krause", "eva@optik.example"),)
        )

    def test_nonsense_is_no_crash(self):
        for headers in (
            "",
            "From: \n",
            "From: @@\nReferences: <<>>\nIn-Reply-To: x\n",
            "Content-Type: multipart/report\n",
            "Content-Type: multipart/report; boundary=x\n\n--x\n",
            "Auto-Submitted: \nPrecedence: \nList-Id: \n",
        ):
            with self.subTest(headers):
                read_mail_facts(self.parse(f"{headers}\n\nx"))
