"""Who sets the addon up reads what is missing, and nothing that is not."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import config

from .common import NOW, ResponseCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSetupCheck(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a station of its own, so that what the database has besides does not matter
        cls.station = cls.env["res.company"].create(
            {"name": "Other station", "resource_calendar_id": cls.calendar.id}
        )
        for user in cls.manager | cls.back_office | cls.seller:
            user.company_ids += cls.station
        cls.team.company_id = cls.station
        cls.env["ir.mail_server"].create({"name": "Mail", "smtp_host": "mail.example"})

    def findings(self, companies=None, user=None):
        companies = companies or self.station
        check = (
            self.env["radio.setup.check"]
            .with_user(user or self.manager)
            .with_context(allowed_company_ids=companies.ids)
            .create({})
        )
        return str(check.findings)

    def assertMissing(self, sentence):
        findings = self.findings()
        self.assertIn(sentence, findings)
        self.assertNotIn("Everything is set up", findings)

    def assertComplete(self):
        self.assertIn("Everything is set up", self.findings())

    def test_everything_is_set_up(self):
        self.assertComplete()

    def test_no_policy(self):
        self.policy.active = False
        self.assertMissing("No policy is active")
        self.policy.active = True
        self.assertComplete()

    def test_policy_of_another_company(self):
        self.policy.company_id = self.env.company
        self.assertMissing("No policy is active")
        self.policy.company_id = self.station
        self.assertComplete()

    def test_no_back_office(self):
        self.member.sales_role = "field_sales"
        self.assertMissing("Nobody is in the back office of “Station sales”")
        self.member.sales_role = "back_office"
        self.assertComplete()

    def test_back_office_that_left(self):
        self.back_office.active = False
        self.assertMissing("Nobody is in the back office of “Station sales”")

    def test_no_hours(self):
        self.calendar.attendance_ids = [Command.clear()]
        self.assertMissing("“Station sales” has no working hours")

    def test_flexible_hours(self):
        self.team.response_calendar_id = self.calendar.copy({"flexible_hours": True})
        self.assertMissing("“Station sales” has no working hours")
        self.team.response_calendar_id = False
        self.assertComplete()

    def test_no_alias(self):
        self.team.alias_name = False
        self.assertMissing("“Station sales” has no mail address")
        self.team.alias_name = "spots"
        self.assertComplete()

    def test_no_alias_domain(self):
        self.team.alias_domain_id = False
        self.assertMissing("The mail address of “Station sales” has no domain")
        self.team.alias_domain_id = self.alias_domain
        self.assertComplete()

    def test_no_leader(self):
        self.team.user_id = False
        self.assertMissing("“Station sales” has no team leader")
        self.team.user_id = self.manager
        self.assertComplete()

    def test_no_team(self):
        self.team.active = False
        self.assertMissing("There is no sales team")

    def test_team_that_takes_no_inquiries(self):
        """A team of a shop has no inquiries, and lacks nothing."""
        other = self.team.copy({"name": "Shop", "company_id": self.station.id})
        self.assertMissing("Shop")
        other.write({"use_leads": False, "use_opportunities": False})
        self.assertComplete()

    def test_no_mail_server(self):
        self.env["ir.mail_server"].search([]).active = False
        if config["smtp_server"] in (False, "localhost"):
            self.assertMissing("No server for outgoing mail")
        else:
            self.assertComplete()

    def test_scheduled_action_is_off(self):
        cron = self.env.ref("radio_sales_team.ir_cron_escalate")
        cron.active = False
        self.assertMissing(f"“{cron.name}” is switched off")
        cron.active = True
        self.assertComplete()

    def test_each_company_by_itself(self):
        """What one station lacks is not said of the other, nor hidden by it."""
        third = self.env["res.company"].create({"name": "Third station"})
        self.manager.company_ids += third
        self.assertComplete()
        both = self.findings(self.station | third)
        self.assertIn("Third station: There is no sales team", both)
        self.assertNotIn("Other station:", both)
        alone = self.findings(third)
        self.assertIn("There is no sales team", alone)
        self.assertNotIn("Third station:", alone)

    def test_team_of_no_company_is_the_main_ones(self):
        self.team.write({"company_id": False, "user_id": False})
        main = self.env["crm.lead"]._get_main_company()
        self.manager.company_ids += main
        self.assertIn("“Station sales” has no team leader", self.findings(main))
        self.assertNotIn("“Station sales”", self.findings())

    def test_links(self):
        """Sales administrators cannot go everywhere: they are told whom to ask."""
        self.team.user_id = False
        self.env.ref("radio_sales_team.ir_cron_escalate").active = False
        findings = self.findings()
        self.assertIn(f"crm_team_action_config/{self.team.id}", findings)
        self.assertIn("ask an administrator: Settings", findings)
        self.assertNotIn("base.ir_cron_act", findings)
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.station
        self.assertIn("base.ir_cron_act", self.findings(user=admin))

    def test_only_for_sales_administrators(self):
        with self.assertRaises(AccessError):
            self.findings(user=self.seller)

    def test_settings(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.station
        settings = (
            self.env["res.config.settings"]
            .with_user(admin)
            .with_context(allowed_company_ids=self.station.ids)
        )
        form = Form(settings)
        self.assertIn("Everything is set up", str(form.response_setup))
        self.assertEqual(form.campaign_lead_days, 5)
        form.campaign_lead_days = 8
        form.save().execute()
        self.assertEqual(self.station.campaign_lead_days, 8)
        self.assertEqual(self.env.company.campaign_lead_days, 5)
