"""Databases of earlier versions: what changes there, and what does not."""

from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged

MIGRATIONS = Path(__file__).parents[1] / "migrations"


@tagged("post_install", "-at_install")
class TestMigrations(TransactionCase):
    def migrate(self, name):
        script = load_script(str(MIGRATIONS / f"{name}.py"), name.replace("/", "_"))
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_deals_are_written_every_minute(self):
        """Else a station that upgrades would wait a day for what a deal pays."""
        cron = self.env.ref("radio_sales_team.ir_cron_accrue_commission")
        cron.interval_type = "days"
        self.migrate("19.0.1.1.0/post-accrue")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "minutes"))

    def test_who_has_chosen_another_time_keeps_it(self):
        cron = self.env.ref("radio_sales_team.ir_cron_accrue_commission")
        cron.write({"interval_number": 2, "interval_type": "hours"})
        self.migrate("19.0.1.1.0/post-accrue")
        self.assertEqual((cron.interval_number, cron.interval_type), (2, "hours"))
