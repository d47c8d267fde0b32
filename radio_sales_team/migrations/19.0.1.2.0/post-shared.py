def migrate(cr, version):
    """One's own leads are seen by Odoo's rule: nobody asks then who shares them. A rule
    that somebody has changed stays as it is."""
    cr.execute(
        """UPDATE ir_rule SET domain_force = %s
           FROM ir_model_data data
           WHERE data.module = 'radio_sales_team' AND data.name = 'crm_lead_rule_shared'
             AND data.res_id = ir_rule.id AND domain_force = %s""",
        [
            "[('user_id', '!=', user.id), ('is_shared_with_me', '=', True)]",
            "[('is_shared_with_me', '=', True)]",
        ],
    )
