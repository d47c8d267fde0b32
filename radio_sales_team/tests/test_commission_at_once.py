"""Two people at the same moment, with transactions of their own, as on a server."""

import threading

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

# What a test leaves in the database, in the order in which it can be deleted.
TABLES = (
    (
        "radio_commission_line",
        "deal_id IN (SELECT id FROM radio_commission_deal WHERE team_id = %(team)s)",
    ),
    ("radio_commission_share", "team_id = %(team)s"),
    ("radio_commission_deal", "team_id = %(team)s"),
    (
        "radio_contribution",
        "lead_id IN (SELECT id FROM crm_lead WHERE team_id = %(team)s)",
    ),
    ("radio_booking", "team_id = %(team)s"),
    ("radio_volume_change", "partner_id = %(partner)s"),
    ("crm_lead", "team_id = %(team)s"),
    ("radio_commission_plan", "id = %(plan)s"),
    (
        "radio_commission_period",
        "id NOT IN %(periods)s AND id NOT IN "
        "(SELECT period_id FROM radio_commission_line)",
    ),
)


@tagged("post_install", "-at_install")
class TestAtOnce(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            periods = env["radio.commission.period"].search([]).ids
            team = env["crm.team"].create({"name": "At once", "alias_name": False})
            partner = env["res.partner"].create({"name": "Customer"})
            plan = env["radio.commission.plan"].create(
                {
                    "name": "At once",
                    "date_from": "2020-01-01",
                    "event": "won",
                    "rate": 10,
                    "team_ids": team.ids,
                    "line_ids": [
                        Command.create(
                            {
                                "role_id": env.ref(
                                    "radio_sales_team.radio_contribution_role_seller"
                                ).id,
                                "percent": 100,
                            }
                        )
                    ],
                }
            )
            plan.action_approve()
            self.lead_id = (
                env["crm.lead"]
                .create(
                    {
                        "name": "At once",
                        "type": "opportunity",
                        "partner_id": partner.id,
                        "team_id": team.id,
                        "user_id": env.ref("base.user_admin").id,
                        "expected_revenue": 1000,
                    }
                )
                .id
            )
            self.values = {
                "team": team.id,
                "partner": partner.id,
                "plan": plan.id,
                "periods": tuple(periods) or (0,),
            }
        self.addCleanup(self.clean_up)

    def clean_up(self):
        with self.registry.cursor() as cr:
            for table, where in TABLES:
                cr.execute(f"DELETE FROM {table} WHERE {where}", self.values)
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["crm.team"].browse(self.values["team"]).unlink()
            env["res.partner"].browse(self.values["partner"]).unlink()
        self.registry.clear_all_caches()

    def act(self, function):
        """Call a function with the opportunity, as one request does.

        :return: what a user would see of an error, or None.
        """
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            try:
                retrying(lambda: function(env["crm.lead"].browse(self.lead_id)), env)
            except Exception as error:
                return error

    def act_at_once(self, *functions):
        """Call functions in threads: each reads the opportunity, waits until all have
        read it, and goes on.

        :return: list of errors.
        """
        barrier = threading.Barrier(len(functions))
        errors = []

        def run(function):
            waited = []

            def read_and_act(lead):
                lead.commission_deal_ids.mapped("base_amount")
                if not waited:
                    waited.append(True)
                    barrier.wait(10)
                function(lead)

            errors.append(self.act(read_and_act))

        threads = [
            threading.Thread(target=run, args=[function]) for function in functions
        ]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        return [error for error in errors if error]

    def assertLedger(self, total, deals=1):
        """One deal, whose entries add up to this, and an audit without findings."""

        def check(lead):
            found = lead.commission_deal_ids
            self.assertEqual(len(found), deals)
            self.assertEqual(round(sum(found.line_ids.mapped("amount")), 2), total)
            audit = lead.env["radio.commission.audit"]
            self.assertFalse(list(audit._audit(found.company_id)))

        self.assertIsNone(self.act(check))

    def win(self, lead):
        lead.action_set_won()

    def leave(self, lead):
        lead.stage_id = lead.env["crm.stage"].search([("is_won", "=", False)], limit=1)

    def change_base(self, lead):
        lead.commission_deal_ids._change_base(400, "Typing error")

    def test_won_twice(self):
        """A double click, or two colleagues: it is paid once."""
        self.assertFalse(self.act_at_once(self.win, self.win))
        self.assertLedger(100)

    def test_left_while_its_base_is_changed(self):
        """Both are done, one after the other: nobody reads an error, and nothing of
        what was taken back is left."""
        self.assertIsNone(self.act(self.win))
        self.assertFalse(self.act_at_once(self.leave, self.change_base))
        self.assertLedger(0)

    def test_the_base_is_changed_twice(self):
        self.assertIsNone(self.act(self.win))
        self.assertFalse(self.act_at_once(self.change_base, self.change_base))
        self.assertLedger(40)

    def test_an_amount_is_entered_twice(self):
        def clear(lead):
            lead.expected_revenue = 0

        def enter(lead):
            lead.expected_revenue = 500

        self.assertIsNone(self.act(clear))
        self.assertIsNone(self.act(self.win))
        self.assertFalse(self.act_at_once(enter, enter))
        self.assertLedger(50)
