from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .batch import BATCH_SIZE, run_in_batches
from .radio_evaluation_mixin import RECORDED_BY

# Where names stand, as of when, and by which path their inquiry is found.
NAMES = {
    "radio.sla.clock": (
        ("user_id", "promised_by_id", "waived_user_id"),
        "started_at",
        "lead_id",
    ),
    "radio.sla.pause": (("user_id",), "paused_at", "clock_id.lead_id"),
    "radio.sla.step": (("user_ids",), "done_at", "clock_id.lead_id"),
    "radio.contact.attempt": (("user_id",), "attempted_at", "lead_id"),
}


class ResCompany(models.Model):
    """After some months nobody needs to know any more who answered how fast.

    Once a day the names are taken off contacts, clocks, pauses and reminders that are
    older than ``response_names_months``. What happened, when and how stays, and with
    it each figure by team; ``first_contact_user_id`` of the inquiry follows from the
    contacts. Names of an inquiry that is still open stay until it is won, lost or
    archived, because who made the first contact has a part in the deal. Contributions
    and commission are no response data, and stay; so do hand-overs, which are what two
    people agreed on, and messages. Notices are deleted after a month anyway.
    """

    _inherit = "res.company"

    @api.model
    def _cron_remove_names(self):
        """See the class; what is done already is not found again."""
        for model_name, (names, _date, _path) in NAMES.items():
            run_in_batches(
                self.env[model_name],
                lambda excluded_ids, model_name=model_name: self._get_named(
                    model_name, excluded_ids
                ),
                lambda records, names=names: _remove_names(records, names),
                "radio_sales_team.ir_cron_remove_names",
            )

    @api.model
    def _get_named(self, model_name, excluded_ids):
        """The next records of a model that still bear names and are old enough."""
        names, date, path = NAMES[model_name]
        named = Domain.OR(Domain(name, "!=", False) for name in (*names, *RECORDED_BY))
        over = Domain(f"{path}.active", "=", False) | Domain(
            f"{path}.won_status", "!=", "pending"
        )
        if model_name == "radio.sla.clock":
            over &= Domain("state", "in", ("done", "cancelled"))
        # sudo: res.company - the settings of all companies
        companies = self.sudo().search([])
        old = Domain.FALSE
        for months, some in companies.grouped("response_names_months").items():
            limit = fields.Datetime.now() - relativedelta(months=months)
            ids = some.ids
            if months == min(companies.mapped("response_names_months")):
                ids = [*ids, False]
            old |= Domain(f"{path}.company_id", "in", ids) & Domain(date, "<", limit)
        return self.env[model_name].search(
            named & over & old & Domain("id", "not in", list(excluded_ids)),
            order="id",
            limit=BATCH_SIZE,
        )


def _remove_names(records, names):
    vals = dict.fromkeys(names, False)
    if "user_ids" in names:
        vals = {"user_ids": [Command.clear()]}
    if "is_nameless" in records._fields:
        vals["is_nameless"] = True
    records.write(vals)
    # who made the row is mostly who it is about, and only SQL can forget that
    records.flush_recordset()
    records.env.cr.execute(
        SQL(
            "UPDATE %s SET create_uid = NULL, write_uid = NULL WHERE id = ANY(%s)",
            SQL.identifier(records._table),
            records.ids,
        )
    )
    records.invalidate_recordset(RECORDED_BY)
