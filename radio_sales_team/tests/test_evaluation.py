"""Response times per person exist only where the company wants them, by whatever way
they are asked for; who may see which rows; how long names are kept."""

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW, ResponseCase
from .test_pause_oracle import MINUTE

FIRST = "first_contact_user_id"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestEvaluation(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.group_ids = [
            Command.link(cls.env.ref("base.group_allow_export").id)
        ]
        cls.colleague = cls._new_user("nele", "radio_sales_team.group_back_office")
        cls._join(cls.colleague, "back_office")
        cls.other_team = cls.env["crm.team"].create(
            {"name": "Other", "response_calendar_id": cls.calendar.id}
        )
        leads = cls.env["crm.lead"]
        for user, minutes in ((cls.back_office, 20), (cls.colleague, 300)):
            for _number in range(3):
                leads |= cls._answered(user, minutes)
        cls.leads = leads
        cls.domain = [("id", "in", leads.ids)]
        cls.rows = [("lead_number", "in", leads.ids)]
        cls.env.flush_all()

    @classmethod
    def _answered(cls, user, minutes, **vals):
        start = NOW - 1000 * MINUTE
        lead = cls.env["crm.lead"].create(
            {
                "name": "Spring campaign",
                "team_id": cls.team.id,
                "user_id": cls.seller.id,
                "back_office_user_id": user.id,
                "inquiry_channel": "email",
                "received_at": start,
                **vals,
            }
        )
        cls.env["radio.contact.attempt"].create(
            {
                "lead_id": lead.id,
                "user_id": user.id,
                "attempted_at": start + minutes * MINUTE,
            }
        )
        return lead

    def switch_on(self):
        self.env.company.evaluate_response_per_person = True
        self.env.invalidate_all()  # each request has a cache of its own

    def as_manager(self, model):
        return self.env[model].with_user(self.manager)

    def ways(self):
        """Every way to put people and their response times together."""
        leads, clocks = self.as_manager("crm.lead"), self.as_manager("radio.sla.clock")
        attempts = self.as_manager("radio.contact.attempt")
        late, others = ("sla_status", "=", "late"), (FIRST, "=", self.colleague.id)
        count = ["__count"]
        return {
            "group": lambda: leads.formatted_read_group(self.domain, [FIRST], count),
            "list": lambda: leads.web_read_group(self.domain, [FIRST], count),
            "old": lambda: leads.read_group(self.domain, [], [FIRST]),
            "pivot": lambda: leads.formatted_read_grouping_sets(
                self.domain, [[], [FIRST]], count
            ),
            "count": lambda: leads.formatted_read_group(
                self.domain, ["team_id"], [f"{FIRST}:count_distinct"]
            ),
            "filter": lambda: leads.search_count([*self.domain, others]),
            "name": lambda: leads.search([("first_contact_user_id.name", "=", "Nele")]),
            "any": lambda: leads.search(
                [("contact_attempt_ids", "any", [("user_id", "=", self.colleague.id)])]
            ),
            "read": lambda: leads.search_read([others], ["name"]),
            "seller": lambda: leads.formatted_read_group(
                self.domain, ["user_id", "sla_status"], count
            ),
            "back office": lambda: leads.formatted_read_group(
                [*self.domain, late], ["back_office_user_id"], count
            ),
            "person and late": lambda: leads.search(
                [late, ("back_office_user_id", "=", self.colleague.id)]
            ),
            "last answer": lambda: leads.formatted_read_group(
                self.domain, ["user_id"], ["first_contact_at:max"]
            ),
            "export": lambda: self.leads.with_user(self.manager).export_data(
                ["name", FIRST]
            ),
            "export path": lambda: self.leads.with_user(self.manager).export_data(
                ["name", "contact_attempt_ids/user_id/name"]
            ),
            "export both": lambda: self.leads.with_user(self.manager).export_data(
                ["user_id/.id", "first_contact_at"]
            ),
            "attempts": lambda: attempts.formatted_read_group([], ["user_id"], count),
            "who noted it down": lambda: attempts.formatted_read_group(
                [], ["create_uid", "attempted_at:hour_number"], count
            ),
            "clocks by who began them": lambda: clocks.search(
                [("create_uid", "=", self.colleague.id)]
            ),
            "attempts by inquiry": lambda: attempts.formatted_read_group(
                [], [f"lead_id.{FIRST}"], count
            ),
            "clocks": lambda: clocks.formatted_read_group(
                [], ["user_id"], ["working_minutes:avg"]
            ),
            "clocks by seller": lambda: clocks.formatted_read_group(
                [("lead_id.user_id", "=", self.seller.id)],
                [],
                ["working_minutes:avg"],
            ),
            "hand-overs": lambda: self.as_manager(
                "radio.handover"
            ).formatted_read_group([], ["to_user_id"], ["accept_hours:avg"]),
            "by another model": lambda: self.as_manager(
                "radio.booking"
            ).formatted_read_group(
                [], ["lead_id.user_id", "lead_id.sla_status"], count
            ),
            "by the moment, by another model": lambda: self.as_manager(
                "radio.booking"
            ).formatted_read_group([], ["lead_id.first_contact_at:hour"], count),
            "by who follows": lambda: clocks.formatted_read_group(
                [("lead_id.message_follower_ids.partner_id.name", "=", "Nele")],
                [],
                ["working_minutes:avg"],
            ),
            "by who wrote": lambda: clocks.formatted_read_group(
                [("lead_id.message_ids.body", "ilike", "Nele")],
                [],
                ["working_minutes:avg"],
            ),
            "exported with the customer": lambda: self.customer.with_user(
                self.manager
            ).export_data(
                [
                    "name",
                    "opportunity_ids/user_id/name",
                    "opportunity_ids/first_contact_at",
                ]
            ),
            "exported in words": lambda: self.leads.with_user(self.manager).export_data(
                ["contribution_words", "first_contact_at"]
            ),
            "ranked": lambda: self.as_manager("radio.handover").formatted_read_group(
                [], ["to_user_id"], count, order="answer_hours:avg desc"
            ),
            "ranked in a pivot": lambda: self.as_manager(
                "radio.handover"
            ).formatted_read_grouping_sets(
                [], [["to_user_id"]], count, order="answer_hours:avg desc"
            ),
            "only the slow ones": lambda: clocks.formatted_read_group(
                [],
                ["lead_id.user_id"],
                count,
                having=[("working_minutes:avg", ">", 60)],
            ),
            "contributions": lambda: self.as_manager(
                "radio.value.report"
            ).formatted_read_group(
                [("lead_id.sla_status", "=", "late")], ["user_id"], count
            ),
        }

    def test_off_closes_every_way(self):
        for name, way in self.ways().items():
            with self.subTest(name), self.assertRaises(AccessError):
                way()

    def test_on_opens_every_way(self):
        self.switch_on()
        for name, way in self.ways().items():
            with self.subTest(name):
                way()

    def test_one_company_of_two_is_not_enough(self):
        self.switch_on()
        second = self.env["res.company"].create({"name": "Second"})
        self.manager.company_ids = [Command.link(second.id)]
        both = (self.env.company | second).ids
        leads = self.as_manager("crm.lead").with_context(allowed_company_ids=both)
        self.assertRaises(AccessError, leads._read_group, [], [FIRST], ["__count"])

    def test_work_goes_on(self):
        """What colleagues need is open with the switch off."""
        leads = self.env["crm.lead"].with_user(self.back_office)
        mine = (FIRST, "=", self.back_office.id)
        self.assertEqual(leads.search_count([*self.domain, mine]), 3)
        self.assertTrue(
            leads.search(
                [
                    ("sla_status", "=", "in_time"),
                    ("back_office_user_id", "=", self.back_office.id),
                ]
            )
        )
        for domain in (
            [("first_contact_at", "=", False)],
            [("sla_deadline", "<", "now")],
            [("sla_status", "in", ["overdue", "waiting"])],
        ):
            leads.formatted_read_group(domain, ["back_office_user_id"], ["__count"])
        leads.formatted_read_group([], ["user_id"], ["expected_revenue:sum"])
        self.env["radio.sla.clock"].with_user(self.back_office).formatted_read_group(
            [("state", "=", "running")], ["user_id"], ["__count"]
        )
        # who spoke to my customer stands on the inquiry
        lead = self.leads[-1].with_user(self.seller)
        self.assertEqual(lead[FIRST], self.colleague)
        self.assertEqual(lead.contact_attempt_ids.user_id, self.colleague)

    def test_screens_do_not_offer_it(self):
        views = [(False, "list"), (False, "search")]
        for on in (False, True):
            if on:
                self.switch_on()
            answer = self.as_manager("crm.lead").get_views(views)
            field = answer["models"]["crm.lead"]["fields"][FIRST]
            for key in ("groupable", "searchable"):
                self.assertEqual(bool(field[key]), on)
            description = self.as_manager("crm.lead").fields_get([FIRST])[FIRST]
            self.assertEqual(bool(description["exportable"]), on)

    def test_report_shows_nobody_but_oneself(self):
        report = self.env["radio.response.report"]
        names = ["answered_by_id", "responsible_id"]
        for user, seen in (
            (self.manager, set()),
            (self.back_office, {self.back_office}),
        ):
            self.env.invalidate_all()  # each request has a cache of its own
            rows = report.with_user(user).search(self.rows)
            self.assertEqual(len(rows), 6)
            for name in names:
                self.assertEqual(set(rows[name]), seen)
                groups = rows.formatted_read_group(self.rows, [name], ["__count"])
                self.assertEqual(
                    [group[name] and group[name][0] for group in groups],
                    [*(user.id for user in seen), False],
                )
                other = [*self.rows, (name, "=", self.colleague.id)]
                self.assertFalse(rows.search(other))
            if user == self.manager:
                exported = rows.export_data(["answered_by_id/name"])["datas"]
                self.assertEqual(exported, [[""]] * 6)
        self.switch_on()
        rows = report.with_user(self.manager).search(self.rows)
        self.assertEqual(rows.answered_by_id, self.back_office | self.colleague)

    def test_no_way_through_the_inquiry(self):
        report = self.as_manager("radio.response.report")
        self.assertRaises(
            ValueError, report.search, [("lead_number.user_id", "=", self.seller.id)]
        )

    def _groups(self):
        groups = self.as_manager("radio.response.report").formatted_read_group(
            self.rows, ["team_id"], ["__count"]
        )
        return {
            group["team_id"] and group["team_id"][0]: group["__count"]
            for group in groups
        }

    def test_small_teams_are_counted_together(self):
        team = self.team.id
        self.assertEqual(self._groups(), {False: 6}, "three people are fewer than five")
        self.env.company.response_group_size = 3
        self.assertEqual(self._groups(), {team: 6})
        # one person more somewhere else: subtracting would single them out
        lead = self._answered(self.manager, 5, team_id=self.other_team.id)
        self.rows = [("lead_number", "in", [*self.leads.ids, lead.id])]
        self.env["crm.team.member"].create(
            {"crm_team_id": self.other_team.id, "user_id": self.manager.id}
        )
        self.assertEqual(self._groups(), {False: 7})
        self.assertRaises(
            AccessError,
            self.as_manager("crm.lead").formatted_read_group,
            self.domain,
            ["team_id", "sla_status"],
            ["__count"],
        )
        self.switch_on()
        self.assertEqual(self._groups(), {team: 6, self.other_team.id: 1})

    def test_rights(self):
        stranger = self._new_user("paul", "sales_team.group_sale_salesman")
        portal = self._new_user("port", "base.group_portal")
        lead = self._answered(self.back_office, 5, user_id=False, team_id=False)
        lead.back_office_user_id = False
        rows = [("lead_number", "in", [*self.leads.ids, lead.id])]
        leader = self._new_user("lea", "sales_team.group_sale_salesman")
        self.team.user_id = leader
        for name in ("radio.response.report", "radio.win.report"):
            for user, count in (
                *((self.seller, 6), (self.back_office, 6), (stranger, 0)),
                *((leader, 6), (self.manager, 7)),
            ):
                found = self.env[name].with_user(user).search_count(rows)
                self.assertEqual(found, count, (name, user.login))
            self.assertRaises(
                AccessError, self.env[name].with_user(portal).search, rows
            )
            second = self.env["res.company"].create({"name": f"Second {name}"})
            self.leads[0].write(
                {
                    "user_id": False,
                    "back_office_user_id": False,
                    "company_id": second.id,
                }
            )
            self.env.flush_all()
            found = self.env[name].with_user(self.manager).search_count(rows)
            self.assertEqual(found, 6, "multi-company")
            self.leads[0].write(
                {
                    "company_id": False,
                    "user_id": self.seller.id,
                    "team_id": self.team.id,
                }
            )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestNameRemoval(ResponseCase):
    def _old(self, moment, is_over=True):
        with freeze_time(moment):
            lead = self.inquiry(user_id=self.seller.id, received_at=moment)
            self.env["radio.contact.attempt"].create(
                {
                    "lead_id": lead.id,
                    "user_id": self.back_office.id,
                    "attempted_at": moment,
                }
            )
            if is_over:
                lead.action_set_lost()
            self.env.flush_all()
        return lead

    def _remove(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("radio_sales_team.ir_cron_remove_names")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _facts(self, lead):
        clocks = lead.sla_clock_ids
        rows = self.env["radio.response.report"].search([("lead_number", "=", lead.id)])
        return [
            (clock.kind, clock.started_at, clock.stopped_at, clock.state)
            for clock in clocks
        ] + [lead.first_contact_at, rows.mapped("result"), rows.mapped("wall_minutes")]

    def test_both_sides_of_the_limit(self):
        limit = NOW - relativedelta(months=12)
        old = self._old(limit - MINUTE)
        young = self._old(limit + MINUTE)
        is_open = self._old(limit - MINUTE, is_over=False)
        self.env["radio.sla.step"].create(
            {
                "clock_id": old.sla_clock_ids[0].id,
                "percentage": 80,
                "action": "notify",
                "done_at": limit - MINUTE,
                "user_ids": self.back_office.ids,
            }
        )
        facts = {lead: self._facts(lead) for lead in old | young | is_open}
        for _again in range(2):
            self._remove()
            for lead in old | young | is_open:
                self.assertEqual(self._facts(lead), facts[lead], "figures stay")
            self.assertFalse(old.first_contact_user_id)
            self.assertFalse(old.contact_attempt_ids.user_id)
            self.assertFalse(old.sla_clock_ids.user_id)
            self.assertFalse(old.sla_clock_ids.step_ids.user_ids)
            for rows in (old.contact_attempt_ids, old.sla_clock_ids):
                self.assertFalse(rows.create_uid | rows.write_uid)
            self.assertTrue(young.contact_attempt_ids.create_uid)
            self.assertEqual(young.first_contact_user_id, self.back_office)
            self.assertTrue(young.sla_clock_ids.user_id)
            self.assertEqual(is_open.first_contact_user_id, self.back_office)
        # and nothing brings them back
        old.back_office_user_id = self.back_office
        old.contact_attempt_ids.note = "Corrected"
        self.env.flush_all()
        self.assertFalse(old.sla_clock_ids.user_id)
        self.assertEqual(self._facts(old), facts[old])

    def test_the_months_are_a_setting(self):
        lead = self._old(NOW - relativedelta(months=2))
        self._remove()
        self.assertTrue(lead.first_contact_user_id)
        self.env.companies.search([]).response_names_months = 1
        self._remove()
        self.assertFalse(lead.first_contact_user_id)

    def test_part_in_the_deal_stays(self):
        moment = NOW - relativedelta(months=13)
        lead = self._old(moment, is_over=False)
        lead.action_set_won()
        self.run_commission_cron()
        before = lead.contribution_ids.filtered("is_automatic").user_id
        self.assertIn(self.back_office, before)
        self._remove()
        self.assertFalse(lead.first_contact_user_id)
        self.assertEqual(lead.contribution_ids.user_id, before)
        lead.stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        lead.action_set_won()
        self.run_commission_cron()
        self.assertIn(self.back_office, lead.contribution_ids.user_id)

    def test_nobody_logs_without_a_name(self):
        attempts = self.env["radio.contact.attempt"].with_user(self.manager)
        lead = self.inquiry()
        self.assertRaises(
            AccessError, attempts.create, {"lead_id": lead.id, "user_id": False}
        )
