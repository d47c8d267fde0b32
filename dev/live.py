"""Install into a database in use, upgrade, uninstall, install again: make live

200,000 leads and 1,000,000 messages of plain CRM. An empty addon in a copy of it says
what Odoo itself costs. While something is installed, two others read and write leads
all the time. Afterwards nothing may have happened to old leads, and after uninstalling
nothing may be left. Then the bridges in different orders, with fewer leads.

    make live ARGS="--leads 2000"       quickly
    make live ARGS="big" or "orders"    one half of it
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import databases
import live_check
import live_data
from live_watch import NO_WRITING, Watch, longest

PLAIN, OURS, CORE = "radio_live_plain", "radio_live_ours", "radio_live_core"
MAIN = "radio_sales_team"
SALE, DASHBOARD = f"{MAIN}_sale", f"spreadsheet_dashboard_{MAIN}"
# What a station does with the addon before it takes it away again.
USE = """
lead = env["crm.lead"].create({"name": "Inquiry", "email_from": "new@else.example",
                               "inquiry_channel": "email", "user_id": 2})
assert lead.is_inquiry, "no inquiry"
for name in ("next_call", "next_message", "answer"):
    lead.activity_schedule("radio_sales_team.mail_activity_type_" + name, user_id=2)
env.user.group_ids += env.ref("radio_sales_team.group_commission_manager")
env["ir.filters"].create({"name": "Mine", "model_id": "radio.sla.clock",
                          "user_ids": [(4, 2)]})
env.cr.commit()
print("USED", len(lead.sla_clock_ids), len(lead.activity_ids))
"""
UNINSTALL = """
module = env["ir.module.module"].search([("name", "=", "%s")])
module.button_immediate_uninstall()
"""
# Every scheduled action of ours, twice, as soon as the addon is there.
CRONS = """
crons = env["ir.model.data"].search([("module", "like", "radio_sales_team"),
                                     ("model", "=", "ir.cron")])
for cron in env["ir.cron"].browse(crons.mapped("res_id")):
    for _twice in range(2):
        cron.method_direct_trigger()
env.cr.commit()
print("RAN", len(crons))
"""

# Complaints that are shown at once; the end shows all.
SHOWN = 10
misses = []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", choices=["big", "orders", []])
    parser.add_argument("--leads", type=int, default=live_data.LEADS)
    args = parser.parse_args()
    print(f"{'':<64}{'':>9}   limit")
    if "big" in (args.only or ["big"]):
        big(args.leads)
    if "orders" in (args.only or ["orders"]):
        orders()
    for miss in misses:
        print("MISSED:", miss)
    sys.exit(bool(misses))


def big(leads):
    """The large database: how long it takes, who waits, what is touched, what stays."""
    fill(PLAIN, leads)
    databases.copy(PLAIN, OURS)
    before, structure = live_check.facts(OURS), live_check.snapshot(OURS)
    with tempfile.TemporaryDirectory() as folder:
        empty_addon(Path(folder))
        plain = step(PLAIN, "an empty addon", "-i", "radio_live_empty", folder=folder)
    databases.drop(PLAIN)
    ours = step(OURS, "install ours", "-i", MAIN)
    show("  more than the empty addon", ours.seconds - plain.seconds, "s", 60)
    show_locks(ours, 2)
    untouched("after installing", before)
    run(OURS, CRONS, "RAN")
    untouched("after our scheduled actions ran twice", before)
    check("pipeline", live_check.pipeline(OURS))
    show_locks(step(OURS, "upgrade ours", "-u", MAIN))
    untouched("after upgrading", before)
    print(run(OURS, USE, "USED"))
    show_locks(step(OURS, "uninstall ours", code=UNINSTALL % MAIN))
    check_clean(OURS, structure, "after uninstalling")
    step(OURS, "install ours again", "-i", MAIN)
    check("pipeline", live_check.pipeline(OURS))
    databases.drop(OURS)


def orders():
    """The bridges come and go in every order; at the end there is core alone."""
    fill(PLAIN, 2000)
    databases.copy(PLAIN, CORE)
    step(
        CORE,
        "core: sale_crm and spreadsheet_dashboard",
        "-i",
        "sale_crm,spreadsheet_dashboard",
    )
    structure = live_check.snapshot(CORE)
    for name, steps in (
        ("ours first", (MAIN, "sale_crm", "spreadsheet_dashboard", f"-{MAIN}")),
        ("core's halves first", (MAIN, f"-{SALE}", f"-{DASHBOARD}", f"-{MAIN}")),
        (
            "away and back",
            (MAIN, f"-{MAIN}", MAIN, f"-{DASHBOARD}", DASHBOARD, f"-{SALE}", SALE)
            + (f"-{MAIN}",),
        ),
    ):
        print(name, flush=True)
        databases.copy(PLAIN if name == "ours first" else CORE, OURS)
        for number, one in enumerate(steps):
            go(one)
            check(f"{name}: pipeline after {one}", live_check.pipeline(OURS))
            if not number:
                run(OURS, USE, "USED")
        check_clean(OURS, structure, name)
        databases.drop(OURS)
    for database in (PLAIN, CORE):
        databases.drop(database)


def go(one):
    """Install a module, or uninstall it where a minus stands before its name."""
    if one.startswith("-"):
        step(OURS, f"  uninstall {one[1:]}", code=UNINSTALL % one[1:])
    else:
        step(OURS, f"  install {one}", "-i", one)
    installed = databases.query(
        OURS,
        "SELECT name FROM ir_module_module WHERE state = 'installed' "
        "AND name LIKE '%radio_sales_team%' ORDER BY name",
    )
    print(f"    of ours: {', '.join(installed) or 'nothing'}", flush=True)


def fill(database, leads):
    databases.new(database)
    for statement in live_data.statements(leads):
        databases.query(database, statement)
    vacuum = ["psql", "-q", "-d", database, "-c", "VACUUM ANALYZE"]
    subprocess.run(vacuum, check=True, capture_output=True)


def empty_addon(folder):
    addon = folder / "radio_live_empty"
    addon.mkdir()
    (addon / "__init__.py").write_text("")
    (addon / "__manifest__.py").write_text(
        "{'name': 'Empty', 'version': '19.0.1.0.0', 'license': 'LGPL-3',"
        " 'author': 'Nobody', 'depends': ['crm']}"
    )


def step(database, label, *options, code="", folder=None):
    """Let Odoo do something while others work; its log must have no complaint."""
    path = databases.addons_path(databases.ROOT, folder) if folder else None
    with Watch(database) as watch:
        text = databases.odoo(database, *options, code=code, addons_path=path)
    show(label, watch.result.seconds, "s")
    check(label.strip(), databases.complaints(text))
    check(
        label.strip(), [f"who looked on stopped: {one}" for one in watch.result.stopped]
    )
    return watch.result


def show_locks(watched, reading=None):
    """How long others wait.

    :param reading: seconds for which a busy table may be closed to readers.
    """
    show("  longest wait of a reader", watched.read_wait, "s")
    show("  longest wait of a writer", watched.write_wait, "s")
    show("  what all work with is not to be read for", longest(watched), "s", reading)
    show("  leads cannot be written for", longest(watched, NO_WRITING, "crm_lead"), "s")
    for (table, mode), seconds in sorted(watched.locks.items()):
        if seconds >= 0.5:
            print(f"      {table:<20}{mode:<24}{seconds:>6.1f} s")


def show(label, value, unit, limit=None):
    missed = limit is not None and value > limit
    print(f"{label:<64}{value:>9.2f} {unit}" + (f"   {limit} {unit}" if limit else ""))
    if missed:
        misses.append(f"{label.strip()}: {value:.1f} {unit}, at most {limit}")
    sys.stdout.flush()


def check(label, complaints):
    misses.extend(f"{label}: {complaint}" for complaint in complaints)
    for complaint in complaints[:SHOWN]:
        print(f"      {label}: {complaint[:200]}")
    if len(complaints) > SHOWN:
        print(f"      and {len(complaints) - SHOWN} more, all of them at the end")
    sys.stdout.flush()


def untouched(label, before):
    complaints = live_check.touched(OURS, before)
    check(f"old leads {label}", complaints)
    print(f"old leads {label}: {'touched' if complaints else 'untouched'}", flush=True)


def check_clean(database, structure, label):
    left = live_check.left(database, structure)
    lost = databases.query(
        database,
        "SELECT count(*) FROM mail_activity activity LEFT JOIN mail_activity_type type "
        "ON type.id = activity.activity_type_id WHERE type.id IS NULL",
    )
    if lost != ["0"]:
        left.append(f"{lost[0]} activities have lost their type")
    check(label, left)
    check(f"{label}: pipeline", live_check.pipeline(database))
    print(f"{label}: {'something is left' if left else 'clean'}", flush=True)


def run(database, code, word):
    """Run a piece of code that prints a line with ``word`` when it is through."""
    text = databases.odoo(database, code=code, log=f"{database}-{word.lower()}")
    lines = [line for line in text.splitlines() if line.lstrip("> ").startswith(word)]
    if not lines:
        misses.append(f"{word}: {text[-1500:]}")
    check(word, databases.complaints(text))
    return " ".join(lines)


if __name__ == "__main__":
    main()
