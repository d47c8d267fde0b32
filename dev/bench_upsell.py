"""Measure bookings, volumes and insights: make bench ARGS=upsell

A database with 50,000 customers and 500,000 bookings, made with SQL.
"""

import subprocess
import time
from pathlib import Path

DEV = Path(__file__).resolve().parent
DATABASE = "radio_bench_upsell"
CUSTOMERS = 50_000
BOOKINGS = 500_000
ROWS = 50_000
MATCHES = 10_000


def prepare(environment):
    subprocess.run([DEV / "newdb", DATABASE, "radio_sales_team"], check=True)
    with environment(DATABASE) as env:
        env["ir.cron"].search([]).active = False
        source = {"source": "import", "from_month": "2020-01-01"}
        env["radio.booking.source"].create(source)
        env["radio.discount.ladder"].create(
            {
                "name": "Yearly amount",
                "tier_ids": [
                    (0, 0, {"lower_bound": bound, "discount": part})
                    for bound, part in ((5001, 2), (20001, 4), (50001, 6), (100001, 8))
                ],
            }
        )
        industry = env["res.partner.industry"].create({"name": "Bench"})
        env.flush_all()
        env.cr.execute(
            """INSERT INTO res_partner (name, complete_name, ref, active, is_company,
                    type, industry_id, company_id)
               SELECT 'Customer ' || n, 'Customer ' || n, 'C' || n, true, true,
                    'contact', CASE WHEN n <= %s THEN %s END, NULL
               FROM generate_series(1, %s) n""",
            (MATCHES, industry.id, CUSTOMERS),
        )
        env.cr.execute(
            """UPDATE res_partner SET commercial_partner_id = id
               WHERE commercial_partner_id IS NULL"""
        )
        env.cr.execute(
            """INSERT INTO radio_booking (advertiser_id, month, date_end, company_id,
                    currency_id, gross_amount, net_amount, spots, is_eligible, source,
                    source_key, is_counted)
               SELECT customer.id, month, month + 27, %s, %s,
                    1000 + n %% 1500, 900 + n %% 1500, 20, true, 'import', 'S' || n,
                    true
               FROM (SELECT n, (date_trunc('year', now())
                        + (n %% 12) * interval '1 month')::date AS month
                     FROM generate_series(1, %s) n) booking
               JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number
                     FROM res_partner WHERE ref LIKE 'C%%') customer
                 ON customer.number = n / 10 %% %s""",
            (env.company.id, env.company.currency_id.id, BOOKINGS, CUSTOMERS),
        )
        env.cr.execute(
            """INSERT INTO radio_volume_change (partner_id)
               SELECT id FROM res_partner WHERE ref LIKE 'C%'"""
        )
        env.cr.commit()
    subprocess.run(
        [DEV / "psql", "-q", "-d", DATABASE, "-c", "VACUUM ANALYZE"],
        check=True,
        stderr=subprocess.DEVNULL,
    )


def timed(environment, operation):
    """Seconds of an operation that commits."""
    with environment(DATABASE) as env:
        start = time.perf_counter()
        operation(env)
        env.cr.commit()
        return time.perf_counter() - start


def refresh(env):
    env["radio.customer.volume"]._cron_refresh()


def change(env):
    env["radio.booking"].search([], limit=100, order="id").gross_amount = 777


def load(env):
    columns = ["source_key", "advertiser_id", "month", "gross_amount", "spots"]
    rows = [
        [f"N{number}", f"C{1 + number % CUSTOMERS}", "2026-11-01", "10.5", "2"]
        for number in range(ROWS)
    ]
    for start in range(0, ROWS, 2000):  # as Odoo's import sends them
        result = env["radio.booking"].load(columns, rows[start : start + 2000])
        assert not result["messages"], result["messages"][:3]


def publish(env):
    industry = env["res.partner.industry"].search([("name", "=", "Bench")])
    insight = env["radio.industry.insight"].create(
        {"name": "Bench", "industry_ids": industry.ids}
    )
    insight.action_publish()
    env["radio.industry.insight"]._cron_spread()
    assert len(insight.signal_ids) == MATCHES, len(insight.signal_ids)


def measure(environment, absolute):
    """Run all; whether the limits hold."""
    prepare(environment)
    good = absolute(
        f"volumes of {CUSTOMERS:,} from nothing", timed(environment, refresh), "s", 60
    )
    with environment(DATABASE) as env:
        rows = env["radio.customer.volume"].search_count([])
        assert rows == CUSTOMERS, rows
    timed(environment, change)
    good &= absolute("100 changed bookings", timed(environment, refresh), "s", 1)
    good &= absolute(f"importing {ROWS:,} rows", timed(environment, load), "s", 60)
    good &= absolute(
        f"an insight to {MATCHES:,} customers", timed(environment, publish), "s", 30
    )
    return good
