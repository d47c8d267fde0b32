"""A morning of thirty inquiries, minute by minute: who was told how often, who waited.

dev/python dev/morning.py [--people 2] [--minutes 7]

Thirty mails come in between eight and noon. Each person of the back office answers
the most urgent inquiry, by turns with a call (logged in Odoo) and with a mail of their
own mail program, and needs some minutes for each. The scheduled action runs every
minute, as Odoo runs it. Time is frozen; everything else is real.
"""

import argparse
import os
import random
import subprocess
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

DEV = Path(__file__).resolve().parent
EIGHT = datetime(2026, 1, 14, 7)  # eight o'clock in Berlin
# "Log contact" in the list, and "Save"; a mail needs none, the station is in copy
CLICKS_CALL, CLICKS_MAIL = 2, 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=2)
    parser.add_argument("--minutes", type=int, default=7)
    parser.add_argument("--database", default="radio_morning")
    args = parser.parse_args()
    subprocess.run([DEV / "newdb", args.database, "radio_sales_team"], check=True)

    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    with Registry(args.database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        with freeze_time(EIGHT):
            team, people = make_station(env, args.people)
        tell(*run_morning(env, team, people, args.minutes))


def make_station(env, number):
    env["ir.cron"].search([]).active = False
    calendar = env["resource.calendar"].create(
        {"name": "Station", "tz": "Europe/Berlin", "attendance_ids": False}
    )
    calendar.attendance_ids.unlink()
    calendar.attendance_ids = [
        (
            0,
            0,
            {
                "name": "Day",
                "dayofweek": str(day),
                "hour_from": 8,
                "hour_to": 17,
                "day_period": "morning",
            },
        )
        for day in range(5)
    ]
    domain = env["mail.alias.domain"].create({"name": "station.example"})
    env.company.alias_domain_id = domain
    users = env["res.users"].create(
        [
            {
                "name": name,
                "login": name.lower(),
                "email": f"{name.lower()}@station.example",
                "notification_type": "email",
            }
            for name in ["Leader", "Deputy"] + [f"Back{n}" for n in range(number)]
        ]
    )
    team = env["crm.team"].create(
        {
            "name": "Station",
            "user_id": users[0].id,
            "deputy_user_id": users[1].id,
            "response_calendar_id": calendar.id,
            "alias_name": "inquiries",
            "alias_domain_id": domain.id,
        }
    )
    env["crm.team.member"].create(
        [
            {"crm_team_id": team.id, "user_id": user.id, "sales_role": "back_office"}
            for user in users[2:]
        ]
    )
    return team, users[2:]


def run_morning(env, team, people, minutes):
    random.seed(30)
    arrivals = sorted(random.sample(range(240), 30))
    told, clicks = Counter(), Counter()
    busy_until = dict.fromkeys(people, 0)
    mails = env["mail.message"]
    for minute in range(9 * 60):
        with freeze_time(EIGHT + timedelta(minutes=minute)):
            if minute in arrivals:
                receive(env, f"c{minute}@else.example", f"<{minute}@else.example>")
            for number, user in enumerate(people):
                if busy_until[user] <= minute:
                    lead = next_inquiry(env, team, user)
                    if lead:
                        call = (minute + number) % 2
                        answer(env, lead, user, call)
                        clicks[lead] += CLICKS_CALL if call else CLICKS_MAIL
                        busy_until[user] = minute + minutes
            before = mails.search([], order="id desc", limit=1).id
            run_cron(env)
            for message in mails.search(
                [("id", ">", before), ("message_type", "=", "user_notification")]
            ):
                told.update(message.partner_ids.mapped("name"))
    leads = env["crm.lead"].search([("team_id", "=", team.id)])
    return leads, told, clicks, team, people


def receive(env, sender, message_id, **headers):
    lines = [
        f"From: {sender}",
        "To: inquiries@station.example",
        f"Message-Id: {message_id}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        "Subject: Advertising",
        "",
        "What does radio cost?",
    ]
    env["mail.thread"].message_process(False, "\r\n".join(lines))


def next_inquiry(env, team, user):
    return env["crm.lead"].search(
        [
            ("team_id", "=", team.id),
            ("is_inquiry", "=", True),
            ("first_contact_at", "=", False),
            ("back_office_user_id", "in", [False, user.id]),
        ],
        order="is_chased desc, sla_deadline",
        limit=1,
    )


def answer(env, lead, user, call):
    """Seven minutes of talking are not waited for: the contact begins now."""
    if call:
        env["radio.contact.attempt"].with_user(user).sudo().create(
            {"lead_id": lead.id, "user_id": user.id, "channel": "phone"}
        )
        return
    question = lead.message_ids.filtered(lambda message: message.message_id)[-1:]
    receive(
        env,
        user.email,
        f"<answer-{lead.id}@station.example>",
        Cc=lead.email_normalized,
        In_Reply_To=question.message_id,
    )


def run_cron(env):
    """The scheduled action, without its commits."""
    cron = env.registry["ir.cron"]
    commit = cron._commit_progress
    cron._commit_progress = lambda self, processed=0, **kwargs: 1
    try:
        env["radio.sla.clock"]._cron_escalate()
    finally:
        cron._commit_progress = commit


def tell(leads, told, clicks, team, people):
    clocks = leads.sla_clock_ids.filtered(lambda clock: clock.kind == "first_contact")
    late = [clock for clock in clocks if clock.stopped_at > clock.deadline]
    minutes = sorted(clocks.mapped("working_minutes"))
    print(f"{len(leads)} inquiries, {len(clocks)} clocks, {len(late)} answered late")
    print(f"waited: median {minutes[len(minutes) // 2]:.0f}, at most {minutes[-1]:.0f}")
    names = [*people.mapped("name"), "Deputy", "Leader"]
    print("notices:", ", ".join(f"{name} {told[name]}" for name in names))
    counts = Counter(clicks[lead] for lead in leads)
    print("clicks for an inquiry:", ", ".join(f"{n}: {c} x" for n, c in counts.items()))


if __name__ == "__main__":
    import odoo
    from odoo.tools import config

    if os.environ.get("ODOO_RC"):
        config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=error"])
    assert odoo
    main()
