"""Promises: which, until when, and whether they are late."""

import doctest
from ast import literal_eval
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.response import late
from .common import NOW, ResponseCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestClock(ResponseCase):
    def test_first_policy_that_fits_holds(self):
        tag = self.env["crm.tag"].create({"name": "Event"})
        other_team = self.env["crm.team"].create({"name": "Elsewhere"})
        other = self.env["res.company"].create({"name": "Other station"})
        phone = self.env["ir.model.fields.selection"].search(
            [("field_id.name", "=", "inquiry_channel"), ("value", "=", "phone")]
        )
        conditions = {
            "company": {"company_id": other.id},
            "team": {"team_ids": other_team.ids},
            "channel": {"inquiry_channels": phone.ids},
            "priority": {"minimum_priority": "2"},
            "tag": {"tag_ids": tag.ids},
        }
        policies = {
            name: self.env["radio.sla.policy"].create(
                {
                    "name": name,
                    "sequence": 1,
                    "target_hours": 0.5,
                    "calendar_id": self.calendar.id,
                    **vals,
                }
            )
            for name, vals in conditions.items()
        }
        fits = {
            "company": {"company_id": other.id, "team_id": False},
            "team": {"team_id": other_team.id},
            "channel": {"inquiry_channel": "phone", "call_back_wanted": True},
            "priority": {"priority": "3"},
            "tag": {"tag_ids": tag.ids},
        }
        self.assertEqual(
            self.inquiry(company_id=self.env.company.id).sla_clock_ids.policy_id,
            self.policy,
        )
        for name, vals in fits.items():
            lead = self.inquiry(**vals)
            self.assertEqual(lead.sla_clock_ids.policy_id, policies[name], name)
            self.assertEqual(lead.sla_clock_ids.target_minutes, 30)
        self.assertEqual(
            self.inquiry(priority="1").sla_clock_ids.policy_id, self.policy
        )
        self.assertEqual(
            self.inquiry(priority="2").sla_clock_ids.policy_id, policies["priority"]
        )

    def test_no_policy_fits(self):
        """The lead says so; there is no clock, and nothing crashes."""
        self.policy.minimum_priority = "3"
        lead = self.inquiry()
        self.assertFalse(lead.sla_clock_ids)
        self.assertEqual(lead.sla_badge, "No policy or working hours fit")
        self.assertFalse(lead.sla_status)
        self.answer(lead, self.back_office)
        self.assertEqual(lead.sla_badge, "Answered at once")
        self.policy.active = False
        self.assertEqual(self.inquiry().sla_badge, "No response-time policy")

    def test_changing_a_policy_changes_no_running_clock(self):
        lead = self.inquiry()
        deadline = lead.sla_deadline
        self.policy.write({"target_hours": 8, "stop_on": "reached"})
        self.calendar.attendance_ids.hour_to = 12
        lead.invalidate_recordset()
        self.assertEqual(lead.sla_deadline, deadline)
        self.assertEqual(lead.sla_clock_ids.stop_on, "attempt")
        self.assertEqual(self.inquiry().sla_clock_ids.target_minutes, 480)

    def test_hours_of_policy_team_company(self):
        """The policy's own hours, else the team's, else the company's."""
        night = self.calendar.copy()
        night.attendance_ids.write({"hour_from": 18, "hour_to": 23})
        self.assertEqual(self.inquiry().sla_clock_ids.calendar_id, self.calendar)
        self.policy.calendar_id = night
        lead = self.inquiry()
        self.assertEqual(lead.sla_deadline, NOW.replace(hour=18))
        self.policy.calendar_id = False
        self.team.response_calendar_id = False
        self.assertEqual(
            self.inquiry().sla_clock_ids.calendar_id,
            self.env.company.resource_calendar_id,
        )

    def test_unusable_hours_are_refused(self):
        empty, flexible = self.calendar.copy() + self.calendar.copy()
        empty.write({"name": "Empty", "attendance_ids": [Command.clear()]})
        flexible.write({"name": "Flexible", "schedule_type": "flexible"})
        self.assertRefused("“Empty” has no working time", {"calendar_id": empty.id})
        self.assertRefused("“Flexible” has flexible", {"calendar_id": flexible.id})
        self.team.response_calendar_id = empty
        self.assertRefused("“Empty” has no working time", {"team_ids": self.team.ids})
        self.env["res.company"].search([]).resource_calendar_id = False
        self.team.response_calendar_id = False
        self.assertRefused("There are no working hours", {"team_ids": self.team.ids})

    def assertRefused(self, words, vals):
        with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
            self.policy.write(vals)
        self.env.invalidate_all()

    def test_hours_that_become_unusable(self):
        """Mail still comes in; the inquiry says what is wrong."""
        self.calendar.attendance_ids = [Command.clear()]
        lead = self.receive()
        self.assertTrue(lead.is_inquiry)
        self.assertFalse(lead.sla_clock_ids)
        self.assertEqual(lead.sla_badge, "No policy or working hours fit")
        self.env["res.company"].search([]).resource_calendar_id = False
        self.team.response_calendar_id = False
        self.assertFalse(self.inquiry().sla_clock_ids)

    def test_team_or_tag_that_goes(self):
        """A policy for one team or tag never becomes one for all."""
        team = self.env["crm.team"].create({"name": "Events"})
        tag = self.env["crm.tag"].create({"name": "Event"})
        vals = {"name": "Slow", "sequence": 1, "target_hours": 8}
        slow = self.env["radio.sla.policy"].create({**vals, "team_ids": team.ids})
        team.action_archive()
        self.assertEqual(self.inquiry().sla_clock_ids.policy_id, self.policy)
        slow.write({"team_ids": False, "tag_ids": tag.ids})
        for record in (team, tag):
            slow.team_ids = team
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                record.unlink()
                self.env.flush_all()

    def test_tiny_target(self):
        """A second is refused nowhere and stops no mail: it is a minute."""
        self.policy.target_hours = 0.0003
        self.assertEqual(self.inquiry().sla_clock_ids.target_minutes, 1)

    def test_restored_lead_has_its_clock(self):
        lead = self.inquiry(active=False)
        self.assertEqual(lead.sla_clock_ids.state, "cancelled")
        lead.action_unarchive()
        self.assertWaiting(lead)

    def test_odd_searches(self):
        leads = self.env["crm.lead"]
        self.assertFalse(leads.search([("sla_status", "in", ["no such status"])]))

    def test_policy_in_use_cannot_be_deleted(self):
        self.inquiry()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.policy.unlink()
        self.policy.action_archive()

    def test_constraints(self):
        for vals in ({"target_hours": 0}, {"target_hours": -1}):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.policy.write(vals)
                self.env.flush_all()
        lead = self.inquiry()
        clock = lead.sla_clock_ids
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            clock.copy()
            self.env.flush_all()

    def test_one_definition_of_late(self):
        """Badge, status, filters, group-by and clock agree at every second around the
        deadline, open and answered."""
        deadline = self.inquiry().sla_deadline
        moments = [deadline + timedelta(seconds=seconds) for seconds in (-1, 0, 1)]
        for now in moments:
            with freeze_time(now):
                lead = self.inquiry(received_at=NOW)
                self._check_late(lead, now > deadline, is_open=True)
                self.env["radio.contact.attempt"].create({"lead_id": lead.id})
                self._check_late(lead, now > deadline, is_open=False)
            with freeze_time(now + timedelta(days=30)):
                self._check_late(lead, now > deadline, is_open=False)

    def _check_late(self, lead, late, is_open):
        self.env.flush_all()
        lead.invalidate_recordset()
        late_status, good_status = (
            ("overdue", "waiting") if is_open else ("late", "in_time")
        )
        expected = late_status if late else good_status
        only = fields.Domain("id", "=", lead.id)
        self.assertEqual(lead.sla_status, expected)
        self.assertEqual(lead.sla_clock_ids.is_late, late)
        for status in ("overdue", "waiting", "late", "in_time"):
            found = lead.search(only & fields.Domain("sla_status", "=", status))
            self.assertEqual(bool(found), status == expected, status)
        self.assertEqual(
            lead._read_group(only, ["sla_status"], ["__count"]), [(expected, 1)]
        )
        clocks = lead.sla_clock_ids
        mine = fields.Domain("lead_id", "=", lead.id)
        self.assertEqual(
            clocks.search(mine & fields.Domain("is_late", "=", True)),
            clocks if late else clocks.browse(),
        )
        self.assertEqual(
            clocks.search(mine & fields.Domain("is_late", "=", False)),
            clocks.browse() if late else clocks,
        )
        overdue = lead.search(only & fields.Domain("sla_deadline", "<", "now"))
        self.assertEqual(bool(overdue), late and is_open)
        color = lead.sla_badge_color
        self.assertEqual(color == "danger", late and is_open)

    def test_examples_of_late(self):
        """The examples that define late, at the second."""
        result = doctest.testmod(late)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_filters_of_the_pipeline(self):
        """The words in the search panel mean what they say, at each limit."""
        leads = {
            "fresh": self.inquiry(),
            "overdue": self.inquiry(received_at=NOW - timedelta(days=1)),
            "next day": self.inquiry(received_at=NOW, priority="0"),
            "answered": self.inquiry(),
            "tried": self.inquiry(),
            "no inquiry": self.inquiry(inquiry_channel=False),
        }
        self.policy.stop_on = "reached"
        leads["unreached"] = self.inquiry()
        self.policy.target_hours = 3
        leads["next day"] = self.inquiry()
        self.answer(leads["answered"], self.back_office)
        for name in ("tried", "unreached"):
            self.env["radio.contact.attempt"].create(
                {"lead_id": leads[name].id, "outcome": "not_reached"}
            )
        expected = {
            "waiting_first_contact": {"fresh", "overdue", "next day", "unreached"},
            "due_within_hour": {"fresh", "unreached"},
            "overdue_response": {"overdue"},
            "no_contact_yet": {"fresh", "overdue", "next day"},
            "call_again": {"tried", "unreached"},
            "answered_late": set(),
        }
        domains = self._filter_domains()
        for name, names in expected.items():
            ids = [lead.id for lead in leads.values()]
            found = self.env["crm.lead"].search(
                fields.Domain("id", "in", ids) & fields.Domain(domains[name])
            )
            found = {key for key, lead in leads.items() if lead in found}
            self.assertEqual(found, names, name)

    def _filter_domains(self):
        """The filters' domains as the two search views have them (they must agree)."""
        result = {}
        for view in (
            "view_crm_case_leads_filter",
            "view_crm_case_opportunities_filter",
        ):
            arch = self.env["crm.lead"].get_views(
                [(self.env.ref(f"crm.{view}").id, "search")]
            )["views"]["search"]["arch"]
            for node in etree.fromstring(arch).iter("filter"):
                if node.get("domain") and "uid" not in node.get("domain"):
                    domain = literal_eval(node.get("domain"))
                    name = node.get("name")
                    self.assertEqual(result.setdefault(name, domain), domain)
        return result

    def test_badge_words(self):
        """Time left in words that fit the distance, in the reader's own time zone."""
        lead = self.inquiry().with_user(self.back_office)
        steps = [
            (0, "1 h left", "success"),
            (29, "31 min left", "success"),
            (30, "30 min left", "warning"),
            (59, "1 min left", "warning"),
            (60, "Due now", "warning"),
            (61, "Overdue by 1 min", "danger"),
            (60 + 26 * 60, "Overdue by 1 d 2 h", "danger"),
        ]
        for minutes, words, color in steps:
            with freeze_time(NOW + timedelta(minutes=minutes)):
                lead.invalidate_recordset()
                self.assertEqual(lead.sla_badge, words)
                self.assertEqual(lead.sla_badge_color, color)
        with freeze_time(NOW.replace(hour=15, minute=30)):
            evening = self.inquiry().with_user(self.back_office)
            self.assertEqual(evening.sla_badge, "until Thu 09:30")

    def test_badge_of_a_customer_who_was_not_reached(self):
        """Trying keeps the promise, but the badge says that nobody spoke to them."""
        lead = self.inquiry()
        attempts = self.env["radio.contact.attempt"]
        with freeze_time(NOW + timedelta(minutes=30)):
            attempts.create({"lead_id": lead.id, "outcome": "not_reached"})
        self.assertEqual(lead.sla_badge, "Tried after 30 min")
        self.assertEqual(lead.sla_badge_color, "warning")
        with freeze_time(NOW + timedelta(hours=2)):
            attempts.create({"lead_id": lead.id})
        lead.invalidate_recordset()
        self.assertEqual(lead.sla_badge, "Reached after 2 h")
        self.assertEqual(lead.first_contact_at, NOW + timedelta(minutes=30))

    def test_responsible_stays_on_the_record(self):
        """Who was to answer then is not rewritten when the inquiry moves on."""
        lead = self.inquiry()
        self.answer(lead, self.back_office)
        lead.back_office_user_id = False
        self.assertEqual(lead.sla_clock_ids.user_id, self.back_office)

    def test_deleted_lead_takes_its_clock_along(self):
        lead = self.inquiry()
        clock = lead.sla_clock_ids
        lead.unlink()
        self.assertFalse(clock.exists())
