"""Deadlines and waiting times in working hours, against a slow clock.

The examples that hypothesis draws are the same in each run. To look further:

    WORKING_TIME_EXAMPLES=20 dev/python -m pytest --odoo-database=DB THIS_FILE

draws twenty times as many, other ones each time.
"""

import os
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.radio_sales_team.tools.working_time import WorkingTime

from .common import ResponseCase
from .working_time_oracle import LOOK_AHEAD, MINUTE, SlowClock, line, lines, utc

MORE = int(os.environ.get("WORKING_TIME_EXAMPLES", "0"))


def examples(count):
    return settings(
        max_examples=count * (MORE or 1),
        deadline=None,
        database=None,
        derandomize=not MORE,
        suppress_health_check=[HealthCheck.too_slow],
    )


def at(text):
    """A naive UTC moment."""
    return datetime.fromisoformat(text)


# ---------------------------------------------------------------------------------
# The arithmetic alone, in seconds of a short time
# ---------------------------------------------------------------------------------

ORIGIN = datetime(2026, 3, 28, 23)
END = 600
SECOND = timedelta(seconds=1)

ticks = st.integers(0, END)
# sorted by start; they may be empty, touch or overlap
spans = st.lists(st.tuples(ticks, st.integers(0, 90)), max_size=7).map(
    lambda pairs: sorted((start, min(start + size, END)) for start, size in pairs)
)


def moment(tick):
    return ORIGIN + tick * SECOND


def working_time(pairs):
    return WorkingTime([(moment(start), moment(stop)) for start, stop in pairs])


def is_worked(pairs, tick):
    return any(start <= tick < stop for start, stop in pairs)


def counted(pairs, start, stop):
    return sum(is_worked(pairs, tick) for tick in range(start, stop))


def walked(pairs, start, seconds):
    """The tick at whose beginning that many seconds have been worked, or None."""
    for tick in range(start, END + 1):
        if seconds == 0:
            return tick
        seconds -= is_worked(pairs, tick)
    return None


class TestWorkingTimeArithmetic(TransactionCase):
    """Binary search in sorted intervals gives what counting seconds gives."""

    def test_plan(self):
        """Else deadlines are wrong: early alarms, or promises broken unseen."""

        @examples(250)
        @given(spans, ticks, st.integers(1, 300))
        def check(pairs, start, seconds):
            tick = walked(pairs, start, seconds)
            self.assertEqual(
                working_time(pairs).plan(moment(start), seconds / 60),
                None if tick is None else moment(tick),
            )

        check()

    def test_minutes_between(self):
        """Else the reported waiting times are wrong."""

        @examples(250)
        @given(spans, ticks, ticks)
        def check(pairs, start, stop):
            self.assertEqual(
                working_time(pairs).minutes_between(moment(start), moment(stop)),
                counted(pairs, start, stop) / 60,
            )

        check()

    def test_round_trip_from_target(self):
        """Else an answer on the deadline shows more or less than the target."""

        @examples(200)
        @given(spans, ticks, st.integers(1, 300))
        def check(pairs, start, seconds):
            hours = working_time(pairs)
            deadline = hours.plan(moment(start), seconds / 60)
            if deadline is not None:
                self.assertEqual(
                    hours.minutes_between(moment(start), deadline), seconds / 60
                )

        check()

    def test_round_trip_from_stretch(self):
        """Else a deadline planned from a measured time lies elsewhere in the night.

        It is the stretch's own end within working time, else the last moment that was
        still worked.
        """

        @examples(200)
        @given(spans, ticks, ticks)
        def check(pairs, start, stop):
            hours = working_time(pairs)
            minutes = hours.minutes_between(moment(start), moment(stop))
            if minutes == 0:
                return
            worked = [t for t in range(start, stop) if is_worked(pairs, t)]
            self.assertEqual(hours.plan(moment(start), minutes), moment(worked[-1] + 1))

        check()

    def test_monotonic(self):
        """Else a later inquiry, or one with more time, could be due earlier."""

        @examples(200)
        @given(
            spans,
            st.tuples(ticks, ticks).map(sorted),
            st.tuples(st.integers(1, 300), st.integers(1, 300)).map(sorted),
        )
        def check(pairs, starts, targets):
            hours = working_time(pairs)
            early = hours.plan(moment(starts[0]), targets[0] / 60)
            late = hours.plan(moment(starts[1]), targets[1] / 60)
            if late is not None:
                self.assertIsNotNone(early)
                self.assertLessEqual(early, late)

        check()

    def test_splitting(self):
        """Else the parts of a waiting time do not add up to the whole."""

        @examples(200)
        @given(spans, st.tuples(ticks, ticks, ticks).map(sorted))
        def check(pairs, three):
            hours = working_time(pairs)
            first, middle, last = map(moment, three)
            self.assertAlmostEqual(
                hours.minutes_between(first, middle)
                + hours.minutes_between(middle, last),
                hours.minutes_between(first, last),
                places=9,
            )

        check()

    def test_splitting_plan(self):
        """Else a warning at half of the time is not half of the way to the deadline."""

        @examples(200)
        @given(spans, ticks, st.integers(1, 150), st.integers(1, 150))
        def check(pairs, start, first, second):
            hours = working_time(pairs)
            half = hours.plan(moment(start), first / 60)
            whole = hours.plan(moment(start), (first + second) / 60)
            if half is None:
                self.assertIsNone(whole)
            else:
                self.assertEqual(hours.plan(half, second / 60), whole)

        check()

    def test_parts_of_a_second(self):
        """Else 75 % of 7 minutes could be called due before it is."""

        @examples(200)
        @given(spans, ticks, st.floats(0.0001, 5, allow_nan=False))
        def check(pairs, start, minutes):
            hours = working_time(pairs)
            deadline = hours.plan(moment(start), minutes)
            if deadline is not None:
                waited = hours.minutes_between(moment(start), deadline)
                self.assertGreaterEqual(round(waited * 60, 6), round(minutes * 60, 6))
                self.assertLess(waited * 60, minutes * 60 + 1)

        check()

    def test_same_whatever_the_cut(self):
        """Else hours entered in two lines give other deadlines than in one."""

        @examples(150)
        @given(spans, st.sets(ticks, max_size=5), ticks, st.integers(1, 300))
        def check(pairs, cuts, start, seconds):
            pieces = []
            for begin, end in pairs:
                bounds = [begin, *sorted(c for c in cuts if begin < c < end), end]
                pieces += zip(bounds, bounds[1:], strict=False)
            self.assertEqual(
                working_time(sorted(pieces)).plan(moment(start), seconds / 60),
                working_time(pairs).plan(moment(start), seconds / 60),
            )

        check()

    def test_no_time(self):
        """Else a calendar without hours stops the creation of a lead."""
        empty = WorkingTime([])
        self.assertFalse(empty)
        self.assertIsNone(empty.plan(ORIGIN, 1))
        self.assertEqual(empty.minutes_between(ORIGIN, moment(END)), 0)
        self.assertFalse(WorkingTime([(ORIGIN, ORIGIN)]))

    def test_target_must_be_positive(self):
        """Else a target of nothing is due at some moment before the inquiry."""
        for minutes in (0, -1, -0.5):
            with self.assertRaises(ValueError):
                working_time([(0, 60)]).plan(ORIGIN, minutes)

    def test_end_of_day_as_odoo_writes_it(self):
        """Else each midnight costs a night shift a part of a second."""
        midnight = at("2026-01-06 00:00:00")
        hours = WorkingTime(
            [
                (at("2026-01-05 22:00:00"), at("2026-01-05 23:59:59.999999")),
                (midnight, at("2026-01-06 02:00:00")),
            ]
        )
        self.assertEqual(hours.plan(at("2026-01-05 22:00:00"), 120), midnight)
        self.assertEqual(
            hours.plan(at("2026-01-05 22:00:00"), 121), midnight + 60 * SECOND
        )


# ---------------------------------------------------------------------------------
# Calendars of Odoo
# ---------------------------------------------------------------------------------

BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
KOLKATA = "Asia/Kolkata"
LORD_HOWE = "Australia/Lord_Howe"  # its summer time is half an hour

WEEK = range(5)
EVERY_DAY = range(7)
OFFICE = lines(WEEK, ("08:00", "12:00"), ("13:00", "17:00"))
SUNDAY_NIGHT = line(6, "00:00", "06:00")
NIGHTS = [
    *lines(range(6), ("00:00", "05:30"), ("21:15", "24:00")),
    SUNDAY_NIGHT,
    line(6, "20:00", "24:00"),
]
TWO_WEEKS = [
    *lines((0, 1, 2), ("08:00", "12:20"), week=0),
    *[line(day, "12:20", "13:00", week=0, lunch=True) for day in (0, 1, 2)],
    *lines((0, 1, 2), ("13:00", "17:00"), week=0),
    *lines((3, 4, 5), ("14:00", "24:00"), week=1),
    *lines((6,), ("00:00", "06:00"), week=1),
    *lines((6,), ("10:00", "16:00"), week=0),
]
# the days on which something is different, as Mondays to begin two weeks later
MOMENTS = {
    BERLIN: ["2026-03-29", "2026-04-03", "2026-10-25", "2025-12-31", "2028-02-29"],
    NEW_YORK: ["2026-03-08", "2026-11-01", "2026-12-31"],
    KOLKATA: ["2026-03-29", "2025-12-31", "2028-02-29"],
    LORD_HOWE: ["2026-04-05", "2026-10-04", "2026-12-31"],
}
HOLIDAYS = [
    ("2025-12-24 12:00", "2025-12-27 00:00"),
    ("2025-12-31 13:30", "2026-01-02 00:00"),
    ("2026-03-06 10:00", "2026-03-09 10:00"),
    ("2026-03-27 14:00", "2026-03-30 10:00"),
    ("2026-04-03 00:00", "2026-04-04 00:00"),
    ("2026-04-06 00:00", "2026-04-06 23:59:59"),
    ("2026-05-01 00:00", "2026-05-01 23:59:59"),
    ("2026-10-05 08:00", "2026-10-05 12:30"),
    ("2026-10-26 00:00", "2026-10-27 00:00"),
    ("2026-11-02 00:00", "2026-11-02 13:00"),
    ("2028-02-28 15:00", "2028-02-29 09:00"),
]
# A day off until 23:59:59 that borders on work is a case of its own, see
# test_holiday_until_the_last_second.
FULL_HOLIDAYS = [pair for pair in HOLIDAYS if not pair[1].endswith(":59")]

# kept, as they remember the minutes that they have looked at
CLOCKS = {
    "office with holidays": SlowClock(BERLIN, OFFICE, HOLIDAYS),
    "nights": SlowClock(BERLIN, NIGHTS),
    "nights with holidays": SlowClock(BERLIN, NIGHTS, FULL_HOLIDAYS),
    "around the clock": SlowClock(
        BERLIN, lines(EVERY_DAY, ("00:00", "24:00")), FULL_HOLIDAYS
    ),
    "two weeks": SlowClock(BERLIN, TWO_WEEKS, HOLIDAYS),
    "New York": SlowClock(NEW_YORK, [*OFFICE, SUNDAY_NIGHT], HOLIDAYS),
    "New York nights": SlowClock(NEW_YORK, NIGHTS, FULL_HOLIDAYS),
    "Kolkata": SlowClock(KOLKATA, lines(range(6), ("09:30", "18:15")), HOLIDAYS),
    "Lord Howe": SlowClock(LORD_HOWE, [*OFFICE, SUNDAY_NIGHT], HOLIDAYS),
    "Lord Howe two weeks": SlowClock(LORD_HOWE, TWO_WEEKS, FULL_HOLIDAYS),
}


def starts_in(zone):
    """Naive UTC minutes of the weeks around a day on which something is different."""
    return st.builds(
        lambda day, minutes: utc(f"{day} 00:00", zone) + minutes * MINUTE,
        st.sampled_from(MOMENTS[zone]),
        st.one_of(
            st.integers(-9 * 1440, 3 * 1440),
            st.integers(-1440, 2 * 1440),
            st.integers(-12, 84).map(lambda quarters: quarters * 15),
        ),
    )


targets = st.one_of(
    st.integers(1, 600),
    st.integers(1, 6000),
    st.integers(1, 40).map(lambda quarters: quarters * 15),
)

SCOPES = ("calendar", "company", "other company")


def as_text(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def random_sheets(draw):
    """Lines of one or two weeks, with gaps, breaks and lines that touch."""
    sheet = []
    for week in draw(st.sampled_from([(None,), (0, 1)])):
        for day in sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=4))):
            # no bound within the hours that a clock change leaves out or repeats,
            # see test_bounds_within_the_changed_hour
            bounds = st.integers(0, 288).map(lambda five: five * 5)
            if day == 6:
                bounds = bounds.filter(lambda minute: not 60 <= minute < 180)
            cuts = sorted(
                draw(st.lists(bounds, min_size=2, max_size=6, unique=True)),
            )
            for start, stop in zip(cuts, cuts[1:], strict=False):
                kind = draw(st.sampled_from(["work", "work", "gap", "lunch"]))
                if kind != "gap":
                    span = (as_text(start), as_text(stop))
                    sheet.append(line(day, *span, week=week, lunch=kind == "lunch"))
    return sheet


@st.composite
def random_holidays(draw):
    """Days off around the days on which something is different, with their scope.

    They begin and end at times that no clock change touches.
    """
    times = st.sampled_from(["00:00", "06:00", "12:00", "15:35", "22:00"])
    found = []
    for day in sorted(set(draw(st.lists(st.integers(-5, 12), max_size=3)))):
        length = draw(st.integers(0, 2))
        span = (day, draw(times), day + length, draw(times))
        if span[:2] < span[2:]:
            found.append((span, draw(st.sampled_from(SCOPES))))
    return found


class TestCalendarWorkingTime(TransactionCase):
    """Real calendars give what the slow clock gives, minute by minute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # companies of our own: what a database has of holidays is not in the way
        cls.station, cls.other_station = cls.env["res.company"].create(
            [{"name": "Radio Working Time"}, {"name": "Radio Elsewhere"}]
        )
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                allowed_company_ids=[cls.station.id, cls.other_station.id],
            )
        )

    def _calendar(self, clock, **values):
        """The calendar that the clock describes, without its holidays."""
        two_weeks = any(entry["week"] is not None for entry in clock.sheet)
        commands = []
        if two_weeks:
            for week, sequence in ((0, 0), (1, 500)):
                section = {"display_type": "line_section", "week_type": str(week)}
                commands.append({**section, "sequence": sequence})
        for number, entry in enumerate(clock.sheet, 1):
            commands.append(
                {
                    "dayofweek": str(entry["day"]),
                    "hour_from": self._hour(entry["from"]),
                    "hour_to": self._hour(entry["to"]),
                    "day_period": "lunch" if entry["lunch"] else "morning",
                    "week_type": str(entry["week"]) if two_weeks else False,
                    "sequence": number + 500 * (entry["week"] or 0),
                }
            )
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Working time",
                "company_id": self.station.id,
                "tz": clock.zone,
                "two_weeks_calendar": two_weeks,
                "attendance_ids": [
                    Command.create({"name": "Line", **command}) for command in commands
                ],
                **values,
            }
        )
        self.assertEqual(calendar.tz, clock.zone)
        self.assertEqual(len(calendar.attendance_ids), len(commands))
        return calendar

    @staticmethod
    def _hour(text):
        hour, minute = text.split(":")
        return int(hour) + int(minute) / 60

    def _holiday(self, zone, start, stop, calendar=None, company=None, **values):
        """Holiday of a calendar, or of a whole company."""
        company = company or self.station
        leave = (
            self.env["resource.calendar.leaves"]
            .with_company(company)
            .create(
                {
                    "name": "Holiday",
                    "calendar_id": calendar.id if calendar else False,
                    "date_from": utc(start, zone),
                    "date_to": utc(stop, zone),
                    **values,
                }
            )
        )
        self.assertEqual(leave.company_id, company)
        return leave

    def _calendar_with_holidays(self, clock):
        """The calendar that the clock describes, with company-wide holidays."""
        calendar = self._calendar(clock)
        for span in clock.closed:
            self._holiday(clock.zone, *span)
        return calendar

    def _berlin(self, *closed):
        return self._calendar_with_holidays(SlowClock(BERLIN, OFFICE, closed))

    def _forget(self):
        """As in a process that has just started."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _plan(self, calendar, start, minutes):
        return calendar._plan_working_minutes([(start, minutes)])[0]

    def _minutes(self, calendar, start, stop):
        return calendar._get_working_time(start, stop).minutes_between(start, stop)

    # -- against the slow clock --

    def _with_each_calendar(self, check):
        for name, clock in CLOCKS.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                check(clock, self._calendar_with_holidays(clock))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_plan_like_the_clock(self):
        """Else a deadline is wrong somewhere between holidays, nights and zones."""

        def check_calendar(clock, calendar):
            requests = st.tuples(starts_in(clock.zone), targets)

            @examples(20)
            @given(st.lists(requests, min_size=1, max_size=6))
            def check(batch):
                self.assertEqual(
                    calendar._plan_working_minutes(batch),
                    [clock.deadline(*request) for request in batch],
                )

            check()

        self._with_each_calendar(check_calendar)

    def test_minutes_like_the_clock(self):
        """Else a report shows waiting times that nobody waited."""

        def check_calendar(clock, calendar):
            @examples(20)
            @given(starts_in(clock.zone), st.integers(0, 12 * 1440))
            def check(start, length):
                stop = start + length * MINUTE
                expected = clock.minutes_between(start, stop)
                self.assertEqual(self._minutes(calendar, start, stop), expected)
                # the same out of a wider reading, as for a batch of clocks
                wide = calendar._get_working_time(
                    start - timedelta(days=3), stop + timedelta(days=2)
                )
                self.assertEqual(wide.minutes_between(start, stop), expected)

            check()

        self._with_each_calendar(check_calendar)

    def test_random_calendars(self):
        """Else some unusual but valid working hours give wrong deadlines."""

        @examples(40)
        @given(
            st.sampled_from(list(MOMENTS)),
            random_sheets(),
            random_holidays(),
            st.data(),
        )
        def check(zone, sheet, holidays, data):
            first = data.draw(st.sampled_from(MOMENTS[zone]), "around")
            starts = st.integers(-9 * 1440, 5 * 1440).map(
                lambda minutes: utc(f"{first} 00:00", zone) + minutes * MINUTE
            )
            requests = st.tuples(starts, st.integers(1, 900))
            batch = data.draw(st.lists(requests, min_size=1, max_size=4), "batch")
            # nothing is left for the next example, also after a failure
            with self.env.cr.savepoint() as savepoint:
                try:
                    self._check_random(zone, sheet, holidays, at(first), batch)
                finally:
                    savepoint.rollback()
                    self.env.invalidate_all()

        check()

    def _check_random(self, zone, sheet, holidays, first, batch):
        clock = SlowClock(zone, sheet)
        calendar = self._calendar(clock)
        scopes = {
            "calendar": {"calendar": calendar},
            "company": {},
            "other company": {"company": self.other_station},
        }
        for (day, start, last, stop), scope in holidays:
            bounds = tuple(
                f"{first + timedelta(days=number):%Y-%m-%d} {time}"
                for number, time in ((day, start), (last, stop))
            )
            self._holiday(zone, *bounds, **scopes[scope])
            if scope != "other company":
                clock.closed.append(bounds)
        for request, planned in zip(
            batch, calendar._plan_working_minutes(batch), strict=True
        ):
            expected = clock.deadline(*request)
            if expected or not sheet:
                self.assertEqual(planned, expected)
            elif planned:  # the clock did not look that far
                self.assertGreater(planned, request[0] + timedelta(days=LOOK_AHEAD))
        start = batch[0][0]
        stop = start + timedelta(days=9)
        self.assertEqual(
            self._minutes(calendar, start, stop), clock.minutes_between(start, stop)
        )

    def test_batch_like_one_by_one(self):
        """Else an import of leads gives other deadlines than typing them in."""
        calendar = self._calendar_with_holidays(CLOCKS["two weeks"])
        far = st.sampled_from([20_000, 60_000])

        @examples(20)
        @given(
            st.lists(
                st.tuples(starts_in(BERLIN), st.one_of(targets, targets, far)),
                max_size=8,
            )
        )
        def check(batch):
            self.assertEqual(
                calendar._plan_working_minutes(batch),
                [self._plan(calendar, *request) for request in batch],
            )

        check()

    def test_seconds_of_arrival(self):
        """Else an inquiry at 16:59:30 is due before or after its neighbours."""
        clock = CLOCKS["office with holidays"]
        calendar = self._calendar_with_holidays(clock)

        @examples(40)
        @given(starts_in(BERLIN), st.integers(1, 59), targets)
        def check(start, seconds, minutes):
            moment = start + seconds * SECOND
            deadline = self._plan(calendar, moment, minutes)
            # A working minute that is part gone is made up for later.
            part = clock.is_working(start)
            self.assertLessEqual(clock.deadline(start, minutes), deadline)
            self.assertLessEqual(deadline, clock.deadline(start + MINUTE, minutes))
            self.assertEqual(deadline.second, seconds if part else 0)
            self.assertEqual(self._minutes(calendar, moment, deadline), minutes)

        check()

    def test_deadline_of_each_minute_of_a_day(self):
        """Else there is a minute between two others whose deadline jumps."""
        clock = SlowClock(BERLIN, [*OFFICE, SUNDAY_NIGHT])
        calendar = self._calendar(clock)
        for day in ("2026-03-28", "2026-10-24"):
            start = utc(f"{day} 21:00", BERLIN)
            batch = [(start + minute * MINUTE, 90) for minute in range(600)]
            self.assertEqual(
                calendar._plan_working_minutes(batch),
                [clock.deadline(*request) for request in batch],
            )

    # -- examples by hand; Berlin is UTC+1 in winter and UTC+2 in summer --

    def test_within_a_day(self):
        """Else even the plain case is wrong: 09:15 and an hour is 10:15."""
        calendar = self._berlin()
        start = at("2026-01-05 08:15:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-01-05 09:15:00"))

    def test_friday_afternoon(self):
        """Else an inquiry of Friday 16:30 is late before anybody is back.

        The clock goes forward on that weekend: Monday 08:30 is 06:30 UTC.
        """
        calendar = self._berlin()
        start = at("2026-03-27 15:30:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-03-30 06:30:00"))
        self.assertEqual(self._minutes(calendar, start, at("2026-03-30 06:30:00")), 60)

    def test_saturday_night(self):
        """Else nights and weekends count against the back office."""
        calendar = self._berlin()
        for start in ("2026-01-10 22:47:00", "2026-01-11 03:00:00"):
            self.assertEqual(
                self._plan(calendar, at(start), 60), at("2026-01-12 08:00:00")
            )
        self.assertEqual(
            self._minutes(
                calendar, at("2026-01-10 22:47:00"), at("2026-01-12 07:00:00")
            ),
            0,
        )

    def test_lunch_break(self):
        """Else a break counts: 11:45 and 30 minutes is 13:15."""
        calendar = self._berlin()
        start = at("2026-01-05 10:45:00")
        self.assertEqual(self._plan(calendar, start, 15), at("2026-01-05 11:00:00"))
        self.assertEqual(self._plan(calendar, start, 30), at("2026-01-05 12:15:00"))

    def test_lunch_break_as_a_line(self):
        """Else a break that is written down counts as work."""
        sheet = [
            line(0, "08:00", "12:00"),
            line(0, "12:00", "13:00", lunch=True),
            line(0, "13:00", "17:00"),
        ]
        calendar = self._calendar(SlowClock(BERLIN, sheet))
        start = at("2026-01-05 10:45:00")
        self.assertEqual(self._plan(calendar, start, 30), at("2026-01-05 12:15:00"))
        self.assertEqual(
            self._minutes(
                calendar, at("2026-01-05 00:00:00"), at("2026-01-06 00:00:00")
            ),
            480,
        )

    def test_end_of_the_day(self):
        """Else 16:00 and an hour is next morning, and nobody is warned in time."""
        calendar = self._berlin()
        start = at("2026-01-05 15:00:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-01-05 16:00:00"))
        self.assertEqual(self._plan(calendar, start, 61), at("2026-01-06 07:01:00"))

    def test_bounds_of_the_day(self):
        """Else what arrives as the office opens or closes is off by a day."""
        calendar = self._berlin()
        for start, expected in {
            "2026-01-05 07:00:00": "2026-01-05 07:01:00",  # opens
            "2026-01-05 06:59:59": "2026-01-05 07:01:00",
            "2026-01-05 16:00:00": "2026-01-06 07:01:00",  # closes
            "2026-01-05 15:59:59": "2026-01-06 07:00:59",
        }.items():
            self.assertEqual(self._plan(calendar, at(start), 1), at(expected))

    def test_before_a_holiday(self):
        """Else a holiday counts as if somebody was there.

        Thursday 30 April 16:30, Friday is Labour Day, so it is due on Monday 08:30.
        """
        calendar = self._berlin(("2026-05-01 00:00", "2026-05-01 23:59:59"))
        start = at("2026-04-30 14:30:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-05-04 06:30:00"))

    def test_holiday_of_the_calendar(self):
        """Else days off that one department has are forgotten, or close all others."""
        office, studio = self._berlin(), self._berlin()
        self._holiday(BERLIN, "2026-05-01 00:00", "2026-05-02 00:00", calendar=office)
        start = at("2026-04-30 14:30:00")
        self.assertEqual(self._plan(office, start, 60), at("2026-05-04 06:30:00"))
        self.assertEqual(self._plan(studio, start, 60), at("2026-05-01 06:30:00"))

    def test_half_a_holiday(self):
        """Else Christmas Eve is worked all day, or not at all."""
        calendar = self._berlin(
            ("2026-12-24 12:00", "2026-12-26 23:59:59"),
        )
        start = at("2026-12-24 10:30:00")  # Thursday 11:30
        self.assertEqual(self._plan(calendar, start, 30), at("2026-12-24 11:00:00"))
        self.assertEqual(self._plan(calendar, start, 31), at("2026-12-28 07:01:00"))

    def test_holiday_within_a_line(self):
        """Else an hour off in the middle of the morning is counted or doubled."""
        calendar = self._berlin(
            ("2026-01-05 09:00", "2026-01-05 10:00"),
            ("2026-01-05 09:30", "2026-01-05 10:30"),  # they overlap
        )
        start = at("2026-01-05 07:30:00")
        self.assertEqual(self._plan(calendar, start, 30), at("2026-01-05 08:00:00"))
        self.assertEqual(self._plan(calendar, start, 60), at("2026-01-05 10:00:00"))

    def test_arrival_on_a_holiday(self):
        """Else an inquiry of Easter Monday is late on Tuesday at 09:00."""
        calendar = self._berlin(("2026-04-06 00:00", "2026-04-06 23:59:59"))
        start = at("2026-04-06 09:00:00")
        self.assertEqual(self._plan(calendar, start, 90), at("2026-04-07 07:30:00"))

    def test_holiday_of_another_company(self):
        """Else a holiday of the station in Austria delays all answers in Germany."""
        calendar = self._berlin()
        self._holiday(
            BERLIN,
            "2026-05-01 00:00",
            "2026-05-02 00:00",
            company=self.other_station,
        )
        start = at("2026-04-30 14:30:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-05-01 06:30:00"))
        self.assertEqual(self._minutes(calendar, start, at("2026-05-01 06:30:00")), 60)

    def test_no_holiday_of_the_company(self):
        """Else one person's vacation, or a training, closes the whole station."""
        calendar = self._berlin()
        person = self.env["resource.resource"].create(
            {
                "name": "Anna",
                "company_id": self.station.id,
                "calendar_id": calendar.id,
                "tz": BERLIN,
            }
        )
        day = ("2026-01-05 00:00", "2026-01-06 00:00")
        self._holiday(BERLIN, *day, calendar=calendar, resource_id=person.id)
        self._holiday(BERLIN, *day, time_type="other")
        self._holiday(BERLIN, *day, calendar=calendar, time_type="other")
        start = at("2026-01-05 07:00:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-01-05 08:00:00"))

    def test_same_for_each_user(self):
        """Else a deadline depends on who saves the lead, and from where."""
        calendar = self._berlin(("2026-05-01 00:00", "2026-05-01 23:59:59"))
        user = new_test_user(
            self.env,
            "radio_working_time",
            groups="sales_team.group_sale_salesman",
            company_id=self.station.id,
            company_ids=[Command.set(self.station.ids)],
            tz="Pacific/Auckland",
        )
        start = at("2026-04-30 14:30:00")
        for other in (
            calendar.with_user(user).with_context(allowed_company_ids=self.station.ids),
            calendar.with_context(tz="America/Los_Angeles", lang="en_US"),
            calendar.with_company(self.other_station),
        ):
            self._forget()
            self.assertEqual(self._plan(other, start, 60), at("2026-05-04 06:30:00"))

    def test_sunday_the_clock_goes_forward(self):
        """Else a night shift owes an hour that did not exist.

        00:00 to 06:00 are five hours on 29 March 2026.
        """
        calendar = self._calendar(SlowClock(BERLIN, [SUNDAY_NIGHT]))
        saturday = at("2026-03-28 12:00:00")
        for minutes, expected in {
            60: "2026-03-29 00:00:00",
            120: "2026-03-29 01:00:00",  # 02:00, which is 03:00
            121: "2026-03-29 01:01:00",  # 03:01
            300: "2026-03-29 04:00:00",  # 06:00
            301: "2026-04-04 22:01:00",  # a week later, in summer time
        }.items():
            self.assertEqual(self._plan(calendar, saturday, minutes), at(expected))
        self.assertEqual(
            self._minutes(calendar, saturday, at("2026-03-30 00:00:00")), 300
        )

    def test_sunday_the_clock_goes_back(self):
        """Else a night shift is given an hour less than it works.

        00:00 to 06:00 are seven hours on 25 October 2026.
        """
        calendar = self._calendar(SlowClock(BERLIN, [SUNDAY_NIGHT]))
        saturday = at("2026-10-24 12:00:00")
        for minutes, expected in {
            120: "2026-10-25 00:00:00",  # 02:00 in summer time
            180: "2026-10-25 01:00:00",  # 02:00 again
            420: "2026-10-25 05:00:00",  # 06:00
            421: "2026-10-31 23:01:00",  # a week later, in winter time
        }.items():
            self.assertEqual(self._plan(calendar, saturday, minutes), at(expected))
        self.assertEqual(
            self._minutes(calendar, saturday, at("2026-10-26 00:00:00")), 420
        )

    def test_half_an_hour_of_summer_time(self):
        """Else a zone that moves its clock by 30 minutes is 30 minutes wrong."""
        calendar = self._calendar(SlowClock(LORD_HOWE, [SUNDAY_NIGHT]))
        for saturday, minutes, end in (
            ("2026-04-04 10:00:00", 390, "2026-04-04 19:30:00"),
            ("2026-10-03 10:00:00", 330, "2026-10-03 19:00:00"),
        ):
            self.assertEqual(self._plan(calendar, at(saturday), minutes), at(end))
            self.assertEqual(
                self._minutes(calendar, at(saturday), at(end) + timedelta(days=1)),
                minutes,
            )

    def test_clock_change_at_midnight(self):
        """Else zones whose day begins at 01:00 lose their first hours.

        In Egypt Friday 24 April 2026 has no 00:00 to 01:00, and Thursday 29 October
        has its last hour twice.
        """
        calendar = self._calendar(
            SlowClock("Africa/Cairo", [line(4, "00:00", "08:00")])
        )
        start = at("2026-04-23 12:00:00")
        self.assertEqual(self._plan(calendar, start, 420), at("2026-04-24 05:00:00"))
        self.assertEqual(self._plan(calendar, start, 421), at("2026-04-30 21:01:00"))
        calendar = self._calendar(
            SlowClock("Africa/Cairo", [line(3, "20:00", "24:00")])
        )
        start = at("2026-10-29 10:00:00")
        self.assertEqual(self._plan(calendar, start, 300), at("2026-10-29 22:00:00"))

    def test_other_zones(self):
        """Else an office abroad gets the deadlines of Berlin."""
        friday = "2026-11-06 16:30"
        for zone, expected in {
            NEW_YORK: "2026-11-09 13:30:00",
            KOLKATA: "2026-11-09 03:00:00",
            LORD_HOWE: "2026-11-08 21:30:00",
        }.items():
            calendar = self._calendar(SlowClock(zone, OFFICE))
            start = utc(friday, zone)
            self.assertEqual(self._plan(calendar, start, 60), at(expected))

    def test_across_midnight(self):
        """Else a shift from Monday 22:00 to Tuesday 02:00 breaks at midnight."""
        sheet = [line(0, "22:00", "24:00"), line(1, "00:00", "02:00")]
        calendar = self._calendar(SlowClock(KOLKATA, sheet))
        start = at("2026-01-05 16:30:00")
        for minutes, expected in {
            119: "2026-01-05 18:29:00",
            120: "2026-01-05 18:30:00",  # midnight, to the second
            121: "2026-01-05 18:31:00",
            240: "2026-01-05 20:30:00",
            241: "2026-01-12 16:31:00",
        }.items():
            self.assertEqual(self._plan(calendar, start, minutes), at(expected))
        self.assertEqual(self._minutes(calendar, start, at("2026-01-06 12:00:00")), 240)

    def test_until_midnight_only(self):
        """Else an evening shift ends a part of a second before midnight."""
        calendar = self._calendar(SlowClock(BERLIN, [line(0, "18:00", "24:00")]))
        start = at("2026-01-05 22:00:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-01-05 23:00:00"))
        self.assertEqual(self._plan(calendar, start, 61), at("2026-01-12 17:01:00"))

    def test_two_weeks(self):
        """Else first and second week are swapped, most of all around a week 53.

        The weeks of 28 December 2026 (ISO week 53) and 4 January 2027 (ISO week 1)
        have both an odd number, yet they are a second and a first week.
        """
        sheet = [line(0, "08:00", "12:00", week=0), line(0, "13:00", "17:00", week=1)]
        calendar = self._calendar(SlowClock(BERLIN, sheet))
        start = at("2026-12-19 12:00:00")
        self.assertEqual(
            calendar._plan_working_minutes([(start, 240 * n) for n in range(1, 6)]),
            [
                at("2026-12-21 11:00:00"),  # first
                at("2026-12-28 16:00:00"),  # second
                at("2027-01-04 11:00:00"),  # first
                at("2027-01-11 16:00:00"),  # second
                at("2027-01-18 11:00:00"),  # first
            ],
        )

    def test_leap_day(self):
        """Else 29 February 2028, a Tuesday, is skipped or worked twice."""
        calendar = self._berlin()
        start = at("2028-02-28 15:30:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2028-02-29 07:30:00"))
        self.assertEqual(self._plan(calendar, start, 540), at("2028-03-01 07:30:00"))

    def test_year_end(self):
        """Else an inquiry of New Year's Eve is late before the new year's first day."""
        calendar = self._berlin(("2026-01-01 00:00", "2026-01-01 23:59:59"))
        start = at("2025-12-31 15:30:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-01-02 07:30:00"))

    def test_far_target(self):
        """Else a generous target, or weeks of holidays, leave no deadline at all."""
        calendar = self._berlin()
        start = at("2026-01-05 07:00:00")
        self.assertEqual(
            calendar._plan_working_minutes(
                [
                    (start, 10 * 480),  # the last minute of two weeks
                    (start, 10 * 480 + 1),
                    (start, 60 * 480),  # twelve weeks
                    (start, 60 * 480 + 1),  # summer time
                    (start, 500 * 480),  # a hundred weeks
                    (start, 550 * 480),  # more than two years
                ]
            ),
            [
                at("2026-01-16 16:00:00"),
                at("2026-01-19 07:01:00"),
                at("2026-03-27 16:00:00"),
                at("2026-03-30 06:01:00"),
                at("2027-12-03 16:00:00"),
                None,
            ],
        )

    def test_long_closure(self):
        """Else a station that is closed for all of July has no deadlines in July."""
        calendar = self._berlin(("2026-07-01 00:00", "2026-07-31 23:59:59"))
        start = at("2026-06-30 14:30:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-08-03 06:30:00"))

    def test_rare_hours(self):
        """Else hours of one minute a week are overlooked."""
        calendar = self._calendar(SlowClock(BERLIN, [line(2, "23:59", "24:00")]))
        start = at("2026-01-05 07:00:00")
        self.assertEqual(self._plan(calendar, start, 1), at("2026-01-07 23:00:00"))
        self.assertEqual(self._plan(calendar, start, 13), at("2026-04-01 22:00:00"))

    def test_empty_calendar(self):
        """Else a lead cannot be saved because a calendar has no line."""
        calendar = self._calendar(SlowClock(BERLIN, []))
        start = at("2026-01-05 07:00:00")
        self.assertIsNone(self._plan(calendar, start, 60))
        self.assertEqual(self._minutes(calendar, start, at("2026-02-05 07:00:00")), 0)
        self.assertFalse(calendar._has_working_time())

    def test_breaks_only(self):
        """Else a calendar of breaks promises deadlines."""
        sheet = [line(0, "12:00", "13:00", lunch=True)]
        calendar = self._calendar(SlowClock(BERLIN, sheet))
        self.assertIsNone(self._plan(calendar, at("2026-01-05 07:00:00"), 60))
        self.assertFalse(calendar._has_working_time())

    def test_flexible_calendar(self):
        """Else hours that nobody keeps become deadlines, centred around noon."""
        calendar = self._calendar(SlowClock(BERLIN, OFFICE), schedule_type="flexible")
        start = at("2026-01-05 07:00:00")
        self.assertEqual(
            calendar._plan_working_minutes([(start, 60), (start, 1)]), [None, None]
        )
        self.assertEqual(self._minutes(calendar, start, at("2026-02-05 07:00:00")), 0)
        self.assertFalse(calendar._has_working_time())

    def test_has_working_time(self):
        """Else a usable calendar is refused, or one that is always closed is taken."""
        calendar = self._calendar(SlowClock(BERLIN, [line(2, "23:59", "24:00")]))
        self.assertTrue(calendar._has_working_time())
        now = self.env.cr.now()
        self._holiday(
            "UTC",
            f"{now - timedelta(days=2):%Y-%m-%d %H:%M}",
            f"{now + timedelta(days=400):%Y-%m-%d %H:%M}",
        )
        self.assertFalse(calendar._has_working_time())

    def test_no_requests(self):
        """Else saving no lead at all fails."""
        self.assertEqual(self._berlin()._plan_working_minutes([]), [])

    def test_mixed_batch(self):
        """Else old and new, near and far inquiries disturb each other in a batch."""
        calendar = self._berlin(("2026-05-01 00:00", "2026-05-01 23:59:59"))
        batch = [
            (at("2026-04-30 14:30:00"), 60),
            (at("2024-02-29 15:30:00"), 60),
            (at("2026-10-24 20:00:00"), 9 * 480),
            (at("2026-01-05 15:00:00"), 61),
            (at("2026-04-30 14:30:00"), 60 * 480),
            (at("2026-04-30 14:30:00"), 60),
        ]
        expected = [
            at("2026-05-04 06:30:00"),
            at("2024-03-01 07:30:00"),
            at("2026-11-05 16:00:00"),
            at("2026-01-06 07:01:00"),
            at("2026-07-24 14:30:00"),
            at("2026-05-04 06:30:00"),
        ]
        self.assertEqual(calendar._plan_working_minutes(batch), expected)
        self.assertEqual(
            [self._plan(calendar, *request) for request in batch], expected
        )
        self.assertEqual(calendar._plan_working_minutes(batch[::-1]), expected[::-1])

    # -- what is kept is forgotten in time --

    def test_changes_count_at_once(self):
        """Else yesterday's hours and holidays hold until Odoo is restarted.

        The inquiry is of Thursday 30 April 2026, 16:30, and due in an hour.
        """
        calendar = self._berlin()
        start = at("2026-04-30 14:30:00")
        friday, monday = at("2026-05-01 06:30:00"), at("2026-05-04 06:30:00")

        def due(expected, step):
            self.assertEqual(self._plan(calendar, start, 60), expected, step)

        due(friday, "no holiday yet")
        holiday = self._holiday(BERLIN, "2026-05-01 00:00", "2026-05-02 00:00")
        due(monday, "a holiday is added")
        holiday.time_type = "other"
        due(friday, "it is no time off")
        holiday.time_type = "leave"
        due(monday, "it is time off again")
        holiday.date_to = at("2026-05-01 08:00:00")
        due(at("2026-05-01 08:30:00"), "it ends at 10:00")
        holiday.date_to = at("2026-05-01 22:00:00")
        due(monday, "it lasts all day")
        person = self.env["resource.resource"].create(
            {"name": "Anna", "company_id": self.station.id, "tz": BERLIN}
        )
        holiday.resource_id = person
        due(friday, "it is a person's vacation")
        holiday.resource_id = False
        holiday.calendar_id = calendar
        due(monday, "it is the calendar's")
        holiday.calendar_id = self.other_station.resource_calendar_id
        due(friday, "it is another company's")
        holiday.calendar_id = calendar
        due(monday, "it is the calendar's again")
        holiday.unlink()
        due(friday, "it is deleted")

        fridays = calendar.attendance_ids.filtered(lambda a: a.dayofweek == "4")
        fridays[0].hour_from = 9
        due(at("2026-05-01 07:30:00"), "Friday begins at 09:00")
        fridays[0].unlink()
        due(at("2026-05-01 11:30:00"), "Friday begins at 13:00")
        self.env["resource.calendar.attendance"].create(
            {
                "name": "Evening",
                "calendar_id": calendar.id,
                "dayofweek": "3",
                "hour_from": 17,
                "hour_to": 20,
            }
        )
        due(at("2026-04-30 15:30:00"), "Thursday has an evening")
        calendar.tz = NEW_YORK
        due(at("2026-04-30 15:30:00"), "it is 10:30 in New York")
        evening = at("2026-05-01 00:30:00")  # 20:30 on Thursday there
        self.assertEqual(self._plan(calendar, evening, 60), at("2026-05-01 18:00:00"))
        calendar.schedule_type = "flexible"
        due(None, "hours are flexible")
        calendar.schedule_type = "fully_fixed"
        due(at("2026-04-30 15:30:00"), "hours are fixed")
        calendar.attendance_ids = [Command.clear()]
        due(None, "no hours at all")

    def test_change_of_weeks(self):
        """Else a calendar that becomes one of two weeks keeps its old hours."""
        calendar = self._calendar(SlowClock(BERLIN, [line(0, "08:00", "12:00")]))
        start = at("2026-01-05 07:00:00")
        self.assertEqual(self._plan(calendar, start, 300), at("2026-01-12 08:00:00"))
        calendar.attendance_ids.week_type = "0"
        calendar.two_weeks_calendar = True
        self.assertEqual(self._plan(calendar, start, 300), at("2026-01-19 08:00:00"))

    # -- the limits of core's calendars, which ours are --

    def test_bounds_within_the_changed_hour(self):
        """Else a known limit has changed: check what is promised to night shifts.

        Core takes an hour that exists twice for its second one, and keeps winter time
        in an hour that does not exist. A line that begins or ends within the changed
        hour of those two Sundays is so up to an hour longer or shorter than by the
        clock on the wall. Two lines that touch there are right together.
        """
        for start, stop, spring, autumn in (
            # as core counts, by the clock it is 120 and 120
            ("00:00", "02:00", 120, 180),
            ("02:00", "06:00", 180, 240),  # 180 and 300
            ("00:00", "02:30", 150, 210),  # 120 and 180
            ("02:30", "06:00", 150, 210),  # 180 and 240
            ("00:00", "03:00", 120, 240),  # the same
            ("03:00", "06:00", 180, 180),  # the same
        ):
            calendar = self._calendar(SlowClock(BERLIN, [line(6, start, stop)]))
            for day, minutes in (("2026-03-28", spring), ("2026-10-24", autumn)):
                noon = at(f"{day} 12:00:00")
                with self.subTest(f"{start} to {stop} after {day}"):
                    self.assertEqual(
                        self._minutes(calendar, noon, noon + timedelta(days=1)),
                        minutes,
                    )

    def test_calendar_without_company(self):
        """Else hours that all companies share are closed on the holidays of others.

        They keep those of the main company.
        """
        calendar = self._calendar(SlowClock(BERLIN, OFFICE), company_id=False)
        main = self.env.ref("base.main_company")
        self._holiday(BERLIN, "2026-01-05 00:00", "2026-01-06 00:00", company=main)
        self._holiday(
            BERLIN, "2026-01-06 00:00", "2026-01-07 00:00", company=self.other_station
        )
        start = at("2026-01-05 07:00:00")
        self.assertEqual(self._plan(calendar, start, 60), at("2026-01-06 08:00:00"))

    # -- edges at which deadlines were found to be wrong --

    def test_holiday_until_the_last_second(self):
        """Else a holiday as Odoo proposes it, until 23:59:59, has a second of work.

        Only hours that go on through midnight can show it.
        """
        calendar = self._calendar(
            SlowClock(BERLIN, lines(EVERY_DAY, ("00:00", "24:00")))
        )
        self._holiday(BERLIN, "2026-05-01 00:00", "2026-05-01 23:59:59")
        noon = at("2026-05-01 10:00:00")
        midnight = at("2026-05-01 22:00:00")
        self.assertEqual(self._minutes(calendar, noon, midnight), 0)
        self.assertEqual(self._plan(calendar, noon, 60), midnight + 60 * MINUTE)

    def test_two_years_in_a_batch(self):
        """Else whether there is a deadline depends on who else is in the batch."""
        calendar = self._berlin()
        far = (at("2026-01-05 07:00:00"), 550 * 480)  # 110 weeks
        near = (at("2028-06-05 06:00:00"), 60)
        self.assertEqual(
            calendar._plan_working_minutes([far, near]),
            [self._plan(calendar, *far), self._plan(calendar, *near)],
        )

    # -- speed, in queries --

    def _queries(self, calendar, requests):
        self._forget()
        before = self.env.cr.sql_log_count
        calendar._plan_working_minutes(requests)
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        """Else an import of a thousand leads takes minutes."""
        calendar = self._berlin(*HOLIDAYS)
        start = at("2026-03-27 07:00:00")  # holidays are near
        self._queries(calendar, [(start, 60)])  # warm
        for targets_of_batch in ((60,), (60, 60 * 480), (60, 60 * 480, 550 * 480)):
            # few days, so that both read the same holidays
            one_each = [(start, minutes) for minutes in targets_of_batch]
            many = [
                (start + number * 5 * MINUTE, minutes)
                for number in range(1000 // len(targets_of_batch))
                for minutes in targets_of_batch
            ]
            with self.subTest(targets=targets_of_batch):
                alone = self._queries(calendar, one_each)
                self.assertGreater(alone, 0)
                self.assertEqual(self._queries(calendar, many), alone)

    def test_queries_of_measuring(self):
        """Else a report over a thousand inquiries reads the calendar as often."""
        calendar = self._berlin(*HOLIDAYS)
        start = at("2026-01-05 07:00:00")
        hours = calendar._get_working_time(start, start + timedelta(days=90))
        with self.assertQueryCount(0):
            for number in range(1000):
                hours.minutes_between(start, start + number * 97 * MINUTE)

    def test_no_query_twice(self):
        """Else each incoming mail reads the calendar anew."""
        calendar = self._berlin(*HOLIDAYS)
        request = (at("2026-03-27 07:00:00"), 60)
        calendar._plan_working_minutes([request])
        with self.assertQueryCount(0):
            calendar._plan_working_minutes([request])


class TestForgottenInTime(ResponseCase):
    def test_deleted_while_a_deadline_is_pending(self):
        """Else a deleted holiday still delays answers until Odoo is restarted.

        Deleting a record first computes what is pending. That reads the calendar
        with the holiday that is about to go, and must not be kept.
        """
        start = at("2026-04-30 14:30:00")  # 16:30, until 17:00 are 30 minutes
        holiday = self.env["resource.calendar.leaves"].create(
            {
                "name": "Labour Day",
                "calendar_id": self.calendar.id,
                "date_from": at("2026-04-30 22:00:00"),
                "date_to": at("2026-05-01 22:00:00"),
            }
        )
        clock = self.inquiry().sla_clock_ids
        self.env.flush_all()
        clock.write({"started_at": start, "target_minutes": 60})
        holiday.unlink()
        self.assertEqual(
            self.calendar._plan_working_minutes([(start, 60)]),
            [at("2026-05-01 07:30:00")],
        )
