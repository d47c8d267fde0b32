OLD_NAME = "Commission: what campaigns earn month by month"
NAME = "Commission: what was won, and what campaigns earn month by month"
GERMAN = "Provision: was gewonnen wurde, und was Kampagnen Monat für Monat verdienen"


def migrate(cr, version):
    """What a deal pays is written a minute after it was won: the scheduled action that
    came once a day comes every minute, unless somebody has changed how often. In SQL,
    which waits where the action runs in this moment; Odoo would refuse."""
    cr.execute(
        """SELECT cron.id, cron.ir_actions_server_id
             FROM ir_cron cron JOIN ir_model_data data ON data.res_id = cron.id
            WHERE data.model = 'ir.cron' AND data.module = 'radio_sales_team'
              AND data.name = 'ir_cron_accrue_commission'"""
    )
    for cron_id, action_id in cr.fetchall():
        cr.execute(
            """UPDATE ir_cron
                  SET interval_type = 'minutes',
                      nextcall = LEAST(nextcall, now() AT TIME ZONE 'UTC')
                WHERE id = %s AND interval_number = 1 AND interval_type = 'days'""",
            [cron_id],
        )
        cr.execute(
            """UPDATE ir_act_server
                  SET name = name || jsonb_build_object('en_US', %s::text)
                          || CASE WHEN name ? 'de_DE'
                             THEN jsonb_build_object('de_DE', %s::text)
                             ELSE '{}' END
                WHERE id = %s AND name ->> 'en_US' = %s RETURNING id""",
            [NAME, GERMAN, action_id, OLD_NAME],
        )
        if cr.fetchone():
            cr.execute(
                "UPDATE ir_cron SET cron_name = %s WHERE id = %s", [NAME, cron_id]
            )
