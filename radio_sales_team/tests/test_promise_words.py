"""An inquirer reads by when there is an answer, as people say it, and it holds."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW, ResponseCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPromiseWords(ResponseCase):
    def words(self, hours, received_at=NOW, tz=False, **vals):
        """What an inquirer is told for a target of so many working hours."""
        self.policy.target_hours = hours
        lead = self.inquiry(received_at=received_at, **vals)
        lead.partner_id.tz = tz
        return lead._get_promise_words()

    def test_words(self):
        # Wednesday 10:00, the station answers 9 to 17
        for hours, words in (
            (1, "today until 11:00"),
            (7, "today until 17:00"),
            (7.25, "tomorrow morning"),
            (10, "tomorrow morning"),
            (10.25, "tomorrow afternoon"),
            (15, "tomorrow afternoon"),
            (18, "on Friday morning"),
            (23, "on Friday afternoon"),
            (26, "on Monday morning"),
            (31, "on Monday afternoon"),
            (39, "on Tuesday afternoon"),
            (42, "by January 21"),
        ):
            self.assertEqual(self.words(hours), words, hours)

    def test_evening(self):
        self.calendar.attendance_ids.hour_to = 20
        self.assertEqual(self.words(10 + 9), "tomorrow afternoon")
        self.assertEqual(self.words(10 + 9.25), "tomorrow evening")
        self.assertEqual(self.words(10 + 11 + 10), "on Friday evening")

    def test_rounded_to_a_quarter_where_somebody_works(self):
        self.assertEqual(self.words(1 + 2 / 60), "today until 11:15")
        self.assertEqual(self.words(1.25), "today until 11:15")
        self.calendar.attendance_ids.hour_to = 16 + 50 / 60
        self.assertEqual(self.words(6 + 47 / 60), "today until 16:47")

    def test_nothing_that_cannot_be_kept(self):
        early = NOW - timedelta(hours=1)
        self.assertFalse(self.words(0.5, received_at=early))
        self.assertFalse(self.words(1, received_at=early), "the deadline is now")
        self.assertTrue(self.words(1 + 1 / 60, received_at=early))
        self.assertFalse(self.inquiry(is_inquiry=False)._get_promise_words())

    def test_holidays_and_weekend(self):
        """Friday at 16:30: nobody is there until Monday, and Monday is a holiday."""
        friday = NOW.replace(day=16, hour=15, minute=30)
        with freeze_time(friday):
            self.assertEqual(self.words(1, received_at=friday), "on Monday morning")
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "date_from": NOW.replace(day=18, hour=23),
                    "date_to": NOW.replace(day=19, hour=22, minute=59),
                    "company_id": self.env.company.id,
                }
            )
            self.assertEqual(self.words(1, received_at=friday), "on Tuesday morning")

    def test_time_zone_of_the_inquirer(self):
        self.assertEqual(self.words(1, tz="Asia/Tokyo"), "today until 19:00")
        self.assertEqual(
            self.words(7, tz="Asia/Tokyo"), "tomorrow morning", "01:00 there"
        )
        self.assertEqual(self.words(1), "today until 11:00")
        self.env.user.tz = "America/New_York"
        self.assertEqual(self.words(1), "today until 11:00")

    def test_german(self):
        """The weekday is named in the language of the words."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.policy.target_hours = 26
        lead = self.inquiry().with_context(lang="de_DE")
        self.assertIn("Montag", lead._get_promise_words())
