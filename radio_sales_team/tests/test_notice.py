"""Who is told what, and when: one notice an hour, within working hours, never twice.

A morning with thirty inquiries must not become a morning with thirty mails, and nobody
is called out of bed by one.
"""

import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import NOW, EscalationCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestNotice(EscalationCase):
    def test_one_notice_an_hour(self):
        """Three reminders in an hour make one notice now and one an hour later."""
        first = self.inquiry()
        with freeze_time(NOW + timedelta(minutes=10)):
            second = self.inquiry()
            self.env.flush_all()
        told = self.run_cron(48)
        self.assertEqual(len(told), 1)
        self.assertIn(first.name, told.subject)
        self.assertFalse(self.run_cron(58), "the hour is not over")
        self.assertFalse(self.run_cron(107))
        with freeze_time(NOW + timedelta(minutes=100)):
            self.answer(first, self.back_office)
            self.env.flush_all()
        told = self.run_cron(108)
        self.assertEqual(told.partner_ids, self.back_office.partner_id)
        self.assertEqual(told.body.count("I wrote"), 1, "the first is answered")
        self.assertEqual(len(second.sla_clock_ids.step_ids), 3)
        self.assertFalse(self.run_cron(6000).filtered(self._is_for(self.back_office)))

    def _is_for(self, user):
        return lambda message: user.partner_id in message.partner_ids

    def test_what_is_due_soon_stands_in_it_too(self):
        first = self.inquiry()
        with freeze_time(NOW + timedelta(minutes=30)):
            self.inquiry(name="Second shop")
            self.env.flush_all()
        told = self.run_cron(48)
        self.assertIn(first.name, told.subject)
        self.assertIn("Due within the hour", told.body)
        self.assertIn("Second shop", told.body)

    def test_in_the_readers_time_zone(self):
        """A call-back at three is at three for whoever reads of it."""
        self.back_office.tz = "America/New_York"
        lead = self.inquiry()
        self.answer(lead, self.back_office)
        with freeze_time(NOW + timedelta(minutes=1)):
            lead.with_user(self.back_office)._make_promise(NOW + timedelta(hours=2))
            self.env.flush_all()
        # eleven o'clock in UTC
        told = self.run_cron(120)
        self.assertEqual(told.partner_ids, self.back_office.partner_id)
        self.assertIn("06:00", told.body)

    def test_answered_before_the_notice(self):
        """Nobody wants to read of what is done, and it counts as no notice."""
        lead = self.inquiry()
        self.run_cron(48)
        other = self.inquiry(received_at=NOW)
        self.assertFalse(self.run_cron(60).filtered(self._is_for(self.back_office)))
        for one in lead | other:
            self.answer(one, self.back_office)
        self.assertFalse(self.run_cron(200))
        self.assertFalse(self.env["radio.sla.notice"].search([("sent_at", "=", False)]))

    def test_never_outside_working_hours(self):
        """The scheduled action slept from Wednesday noon until the night: Thursday
        morning at nine is early enough."""
        self.inquiry()
        night = 12 * 60
        self.assertFalse(self.run_cron(night))
        before_nine = 22 * 60 + 59
        self.assertFalse(self.run_cron(before_nine))
        told = self.run_cron(before_nine + 1)
        self.assertEqual(told.filtered(self._is_for(self.back_office)), told)

    def test_slept_between_noting_and_sending(self):
        """Noted down at 16:59, looked at again after closing."""
        self.inquiry(received_at=NOW)
        notices = self.env.registry["radio.sla.notice"]
        with patch.object(notices, "_send_due", lambda self: 0):
            self.run_cron(48)
        self.assertFalse(self.run_cron(10 * 60))
        self.assertTrue(self.run_cron(23 * 60))

    def test_leaders_list_twice_a_day(self):
        """Overdue in the morning: at noon. In the afternoon: half an hour before
        closing. After that: the next noon."""
        self.policy.escalation_ids.filtered(
            lambda step: step.action != "notify_leader"
        ).unlink()
        # 10:00, 13:00 and 15:40 in Berlin, overdue an hour later
        for received, told_at in ((0, 120), (180, 390), (340, 1560)):
            with freeze_time(NOW + timedelta(minutes=received)):
                self.inquiry()
                self.env.flush_all()
            self.assertFalse(self.run_cron(received + 60))
            self.assertFalse(self.run_cron(told_at - 1), told_at)
            told = self.run_cron(told_at)
            self.assertEqual(told.partner_ids, self.manager.partner_id)

    def test_own_activity(self):
        """It stands in the owner's list too, once, without a mail of its own, and goes
        when the customer was answered: gone, not done, which would look like a call."""
        lead = self.inquiry()
        told = self.run_cron(48)
        self.assertEqual(len(told), 1)
        activity = lead.activity_ids
        self.assertEqual(activity.user_id, self.back_office)
        self.assertEqual(activity.date_deadline, lead.sla_deadline.date())
        self.run_cron(61)
        self.assertEqual(lead.activity_ids, activity)
        with freeze_time(NOW + timedelta(minutes=62)):
            self.answer(lead, self.back_office)
            self.env.flush_all()
        self.run_cron(62)
        self.assertFalse(lead.activity_ids)
        self.assertEqual(len(lead.contact_attempt_ids), 1)

    def test_activity_of_what_was_answered(self):
        """Whoever called in time has nothing red in the list until June."""
        lead = self.inquiry()
        self.run_cron(48)
        self.assertTrue(lead.activity_ids)
        with freeze_time(NOW + timedelta(minutes=50)):
            self.answer(lead, self.back_office)
            lead.with_user(self.back_office)._make_promise(
                NOW + timedelta(days=90), user=self.back_office
            )
        self.run_cron(51)
        self.assertFalse(lead.activity_ids)

    def test_activity_of_who_gave_it_away(self):
        """What is a colleague's now stays in nobody else's list."""
        lead = self.inquiry()
        self.run_cron(48)
        self.assertEqual(lead.activity_ids.user_id, self.back_office)
        lead.back_office_user_id = self._new_user(
            "mareike", "radio_sales_team.group_back_office"
        )
        self.run_cron(51)
        self.assertNotIn(self.back_office, lead.activity_ids.user_id)

    def test_activity_done_without_contact(self):
        """Ticking it off is no answer to the customer."""
        lead = self.inquiry()
        self.run_cron(48)
        lead.activity_ids.with_user(self.back_office).action_feedback()
        self.assertWaiting(lead)

    def test_not_delivered_is_told(self):
        """Who wrote it learns that the customer still waits."""
        lead = self.inquiry()
        message = self.answer(lead, self.back_office)
        self.assertFalse(self.run_cron(5))
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            message.sudo().notification_ids.filtered(
                lambda n: n.res_partner_id == self.customer
            ).notification_status = "bounce"
        self.assertWaiting(lead)
        told = self.run_cron(6)
        self.assertEqual(told.partner_ids, self.back_office.partner_id)
        self.assertIn("was not delivered", told.body)
        self.assertFalse(self.run_cron(7))

    def test_bounce_of_a_message_that_is_gone(self):
        lead = self.inquiry()
        message = self.answer(lead, self.back_office)
        notification = message.sudo().notification_ids[:1]
        lead.contact_attempt_ids.sudo().message_id = False
        notification.notification_status = "bounce"
        self.assertFalse(self.run_cron(5))

    def test_reassign(self):
        """Off unless a policy says so; moves the back office alone; both are told; to
        nobody who is away, absent or full."""
        others = {
            login: self._new_user(login, "radio_sales_team.group_back_office")
            for login in ("mareike", "ole", "pia", "rike")
        }
        members = {
            login: self._join(user, "back_office") for login, user in others.items()
        }
        self.policy.escalation_ids = False
        self.env["radio.sla.escalation"].create(
            {"policy_id": self.policy.id, "percentage": 100, "action": "reassign"}
        )
        busy = self.inquiry(back_office_user_id=others["mareike"].id)
        busy.sla_clock_ids.planned_steps = []
        members["mareike"].inquiry_limit = 1
        members["ole"].with_user(self.seller).action_switch_absent()
        others["pia"].write(
            {
                "out_of_office_from": NOW - timedelta(days=1),
                "out_of_office_to": NOW + timedelta(days=1),
            }
        )
        lead = self.inquiry(
            user_id=self.seller.id, back_office_user_id=self.back_office.id
        )
        told = self.run_cron(60)
        self.assertEqual(lead.back_office_user_id, others["rike"])
        self.assertEqual(lead.user_id, self.seller)
        self.assertLessEqual(
            (self.back_office | others["rike"]).partner_id, told.partner_ids
        )
        members["rike"].unlink()
        members["ole"].with_user(self.seller).action_switch_absent()
        stays = self.inquiry(back_office_user_id=self.back_office.id)
        members["ole"].unlink()
        self.run_cron(60)
        self.assertEqual(stays.back_office_user_id, self.back_office)
        self.assertEqual(len(stays.sla_clock_ids.step_ids), 1, "not tried each minute")

    def test_absent_is_for_today(self):
        self.member.with_user(self.seller).action_switch_absent()
        self.assertTrue(self.member.is_absent)
        with freeze_time(NOW + timedelta(days=1)):
            self.member.invalidate_recordset()
            self.assertFalse(self.member.is_absent)


@tagged("post_install", "-at_install")
class TestTap(HttpCase, EscalationCase):
    """An answer with one tap in the notice."""

    def setUp(self):
        super().setUp()
        self.lead = self.inquiry()
        self.member.user_id.password = "jana-station"

    def link(self, user=None, channel="phone"):
        return self.lead._get_tap_link(user or self.back_office, channel)

    def tap(self, link):
        path = re.sub(r"^https?://[^/]+", "", link)
        return self.url_open(path, allow_redirects=False)

    def test_tap(self):
        self.authenticate("jana", "jana-station")
        response = self.tap(self.link())
        self.assertIn(f"/{self.lead.id}", response.headers["Location"])
        self.assertAnswered(self.lead, self.back_office, "phone")
        self.tap(self.link())
        self.assertEqual(len(self.lead.contact_attempt_ids), 1, "twice is once")

    def test_nobody_there(self):
        self.authenticate("jana", "jana-station")
        self.tap(self.link(channel="tried"))
        self.assertAnswered(self.lead, self.back_office, "phone", "not_reached")

    def test_nobody_elses_link(self):
        """Neither another's link nor an invented one, nor without logging in."""
        self.tap(self.link())
        self.assertWaiting(self.lead)
        self.authenticate("jana", "jana-station")
        for link in (
            self.link(self.seller),
            self.link()[:-1] + "x",
            self.link()[:-1] + "%C3%A9",
            self.link().replace("/phone/", "/email/"),
            self.link(channel="carrier-pigeon"),
        ):
            self.assertEqual(self.tap(link).status_code, 303, link)
            self.assertWaiting(self.lead)

    def test_of_a_lead_that_is_gone(self):
        link = self.link()
        self.lead.unlink()
        self.authenticate("jana", "jana-station")
        self.assertEqual(self.tap(link).status_code, 303)
