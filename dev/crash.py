"""Kill the scheduled action again and again, then look for what was lost: make crash

A database of its own with inquiries whose time to answer ends, two processes that run
the scheduled action at once, a third that answers customers at the same time. Each
round ends with kill -9 at a random moment. Afterwards the action runs to its end, and
every reminder must have been done exactly once. Then two sellers say yes to the same
inquiries in the same second: each inquiry must have one of them. At last two processes
win the same opportunities and are killed: each is won with its commission, or neither.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

DEV = Path(__file__).resolve().parent
SELLERS = ("u1", "u2")
RACES = 40
DEALS = 60


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--database", default="radio_crash")
    args = parser.parse_args()
    random.seed(args.seed)
    print(f"seed {args.seed}, {args.rounds} rounds", flush=True)
    subprocess.run([DEV / "newdb", args.database, "radio_sales_team"], check=True)
    run(args.database, prepare)
    run(args.database, lambda env: None)
    # as long as one process needs where nobody kills it
    in_child(args.database, add_inquiries, "to measure").wait()
    start = time.monotonic()
    in_child(args.database, escalate).wait()
    longest = time.monotonic() - start
    killed = 0
    for number in range(args.rounds):
        in_child(args.database, add_inquiries, number).wait()
        crons = [in_child(args.database, escalate) for _worker in range(2)]
        answers = in_child(args.database, answer, args.seed + number)
        time.sleep(random.uniform(0, longest))
        killed += sum(cron.kill() for cron in crons)
        answers.wait()
    in_child(args.database, escalate).wait()
    run(args.database, ask_two_sellers)
    start = time.time() + 2
    sellers = [in_child(args.database, take_over, seller, start) for seller in SELLERS]
    for seller in sellers:
        seller.wait()
    run(args.database, add_deals)
    killed_winners, half_won = 0, []
    for _number in range(args.rounds):
        winners = [in_child(args.database, win) for _worker in range(2)]
        time.sleep(random.uniform(0.2, 1.5))
        killed_winners += sum([winner.kill() for winner in winners])
        half_won = run(args.database, audit_won)
        if half_won:
            break
    count = 2 * args.rounds
    print(f"{killed} of {count} processes were killed while they sent reminders")
    print(f"{killed_winners} of {count} were killed while they won opportunities")
    in_child(args.database, win).wait()
    complaints = run(args.database, audit) + run(args.database, audit_race)
    complaints += half_won + run(args.database, audit_won, DEALS)
    for complaint in complaints:
        print("LOST OR DOUBLED:", complaint)
    sys.exit(bool(complaints) or not (killed and killed_winners))


class in_child:
    """Run a function in a forked process with an environment of its own."""

    def __init__(self, database, function, *args):
        from odoo import sql_db

        # a connection must not be shared by two processes
        sql_db.close_all()
        self.pid = os.fork()
        if not self.pid:
            code = 1
            try:
                run(database, function, *args)
                code = 0
            except Exception as error:
                print(f"{function.__name__}: {error!r}", flush=True)
            finally:
                os._exit(code)

    def wait(self):
        os.waitpid(self.pid, 0)

    def kill(self):
        """Kill it; whether it was still at work."""
        done, _status = os.waitpid(self.pid, os.WNOHANG)
        if done:
            return False
        os.kill(self.pid, signal.SIGKILL)
        self.wait()
        return True


def run(database, function, *args):
    """Call a function with an environment, retried where two were at once."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

    for _attempt in range(10):
        with Registry(database).cursor() as cr:
            try:
                return function(api.Environment(cr, SUPERUSER_ID, {}), *args)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                cr.rollback()
    raise RuntimeError("two at once, ten times")


def prepare(env):
    """A team of five that answers around the clock, so that notices may go out now."""
    calendar = env.company.resource_calendar_id
    calendar.attendance_ids.unlink()
    calendar.write(
        {
            "attendance_ids": [
                (
                    0,
                    0,
                    {
                        "name": str(day),
                        "dayofweek": str(day),
                        "hour_from": 0,
                        "hour_to": 24,
                        "day_period": "morning",
                    },
                )
                for day in range(7)
            ]
        }
    )
    team = env["crm.team"].create({"name": "Crash", "user_id": 2})
    users = env["res.users"].create(
        [
            {"name": f"U{n}", "login": f"u{n}", "email": f"u{n}@station.example"}
            for n in range(5)
        ]
    )
    env["crm.team.member"].create(
        [
            {"crm_team_id": team.id, "user_id": user.id, "sales_role": "back_office"}
            for user in users
        ]
    )
    team.deputy_user_id = users[0]
    # the database's own scheduled actions and mail are not what is tried here
    env["ir.cron"].search([]).active = False


def add_inquiries(env, number):
    team = env["crm.team"].search([("name", "=", "Crash")])
    users = team.crm_team_member_ids.user_id
    now = datetime.now().replace(microsecond=0)
    for minutes in (50, 65):
        partners = env["res.partner"].create(
            [
                {"name": f"P{n}", "email": f"p{number}-{minutes}-{n}@else.example"}
                for n in range(60)
            ]
        )
        env["crm.lead"].create(
            [
                {
                    "name": f"Round {number}, {minutes} minutes, {n}",
                    "partner_id": partner.id,
                    "team_id": team.id,
                    "user_id": False,
                    "back_office_user_id": users[n % len(users)].id,
                    "inquiry_channel": "email",
                    "received_at": now - timedelta(minutes=minutes),
                }
                for n, partner in enumerate(partners)
            ]
        )


def escalate(env):
    env["radio.sla.clock"]._cron_escalate()


def answer(env, seed):
    """Answer some customers, each in a transaction of its own, as people do."""
    leads = env["crm.lead"].search(
        [("is_inquiry", "=", True), ("first_contact_at", "=", False)]
    )
    for lead_id in random.Random(seed).sample(leads.ids, min(15, len(leads))):
        run(env.cr.dbname, answer_one, lead_id)


def answer_one(env, lead_id):
    # there is no mail server here, and what cannot be sent would be no answer
    lead = env["crm.lead"].with_context(mail_notify_force_send=False).browse(lead_id)
    lead.with_user(lead.back_office_user_id).sudo().message_post(
        body="We call you.",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=lead.partner_id.ids,
    )


def ask_two_sellers(env):
    """Inquiries of which two sellers were asked whether they take over."""
    team = env["crm.team"].search([("name", "=", "Crash")])
    users = env["res.users"].search([("login", "in", SELLERS)])
    users.group_ids += env.ref("sales_team.group_sale_salesman")
    leads = env["crm.lead"].create(
        [
            {
                "name": f"Race {number}",
                "team_id": team.id,
                "user_id": False,
                "inquiry_channel": "email",
                "email_from": f"race{number}@else.example",
            }
            for number in range(RACES)
        ]
    )
    env["radio.contact.attempt"].create(
        [{"lead_id": lead.id, "user_id": env.uid} for lead in leads]
    )
    leads.with_context(mail_notify_force_send=False)._hand_over(users)


def take_over(env, login, start):
    """Say yes to each, in a transaction of its own, both in the same order and from the
    same moment on."""
    user = env["res.users"].search([("login", "=", login)])
    asked = env["radio.handover"].search([("to_user_id", "=", user.id)], order="id")
    for number, handover_id in enumerate(asked.ids):
        time.sleep(max(0, start + number / 20 - time.time()))
        run(env.cr.dbname, take_over_one, handover_id)


def take_over_one(env, handover_id):
    from odoo.exceptions import UserError

    handover = env["radio.handover"].browse(handover_id)
    try:
        handover.with_user(handover.to_user_id).action_accept()
    except UserError:
        env.cr.rollback()  # the other one was quicker


def audit_race(env):
    """Inquiries that both sellers have, or nobody, as sentences."""
    env.cr.execute(
        """SELECT lead.name, array_agg(handover.state ORDER BY handover.state),
                array_agg(DISTINCT handover.to_user_id = lead.user_id)
                    FILTER (WHERE handover.state = 'accepted')
           FROM crm_lead lead JOIN radio_handover handover ON lead.id = lead_id
           WHERE lead.name LIKE 'Race %%' GROUP BY lead.id, lead.name
           HAVING array_agg(handover.state::text ORDER BY handover.state)
                    <> ARRAY['accepted', 'withdrawn']
               OR bool_or(handover.state = 'accepted'
                    AND handover.to_user_id <> lead.user_id)"""
    )
    complaints = [
        f"taken over by both or by nobody: {row}" for row in env.cr.fetchall()
    ]
    env.cr.execute(
        """SELECT count(DISTINCT to_user_id) FROM radio_handover
           JOIN crm_lead ON crm_lead.id = lead_id
           WHERE state = 'accepted' AND name LIKE 'Race %%'"""
    )
    if env.cr.fetchone()[0] < len(SELLERS):
        print("one seller was always quicker: the race was none")
    return complaints


def add_deals(env):
    """Opportunities of 1,000.00 with a salesperson and a back-office user, and a plan
    that pays 10 % to the one and 1 % to the other."""

    def role(name):
        return env.ref(f"radio_sales_team.radio_contribution_role_{name}").id

    plan = env["radio.commission.plan"].create(
        {
            "name": "Crash",
            "date_from": "2020-01-01",
            "event": "won",
            "rate": 10,
            "line_ids": [
                (0, 0, {"role_id": role("seller"), "percent": 100}),
                (0, 0, {"role_id": role("first_contact"), "percent": 1}),
            ],
        }
    )
    plan.action_approve()
    users = env["res.users"].search([("login", "in", ("u3", "u4"))], order="login")
    leads = env["crm.lead"].create(
        [
            {
                "name": f"Deal {number}",
                "type": "opportunity",
                "team_id": env["crm.team"].search([("name", "=", "Crash")]).id,
                "partner_id": env["res.partner"].create({"name": f"D{number}"}).id,
                "user_id": users[0].id,
                "expected_revenue": 1000,
                "inquiry_channel": "email",
            }
            for number in range(DEALS)
        ]
    )
    env["radio.contact.attempt"].create(
        [{"lead_id": lead.id, "user_id": users[1].id} for lead in leads]
    )


def win(env):
    """Win what is not won yet, each in a transaction of its own."""
    leads = env["crm.lead"].search(
        [("name", "=like", "Deal %"), ("won_status", "=", "pending")]
    )
    for lead_id in leads.ids:
        run(env.cr.dbname, win_one, lead_id)


def win_one(env, lead_id):
    env["crm.lead"].browse(lead_id).action_set_won()


def audit_won(env, expected=None):
    """Opportunities that are half won, as sentences.

    :param expected: number of opportunities that must be won.
    """
    env.cr.execute(
        """SELECT lead.name, lead.won_status, count(DISTINCT deal.id),
                  sum(line.amount), count(line.id)
           FROM crm_lead lead
           LEFT JOIN radio_commission_deal deal ON deal.lead_id = lead.id
           LEFT JOIN radio_commission_line line ON line.deal_id = deal.id
           WHERE lead.name LIKE 'Deal %%'
           GROUP BY lead.id
           HAVING (lead.won_status, count(DISTINCT deal.id), count(line.id),
                   COALESCE(sum(line.amount), 0))
               NOT IN (('won', 1, 2, 110), ('pending', 0, 0, 0))"""
    )
    complaints = [f"half won: {row}" for row in env.cr.fetchall()]
    env.cr.execute(
        """SELECT count(*) FROM crm_lead
           WHERE name LIKE 'Deal %%' AND won_status = 'won'"""
    )
    (won,) = env.cr.fetchone()
    print(f"{won} of {DEALS} opportunities are won", flush=True)
    if expected and won != expected:
        complaints.append(f"{expected - won} opportunities could not be won")
    return complaints


def audit(env):
    """What is wrong, as sentences; read with SQL, not with what is tried here."""
    complaints = []

    def expect_none(sentence, query):
        env.cr.execute(query)
        complaints.extend(f"{sentence}: {row}" for row in env.cr.fetchall()[:5])

    expect_none(
        "a reminder is missing, or there is one too many",
        """SELECT lead.name, array_agg(step.action ORDER BY step.action)
           FROM crm_lead lead JOIN radio_sla_clock clock ON clock.lead_id = lead.id
           LEFT JOIN radio_sla_step step ON step.clock_id = clock.id
           WHERE clock.state = 'running' AND lead.name LIKE 'Round %%'
           GROUP BY lead.id, lead.name
           HAVING array_agg(step.action::text ORDER BY step.action) NOT IN (
                ARRAY['remind'], ARRAY['deputy', 'notify_leader', 'remind'])
               OR (lead.name LIKE '%% 65 minutes%%') <> (count(step.id) = 3)""",
    )
    expect_none(
        "a reminder was done twice",
        """SELECT clock_id, percentage, action, count(*) FROM radio_sla_step
           GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    )
    expect_none(
        "a scheduled action could not process a record",
        "SELECT model, record_name, error FROM radio_processing_failure",
    )
    expect_none(
        "due, but nobody did it",
        """SELECT lead_id, next_step_at FROM radio_sla_clock
           WHERE next_step_at <= now() AT TIME ZONE 'UTC' - interval '1 minute'""",
    )
    expect_none(
        "two notices to a person within an hour",
        """SELECT user_id, count(*) FROM radio_sla_notice WHERE sent_at IS NOT NULL
           GROUP BY user_id HAVING count(*) > 1""",
    )
    expect_none(
        "notices and messages differ",
        """SELECT users.login, count(DISTINCT notice.id), count(DISTINCT message.id)
           FROM res_users users
           JOIN radio_sla_notice notice
             ON notice.user_id = users.id AND notice.sent_at IS NOT NULL
           LEFT JOIN mail_notification told
             ON told.res_partner_id = users.partner_id
           LEFT JOIN mail_message message
             ON message.id = told.mail_message_id
            AND message.message_type = 'user_notification'
            AND message.subject LIKE '%%waiting for an answer%%'
           GROUP BY users.id, users.login
           HAVING count(DISTINCT notice.id) <> count(DISTINCT message.id)""",
    )
    expect_none(
        "a person is to be told of an inquiry, but nothing is noted down",
        """SELECT lead.name FROM radio_sla_clock clock
           JOIN crm_lead lead ON lead.id = clock.lead_id
           WHERE clock.state = 'running' AND lead.name LIKE 'Round %%' AND NOT EXISTS (
                SELECT FROM crm_lead_radio_sla_notice_rel rel
                JOIN radio_sla_notice notice ON notice.id = rel.radio_sla_notice_id
                WHERE rel.crm_lead_id = lead.id
                  AND notice.user_id = lead.back_office_user_id)""",
    )
    expect_none(
        "not one activity for an inquiry that waits",
        """SELECT lead.name, count(activity.id) FROM radio_sla_clock clock
           JOIN crm_lead lead ON lead.id = clock.lead_id
           LEFT JOIN mail_activity activity
             ON activity.res_model = 'crm.lead' AND activity.res_id = lead.id
           WHERE clock.state = 'running' AND lead.name LIKE 'Round %%'
           GROUP BY lead.id, lead.name
           HAVING count(activity.id) <> 1""",
    )
    env.cr.execute(
        """SELECT count(*), count(DISTINCT clock_id), count(DISTINCT clock_id)
                FILTER (WHERE clock.state = 'done')
           FROM radio_sla_step step JOIN radio_sla_clock clock ON clock.id = clock_id"""
    )
    print("%d reminders for %d inquiries, %d answered since" % env.cr.fetchone())
    return complaints


if __name__ == "__main__":
    import odoo
    from odoo.tools import config

    if os.environ.get("ODOO_RC"):
        config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=critical"])
    assert odoo
    main()
