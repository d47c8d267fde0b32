"""Measure the addon beside plain CRM: make bench [ARGS="--runs 10 mail import ..."]

Two databases from one template, the addon installed in one of them, both open in this
one process. Each operation runs in both by turns, in a transaction that is rolled back,
and the medians are compared: both see the same machine, the same caches and noise.
"""

import argparse
import ast
import gc
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import bench_commission as bench_commission_module
import bench_peers as bench_peers_module
import bench_report as bench_report_module
import bench_upsell as bench_upsell_module
from lxml import etree

DEV = Path(__file__).resolve().parent
PLAIN, OURS = "radio_bench_plain", "radio_bench_ours"
# Odoo's own automation rules, for the comparison of reminders alone.
RULES = "radio_bench_rules"
LEADS = 1_000_000
DUE = 1000
# Contacts and inquiries to find callers among.
CALLER = "radio_bench_caller"
# Leads of which few are open, for the screens.
ROUND_PLAIN, ROUND_OURS = "radio_bench_round_plain", "radio_bench_round_ours"
CONTACTS = 200_000
CALLERS = 100_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", choices=[*BENCHMARKS, []])
    parser.add_argument("--runs", type=int, default=10)
    args = parser.parse_args()
    if set(args.only or BENCHMARKS) - {
        *("caller", "commission", "peers", "report", "round", "upsell"),
    }:
        print("setting up two databases, some minutes ...", flush=True)
        prepare((PLAIN, []), (OURS, ["radio_sales_team"]))
    print(
        f"{'operation':<44}{'plain ms':>10}{'ours ms':>10}{'times':>8}"
        f"{'queries':>16}   limit"
    )
    failed = False
    for name, benchmark in BENCHMARKS.items():
        if not args.only or name in args.only:
            failed |= not benchmark(args.runs)
    sys.exit(failed)


def prepare(*databases):
    """Two fresh databases with the same team, customers and a million old leads."""
    for name, addons in databases:
        subprocess.run([DEV / "newdb", name, *addons], check=True)
    for name, _addons in databases:
        fill(name)


def fill(name):
    with environment(name) as env:
        populate(env)
        env.cr.commit()
    # else the server would do it by itself, in the middle of measuring
    subprocess.run([DEV / "psql", "-q", "-d", name, "-c", "VACUUM ANALYZE"], check=True)


class environment:
    """An Odoo environment of a database, rolled back at the end."""

    def __init__(self, name):
        from odoo import SUPERUSER_ID, api
        from odoo.modules.registry import Registry

        self.cr = Registry(name).cursor()
        self.env = api.Environment(self.cr, SUPERUSER_ID, {})

    def __enter__(self):
        return self.env

    def __exit__(self, *error):
        self.cr.rollback()
        self.cr.close()


def populate(env):
    domain = env["mail.alias.domain"].create({"name": "bench.example"})
    env.company.alias_domain_id = domain
    for alias in ("nobody", "owner"):
        team = env["crm.team"].create(
            {
                "name": alias,
                "alias_name": alias,
                "alias_domain_id": domain.id,
                "user_id": False,
            }
        )
        if alias == "owner":
            user = env["res.users"].create(
                {"name": "Owner", "login": "owner", "email": "owner@bench.example"}
            )
            values = {"crm_team_id": team.id, "user_id": user.id}
            if "sales_role" in env["crm.team.member"]._fields:
                values["sales_role"] = "back_office"
            env["crm.team.member"].create(values)
    env["res.partner"].create({"name": "Customer", "email": "customer@bench.example"})
    env.flush_all()
    inquiry, values = "", ""
    if "is_inquiry" in env["crm.lead"]._fields:
        inquiry = ", is_inquiry, received_at, first_contact_at, first_contact_deadline"
        values = ", true, now(), now(), now()"
    env.cr.execute(
        f"""INSERT INTO crm_lead (name, type, active, team_id, stage_id, priority,
                won_status, create_date, write_date {inquiry})
            SELECT 'Old ' || n, 'opportunity', true, %s,
                (SELECT min(id) FROM crm_stage), '0', 'pending', now(), now() {values}
            FROM generate_series(1, %s) n""",
        (team.id, LEADS),
    )
    if inquiry:
        env.cr.execute(
            """INSERT INTO radio_sla_clock (lead_id, kind, policy_id, target_minutes,
                    calendar_id, stop_on, started_at, deadline, stopped_at, state,
                    pause_count)
               SELECT lead.id, 'first_contact', policy.id, 60, calendar.id, 'attempt',
                    now(), now(), now(), 'done', 0
               FROM crm_lead lead, (SELECT min(id) id FROM radio_sla_policy) policy,
                    (SELECT min(id) id FROM resource_calendar) calendar
               WHERE lead.is_inquiry"""
        )


def measure(name, operation, prepare_operation=None):
    """Milliseconds and queries of one run."""
    with environment(name) as env:
        argument = prepare_operation(env) if prepare_operation else None
        env.flush_all()
        env.invalidate_all()
        gc.collect()
        gc.disable()
        queries = env.cr.sql_log_count
        start = time.perf_counter()
        operation(env, argument)
        env.flush_all()
        elapsed = (time.perf_counter() - start) * 1000
        gc.enable()
        return elapsed, env.cr.sql_log_count - queries


def compare(
    label,
    runs,
    operation,
    prepare_operation=None,
    times=None,
    queries=None,
    databases=(PLAIN, OURS),
):
    """Run an operation in both by turns, print the medians; whether limits hold."""
    for name in databases:  # warm up
        measure(name, operation, prepare_operation)
    results = {name: [] for name in databases}
    for run in range(runs):
        for name in databases if run % 2 else reversed(databases):
            results[name].append(measure(name, operation, prepare_operation))
    plain, ours = (
        statistics.median(elapsed for elapsed, _queries in results[name])
        for name in databases
    )
    plain_queries, our_queries = (
        statistics.median_low([count for _elapsed, count in results[name]])
        for name in databases
    )
    ratio, more = ours / plain, our_queries - plain_queries
    good = (times is None or ratio <= times) and (queries is None or more <= queries)
    limit = ", ".join(
        [f"x {times}"] * (times is not None) + [f"+{queries}"] * (queries is not None)
    )
    print(
        f"{label:<44}{plain:>10.2f}{ours:>10.2f}{ratio:>8.2f}"
        f"{plain_queries:>8} {more:>+5}    {limit:<12}{'' if good else ' MISSED'}",
        flush=True,
    )
    return good


def absolute(label, value, unit, limit, plain="", note=""):
    good = value <= limit
    print(
        f"{label:<44}{plain:>10}{value:>10.2f}{'':>8}{note:>16}   "
        f"{limit} {unit}{'' if good else ' MISSED'}",
        flush=True,
    )
    return good


def receive(alias):
    def operation(env, _argument):
        receive.number += 1
        env["mail.thread"].message_process(
            False,
            f"From: Somebody <s{receive.number}@else.example>\r\n"
            f"To: {alias}@bench.example\r\n"
            f"Message-Id: <{receive.number}@else.example>\r\n"
            "Subject: Advertising\r\n\r\nWhat does radio cost?\r\n",
        )

    return operation


receive.number = 0


def bench_mail(runs):
    return compare(
        "incoming mail, nobody to own it", runs, receive("nobody"), None, 1.15, 5
    ) & compare(
        "incoming mail, back-office owner", runs, receive("owner"), None, None, 12
    )


def bench_lead(runs):
    def operation(env, _argument):
        env["crm.lead"].create({"name": "Idea", "user_id": 2})

    return compare("a lead that is no inquiry", runs, operation, None, 1.10, 0)


def bench_import(runs):
    def operation(env, _argument):
        leads = env["crm.lead"]
        columns = ["name", "email_from", "team_id/.id"]
        team = env["crm.team"].search([("alias_name", "=", "nobody")])
        row = [str(team.id)]
        if "inquiry_channel" in leads._fields:
            columns.append("inquiry_channel")
            row.append("email")
        result = leads.load(
            columns,
            [
                [f"Inquiry {number}", f"i{number}@else.example", *row]
                for number in range(1000)
            ],
        )
        assert len(result["ids"]) == 1000, result["messages"]

    return compare("1,000 inquiries imported", min(runs, 10), operation, None, 1.35)


def bench_message(runs):
    def new_lead(env):
        partner = env["res.partner"].search([("name", "=", "Customer")])
        values = {"name": "Campaign", "partner_id": partner.id, "user_id": 2}
        if "inquiry_channel" in env["crm.lead"]._fields:
            values["inquiry_channel"] = "email"
        return env["crm.lead"].create(values)

    def operation(env, lead):
        lead.with_user(2).message_post(
            body="We call you.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=lead.partner_id.ids,
        )

    def new_question(env):
        lead = new_lead(env)
        message = lead.message_post(
            body="What does it cost?",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=lead.partner_id.id,
        )
        return message.message_id

    def reply(env, message_id):
        receive.number += 1
        env["mail.thread"].message_process(
            False,
            "From: Customer <customer@bench.example>\r\n"
            "To: nobody@bench.example\r\n"
            f"Message-Id: <{receive.number}@bench.example>\r\n"
            f"In-Reply-To: {message_id}\r\n"
            "Subject: Re: Campaign\r\n\r\nAnd in the morning?\r\n",
        )

    def answered_question(env):
        message_id = new_question(env)
        message = env["mail.message"].search([("message_id", "=", message_id)])
        operation(env, env["crm.lead"].browse(message.res_id))
        return message_id

    return (
        compare("a message to the customer", runs, operation, new_lead, 1.15)
        & compare(
            "the customer writes, nobody answered yet", runs, reply, new_question, 1.15
        )
        & compare("the customer writes again", runs, reply, answered_question, 1.15)
    )


def bench_cron(runs):
    """An idle tick: what the scheduled action reads while nothing is due."""
    elapsed = [
        measure(OURS, lambda env, _argument: env["radio.sla.clock"]._get_due(set()))
        for _run in range(runs)
    ]
    with environment(OURS) as env:
        query = env["radio.sla.clock"]._search(
            [("next_step_at", "<=", datetime.now())],
            order="next_step_at, id",
            limit=100,
        )
        env.cr.execute("EXPLAIN " + env.cr.mogrify(query.select()).decode())
        plan = "\n".join(row[0] for row in env.cr.fetchall())
    scan = "Seq Scan" in plan
    good = absolute(
        f"idle tick, {LEADS:,} leads and clocks",
        statistics.median(time for time, _queries in elapsed),
        "ms",
        20,
        note="seq scan!" if scan else "index",
    )
    return good and not scan


def make_due(env):
    """1,000 inquiries of ten people in the team, whose time to answer ends now."""
    team = env["crm.team"].create({"name": "due", "user_id": 2, "alias_name": False})
    users = env["res.users"].create(
        [
            {
                "name": f"Due {number}",
                "login": f"due{number}",
                "email": f"due{number}@bench.example",
            }
            for number in range(10)
        ]
    )
    calendar = env.company.resource_calendar_id
    calendar.attendance_ids.unlink()
    calendar.write(
        {
            "attendance_ids": [
                (0, 0, {"name": str(day), "dayofweek": str(day), "hour_from": 0,
                        "hour_to": 24, "day_period": "morning"})
                for day in range(7)
            ]
        }
    )  # fmt: skip
    ours = "is_inquiry" in env["crm.lead"]._fields
    leads = env["crm.lead"]
    for start in range(0, DUE, 100):
        leads |= leads.with_context(tracking_disable=True).create(
            [
                {
                    "name": f"Due {number}",
                    "team_id": team.id,
                    "user_id": users[number % 10].id,
                    "email_from": f"due{number}@else.example",
                    **({"inquiry_channel": "email"} if ours else {}),
                }
                for number in range(start, start + 100)
            ]
        )
    env.flush_all()
    if ours:
        env.cr.execute(
            """UPDATE radio_sla_clock
               SET next_step_at = now() - interval '1 minute',
                   deadline = now() - interval '1 minute',
                   warning_at = now() - interval '30 minute'
               WHERE lead_id = ANY(%s)""",
            (leads.ids,),
        )
    else:
        env.cr.execute(
            "UPDATE crm_lead SET create_date = now() - interval '30 hour' "
            "WHERE id = ANY(%s)",
            (leads.ids,),
        )
        make_rule(env, team)
    env.cr.commit()
    return leads


def make_rule(env, team):
    """The reminder as an automation rule: a day after the inquiry, by the calendar."""
    model = env["ir.model"]._get("crm.lead")
    action = env["ir.actions.server"].create(
        {
            "name": "Remind",
            "model_id": model.id,
            "state": "next_activity",
            "activity_type_id": env.ref("mail.mail_activity_data_todo").id,
            "activity_user_type": "generic",
            "activity_user_field_name": "user_id",
        }
    )
    env["base.automation"].create(
        {
            "name": "Remind",
            "model_id": model.id,
            "trigger": "on_time",
            "trg_date_id": env.ref("crm.field_crm_lead__create_date").id,
            "trg_date_range": 1,
            "trg_date_range_type": "day",
            "trg_date_range_mode": "after",
            "trg_date_calendar_id": env.company.resource_calendar_id.id,
            "filter_domain": f"[('team_id', '=', {team.id})]",
            "action_server_ids": [(4, action.id)],
            "last_run": datetime.now() - timedelta(days=2),
        }
    )


def bench_due(_runs):
    """1,000 reminders at once, really committed, beside an automation rule."""
    import resource

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    subprocess.run([DEV / "newdb", RULES], check=True)
    install = ["-d", RULES, "-i", "base_automation", "--stop-after-init", "--no-http"]
    subprocess.run([DEV / "odoo", *install], check=True, capture_output=True)
    fill(RULES)
    took, activities, messages = {}, {}, {}
    for name in (RULES, OURS):
        with environment(name) as env:
            make_due(env)
            before = env["mail.message"].search_count([])
        with environment(name) as env:
            memory = peak()
            start = time.perf_counter()
            if name == OURS:
                env["radio.sla.clock"]._cron_escalate()
            else:
                env["base.automation"]._cron_process_time_based_actions()
            took[name] = (time.perf_counter() - start) * 1000 / DUE
            memory = peak() - memory
            activities[name] = env["mail.activity"].search_count([])
            messages[name] = env["mail.message"].search_count([]) - before
    print(
        f"    automation rule: {activities[RULES]} activities, {messages[RULES]} "
        f"messages; ours: {activities[OURS]}, {messages[OURS]}; "
        f"ours took {memory:.0f} MB more",
        flush=True,
    )
    return absolute(
        f"{DUE} due reminders, milliseconds each",
        took[OURS],
        "ms",
        5,
        plain=f"{took[RULES]:.2f}",
        note="automation rule",
    )


def bench_plan(runs):
    start = datetime(2026, 3, 2, 6)
    starts = [start + timedelta(minutes=37 * number) for number in range(1000)]

    def ours(env, calendar):
        calendar._plan_working_minutes([(moment, 60) for moment in starts])

    def core(env, calendar):
        for moment in starts[:100]:
            calendar.plan_hours(1, moment, compute_leaves=True)

    def company_calendar(env):
        return env.company.resource_calendar_id

    def per_deadline(operation, count):
        results = [measure(OURS, operation, company_calendar) for _run in range(runs)]
        return statistics.median(elapsed for elapsed, _ in results) * 1000 / count

    return absolute(
        "planning a deadline, microseconds each",
        per_deadline(ours, 1000),
        "us",
        50,
        plain=f"{per_deadline(core, 100):.0f}",
        note="plain: plan_hours",
    )


def prepare_caller():
    """A database of its own, where searches ignore accents (as with --unaccent, where
    PostgreSQL has that), with many contacts and as many inquiries without one."""
    subprocess.run([DEV / "newdb", CALLER], check=True)
    psql = [DEV / "psql", "-q", "-d", CALLER, "-v", "ON_ERROR_STOP=1"]
    subprocess.run(
        [
            *psql,
            "-c",
            """CREATE SCHEMA ext;
            CREATE EXTENSION unaccent SCHEMA ext;
            CREATE FUNCTION unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
                AS $$ SELECT ext.unaccent('ext.unaccent'::regdictionary, $1) $$;
            DO $$ DECLARE old record; BEGIN
                -- as Odoo makes them in a database that had it from the beginning
                FOR old IN SELECT indexname, indexdef FROM pg_indexes
                    WHERE tablename = 'crm_lead'
                    AND indexdef ~ 'gin \\((\\w+) gin_trgm_ops\\)'
                LOOP
                    EXECUTE 'DROP INDEX ' || old.indexname;
                    EXECUTE regexp_replace(
                        old.indexdef,
                        'gin \\((\\w+) gin_trgm_ops\\)',
                        'gin (unaccent(\\1) gin_trgm_ops)'
                    );
                END LOOP;
            END $$""",
        ],
        check=False,
    )
    subprocess.run(
        [
            *(DEV / "odoo", "-d", CALLER, "-i", "radio_sales_team", "--no-http"),
            *("--stop-after-init", "--log-level=error"),
        ],
        check=True,
    )
    with environment(CALLER) as env:
        env.company.country_id = env.ref("base.de")
        team = env["crm.team"].create({"name": "Bench"})
        back_office = env.ref("radio_sales_team.group_back_office")
        user = env["res.users"].create(
            {"name": "Jana", "login": "jana", "group_ids": [(4, back_office.id)]}
        )
        env["crm.team.member"].create({"crm_team_id": team.id, "user_id": user.id})
        env.flush_all()
        populate_callers(env, team)
        env.cr.commit()
    subprocess.run([*psql, "-c", "VACUUM ANALYZE res_partner, crm_lead"], check=True)


def populate_callers(env, team):
    """Every fourth contact is a company, the three after it are its people."""
    first = "(ARRAY['Anna','Björn','Céline','Dieter','Eva','Frank','Gül','Hanne'])"
    last = "(ARRAY['Müller','Schmidt','Brandt','Yılmaz','Petersen','Weiß','Kröger'])"
    trade = "(ARRAY['Autohaus','Bäckerei','Optik','Möbel','Elektro','Reisebüro'])"
    person = f"{first}[1 + n %% 8] || ' ' || {last}[1 + n %% 7] || n %% 9973"
    company = (
        f"{trade}[1 + n / 4 %% 6] || ' ' || {last}[1 + n / 4 %% 7] || n / 4 || ' GmbH'"
    )
    phone = "'+49 ' || 30 + n %% 870 || ' ' || 100000 + n"
    env.cr.execute(
        f"""INSERT INTO res_partner (id, name, complete_name, email, phone, is_company,
                active, type, parent_id, commercial_partner_id, commercial_company_name)
            SELECT 1000000 + n,
                CASE WHEN n %% 4 = 0 THEN {company} ELSE {person} END,
                {company} || CASE WHEN n %% 4 = 0 THEN '' ELSE ', ' || {person} END,
                'mail' || n || '@firm' || n / 4 || '.example', {phone},
                n %% 4 = 0, true, 'contact',
                CASE WHEN n %% 4 = 0 THEN NULL ELSE 1000000 + n / 4 * 4 END,
                1000000 + n / 4 * 4, {company}
            FROM generate_series(0, %s) n""",
        (CONTACTS - 1,),
    )
    env.cr.execute(
        f"""INSERT INTO crm_lead (name, type, active, team_id, stage_id, priority,
                won_status, create_date, write_date, is_inquiry, received_at,
                contact_name, partner_name, email_from, phone)
            SELECT 'Inquiry ' || n, 'opportunity', true, %s,
                (SELECT min(id) FROM crm_stage), '0', 'pending', now(), now(), true,
                now(), {person}, {company}, 'lead' || n || '@lead.example', {phone}
            FROM generate_series(1, %s) n""",
        (team.id, CALLERS),
    )


CALLER_TEXTS = [
    "müller",
    "Muller4711",
    "gmbh",
    "brandt autohaus",
    "cel",
    "firm4711",
    "mail123456@firm",
    "0049 123 45",
    "+49 30 100",
    "123456",
    "eva 10471",
    "nobodyofthatname",
    "000",
]


def bench_caller(runs):
    """The slowest of what people type in "Who is calling"."""
    prepare_caller()

    def as_back_office(env):
        user = env["res.users"].search([("login", "=", "jana")])
        return env["radio.caller"].with_user(user)

    def search(text):
        return lambda _env, callers: callers.web_name_search(
            text, {"display_name": {}}, limit=8
        )

    measure(CALLER, search("warm up"), as_back_office)
    medians = {
        text: statistics.median(
            measure(CALLER, search(text), as_back_office)[0] for _run in range(runs)
        )
        for text in CALLER_TEXTS
    }
    slowest = max(medians, key=medians.get)
    return absolute(
        f"finding a caller, {CONTACTS} contacts, {CALLERS} leads",
        medians[slowest],
        "ms",
        300,
        note=f"“{slowest}”",
    )


def prepare_round():
    """Two databases with 200,000 leads of which 5,000 are open inquiries, and a seller
    who may see only their own."""
    for name, addons in ((ROUND_PLAIN, []), (ROUND_OURS, ["radio_sales_team"])):
        subprocess.run([DEV / "newdb", name, *addons], check=True)
        with environment(name) as env:
            seller = env["res.users"].create(
                {
                    "name": "Seller",
                    "login": "seller",
                    "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
                }
            )
            env.flush_all()
            inquiry, values = "", ""
            if "is_inquiry" in env["crm.lead"]._fields:
                # old leads are no inquiries, and have none of our facts
                inquiry = ", is_inquiry, received_at, first_contact_at"
                values = """, n > 195000,
                    CASE WHEN n > 195000 THEN now() END,
                    CASE WHEN n > 195000 AND n %% 3 > 0 THEN now() END"""
            env.cr.execute(
                f"""INSERT INTO crm_lead (name, type, active, team_id, stage_id,
                        priority, won_status, user_id, create_date, write_date
                        {inquiry})
                    SELECT 'Lead ' || n, 'opportunity', true, team.id,
                        stages[1 + n %% 4], '0',
                        CASE WHEN n > 195000 THEN 'pending' ELSE 'won' END,
                        CASE WHEN n %% 40 = 0 THEN %s END, now(), now() {values}
                    FROM generate_series(1, 200000) n,
                        (SELECT min(id) id FROM crm_team) team,
                        (SELECT array_agg(id) stages FROM crm_stage) stage""",
                (seller.id,),
            )
            env.cr.commit()
        subprocess.run(
            [DEV / "psql", "-q", "-d", name, "-c", "VACUUM ANALYZE"],
            check=True,
            stderr=subprocess.DEVNULL,
        )


def open_view(leads, domain, groupby, view, view_type):
    """What the web client asks when it opens a grouped view."""
    arch = etree.fromstring(leads.get_view(view and view.id, view_type)["arch"])
    return leads.web_read_group(
        domain,
        [groupby],
        ["__count"],
        auto_unfold=True,
        unfold_read_specification=specify(leads, arch),
        unfold_read_default_limit=80,
    )


def specify(leads, arch):
    """What is read for the fields of a view."""
    fields = [leads._fields[node.get("name")] for node in arch.iter("field")]
    return {
        field.name: {"fields": {"display_name": {}}} if field.type == "many2one" else {}
        for field in fields
        if field.type not in ("one2many", "many2many")
    }


def bench_round(runs):
    """The morning round beside the plain pipeline; a seller's own pipeline."""
    prepare_round()

    def as_user(login):
        def prepare_operation(env):
            user = env["res.users"].search([("login", "=", login)])
            return env["crm.lead"].with_user(user)

        return prepare_operation

    def pipeline(_env, leads):
        domain = [("type", "=", "opportunity"), ("active", "=", True)]
        open_view(leads, domain, "stage_id", None, "kanban")

    def screen(env, leads):
        if "round_topic" not in leads._fields:
            return pipeline(env, leads)
        view = env.ref("radio_sales_team.crm_lead_view_list_round")
        domain = [("round_topic", "!=", False)]
        return open_view(leads, domain, "round_topic", view, "list")

    def inquiries(env, leads):
        if "is_inquiry" not in leads._fields:
            return pipeline(env, leads)
        action = env.ref("radio_sales_team.crm_lead_action_inquiry")
        search = etree.fromstring(leads.get_view(action.search_view_id.id)["arch"])
        (waiting,) = search.xpath("//filter[@name='waiting_answer']/@domain")
        view = env.ref("radio_sales_team.crm_lead_view_list_inquiry")
        arch = etree.fromstring(leads.get_view(view.id, "list")["arch"])
        return leads.web_search_read(
            ast.literal_eval(action.domain) + ast.literal_eval(waiting),
            specify(leads, arch),
            limit=80,
            order=arch.get("default_order"),
        )

    databases = (ROUND_PLAIN, ROUND_OURS)
    label = "inquiries beside the pipeline, 200,000 leads"
    good = compare(label, runs, inquiries, as_user("admin"), 1.0, databases=databases)
    label = "morning round beside the pipeline, 200,000 leads"
    good &= compare(label, runs, screen, as_user("admin"), 1.0, databases=databases)
    label = "an own-documents seller's pipeline"
    return good & compare(
        label, runs, pipeline, as_user("seller"), 1.25, databases=databases
    )


def bench_upsell(_runs):
    """Bookings, volumes and insights, in a database of their own."""
    return bench_upsell_module.measure(environment, absolute)


def bench_commission(runs):
    """Winning, beside plain CRM; closing a month of 10,000 deals."""
    return bench_commission_module.measure(environment, absolute, compare, runs)


def bench_report(runs):
    """The favourites of the reports on response times."""
    return bench_report_module.measure(environment, absolute, runs)


def bench_peers(runs):
    """What a deadline costs, beside OCA's helpdesk."""
    return bench_peers_module.measure(environment, measure, runs)


BENCHMARKS = {
    "mail": bench_mail,
    "lead": bench_lead,
    "import": bench_import,
    "message": bench_message,
    "cron": bench_cron,
    "due": bench_due,
    "plan": bench_plan,
    "caller": bench_caller,
    "round": bench_round,
    "upsell": bench_upsell,
    "commission": bench_commission,
    "report": bench_report,
    "peers": bench_peers,
}

if __name__ == "__main__":
    import os

    import odoo
    from odoo.tools import config

    if os.environ.get("ODOO_RC"):
        config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=error"])
    assert odoo
    main()
