"""Two stations in one database: nothing of one is seen, counted or paid in the
other."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from .common import NOW

# How a record that names no company itself belongs to one.
PATHS = {
    "radio.contact.attempt": "lead_id.team_id.company_id",
    "radio.sla.escalation": "policy_id.company_id",
    "radio.sla.pause": "clock_id.company_id",
    "radio.discount.tier": "ladder_id.company_id",
    "radio.commission.plan.line": "plan_id.company_id",
    "radio.commission.tier": "plan_id.company_id",
    "radio.contribution": "lead_id.team_id.company_id",
    "radio.team.target.part": "target_id.company_id",
    "radio.bonus.member": "pool_id.company_id",
    "radio.commission.finding": "audit_id.company_id",
}
# Of the whole database: lists of words, and what the machine notes down for itself.
SHARED = {
    "radio.caller",
    "radio.contribution.role",
    "radio.customer.event",
    "radio.handover.reason",
    "radio.no.inquiry.kind",
    "radio.signal.reason",
    "radio.volume.change",
}
# Nothing of these happens in this test; who may see them is in the matrix.
ABSENT = {
    "radio.commission.finding",
    "radio.sla.notice",
    "radio.sla.step",
    "radio.succession",
    "radio.succession.line",
}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCompanies(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared_customer = cls.env["res.partner"].create(
            {"name": "Optik Krause", "is_company": True, "email": "k@optik.example"}
        )
        cls.north = cls.make_station("North", "EUR", "Europe/Berlin", 9)
        cls.south = cls.make_station("South", "JPY", "Asia/Tokyo", 10)

    @classmethod
    def make_station(cls, name, currency, zone, opens):
        """A company with hours, a team, people, rules, and a day's work of its own."""
        money = cls.env.ref(f"base.{currency}")
        money.active = True
        company = cls.env["res.company"].create({"name": name, "currency_id": money.id})
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        company.resource_calendar_id = env["resource.calendar"].create(
            {
                "name": name,
                "tz": zone,
                "company_id": company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": opens,
                            "hour_to": 18,
                            "day_period": "morning",
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        station = {"company": company, "env": env}
        for role, groups in {
            "assistant": "radio_sales_team.group_back_office",
            "seller": "sales_team.group_sale_salesman",
            "boss": "sales_team.group_sale_manager,"
            "radio_sales_team.group_commission_manager",
        }.items():
            station[role] = new_test_user(
                env,
                login=f"{role} {name}",
                groups=groups,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
                tz=zone,
            )
        station["team"] = env["crm.team"].create(
            {
                "name": f"Sales {name}",
                "company_id": company.id,
                "user_id": station["boss"].id,
                "crm_team_member_ids": [
                    Command.create(
                        {"user_id": station[role].id, "sales_role": sales_role}
                    )
                    for role, sales_role in (
                        ("assistant", "back_office"),
                        ("seller", "field_sales"),
                    )
                ],
            }
        )
        cls.make_rules(station)
        cls.work(station)
        return station

    @classmethod
    def make_rules(cls, station):
        env, company = station["env"], station["company"]
        env["radio.sla.policy"].create(
            {
                "name": company.name,
                "company_id": company.id,
                "sequence": 0,
                "target_hours": 1.0,
                "escalation_ids": [
                    Command.create({"percentage": 80, "action": "remind"})
                ],
            }
        )
        env["radio.booking.source"].create(
            {"company_id": company.id, "source": "won", "from_month": "2026-01-01"}
        )
        env["radio.discount.ladder"].create(
            {
                "name": company.name,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "tier_ids": [Command.create({"lower_bound": 2000, "discount": 4})],
            }
        )
        roles = {
            role: env.ref(f"radio_sales_team.radio_contribution_role_{role}").id
            for role in ("seller", "first_contact")
        }
        plan = env["radio.commission.plan"].create(
            {
                "name": company.name,
                "company_id": company.id,
                "date_from": "2026-01-01",
                "event": "won",
                "rate": 10,
                "tier_ids": [Command.create({"lower_bound": 5000, "rate": 12})],
                "line_ids": [
                    Command.create({"role_id": roles["seller"], "percent": 100}),
                    Command.create({"role_id": roles["first_contact"], "percent": 1}),
                ],
            }
        )
        plan.action_approve()

    @classmethod
    def work(cls, station):
        """An inquiry of a customer of both, answered, handed over, won and paid."""
        env, company = station["env"], station["company"]
        seller, assistant = station["seller"], station["assistant"]
        lead = env["crm.lead"].create(
            {
                "name": f"Campaign {company.name}",
                "type": "opportunity",
                "partner_id": cls.shared_customer.id,
                "team_id": station["team"].id,
                "user_id": False,
                "inquiry_channel": "email",
                "expected_revenue": 1900,
            }
        )
        station["lead"] = lead
        lead.sla_clock_ids.filtered(lambda clock: clock.kind == "first_contact")._pause(
            NOW, NOW + timedelta(days=1), "Waits for the customer"
        )
        env["radio.contact.attempt"].create(
            {"lead_id": lead.id, "user_id": assistant.id, "channel": "phone"}
        )
        lead._hand_over(seller)
        lead.handover_ids.with_user(seller).action_accept()
        lead.with_user(seller).action_set_won()
        env.flush_all()
        env["radio.customer.volume"]._refresh_changed(
            env["radio.volume.change"].search([])
        )
        env["radio.industry.exclusivity"].create(
            {
                "advertiser_id": cls.shared_customer.id,
                "company_id": company.id,
                "industry_id": env["res.partner.industry"].search([], limit=1).id,
                "scope": "Weather",
            }
        )
        env["radio.industry.insight"].create(
            {"name": company.name, "company_id": company.id}
        )
        target = env["radio.team.target"].create(
            {
                "team_id": station["team"].id,
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
                "metric": "revenue",
                "amount": 1000,
                "part_ids": [Command.create({"user_id": seller.id, "amount": 1000})],
            }
        )
        env["radio.bonus.pool"].create(
            {
                "target_id": target.id,
                "fixed_amount": 100,
                "member_ids": [Command.create({"user_id": seller.id})],
            }
        )
        period = env["radio.commission.period"].search(
            [("company_id", "=", company.id)]
        )
        with freeze_time(datetime(2026, 2, 3, 3, 0)):
            period.with_user(station["boss"]).action_prepare()
            period.with_user(station["boss"]).action_close()
        env["radio.commission.audit"]._run(company)
        for record in (station["lead"], station["lead"].sudo().commission_deal_ids):
            env["radio.processing.failure"]._postpone(
                record, "radio_sales_team.ir_cron_accrue_commission", "broken"
            )

    def get_models(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module == "radio_sales_team"
            and not model._abstract
            and not model._transient
            and name not in SHARED | ABSENT
        )

    def get_companies(self, records, name):
        path = PATHS.get(name, "company_id")
        return records.mapped(path)

    def test_nothing_crosses(self):
        """Whoever may see everything of a station sees nothing of the other."""
        for name in self.get_models():
            for own, other in ((self.north, self.south), (self.south, self.north)):
                with self.subTest(model=name, station=own["company"].name):
                    model = self.env[name]
                    seen = self.get_companies(
                        model.with_user(own["boss"]).search([]).sudo(), name
                    )
                    self.assertIn(own["company"], seen, "else this proves nothing")
                    self.assertNotIn(other["company"], seen)

    def test_each_keeps_its_own_time(self):
        """10:00 in Berlin is 18:00 in Tokyo, where the station has just closed."""
        for station, deadline in (
            (self.north, datetime(2026, 1, 14, 10, 0)),
            # the next morning, an hour after ten
            (self.south, datetime(2026, 1, 15, 2, 0)),
        ):
            lead = station["env"]["crm.lead"].create(
                {
                    "name": "New",
                    "team_id": station["team"].id,
                    "user_id": False,
                    "inquiry_channel": "email",
                    "email_from": "new@else.example",
                }
            )
            self.assertEqual(
                lead.sla_clock_ids.deadline, deadline, station["company"].name
            )

    def test_each_pays_in_its_own_currency(self):
        for station in (self.north, self.south):
            lines = self.env["radio.commission.line"].search(
                [("company_id", "=", station["company"].id)]
            )
            self.assertEqual(
                {line.user_id: line.amount for line in lines},
                {station["seller"]: 190, station["assistant"]: 19},
            )
            self.assertEqual(lines.currency_id, station["company"].currency_id)
            self.assertEqual(lines.period_id.company_id, station["company"])

    def test_the_shared_customer_has_a_volume_in_each(self):
        for station in (self.north, self.south):
            volume = (
                self.env["radio.customer.volume"]
                .with_user(station["seller"])
                .search([("partner_id", "=", self.shared_customer.id)])
            )
            self.assertEqual(volume.volume, 1900, "not 3,800")
            self.assertEqual(volume.gap, 100)
            signal = (
                self.env["radio.upsell.signal"]
                .with_user(station["boss"])
                .search([("partner_id", "=", self.shared_customer.id)])
            )
            self.assertEqual(signal.sudo().company_id, station["company"])

    def work_in_both(self, role):
        """North's assistant, say, helps out in South."""
        user, both = self.north[role], self.north["company"] | self.south["company"]
        user.company_ids = both
        # else Odoo lets nobody be in two teams
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        sales_role = "back_office" if role == "assistant" else "field_sales"
        self.env["crm.team.member"].create(
            {
                "crm_team_id": self.south["team"].id,
                "user_id": user.id,
                "sales_role": sales_role,
            }
        )
        self.env.flush_all()
        return user

    def test_a_call_belongs_to_the_station_that_is_open(self):
        """Whoever works for two does not send South's customer to North."""
        user = self.work_in_both("assistant")
        for companies in (
            self.south["company"],
            self.south["company"] | self.north["company"],
        ):
            with self.subTest(companies=companies.mapped("name")):
                form = Form(
                    self.env["radio.take.call"]
                    .with_user(user)
                    .with_context(allowed_company_ids=companies.ids)
                )
                form.caller_name = "Frank Brandt"
                form.next_step = "nothing"
                form.save().action_save()
                lead = self.env["crm.lead"].search([], order="id desc", limit=1)
                self.assertEqual(lead.contact_name, "Frank Brandt")
                self.assertEqual(lead.team_id, self.south["team"])
                self.assertEqual(lead.company_id, self.south["company"])
                lead = (
                    self.env["crm.lead"]
                    .with_user(user)
                    .with_context(allowed_company_ids=companies.ids)
                    .create({"name": "Asked", "inquiry_channel": "email"})
                )
                self.assertEqual(lead.team_id, self.south["team"])

    def test_a_signal_becomes_a_lead_of_its_station(self):
        """Also where its seller is in another station's team first."""
        user = self.work_in_both("seller")
        signal = self.env["radio.upsell.signal"].create(
            {
                "kind": "event",
                "name": "Reopening",
                "partner_id": self.shared_customer.id,
                "company_id": self.south["company"].id,
                "user_id": user.id,
            }
        )
        signal.team_id = False
        lead = signal.with_user(user)._create_lead()
        self.assertEqual(lead.company_id, self.south["company"])
        self.assertEqual(lead.team_id, self.south["team"])

    def test_what_is_exclusive_at_one_station_is_free_at_the_other(self):
        """Whoever sells for both stations would be warned off a customer who may book,
        and reads whom the other station has promised what."""
        industry = self.env["radio.industry.exclusivity"].search([]).industry_id
        rival = self.env["res.partner"].create(
            {"name": "Rival", "industry_id": industry[:1].id}
        )
        both = self.north["company"] | self.south["company"]
        boss = self.north["boss"]
        boss.company_ids = both
        self.env["radio.industry.exclusivity"].search(
            [("company_id", "=", self.south["company"].id)]
        ).scope = "Traffic"
        for station, words in ((self.north, "Weather"), (self.south, "Traffic")):
            lead = station["lead"].copy({"partner_id": rival.id})
            lead = lead.with_user(boss).with_context(allowed_company_ids=both.ids)
            self.assertEqual(
                lead.exclusivity_words, f"Exclusive for Optik Krause ({words})"
            )

    def test_whoever_works_for_both_sees_both(self):
        boss = self.north["boss"]
        both = self.north["company"] | self.south["company"]
        boss.company_ids = both
        for name in ("radio.commission.line", "radio.value.report", "radio.booking"):
            seen = (
                self.env[name]
                .with_user(boss)
                .with_context(allowed_company_ids=both.ids)
                .search([])
            )
            self.assertEqual(seen.company_id, both, name)
