"""Databases of earlier versions: what changes there, and what does not."""

from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged

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
