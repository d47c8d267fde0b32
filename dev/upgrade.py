"""Upgrade what older code made: make upgrade [ARGS="COMMIT ..."]

Without arguments every released version (the tags v*). Each is installed with its demo
data by its own code, dumped, restored and upgraded by the present code. Odoo may log no
warning, every lead must have the same contacts, clocks and hand-overs as before, every
person the same commission; then the screens are opened, the scheduled actions run, and
some tests run in the upgraded database.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import databases
import live_check

OLD, NEW = "radio_upgrade_old", "radio_upgrade_new"
# What must be the same afterwards. Columns that the older code lacks are left out, and
# so are tables that it has not got.
SAME = {
    "crm_lead": "id is_inquiry received_at first_contact_at first_contact_user_id "
    "sla_deadline handover_state won_status user_id back_office_user_id stage_id",
    "radio_contact_attempt": "id lead_id user_id attempted_at channel outcome",
    "radio_sla_clock": "id lead_id kind state started_at deadline stopped_at user_id",
    "radio_sla_step": "id clock_id percentage action",
    "radio_handover": "id lead_id state to_user_id requested_at",
    "radio_booking": "id advertiser_id month gross_amount net_amount spots",
    "radio_upsell_signal": "id kind state partner_id user_id",
    "radio_customer_volume": "id partner_id volume tier_id",
    "radio_commission_deal": "id lead_id base_amount",
    "radio_commission_line": "id deal_id user_id kind amount",
    "radio_commission_statement": "id user_id state total",
}
TESTS = ("test_first_contact.py", "test_take_call.py")
SMOKE = """
data = env["ir.model.data"].search([("module", "like", "radio_sales_team")])
for action in env["ir.actions.act_window"].browse(
        data.filtered(lambda d: d.model == "ir.actions.act_window").mapped("res_id")):
    model = env[action.res_model].with_user(2)
    views = [(False, kind) for kind in action.view_mode.split(",")]
    if not model.has_access("read"):
        continue
    model.get_views(views)
    model.search([], limit=5).read()
for cron in env["ir.cron"].browse(
        data.filtered(lambda d: d.model == "ir.cron").mapped("res_id")):
    cron.method_direct_trigger()
env.cr.rollback()
print("SMOKE " + "PASSED")
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commits", nargs="*", help="default: the tags v*")
    commits = parser.parse_args().commits or git("tag", "--list", "v*").split()
    if not commits:
        print("no released version yet (tags v*); name a commit to try it")
    failed = False
    for commit in commits:
        start = time.monotonic()
        complaints = upgrade(commit)
        seconds = time.monotonic() - start
        print(f"{commit:<20}{'MISSED' if complaints else 'ok':<8}{seconds:>6.0f} s")
        for complaint in complaints:
            print(f"    {complaint}")
        sys.stdout.flush()
        failed |= bool(complaints)
    sys.exit(failed)


def git(*words):
    command = ["git", "-C", databases.ROOT, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def upgrade(commit):
    """Make a database with a commit's code and upgrade it; what was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        names = make_old(commit, Path(folder))
    restore(OLD, NEW)
    # what the present version would add as demo data is no part of the upgrade
    databases.query(NEW, "UPDATE ir_module_module SET demo = FALSE")
    before = facts(NEW)
    text = databases.odoo(NEW, "-u", ",".join(names))
    complaints = databases.complaints(text)
    complaints += differences(before, facts(NEW))
    complaints += live_check.pipeline(NEW)
    smoke = databases.odoo(NEW, code=SMOKE, log=f"{NEW}-smoke")
    complaints += databases.complaints(smoke)
    if "SMOKE PASSED" not in smoke:
        complaints.append(smoke[-1500:])
    complaints += run_tests(NEW)
    for database in (OLD, NEW):
        databases.drop(database)
    return complaints


def make_old(commit, folder):
    """The database that the older code makes with its own scripts.

    :return: names of the addons that it holds.
    """
    archive = subprocess.Popen(
        ["git", "-C", databases.ROOT, "archive", commit], stdout=subprocess.PIPE
    )
    subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
    assert archive.wait() == 0, f"no commit {commit}"
    names = [path.parent.name for path in folder.glob("*/__manifest__.py")]
    subprocess.run(
        [folder / "dev" / "newdb", "--demo", OLD, *names],
        check=True,
        capture_output=True,
    )
    databases.mark(OLD)
    return names


def restore(name, other):
    """Dump a database and restore it as another, as one who moves servers does."""
    databases.drop(other)
    subprocess.run(["createdb", other], check=True)
    with tempfile.NamedTemporaryFile(suffix=".sql") as dump:
        options = ["--no-owner", "--no-privileges", "--no-comments"]
        subprocess.run(["pg_dump", *options, "-f", dump.name, name], check=True)
        subprocess.run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", other, "-f", dump.name],
            check=True,
            capture_output=True,
        )
    databases.copy_files(name, other)
    databases.mark(other)


def facts(database):
    """Rows by table, each a dict of values by id, for what is in ``SAME``."""
    found = {}
    for table, columns in SAME.items():
        there = databases.query(
            database,
            "SELECT column_name FROM information_schema.columns "
            f"WHERE table_name = '{table}'",
        )
        columns = [column for column in columns.split() if column in there]
        if columns:
            sql = f"SELECT {', '.join(columns)} FROM {table} ORDER BY id"
            rows = [line.split("|") for line in databases.query(database, sql)]
            found[table] = {
                row[0]: dict(zip(columns, row, strict=True)) for row in rows
            }
    return found


def differences(before, after):
    """What is not as it was, one sentence for each table and column."""
    found = []
    for table, rows in before.items():
        later = after.get(table, {})
        if rows.keys() != later.keys():
            found.append(f"{table}: {len(rows)} rows became {len(later)}")
        for column in next(iter(rows.values()), {}):
            changed = [
                f"{key}: {row[column]} > {later[key].get(column, 'column gone')}"
                for key, row in rows.items()
                if key in later and later[key].get(column) != row[column]
            ]
            if changed:
                found.append(f"{table}.{column}: {len(changed)}, {changed[0]}")
    return found


def run_tests(database):
    """A few of our tests, in the upgraded database."""
    tests = [databases.ROOT / "radio_sales_team" / "tests" / name for name in TESTS]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"--odoo-database={database}", "-q", *tests],
        cwd=databases.ROOT,
        capture_output=True,
        text=True,
    )
    lines = done.stdout.splitlines()
    return [line for line in lines if line.startswith(("FAILED", "ERROR"))] or (
        [done.stdout[-1500:]] if done.returncode else []
    )


if __name__ == "__main__":
    main()
