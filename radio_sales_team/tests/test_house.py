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
