from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Promises that nobody has kept yet know the inquiry that ends them. Filled here in
    one go: Odoo would ask for each promise that was ever made."""
    if column_exists(cr, "radio_sla_clock", "open_lead_id"):
        return
    cr.execute("ALTER TABLE radio_sla_clock ADD COLUMN open_lead_id int4")
    cr.execute(
        """UPDATE radio_sla_clock SET open_lead_id = lead_id
            WHERE stopped_at IS NULL AND waived_at IS NULL"""
    )
