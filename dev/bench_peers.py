"""Beside OCA's helpdesk_mgmt_sla, for what it does alike: make bench ARGS=peers

That addon gives tickets a deadline in working hours. It comes from the Python index,
into a folder of the cache and a database of its own. What is compared is what each adds
to its own plain record, so that tickets and leads can stand side by side.
"""

import statistics
import subprocess
from pathlib import Path

import bench_peer_commission
import peer_addons

DEV = Path(__file__).resolve().parent
PEER, OURS = "radio_bench_peer", "radio_bench_peer_ours"
WHEELS = (
    "odoo-addon-helpdesk-mgmt==19.0.1.3.2",
    "odoo-addon-helpdesk-mgmt-sla==19.0.1.0.0.4",
)
AT_ONCE = 200
OPEN = 100_000


def measure(environment, measure_one, runs):
    """Print what each adds to its own plain record, and what commission costs.

    :return: whether commission is faster than the peer's.
    """
    prepare()
    runs = min(runs, 3)
    label = f"a deadline, ms each of {AT_ONCE:,} at once"
    tell(label, *(add(measure_one, runs, *one) for one in BATCHES))
    label = "a deadline for one alone, ms"
    tell(label, *(add(measure_one, runs, *one) for one in ALONE))
    for name, fill in ((PEER, fill_peer), (OURS, fill_ours)):
        with environment(name) as env:
            fill(env)
            env.cr.commit()
        subprocess.run(
            [DEV / "psql", "-q", "-d", name, "-c", "VACUUM ANALYZE"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
    label = f"what is late, among {OPEN:,} open ones, ms"
    tell(label, *(median(measure_one, runs, *one)[0] for one in LATE))
    return bench_peer_commission.measure(environment)


def tell(label, theirs, ours):
    print(f"{label:<44}{theirs:>10.2f}{ours:>10.2f}    (plain: OCA)", flush=True)


def prepare():
    peer_addons.install(PEER, "helpdesk_mgmt_sla", WHEELS)
    subprocess.run([DEV / "newdb", OURS, "radio_sales_team"], check=True)


def median(measure_one, runs, name, operation, prepare_operation=None):
    results = [
        measure_one(name, operation, prepare_operation) for _run in range(runs + 1)
    ]
    return tuple(statistics.median(values) for values in zip(*results[1:], strict=True))


def add(measure_one, runs, name, make, count):
    """Milliseconds each that a deadline adds."""
    took = [
        median(
            measure_one,
            runs,
            name,
            lambda env, team, has=has_deadline: make(env, team, has, count),
            lambda env: prepare_team(env, name),
        )[0]
        for has_deadline in (False, True)
    ]
    return (took[1] - took[0]) / count


def prepare_team(env, name):
    if name == OURS:
        return env["crm.team"].create({"name": "Bench", "alias_name": False})
    stages = env["helpdesk.ticket.stage"].search([], order="sequence")
    team = env["helpdesk.ticket.team"].create({"name": "Bench"})
    env["helpdesk.sla"].create(
        {"name": "One hour", "hours": 1, "stage_id": stages[-1].id}
    )
    return team


def make_tickets(env, team, has_deadline, count):
    team.use_sla = has_deadline
    env["helpdesk.ticket"].create(
        [
            {"name": f"Ticket {n}", "description": "What?", "team_id": team.id}
            for n in range(count)
        ]
    )


def make_leads(env, team, has_deadline, count):
    env["crm.lead"].create(
        [
            {
                "name": f"Inquiry {n}",
                "email_from": f"n{n}@else.example",
                "team_id": team.id,
                "user_id": False,
                **({"inquiry_channel": "email"} if has_deadline else {}),
            }
            for n in range(count)
        ]
    )


def fill_peer(env):
    team = prepare_team(env, PEER)
    stage = env["helpdesk.ticket.stage"].search([], limit=1)
    sla = env["helpdesk.sla"].search([], limit=1)
    env.flush_all()
    env.cr.execute(
        """INSERT INTO helpdesk_ticket (name, number, description, team_id, stage_id,
                company_id, active, create_date)
           SELECT 'Ticket ' || n, n, 'What?', %s, %s, %s, true, now()
           FROM generate_series(1, %s) n""",
        (team.id, stage.id, env.company.id, OPEN),
    )
    env.cr.execute(
        """INSERT INTO helpdesk_ticket_sla (ticket_id, sla_id, state, deadline)
           SELECT id, %s, 'in_progress', now() + (id %% 100 - 5) * interval '1 hour'
           FROM helpdesk_ticket""",
        (sla.id,),
    )


def fill_ours(env):
    stage = env["crm.stage"].search([], limit=1)
    env.cr.execute(
        """INSERT INTO crm_lead (name, type, active, stage_id, priority, won_status,
                is_inquiry, received_at, sla_deadline, sla_kind, create_date)
           SELECT 'Inquiry ' || n, 'opportunity', true, %s, '0', 'pending', true, now(),
                now() AT TIME ZONE 'UTC' + (n %% 100 - 5) * interval '1 hour',
                'first_contact', now()
           FROM generate_series(1, %s) n""",
        (stage.id, OPEN),
    )


def find_late_tickets(env, _argument):
    env["helpdesk.ticket"].search([("ticket_sla_ids.expired", "=", True)], limit=80)


def find_late_leads(env, _argument):
    env["crm.lead"].search([("sla_deadline", "<", "now")], limit=80)


BATCHES = ((PEER, make_tickets, AT_ONCE), (OURS, make_leads, AT_ONCE))
ALONE = ((PEER, make_tickets, 1), (OURS, make_leads, 1))
LATE = ((PEER, find_late_tickets), (OURS, find_late_leads))
