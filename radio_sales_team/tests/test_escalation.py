"""Reminders: each once, to the right person, whatever crashes or runs twice.

A reminder too few and a customer is forgotten; one too many and nobody reads them.
"""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, EscalationCase

CRON = "odoo.addons.radio_sales_team.models.response.radio_sla_clock_cron"
BATCH = "odoo.addons.radio_sales_team.models.response.batch"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestEscalation(EscalationCase):
    def test_steps_at_their_minute(self):
        """Nothing at 47 minutes, the owner at 48, the deputy at 60, the leader's list
        at noon, then silence."""
        self.team.deputy_user_id = self.seller
        lead = self.inquiry()
        self.assertFalse(self.run_cron(47))
        told = self.run_cron(48)
        self.assertEqual(told.partner_ids, self.back_office.partner_id)
        self.assertIn(lead.name, told.subject)
        self.assertEqual(told.author_id, self.env.company.partner_id)
        self.assertFalse(self.run_cron(48))
        self.assertFalse(self.run_cron(59))
        told = self.run_cron(60)
        self.assertEqual(told.partner_ids, self.seller.partner_id)
        self.assertFalse(self.run_cron(60))
        self.assertFalse(self.run_cron(119))
        told = self.run_cron(120)
        self.assertEqual(told.partner_ids, self.manager.partner_id)
        self.assertFalse(self.run_cron(6000))
        steps = lead.sla_clock_ids.step_ids
        self.assertEqual(sorted(steps.mapped("percentage")), [80, 100, 100])

    def test_answered_in_between(self):
        lead = self.inquiry()
        self.assertTrue(self.run_cron(48))
        with freeze_time(NOW + timedelta(minutes=50)):
            self.answer(lead, self.back_office)
        self.assertFalse(self.run_cron(120))

    def test_not_running_is_not_reminded(self):
        lost, archived, spam, won = (self.inquiry() for _ in range(4))
        lost.action_set_lost()
        archived.action_archive()
        spam.is_inquiry = False
        won.action_set_won()
        self.assertFalse(self.run_cron(6000))

    def test_scheduled_action_was_off(self):
        """After a night without the scheduled action each person gets one message, and
        all steps are done."""
        lead = self.inquiry()
        told = self.run_cron(90)
        self.assertEqual(told.partner_ids, self.back_office.partner_id)
        self.assertEqual(len(lead.sla_clock_ids.step_ids), 3)
        self.assertFalse(self.run_cron(91))
        self.assertEqual(self.run_cron(120).partner_ids, self.manager.partner_id)

    def test_hours_changed_after_the_promise(self):
        """What was promised is reminded of, whatever the calendar says by now."""
        lead = self.inquiry()
        self.calendar.attendance_ids.unlink()
        self.assertTrue(self.run_cron(48))
        self.assertTrue(self.run_cron(60))
        self.assertEqual(len(lead.sla_clock_ids.step_ids), 3)
        self.assertFalse(lead.sla_clock_ids.next_step_at)

    def test_policy_changed_its_reminders(self):
        """What runs keeps the reminders that it began with; what begins later has
        none, and is not looked at each minute for ever."""
        before = self.inquiry()
        self.policy.escalation_ids.unlink()
        after = self.inquiry()
        self.assertFalse(after.sla_clock_ids.next_step_at)
        told = self.run_cron(50)
        self.assertIn(before.name, told.subject)
        self.assertFalse(after.sla_clock_ids.step_ids)

    def test_one_message_for_many_inquiries(self):
        leads = self.env["crm.lead"].union(*(self.inquiry() for _ in range(3)))
        told = self.run_cron(50)
        self.assertEqual(len(told), 1)
        self.assertIn("3 inquiries", told.subject)
        self.assertEqual(told.body.count("10 min left"), 3)
        self.assertEqual(len(leads.sla_clock_ids.step_ids), 3)

    def test_whom_it_tells(self):
        """The owner, else the pool, else the leader; nobody who cannot log in."""
        self.policy.escalation_ids.filtered(
            lambda step: step.action == "notify_leader"
        ).unlink()
        other = self._new_user("mareike", "radio_sales_team.group_back_office")
        other_member = self._join(other, "back_office")
        self.inquiry()
        told = self.run_cron(50)
        self.assertEqual(told.partner_ids, (self.back_office | other).partner_id)
        lead = self.inquiry(user_id=self.seller.id)
        told = self.run_cron(50)
        self.assertEqual(told.partner_ids, self.seller.partner_id)
        lead.is_inquiry = False
        (self.member | other_member).unlink()
        self.inquiry()
        told = self.run_cron(50)
        self.assertEqual(told.partner_ids, self.manager.partner_id)
        owned = self.inquiry(back_office_user_id=other.id)
        other.action_archive()
        self.run_cron(50)
        self.assertEqual(owned.sla_clock_ids.step_ids.user_ids, self.manager)
        self.team.user_id = False
        nobodys = self.inquiry()
        self.assertFalse(self.run_cron(50))
        self.assertFalse(nobodys.sla_clock_ids.step_ids.user_ids)

    def test_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.back_office.lang = "de_DE"
        self.inquiry()
        told = self.run_cron(50)
        self.assertIn("Wartet auf Antwort", told.subject)
        self.assertIn("noch 10 min", told.body)

    def test_one_bad_row_stops_nothing(self):
        """The reminder that fails is set aside with its reason; the others go out."""
        bad, _good = self.inquiry(name="Bad"), self.inquiry(name="Good")
        bad_clock = bad.sla_clock_ids
        clock_class = self.env.registry["radio.sla.clock"]
        people_for = clock_class._get_people_for

        def broken(clocks, action):
            if clocks == bad_clock:
                raise ValueError("broken data")
            return people_for(clocks, action)

        with (
            patch.object(clock_class, "_get_people_for", broken),
            mute_logger(BATCH),
        ):
            told = self.run_cron(50)
            self.assertEqual(told.subject, "Waiting for an answer: Good")
            self.assertFalse(self.run_cron(50))
        self.assertFalse(bad_clock.step_ids)
        failure = (
            self.env["radio.processing.failure"].with_user(self.manager).search([])
        )
        self.assertEqual(
            (failure.model, failure.res_id), (bad_clock._name, bad_clock.id)
        )
        self.assertEqual(failure.error, "broken data")
        self.run_cron(53)
        self.assertTrue(bad_clock.step_ids, "tried again")
        self.assertFalse(failure.exists())

    def test_killed_in_the_middle(self):
        """What was not committed is done again, what was is not."""
        leads = [self.inquiry(name=str(number)) for number in range(3)]
        clock_class = self.env.registry["radio.sla.clock"]
        escalate = clock_class._escalate
        calls = []

        def killed(clocks):
            escalate(clocks)
            calls.append(clocks)
            if len(calls) == 2:
                raise KeyboardInterrupt

        self.env.flush_all()
        with (
            patch(f"{CRON}.BATCH_SIZE", 1),
            patch.object(clock_class, "_escalate", killed),
            freeze_time(NOW + timedelta(minutes=50)),
            self.enter_registry_test_mode(),
            self.assertRaises(KeyboardInterrupt),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["radio.sla.clock"]._cron_escalate()
        self.assertEqual(len(calls), 2)
        self.env.invalidate_all()
        self.run_cron(50)
        for lead in leads:
            self.assertEqual(len(lead.sla_clock_ids.step_ids), 1)

    def test_a_row_that_changed_is_looked_at_again(self):
        """Two workers at once: PostgreSQL refuses one, which begins again."""
        self.inquiry()
        clock_class = self.env.registry["radio.sla.clock"]
        get_due = clock_class._get_due
        calls = []

        def refused_once(clocks, left_alone):
            calls.append(1)
            if len(calls) == 1:
                raise psycopg2.errors.SerializationFailure
            return get_due(clocks, left_alone)

        with patch.object(clock_class, "_get_due", refused_once):
            self.assertEqual(len(self.run_cron(50)), 1)

    def test_idle_tick(self):
        """A minute in which nothing is due costs next to nothing."""
        self.inquiry()
        self.env.flush_all()
        clocks = self.env["radio.sla.clock"]
        with self.assertQueryCount(1):
            clocks._get_due(set())
        plan = self.env.execute_query_dict(
            clocks._search([("next_step_at", "<=", NOW)]).select()
        )
        self.assertFalse(plan)

    def test_each_step_once(self):
        """The database itself keeps a step from being done twice."""
        clock = self.inquiry().sla_clock_ids
        values = {
            "clock_id": clock.id,
            "percentage": 80,
            "action": "remind",
            "done_at": NOW,
        }
        self.env["radio.sla.step"].create(values)
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["radio.sla.step"].create(values)
            self.env.flush_all()
