def migrate(cr, version):
    """What a deal pays is written a minute after it was won: the scheduled action that
    came once a day comes every minute, unless somebody has changed how often."""
    cr.execute(
        """UPDATE ir_cron
              SET interval_type = 'minutes',
                  nextcall = LEAST(nextcall, now() AT TIME ZONE 'UTC')
             FROM ir_model_data data
            WHERE data.model = 'ir.cron' AND data.res_id = ir_cron.id
              AND data.module = 'radio_sales_team'
              AND data.name = 'ir_cron_accrue_commission'
              AND ir_cron.interval_number = 1 AND ir_cron.interval_type = 'days'"""
    )
