"""Beside OCA's sale_commission_oca with account_commission_oca: make bench ARGS=peers

A hundred orders with three paid people each: confirmed, their opportunities won,
invoiced, and the month settled. Both addons get the same opportunities and orders.
"""

import subprocess
import time
from pathlib import Path

import peer_addons
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

DEV = Path(__file__).resolve().parent
PEER, OURS = "radio_bench_peer_sale", "radio_bench_peer_sale_ours"
WHEELS = (
    "odoo-addon-commission-oca==19.0.2.0.0.10",
    "odoo-addon-account-commission-oca==19.0.1.0.1.4",
    "odoo-addon-sale-commission-oca==19.0.1.0.1.2",
)
ORDERS = 100
PEOPLE = ("seller", "jana", "otto")
# Rates in percent of the order; ours pays the same to the same people.
RATES = (8, 1, 1)
STEPS = ("confirmed and won", "invoiced", "the month settled")


def measure(environment):
    """Print seconds of each step in the best of three months, theirs and ours.

    :return: whether ours was faster in total.
    """
    prepare()
    results = [run_months(environment, *one) for one in ((PEER, THEIRS), (OURS, MINE))]
    for number, step in enumerate(STEPS):
        theirs, ours = (min(month[number] for month in months) for months in results)
        tell(f"{ORDERS} orders {step}, s", theirs, ours)
    totals = [min(sum(month) for month in months) for months in results]
    good = totals[1] < totals[0]
    tell(f"{ORDERS} orders, all of it, s", *totals, note="" if good else "MISSED")
    return good


def tell(label, theirs, ours, note=""):
    print(f"{label:<44}{theirs:>10.2f}{ours:>10.2f}    (plain: OCA) {note}", flush=True)


def prepare():
    peer_addons.install(PEER, "sale_commission_oca", WHEELS, also=["sale_crm"])
    subprocess.run([DEV / "newdb", OURS, "radio_sales_team_sale"], check=True)


def run_months(environment, name, side):
    """Seconds of the steps in each of the three months before this one."""
    with environment(name) as env:
        env["ir.cron"].search([]).active = False
        prepare_station(env)
        side["prepare"](env)
        env.cr.commit()
    return [run_month(environment, name, side, number) for number in (3, 2, 1)]


def run_month(environment, name, side, number):
    with environment(name) as env:
        day = env.cr.now() + relativedelta(months=-number, day=10)
        with freeze_time(day):
            orders = make_orders(env)
            side["assign"](env, orders)
            env.cr.commit()
            env.invalidate_all()
        took = []
        for step in (confirm, invoice, side["settle"]):
            start = time.perf_counter()
            frozen = (
                day if step in (confirm, invoice) else day + relativedelta(months=1)
            )
            with freeze_time(frozen):
                step(env, orders)
                env.cr.commit()
            took.append(time.perf_counter() - start)
            env.invalidate_all()
        with freeze_time(frozen):
            assert side["count"](env, orders) == 3 * ORDERS, "three paid people each"
        return took


def prepare_station(env):
    salesman = [(4, env.ref("sales_team.group_sale_salesman_all_leads").id)]
    users = env["res.users"].create(
        [
            {"name": login, "login": login, "email": f"{login}@bench.example"}
            | {"group_ids": salesman}
            for login in PEOPLE
        ]
    )
    team = env["crm.team"].create({"name": "Bench", "alias_name": False})
    env["crm.team.member"].create(
        [{"crm_team_id": team.id, "user_id": user.id} for user in users]
    )
    env["res.partner"].create({"name": "Customer", "email": "customer@bench.example"})
    env["product.product"].create(
        {
            "name": "Spot",
            "type": "service",
            "invoice_policy": "order",
            "taxes_id": False,
            "list_price": 100,
        }
    )


def make_orders(env):
    team = env["crm.team"].search([("name", "=", "Bench")])
    seller = env["res.users"].search([("login", "=", "seller")])
    customer = env["res.partner"].search([("name", "=", "Customer")], limit=1)
    spot = env["product.product"].search([("name", "=", "Spot")])
    own = {"partner_id": customer.id, "team_id": team.id, "user_id": seller.id}
    leads = env["crm.lead"].create(
        [
            {"name": f"Campaign {number}", "type": "opportunity", **own}
            | {"expected_revenue": 1000}
            for number in range(ORDERS)
        ]
    )
    line = {"product_id": spot.id, "product_uom_qty": 10, "price_unit": 100}
    return env["sale.order"].create(
        [
            {**own, "opportunity_id": lead.id, "order_line": [(0, 0, line)]}
            for lead in leads
        ]
    )


def confirm(env, orders):
    orders.action_confirm()
    orders.opportunity_id.action_set_won()


def invoice(env, orders):
    for order in orders:
        order._create_invoices()
    orders.invoice_ids.action_post()


# theirs: three agents of the customer


def prepare_theirs(env):
    agents = env["res.partner"]
    for login, rate in zip(PEOPLE, RATES, strict=True):
        commission = env["commission"].create({"name": f"{rate} %", "fix_qty": rate})
        agents += agents.create(
            {
                "name": f"Agent {login}",
                "agent": True,
                "commission_id": commission.id,
                "settlement": "monthly",
            }
        )
    customer = env["res.partner"].search([("name", "=", "Customer")], limit=1)
    customer.commission_agent_ids = agents


def settle_theirs(env, orders):
    env["commission.make.settle"].create(
        {"settlement_type": "sale_invoice"}
    ).action_settle()


def count_theirs(env, orders):
    lines = orders.invoice_ids.invoice_line_ids.agent_ids
    assert set(lines.mapped("settled")) == {True}
    return len(lines)


# ours: the seller, who contacted first, and who noticed the chance


def prepare_ours(env):
    roles = ("seller", "scheduling", "media_service")
    env["radio.commission.plan"].create(
        {
            "name": "Bench",
            "date_from": env.cr.now().date() - relativedelta(years=1),
            "event": "invoiced",
            "rate": RATES[0],
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "role_id": env.ref(
                            f"radio_sales_team.radio_contribution_role_{role}"
                        ).id,
                        "percent": percent,
                    },
                )
                for role, percent in zip(roles, (100, *RATES[1:]), strict=True)
            ],
        }
    ).action_approve()


def assign_ours(env, orders):
    vals_list = []
    for login, role in zip(PEOPLE[1:], ("scheduling", "media_service"), strict=True):
        user = env["res.users"].search([("login", "=", login)])
        role = env.ref(f"radio_sales_team.radio_contribution_role_{role}")
        vals_list += [
            {"lead_id": lead.id, "user_id": user.id, "role_id": role.id}
            | {"state": "confirmed"}
            for lead in orders.opportunity_id
        ]
    env["radio.contribution"].create(vals_list)


def settle_ours(env, orders):
    env["radio.commission.deal"]._cron_accrue()
    periods = env["radio.commission.period"]
    period = periods.search([("state", "=", "open")], order="date_from", limit=1)
    manager = env.ref("base.user_admin")
    manager.group_ids += env.ref("radio_sales_team.group_commission_manager")
    period.with_user(manager).action_prepare()
    period.with_user(manager).action_close()


def count_ours(env, orders):
    lines = orders.sudo().commission_deal_id.line_ids
    assert set(lines.period_id.mapped("state")) == {"closed"}
    return len(lines)


THEIRS = {
    "prepare": prepare_theirs,
    "assign": lambda env, orders: None,
    "settle": settle_theirs,
    "count": count_theirs,
}
MINE = {
    "prepare": prepare_ours,
    "assign": assign_ours,
    "settle": settle_ours,
    "count": count_ours,
}
