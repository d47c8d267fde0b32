"""What dev/soak.py has lost or doubled, read with SQL."""


def run(database, function, *args):
    """Call a function with the superuser's environment, and commit."""
    from odoo import SUPERUSER_ID, api, sql_db
    from odoo.modules.registry import Registry

    sql_db.close_all()  # the server may have been restarted
    with Registry(database).cursor() as cr:
        return function(api.Environment(cr, SUPERUSER_ID, {}), *args)


def count_due(env):
    """Return the number of reminders whose time is over."""
    env.cr.execute(
        """SELECT count(*) FROM radio_sla_clock
           WHERE next_step_at <= now() AT TIME ZONE 'UTC' - interval '1 minute'"""
    )
    return env.cr.fetchone()[0]


def audit(env, sent):
    """Sentences on what is wrong."""
    complaints = []

    def expect_none(sentence, query, *params):
        env.cr.execute(query, params)
        rows = env.cr.fetchall()
        complaints.extend(f"{sentence}, {len(rows)} times: {row}" for row in rows[:3])

    expect_none(
        "a mail that has no inquiry",
        """SELECT sent FROM unnest(%s) sent WHERE NOT EXISTS (
            SELECT FROM mail_message message
            JOIN crm_lead lead ON lead.id = message.res_id
            WHERE message.message_id = sent AND message.model = 'crm.lead')""",
        sent,
    )
    expect_none(
        "a mail that was taken twice",
        """SELECT message_id, count(*) FROM mail_message
           WHERE message_id = ANY(%s) GROUP BY 1 HAVING count(*) > 1""",
        sent,
    )
    expect_none(
        "an inquiry without a clock, or with two",
        """SELECT lead.id, count(clock.id) FROM crm_lead lead
           LEFT JOIN radio_sla_clock clock
             ON clock.lead_id = lead.id AND clock.kind = 'first_contact'
           WHERE lead.is_inquiry AND lead.asked_before_id IS NULL
           GROUP BY lead.id HAVING count(clock.id) <> 1""",
    )
    expect_none(
        "answered, but the clock runs, or the other way round",
        """SELECT lead.id, clock.state, lead.first_contact_at, clock.stopped_at
           FROM radio_sla_clock clock JOIN crm_lead lead ON lead.id = clock.lead_id
           WHERE clock.kind = 'first_contact' AND (
                (clock.state = 'done') <> (clock.stopped_at IS NOT NULL)
                OR clock.state = 'done'
                    AND clock.stopped_at <> lead.first_contact_at
                OR clock.state = 'running' AND (
                    lead.first_contact_at IS NOT NULL OR lead.won_status <> 'pending')
           )""",
    )
    expect_none(
        "a reminder was done twice",
        """SELECT clock_id, percentage, action FROM radio_sla_step
           GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    )
    expect_none(
        "a reminder is missing",
        """SELECT clock.id FROM radio_sla_clock clock
           WHERE clock.state = 'running' AND clock.kind = 'first_contact'
             AND clock.deadline < now() AT TIME ZONE 'UTC' - interval '3 minutes'
             AND NOT EXISTS (
                SELECT FROM radio_sla_step step
                WHERE step.clock_id = clock.id AND step.percentage = 100)""",
    )
    expect_none(
        "a scheduled action could not process a record",
        "SELECT model, record_name, error FROM radio_processing_failure",
    )
    expect_none(
        "taken over by two",
        """SELECT lead_id FROM radio_handover WHERE state = 'accepted'
           GROUP BY lead_id, requested_at HAVING count(*) > 1""",
    )
    expect_none(
        "won without a deal, or with two",
        """SELECT lead.id, count(deal.id) FROM crm_lead lead
           LEFT JOIN radio_commission_deal deal
             ON deal.lead_id = lead.id AND deal.state = 'won'
           WHERE lead.won_status = 'won' GROUP BY lead.id HAVING count(deal.id) <> 1""",
    )
    expect_none(
        "a scheduled action is off",
        """SELECT cron_name FROM ir_cron WHERE NOT active AND id IN (
               SELECT res_id FROM ir_model_data
               WHERE model = 'ir.cron' AND module = 'radio_sales_team')""",
    )
    result = env["radio.commission.audit"]._run(env.company)
    complaints += result.finding_ids.mapped("name")[:3]
    env.cr.execute(
        """SELECT (SELECT count(*) FROM crm_lead WHERE is_inquiry),
                  (SELECT count(*) FROM radio_contact_attempt),
                  (SELECT count(*) FROM radio_handover WHERE state = 'accepted'),
                  (SELECT count(*) FROM crm_lead WHERE won_status = 'won'),
                  (SELECT count(*) FROM radio_commission_line),
                  (SELECT count(*) FROM radio_sla_step)"""
    )
    print(
        f"{len(sent)} mails: %s inquiries, %s contacts, %s hand-overs taken over, "
        "%s deals won, %s lines of the ledger, %s reminders" % env.cr.fetchone()
    )
    return complaints
