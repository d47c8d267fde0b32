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
    "acknowledged_at": "timestamp",
    "handover_state": "varchar",
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


def uninstall_hook(env):
    """Leave CRM as it was: nobody loses what they planned, and what Odoo itself does
    not take away goes, too."""
    keep_activities(env)
    own = get_own_models(env, "radio_sales_team")
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", own)]).unlink()
    remove_leftovers(env, "radio_sales_team")
    # an index that this addon gave a column of Odoo's
    env.cr.execute("DROP INDEX IF EXISTS res_partner__email_index")


def keep_activities(env):
    """Give the planned next tries to core's types: a type that is in use cannot be
    deleted."""
    for ours, theirs in (
        ("mail_activity_type_next_call", "mail.mail_activity_data_call"),
        ("mail_activity_type_next_message", "mail.mail_activity_data_email"),
        ("mail_activity_type_answer", "mail.mail_activity_data_todo"),
        ("mail_activity_type_signal", "mail.mail_activity_data_todo"),
    ):
        activity_type = env.ref(f"radio_sales_team.{ours}", raise_if_not_found=False)
        other = env.ref(theirs, raise_if_not_found=False)
        other = other or env.ref("mail.mail_activity_data_todo")
        if activity_type:
            activities = env["mail.activity"].with_context(active_test=False)
            activities.search([("activity_type_id", "=", activity_type.id)]).write(
                {"activity_type_id": other.id}
            )


def get_own_models(env, module):
    """Names of the models that a module brings; others may begin with "radio.", too."""
    return [
        name for name, model in env.registry.items() if model._original_module == module
    ]


def remove_leftovers(env, module):
    """Odoo notes down the foreign keys of a module's fields on others' models, and the
    mixins of its models in the name of their module, and forgets both."""
    env["ir.model.constraint"].search(
        [("module.name", "=", module), ("type", "=", "f")]
    ).unlink()
    own = get_own_models(env, module)
    for kind, owner in (
        ("ir.model.inherit", "model_id.model"),
        ("ir.model.fields.selection", "field_id.model"),
    ):
        rows = env[kind].search([(owner, "in", own)])
        env["ir.model.data"].search(
            [
                ("module", "not like", "radio_sales_team"),
                ("model", "=", kind),
                ("res_id", "in", rows.ids),
            ]
        ).unlink()
