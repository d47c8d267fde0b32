"""Databases of earlier versions: what changes there, and what does not."""

from pathlib import Path

from freezegun import freeze_time

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged

from .commission_common import CommissionCase
from .common import NOW

MIGRATIONS = Path(__file__).parents[1] / "migrations"


@tagged("post_install", "-at_install")
class TestMigrations(TransactionCase):
    """19.0.1.1.0: what a deal pays is written a minute after it was won."""

    def setUp(self):
        super().setUp()
        self.cron = self.env.ref("radio_sales_team.ir_cron_accrue_commission")
        self.old = {
            "interval_number": 1,
            "interval_type": "days",
            "name": "Commission: what campaigns earn month by month",
        }

    def migrate(self, vals):
        """:return: number and type of the interval, and the name."""
        self.cron.write(vals)
        self.env.flush_all()
        path = MIGRATIONS / "19.0.1.1.0" / "post-accrue.py"
        load_script(str(path), "post_accrue").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        return self.cron.interval_number, self.cron.interval_type, self.cron.name

    def test_as_delivered(self):
        """Else a station that upgrades would wait a day for what a deal pays."""
        number, kind, name = self.migrate(self.old)
        self.assertEqual((number, kind), (1, "minutes"))
        self.assertIn("what was won", name)
        self.assertEqual(self.cron.cron_name, name)

    def test_in_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        german = self.cron.with_context(lang="de_DE")
        self.cron.name = self.old["name"]
        german.name = "Provision: täglich"
        self.migrate({})
        self.assertIn("was gewonnen wurde", german.name)

    def test_as_somebody_has_chosen(self):
        chosen = {"interval_number": 2, "interval_type": "hours", "name": "Ours"}
        self.assertEqual(self.migrate({**self.old, **chosen}), (2, "hours", "Ours"))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestMigrationsTo2(CommissionCase):
    """19.0.1.2.0: winning asks less."""

    def run_script(self, name):
        path = MIGRATIONS / "19.0.1.2.0" / f"{name}.py"
        load_script(str(path), name.replace("-", "_")).migrate(
            self.env.cr, "19.0.1.1.0"
        )
        self.env.invalidate_all()

    def test_what_was_won_a_moment_before(self):
        """Whoever won a deal in the minute before the upgrade is paid for it."""
        lead = self.deal_lead()
        self.noticed(lead, self.other_seller)
        deal = self.just_win(lead).sudo()
        role = self.role
        deal.pending = {
            "member_ids": deal.pending["member_ids"],
            "people": [
                [role["seller"].id, self.seller.ids],
                [role["signal"].id, self.other_seller.ids],
            ],
            "staff_ids": (self.seller | self.other_seller).ids,
            "won_by": self.seller.id,
        }
        self.env.flush_all()
        self.run_script("post-pending")
        self.run_script("post-pending")
        self.run_commission_cron()
        self.assertEqual(
            {(line.user_id, line.amount) for line in self.lines(deal)},
            {(self.seller, 100), (self.other_seller, 20)},
        )
        self.assertFalse(lead.booking_ids, "those were booked when it was won")

    def test_promises_that_are_open(self):
        """Else winning would leave deadlines open."""
        lead = self.deal_lead(inquiry_channel="email")
        answered = self.deal_lead(inquiry_channel="email", partner_id=False)
        self.env["radio.contact.attempt"].create(
            {"lead_id": answered.id, "user_id": self.seller.id}
        )
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE radio_sla_clock DROP COLUMN open_lead_id")
        self.run_script("pre-open-lead")
        self.run_script("pre-open-lead")
        self.assertEqual(lead.sla_clock_ids.open_lead_id, lead)
        self.assertTrue(answered.sla_clock_ids)
        self.assertFalse(answered.sla_clock_ids.open_lead_id)
        self.just_win(lead)
        self.assertEqual(lead.sla_clock_ids.state, "cancelled")

    def test_one_asks_who_shares_only_what_is_not_ones_own(self):
        """The rule becomes quicker, where it is still the one that was delivered."""
        rule = self.env.ref("radio_sales_team.crm_lead_rule_shared")
        delivered = rule.domain_force
        for before, after in (
            ("[('is_shared_with_me', '=', True)]", delivered),
            ("[(0, '=', 1)]", "[(0, '=', 1)]"),
        ):
            rule.domain_force = before
            self.env.flush_all()
            self.run_script("post-shared")
            self.assertEqual(rule.domain_force, after)
