"""Who works in dev/soak.py, and what they do."""

TEAMS = 5
INQUIRY = {
    name: {}
    for name in (
        *("name", "inquirer", "sla_badge", "sla_badge_color", "sla_deadline"),
        *("received_at", "inquiry_channel", "email_from", "expected_revenue"),
    )
}


def prepare(env, users):
    """Teams that answer around the clock within six minutes, so that there is a lot to
    remind of; a quarter of the people in the back office; a plan that pays."""
    # nothing leaves this machine: the action that asks Odoo's servers about new leads
    env["ir.config_parameter"].set_param("iap.endpoint", "http://127.0.0.1:9")
    enrich = env.ref("crm_iap_enrich.ir_cron_lead_enrichment", raise_if_not_found=False)
    if enrich:
        enrich.active = False
    calendar = env.company.resource_calendar_id
    calendar.attendance_ids.unlink()
    hours = {"hour_from": 0, "hour_to": 24, "day_period": "morning"}
    calendar.write(
        {
            "attendance_ids": [
                (0, 0, {"name": str(day), "dayofweek": str(day), **hours})
                for day in range(7)
            ]
        }
    )
    domain = env["mail.alias.domain"].create({"name": "soak.example"})
    env.company.alias_domain_id = domain
    teams = env["crm.team"].create(
        [
            {"name": f"Team {n}", "alias_name": f"team{n}", "user_id": False}
            for n in range(TEAMS)
        ]
    )
    env["radio.sla.policy"].search([]).target_hours = 0.1
    for number in range(users):
        role = "back" if number % 4 == 0 else "seller"
        group = {
            "back": "radio_sales_team.group_back_office",
            "seller": "sales_team.group_sale_salesman",
        }[role]
        login = f"{role}{number}"
        user = env["res.users"].create(
            {
                "name": login,
                "login": login,
                "password": login,
                "email": f"{login}@soak.example",
                "group_ids": [(4, env.ref(group).id)],
            }
        )
        env["crm.team.member"].create(
            {
                "crm_team_id": teams[number % TEAMS].id,
                "user_id": user.id,
                "sales_role": "back_office" if role == "back" else "field_sales",
            }
        )
    env.ref("radio_sales_team.radio_commission_plan_default").action_approve()


def look(session, _chance):
    """The list of inquiries, the most urgent first; whoever is in sales sees theirs."""
    return session.call(
        "crm.lead",
        "web_search_read",
        [("is_inquiry", "=", True), ("won_status", "=", "pending")],
        INQUIRY,
        limit=80,
        order="sla_deadline",
    )["records"]


def pick(session, chance, domain):
    found = session.call(
        "crm.lead", "search_read", domain, ["id", "partner_id"], limit=30
    )
    return chance.choice(found) if found else None


def answer(session, chance):
    """Take an inquiry that nobody has answered, and write to the customer."""
    lead = pick(
        session,
        chance,
        [("is_inquiry", "=", True), ("first_contact_at", "=", False)],
    )
    if not lead:
        return
    session.call("crm.lead", "write", [lead["id"]], {"priority": "1"})
    values = session.call("crm.lead", "read", [lead["id"]], ["email_from"])[0]
    session.ask(
        "/mail/message/post",
        {
            "thread_model": "crm.lead",
            "thread_id": lead["id"],
            "post_data": {
                "body": "Thank you, a colleague calls you.",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "partner_emails": [values["email_from"]],
            },
        },
    )


def hand_over(session, chance):
    """Change the salesperson of what was answered."""
    lead = pick(
        session,
        chance,
        [
            ("is_inquiry", "=", True),
            ("first_contact_at", "!=", False),
            ("user_id", "=", False),
        ],
    )
    sellers = session.call(
        "crm.team.member",
        "search_read",
        [("sales_role", "=", "field_sales")],
        ["user_id"],
    )
    if lead and sellers:
        seller = chance.choice(sellers)["user_id"][0]
        session.call("crm.lead", "write", [lead["id"]], {"user_id": seller})


def accept(session, chance):
    """Say yes to one of what is asked of me."""
    asked = session.call(
        "radio.handover",
        "search_read",
        [("to_user_id", "=", session.user_id), ("state", "=", "requested")],
        ["id"],
        limit=10,
    )
    if asked:
        one = chance.choice(asked)["id"]
        session.call("radio.handover", "action_accept", [one])


def win(session, chance):
    """Win one of mine, with an amount."""
    mine = [("user_id", "=", session.user_id), ("won_status", "=", "pending")]
    lead = pick(session, chance, mine)
    if lead:
        values = {
            "expected_revenue": chance.randrange(100, 900_000) / 100,
            "type": "opportunity",
        }
        session.call("crm.lead", "write", [lead["id"]], values)
        session.call("crm.lead", "action_set_won_rainbowman", [lead["id"]])


ACTIONS = {
    "back": [
        ("list", look),
        ("answer", answer),
        ("answer", answer),
        ("hand over", hand_over),
        ("hand over", hand_over),
    ],
    "seller": [
        ("list", look),
        ("accept", accept),
        ("accept", accept),
        ("win", win),
    ],
}
