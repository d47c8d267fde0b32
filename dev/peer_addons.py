"""Addons of others to measure beside: from the Python index, a folder for each."""

import os
import subprocess
import sys
from pathlib import Path

DEV = Path(__file__).resolve().parent


def install(database, module, wheels, also=()):
    """Create the database with the peer's module, its wheels downloaded once.

    :param also: modules of Odoo to install beside it.
    """
    folder = Path(os.environ["RADIO_CACHE"]) / "peers" / module
    addons = folder / "odoo" / "addons"
    if not (addons / module).is_dir():
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "-qq", "--no-deps"),
                *("--upgrade", "--target", folder, *wheels),
            ],
            check=True,
        )
    subprocess.run([DEV / "newdb", database], check=True)
    from odoo.tools import config

    path = ",".join([*config["addons_path"], str(addons)])
    subprocess.run(
        [
            *(DEV / "odoo", "-d", database, "-i", ",".join([module, *also])),
            *(
                "--stop-after-init",
                "--no-http",
                "--log-level=error",
                "--addons-path",
                path,
            ),
        ],
        check=True,
    )
    import odoo.addons

    odoo.addons.__path__.append(str(addons))
