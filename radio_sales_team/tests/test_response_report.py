"""The figures of the reports, each against one that is counted by hand on a random
history: minute by minute, with Python's own statistics."""

import random
import statistics
from collections import defaultdict
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW, ResponseCase
from .test_pause_oracle import BERLIN, MINUTE, pytz, slow_deadline, slow_minutes

CHANNELS = ["email", "website", "other"]
AGGREGATES = [
    "__count",
    "in_time_rate:avg",
    "working_minutes:avg",
    "working_median:median",
    "working_p90:p90",
    "wall_minutes:avg",
    "wall_median:median",
    "wall_p90:p90",
    "pause_share:avg",
]


def mean(values):
    values = [value for value in values if value is not None]
    return statistics.fmean(values) if values else None


def expected_figures(rows):
    """The aggregates of rows, by the book."""
    working = [row["working"] for row in rows]
    wall = [row["wall"] for row in rows]
    paused = sum(row["paused"] for row in rows)
    whole = paused + sum(working)

    def p90(values):
        if len(values) == 1:
            return values[0]
        return statistics.quantiles(values, n=10, method="inclusive")[8]

    return [
        len(rows),
        mean([row["in_time"] for row in rows]),
        statistics.fmean(working),
        statistics.median(working),
        p90(working),
        statistics.fmean(wall),
        statistics.median(wall),
        p90(wall),
        100 * paused / whole if whole else None,
    ]


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestResponseReport(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.response_group_size = 1
        cls.report = cls.env["radio.response.report"].with_user(cls.manager)
        cls.wins = cls.env["radio.win.report"].with_user(cls.manager)

    def _answer(self, lead, moment, **vals):
        self.env["radio.contact.attempt"].create(
            {"lead_id": lead.id, "attempted_at": moment, "channel": "phone", **vals}
        )

    def _build(self, dice):
        """An inquiry with a random fate, and what the report has to say about it."""
        start = NOW - dice.randint(1, 8000) * MINUTE
        channel = dice.choice(CHANNELS)
        lead = self.inquiry(received_at=start, inquiry_channel=channel)
        pauses = []
        if dice.random() < 0.3:
            begin = start + dice.randint(0, 50) * MINUTE
            pauses = [(begin, begin + dice.randint(1, 3000) * MINUTE)]
            self.env["radio.sla.pause"].create(
                {
                    "clock_id": lead.sla_clock_ids.id,
                    "paused_at": pauses[0][0],
                    "ended_at": pauses[0][1],
                }
            )
        fate = dice.choice(["answered", "answered", "answered", "open", "closed"])
        end = min(NOW, start + dice.choice([30, 90, 2000, 5000]) * MINUTE)
        if fate == "answered":
            self._answer(lead, end)
        elif fate == "closed":
            with freeze_time(end):
                lead.action_set_lost()
                self.env.flush_all()
        else:
            end = NOW
        late = end > slow_deadline(start, 60, pauses)
        result = {
            "answered": "late" if late else "in_time",
            "closed": "never",
            "open": "never" if late else "waiting",
        }[fate]
        worked, paused = slow_minutes(start, end, pauses)
        local = pytz.utc.localize(start).astimezone(BERLIN)
        return lead, {
            "result": result,
            "in_time": {"in_time": 100, "waiting": None}.get(result, 0),
            "working": worked,
            "paused": paused,
            "wall": (end - start).total_seconds() / 60,
            "weekday": str(local.isoweekday()),
            "hour": f"{local.hour:02}",
            "inquiry_channel": channel,
        }

    def _build_history(self, seed, size):
        dice = random.Random(seed)
        history = dict(self._build(dice) for _number in range(size))
        self.assertEqual(
            {row["result"] for row in history.values()},
            {"in_time", "late", "never", "waiting"},
            "a history with all that can happen",
        )
        domain = [("lead_number", "in", [lead.id for lead in history])]
        return {lead.id: row for lead, row in history.items()}, domain

    def test_each_row(self):
        history, domain = self._build_history(1, 60)
        rows = self.report.search(domain)
        self.assertEqual(sorted(rows.mapped("lead_number")), sorted(history))
        for row in rows:
            expected = history[row.lead_number]
            self.assertEqual(
                (row.result, row.weekday, row.hour, row.inquiry_channel),
                tuple(
                    expected[name]
                    for name in ("result", "weekday", "hour", "inquiry_channel")
                ),
            )
            self.assertAlmostEqual(row.working_minutes, expected["working"])
            self.assertAlmostEqual(row.paused_minutes, expected["paused"])
            self.assertAlmostEqual(row.wall_minutes, expected["wall"])
            clock = self.env["radio.sla.clock"].browse(row.id)
            if clock.state != "cancelled":
                self.assertEqual(
                    clock.is_late, row.result in ("late", "never"), "one late"
                )

    def test_figures(self):
        """Pivot, graph and list ask by grouping sets, and by groups."""
        history, domain = self._build_history(2, 60)
        sets = [[], ["weekday"], ["hour"], ["weekday", "hour"], ["inquiry_channel"]]
        answers = self.report.formatted_read_grouping_sets(domain, sets, AGGREGATES)
        for names, groups in zip(sets, answers, strict=True):
            expected = defaultdict(list)
            for row in history.values():
                expected[tuple(row[name] for name in names)].append(row)
            self.assertEqual(len(groups), len(expected))
            for group in groups:
                figures = expected_figures(expected[tuple(map(group.get, names))])
                for name, figure in zip(AGGREGATES, figures, strict=True):
                    if figure is None:
                        self.assertFalse(group[name])
                    else:
                        self.assertAlmostEqual(group[name], figure, 6, (names, name))
        groups = self.report.web_read_group(domain, ["weekday"], AGGREGATES)["groups"]
        self.assertEqual(
            [group["working_median:median"] for group in groups],
            [group["working_median:median"] for group in answers[1]],
        )
        for name, aggregator in (("working_median", "median"), ("wall_p90", "p90")):
            description = self.report.fields_get([name])[name]
            self.assertEqual(description["aggregator"], aggregator)

    def test_nothing(self):
        nothing = [("lead_number", "=", -1)]
        self.assertFalse(self.report.search(nothing))
        self.report.formatted_read_grouping_sets(nothing, [[], ["hour"]], AGGREGATES)
        self.report.formatted_read_group(nothing, [], AGGREGATES)

    def test_what_was_no_promise(self):
        """The same as the clock's own methods say."""
        kind = self.env["radio.no.inquiry.kind"].create({"name": "Spam"})
        spam, unset, waived, open_one = (
            self.inquiry(received_at=NOW - 500 * MINUTE) for _number in range(4)
        )
        spam.no_inquiry_kind_id = kind
        unset.is_inquiry = False
        waived.sla_clock_ids.waived_at = NOW
        leads = spam | unset | waived | open_one
        clocks = leads.sla_clock_ids
        rows = self.report.search([("lead_number", "in", leads.ids)])
        self.assertEqual(rows.mapped("lead_number"), open_one.ids)
        self.assertEqual(
            rows.ids,
            clocks.filtered(lambda one: not one.waived_at and not one._is_void()).ids,
        )

    def test_bands_on_both_sides(self):
        start = NOW.replace(day=12, hour=8, minute=0)  # Monday 09:00 in Berlin
        bands = {}
        for minutes, band in (
            *((0, "1_quarter"), (15, "1_quarter"), (16, "2_hour"), (60, "2_hour")),
            *((61, "3_half"), (240, "3_half"), (241, "4_day"), (480, "4_day")),
            *((481, "5_later"), (None, "6_never")),
        ):
            lead = self.inquiry(received_at=start)
            if minutes is not None:
                night = timedelta(hours=16) if minutes > 480 else timedelta()
                self._answer(lead, start + minutes * MINUTE + night)
            bands[lead.id] = band
        rows = self.wins.search([("lead_number", "in", list(bands))])
        self.assertEqual({row.lead_number: row.band for row in rows}, bands)

    def test_win_rate_and_revenue(self):
        dice = random.Random(3)
        expected = defaultdict(list)
        leads = self.env["crm.lead"]
        for _number in range(40):
            lead = self.inquiry(received_at=NOW - 2000 * MINUTE)
            quick = dice.random() < 0.5
            if quick:
                self._answer(lead, lead.received_at + 10 * MINUTE)
            lead.expected_revenue = amount = dice.randint(1, 999)
            won = dice.choice([True, False, None])
            if won:
                lead.action_set_won()
            elif won is False:
                lead.action_set_lost()
            leads |= lead
            expected["1_quarter" if quick else "6_never"].append((won, amount))
        groups = self.wins.formatted_read_group(
            [("lead_number", "in", leads.ids)],
            ["band"],
            [
                *("__count", "win_rate:avg", "won_revenue:sum"),
                *("decided_count:sum", "revenue_per_inquiry:avg"),
            ],
        )
        self.assertEqual({group["band"] for group in groups}, set(expected))
        for group in groups:
            cases = expected[group["band"]]
            decided = [case for case in cases if case[0] is not None]
            revenue = sum(amount for won, amount in cases if won)
            self.assertEqual(group["__count"], len(cases))
            self.assertEqual(group["decided_count:sum"], len(decided))
            rate = 100 * sum(won for won, _amount in decided) / len(decided)
            self.assertAlmostEqual(group["win_rate:avg"], rate)
            self.assertAlmostEqual(group["won_revenue:sum"], revenue)
            self.assertAlmostEqual(
                group["revenue_per_inquiry:avg"], revenue / len(decided)
            )

    def test_nobody_writes(self):
        lead = self.inquiry()
        row = self.report.search([("lead_number", "=", lead.id)])
        self.assertEqual(row.action_open_lead()["res_id"], lead.id)
        for operation in (
            lambda: row.write({"name": "Other"}),
            lambda: row.create({"name": "Other"}),
            row.unlink,
        ):
            self.assertRaises(AccessError, operation)
