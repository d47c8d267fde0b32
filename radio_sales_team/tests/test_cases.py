"""Inputs that went wrong once, here or in comparable systems, with the right value.

Each stands for its kind.
"""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import Form, tagged

from .commission_common import CommissionCase
from .common import NOW, EscalationCase, ResponseCase

REPORT = """From: Mail Delivery System <mailer-daemon@mx.example>
To: bounce@station.example
Subject: Your message
Message-Id: <{action}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

About your message.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; frank@brandt.example
Action: {action}
Status: 4.4.1

--x
Content-Type: text/rfc822-headers

Message-Id: {message_id}

--x--
"""


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestMailCases(ResponseCase):
    def asked(self):
        """An inquiry that Tom is asked to take over, by mail."""
        lead = self.inquiry()
        self.env["radio.contact.attempt"].create(
            {"lead_id": lead.id, "user_id": self.back_office.id}
        )
        lead.with_user(self.back_office)._hand_over(self.seller)
        return lead.handover_ids

    def answered(self, text, **headers):
        """The request, after Tom's mail with this text has come."""
        handover = self.asked()
        self.receive(
            "Tom <tom@station.example>",
            In_Reply_To=handover.message_id.message_id,
            Message_Id=f"<{len(text)}-{handover.id}@station.example>",
            Subject="Re: Do you take over?",
            body=text,
            **headers,
        )
        return handover

    def test_m1_a_machine_decides_nothing(self):
        for headers in (
            {"Auto_Submitted": "auto-generated"},
            {"Auto_Submitted": "auto-replied (vacation)"},
            {"Precedence": "auto_reply"},
            {"Return_Path": "<>"},
        ):
            with self.subTest(headers):
                for text in ("Gerne bin ich ab Montag wieder für Sie da.", "Ok"):
                    handover = self.answered(text, **headers)
                    self.assertEqual(handover.state, "requested")
                    self.assertNotEqual(handover.lead_id.user_id, self.seller)
                    self.assertEqual(handover.answer_note, text)

    def test_m2_only_a_few_words_accept(self):
        for text in (
            "Ok, ask Ute instead.",
            "Yes, I saw it. I am on holiday this week.",
            "Ja, aber erst morgen",
            "Gern würde ich, aber ich bin krank.",
            "Ok?",
        ):
            with self.subTest(text):
                handover = self.answered(text)
                self.assertEqual(handover.state, "requested")
                self.assertEqual(handover.answer_note, text)
        for text in (
            "ok",
            "Ja",
            "I'll take it.",
            "Ja, mache ich!\n\nViele Grüße\nTom",
            "Ok\n\nVon meinem iPhone gesendet",
            "mache ich\n\nAm 14.01.26 um 10:00 schrieb Station:\n> Tom, magst du?\n",
            "Ja\n\nVon: Station <inquiries@station.example>\n"
            "Gesendet: Mittwoch, 14. Januar 2026 10:00\nAn: Tom\nBetreff: Magst du?\n"
            "\nMagst du?",
        ):
            with self.subTest(text):
                self.assertEqual(self.answered(text).state, "accepted")

    def test_m3_m4_headers_that_come_twice(self):
        """Each header counts for itself."""
        for name, values, is_inquiry in (
            ("Precedence", ("bulk", "bulk"), False),
            ("Auto-Submitted", ("no", "no"), True),
            ("Auto-Submitted", ("no", "auto-replied"), False),
        ):
            with self.subTest(name, values=values):
                headers = "".join(f"{name}: {value}\n" for value in values)
                lead = self.process(
                    "From: eva@optik.example\nTo: inquiries@station.example\n"
                    f"Message-Id: <{'-'.join(values)}-{name}@optik.example>\n"
                    f"Subject: Spots\n{headers}\nHello".encode()
                )
                self.assertEqual(lead.is_inquiry, is_inquiry)
                self.assertEqual(bool(lead.sla_clock_ids), is_inquiry)

    def test_m5_forwarded_with_a_bare_address(self):
        for text in (
            "Bitte kümmern\n\nVon: eva@optik.example\nGesendet: Mittwoch\nAn: Tom\n"
            "Betreff: Spots\n\nHallo",
            "-------- Weitergeleitete Nachricht --------\nBetreff: Spots\n"
            "Datum: Wed, 14 Jan 2026\nVon: eva@optik.example\nAn: tom@station.example\n"
            "\nHallo",
        ):
            with self.subTest(text):
                lead = self.receive(
                    "Tom <tom@station.example>",
                    Message_Id=f"<{len(text)}@station.example>",
                    body=text,
                )
                self.assertEqual(lead.email_normalized, "eva@optik.example")
                self.assertFalse(lead.is_customer_missing)

    def test_m6_m7_who_reads_there(self):
        """An address whose name says that nobody does is no customer's; one that only
        begins so is."""
        lead = self.receive(
            "Portal <messages-noreply@portal.example>", Message_Id="<p@portal.example>"
        )
        self.assertTrue(lead.is_inquiry and lead.is_customer_missing)
        self.answer(lead, self.back_office)
        self.assertWaiting(lead)
        lead = self.receive("bounce-house@fun.example", Message_Id="<b@fun.example>")
        self.assertTrue(lead.is_inquiry)
        self.assertFalse(lead.is_customer_missing)
        partner = self.env["res.partner"].create(
            {"name": "Fun", "email": "bounce-house@fun.example"}
        )
        lead.partner_id = partner
        self.answer(lead, self.back_office)
        self.assertAnswered(lead, self.back_office, "email")

    def test_m8_nobody_asks_again(self):
        """A system of the customer's answers: nobody waits for a reply."""
        lead = self.receive(Message_Id="<q@brandt.example>")
        with freeze_time(NOW + timedelta(minutes=5)):
            self.answer(lead, self.back_office)
        with freeze_time(NOW + timedelta(minutes=9)):
            self.receive(
                "noreply@brandt.example",
                In_Reply_To="<q@brandt.example>",
                Message_Id="<auto@brandt.example>",
            )
        self.assertFalse(lead.sla_deadline)
        self.assertEqual(lead.sla_clock_ids.mapped("kind"), ["first_contact"])

    def test_m9_a_delay_is_no_failure(self):
        for action, is_answered in (
            ("delayed", True),
            ("relayed", True),
            ("failed", False),
        ):
            with self.subTest(action):
                lead = self.receive(Message_Id=f"<{action}@brandt.example>")
                with freeze_time(NOW + timedelta(minutes=5)):
                    message = self.answer(lead, self.back_office)
                    self.assertTrue(lead.first_contact_at)
                    self.process(
                        REPORT.format(
                            action=action, message_id=message.message_id
                        ).encode()
                    )
                self.assertEqual(bool(lead.first_contact_at), is_answered)

    def test_m10_a_colleague_wrote_first(self):
        """With the station in copy: the outsider is the customer, and has an answer."""
        lead = self.receive(
            "Tom <tom@station.example>",
            To="Eva Krause <eva@optik.example>",
            Cc="inquiries@station.example",
            Message_Id="<first@station.example>",
        )
        self.assertEqual(lead.email_normalized, "eva@optik.example")
        self.assertFalse(lead.is_customer_missing)
        self.assertAnswered(lead, self.seller, "email")
        lead = self.receive(
            "Tom <tom@station.example>",
            To="inquiries@station.example, eva@optik.example, ida@optik.example",
            Message_Id="<two@station.example>",
        )
        self.assertTrue(lead.is_customer_missing, "which of them nobody knows")

    def test_m11_a_form_that_is_sent_twice(self):
        form = {
            "name": "Spots",
            "inquiry_channel": "website",
            "email_from": "eva@optik.example",
            "description": "<p>Hello</p>",
            "team_id": self.team.id,
        }
        first = self.env["crm.lead"].create(form)
        second = self.env["crm.lead"].create(form)
        other = self.env["crm.lead"].create({**form, "description": "<p>More</p>"})
        self.assertTrue(first.is_inquiry)
        self.assertFalse(second.is_inquiry or second.active or second.sla_clock_ids)
        self.assertTrue(other.is_inquiry, "something else is another question")
        self.assertEqual(first.asked_again_count, 1)
        with freeze_time(NOW + timedelta(minutes=2)):
            later = self.env["crm.lead"].create(form)
        self.assertTrue(later.is_inquiry, "and so is the same a while later")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDeadlineCases(EscalationCase):
    def test_d1_a_promise_is_tightened_and_never_loosened(self):
        tag = self.env["crm.tag"].create({"name": "Urgent"})
        self.env["radio.sla.policy"].create(
            [
                {
                    "name": "Stars",
                    "sequence": 1,
                    "minimum_priority": "3",
                    "target_hours": 0.25,
                },
                {
                    "name": "Tagged",
                    "sequence": 2,
                    "tag_ids": tag.ids,
                    "target_hours": 0.5,
                },
            ]
        )
        hour, quarter, half = (
            NOW + timedelta(minutes=minutes) for minutes in (60, 15, 30)
        )
        lead, tagged_lead = self.inquiry(), self.inquiry()
        self.assertEqual(lead.sla_deadline, hour)
        with freeze_time(NOW + timedelta(minutes=3)):
            lead.with_user(self.back_office).priority = "3"
            tagged_lead.tag_ids = tag
        self.assertEqual(lead.sla_deadline, quarter, "from receipt")
        self.assertEqual(tagged_lead.sla_deadline, half)
        lead.priority = "0"
        tagged_lead.tag_ids = [Command.clear()]
        self.assertEqual(lead.sla_deadline, quarter)
        self.assertEqual(tagged_lead.sla_deadline, half)

    def test_d2_some_of_them_were_excluded(self):
        """Clearing "no sales inquiry" on a list makes inquiries of all."""
        excluded, normal = self.inquiry(), self.inquiry()
        kind = self.env["radio.no.inquiry.kind"].search([], limit=1)
        excluded.no_inquiry_kind_id = kind
        self.assertFalse(excluded.sla_deadline)
        (excluded | normal).write({"no_inquiry_kind_id": False})
        for lead in excluded, normal:
            self.assertTrue(lead.is_inquiry)
            self.assertTrue(lead.sla_deadline)
            self.assertEqual(lead.sla_clock_ids.state, "running")

    def test_d3_merged_with_a_lost_one(self):
        """What waits goes on waiting, on whichever remains."""
        later = self.env["crm.stage"].create({"name": "Later", "sequence": 999})
        lost = self.inquiry(type="opportunity", stage_id=later.id)
        lost.action_set_lost()
        waiting = self.inquiry(
            partner_id=lost.partner_id.id, type="opportunity", name="New"
        )
        for leads in (lost | waiting, waiting | lost):
            with self.subTest(leads[0].name), self.env.cr.savepoint() as savepoint:
                head = leads.merge_opportunity()
                self.assertTrue(head.active)
                self.assertTrue(head.sla_deadline)
                self.assertTrue(head.is_inquiry)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_d4_a_record_that_always_fails(self):
        """Also with a unique violation that does not go away."""
        bad, good = self.inquiry(name="Bad"), self.inquiry(name="Good")
        steps = self.env["radio.sla.step"]
        # somebody has written this reminder already, behind the addon's back
        clock = bad.sla_clock_ids
        self.env.flush_all()
        step = clock._get_open_steps()[0]
        steps.create(
            {
                "clock_id": clock.id,
                "percentage": step[0],
                "action": step[1],
                "done_at": NOW,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE radio_sla_clock SET next_step_at = %s WHERE id = %s",
            [NOW, clock.id],
        )
        self.env.invalidate_all()
        self.run_cron(60)
        self.assertTrue(good.sla_clock_ids.step_ids)

    def test_d5_a_channel_of_another_addon(self):
        """The history of an inquiry shows what it does not know."""
        lead = self.inquiry()
        attempt = self.env["radio.contact.attempt"].create(
            {"lead_id": lead.id, "user_id": self.back_office.id}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE radio_contact_attempt SET channel = 'pigeon' WHERE id = %s",
            [attempt.id],
        )
        self.env.invalidate_all()
        self.assertTrue(attempt._get_event().icon)


@tagged("post_install", "-at_install")
class TestMoneyCases(CommissionCase):
    def measure(self, target, moment):
        with freeze_time(moment):
            target.invalidate_recordset()
            return target.actual

    def test_c1_dates_that_are_proposed_and_written(self):
        """On the morning of 1 April in Sydney, whoever looks from Los Angeles gets that
        day: in forms, on what is paid, and for what is over."""
        self.win(self.deal_lead())
        period = self.close(day=datetime(2026, 2, 3, 9, 0))
        self.env.company.resource_calendar_id.tz = "Australia/Sydney"
        self.env.user.tz = "America/Los_Angeles"
        with freeze_time(datetime(2026, 3, 31, 22, 30)):
            proposed = {
                model: self.env[model].default_get([name])[name]
                for model, name in (
                    ("radio.booking.source", "from_month"),
                    ("radio.commission.plan", "date_from"),
                    ("radio.industry.exclusivity", "date_from"),
                    ("radio.industry.insight", "date_from"),
                    ("radio.team.target", "date_from"),
                    ("radio.upsell.signal", "released_on"),
                )
            }
            period.statement_ids.with_user(self.payer).action_pay()
            lead = self.inquiry()
            attempt = {"lead_id": lead.id, "user_id": self.back_office.id}
            self.env["radio.contact.attempt"].create(attempt)
            lead.action_keep_tomorrow()
        april = date(2026, 4, 1)
        self.assertEqual(set(proposed.values()), {april}, proposed)
        self.assertEqual(period.statement_ids.paid_on, april)
        self.assertEqual(lead.kept_until, date(2026, 4, 2))

    def test_c1_a_form_without_a_company(self):
        """Whoever adds a role has not chosen the person yet: today is then that of the
        current company."""
        view = "radio_sales_team.crm_team_member_view_list_role"
        self.assertFalse(Form(self.env["crm.team.member"], view).is_absent)

    def test_c2_targets_by_the_day_of_the_station(self):
        """In Sydney 1 April has begun while it is 31 March by UTC, and whoever looks
        from elsewhere sees the same; team and company are those of that time."""
        self.env.company.resource_calendar_id.tz = "Australia/Sydney"
        moment = datetime(2026, 3, 31, 22, 30)  # 1 April, 09:30 in Sydney
        targets = self.env["radio.team.target"].create(
            [
                {
                    "team_id": self.team.id,
                    "date_from": f"2026-{month}-01",
                    "date_to": f"2026-{month}-30",
                    "metric": metric,
                    "amount": 10,
                }
                for month in ("03", "04")
                for metric in ("revenue", "first_contact", "signal")
            ]
        )
        with freeze_time(moment):
            lead = self.deal_lead(inquiry_channel="email")
            signal = self.noticed(lead, self.other_seller)
            self.env["radio.contact.attempt"].create(
                {"lead_id": lead.id, "user_id": self.back_office.id}
            )
            lead.with_user(self.seller).action_set_won()
        self.assertEqual(signal.closed_at, moment)
        other = self.team.copy({"name": "Other"})
        lead.team_id = other
        for zone in ("UTC", "America/New_York"):
            self.env.user.tz = zone
            found = [
                self.measure(target.with_context(tz=zone), datetime(2026, 5, 2))
                for target in targets
            ]
            self.assertEqual(found, [0, 0, 0, 1000, 1, 1], zone)

    def test_c6_a_double_click_saves_once(self):
        call = (
            self.env["radio.take.call"]
            .with_user(self.back_office)
            .create(
                {
                    "caller_name": "Ida",
                    "caller_phone": "040 123",
                    "next_step": "nothing",
                }
            )
        )
        leads = self.env["crm.lead"]
        before = leads.search_count([])
        call.action_save()
        call.action_save()
        self.assertEqual(leads.search_count([]), before + 1)
        self.assertEqual(len(call.saved_lead_id.contact_attempt_ids), 1)

    def test_c8_heard_on_an_opportunity(self):
        """It comes to its salesperson, is won with it, and credits whoever noticed."""
        lead = self.deal_lead()
        self.assertFalse(self.customer.user_id)
        assistant = self.back_office
        action = lead.with_user(assistant).action_report_event()
        signals = self.env["radio.upsell.signal"].with_user(assistant)
        with (
            freeze_time(NOW),
            Form(
                signals.with_context(**action["context"]), view=action["views"][0][0]
            ) as form,
        ):
            form.event_kind_id = self.env["radio.customer.event"].search([], limit=1)
            form.event_date = fields.Date.to_date("2026-03-01")
        signal = form.record
        self.assertEqual((signal.lead_id, signal.user_id), (lead, self.seller))
        deal = self.win(lead)
        self.assertEqual(signal.state, "won")
        self.assertIn(assistant, self.lines(deal).user_id)

    def test_c8_not_on_somebody_elses_opportunity(self):
        """Who may not read an opportunity notes down nothing on it."""
        lead = self.deal_lead()
        lead.user_id = self.other_seller
        signal = (
            self.env["radio.upsell.signal"]
            .with_user(self.seller)
            .create(
                {
                    "name": "Reopening",
                    "partner_id": self.customer.id,
                    "lead_id": lead.id,
                }
            )
        )
        self.assertFalse(signal.lead_id)

    def test_c9_a_caller_without_a_contact(self):
        """The contact is there at the latest when it is won: it is booked, and found
        when the caller calls again."""
        call = (
            self.env["radio.take.call"]
            .with_user(self.back_office)
            .create(
                {
                    "caller_name": "Ida",
                    "caller_phone": "040 5550123",
                    "next_step": "nothing",
                }
            )
        )
        call.action_save()
        lead = call.saved_lead_id.with_env(self.env)
        lead.write({"user_id": self.seller.id, "expected_revenue": 5000})
        deal = self.win(lead)
        self.assertEqual(lead.partner_id.name, "Ida")
        self.assertEqual(deal.partner_id, lead.partner_id)
        self.assertEqual(lead.booking_ids.advertiser_id, lead.partner_id)
        self.assertEqual(lead.booking_ids.net_amount, 5000)
