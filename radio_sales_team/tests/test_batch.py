"""A scheduled action whose time is over comes back for the rest at once."""

import time

from odoo.tests import TransactionCase, tagged

from ..models.response.batch import BATCH_SIZE, run_in_batches

CRON = "radio_sales_team.ir_cron_accrue_commission"


@tagged("post_install", "-at_install")
class TestBatch(TransactionCase):
    def run_with(self, seconds):
        """Go through three batches of contacts, with this much time left.

        :return: how many were dealt with, and what Odoo is told that is left.
        """
        self.env["res.partner"].create(
            [{"name": "Batch", "ref": "BATCH"} for _one in range(3 * BATCH_SIZE)]
        )
        cron = self.env.ref(CRON)
        progress = self.env["ir.cron.progress"].create(
            {"cron_id": cron.id, "remaining": 0, "done": 0}
        )
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(
                cr=cr,
                context={
                    "cron_end_time": time.monotonic() + seconds,
                    "cron_id": cron.id,
                    "ir_cron_progress_id": progress.id,
                },
            )
            partners = env["res.partner"]

            def get_due(left_alone):
                return partners.search(
                    [("ref", "=", "BATCH"), ("id", "not in", list(left_alone))],
                    limit=BATCH_SIZE,
                )

            done = run_in_batches(
                partners, get_due, lambda due: due.write({"ref": "DONE"}), CRON
            )
        self.env.invalidate_all()
        return done, progress.remaining

    def test_time_is_over(self):
        self.assertEqual(self.run_with(seconds=-1), (BATCH_SIZE, BATCH_SIZE))

    def test_time_enough(self):
        self.assertEqual(self.run_with(seconds=60), (3 * BATCH_SIZE, 0))
