"""Bookings: what was booked is counted once, from the source that the station chose."""

from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, ResponseCase


class UpsellCase(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the database's own must not mix with ours
        cls.env["radio.discount.ladder"].search([]).action_archive()
        cls.env["radio.booking"].search([]).unlink()
        cls.env["radio.booking.source"].search([]).unlink()
        cls.env["radio.volume.change"].search([]).unlink()
        cls.company_customer = cls.env["res.partner"].create(
            {"name": "Optik Krause", "is_company": True, "ref": "K-100"}
        )
        cls.agency = cls.env["res.partner"].create(
            {"name": "Agentur Weser", "is_company": True, "ref": "A-1"}
        )

    def book(self, gross=1000.0, month="2026-01-01", partner=None, **vals):
        """A booking of the monthly list."""
        number = self.env["radio.booking"].search([], order="id desc", limit=1).id or 0
        return self.env["radio.booking"].create(
            {
                "advertiser_id": (partner or self.company_customer).id,
                "month": month,
                "gross_amount": gross,
                "net_amount": gross,
                "source_key": f"T{number + 1}",
                **vals,
            }
        )

    def count_imports_from(self, month="2020-01-01"):
        return self.env["radio.booking.source"].create(
            {"source": "import", "from_month": month}
        )

    def won(self, **vals):
        """A won opportunity."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Spring",
                "type": "opportunity",
                "partner_id": self.company_customer.id,
                "team_id": self.team.id,
                "user_id": self.seller.id,
                "expected_revenue": 1000.0,
                **vals,
            }
        )
        self.win(lead)
        return lead

    def win(self, lead):
        """Win it, and let the scheduled action write what follows from that."""
        lead.with_user(self.seller).action_set_won()
        self.run_commission_cron()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestBooking(UpsellCase):
    def test_won_opportunity_books_its_months(self):
        """To the cent, and frozen: editing the revenue later books nothing else."""
        lead = self.won(campaign_start="2026-02-10", campaign_end="2026-04-02")
        bookings = lead.booking_ids.sorted("month")
        self.assertEqual(
            [(one.month, one.net_amount) for one in bookings],
            [
                (date(2026, 2, 1), 333.34),
                (date(2026, 3, 1), 333.33),
                (date(2026, 4, 1), 333.33),
            ],
        )
        self.assertEqual(bookings[-1].date_end, date(2026, 4, 2))
        lead.expected_revenue = 5000
        self.assertEqual(sum(bookings.mapped("net_amount")), 1000)

    def test_only_the_source_of_its_month_counts(self):
        """What is won for the months of another source is kept, and counts nothing."""
        self.env["radio.booking.source"].create(
            {"source": "import", "from_month": "2026-03-01"}
        )
        lead = self.won(campaign_start="2026-02-10", campaign_end="2026-04-02")
        bookings = lead.booking_ids.sorted("month")
        self.assertEqual(bookings.mapped("is_counted"), [True, False, False])

    def test_win_leave_win(self):
        lead = self.won()
        self.assertEqual(len(lead.booking_ids), 1)
        lead.stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        self.assertFalse(lead.booking_ids)
        self.win(lead)
        self.assertEqual(lead.booking_ids.net_amount, 1000)

    def test_deleted_and_merged(self):
        lead = self.won()
        booking = lead.booking_ids
        lead.unlink()
        self.assertFalse(booking.exists())
        first, second = self.won(), self.won()
        merged = (first | second).merge_opportunity()
        self.assertEqual(sum(merged.booking_ids.mapped("net_amount")), 2000)

    def test_agency_books_for_the_advertiser(self):
        lead = self.won(
            partner_id=self.agency.id, advertiser_id=self.company_customer.id
        )
        self.assertEqual(lead.booking_ids.advertiser_id, self.company_customer)
        self.assertEqual(lead.booking_ids.agency_id, self.agency)
        self.assertFalse(self.won(partner_id=False).booking_ids, "nobody's")

    def test_contacts_count_for_their_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Eva Krause", "parent_id": self.company_customer.id}
        )
        self.assertEqual(
            self.book(partner=contact).advertiser_id, self.company_customer
        )

    def test_never_two_sources_in_a_month(self):
        """Switching over counts nothing twice."""
        lead = self.won()
        old = self.book(month="2026-01-17")
        self.assertEqual(old.month, date(2026, 1, 1))
        self.assertTrue(lead.booking_ids.is_counted)
        self.assertFalse(old.is_counted)
        later = self.book(month="2026-02-01")
        source = self.count_imports_from("2026-02-20")
        self.assertTrue(later.is_counted)
        self.assertFalse(old.is_counted)
        source.from_month = "2026-01-01"
        self.assertTrue(old.is_counted)
        self.assertFalse(lead.booking_ids.is_counted)
        source.unlink()
        self.assertTrue(lead.booking_ids.is_counted)

    def test_switching_over_concerns_whom_it_changes(self):
        """With half a million bookings, whoever saves where they come from would wait
        for minutes, and every customer would be counted anew for nothing."""
        lead = self.won()
        before = self.book(month="2025-12-01", partner=self.agency)
        bookings = before | self.book() | self.book(month="2026-05-01")
        other = self.env["res.company"].create({"name": "Other station"})
        elsewhere = self.book(partner=self.agency, company_id=other.id)
        changes = self.env["radio.volume.change"]

        def assert_counted(partners):
            self.assertEqual(changes.search([]).partner_id, partners)
            changes.search([]).unlink()
            for one in bookings | lead.booking_ids | elsewhere:
                source = one.company_id._get_booking_source(one.month)
                self.assertEqual(one.is_counted, one.source == source, one.month)

        def count_each(bookings):
            raise AssertionError(f"{len(bookings)} by themselves")

        changes.search([]).unlink()
        model = self.env.registry["radio.booking"]
        with patch.object(model, "_compute_is_counted", count_each):
            source = self.count_imports_from("2026-01-01")
            assert_counted(self.company_customer)
            source.source = "won"
            assert_counted(self.company_customer)
            self.count_imports_from("2025-11-01")
            assert_counted(self.agency)
            source.from_month = "2026-06-01"
            assert_counted(self.company_customer)
            source.write({"company_id": other.id, "from_month": "2025-01-01"})
            assert_counted(self.env["res.partner"])
            source.source = "import"
            assert_counted(self.agency)
            source.unlink()
            assert_counted(self.agency)
            source.browse().unlink()
            assert_counted(self.env["res.partner"])

    def test_each_booking_once(self):
        self.book(source_key="X")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.book(source_key="X")

    def test_wrong_dates(self):
        with self.assertRaisesRegex(ValidationError, "before the month"):
            self.book().date_end = "2025-12-31"
        with self.assertRaisesRegex(ValidationError, "before it starts"):
            self.won(campaign_start="2026-02-10", campaign_end="2026-02-01")

    def test_sellers_see_their_customers_only(self):
        booking = self.book()
        self.company_customer.user_id = self.seller
        lena = self._new_user("lena", "sales_team.group_sale_salesman")
        self.assertTrue(booking.with_user(self.seller).has_access("read"))
        self.assertFalse(booking.with_user(lena).has_access("read"))
        self.assertTrue(booking.with_user(self.back_office).has_access("read"))
        with self.assertRaises(AccessError):
            booking.with_user(self.seller).net_amount = 1


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestBookingImport(UpsellCase):
    COLUMNS = ["source_key", "advertiser_id", "month", "gross_amount", "spots"]

    def load(self, *rows, columns=None):
        model = self.env["radio.booking"].with_user(self.manager)
        return model.load(columns or self.COLUMNS, [list(row) for row in rows])

    def messages(self, result):
        return [message["message"] for message in result["messages"]]

    def test_twice_is_once(self):
        """The same list again changes what changed, and adds nothing."""
        rows = [
            ("B1", "K-100", "2026-01-01", "1200.50", "24"),
            ("B2", "Optik Krause", "2026-02-01", "100", "2"),
        ]
        self.assertEqual(self.load(*rows)["messages"], [])
        rows[1] = ("B2", "K-100", "2026-02-01", "150", "3")
        result = self.load(*rows)
        self.assertEqual(result["messages"], [])
        bookings = self.env["radio.booking"].search([("source", "=", "import")])
        self.assertEqual(sorted(bookings.mapped("gross_amount")), [150, 1200.5])
        self.assertEqual(bookings.advertiser_id, self.company_customer)

    def test_refused_rows_are_named_with_their_reason(self):
        self.env["res.partner"].create({"name": "Twin", "is_company": True})
        self.env["res.partner"].create({"name": "Twin", "is_company": True})
        result = self.load(
            ("B1", "K-100", "2026-01-01", "1", "1"),
            ("B2", "Nobody Ltd", "2026-01-01", "1", "1"),
            ("B3", "Twin", "2026-01-01", "1", "1"),
            ("B1", "K-100", "2026-01-01", "2", "1"),
        )
        self.assertFalse(result["ids"])
        self.assertEqual(
            sorted(
                (message["rows"]["from"], message["message"])
                for message in result["messages"]
            ),
            [
                (1, "No customer has the number or name “Nobody Ltd”."),
                (2, "Two customers have the number or name “Twin”."),
                (3, "The key “B1” stands in row 1, too."),
            ],
        )
        self.assertFalse(self.env["radio.booking"].search([]), "all or nothing")

    def test_every_refusal_is_one_that_odoos_import_can_show(self):
        """Core reads more of the answer than the messages."""
        wrong = self.load(("B1", "Nobody", "2026-01-01", "1", "1"))
        company = self.load(
            ("B1", "K-100", "2026-01-01", "Other"),
            columns=["source_key", "advertiser_id", "month", "company_id"],
        )
        for result in (wrong, company):
            self.assertEqual((result["ids"], result["nextrow"]), (False, 0))
            self.assertTrue(result["messages"])

    def test_a_column_is_missing(self):
        result = self.load(("K-100", "2026-01-01"), columns=["advertiser_id", "month"])
        self.assertIn("“Key” is missing", self.messages(result)[0])

    def test_no_month_no_number(self):
        result = self.load(("B1", "K-100", "soon", "1", "1"))
        self.assertFalse(result["ids"])
        result = self.load(("B1", "K-100", "2026-01-01", "1,5", "1"))
        self.assertFalse(result["ids"], "decimal commas are chosen in the import form")

    def test_through_odoos_own_import(self):
        """A file of a German spreadsheet: its encoding, semicolons, decimal commas."""
        text = "Key;Advertiser;Month;Gross Amount\nB1;Café Süd;01.2026;1.234,56\n"
        self.env["res.partner"].create({"name": "Café Süd", "is_company": True})
        options = {
            "quoting": '"',
            "separator": ";",
            "encoding": "windows-1252",
            "has_headers": True,
            "float_thousand_separator": ".",
            "float_decimal_separator": ",",
            "date_format": "%m.%Y",
            "datetime_format": "",
        }
        wizard = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create(
                {
                    "res_model": "radio.booking",
                    "file": text.encode("cp1252"),
                    "file_type": "text/csv",
                    "file_name": "list.csv",
                }
            )
        )
        columns = ["source_key", "advertiser_id", "month", "gross_amount"]
        result = wizard.execute_import(columns, columns, options)
        self.assertFalse(result["messages"], result["messages"])
        booking = self.env["radio.booking"].search([("source_key", "=", "B1")])
        self.assertEqual(booking.gross_amount, 1234.56)
        self.assertEqual(booking.month, date(2026, 1, 1))

    def test_sellers_import_nothing(self):
        model = self.env["radio.booking"].with_user(self.seller)
        with self.assertRaises(AccessError):
            model.create(
                {
                    "advertiser_id": self.company_customer.id,
                    "month": datetime(2026, 1, 1),
                    "source_key": "X",
                }
            )


class VolumeCase(UpsellCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["radio.booking.source"].create(
            {"source": "import", "from_month": "2020-01-01"}
        )
        cls.ladder = cls.make_ladder([(5001, 2), (20001, 4), (50001, 6)])

    @classmethod
    def make_ladder(cls, levels, **vals):
        return cls.env["radio.discount.ladder"].create(
            {
                "name": "Yearly amount",
                "tier_ids": [
                    Command.create({"lower_bound": bound, "discount": part})
                    for bound, part in levels
                ],
                **vals,
            }
        )

    def refresh(self, partner=None):
        """The scheduled action's own work, for what has changed."""
        changes = self.env["radio.volume.change"].search([])
        self.env["radio.customer.volume"]._refresh_changed(changes)
        return self.env["radio.customer.volume"].search(
            [
                ("partner_id", "=", (partner or self.company_customer).id),
                ("window_end", ">=", "2026-01-14"),
            ]
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestVolume(VolumeCase):
    def test_the_sentence_that_the_call_needs(self):
        self.book(19500, net_amount=18000)
        row = self.refresh()
        self.assertEqual((row.volume, row.discount), (19500, 2))
        self.assertEqual((row.gap, row.next_discount), (501, 4))
        self.assertEqual(row.saving, 400.02)
        # 20,001 at 4 % are 19,200.96, and 19,500 at 2 % are 19,110
        sentence = row.with_context(lang="en_US").sentence.replace("\xa0", " ")
        self.assertIn("only $ 90.96 more", sentence)
        self.assertTrue(row.is_near)
        sentence = row.with_context(lang="en_US").sentence
        for words in ("19,500.00", "501.00", "4 %", "20,001.00", "12/31/2026"):
            self.assertIn(words, sentence)
        self.assertIn("Please check with scheduling.", sentence)
        self.env["res.lang"]._activate_lang("de_DE")
        self.assertIn("19.500,00", row.with_context(lang="de_DE").sentence)

    def test_free_airtime(self):
        self.ladder.action_archive()
        self.make_ladder([(21250, 15), (42500, 20)])
        self.book(40000)
        row = self.refresh()
        self.assertEqual(row.free_airtime, 2500)
        self.assertIn("costs no more than today", row.sentence)

    def test_what_counts(self):
        """The year's bookings of the source that counts, without production and with
        refunds; the year before has a row of its own."""
        self.book(10000)
        self.book(5000, month="2026-12-01")
        self.book(-1000, month="2026-03-01")
        self.book(700, is_eligible=False)
        self.book(6000, month="2025-12-01")
        self.book(9999, source="won", source_key="Z")
        row = self.refresh()
        self.assertEqual(row.volume, 14000)
        before = self.company_customer.customer_volume_ids - row
        self.assertEqual((before.volume, before.discount), (6000, 2))

    def test_changes_are_followed(self):
        booking = self.book(19500)
        self.assertEqual(self.refresh().discount, 2)
        booking.gross_amount = 20001
        row = self.refresh()
        self.assertEqual(row.discount, 4, "reached at the bound itself")
        booking.gross_amount = 20000.99
        self.assertEqual(self.refresh().discount, 2)
        booking.unlink()
        self.assertFalse(self.refresh())
        self.assertFalse(self.env["radio.volume.change"].search([]))

    def test_booked_ahead_is_counted_when_the_year_begins(self):
        """Also where the server was off over New Year."""
        self.book(19500, month="2027-02-01")
        self.assertFalse(self.refresh())
        with freeze_time("2027-01-05"):
            self.env["radio.customer.volume"]._note_moved_windows()
            rows = self.env["radio.customer.volume"]._refresh(self.company_customer)
        self.assertEqual(rows.volume, 19500)

    def test_pace_by_months(self):
        self.book(1000)
        row = self.refresh()
        self.assertEqual(row.run_rate, 12000, "one of twelve months")
        with freeze_time("2026-04-02"):
            self.env["radio.customer.volume"]._note_moved_windows()
            self.refresh()
        self.assertEqual(row.run_rate, 3000)

    def test_below_zero_and_a_level_from_nothing(self):
        self.ladder.action_archive()
        self.make_ladder([(0, 1), (5001, 2)])
        self.book(-10)
        row = self.refresh()
        self.assertEqual((row.volume, row.gap, row.is_near), (-10, 10, False))

    def test_a_year_that_was_emptied_is_gone(self):
        booking = self.book(3200, month="2025-12-01")
        self.refresh()
        self.assertTrue(self.company_customer.customer_volume_ids)
        booking.unlink()
        self.refresh()
        self.assertFalse(self.company_customer.customer_volume_ids)

    def test_a_private_customer_who_gets_a_company(self):
        private = self.env["res.partner"].create({"name": "Hans"})
        self.book(19500, partner=private)
        self.refresh(private)
        private.parent_id = self.company_customer
        self.book(600, partner=private)
        row = self.refresh()
        self.assertEqual((row.volume, row.discount), (20100, 4))
        self.assertFalse(private.customer_volume_ids)

    def test_the_last_day_follows_the_month(self):
        booking = self.book(month="2026-11-01")
        booking.month = "2026-05-01"
        self.assertEqual(booking.date_end, date(2026, 5, 31))

    def test_what_was_won_changes_in_its_opportunity_alone(self):
        """Not even a team leader types over it, or plants a key."""
        leader = self._new_user("olga", "sales_team.group_sale_salesman_all_leads")
        booking = self.won().booking_ids.with_user(leader)
        with self.assertRaisesRegex(AccessError, "Change it there"):
            booking.net_amount = 1
        planted = booking.create(
            {
                "advertiser_id": self.company_customer.id,
                "month": "2026-01-01",
                "source": "won",
                "source_key": "X",
            }
        )
        self.assertEqual(planted.source, "import")

    def test_won_before_anybody_knew_for_whom(self):
        lead = self.won(partner_id=False)
        lead.partner_id = self.company_customer
        self.assertEqual(lead.booking_ids.net_amount, 1000)

    def test_nobody_silences_a_colleagues_customer(self):
        self.company_customer.user_id = self.manager
        for name in ("has_individual_discount", "is_signal_excluded"):
            with self.assertRaisesRegex(AccessError, "customer of Petra"):
                self.company_customer.with_user(self.seller).sudo(
                    False
                )._check_upsell_fields({name: True})

    def test_individual_agreements_are_left_out(self):
        self.book(19500)
        self.assertTrue(self.refresh())
        self.company_customer.has_individual_discount = True
        self.assertFalse(self.refresh())

    def test_two_ladders_fit(self):
        """The one chosen on the customer, else the first by sequence."""
        tag = self.env["res.partner.category"].create({"name": "Retail"})
        self.ladder.sequence = 5
        other = self.make_ladder([(100, 50)], sequence=1, category_ids=tag.ids)
        self.book(19500)
        self.assertEqual(self.refresh().ladder_id, self.ladder)
        self.company_customer.category_id = tag
        self.assertEqual(self.refresh().ladder_id, other)
        self.company_customer.discount_ladder_id = self.ladder
        self.assertEqual(self.refresh().ladder_id, self.ladder)

    def test_windows(self):
        self.ladder.window = "rolling"
        self.book(100, month="2025-02-01")
        self.book(50, month="2025-01-01")
        row = self.refresh()
        self.assertEqual(row.volume, 100, "twelve months with this one")
        self.ladder.window = "contract_year"
        self.company_customer.contract_start = "2020-07-01"
        self.book(7, month="2025-07-01")
        self.book(1000, month="2026-07-01")
        row = self.refresh()
        self.assertEqual(
            (row.window_start, row.window_end), (date(2025, 7, 1), date(2026, 6, 30))
        )
        self.assertEqual(row.volume, 7)

    def test_spots(self):
        self.ladder.action_archive()
        self.make_ladder([(30, 5), (61, 10)], basis="spots", near_percent=0)
        self.book(0, spots=58)
        row = self.refresh()
        self.assertEqual((row.gap, row.is_near), (3, False))
        row.ladder_id.near_amount = 3
        self.assertTrue(self.refresh().is_near)
        self.assertIn("58 spots booked, 3 spots are missing", row.sentence)

    def test_tiers_that_do_not_fit(self):
        for levels, words in (
            ([(100, 5), (200, 5)], "higher volume needs a higher discount"),
            ([(100, 5), (200, 4)], "higher volume needs a higher discount"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.make_ladder(levels)
        for levels in ([(100, 5), (100, 6)], [(100, 100.5)], [(-1, 5)]):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.make_ladder(levels)

    def test_another_currency(self):
        other = self.env["res.currency"].create({"name": "XRA", "symbol": "X"})
        with self.assertRaisesRegex(ValidationError, "in that currency"):
            self.make_ladder([(1, 1)], currency_id=other.id)

    def test_merged_customers(self):
        """Bookings, volume and signals move; what both had is there once."""
        twin = self.env["res.partner"].create(
            {"name": "Optik Krause GmbH", "is_company": True}
        )
        self.book(19000)
        self.book(500, partner=twin)
        self.refresh()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (twin | self.company_customer).ids, self.company_customer
        )
        row = self.refresh()
        self.assertEqual(row.volume, 19500)
        signals = self.env["radio.upsell.signal"].search(
            [("partner_id", "=", self.company_customer.id)]
        )
        self.assertEqual(signals.kind, "tier_gap")
