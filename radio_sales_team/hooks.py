"""What installing needs beyond the data files."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

# Every column of ours in Odoo's tables. Adding one keeps everybody from reading the
# table until it is committed, so it is done at once and not in the middle of
# installing. Nor does Odoo then compute the stored ones for each old lead: old leads
# are no inquiries, and empty is right.
COLUMNS = {
    "crm_lead": {
        "acknowledged_at": "timestamp",
        "advertiser_id": "int4",
        "asked_again_at": "timestamp",
        "asked_again_count": "int4",
        "asked_before_id": "int4",
        "back_office_user_id": "int4",
        "call_back_wanted": "bool",
        "campaign_end": "date",
        "campaign_start": "date",
        "commission_base": "numeric",
        "first_contact_at": "timestamp",
        "first_contact_channel": "varchar",
        "first_contact_deadline": "timestamp",
        "first_contact_outcome": "varchar",
        "first_contact_user_id": "int4",
        "handover_state": "varchar",
        "inquiry_channel": "varchar",
        "is_chased": "bool",
        "is_commission_free": "bool",
        "is_inquiry": "bool",
        "kept_until": "date",
        "no_inquiry_kind_id": "int4",
        "nothing_more_at": "timestamp",
        "received_at": "timestamp",
        "sla_deadline": "timestamp",
        "sla_kind": "varchar",
    },
    "crm_stage": {"is_waiting_for_customer": "bool"},
    "crm_team": {
        "commission_leader_id": "int4",
        "deputy_user_id": "int4",
        "driving_attempt_id": "int4",
        "driving_sent_at": "timestamp",
        "driving_time": "float8 DEFAULT 16.0",
        "driving_told_ids": "jsonb",
        "is_taking_turns": "bool",
        "our_rules": "text",
        "response_calendar_id": "int4",
        "round_sent_on": "date",
        "round_time": "float8 DEFAULT 9.0",
        "won_channel_id": "int4",
    },
    "crm_team_member": {
        "absent_on": "date",
        "inquiry_limit": "int4",
        "sales_role": "varchar",
    },
    "digest_digest": {
        "kpi_radio_first_contact": "bool",
        "kpi_radio_no_contact": "bool",
        "kpi_radio_signal_won": "bool",
    },
    "res_company": {
        "campaign_lead_days": "int4 DEFAULT 5",
        "evaluate_response_per_person": "bool",
        "response_group_size": "int4 DEFAULT 5",
        "response_names_months": "int4 DEFAULT 12",
    },
    "res_partner": {
        "back_office_user_id": "int4",
        "contract_start": "date",
        "discount_ladder_id": "int4",
        "has_individual_discount": "bool",
        "is_signal_excluded": "bool",
    },
    "res_partner_industry": {"parent_id": "int4", "parent_path": "varchar"},
}


def pre_init_hook(env):
    add_columns(env.cr, COLUMNS)


def add_columns(cr, tables):
    """Add columns to Odoo's tables, and let the others go on with them.

    :param tables: dict by table of dict by column of PostgreSQL's type, with a DEFAULT
        where something stands in old rows.
    """
    for table, columns in tables.items():
        for name, column_type in columns.items():
            if column_exists(cr, table, name):
                continue
            names = SQL.identifier(table), SQL.identifier(name)
            cr.execute(SQL("ALTER TABLE %s ADD COLUMN %s %s", *names, SQL(column_type)))
            if "DEFAULT" in column_type:
                cr.execute(SQL("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", *names))
            if name == "parent_path":
                cr.execute(SQL("UPDATE %s SET %s = id || '/'", *names))
    # who reads these tables would wait until everything is installed
    cr.commit()  # pylint: disable=invalid-commit


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
