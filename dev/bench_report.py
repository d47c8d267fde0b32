"""Measure the reports on response times: make bench ARGS=report

A database with 1,000,000 clocks of three years, 200,000 of their inquiries won, and
5,000 that nobody has answered yet, made with SQL. Each favourite is asked as the web
client does: pivot, graph, and the list's first page.
"""

import ast
import statistics
import subprocess
import time
from pathlib import Path

DEV = Path(__file__).resolve().parent
DATABASE = "radio_bench_report"
CLOCKS = 1_000_000
OPEN = 5000
PEOPLE = 6


def prepare(environment):
    subprocess.run([DEV / "newdb", DATABASE, "radio_sales_team"], check=True)
    with environment(DATABASE) as env:
        env["ir.cron"].search([]).active = False
        users = env["res.users"].create(
            [
                {
                    "name": f"Person {number}",
                    "login": f"person{number}",
                    "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
                }
                for number in range(PEOPLE)
            ]
        )
        teams = env["crm.team"].create([{"name": f"Team {n}"} for n in range(4)])
        env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        for team in teams:
            env["crm.team.member"].create(
                [{"crm_team_id": team.id, "user_id": user.id} for user in users]
            )
        env.flush_all()
        _fill(env, teams.ids, users.ids)
        env.cr.commit()
    subprocess.run(
        [DEV / "psql", "-q", "-d", DATABASE, "-c", "VACUUM ANALYZE"],
        check=True,
        stderr=subprocess.DEVNULL,
    )


def _fill(env, team_ids, user_ids):
    """Six in ten clocks are first contacts, each of its own inquiry."""
    env.cr.execute(
        """INSERT INTO crm_lead (name, type, active, team_id, stage_id, priority,
                won_status, user_id, back_office_user_id, company_id, create_date,
                write_date, is_inquiry, received_at, inquiry_channel, expected_revenue,
                date_closed, first_contact_at, first_contact_user_id)
           SELECT 'Inquiry ' || n, 'opportunity', n %% 3 > 0, teams[1 + n %% 4],
                (SELECT min(id) FROM crm_stage), '0',
                CASE WHEN n <= %(open)s THEN 'pending'
                     WHEN n %% 3 = 1 THEN 'won' WHEN n %% 3 = 0 THEN 'lost'
                     ELSE 'pending' END,
                users[1 + n %% 6], users[1 + n %% 5], %(company)s, now(), now(), true,
                asked, (ARRAY['email', 'website', 'phone', 'other'])[1 + n %% 4],
                500 + n %% 5000,
                CASE WHEN n %% 3 < 2 THEN asked + interval '9 days' END,
                CASE WHEN n > %(open)s THEN asked + n %% 997 * interval '1 minute' END,
                CASE WHEN n > %(open)s THEN users[1 + n %% 5] END
           FROM (SELECT n, now() - (n * 47) %% 1578 * interval '1 minute'
                        - n * 1000 / %(leads)s * 1.095 * interval '1 day' AS asked,
                    %(teams)s::int[] AS teams, %(users)s::int[] AS users
                 FROM generate_series(1, %(leads)s) n) lead""",
        {
            "open": OPEN,
            "leads": CLOCKS * 6 // 10,
            "company": env.company.id,
            "teams": team_ids,
            "users": user_ids,
        },
    )
    env.cr.execute(
        """INSERT INTO radio_sla_clock (lead_id, kind, policy_id, target_minutes,
                calendar_id, stop_on, company_id, team_id, user_id, promised_by_id,
                started_at, deadline, stopped_at, state, pause_count, working_minutes,
                wall_minutes, paused_minutes)
           SELECT lead.id, kind, (SELECT min(id) FROM radio_sla_policy), 60,
                (SELECT min(id) FROM resource_calendar), 'attempt', lead.company_id,
                lead.team_id, lead.back_office_user_id, lead.user_id,
                received_at, received_at + interval '60 minutes', first_contact_at,
                CASE WHEN first_contact_at IS NULL THEN 'running' ELSE 'done' END,
                CASE WHEN lead.id % 9 = 0 THEN 1 ELSE 0 END,
                lead.id % 631, lead.id % 997,
                CASE WHEN lead.id % 9 = 0 THEN lead.id % 317 ELSE 0 END
           FROM crm_lead lead
           JOIN (VALUES ('first_contact', 1), ('seller_contact', 3)) kinds(kind, part)
             ON part = 1 OR lead.id % part > 0
           WHERE lead.is_inquiry""",
    )


def ask(reports, context, domain):
    """What pivot, graph and list ask to open a favourite.

    :return: seconds of the slowest of the three.
    """
    measures = [
        name if name == "__count" else f"{name}:{reports._fields[name].aggregator}"
        for name in context["pivot_measures"]
    ]
    rows, columns = context["pivot_row_groupby"], context["pivot_column_groupby"]
    sets = [
        [*rows[:row], *columns[:column]]
        for row in range(len(rows) + 1)
        for column in range(len(columns) + 1)
    ]
    graph = context["graph_measure"]
    if graph != "__count":
        graph = f"{graph}:{reports._fields[graph].aggregator}"
    questions = {
        "pivot": lambda: reports.formatted_read_grouping_sets(domain, sets, measures),
        "graph": lambda: reports.formatted_read_group(
            domain, context["graph_groupbys"], [graph]
        ),
        "list": lambda: reports.web_read_group(
            domain, context["group_by"][:1], ["__count", *measures[1:]], limit=80
        ),
    }
    seconds = {}
    for name, question in questions.items():
        reports.env.invalidate_all()
        start = time.perf_counter()
        question()
        seconds[name] = time.perf_counter() - start
    return seconds


def measure(environment, absolute, runs):
    """Run all; whether the limits hold."""
    prepare(environment)
    with environment(DATABASE) as env:
        env.cr.execute("SELECT count(*) FROM radio_sla_clock")
        print(f"{env.cr.fetchone()[0]:,} clocks")
        names = env["ir.filters"].search([("model_id", "like", "radio.%.report")])
        found = [
            (one.name, one.model_id, one.domain, one.context)
            for one in names.filtered(
                lambda one: (
                    one.model_id in ("radio.response.report", "radio.win.report")
                )
            )
        ]
    good = True
    for name, model, domain, context in found:
        results = []
        for _run in range(runs):
            with environment(DATABASE) as env:
                reports = env[model].with_user(env.ref("base.user_admin"))
                results.append(
                    ask(reports, ast.literal_eval(context), ast.literal_eval(domain))
                )
        for view in results[0]:
            median = statistics.median(result[view] for result in results)
            good &= absolute(f"{name[:36]} {view}", median, "s", 1.5)
    return good
