"""Databases for the programs in dev/: made, copied, asked, installed in.

Run with dev/python, which starts the server and names it in the environment.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

DEV = Path(__file__).resolve().parent
ROOT = DEV.parent
CACHE = Path(os.environ.get("RADIO_CACHE", "."))
LOGS = CACHE / "log"
# A line of Odoo's log that must not be there.
COMPLAINT = re.compile(r"^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) .*", re.M)


def new(name, *addons):
    """A fresh database of core's CRM, and our addons where they are named."""
    subprocess.run([DEV / "newdb", name, *addons], check=True)


def drop(name):
    subprocess.run(
        ["dropdb", "--if-exists", "--force", name], check=True, capture_output=True
    )
    shutil.rmtree(CACHE / "filestore" / name, ignore_errors=True)


def mark(name):
    """``make clean`` removes what is marked as this checkout's."""
    text = f"radio_sales_team checkout {ROOT}".replace("'", "''")
    query(name, f"COMMENT ON DATABASE {name} IS '{text}'")


def copy(name, other):
    """``other`` becomes a copy of ``name``, files included."""
    drop(other)
    subprocess.run(["createdb", "-T", name, other], check=True)
    copy_files(name, other)
    mark(other)


def copy_files(name, other):
    """The files of one database for another; Odoo never changes a file there."""
    store = CACHE / "filestore"
    shutil.rmtree(store / other, ignore_errors=True)
    if (store / name).is_dir():
        shutil.copytree(store / name, store / other, copy_function=os.link)


def query(name, sql):
    """What ``psql`` prints, a list of lines with ``|`` between the columns."""
    result = subprocess.run(
        ["psql", "-Atq", "-v", "ON_ERROR_STOP=1", "-d", name, "-c", sql],
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(f"{name}: {result.stderr}")
    return result.stdout.splitlines()


def odoo(name, *options, log=None, addons_path=None, code=""):
    """Run Odoo once: install, upgrade, or ``code`` in its shell.

    :param addons_path: more folders with addons, before those of this checkout.
    :return: what it logged.
    :raises RuntimeError: when it ends with an error.
    """
    command = [DEV / "odoo"]
    command += ["shell"] if code else []
    command += ["-d", name, "--no-http", "--max-cron-threads", "0"]
    command += ["--addons-path", addons_path] if addons_path else []
    command += [] if code else ["--stop-after-init"]
    done = subprocess.run(
        [*command, *options], input=code, capture_output=True, text=True
    )
    text = done.stdout + done.stderr
    path = LOGS / f"{log or name}.log"
    path.write_text(text)
    if done.returncode:
        raise RuntimeError(f"Odoo failed with {name}, see {path}\n{text[-3000:]}")
    return text


def complaints(text):
    """Warnings and errors in a log of Odoo."""
    return [match.group(0) for match in COMPLAINT.finditer(text)]


def addons_path(*first):
    """The configured addons path, other folders before it instead of ours."""
    with open(os.environ["ODOO_RC"]) as options:
        line = next(line for line in options if line.startswith("addons_path"))
    theirs = [path for path in line.split("=", 1)[1].strip().split(",")]
    theirs = [path for path in theirs if Path(path) != ROOT]
    return ",".join([*theirs, *map(str, first)])
