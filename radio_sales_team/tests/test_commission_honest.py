"""Who may write the ledger tries to write what is not so: each try is refused, or found
by the audit."""

from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCase

FEBRUARY = datetime(2026, 2, 3, 9, 0)


@tagged("post_install", "-at_install")
class TestHonestPool(CommissionCase):
    def setUp(self):
        super().setUp()
        self.win(self.deal_lead())
        self.target = self.env["radio.team.target"].create(
            {
                "team_id": self.team.id,
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
                "amount": 1000,
            }
        )

    def pool(self, *members, defaults=(), **vals):
        context = {f"default_{name}": value for name, value in defaults}
        return (
            self.env["radio.bonus.pool"]
            .with_user(self.payer)
            .with_context(**context)
            .create(
                {
                    "target_id": self.target.id,
                    "fixed_amount": 1000,
                    "member_ids": [
                        Command.create({"user_id": user.id, "weight": weight})
                        for user, weight in members
                    ],
                    **vals,
                }
            )
        )

    def test_only_paying_says_that_it_is_paid(self):
        """Else the team's bonus is gone, and nobody got it."""
        pool = self.pool((self.seller, 1), state="paid", paid_amount=5)
        self.assertEqual((pool.state, pool.paid_amount), ("open", 0))
        sneaked = self.pool((self.seller, 1), defaults=[("state", "paid")])
        self.assertEqual(sneaked.state, "open")
        for vals in ({"state": "paid"}, {"paid_amount": 5}):
            with self.assertRaises(AccessError):
                pool.write(vals)
        with freeze_time(FEBRUARY):
            pool.action_pay()
        self.assertEqual((pool.state, pool.paid_amount), ("paid", 1000))

    def test_nobody_pays_by_a_weight_of_their_own(self):
        pool = self.pool((self.payer, 99), (self.seller, 1), distribution="weighted")
        with freeze_time(FEBRUARY), self.assertRaisesRegex(UserError, "somebody else"):
            pool.action_pay()
        self.assertEqual(pool.member_ids.mapped("amount"), [0, 0])

    def test_what_was_paid_stays_with_its_team(self):
        """Else the audit would look for it in the ledger of another team."""
        other = self.env["crm.team"].create({"name": "Other", "alias_name": False})
        pool = self.pool((self.seller, 1))
        self.target.with_user(self.manager).team_id = other
        self.target.with_user(self.manager).team_id = self.team
        with freeze_time(FEBRUARY):
            pool.action_pay()
        with self.assertRaisesRegex(UserError, "paid out"):
            self.target.with_user(self.manager).team_id = other
        self.assertEqual(pool.team_id, self.team)

    def test_nobody_is_moved_into_a_pool_that_is_paid(self):
        """Else the pool says that somebody got what the ledger does not know."""
        paid, other = self.pool((self.seller, 1)), self.pool((self.other_seller, 1))
        with freeze_time(FEBRUARY):
            paid.action_pay()
        with self.assertRaises(UserError):
            other.member_ids.write({"pool_id": paid.id, "amount": 500})
        self.assertEqual(paid.member_ids.user_id, self.seller)


@tagged("post_install", "-at_install")
class TestHonestMonth(CommissionCase):
    def setUp(self):
        super().setUp()
        self.deal = self.win(self.deal_lead())

    def findings(self):
        self.env.invalidate_all()
        audit = self.env["radio.commission.audit"].sudo()._run(self.env.company)
        return "\n".join(audit.finding_ids.mapped("name"))

    def by_sql(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def test_a_line_of_an_open_month_is_given_to_somebody_else(self):
        self.assertFalse(self.findings())
        self.by_sql(
            "UPDATE radio_commission_line SET user_id = %s WHERE deal_id = %s",
            self.other_seller.id,
            self.deal.id,
        )
        self.assertIn("Spring", self.findings())

    def test_a_line_about_no_part_of_a_deal(self):
        """A cent more, of which no part of the deal knows."""
        self.by_sql(
            """INSERT INTO radio_commission_line (deal_id, user_id, kind, amount, date,
                   company_id, currency_id, period_id)
               SELECT deal_id, user_id, kind, 0.01, date, company_id, currency_id,
                   period_id
               FROM radio_commission_line WHERE deal_id = %s""",
            self.deal.id,
        )
        self.assertIn("is about no part of it", self.findings())

    def test_a_cent_is_taken_from_a_bonus_of_an_open_month(self):
        target = self.env["radio.team.target"].create(
            {
                "team_id": self.team.id,
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
                "amount": 1000,
            }
        )
        pool = self.env["radio.bonus.pool"].create(
            {
                "target_id": target.id,
                "fixed_amount": 1000,
                "member_ids": [
                    Command.create({"user_id": user.id})
                    for user in (self.seller, self.back_office, self.other_seller)
                ],
            }
        )
        with freeze_time(FEBRUARY):
            pool.with_user(self.payer).action_pay()
        self.assertFalse(self.findings())
        self.by_sql(
            "UPDATE radio_commission_line SET amount = amount - 0.01 WHERE user_id = %s"
            " AND kind = 'bonus'",
            self.back_office.id,
        )
        self.assertRegex(self.findings(), r"Jana: 333.3. was written, 333.3. would")
        self.by_sql(
            "DELETE FROM radio_commission_line WHERE user_id = %s AND kind = 'bonus'",
            self.back_office.id,
        )
        self.assertRegex(self.findings(), r"Jana: 0.00 was written, 333.3. would")

    def test_a_closed_month_is_opened_again(self):
        """By code it is refused, behind the addon's back it is found: else lines could
        be changed, and the month closed with another seal."""
        period = self.close(day=FEBRUARY)
        statement = period.statement_ids
        for record, vals in (
            (period, {"state": "open"}),
            (period, {"seal": "forged"}),
            (statement, {"payout": 1}),
            (statement, {"state": "draft"}),
        ):
            with self.assertRaises(UserError):
                record.sudo().write(vals)
        self.assertFalse(self.findings())
        self.by_sql(
            "UPDATE radio_commission_period SET state = 'open' WHERE id = %s", period.id
        )
        self.assertIn("January 2026", self.findings())
        self.by_sql(
            "UPDATE radio_commission_period SET seal = NULL, closed_at = NULL "
            "WHERE id = %s",
            period.id,
        )
        self.assertIn("January 2026", self.findings())


@tagged("post_install", "-at_install")
class TestHonestTrueUp(CommissionCase):
    def true_up(self, user, deal, counted, reached):
        ladder = self.env["radio.discount.ladder"].create(
            {
                "name": "Yearly",
                "tier_ids": [Command.create({"lower_bound": 1000, "discount": 2})],
            }
        )
        true_up = (
            self.env["radio.commission.true.up"]
            .with_user(user)
            .create({"ladder_id": ladder.id})
        )
        true_up.line_ids = [
            Command.create({"deal_id": deal.id, "counted": counted, "reached": reached})
        ]
        return true_up

    def test_a_discount_of_everything_is_refused(self):
        """Nobody could take it back: what is left of it is nothing, by any discount."""
        deal = self.win(self.deal_lead())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.true_up(self.payer, deal, 0, 100).line_ids.flush_recordset()

    def test_nobody_trues_up_a_deal_of_their_own(self):
        """As with the base: whoever has a part lets somebody else do it."""
        boss = self._new_user("bo", "radio_sales_team.group_commission_manager")
        deal = self.win(self.deal_lead(user_id=self.payer.id))
        for user in (self.payer, boss):
            true_up = self.true_up(user, deal, 50, 0)
            if user == self.payer:
                with self.assertRaisesRegex(UserError, "part in “Spring”"):
                    true_up.action_write()
                self.assertEqual(deal.base_amount, 1000)
        true_up.action_write()
        self.assertEqual(deal.base_amount, 2000)
