"""When having tried is enough, and when the next try is."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import NOW, ResponseCase

# Berlin is one hour ahead of UTC in winter
MORNING, NOON = NOW, datetime(2026, 1, 14, 11, 0)
AFTERNOON = datetime(2026, 1, 14, 13, 0)


@tagged("post_install", "-at_install")
@freeze_time(NOW + timedelta(days=2))
class TestAttemptLadder(ResponseCase):
    def setUp(self):
        super().setUp()
        self.policy.stop_on = "reached"
        self.lead = self.inquiry(
            received_at=NOW - timedelta(minutes=30), phone="+49 451 123456"
        )

    def attempt(self, moment, channel="phone", outcome="not_reached"):
        return self.env["radio.contact.attempt"].create(
            {
                "lead_id": self.lead.id,
                "user_id": self.back_office.id,
                "attempted_at": moment,
                "channel": channel,
                "outcome": outcome,
            }
        )

    def test_third_try_is_enough(self):
        self.attempt(MORNING)
        self.attempt(AFTERNOON, "email")
        self.assertWaiting(self.lead)
        self.attempt(AFTERNOON + timedelta(days=1))
        self.assertAnswered(self.lead, self.back_office, "phone", "not_reached")
        self.assertEqual(
            self.lead.first_contact_at,
            AFTERNOON + timedelta(days=1),
            "it is the third try that is the first contact",
        )

    def test_one_way_is_not_enough(self):
        for moment in (MORNING, AFTERNOON, AFTERNOON + timedelta(days=1)):
            self.attempt(moment)
        self.assertWaiting(self.lead)
        self.attempt(AFTERNOON + timedelta(hours=1), "sms")
        self.assertAnswered(self.lead, self.back_office, "sms", "not_reached")

    def test_one_half_of_the_day_is_not_enough(self):
        """11:59 is morning, 12:00 is not, where the station is."""
        self.attempt(MORNING)
        self.attempt(MORNING + timedelta(minutes=5), "email")
        last = self.attempt(NOON - timedelta(minutes=1))
        self.assertWaiting(self.lead)
        last.attempted_at = NOON
        self.assertAnswered(self.lead, self.back_office, "phone", "not_reached")

    def test_before_the_inquiry_and_not_delivered_do_not_count(self):
        early = self.attempt(MORNING - timedelta(hours=1), "email")
        self.attempt(MORNING)
        self.attempt(AFTERNOON)
        self.assertWaiting(self.lead)
        early.attempted_at = MORNING
        self.assertTrue(self.lead.first_contact_at)
        early.sudo().is_withdrawn = True
        self.assertWaiting(self.lead)

    def test_reached_first_wins(self):
        self.attempt(MORNING)
        self.attempt(AFTERNOON, "email")
        self.attempt(AFTERNOON + timedelta(hours=1), "phone", "reached")
        self.attempt(AFTERNOON + timedelta(hours=2))
        self.assertAnswered(self.lead, self.back_office, "phone", "reached")

    def test_reached_after_it_was_enough(self):
        """The promise was kept by trying; that the customer was reached is said."""
        self.attempt(MORNING)
        self.attempt(AFTERNOON, "email")
        self.attempt(AFTERNOON + timedelta(hours=1))
        self.assertIn("Tried", self.lead.sla_badge)
        self.attempt(AFTERNOON + timedelta(hours=2), "phone", "reached")
        self.assertIn("Reached after", self.lead.sla_badge)
        self.assertEqual(self.lead.first_contact_outcome, "not_reached")

    def test_an_attempt_is_enough_where_the_policy_says_so(self):
        self.policy.stop_on = "attempt"
        self.lead = self.inquiry(received_at=NOW)
        self.attempt(NOW + timedelta(minutes=1))
        self.assertAnswered(self.lead, self.back_office, "phone", "not_reached")

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 36 * 60),
                st.sampled_from(["phone", "email", "sms"]),
                st.sampled_from(["not_reached"] * 4 + ["reached"]),
            ),
            max_size=6,
        )
    )
    def test_against_a_slow_oracle(self, tries):
        self.lead.contact_attempt_ids.unlink()
        received_at = self.lead.received_at
        facts = []
        for minutes, channel, outcome in tries:
            moment = received_at + timedelta(minutes=minutes)
            facts.append((moment, self.attempt(moment, channel, outcome)))
        expected = self.env["radio.contact.attempt"]
        facts.sort(key=lambda fact: (fact[0], fact[1].id))
        for number, (_moment, attempt) in enumerate(facts):
            so_far = [fact[1] for fact in facts[: number + 1]]
            # winter time in Berlin
            mornings = [(a.attempted_at + timedelta(hours=1)).hour < 12 for a in so_far]
            enough = (
                number >= 2
                and len({a.channel for a in so_far}) >= 2
                and any(mornings)
                and not all(mornings)
            )
            if attempt.outcome == "reached" or enough:
                expected = attempt
                break
        accepted = self.lead.contact_attempt_ids._counts_for(
            "reached", received_at, self.calendar
        )[:1]
        self.assertEqual(accepted, expected)
        self.assertEqual(self.lead.first_contact_at, expected.attempted_at)

    # in words

    def test_tried_in_words(self):
        lead = self.lead.with_user(self.back_office)
        self.assertFalse(lead.tried_in_words)
        self.attempt(MORNING)
        self.attempt(AFTERNOON, "email")
        self.attempt(NOW + timedelta(days=2))
        self.assertEqual(
            lead.tried_in_words,
            "Not reached: called Wed 10:00, wrote Wed 14:00, called 10:00",
        )
        self.attempt(NOW + timedelta(days=2), "phone", "reached")
        self.assertFalse(lead.tried_in_words)

    # the next try

    def test_other_half_of_the_day(self):
        """Who did not answer in the morning may in the afternoon, and nobody is sent to
        call at night, on Sunday or a holiday."""
        today = date(2026, 1, 14)
        plan = self.calendar._plan_other_half
        self.assertEqual(plan(MORNING, NOW), (today, False))
        self.assertEqual(plan(AFTERNOON, AFTERNOON), (today + timedelta(days=1), True))
        # tried yesterday afternoon, typed in this morning
        self.assertEqual(plan(AFTERNOON - timedelta(days=1), NOW), (today, True))
        # the station closes at 17:00: tried at 9:00, typed in at 18:00
        late = datetime(2026, 1, 14, 17, 0)
        self.assertEqual(plan(MORNING, late), (today + timedelta(days=1), False))
        friday = datetime(2026, 1, 16, 14, 0)
        self.assertEqual(plan(friday, friday), (date(2026, 1, 19), True))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 1, 18, 23, 0),
                "date_to": datetime(2026, 1, 19, 22, 59),
            }
        )
        self.assertEqual(plan(friday, friday), (date(2026, 1, 20), True))

    def test_station_open_in_the_morning_only(self):
        self.calendar.attendance_ids.hour_to = 12
        self.assertEqual(
            self.calendar._plan_other_half(MORNING, NOW), (date(2026, 1, 15), True)
        )

    def test_by_turns_as_far_as_known(self):
        def way(channel):
            return self.lead._get_next_try(channel, NOW)[0]

        self.assertEqual(way("phone"), "email")
        self.assertEqual(way("email"), "phone")
        self.assertEqual(way("sms"), "phone")
        self.lead.email_from = False
        self.assertEqual(way("phone"), "phone")
        self.lead.write({"email_from": "frank@brandt.example", "phone": False})
        self.assertEqual(way("email"), "email")

    def plan(self):
        day = date(2026, 1, 19)
        return self.lead.with_user(self.back_office)._schedule_next_try(
            "phone", day, True, self.back_office
        )

    def test_planned_as_our_own_activity(self):
        activity = self.plan()
        self.assertEqual(activity.activity_type_id.category, "phonecall")
        self.assertEqual(activity.user_id, self.back_office)
        self.assertEqual(activity.summary, "Call again in the morning")
        # a newer plan takes its place
        self.assertNotEqual(self.plan(), activity)
        self.assertFalse(activity.exists())
        self.assertEqual(len(self.lead.activity_ids), 1)

    def test_ends_when_it_is_over(self):
        """Nobody calls a customer who was reached or lost; what others planned stays,
        and closing counts as no call."""
        other = self.lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.back_office.id
        )

        def won():
            self.lead.action_set_won()

        def reached():
            self.attempt(NOW + timedelta(days=1), "phone", "reached").unlink()

        def answered():
            self.answer(self.lead, self.back_office)
            self.lead.contact_attempt_ids.unlink()

        def no_inquiry():
            self.lead.is_inquiry = False

        for end in (reached, answered, won, no_inquiry):
            self.lead.write({"is_inquiry": True, "stage_id": self.stage_open().id})
            activity = self.plan()
            self.attempt(NOW + timedelta(days=1))
            self.lead.priority = "1"
            self.assertTrue(activity.exists(), "a try in vain ends nothing")
            attempts = self.lead.contact_attempt_ids
            end()
            self.assertFalse(activity.exists(), end.__name__)
            self.assertFalse(attempts.exists().filtered("activity_id"))
            self.assertTrue(other.exists())
        self.lead.write({"is_inquiry": True, "stage_id": self.stage_open().id})
        activity = self.plan()
        self.lead.action_set_lost()
        self.assertFalse(activity.exists())

    def stage_open(self):
        return self.env["crm.stage"].search([("is_won", "=", False)], limit=1)

    def test_corrected_to_reached(self):
        activity = self.plan()
        attempt = self.attempt(NOW + timedelta(days=1))
        attempt.action_switch_outcome()
        self.assertFalse(activity.exists())

    def test_done_in_the_chatter_is_a_call(self):
        activity = self.plan()
        activity.with_user(self.back_office).action_feedback("Spoke to him")
        self.assertAnswered(self.lead, self.back_office, "phone")
        self.assertEqual(self.lead.contact_attempt_ids.activity_id, activity)

    def test_removing_the_addon_keeps_what_was_planned(self):
        from ..hooks import keep_activities

        activity = self.plan()
        keep_activities(self.env)
        self.assertEqual(
            activity.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )
        self.env.ref("radio_sales_team.mail_activity_type_next_call").unlink()
