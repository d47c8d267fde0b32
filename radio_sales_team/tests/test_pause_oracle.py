"""Deadlines with pauses, against a clock that is counted minute by minute.

A wrong minute here is an inquiry that is late without anyone seeing it.
"""

from datetime import timedelta

import pytz
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import NOW, ResponseCase

BERLIN = pytz.timezone("Europe/Berlin")
MINUTE = timedelta(minutes=1)


def works(moment):
    """Monday to Friday, nine to five in Berlin; the station of the tests."""
    local = pytz.utc.localize(moment).astimezone(BERLIN)
    return local.weekday() < 5 and 9 <= local.hour < 17


def slow_deadline(start, target, pauses):
    """Count every minute that is worked and not paused."""
    moment, left = start, target
    while left:
        paused = any(begin <= moment < end for begin, end in pauses)
        left -= works(moment) and not paused
        moment += MINUTE
    return moment


def slow_minutes(start, stop, pauses):
    """Working minutes and paused working minutes between two moments."""
    worked = paused = 0
    moment = start
    while moment < stop:
        if works(moment):
            if any(begin <= moment < end for begin, end in pauses):
                paused += 1
            else:
                worked += 1
        moment += MINUTE
    return worked, paused


spans = st.lists(
    st.tuples(st.integers(0, 900), st.integers(1, 3000)), min_size=0, max_size=3
)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPauseOracle(ResponseCase):
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
    )
    @given(
        spans=spans,
        target=st.integers(1, 900),
        begin=st.integers(0, 6000),
        waited=st.integers(1, 9000),
    )
    def test_deadline_and_waited(self, spans, target, begin, waited):
        start = NOW - timedelta(minutes=6000) + timedelta(minutes=begin)
        pauses, moment = [], start
        for gap, length in spans:
            pause = (moment + gap * MINUTE, moment + (gap + length) * MINUTE)
            pauses.append(pause)
            moment = pause[1]
        with self.cr.savepoint() as savepoint:
            lead = self.inquiry(received_at=start)
            clock = lead.sla_clock_ids
            self.env["radio.sla.pause"].create(
                [
                    {"clock_id": clock.id, "paused_at": begin, "ended_at": end}
                    for begin, end in pauses
                ]
            )
            clock.target_minutes = target
            expected = slow_deadline(start, target, pauses)
            # a pause that begins after the deadline changes nothing; where it begins
            # in the minute after the last, both are right: the work was done
            self.assertEqual(
                slow_minutes(start, clock.deadline, pauses)[0],
                target,
                (start, target, pauses),
            )
            self.assertLessEqual(clock.deadline, expected)
            stop = start + waited * MINUTE
            with freeze_time(stop + MINUTE):
                self.env["radio.contact.attempt"].create(
                    {"lead_id": lead.id, "attempted_at": stop, "channel": "phone"}
                )
                self.env.flush_all()
            worked, paused = slow_minutes(start, stop, pauses)
            self.assertEqual(
                (clock.working_minutes, clock.paused_minutes), (worked, paused)
            )
            savepoint.rollback()
            self.env.invalidate_all()
