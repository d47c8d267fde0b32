"""Packages know only those above them: what is built on something can be taken away
without it."""

import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

MODELS = Path(__file__).parent.parent / "models"
# from the ground up
PACKAGES = ("response", "handover", "upsell", "commission", "team")


@tagged("post_install", "-at_install")
class TestHouse(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = {
            package: {
                path.name: path.read_text(encoding="utf-8")
                for path in sorted((MODELS / package).glob("*.py"))
            }
            for package in PACKAGES
        }
        cls.names = {
            package: set(
                re.findall(r'^    _name = "([\w.]+)"', "\n".join(files.values()), re.M)
            )
            for package, files in cls.sources.items()
        }

    def test_every_package_is_known(self):
        found = {path.parent.name for path in MODELS.glob("*/__init__.py")}
        self.assertEqual(found, set(PACKAGES))
        self.assertTrue(all(self.names.values()))

    def test_packages_know_only_those_above(self):
        wrong = []
        for number, package in enumerate(PACKAGES):
            below = PACKAGES[number + 1 :]
            names = {f'"{name}"' for one in below for name in self.names[one]}
            imports = [f"from ..{one}" for one in below]
            for file_name, text in self.sources[package].items():
                wrong += [
                    f"{package}/{file_name}: {word}"
                    for word in (*names, *imports)
                    if word in text
                ]
        self.assertEqual(wrong, [])


# Ways to make a date of a moment, other than by ``res.company._get_local_day``.
OTHER_WAYS = re.compile(
    r"context_today|context_timestamp|Date\.today|date\.today|\.date\(\)|astimezone"
    r"|\btimezone\(|AT TIME ZONE|::date\b|date_trunc|CURRENT_DATE|to_local_day",
    re.IGNORECASE,
)
# What may use them, and why.
EXCEPTIONS = {
    "tools/time_of_day.py": "the one place that converts",
    "models/response/res_company.py": "the station's day itself",
    "models/response/resource_calendar.py": "the day of a team's own working hours",
    "report/radio_value_report.py": "the station's day itself, in SQL",
    "models/response/crm_lead_badge.py": "read by one person, in their zone",
    "models/response/crm_lead_promise_words.py": "read by the customer, in their zone",
    "wizard/radio_take_call_next.py": "typed by one person, in their zone",
    "wizard/radio_handover_answer.py": "typed by one person, in their zone",
}


@tagged("post_install", "-at_install")
class TestStationDay(BaseCase):
    def test_days_are_those_of_the_station(self):
        """A deal that is won in Sydney on 1 April counts in April, wherever the server
        and the reader are: nothing asks another clock."""
        addons = MODELS.parent.parent
        found = set()
        for path in sorted(addons.glob("*radio_sales_team*/**/*.py")):
            name = path.relative_to(addons).as_posix().partition("/")[2]
            if not name.startswith("tests/") and OTHER_WAYS.search(
                path.read_text(encoding="utf-8")
            ):
                found.add(name)
        self.assertEqual(found, set(EXCEPTIONS))
