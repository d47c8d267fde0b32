"""What a database holds: whether anything happened to old leads, what is left of us."""

import databases

# Nobody asked, so nothing of ours may be about old leads.
EMPTY = (
    "radio_sla_clock",
    "radio_sla_step",
    "radio_contact_attempt",
    "radio_handover",
    "radio_upsell_signal",
    "radio_customer_volume",
    "radio_booking",
    "radio_commission_deal",
    "radio_commission_line",
)
# Configuration that an addon brings and has to take along again.
CONFIGURATION = (
    "digest_tip",
    "ir_act_client",
    "ir_act_report_xml",
    "ir_act_server",
    "ir_act_window",
    "ir_act_window_view",
    "ir_asset",
    "ir_config_parameter",
    "ir_cron",
    "ir_default",
    "ir_embedded_actions",
    "ir_filters",
    "ir_model",
    "ir_model_access",
    "ir_model_constraint",
    "ir_model_fields",
    "ir_model_fields_selection",
    "ir_model_inherit",
    "ir_model_relation",
    "ir_rule",
    "ir_sequence",
    "ir_ui_menu",
    "ir_ui_view",
    "mail_activity_type",
    "mail_message_subtype",
    "mail_template",
    "report_paperformat",
    "res_groups",
    "res_groups_privilege",
    "spreadsheet_dashboard",
    "spreadsheet_dashboard_group",
)
STRUCTURE = (
    "SELECT 'column ' || table_name || '.' || column_name "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'constraint ' || conrelid::regclass || '.' || conname FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "SELECT 'function ' || proname FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace",
    "SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'data ' || module || '.' || name FROM ir_model_data "
    "WHERE module || '.' || name LIKE '%radio%'",
    "SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public'",
)
# Opens the pipeline as the browser does, and works with it a little.
PIPELINE = """
user = env["res.users"].browse(2)
leads = env["crm.lead"].with_user(user).with_context(default_type="opportunity")
action = env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_action_pipeline")
views = leads.get_views([(False, "kanban"), (False, "list"), (False, "form"),
                         (False, "search")])["views"]
fields = leads.fields_get()
groups = leads.web_read_group([("type", "=", "opportunity")], ["stage_id"], ["__count"],
                              auto_unfold=True, unfold_read_specification={"name": {}},
                              unfold_read_default_limit=80)
assert groups["groups"], "an empty pipeline"
from odoo.tests import Form
form = Form(leads.browse(leads.search([], limit=1).id))
lead = leads.create({"name": "New one", "email_from": "new@else.example"})
lead.message_post(body="Hello", message_type="comment")
lead.activity_schedule("mail.mail_activity_data_call", user_id=user.id)
lead.action_set_won()
env.cr.rollback()
print("PIPELINE " + "OPENS")
"""


def facts(database):
    """What must not change for old leads: numbers by name."""
    row = databases.query(
        database,
        """SELECT count(*), md5(string_agg(id || ' ' || write_date::text
                || ' ' || coalesce(user_id, 0) || ' ' || stage_id || ' '
                || coalesce(won_status, ''), ',' ORDER BY id))
           FROM crm_lead""",
    )[0].split("|")
    counts = {
        table: int(databases.query(database, f"SELECT count(*) FROM {table}")[0])
        for table in ("mail_activity", "mail_mail")
    }
    for table, model in (("mail_message", "model"), ("mail_followers", "res_model")):
        sql = f"SELECT count(*) FROM {table} WHERE {model} = 'crm.lead'"
        counts[table] = int(databases.query(database, sql)[0])
    return {"leads": row[0], "leads' write_date": row[1], **counts}


def touched(database, before):
    """Whatever happened to old leads, as sentences."""
    after = facts(database)
    found = [
        f"{name} changed from {before[name]} to {after[name]}"
        for name in before
        if before[name] != after[name]
    ]
    for table in EMPTY:
        count = databases.query(database, f"SELECT count(*) FROM {table}")[0]
        if count != "0":
            found.append(f"{count} rows in {table}")
    for column in ("is_inquiry", "received_at", "sla_deadline", "handover_state"):
        unset = "NOT TRUE" if column == "is_inquiry" else "NULL"
        sql = f"SELECT count(*) FROM crm_lead WHERE NOT ({column} IS {unset})"
        count = databases.query(database, sql)[0]
        if count != "0":
            found.append(f"{count} leads have {column}")
    return found


def pipeline(database):
    """Whether the pipeline opens and a lead can be made, as a list of complaints."""
    text = databases.odoo(database, code=PIPELINE, log=f"{database}-pipeline")
    if "PIPELINE OPENS" in text:
        return databases.complaints(text)
    return [f"the pipeline does not open: {text[-1500:]}"]


def snapshot(database):
    """Everything an addon could leave behind: structure, and names of configuration."""
    found = set()
    for sql in STRUCTURE:
        found |= set(databases.query(database, sql))
    tables = set(databases.query(database, "SELECT tablename FROM pg_tables"))
    for table in tables & set(CONFIGURATION):
        columns = databases.query(
            database,
            "SELECT column_name FROM information_schema.columns "
            f"WHERE table_name = '{table}'",
        )
        # ids are no names: they depend on what was installed before
        names = ("complete_name", "name", "cron_name", "model", "key")
        name = next((key for key in names if key in columns), None)
        count = f"SELECT '{table}: ' || count(*) FROM {table}"
        found |= set(databases.query(database, count))
        if not name:
            continue
        sql = f"SELECT '{table}: ' || coalesce({name}::text, '') FROM {table}"
        found |= set(databases.query(database, sql))
    return found


def left(database, before):
    """What is there now and was not in the snapshot, and the other way round."""
    after = snapshot(database)
    return [f"left: {name}" for name in sorted(after - before)] + [
        f"missing: {name}" for name in sorted(before - after)
    ]
