"""Do core's own tests still pass with us installed? make neighbours [ARGS="crm sale"]

For each group of core modules one database without us and a copy of it with all our
addons that fit. The suites run in both at once. What fails with us alone runs again, as
a busy machine makes browser tests fail; what fails each time is named, and is a miss.
"""

import argparse
import ast
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as tree
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import databases

# What is tested together: the core modules installed on top of CRM, the suites. Few
# in the first two groups, as core's tests that count queries are made for few.
Group = namedtuple("Group", "installs suites")
GROUPS = {
    "crm": Group((), ("crm", "sales_team", "calendar", "mail")),
    "sale": Group(("sale_crm", "spreadsheet_dashboard"), ("sale", "sale_crm")),
    "more": Group(
        (
            "spreadsheet_dashboard",
            "test_crm_full",
            "crm_livechat",
            "crm_mail_plugin",
            "mass_mailing_crm",
            "survey_crm",
        ),
        (
            "website_crm",
            "crm_livechat",
            "mass_mailing_crm",
            "event_crm",
            "survey_crm",
            "crm_mail_plugin",
            "crm_sms",
            "test_crm_full",
        ),
    ),
    "lint": Group(("sale_crm", "spreadsheet_dashboard", "test_lint"), ("test_lint",)),
}
SUITES = [suite for group in GROUPS.values() for suite in group.suites]
OURS = sorted(path.parent.name for path in databases.ROOT.glob("*/__manifest__.py"))
# How often what fails with us alone gets another chance.
AGAIN = 2
# Seconds after which a suite is given up.
LIMIT = 3600

Result = namedtuple("Result", "tests skipped failed passed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", choices=[*SUITES, []], metavar="suite")
    args = parser.parse_args()
    print(
        f"{'suite':<20}{'tests':>7}{'skipped':>9}{'fail without us':>17}"
        f"{'with us':>9}{'new':>5}{'seconds':>9}"
    )
    missed = False
    for name, group in GROUPS.items():
        suites = [suite for suite in group.suites if suite in (args.only or SUITES)]
        available = [suite for suite in suites if core_folder(suite)]
        for suite in set(suites) - set(available):
            print(f"{suite:<20} is not in this Odoo")
        if available:
            missed |= run_group(name, group, available)
    sys.exit(missed)


def core_folder(module):
    """The folder of a module of Odoo, False where this Odoo lacks it."""
    for path in databases.addons_path().split(","):
        if Path(path, module, "__manifest__.py").is_file():
            return Path(path, module)
    return False


def run_group(name, group, suites):
    """Whether a suite fails with us that does not without us."""
    plain, ours = f"radio_neighbours_{name}_plain", f"radio_neighbours_{name}_ours"
    databases.new(plain)
    installs = [module for module in group.installs if core_folder(module)]
    if installs:
        databases.odoo(plain, "-i", ",".join(installs))
    databases.copy(plain, ours)
    databases.odoo(ours, "-i", "radio_sales_team")
    check_bridges(ours)
    missed = False
    for suite in suites:
        missed |= compare(suite, plain, ours)
    for database in (plain, ours):
        databases.drop(database)
    return missed


def check_bridges(database):
    """Each of our addons whose other half is there must have installed itself."""
    states = dict(
        line.split("|")
        for line in databases.query(
            database, "SELECT name, state FROM ir_module_module"
        )
    )
    for addon in OURS:
        manifest = databases.ROOT / addon / "__manifest__.py"
        depends = ast.literal_eval(manifest.read_text())["depends"]
        fits = all(states.get(module) == "installed" for module in depends)
        assert fits == (states[addon] == "installed"), f"{addon} is {states[addon]}"


def compare(suite, plain, ours):
    """Run a suite in both databases and print a line; whether a failure is new."""
    start = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        without, with_us = pool.map(lambda name: run(suite, name), (plain, ours))
    new = with_us.failed - without.failed
    for _again in range(AGAIN):
        if new:
            # what does not run again has not passed
            new -= run(suite, ours, "--last-failed", "--lfnf=none").passed
    print(
        f"{suite:<20}{with_us.tests:>7}{with_us.skipped:>9}{len(without.failed):>17}"
        f"{len(with_us.failed):>9}{len(new):>5}{time.monotonic() - start:>9.0f}",
        flush=True,
    )
    for label, names in (("without us, too", without.failed), ("NEW", new)):
        for test in sorted(names):
            print(f"    {label}: {test}")
    if without.tests != with_us.tests:
        print(f"    only {without.tests} tests ran without us")
    proves = with_us.passed or not with_us.tests
    if not proves:
        print("    NOTHING RAN")
    return bool(new or not proves)


def run(suite, database, *options):
    """Run a suite's tests in a database.

    :return: how many ran and were skipped, and the names of those that failed.
    """
    tests = core_folder(suite) / "tests"
    if not tests.is_dir():
        return Result(0, 0, set(), set())
    report = databases.LOGS / f"{database}-{suite}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-c", databases.ROOT / "pyproject.toml"]
    command += [f"--odoo-database={database}", "--odoo-http", f"--junitxml={report}"]
    command += ["-o", f"cache_dir={databases.LOGS / database}-{suite}.cache"]
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    if suite == "test_lint":
        command += ["-p", "only_ours"]
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, [str(databases.DEV), environment.get("PYTHONPATH")])
        )
        environment["RADIO_ONLY"] = ",".join(OURS if database.endswith("ours") else [])
    with open(
        databases.LOGS / f"{database}-{suite}.log", "a" if options else "w"
    ) as log:
        try:
            subprocess.run(
                [*command, *options, tests],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            return Result(0, 0, {f"{suite}: given up after {LIMIT} seconds"}, set())
    return read(report)


def read(report):
    if not report.is_file():
        return Result(0, 0, {f"no report, see the logs beside {report}"}, set())
    cases = list(tree.parse(report).iter("testcase"))
    # a test with subtests stands there several times
    names = {f"{case.get('classname')}.{case.get('name')}" for case in cases}
    failed = {
        f"{case.get('classname')}.{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    }
    skipped = sum(case.find("skipped") is not None for case in cases)
    return Result(len(cases), skipped, failed, names - failed)


if __name__ == "__main__":
    main()
