"""What installing needs beyond the data files."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

# Stored fields of the lead that Odoo would otherwise compute for every old lead, one
# by one, while the table is locked. Old leads are no inquiries: empty is right.
LEAD_COLUMNS = {
    "is_inquiry": "boolean",
    "received_at": "timestamp",
    "back_office_user_id": "integer",
    "first_contact_at": "timestamp",
    "first_contact_user_id": "integer",
    "first_contact_channel": "varchar",
    "first_contact_outcome": "varchar",
    "first_contact_deadline": "timestamp",
    "sla_deadline": "timestamp",
    "sla_kind": "varchar",
    "is_chased": "boolean",
}


def pre_init_hook(env):
    """Create the lead's columns empty, so that installing does not touch old leads."""
    for name, column_type in LEAD_COLUMNS.items():
        if not column_exists(env.cr, "crm_lead", name):
            env.cr.execute(
                SQL(
                    "ALTER TABLE crm_lead ADD COLUMN %s %s",
                    SQL.identifier(name),
                    SQL(column_type),
                )
            )
