"""What the team notices becomes revenue: signals, events, insights."""

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NOW
from .test_booking import VolumeCase


class SignalCase(VolumeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["radio.upsell.signal"].search([]).unlink()
        cls.company_customer.user_id = cls.seller
        cls.reason = cls.env["radio.signal.reason"].create({"name": "No budget"})
        cls.reopening = cls.env["radio.customer.event"].create(
            {"name": "Reopening", "lead_days": 28}
        )

    def signals(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["radio.upsell.signal"].search(
            [("partner_id", "=", self.company_customer.id), *domain]
        )

    def hear(self, user=None, **vals):
        """A customer event, as somebody notes it down."""
        return (
            self.env["radio.upsell.signal"]
            .with_user(user or self.back_office)
            .create(
                {
                    "name": "Reopening",
                    "partner_id": self.company_customer.id,
                    "event_kind_id": self.reopening.id,
                    "event_date": "2026-04-01",
                    **vals,
                }
            )
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestTierGap(SignalCase):
    def test_near_is_noticed_once(self):
        self.book(19500)
        self.refresh()
        signal = self.signals()
        self.assertEqual((signal.kind, signal.user_id), ("tier_gap", self.seller))
        self.assertIn("501", signal.name)
        self.assertIn("4 %", signal.name)
        self.assertIn("Please check with scheduling", signal.text)
        self.book(1)
        self.refresh()
        self.env["radio.upsell.signal"]._cron_notice()
        self.assertEqual(self.signals(kind="tier_gap"), signal)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            signal.copy({"dedupe_key": signal.dedupe_key})

    def test_the_card_says_what_is_missing_now(self):
        self.book(19500)
        self.refresh()
        signal = self.signals()
        self.book(200)
        self.refresh()
        self.assertIn("301", signal.name)
        self.assertIn("costs no more than today", signal.text)
        self.book(-10000)
        self.refresh()
        self.assertEqual(signal.state, "expired", "far away again")
        self.book(10000)
        self.refresh()
        self.assertEqual(len(self.signals(state="new")), 1, "and near again")

    def test_last_twelve_months_go_on(self):
        """A new month neither ends what was accepted nor brings back what was not."""
        self.ladder.window = "rolling"
        self.book(19500)
        self.book(19500, partner=self.agency)
        self.refresh()
        accepted = self.signals(kind="tier_gap")
        accepted.with_user(self.seller).action_accept()
        dismissed = self.env["radio.upsell.signal"].search(
            [("partner_id", "=", self.agency.id)]
        )
        dismissed.write({"state": "dismissed", "reason_id": self.reason.id})
        with freeze_time("2026-02-02"):
            self.env["radio.upsell.signal"]._cron_notice()
            self.env["radio.customer.volume"]._refresh_now()
        self.assertEqual(accepted.state, "accepted")
        self.assertTrue(accepted.volume_id)
        self.assertEqual(accepted.volume_id.window_end, date(2026, 2, 28))
        kinds = {"kind": "tier_gap"}
        self.assertEqual(self.signals(**kinds), accepted)
        self.assertEqual(dismissed.state, "dismissed")

    def test_level_deleted(self):
        self.book(19500)
        self.refresh()
        self.ladder.tier_ids[1].unlink()
        self.refresh()
        self.assertEqual(self.signals(kind="tier_gap").mapped("state"), ["expired"])

    def test_whoever_it_is_for_is_told_once_a_day(self):
        self.book(19500)
        self.refresh()
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        for _twice in range(2):
            self.env["radio.upsell.signal"]._cron_notice()
        mail = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.seller.partner_id.ids)]
        )
        self.assertEqual(len(mail), 1)
        self.assertIn("501", mail.body)
        self.assertIn("nothing follows", mail.body)

    def test_a_mail_that_fails_keeps_nobody_else_from_theirs(self):
        """It is sent the next day, and the signals are there all the same."""
        other = self._new_user("olga", "sales_team.group_sale_salesman")
        self.hear(user_id=other.id)
        self.hear(self.manager, name="Moves", event_kind_id=False)
        users = self.env.registry["res.users"]
        notify, failing = users._notify_from_station, [other]

        def refuse(user, *args, **kwargs):
            if user in failing:
                raise ValueError("no such mailbox")
            return notify(user, *args, **kwargs)

        def get_mails(user):
            return self.env["mail.message"].search_count(
                [("partner_ids", "in", user.partner_id.ids), ("id", ">", before)]
            )

        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        with (
            patch.object(users, "_notify_from_station", refuse),
            mute_logger("odoo.addons.radio_sales_team.models.response.batch"),
        ):
            self.env["radio.upsell.signal"]._cron_notice()
            self.assertEqual((get_mails(other), get_mails(self.seller)), (0, 1))
            failing.clear()
            self.env["radio.upsell.signal"]._cron_notice()
        self.assertEqual((get_mails(other), get_mails(self.seller)), (1, 1))

    def test_written_in_the_customers_language(self):
        """A German customer reads German numbers, and nothing of our scheduling."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.company_customer.write({"lang": "de_DE", "email": "info@krause.example"})
        self.book(19500)
        self.refresh()
        signal = self.signals().with_user(self.seller)
        action = signal.action_write()
        composer = self.env[action["res_model"]].with_user(self.seller)
        composer = composer.with_context(**action["context"]).create({})
        self.assertIn("501,00", composer.body)
        self.assertNotIn("Disposition", composer.body)
        self.assertEqual(composer.partner_ids, self.company_customer)

    def test_seen_while_the_customer_is_on_the_phone(self):
        self.book(19500)
        self.refresh()
        call = self.env["radio.take.call"].with_user(self.back_office).new({})
        html = call._render_caller_card(self.company_customer)
        self.assertIn("501", html)
        self.assertIn("check with scheduling", html)

    def test_far_is_not_noticed(self):
        self.book(17999)
        self.refresh()
        self.assertFalse(self.signals())

    def test_booking_ends_it(self):
        """Whoever accepted it has won; what nobody touched was not of its doing."""
        self.book(19500)
        self.refresh()
        signal = self.signals()
        signal.with_user(self.seller).action_accept()
        self.book(501)
        self.refresh()
        self.assertEqual(signal.state, "won")
        self.assertFalse(signal.activity_ids)
        other = self.agency
        self.book(19500, partner=other)
        self.refresh()
        untouched = self.env["radio.upsell.signal"].search(
            [("partner_id", "=", other.id)]
        )
        self.book(501, partner=other)
        self.refresh()
        self.assertEqual(untouched.state, "expired")

    def test_dismissed_is_not_noticed_again_for_the_same_level(self):
        self.book(19500)
        self.refresh()
        signal = self.signals()
        wizard = self.env["radio.signal.dismiss"].with_user(self.seller)
        wizard.create(
            {"signal_ids": signal.ids, "reason_id": self.reason.id}
        ).action_dismiss()
        self.assertEqual(signal.state, "dismissed")
        self.book(100)
        self.refresh()
        self.assertEqual(self.signals(), signal)
        self.book(28000)
        self.refresh()
        self.assertEqual(len(self.signals()), 2, "the next level is another chance")

    def test_year_is_over(self):
        self.book(19500)
        self.refresh()
        with freeze_time("2027-01-02"):
            self.env["radio.customer.volume"]._note_moved_windows()
            self.env["radio.upsell.signal"]._cron_notice()
        self.assertEqual(self.signals().state, "expired")

    def test_customers_who_want_no_signals(self):
        self.company_customer.is_signal_excluded = True
        self.book(19500)
        self.refresh()
        self.assertFalse(self.signals())


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSignal(SignalCase):
    def test_heard_on_the_phone(self):
        """A dated task for the right seller; who heard it is on it for ever."""
        action = self.company_customer.with_user(self.back_office).action_report_event()
        form = Form(
            self.env["radio.upsell.signal"]
            .with_user(self.back_office)
            .with_context(**action["context"]),
            view="radio_sales_team.radio_upsell_signal_view_form_event",
        )
        form.event_kind_id = self.reopening
        form.event_date = date(2026, 4, 1)
        signal = form.save()
        self.assertEqual(signal.user_id, self.seller)
        self.assertEqual(signal.reported_by_id, self.back_office)
        self.assertEqual(signal.deadline, date(2026, 3, 4))
        self.assertEqual(signal.name, "Reopening")
        with self.assertRaises(AccessError):
            signal.reported_by_id = self.seller

    def test_events_in_the_past_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "is over"):
            self.hear(event_date="2026-01-13")
        soon = self.hear(event_date="2026-01-14")
        self.assertEqual(soon.deadline, date(2026, 1, 14), "today at the earliest")

    def test_accepting_makes_an_opportunity_where_none_is_open(self):
        signal = self.hear()
        signal.with_user(self.seller).action_accept()
        lead = signal.lead_id
        self.assertEqual(signal.state, "accepted")
        self.assertEqual(lead.user_id, self.seller)
        self.assertEqual(lead.partner_id, self.company_customer)
        self.assertEqual(signal.activity_ids.user_id, self.seller)
        self.assertEqual(signal.activity_ids.date_deadline, signal.deadline)
        second = self.hear(name="Anniversary")
        second.with_user(self.seller).action_accept()
        self.assertEqual(second.lead_id, lead, "one is open")
        self.assertFalse(lead.is_inquiry, "nobody is waiting")

    def test_the_opportunity_says_how_it_ended(self):
        signal = self.hear()
        signal.with_user(self.seller).action_accept()
        lead = signal.lead_id
        self.win(lead)
        self.assertEqual(signal.state, "won")
        self.assertFalse(signal.activity_ids)
        self.assertEqual(signal.reported_by_id, self.back_office)
        lead.stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        self.assertEqual(signal.state, "accepted")
        lead.action_set_lost()
        self.assertEqual(signal.state, "lost")

    def test_nobody_wins_by_moving_a_card(self):
        signal = self.hear()
        as_seller = signal.with_user(self.seller)
        for state in ("won", "lost", "expired"):
            with self.assertRaisesRegex(UserError, "what the opportunity says"):
                as_seller.state = state
        with self.assertRaisesRegex(UserError, "say why not"):
            as_seller.state = "dismissed"
        for vals in ({"reported_by_id": self.seller.id}, {"lead_id": 1}):
            with self.assertRaises(AccessError):
                as_seller.write(vals)
        made_up = self.hear(user=self.seller, reported_by_id=self.manager.id)
        self.assertEqual(made_up.reported_by_id, self.seller)

    def test_agency(self):
        """The contact goes by the agency, the signal is about the advertiser."""
        signal = self.hear(agency_id=self.agency.id)
        signal.with_user(self.seller).action_accept()
        self.assertEqual(signal.lead_id.partner_id, self.agency)
        self.assertEqual(signal.lead_id.advertiser_id, self.company_customer)

    def test_on_the_opportunity(self):
        signal = self.hear()
        lead = self.inquiry(partner_id=self.company_customer.id)
        self.assertEqual((lead.upsell_count, lead.upsell_words), (1, "Reopening"))
        self.assertEqual(self.company_customer.signal_count, 1)
        signal.with_user(self.seller).action_accept()
        lead.invalidate_recordset()
        self.assertEqual(lead.upsell_count, 1)

    def test_who_sees_which(self):
        signal = self.hear()
        lena = self._new_user("lena", "sales_team.group_sale_salesman")
        self.assertTrue(signal.with_user(self.seller).has_access("read"))
        self.assertTrue(signal.with_user(self.manager).has_access("read"))
        self.assertFalse(signal.with_user(lena).has_access("read"))
        own = self.hear(user=lena)
        self.assertTrue(own.with_user(lena).has_access("read"), "what I noticed")

    def test_campaign_ends_and_nothing_follows(self):
        self.book(month="2026-01-01")
        self.book(month="2025-12-01")
        self.env["radio.upsell.signal"]._cron_notice()
        signal = self.signals(kind="expiry")
        self.assertEqual(signal.event_date, date(2026, 1, 31))
        self.env["radio.upsell.signal"]._cron_notice()
        self.assertEqual(len(self.signals(kind="expiry")), 1)
        signal.with_user(self.seller).action_accept()
        self.book(month="2026-02-01")
        self.env["radio.upsell.signal"]._cron_notice()
        self.assertEqual(signal.state, "won")

    def test_stays_away(self):
        self.book(month="2025-02-01")
        self.env["radio.upsell.signal"]._cron_notice()
        signal = self.signals(kind="churn")
        self.assertIn("February 2025", signal.name)
        self.env["radio.upsell.signal"]._cron_notice()
        self.assertEqual(len(self.signals(kind="churn")), 1)

    def test_ends_of_many_are_noticed_at_once(self):
        """With thousands of customers the daily look must not take the night: those of
        one night are read together, and those of the nights before not again."""
        signals = self.env["radio.upsell.signal"]
        model = self.env.registry["radio.upsell.signal"]
        self.customers_who_end(1)
        with patch.object(model, "_raise", lambda self, vals_list: vals_list):
            counts = []
            for number in (0, 2, 20):
                self.customers_who_end(number)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                raised = signals._notice_ends()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(raised), 46)
        self.assertEqual(counts[1], counts[2])
        signals._cron_notice()
        words = (
            patch.object(model, "_get_expiry_name", side_effect=AssertionError),
            patch.object(model, "_get_churn_name", side_effect=AssertionError),
        )
        with words[0], words[1]:
            signals._cron_notice()

    def customers_who_end(self, number):
        """Some whose campaign ends, and as many who stay away."""
        for month in ("2026-01-01", "2025-02-01"):
            customers = self.env["res.partner"].create(
                [
                    {"name": f"Customer {number}.{one}", "user_id": self.seller.id}
                    for one in range(number)
                ]
            )
            for customer in customers:
                self.book(month=month, partner=customer)

    def test_a_deal_from_an_absence_is_not_of_last_year(self):
        self.book(month="2025-02-01")
        self.env["radio.upsell.signal"]._cron_notice()
        signal = self.signals(kind="churn")
        signal.with_user(self.seller).action_accept()
        self.assertFalse(signal.lead_id.campaign_start)
        ends = self.book(month="2026-01-01", partner=self.agency)
        self.env["radio.upsell.signal"]._cron_notice()
        ending = self.env["radio.upsell.signal"].search(
            [("partner_id", "=", ends.advertiser_id.id), ("kind", "=", "expiry")]
        )
        ending.action_accept()
        self.assertEqual(ending.lead_id.campaign_start, date(2026, 2, 1))

    def test_nobody_makes_a_won_signal_of_their_own(self):
        """By no field, and by no default of the context."""
        self.book(month="2026-01-01")
        volume = self.env["radio.customer.volume"].search([], limit=1)
        made = (
            self.env["radio.upsell.signal"]
            .with_user(self.seller)
            .with_context(default_lead_id=1, default_dedupe_key="churn:1:2026")
            .create(
                {
                    "name": "Mine",
                    "partner_id": self.company_customer.id,
                    "kind": "tier_gap",
                    "volume_id": volume.id,
                }
            )
        )
        self.assertEqual(made.kind, "event")
        self.assertFalse(made.sudo().lead_id or made.dedupe_key or made.volume_id)
        for vals in ({"kind": "expiry"}, {"tier_id": 1}, {"insight_id": 1}):
            with self.assertRaises(AccessError):
                made.write(vals)
        self.env["radio.upsell.signal"]._cron_notice()
        self.assertEqual(made.state, "new")

    def test_a_card_that_is_moved_is_as_good_as_the_button(self):
        signal = self.hear()
        signal.with_user(self.seller).state = "accepted"
        self.assertTrue(signal.lead_id)
        self.assertTrue(signal.activity_ids)
        self.win(signal.lead_id)
        with self.assertRaisesRegex(UserError, "what the opportunity says"):
            signal.with_user(self.seller).state = "new"
        signal.with_user(self.seller).action_reopen()
        self.assertEqual(signal.state, "won")

    def test_other_companies_bookings_end_nothing(self):
        other = self.env["res.company"].create({"name": "Other station"})
        self.env["radio.booking.source"].create(
            {"source": "import", "from_month": "2020-01-01", "company_id": other.id}
        )
        self.book(month="2026-01-01")
        self.env["radio.upsell.signal"]._cron_notice()
        self.book(month="2026-09-01", company_id=other.id)
        self.env["radio.upsell.signal"]._cron_notice()
        here = self.signals(kind="expiry", company_id=self.env.company.id)
        self.assertEqual(here.state, "new")

    def test_the_agency_of_today(self):
        self.book(month="2024-01-01", agency_id=self.agency.id)
        self.book(month="2026-01-01")
        self.env["radio.upsell.signal"]._cron_notice()
        self.assertFalse(self.signals(kind="expiry").agency_id, "they book themselves")
        self.book(month="2026-02-01", agency_id=self.agency.id)
        with freeze_time("2026-02-10"):
            self.env["radio.upsell.signal"]._cron_notice()
        last = self.signals(kind="expiry").sorted("id")[-1:]
        self.assertEqual(last.agency_id, self.agency)

    def test_the_customers_new_people_have_it(self):
        lena = self._new_user("lena", "sales_team.group_sale_salesman")
        begun, fresh = self.hear(name="Begun"), self.hear(name="Fresh")
        begun.with_user(self.seller).action_accept()
        self.company_customer.user_id = lena
        self.assertEqual((begun.user_id, fresh.user_id), (self.seller, lena))

    def test_a_stand_in_has_the_signals_too(self):
        lena = self._new_user("lena", "sales_team.group_sale_salesman")
        self._join(lena, "field_sales")
        signal = self.hear()
        succession = self.env["radio.succession"].with_user(self.manager)
        succession = succession.create({"user_id": self.seller.id})
        line = succession.line_ids.filtered(lambda one: one.kind == "signal")
        self.assertEqual((line.res_id, line.to_user_id), (signal.id, lena))
        succession.action_hand_over()
        self.assertEqual(signal.user_id, lena)

    def test_who_is_on_air_does_not_stay_away(self):
        self.book(month="2025-02-01")
        self.book(month="2025-12-01")
        self.env["radio.upsell.signal"]._cron_notice()
        self.assertFalse(self.signals(kind="churn"))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInsight(SignalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        industries = cls.env["res.partner.industry"]
        cls.trade = industries.create({"name": "Trade"})
        cls.opticians = industries.create(
            {"name": "Opticians", "parent_id": cls.trade.id}
        )
        cls.bakers = industries.create({"name": "Bakers"})
        cls.others = cls.env["res.partner"].create(
            [
                {
                    "name": f"Optician {number}",
                    "is_company": True,
                    "industry_id": cls.opticians.id,
                    "user_id": cls.seller.id,
                }
                for number in range(3)
            ]
        )
        cls.company_customer.industry_id = cls.opticians

    def make_insight(self, **vals):
        return (
            self.env["radio.industry.insight"]
            .with_user(self.back_office)
            .create(
                {
                    "name": "Morning spots work",
                    "industry_ids": self.trade.ids,
                    "product_name": "Morning package",
                    "pitch": "Appointments in the morning fill up.",
                    **vals,
                }
            )
        )

    def spread(self, insight):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "radio_sales_team.ir_cron_spread_insights"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return insight.sudo().signal_ids

    def test_exactly_the_others_of_the_industry_once(self):
        """Who found it, who bought it, who objected and who is excluded are skipped;
        running it again adds none."""
        bought, objected, excluded = self.others
        self.book(month="2025-06-01", partner=bought, product_name="morning package")
        objected.email = "objected@else.example"
        self.env["mail.blacklist"]._add("objected@else.example")
        excluded.is_signal_excluded = True
        fresh = self.others[0].copy({"name": "Optician fresh"})
        contact = self.env["res.partner"].create(
            {
                "name": "Contact",
                "parent_id": fresh.id,
                "industry_id": self.opticians.id,
            }
        )
        archived = fresh.copy({"name": "Gone", "active": False})
        baker = fresh.copy({"name": "Baker", "industry_id": self.bakers.id})
        insight = self.make_insight()
        insight.sudo().found_at_id = self.company_customer
        matches = self.env["res.partner"].search(
            insight.action_show_matches()["domain"]
        )
        self.assertEqual(matches, fresh, "seen before it is published")
        self.assertFalse(matches & (contact | archived | baker))
        insight.action_publish()
        signals = self.spread(insight)
        self.assertEqual(signals.partner_id, fresh)
        self.assertEqual(signals.reported_by_id, self.back_office)
        self.assertEqual(self.spread(insight), signals)

    def test_nothing_is_sold_to_the_station_itself(self):
        """Nor to one that was closed: its sellers would call their own number."""
        company = self.env["res.company"].create({"name": "Closed station"})
        company.partner_id.write(
            {"industry_id": self.opticians.id, "user_id": self.seller.id}
        )
        company.active = False
        insight = self.make_insight()
        matches = self.env["res.partner"].search(
            insight.action_show_matches()["domain"]
        )
        self.assertNotIn(company.partner_id, matches)
        self.assertTrue(matches)

    def test_who_joins_later_gets_it_while_it_is_valid(self):
        insight = self.make_insight(date_to="2026-01-20")
        insight.action_publish()
        self.spread(insight)
        late = self.others[0].copy({"name": "Late"})
        self.assertIn(late, self.spread(insight).partner_id)
        later = self.others[0].copy({"name": "Too late"})
        with freeze_time("2026-01-21"):
            self.assertNotIn(later, self.spread(insight).partner_id)
        self.assertEqual(insight.state, "retired")

    def test_in_weekly_bundles(self):
        """Ten a week for a seller, with one mail, not sixty at once."""
        self.env["res.partner"].create(
            [
                {
                    "name": f"More {number}",
                    "is_company": True,
                    "industry_id": self.opticians.id,
                    "user_id": self.seller.id,
                }
                for number in range(20)
            ]
        )
        insight = self.make_insight()
        insight.action_publish()
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        signals = self.spread(insight).filtered(lambda one: one.user_id == self.seller)
        self.assertEqual(len(signals), 24)
        self.assertEqual(len(signals.filtered("released_on")), 10)
        mails = self.env["mail.message"].search(
            [
                ("id", ">", before),
                ("partner_ids", "in", self.seller.partner_id.ids),
            ]
        )
        self.assertEqual(len(mails), 1)
        self.assertIn("Appointments in the morning", mails.body)
        self.spread(insight)
        self.assertEqual(len(signals.filtered("released_on")), 10, "in the same week")
        with freeze_time(NOW + timedelta(days=7)):
            self.spread(insight)
        self.assertEqual(len(signals.filtered("released_on")), 20)

    def test_nobody_to_tell_and_names_that_must_not_be_told(self):
        insight = self.make_insight(industry_ids=self.bakers.ids)
        with self.assertRaisesRegex(UserError, "No customer of these industries"):
            insight.action_publish()
        insight.sudo().found_at_id = self.company_customer
        with self.assertRaisesRegex(ValidationError, "Leave out the name"):
            insight.evidence = "At Optik Krause it sold 40 pairs."
        with self.assertRaisesRegex(UserError, "Use the buttons"):
            insight.state = "published"
        with self.assertRaisesRegex(UserError, "Recursion"):
            self.trade.parent_id = self.opticians

    def test_retired(self):
        insight = self.make_insight()
        insight.action_publish()
        signals = self.spread(insight)
        begun = signals[0]
        begun.with_user(self.manager).action_accept()
        insight.action_retire()
        self.assertEqual(begun.state, "accepted")
        self.assertEqual(set((signals - begun).mapped("state")), {"expired"})

    def test_exclusivity_is_respected_and_warned_of(self):
        holder = self.others[0]
        self.env["radio.industry.exclusivity"].create(
            {
                "advertiser_id": holder.id,
                "industry_id": self.opticians.id,
                "scope": "Morning package",
            }
        )
        insight = self.make_insight()
        matches = self.env["res.partner"].search(
            insight.action_show_matches()["domain"]
        )
        self.assertEqual(matches, holder)
        lead = self.inquiry(partner_id=self.company_customer.id)
        self.assertIn(holder.name, lead.exclusivity_words)
        overlap = self.env["radio.industry.exclusivity"].create(
            {
                "advertiser_id": self.others[1].id,
                "industry_id": self.trade.id,
                "scope": "morning package",
            }
        )
        self.assertEqual(overlap.conflict_words, holder.name)
        self.env["radio.industry.exclusivity"].search([]).scope = "Weather"
        insight.product_name = "Weather sponsorship"
        self.assertEqual(insight.match_count, 2, "both who have it, and nobody else")
        insight.product_name = False
        self.assertEqual(insight.match_count, 4, "nobody knows what it is about")
        self.env["radio.industry.exclusivity"].search([]).scope = "Morning package"
        overlap.scope = "Traffic"
        self.assertFalse(overlap.conflict_words, "weather and traffic coexist")
