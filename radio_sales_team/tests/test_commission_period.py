"""Months and statements: what is closed stays, and everybody gets every line."""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCase
from .common import NOW

FEBRUARY = datetime(2026, 2, 3, 9, 0)


@tagged("post_install", "-at_install")
class TestPeriod(CommissionCase):
    def test_a_closed_month_takes_no_line(self):
        """By RPC, by import, by a module with sudo."""
        deal = self.win(self.deal_lead())
        period = self.close(day=FEBRUARY)
        vals = {**self.lines(deal).copy_data()[0], "sequence": 9}
        with self.assertRaisesRegex(UserError, "takes nothing more"):
            self.env["radio.commission.line"].sudo().create(vals)
        with self.assertRaises(AccessError):
            self.env["radio.commission.line"].with_user(self.payer).create(vals)
        self.assertEqual(period.state, "closed")

    def test_what_happens_later_goes_into_the_open_month(self):
        lead = self.deal_lead()
        deal = self.win(lead)
        self.close(day=FEBRUARY)
        self.leave(lead, day=25)
        first, second = self.lines(deal)
        self.assertEqual(first.period_id, self.period())
        self.assertEqual(second.period_id, self.period("2026-02-01"))
        self.assertEqual(second.amount, -100)

    def test_a_month_that_is_not_over(self):
        """Both sides of midnight where the station is, an hour before UTC."""
        self.win(self.deal_lead())
        period = self.period().with_user(self.payer)
        with freeze_time(datetime(2026, 1, 31, 22, 59)):
            with self.assertRaisesRegex(UserError, "is not over"):
                period.action_prepare()
        with freeze_time(datetime(2026, 1, 31, 23, 0)):
            period.action_prepare()
        self.assertEqual(period.state, "closing")

    def test_months_are_closed_in_order(self):
        self.win(self.deal_lead())
        self.win(self.deal_lead(), day=25)
        with self.assertRaisesRegex(UserError, "Close January 2026 first"):
            self.close("2026-02-01")
        self.close()
        self.assertEqual(self.close("2026-02-01").state, "closed")

    def test_two_people_close_at_once(self):
        self.win(self.deal_lead())
        self.close(day=FEBRUARY)
        with self.assertRaisesRegex(UserError, "nothing to close"):
            self.period().with_user(self.payer).action_close()
        with freeze_time(FEBRUARY), self.assertRaisesRegex(UserError, "is closed"):
            self.period().with_user(self.payer).action_prepare()
        self.assertEqual(len(self.period().statement_ids), 1)

    def test_only_commission_managers_close(self):
        self.win(self.deal_lead())
        for user in (self.seller, self.manager, self.back_office):
            period = self.period().with_user(user)
            for action in ("action_prepare", "action_close", "action_reopen"):
                with self.assertRaises(AccessError):
                    getattr(period, action)()

    def test_what_is_being_closed_can_be_opened_again(self):
        self.win(self.deal_lead())
        period = self.period().with_user(self.payer)
        with freeze_time(FEBRUARY):
            period.action_prepare()
            self.assertEqual(period.statement_ids.mapped("state"), ["draft"])
            period.action_reopen()
        self.assertFalse(period.statement_ids)
        self.win(self.deal_lead(), day=1)
        self.assertEqual(len(self.lines(period_id=period.id)), 2)
        self.close(day=FEBRUARY)
        with self.assertRaisesRegex(UserError, "not closed yet"):
            period.action_reopen()

    def test_closing_writes_what_campaigns_earned(self):
        """Also where the scheduled action has not run since."""
        self.plan.write({"date_to": "2026-01-10", "state": "ended"})
        self.make_plan(event="spread", date_from="2026-01-11").action_approve()
        lead = self.deal_lead(campaign_start="2026-01-20", campaign_end="2026-03-31")
        deal = self.win(lead)
        self.close()
        self.lines(deal)
        # nothing was written into February yet, so its month comes with the next line
        with freeze_time(datetime(2026, 3, 2, 9, 0)):
            self.win(self.deal_lead(), day=18)
            self.close("2026-02-01", day=datetime(2026, 3, 2, 9, 0))
        amounts = [str(amount) for amount in self.amounts(deal)]
        self.assertEqual(amounts, ["33.33", "33.34"])
        self.assertEqual(
            self.lines(deal)[1].period_id, self.period("2026-02-01"), "of its month"
        )

    def test_one_month_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["radio.commission.period"].create(
                [
                    {"company_id": self.env.company.id, "date_from": "2031-01-01"},
                    {"company_id": self.env.company.id, "date_from": "2031-01-01"},
                ]
            )
            self.env.flush_all()

    def test_a_month_begins_on_its_first_day(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["radio.commission.period"].create(
                {"company_id": self.env.company.id, "date_from": "2031-01-02"}
            )
            self.env.flush_all()

    def test_the_manager_sees_what_is_missing(self):
        self.win(self.deal_lead(user_id=False))
        self.win(self.deal_lead())
        self.assertIn("Not payable", self.period().progress)
        self.assertIn("“Spring”", self.period().progress)


@tagged("post_install", "-at_install")
class TestStatement(CommissionCase):
    def statement(self, user, month="2026-01-01"):
        return self.period(month).statement_ids.filtered(
            lambda one: one.user_id == user
        )

    def test_every_line_is_on_it(self):
        for revenue in (1000.0, 333.33):
            self.win(self.deal_lead(expected_revenue=revenue))
        self.close(day=FEBRUARY)
        statement = self.statement(self.seller).with_user(self.seller)
        self.assertEqual(sorted(statement.line_ids.mapped("amount")), [33.33, 100])
        self.assertEqual((statement.amount, statement.payout), (133.33, 133.33))
        self.assertEqual(statement.state, "issued")

    def test_below_zero_is_carried_over(self):
        """Until it is made up for, also over a month without lines."""
        lead = self.deal_lead()
        self.win(lead)
        self.close(day=FEBRUARY)
        self.leave(lead, day=25)  # February
        self.close("2026-02-01", day=datetime(2026, 3, 3, 9, 0))
        february = self.statement(self.seller, "2026-02-01")
        self.assertEqual(
            (february.carry_over, february.amount, february.total, february.payout),
            (0, -100, -100, 0),
        )
        other = self.deal_lead(user_id=self.other_seller.id)
        self.win(other, day=50)  # March: nothing for the seller
        self.close("2026-03-01", day=datetime(2026, 4, 3, 9, 0))
        march = self.statement(self.seller, "2026-03-01")
        self.assertEqual((march.carry_over, march.amount), (-100, 0))
        self.win(self.deal_lead(expected_revenue=1500.0), day=80)  # April
        self.close("2026-04-01", day=datetime(2026, 5, 3, 9, 0))
        april = self.statement(self.seller, "2026-04-01")
        self.assertEqual(
            (april.carry_over, april.amount, april.total, april.payout),
            (-100, 150, 50, 50),
        )

    def test_seen_disputed_answered_paid(self):
        """Having seen it does not end the right to dispute it."""
        self.win(self.deal_lead())
        self.close(day=FEBRUARY)
        mine = self.statement(self.seller).with_user(self.seller)
        mine.action_acknowledge()
        self.assertEqual(mine.state, "acknowledged")
        self.talk(mine, "The base was 1,200")
        self.assertEqual(mine.state, "disputed")
        payers = mine.with_user(self.payer)
        with self.assertRaisesRegex(UserError, "not disputed"):
            payers.action_pay()
        self.talk(payers, "Production was 200 of it")
        self.assertEqual(
            (mine.state, mine.answer), ("issued", "Production was 200 of it")
        )
        payers.action_pay()
        self.assertEqual(mine.state, "paid")
        self.talk(mine, "Still wrong")
        self.assertEqual(mine.state, "disputed")
        self.talk(payers, "No")
        self.assertEqual(mine.state, "paid", "what was paid stays paid")

    def talk(self, statement, text):
        action = (
            statement.action_answer
            if statement.env.user == self.payer
            else statement.action_dispute
        )()
        form = Form(
            self.env["radio.commission.dispute"]
            .with_user(statement.env.user)
            .with_context(**action["context"])
        )
        form.text = text
        form.save().action_send()

    def test_nobody_speaks_for_somebody_else(self):
        self.win(self.deal_lead())
        self.close(day=FEBRUARY)
        statement = self.statement(self.seller)
        for user in (self.payer, self.other_seller, self.manager):
            with self.assertRaises(AccessError):
                statement.with_user(user).action_acknowledge()
        with self.assertRaises(AccessError):
            statement.with_user(self.seller).action_pay()
        with self.assertRaises(AccessError):
            statement.with_user(self.seller).write({"payout": 1e6})

    def test_mail_tells_no_amount(self):
        self.win(self.deal_lead(expected_revenue=777770.0))
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.close(day=FEBRUARY)
        message = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.seller.partner_id.ids)]
        )
        self.assertIn("statement is there", message.body)
        self.assertNotIn("777", message.body + (message.subject or ""))

    def test_a_statement_whose_message_fails_is_issued_all_the_same(self):
        """A mailbox that refuses the notice does not keep a month from closing."""
        self.win(self.deal_lead())

        def refuse(*args, **kwargs):
            raise ValueError("no messages here")

        with (
            patch.object(
                self.env.registry["radio.commission.statement"],
                "message_notify",
                refuse,
            ),
            mute_logger("odoo.addons.radio_sales_team.models.response.batch"),
        ):
            period = self.close(day=FEBRUARY)
        self.assertEqual(period.state, "closed")
        self.assertEqual(period.statement_ids.mapped("state"), ["issued"])

    def test_an_issued_one_stays(self):
        self.win(self.deal_lead())
        self.close(day=FEBRUARY)
        with self.assertRaisesRegex(UserError, "stays"):
            self.statement(self.seller).unlink()

    def test_the_pdf_has_every_line_in_the_language_of_its_owner(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.seller.lang = "de_DE"
        self.win(self.deal_lead(name="Frühling"))
        self.close(day=FEBRUARY)
        statement = self.statement(self.seller)
        report = self.env["ir.actions.report"].with_user(self.seller)
        html, _kind = report._render_qweb_html(
            "radio_sales_team.report_commission_statement", statement.ids
        )
        text = html.decode()
        for part in ("Frühling", "Frank Brandt", "1.000,00", "100,00", statement.seal):
            self.assertIn(part, text)
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(
                self.other_seller
            )._render_qweb_html(
                "radio_sales_team.report_commission_statement", statement.ids
            )

    def test_an_adjustment_has_a_reason_and_another_writer(self):
        adjust = self.env["radio.commission.adjust"].with_user(self.payer)
        with freeze_time(NOW):
            form = Form(adjust)
            form.user_id = self.seller
            form.amount = -12.5
            form.reason = "Advance in December"
            form.save().action_write()
            line = self.lines(user_id=self.seller.id)
            self.assertEqual((line.amount, line.kind), (-12.5, "adjustment"))
            self.assertEqual(line.reason, "Advance in December")
            with self.assertRaisesRegex(UserError, "somebody else"):
                adjust.create(
                    {"user_id": self.payer.id, "amount": 1, "reason": "Mine"}
                ).action_write()

    def test_payroll_gets_the_numbers_that_were_issued(self):
        """The export list for payroll, by the commission manager."""
        self.win(self.deal_lead())
        self.close(day=FEBRUARY)
        template = self.env.ref("radio_sales_team.ir_exports_payroll")
        names = template.export_fields.mapped("name")
        rows = self.statement(self.seller).with_user(self.payer).export_data(names)
        row = dict(zip(names, rows["datas"][0], strict=True))
        self.assertEqual(row["user_id/name"], "Tom")
        self.assertEqual((row["payout"], row["total"]), (100.0, 100.0))


@tagged("post_install", "-at_install")
class TestAudit(CommissionCase):
    def setUp(self):
        super().setUp()
        self.lead = self.deal_lead()
        self.noticed(self.lead, self.other_seller)
        self.deal = self.win(self.lead)
        self.close(day=FEBRUARY)

    def findings(self):
        audit = self.env["radio.commission.audit"].with_user(self.payer)
        with freeze_time(FEBRUARY):
            action = audit.action_run()
        return audit.browse(action["res_id"]).finding_ids.mapped("name")

    def change_by_sql(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def test_all_is_well(self):
        self.leave(self.lead, day=25)
        self.assertEqual(self.findings(), [])

    def test_a_cent_that_somebody_removed_is_found(self):
        self.change_by_sql(
            "UPDATE radio_commission_line SET amount = amount - 0.01 WHERE id = %s",
            self.lines(self.deal)[0].id,
        )
        found = "\n".join(self.findings())
        self.assertIn("99.99 was written, 100.00 would be right", found)
        self.assertIn("the seal is broken", found)
        self.assertIn("a line was changed", found)

    def test_a_line_that_somebody_moved_is_found(self):
        self.change_by_sql(
            "UPDATE radio_commission_line SET user_id = %s WHERE id = %s",
            self.other_seller.id,
            self.lines(self.deal)[0].id,
        )
        self.assertIn("the seal is broken", "\n".join(self.findings()))

    def test_a_line_that_somebody_deleted_is_found(self):
        self.change_by_sql(
            "DELETE FROM radio_commission_line WHERE id = %s",
            self.lines(self.deal)[0].id,
        )
        found = "\n".join(self.findings())
        self.assertIn("0.00 was written, 100.00 would be right", found)
        self.assertIn("the seal is broken", found)

    def test_every_column_that_matters_is_sealed(self):
        """Not only amounts: whose team it was, why, and which entry of a share."""
        line = self.lines(self.deal)[0]
        self.assertTrue(self.period().seal.startswith("v1:"), "the format is known")
        for change in (
            "reason = 'Something else'",
            "team_id = NULL",
            "sequence = sequence + 1",
            "date = date + 1",
            "kind = 'adjustment'",
            "percent = percent + 1",
            "rate = rate + 1",
            "base_amount = base_amount + 1",
        ):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                self.change_by_sql(
                    f"UPDATE radio_commission_line SET {change} WHERE id = %s", line.id
                )
                self.assertIn("the seal is broken", "\n".join(self.findings()))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(self.findings(), [])

    def test_a_statement_that_somebody_changed_is_found(self):
        self.change_by_sql(
            "UPDATE radio_commission_statement SET payout = payout + 0.01 "
            "WHERE user_id = %s",
            self.seller.id,
        )
        self.assertIn("100.01, 100.00 would be right", "\n".join(self.findings()))

    def test_a_seal_of_an_earlier_month_is_in_the_next(self):
        """Who changes a line and its month's seal would have to change all later
        ones."""
        self.win(self.deal_lead(), day=25)
        self.close("2026-02-01")
        self.change_by_sql(
            "UPDATE radio_commission_period SET seal = 'forged' WHERE id = %s",
            self.period().id,
        )
        self.assertEqual(
            [name for name in self.findings() if "seal is broken" in name],
            ["January 2026: the seal is broken.", "February 2026: the seal is broken."],
        )

    def test_parts_that_do_not_add_up_are_found(self):
        share = self.deal.share_ids.filtered(lambda one: one.credit == "share")
        self.change_by_sql(
            "UPDATE radio_commission_share SET percent = 99.99 WHERE id = %s", share.id
        )
        self.assertIn("99.99 % together", "\n".join(self.findings()))

    def test_only_commission_managers_may_run_it(self):
        for user in (self.seller, self.manager):
            with self.assertRaises(AccessError):
                self.env["radio.commission.audit"].with_user(user).action_run()

    def test_the_weekly_audit_tells_commission_managers(self):
        self.change_by_sql(
            "UPDATE radio_commission_line SET amount = amount - 0.01 WHERE id = %s",
            self.lines(self.deal)[0].id,
        )
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        with self.enter_registry_test_mode():
            self.env.ref(
                "radio_sales_team.ir_cron_audit_commission"
            ).method_direct_trigger()
        messages = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.payer.partner_id.ids)]
        )
        self.assertIn("does not add up", messages.subject or "")

    def test_an_audit_that_fails_repeats_nobody_elses_notice(self):
        """The scheduled action comes back for a company whose audit failed; managers of
        other companies hear of their findings once."""
        other = self.env["res.company"].create({"name": "Other station"})
        self.env["radio.commission.period"].sudo()._get_open(other, NOW.date())
        self.change_by_sql(
            "UPDATE radio_commission_line SET amount = amount - 0.01 WHERE id = %s",
            self.lines(self.deal)[0].id,
        )
        audits = self.env.registry["radio.commission.audit"]
        run = audits._run

        def fail(audit, company):
            if company == other:
                raise ValueError("unreadable")
            return run(audit, company)

        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        with (
            patch.object(audits, "_run", fail),
            mute_logger("odoo.addons.radio_sales_team.models.response.batch"),
        ):
            for _twice in range(2):
                self.env["radio.commission.audit"]._cron_audit()
        messages = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.payer.partner_id.ids)]
        )
        self.assertEqual(len(messages), 1)
        failure = self.env["radio.processing.failure"].sudo().search([])
        self.assertEqual((failure.record_name, failure.attempt_count), (other.name, 2))

    def test_erasing_a_person_breaks_no_seal(self):
        """Seals hold no names: a person's data can be erased."""
        self.customer.name = "Erased"
        self.seller.partner_id.name = "Erased"
        self.assertEqual(self.findings(), [])


@tagged("post_install", "-at_install")
class TestTrueUp(CommissionCase):
    """A discount level that was reached at the end of the year."""

    def setUp(self):
        super().setUp()
        self.ladder = self.env["radio.discount.ladder"].create(
            {
                "name": "Yearly",
                "tier_ids": [
                    Command.create({"lower_bound": 1000, "discount": 2}),
                    Command.create({"lower_bound": 2000, "discount": 4}),
                ],
            }
        )
        self.lead = self.deal_lead(expected_revenue=980.0)
        self.noticed(self.lead, self.other_seller)
        self.deal = self.win(self.lead)
        self.volume(self.customer)

    def volume(self, partner, start="2026-01-01", end="2026-12-31", volume=2500):
        return self.env["radio.customer.volume"].create(
            {
                "partner_id": partner.id,
                "ladder_id": self.ladder.id,
                "company_id": self.env.company.id,
                "currency_id": self.env.company.currency_id.id,
                "window_start": start,
                "window_end": end,
                "volume": volume,
            }
        )

    def true_up(self):
        form = Form(self.env["radio.commission.true.up"].with_user(self.payer))
        form.ladder_id = self.ladder
        form.last_day = "2026-12-31"
        return form.save()

    def test_lines_follow_the_split_of_the_deal(self):
        with freeze_time(datetime(2027, 1, 11, 9, 0)):
            true_up = self.true_up()
            line = true_up.line_ids
            self.assertEqual((line.deal_id, line.reached), (self.deal, 4))
            self.assertEqual(line.difference, 0, "nobody knows what was counted")
            line.counted = 2
            self.assertEqual(line.new_base, 960)
            true_up.action_write()
        new = self.lines(self.deal, kind="true_up")
        self.assertEqual(
            {one.user_id: one.amount for one in new},
            {self.seller: -2.0, self.other_seller: -0.4},
        )
        self.assertEqual(new[0].reason, "Discount of 4 % instead of 2 %")

    def test_a_second_time_writes_nothing(self):
        with freeze_time(datetime(2027, 1, 11, 9, 0)):
            first = self.true_up()
            first.line_ids.counted = 2
            first.action_write()
            with self.assertRaisesRegex(UserError, "Nothing is different"):
                first.action_write()
            again = self.true_up()
            self.assertEqual(again.line_ids.counted, 4)
            with self.assertRaisesRegex(UserError, "Nothing is different"):
                again.action_write()

    def test_two_forms_side_by_side(self):
        with freeze_time(datetime(2027, 1, 11, 9, 0)):
            first, second = self.true_up(), self.true_up()
            (first | second).line_ids.counted = 2
            first.action_write()
            with self.assertRaisesRegex(UserError, "Somebody else has written"):
                second.action_write()

    def test_a_level_that_was_missed_altogether(self):
        """Down to no discount, and once."""
        self.env["radio.customer.volume"].search(
            [("ladder_id", "=", self.ladder.id)]
        ).volume = 500
        self.lead.booking_ids.write({"gross_amount": 1000.0, "net_amount": 980.0})
        with freeze_time(datetime(2027, 1, 11, 9, 0)):
            true_up = self.true_up()
            self.assertEqual(true_up.line_ids.new_base, 1000)
            true_up.action_write()
            self.assertFalse(self.true_up().line_ids.difference)

    def test_what_the_bookings_say_was_counted(self):
        self.lead.booking_ids.write({"gross_amount": 1000.0, "net_amount": 980.0})
        with freeze_time(datetime(2027, 1, 11, 9, 0)):
            line = self.true_up().line_ids
        self.assertEqual((line.counted, line.new_base), (2, 960))

    def test_a_year_that_is_not_over_is_left_alone(self):
        form = Form(self.env["radio.commission.true.up"].with_user(self.payer))
        form.ladder_id = self.ladder
        form.last_day = "2026-12-30"
        self.assertFalse(form.save().line_ids)
        with freeze_time("2026-12-31 10:00:00"):
            self.assertFalse(self.true_up().line_ids, "nor on its last day")

    def test_many_customers_are_asked_for_at_once(self):
        """A station has thousands of customers: whoever opens the form in January
        waits for it once, and not for each customer."""
        counts = []
        for number in (0, 2, 20):
            self.more_customers(number)
            self.env.flush_all()
            self.env.invalidate_all()
            true_up = self.env["radio.commission.true.up"].with_user(self.payer)
            true_up = true_up.new(
                {"ladder_id": self.ladder.id, "last_day": "2026-12-31"}
            )
            before = self.env.cr.sql_log_count
            with freeze_time("2027-01-05 10:00:00"):
                proposed = true_up._propose()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(proposed), 23)
        self.assertEqual(counts[1], counts[2])

    def more_customers(self, number):
        for one in range(number):
            customer = self.env["res.partner"].create(
                {"name": f"Customer {number}.{one}", "is_company": True}
            )
            contact = customer.create({"name": "Eva", "parent_id": customer.id})
            self.win(self.deal_lead(partner_id=contact.id))
            self.volume(customer)

    def test_each_deal_in_its_customers_year(self):
        """Else it is trued up by the discount of the mother company, whose bookings
        are others, or by that of another year; and one that is listed twice can be
        written for nobody."""
        contact = self.customer.create({"name": "Eva", "parent_id": self.customer.id})
        subsidiary = self.customer.create(
            {"name": "Own", "parent_id": self.customer.id, "is_company": True}
        )
        self.volume(subsidiary, "2025-04-01", "2026-03-31", 500)
        deals = [
            self.win(self.deal_lead(partner_id=partner.id), day=day)
            for partner, day in (
                (contact, 3),
                (contact, 365),
                (subsidiary, 2),
                (subsidiary, 100),
            )
        ]
        with freeze_time(datetime(2027, 1, 21, 9, 0)):
            lines = self.true_up().line_ids
        self.assertCountEqual(
            [(line.deal_id, line.reached) for line in lines],
            [(self.deal, 4), (deals[0], 4), (deals[2], 0)],
        )

    def test_only_commission_managers(self):
        with self.assertRaises(AccessError):
            self.env["radio.commission.true.up"].with_user(self.manager).create(
                {"ladder_id": self.ladder.id}
            )
