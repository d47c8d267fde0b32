"""Writes the two files of the dashboard, the real one and its sample:

    dev/dashboard.py            write them
    dev/dashboard.py --check    say whether they are what this would write

The sheet "Dashboard" has the figures, the sheet "Data" the cells that they show. In the
real one these ask pivots, in the sample they hold numbers.
"""

import json
import sys
from pathlib import Path

FILES = (
    Path(__file__).resolve().parent.parent
    / "spreadsheet_dashboard_radio_sales_team/data/files"
)
VERSION = "18.5.10"

# The screen: 1366 x 768 less Odoo's bars and the list of dashboards.
WIDTH = 1140
GAP = 8
CARD_HEIGHT = 86
CHART_HEIGHT = 252
ROW_HEIGHT = 23

# Okabe and Ito's, and far apart in lightness: told apart by the colour-blind as well.
IN_TIME, LATE, NEVER, WAITING = "#0072B2", "#F0B323", "#8B1E1E", "#BDBDBD"
WON = "#009E73"
PALETTE = ["#0072B2", "#F0B323", "#009E73", "#CC79A7", "#56B4E9", "#8B1E1E"]
TEXT = "#434343"

RESULTS = [
    ("in_time", "In time", IN_TIME),
    ("late", "Late", LATE),
    ("never", "Never", NEVER),
    ("waiting", "Still in time", WAITING),
]
# In working time: a day is eight hours. Short, so that the number of cases is seen.
BANDS = [
    ("1_quarter", "≤ 15 min"),
    ("2_hour", "≤ 1 h"),
    ("3_half", "≤ 4 h"),
    ("4_day", "≤ 1 day"),
    ("5_later", "Later"),
    ("6_never", "Never"),
]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
HOURS = [f"{hour:02}" for hour in range(24)]
FORMATS = ["0%", "#,##0", "0"]
WEEKS = 54  # a year has no more

PERIOD, TEAM, PERSON = "radio-period", "radio-team", "radio-person"
FILTERS = [
    {
        "id": PERIOD,
        "type": "date",
        "label": "Period",
        "defaultValue": "last_90_days",
    },
    {
        "id": TEAM,
        "type": "relation",
        "label": "Sales Team",
        "modelName": "crm.team",
        "defaultValueDisplayNames": [],
    },
    {
        "id": PERSON,
        "type": "relation",
        "label": "Person",
        "modelName": "res.users",
        "domainOfAllowedValues": [["share", "=", False]],
        "defaultValueDisplayNames": [],
    },
]

ALWAYS = "now, whatever the period"
NOTE = (
    "By person there are response times only where the company evaluates them per "
    "person, and your own. What slow costs us is never by person."
)
SINCE = "vs. the period before"

# ids of pivots
ANSWERS, ANSWERS_BEFORE, ARRIVAL, WEEKDAY, SLOW = "1", "2", "3", "4", "5"
OPEN, SIGNALS, SIGNALS_BEFORE, REVENUE, REVENUE_BEFORE = "6", "7", "8", "9", "10"

FIRST = [["kind", "=", "first_contact"]]
WON_SIGNAL = [["state", "=", "won"]]
DEALS = [["kind", "=", "deal"]]
# neither zero nor empty
CREDITED = ["&", *DEALS, "|", ["credited", ">", 0], ["credited", "<", 0]]
# as the action "No Contact Yet"
NOBODY = [
    ["is_inquiry", "=", True],
    ["contact_attempt_ids", "=", False],
    ["won_status", "=", "pending"],
]


def matching(date=None, team=None, person=None, before=False):
    """Which fields the global filters look at; `before` is the period before."""
    found = {}
    if date:
        name, kind = date
        found[PERIOD] = {"chain": name, "type": kind, "offset": -1 if before else 0}
    if team:
        found[TEAM] = {"chain": team, "type": "many2one"}
    if person:
        found[PERSON] = {"chain": person, "type": "many2one"}
    return found


def pivot(number, name, model, domain, measures, rows=(), columns=(), **filters):
    """A question to the server; a measure is `field:aggregator`, or `__count`."""

    def dimension(name):
        field, _colon, granularity = name.partition(":")
        return {"fieldName": field} | (
            {"granularity": granularity, "order": "asc"} if granularity else {}
        )

    def measure(name):
        field, _colon, aggregator = name.partition(":")
        return {"id": name, "fieldName": field} | (
            {"aggregator": aggregator} if aggregator else {}
        )

    return {
        "type": "ODOO",
        "id": number,
        "formulaId": number,
        "name": name,
        "model": model,
        "domain": domain,
        "context": {},
        "measures": [measure(one) for one in measures],
        "rows": [dimension(one) for one in rows],
        "columns": [dimension(one) for one in columns],
        "sortedColumn": None,
        "fieldMatching": matching(**filters),
    }


def pivots():
    answers = {
        "model": "radio.response.report",
        "domain": FIRST,
        "date": ("started_at", "datetime"),
        "team": "team_id",
        "person": "responsible_id",
    }
    speed = ["in_time_rate:avg", "working_median:median"]
    signals = {
        "model": "radio.upsell.signal",
        "domain": WON_SIGNAL,
        "measures": ["__count"],
        "date": ("closed_at", "datetime"),
        "team": "team_id",
        "person": "reported_by_id",
    }
    revenue = {
        "model": "radio.value.report",
        "domain": DEALS,
        "measures": ["credited:sum"],
        "date": ("date", "date"),
        "team": "team_id",
        "person": "user_id",
    }
    found = [
        pivot(
            ANSWERS,
            "First contacts by week",
            measures=["__count", *speed],
            rows=["started_at:week"],
            columns=["result"],
            **answers,
        ),
        pivot(
            ANSWERS_BEFORE,
            "First contacts in the period before",
            measures=speed,
            before=True,
            **answers,
        ),
        pivot(
            ARRIVAL,
            "First contacts by hour",
            measures=["__count"],
            rows=["hour"],
            columns=["result"],
            **answers,
        ),
        pivot(
            WEEKDAY,
            "First contacts by weekday",
            measures=["__count"],
            rows=["weekday"],
            columns=["result"],
            **answers,
        ),
        pivot(
            SLOW,
            "What slow costs us",
            "radio.win.report",
            [],
            ["decided_count:sum", "win_rate:avg"],
            rows=["band"],
            date=("started_at", "datetime"),
            team="team_id",
        ),
        pivot(
            OPEN,
            "No contact yet",
            "crm.lead",
            NOBODY,
            ["__count"],
            team="team_id",
            person="back_office_user_id",
        ),
        pivot(SIGNALS, "Signals won", **signals),
        pivot(
            SIGNALS_BEFORE, "Signals won in the period before", before=True, **signals
        ),
        pivot(REVENUE, "Won revenue", **revenue),
        pivot(
            REVENUE_BEFORE, "Won revenue in the period before", before=True, **revenue
        ),
    ]
    return {one["id"]: one for one in found}


def text(words):
    """A cell whose words are translated."""
    return f'=_t("{words}")'


def formula(name, number, *args):
    return f"{name}({','.join([number, *map(json.dumps, args)])})"


def value(*args):
    return formula("PIVOT.VALUE", *args)


def number(*args):
    """What was counted; nothing is none."""
    asked = value(*args)
    return f'=IF({asked}="",0,{asked})'


def header(*args):
    return formula("PIVOT.HEADER", *args)


class Grid(dict):
    """The cells of the sheet "Data", filled row by row."""

    def __init__(self):
        super().__init__()
        self.height = 0
        self.formats = {}

    def add(self, *cells):
        self.height += 1
        for column, cell in zip("ABCDEFGH", cells, strict=False):
            if cell not in ("", None):
                self[f"{column}{self.height}"] = str(cell)
        return self.height

    def block(self, head, rows):
        """A table for a chart; two empty rows after it.

        :return: its first and last row.
        """
        first = self.add(*head)
        for row in rows:
            self.add(*row)
        last = self.height
        self.add()
        self.add()
        return first, last


def real_cards():
    """Key figure and baseline of each card."""

    def filled(one, measure, then):
        asked = value(one, measure)
        return f'=IF({asked}="","–",{asked}{then})'

    def before(one, measure, then=""):
        asked = value(one, measure)
        return f'=IF({asked}="","",{asked}{then})'

    rate, median = "in_time_rate:avg", "working_median:median"
    return [
        (filled(ANSWERS, rate, "/100"), before(ANSWERS_BEFORE, rate, "/100")),
        (filled(ANSWERS, median, ""), before(ANSWERS_BEFORE, median)),
        (number(OPEN, "__count"), text(ALWAYS)),
        (number(SIGNALS, "__count"), number(SIGNALS_BEFORE, "__count")),
        # without cents, which there is no room for
        tuple(
            f"=FORMAT.LARGE.NUMBER({number(one, 'credited:sum')[1:]})"
            for one in (REVENUE, REVENUE_BEFORE)
        ),
    ]


def result_names():
    return ["", *(text(label) for _name, label, _colour in RESULTS)]


def real_tables():
    def counts(one, *place):
        return [value(one, "__count", *place, "result", name) for name, *_ in RESULTS]

    def row(label, cells):
        return [label, *(f"={cell}" for cell in cells)]

    results = result_names()
    week = "#started_at:week"
    yield (
        results,
        [
            row(f"={header(ANSWERS, week, place)}", counts(ANSWERS, week, place))
            for place in range(1, WEEKS + 1)
        ],
    )
    yield (
        results,
        [
            row(text(name), counts(WEEKDAY, "weekday", str(day)))
            for day, name in enumerate(DAYS, start=1)
        ],
    )
    yield (
        results,
        [row(f'="{hour}"', counts(ARRIVAL, "hour", hour)) for hour in HOURS],
    )
    slow = []
    for band, label in BANDS:
        cases = value(SLOW, "decided_count:sum", "band", band)
        rate = value(SLOW, "win_rate:avg", "band", band)
        # without a case there is no bar
        slow.append(
            [
                f'=IF({rate}="","",_t("{label}")&" ("&{cases}&")")',
                f'=IF({rate}="","",{rate}/100)',
            ]
        )
    yield ["", text("Won")], slow


def sample_cards():
    revenue = ("=FORMAT.LARGE.NUMBER(64800)", "=FORMAT.LARGE.NUMBER(58250)")
    return [(0.86, 0.81), (24, 31), (3, text(ALWAYS)), (11, 8), revenue]


def sample_tables():
    results = result_names()
    yield (
        results,
        [
            [f"W{week}", *counts]
            for week, counts in zip(
                range(1, 14),
                [
                    (9, 3, 2, 0),
                    (11, 2, 2, 0),
                    (8, 4, 1, 0),
                    (12, 3, 1, 0),
                    (14, 2, 2, 0),
                    (10, 3, 0, 0),
                    (13, 2, 1, 0),
                    (15, 1, 1, 0),
                    (12, 2, 0, 0),
                    (16, 2, 1, 0),
                    (14, 1, 0, 0),
                    (17, 2, 0, 0),
                    (15, 1, 0, 3),
                ],
                strict=True,
            )
        ],
    )
    yield (
        results,
        [
            [text(day), *counts]
            for day, counts in zip(
                DAYS,
                [
                    (36, 12, 5, 1),
                    (38, 5, 2, 1),
                    (34, 4, 1, 1),
                    (30, 3, 1, 0),
                    (24, 4, 2, 0),
                    (3, 0, 0, 0),
                    (1, 0, 0, 0),
                ],
                strict=True,
            )
        ],
    )
    by_hour = {
        8: (14, 2, 1, 0),
        9: (28, 2, 1, 1),
        10: (31, 3, 1, 0),
        11: (24, 4, 1, 0),
        12: (11, 7, 3, 0),
        13: (15, 3, 1, 1),
        14: (18, 2, 1, 0),
        15: (13, 2, 1, 1),
        16: (8, 2, 1, 0),
        17: (4, 1, 0, 0),
    }
    yield (
        results,
        [[f'="{hour}"', *by_hour.get(int(hour), (0,) * 4)] for hour in HOURS],
    )
    yield (
        ["", text("Won")],
        [
            [f'=_t("{label}")&" ({cases})"', rate]
            for (_name, label), (cases, rate) in zip(
                BANDS,
                [(38, 0.42), (51, 0.37), (29, 0.28), (17, 0.24), (12, 0.17), (9, 0)],
                strict=True,
            )
        ],
    )


def figure(name, box, data):
    x, y, width, height = box
    return {
        "id": name,
        "tag": "chart",
        "col": 0,
        "row": 0,
        "offset": {"x": x, "y": y},
        "width": width,
        "height": height,
        "data": {**data, "chartId": name},
    }


def title(words, size=14):
    return {"text": words, "bold": True, "color": TEXT, "fontSize": size}


def card(name, words, box, row, **more):
    return figure(
        name,
        box,
        {
            "type": "scorecard",
            "title": title(words, 13),
            "background": "#F4F7FA",
            "keyValue": f"Data!B{row}",
            "baseline": f"Data!C{row}",
            "baselineMode": "difference",
            # blue and vermilion instead of green and red
            "baselineColorUp": IN_TIME,
            "baselineColorDown": "#B5490A",
            "humanize": False,
            **more,
        },
    )


def bars(name, words, box, rows, colours, **more):
    first, last = rows
    return figure(
        name,
        box,
        {
            "type": "bar",
            "title": title(words),
            "background": "#FFFFFF",
            "dataSetsHaveTitle": True,
            "dataSets": [
                {
                    "dataRange": f"Data!{column}{first}:{column}{last}",
                    "yAxisId": "y",
                    "backgroundColor": colour,
                }
                for column, colour in zip("BCDEFGH", colours, strict=False)
            ],
            "labelRange": f"Data!A{first}:A{last}",
            "legendPosition": "top",
            "stacked": True,
            "aggregated": False,
            "horizontal": False,
            "humanize": False,
            **more,
        },
    )


def people(box):
    """Credited revenue, who has most first; a click opens the rows."""
    groups = ["user_id", "role_id"]
    return figure(
        "radio-people",
        box,
        {
            "type": "odoo_bar",
            "title": title("Credited Revenue by Person and Role"),
            "background": "#FFFFFF",
            "legendPosition": "top",
            "metaData": {
                "groupBy": groups,
                "measure": "credited",
                "order": "DESC",
                "resModel": "radio.value.report",
                "mode": "bar",
            },
            "searchParams": {
                "comparison": None,
                "context": {},
                "domain": CREDITED,
                "groupBy": groups,
                "orderBy": [],
            },
            "dataSets": [{"backgroundColor": colour} for colour in PALETTE],
            "verticalAxisPosition": "left",
            "stacked": True,
            "horizontal": True,
            "actionXmlId": "radio_sales_team.radio_value_report_action",
            "fieldMatching": matching(
                date=("date", "date"), team="team_id", person="user_id"
            ),
        },
    )


def sample_people(data, box):
    rows = data.block(
        ["", text("Seller"), text("First contact"), text("Signal")],
        [
            ["Maren", 17200, 2100, 900],
            ["Jonas", 14300, 0, 2400],
            ["Tim", 0, 8600, 3200],
            ["Inga", 8100, 1500, 0],
            ["Lena", 0, 4900, 1600],
        ],
    )
    return bars(
        "radio-people",
        "Credited Revenue by Person and Role",
        box,
        rows,
        PALETTE[:3],
        horizontal=True,
    )


def cards(data, values):
    """Five cards in a row, with their cells in the first rows of the data."""
    width = (WIDTH - 4 * GAP) // 5
    since = {"baselineDescr": {"text": SINCE, "fontSize": 11}}
    fewer_is_better = {"baselineColorUp": "#B5490A", "baselineColorDown": IN_TIME}
    data.add("", text("Now"), text("Before"))
    found = []
    for place, (name, words, shape, more) in enumerate(
        [
            ("in-time", "First Contacts in Time", "0%", since),
            (
                "median",
                "Minutes to First Contact",
                "#,##0",
                since | fewer_is_better | {"keyDescr": {"text": "median"}},
            ),
            (
                "open",
                "No Contact Yet",
                "0",
                {"baselineMode": "text", "baselineDescr": {"fontSize": 11}},
            ),
            ("signals", "Signals Won", "0", since),
            ("revenue", "Won Revenue", "", since | {"baselineMode": "percentage"}),
        ]
    ):
        key, before = values[place]
        row = data.add(text(words), key, before)
        if shape:
            data.formats[f"B{row}:C{row}"] = shape
        box = (place * (width + GAP), 6, width, CARD_HEIGHT)
        found.append(card(f"radio-{name}", words, box, row, **more))
    data.add()
    return found


def sheets(is_sample):
    data = Grid()
    figures = cards(data, sample_cards() if is_sample else real_cards())
    tables = sample_tables() if is_sample else real_tables()
    weeks, weekday, hour, slow = (data.block(*table) for table in tables)
    data.formats[f"B{slow[0] + 1}:B{slow[1]}"] = "0%"

    colours = [colour for *_names, colour in RESULTS]
    top = 6 + CARD_HEIGHT + GAP
    left = 0
    for name, words, width, rows, more in (
        ("weeks", "First Contacts by Week", 424, weeks, {}),
        ("weekday", "By Weekday", 300, weekday, {"legendPosition": "none"}),
        ("hour", "By Hour of Arrival", 400, hour, {"legendPosition": "none"}),
    ):
        box = (left, top, width, CHART_HEIGHT)
        figures.append(bars(f"radio-{name}", words, box, rows, colours, **more))
        left += width + GAP
    top += CHART_HEIGHT + GAP
    half = (WIDTH - GAP) // 2
    figures.append(
        bars(
            "radio-slow",
            "What Slow Costs Us: Won of All Decided, by Wait (Cases)",
            (0, top, half, CHART_HEIGHT),
            slow,
            [WON],
            horizontal=True,
            showValues=True,
            legendPosition="none",
        )
    )
    box = (half + GAP, top, half, CHART_HEIGHT)
    figures.append(sample_people(data, box) if is_sample else people(box))
    last = (top + CHART_HEIGHT) // ROW_HEIGHT + 2

    return [
        {
            **sheet("radio-dashboard", "Dashboard", 1, last, {f"A{last}": text(NOTE)}),
            "cols": {"0": {"size": WIDTH}},
            "styles": {f"A{last}": 1},
            "figures": figures,
        },
        {
            **sheet("radio-data", "Data", 8, data.height, dict(data)),
            "formats": {
                zone: FORMATS.index(shape) + 1 for zone, shape in data.formats.items()
            },
            "isVisible": False,
        },
    ]


def sheet(name, words, columns, rows, cells):
    return {
        "id": name,
        "name": words,
        "colNumber": columns,
        "rowNumber": rows,
        "rows": {},
        "cols": {},
        "merges": [],
        "cells": cells,
        "styles": {},
        "formats": {},
        "borders": {},
        "conditionalFormats": [],
        "dataValidationRules": [],
        "figures": [],
        "tables": [],
        "areGridLinesVisible": False,
        "isVisible": True,
        "headerGroups": {"ROW": [], "COL": []},
        "comments": {},
    }


MENUS = {
    "radio-in-time": "radio_sales_team.radio_response_report_menu",
    "radio-median": "radio_sales_team.radio_response_report_menu",
    "radio-open": "radio_sales_team.crm_lead_menu_no_contact",
    "radio-signals": "radio_sales_team.radio_upsell_signal_menu",
    "radio-revenue": "radio_sales_team.radio_value_report_menu",
    "radio-weeks": "radio_sales_team.radio_response_report_menu",
    "radio-weekday": "radio_sales_team.radio_response_report_menu",
    "radio-hour": "radio_sales_team.radio_response_report_menu",
    "radio-slow": "radio_sales_team.radio_win_report_menu",
    "radio-people": "radio_sales_team.radio_value_report_menu",
}


def build(is_sample):
    asked = {} if is_sample else pivots()
    return {
        "version": VERSION,
        "sheets": sheets(is_sample),
        "styles": {"1": {"textColor": "#6B7280", "fontSize": 9}},
        "formats": {
            str(number): shape for number, shape in enumerate(FORMATS, start=1)
        },
        "borders": {},
        "revisionId": "START_REVISION",
        "uniqueFigureIds": True,
        "settings": {
            "locale": {
                "name": "English (US)",
                "code": "en_US",
                "thousandsSeparator": ",",
                "decimalSeparator": ".",
                "dateFormat": "mm/dd/yyyy",
                "timeFormat": "hh:mm:ss",
                "formulaArgSeparator": ",",
                "weekStart": 7,
            }
        },
        "pivots": asked,
        "pivotNextId": len(asked) + 1,
        "customTableStyles": {},
        "globalFilters": FILTERS,
        "lists": {},
        "listNextId": 1,
        "chartOdooMenusReferences": MENUS,
    }


def main():
    stale = []
    for name, is_sample in (
        ("radio_sales_dashboard.json", False),
        ("radio_sales_sample_dashboard.json", True),
    ):
        path = FILES / name
        content = json.dumps(build(is_sample), indent=1, ensure_ascii=False) + "\n"
        if "--check" not in sys.argv:
            path.write_text(content)
        elif not path.exists() or path.read_text() != content:
            stale.append(name)
    if stale:
        sys.exit(f"not what dev/dashboard.py writes: {', '.join(stale)}")


if __name__ == "__main__":
    main()
