"""For pytest: Odoo's static tests look at our addons instead of at all of Odoo.

pytest -p only_ours        with the names in RADIO_ONLY, by commas

What those tests need beside Odoo (pylint) is in the environment of ``make lint``.
"""

import os
import sys
from pathlib import Path

import odoo.modules
import odoo.modules.module

NAMES = [name for name in os.environ.get("RADIO_ONLY", "").split(",") if name]
LINT = Path(os.environ["RADIO_CACHE"], "venv-lint", "lib")
# last, as what Odoo runs with comes first
sys.path += map(str, LINT.glob("*/site-packages"))


def all_addon_manifests():
    return [odoo.modules.module.Manifest.for_addon(name) for name in NAMES]


def get_modules():
    return list(NAMES)


odoo.modules.module.Manifest.all_addon_manifests = staticmethod(all_addon_manifests)
odoo.modules.module.get_modules = get_modules
odoo.modules.get_modules = get_modules
