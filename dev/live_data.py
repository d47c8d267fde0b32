"""A station that has worked with plain CRM for years: leads, mail, customers, plans.

Filled by SQL, as Odoo itself would take hours. All from 1 on, so that two databases are
the same.
"""

LEADS, MESSAGES, PARTNERS, ACTIVITIES = 200_000, 1_000_000, 50_000, 20_000

STATEMENTS = (
    """INSERT INTO res_partner (name, email, email_normalized, active, is_company, type,
            company_id, lang, commercial_partner_id, complete_name, create_date,
            write_date)
       SELECT name, email, email, TRUE, TRUE, 'contact', NULL, 'en_US', NULL, name,
            now(), now()
       FROM (SELECT 'Customer ' || n AS name, 'c' || n || '@live.example' AS email
             FROM generate_series(1, %(partners)s) n) p""",
    """UPDATE res_partner SET commercial_partner_id = id
       WHERE commercial_partner_id IS NULL""",
    # a fifth open, most of them old; won, lost and archived ones
    """INSERT INTO crm_lead (name, type, active, team_id, stage_id, priority,
            partner_id, email_from, email_normalized, user_id, won_status, probability,
            automated_probability, date_open, date_closed, expected_revenue,
            create_uid, create_date, write_uid, write_date)
       SELECT 'Campaign ' || n,
            CASE WHEN n %% 10 = 0 THEN 'lead' ELSE 'opportunity' END,
            kind NOT IN ('lost', 'archived'),
            (SELECT min(id) FROM crm_team),
            CASE WHEN kind = 'won' THEN (SELECT min(id) FROM crm_stage WHERE is_won)
                 ELSE (SELECT min(id) FROM crm_stage WHERE is_won IS NOT TRUE) END,
            '0', partner.id, partner.email, partner.email,
            CASE WHEN n %% 4 > 0 THEN 2 END,
            CASE kind WHEN 'won' THEN 'won' WHEN 'lost' THEN 'lost'
                 ELSE 'pending' END,
            CASE kind WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE 20 END, 20,
            moment, CASE WHEN kind IN ('won', 'lost') THEN moment END, n %% 9000,
            1, moment, 1, moment
       FROM (SELECT n, now() - (%(leads)s - n) * interval '9 minutes' AS moment,
                    CASE WHEN n %% 5 = 0 THEN 'open' WHEN n %% 5 < 3 THEN 'won'
                         WHEN n %% 10 = 3 THEN 'archived' ELSE 'lost' END AS kind
             FROM generate_series(1, %(leads)s) n) l
       JOIN (SELECT id, email, row_number() OVER (ORDER BY id) AS number
             FROM res_partner WHERE email LIKE '%%@live.example') partner
         ON partner.number = n %% %(partners)s + 1""",
    # by turns a question of the customer and an answer
    """INSERT INTO mail_message (model, res_id, message_type, subtype_id, author_id,
            email_from, subject, body, date, create_uid, create_date, write_date)
       SELECT 'crm.lead', lead.id,
            CASE WHEN n %% 2 = 0 THEN 'comment' ELSE 'email' END,
            (SELECT res_id FROM ir_model_data
             WHERE module = 'mail' AND name = 'mt_comment'),
            CASE WHEN n %% 2 = 0 THEN 3 ELSE lead.partner_id END,
            lead.email_from, lead.name, '<p>What does a week of radio cost?</p>',
            lead.create_date + n * interval '1 hour', 1,
            lead.create_date + n * interval '1 hour', now()
       FROM crm_lead lead,
            generate_series(1, %(messages)s / (SELECT count(*) FROM crm_lead)) n""",
    """INSERT INTO mail_activity (res_model, res_model_id, res_id, activity_type_id,
            user_id, date_deadline, active, automated, create_uid, create_date,
            write_date)
       SELECT 'crm.lead', (SELECT id FROM ir_model WHERE model = 'crm.lead'), lead.id,
            (SELECT min(id) FROM mail_activity_type WHERE category = 'phonecall'), 2,
            current_date, TRUE, FALSE, 1, now(), now()
       FROM crm_lead lead WHERE won_status = 'pending' AND active
       ORDER BY lead.id LIMIT %(activities)s""",
)


def statements(leads=LEADS):
    """SQL statements that fill a database of plain CRM with this many leads."""
    sizes = {
        "leads": leads,
        "messages": leads * (MESSAGES // LEADS),
        "partners": max(leads * PARTNERS // LEADS, 1),
        "activities": leads * ACTIVITIES // LEADS,
    }
    return [statement % sizes for statement in STATEMENTS]
