"""Team targets, and a pool that is divided to the cent, once."""

from datetime import datetime, timedelta
from decimal import Decimal

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCase
from .common import NOW

FEBRUARY = datetime(2026, 2, 3, 9, 0)


@tagged("post_install", "-at_install")
class TestBonus(CommissionCase):
    def target(self, **vals):
        return self.env["radio.team.target"].create(
            {
                "team_id": self.team.id,
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
                "metric": "revenue",
                "amount": 1000,
                **vals,
            }
        )

    def pool(self, target=None, members=(), **vals):
        return self.env["radio.bonus.pool"].create(
            {
                "target_id": (target or self.target()).id,
                "fixed_amount": 1000,
                "member_ids": [
                    Command.create({"user_id": user.id, "weight": weight})
                    for user, weight in members
                ],
                **vals,
            }
        )

    def seven(self):
        return [
            self._new_user(f"member{number}", "sales_team.group_sale_salesman")
            for number in range(7)
        ]

    def pay(self, pool, day=FEBRUARY):
        with freeze_time(day):
            pool.with_user(self.payer).action_pay()
        return self.lines(kind="bonus", reason=pool.target_id.name)

    def test_a_thousand_over_seven(self):
        self.win(self.deal_lead())
        pool = self.pool(members=[(user, 1) for user in self.seven()])
        lines = self.pay(pool)
        self.assertEqual(
            sorted(Decimal(str(line.amount)) for line in lines),
            [Decimal("142.85")] * 2 + [Decimal("142.86")] * 5,
        )
        self.assertEqual(pool.paid_amount, 1000)
        self.assertEqual(lines.period_id, self.period("2026-02-01"))

    def test_never_twice(self):
        self.win(self.deal_lead())
        pool = self.pool(members=[(self.seller, 1)])
        self.pay(pool)
        with self.assertRaisesRegex(UserError, "in the ledger already"):
            self.pay(pool)
        for change in ({"fixed_amount": 5}, {"state": "open"}):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                pool.write(change)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            pool.member_ids.weight = 5

    def test_below_the_trigger_nothing(self):
        """Both sides of 90 percent of 1,000."""
        target = self.target()
        pool = self.pool(target, [(self.seller, 1)], trigger=90)
        lead = self.deal_lead(expected_revenue=899.99)
        self.win(lead)
        with self.assertRaisesRegex(UserError, "not reached"):
            self.pay(pool)
        self.win(self.deal_lead(expected_revenue=0.01))
        self.assertEqual(self.pay(pool).amount, 1000)

    def test_a_part_of_what_is_above(self):
        self.win(self.deal_lead(expected_revenue=3000.0))
        pool = self.pool(
            members=[(self.seller, 1)], kind="excess", excess_percent=10, cap=150
        )
        with freeze_time(NOW):
            self.assertEqual(pool.pool_amount, 150, "at most")
        pool.cap = 0
        self.assertEqual(self.pay(pool).amount, 200)

    def test_a_part_of_what_is_above_is_of_money(self):
        """Twenty first contacts above the target are no twenty euros: the team would
        be paid cents, and nobody would know why."""
        target = self.target(metric="first_contact", amount=10)
        pool = self.pool(target)
        with self.assertRaisesRegex(ValidationError, "won revenue"):
            pool.kind = "excess"
        target.metric = "revenue"
        pool.kind = "excess"
        for metric in ("first_contact", "signal"):
            with self.assertRaisesRegex(ValidationError, "won revenue"):
                target.metric = metric
        pool.kind = "fixed"
        target.metric = "signal"

    def test_by_weight(self):
        self.win(self.deal_lead())
        pool = self.pool(
            members=[(self.seller, 3), (self.back_office, 1)], distribution="weighted"
        )
        amounts = {line.user_id: line.amount for line in self.pay(pool)}
        self.assertEqual(amounts, {self.seller: 750, self.back_office: 250})

    def test_by_contributions(self):
        first = self.deal_lead()
        self.noticed(first, self.other_seller)
        self.win(first)
        self.win(self.deal_lead())
        pool = self.pool(
            members=[(self.seller, 1), (self.other_seller, 1), (self.back_office, 1)],
            distribution="points",
        )
        amounts = {line.user_id: line.amount for line in self.pay(pool)}
        self.assertEqual(amounts, {self.seller: 666.67, self.other_seller: 333.33})

    def test_nobody_to_divide_it_among(self):
        self.win(self.deal_lead())
        pool = self.pool(members=[(self.seller, 0)], distribution="weighted")
        with self.assertRaisesRegex(UserError, "Nobody has a weight"):
            self.pay(pool)

    def test_not_before_the_time_is_over(self):
        self.win(self.deal_lead())
        pool = self.pool(members=[(self.seller, 1)])
        with self.assertRaisesRegex(UserError, "not over"):
            self.pay(pool, datetime(2026, 1, 31, 22, 0))

    def test_the_team_is_frozen_when_it_is_paid(self):
        self.win(self.deal_lead())
        pool = self.pool()
        self.pay(pool)
        self.assertEqual(pool.member_ids.user_id, self.seller | self.back_office)
        self._join(self.other_seller, "field_sales")
        self.assertEqual(len(pool.member_ids), 2)

    def test_only_commission_managers_pay(self):
        self.win(self.deal_lead())
        pool = self.pool(members=[(self.seller, 1)])
        for user in (self.seller, self.manager):
            with freeze_time(FEBRUARY), self.assertRaises(AccessError):
                pool.with_user(user).action_pay()

    def test_colleagues_do_not_see_each_others_part(self):
        self.win(self.deal_lead())
        pool = self.pool(members=[(self.seller, 1), (self.back_office, 1)])
        self.pay(pool)
        members = self.env["radio.bonus.member"].with_user(self.seller)
        self.assertEqual(
            members.search([("pool_id", "=", pool.id)]).user_id, self.seller
        )

    def test_negative_amounts_are_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.pool(fixed_amount=-1)

    # targets

    def test_a_target_counts_what_was_won_in_its_time(self):
        """Both sides of both days."""
        target = self.target()
        for day, revenue in ((-14, 1.0), (-13, 10.0), (17, 100.0), (18, 1000.0)):
            with freeze_time(NOW + timedelta(days=day)):
                self.deal_lead(
                    expected_revenue=revenue, stage_id=self.won_stage.id
                ).flush_recordset()
        with freeze_time(FEBRUARY):
            target.invalidate_recordset()
            self.assertEqual(target.actual, 110)
            self.assertEqual(target.reached, 11)

    def test_nobody_moves_a_target_afterwards(self):
        """Revenue and day are those of the moment at which it was won."""
        target = self.target()
        lead = self.deal_lead()
        self.win(lead)
        lead.write({"date_closed": "2026-05-01 10:00:00", "expected_revenue": 500000.0})
        with freeze_time(NOW + timedelta(days=90)):
            lead.action_archive()
            target.invalidate_recordset()
            self.assertEqual(target.actual, 1000)

    def test_nobody_pays_a_pool_of_their_own(self):
        self.win(self.deal_lead())
        for members in (
            [(self.payer, 1)],
            # whoever pays it could have left somebody out
            [(self.payer, 1), (self.seller, 1)],
        ):
            pool = self.pool(members=members)
            with (
                self.assertRaisesRegex(UserError, "somebody else"),
                self.cr.savepoint(),
            ):
                self.pay(pool)
            self.assertEqual(pool.state, "open")
            pool.unlink()

    def test_what_was_paid_keeps_its_target(self):
        """Else the ledger says one thing, and the target another."""
        self.win(self.deal_lead())
        pool = self.pool(members=[(self.seller, 1)])
        with self.assertRaises(AccessError):
            pool.member_ids.with_user(self.payer).write({"amount": 500})
        self.pay(pool)
        target = pool.target_id.with_user(self.manager)
        for change in (
            {"amount": 5.0},
            {"date_to": "2026-12-31"},
            {"metric": "first_contact"},
        ):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                target.write(change)

    def test_where_the_team_stood_a_year_ago(self):
        with freeze_time(datetime(2025, 1, 10)):
            self.deal_lead(stage_id=self.won_stage.id).flush_recordset()
        with freeze_time(datetime(2025, 1, 20)):
            self.deal_lead(stage_id=self.won_stage.id).flush_recordset()
        target = self.target(amount=3100)
        with freeze_time(datetime(2026, 1, 15, 9, 0)):
            target.invalidate_recordset()
            self.assertEqual((target.last_year, target.pace), (1000, 1500))

    def test_first_contacts_in_time_and_signals(self):
        with freeze_time(NOW):
            lead = self.inquiry()
            self.answer(lead, self.back_office)
            late = self.inquiry()
        with freeze_time(NOW + timedelta(hours=5)):
            self.answer(late, self.back_office)
            contacts = self.target(metric="first_contact", amount=2)
            self.assertEqual(contacts.actual, 1)
        won = self.deal_lead()
        self.noticed(won, self.other_seller)
        self.win(won)
        with freeze_time(NOW):
            signals = self.target(metric="signal", amount=2)
            self.assertEqual(signals.actual, 1)

    def test_parts_add_up_to_the_target(self):
        with self.assertRaisesRegex(ValidationError, "together"):
            self.target(
                part_ids=[Command.create({"user_id": self.seller.id, "amount": 999.99})]
            )
        self.target(
            part_ids=[
                Command.create({"user_id": self.seller.id, "amount": 999.99}),
                Command.create({"user_id": self.back_office.id, "amount": 0.01}),
            ]
        )
