"""Measure the reports and the dashboard: make bench ARGS=report

A database with 1,000,000 clocks of three years, 200,000 of their inquiries won by three
people each and paid, 100,000 hand-overs, 50,000 signals, and 5,000 inquiries that
nobody has answered yet, made with SQL. Each favourite is asked as the web client does:
pivot, graph, and the list's first page; the dashboard all that it shows, one question
after the other.
"""

import ast
import json
import statistics
import subprocess
import time
from pathlib import Path

DEV = Path(__file__).resolve().parent
DATABASE = "radio_bench_report"
DASHBOARD = "spreadsheet_dashboard_radio_sales_team"
REPORTS = (
    "radio.response.report",
    "radio.win.report",
    "radio.value.report",
    "radio.handover",
    "radio.upsell.signal",
)
CLOCKS = 1_000_000
OPEN = 5000
PEOPLE = 6


def prepare(environment):
    subprocess.run([DEV / "newdb", DATABASE, "radio_sales_team", DASHBOARD], check=True)
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
        _fill_deals(env, users.ids)
        _fill_signals(env, users.ids)
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


def _fill_deals(env, user_ids):
    """Three people in each won deal, two of whom are paid; a third of all inquiries
    was handed over."""
    role_ids = env["radio.contribution.role"].search([], limit=3).ids
    period = env["radio.commission.period"].create(
        {"company_id": env.company.id, "date_from": "2020-01-01"}
    )
    values = {
        "users": user_ids,
        "roles": role_ids,
        "period": period.id,
        "currency": env.company.currency_id.id,
    }
    env.cr.execute(
        """INSERT INTO radio_contribution (lead_id, user_id, role_id, proposed_by_id,
                state, is_automatic, create_date)
           SELECT id, (%(users)s::int[])[1 + (id + part) %% 6],
                (%(roles)s::int[])[part], 1, 'confirmed', true, date_closed
           FROM crm_lead, generate_series(1, 3) part WHERE won_status = 'won'""",
        values,
    )
    env.cr.execute(
        """INSERT INTO radio_commission_deal (name, lead_id, company_id, currency_id,
                team_id, partner_name, won_on, base_amount, revenue, event, state)
           SELECT name, id, company_id, %(currency)s, team_id, 'Customer',
                date_closed, expected_revenue, expected_revenue, 'won', 'won'
           FROM crm_lead WHERE won_status = 'won'""",
        values,
    )
    env.cr.execute(
        """INSERT INTO radio_commission_line (period_id, user_id, deal_id, role_id,
                company_id, currency_id, team_id, kind, date, base_amount, rate,
                percent, amount)
           SELECT %(period)s, (%(users)s::int[])[1 + (lead_id + part) %% 6], id,
                (%(roles)s::int[])[part], company_id, currency_id, team_id, 'accrual',
                won_on, base_amount, 8, 100, round(base_amount * 0.08, 2)
           FROM radio_commission_deal, generate_series(1, 2) part""",
        values,
    )


def _fill_signals(env, user_ids):
    partner = env["res.partner"].create({"name": "Customer"})
    values = {"users": user_ids, "partner": partner.id, "company": env.company.id}
    env.cr.execute(
        """INSERT INTO radio_handover (lead_id, team_id, company_id,
                from_user_id, to_user_id, kind, state, requested_at, answered_at,
                answer_hours)
           SELECT id, team_id, company_id, (%(users)s::int[])[1 + id %% 6],
                (%(users)s::int[])[1 + (id + 1) %% 6], 'asked',
                (ARRAY['accepted', 'declined', 'expired'])[1 + id %% 3], received_at,
                received_at + interval '1 hour', id %% 9
           FROM crm_lead WHERE is_inquiry ORDER BY id LIMIT 100000""",
        values,
    )
    env.cr.execute(
        """INSERT INTO radio_upsell_signal (partner_id, company_id, reported_by_id,
                name, kind, state, create_date, released_on)
           SELECT %(partner)s, %(company)s, (%(users)s::int[])[1 + n %% 6], 'Heard',
                'event', (ARRAY['won', 'lost', 'dismissed', 'new'])[1 + n %% 4],
                now() - n * interval '30 minutes', now()
           FROM generate_series(1, 50000) n""",
        values,
    )


def ask_dashboard(env):
    """Seconds of all that the dashboard asks, with its period."""
    name = f"{DASHBOARD}.spreadsheet_dashboard_radio_sales"
    data = json.loads(env.ref(name).spreadsheet_data)
    period = next(one["id"] for one in data["globalFilters"] if one["type"] == "date")
    start = time.perf_counter()
    for pivot in data["pivots"].values():
        domain = [*pivot["domain"], *_get_period(pivot["fieldMatching"].get(period))]
        rows, columns = (
            [":".join(filter(None, (one["fieldName"], one.get("granularity"))))]
            for one in (
                (pivot["rows"] or [{"fieldName": ""}])[0],
                (pivot["columns"] or [{"fieldName": ""}])[0],
            )
        )
        sets = [[], *([rows] if rows[0] else []), *([columns] if columns[0] else [])]
        if rows[0] and columns[0]:
            sets.append([*rows, *columns])
        env[pivot["model"]].formatted_read_grouping_sets(
            domain, sets, [measure["id"] for measure in pivot["measures"]]
        )
    charts = (figure["data"] for figure in data["sheets"][0]["figures"])
    for chart in (chart for chart in charts if "metaData" in chart):
        asked = chart["metaData"]
        env[asked["resModel"]].formatted_read_group(
            [
                *chart["searchParams"]["domain"],
                *_get_period(chart["fieldMatching"].get(period)),
            ],
            asked["groupBy"],
            [f"{asked['measure']}:sum"],
        )
    return time.perf_counter() - start


def _get_period(match):
    """The last 90 days, where the period holds for what is asked."""
    return [(match["chain"], ">=", "today -90d")] if match else []


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
        filters = env["ir.filters"].search([("model_id", "in", REPORTS)])
        found = [
            (one.name, one.model_id, one.domain, one.context)
            for one in filters.filtered("action_id")
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
    return good & measure_dashboard(environment, absolute, runs)


def measure_dashboard(environment, absolute, runs):
    results = []
    for _run in range(runs):
        with environment(DATABASE) as env:
            admin = env.ref("base.user_admin")
            results.append(ask_dashboard(env(user=admin.id)))
    return absolute("the dashboard", statistics.median(results), "s", 5)
