from datetime import timedelta

from odoo import api, fields, models

# The delay doubles with each failed try, in minutes, up to a day.
MAX_DELAY = 24 * 60


class RadioProcessingFailure(models.Model):
    """A record that a scheduled action could not process.

    It is set aside with the error and tried again after a growing delay, so that it
    neither blocks other records nor fills the log. Its failure is deleted as soon as it
    was processed, or is not due any more.
    """

    _name = "radio.processing.failure"
    _description = "Failed Record"
    _order = "failed_at desc, id desc"
    _rec_name = "record_name"

    cron_id = fields.Many2one(
        comodel_name="ir.cron", required=True, readonly=True, ondelete="cascade"
    )
    cron_name = fields.Char(related="cron_id.name", string="Scheduled Action")
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="model", required=True, readonly=True
    )
    record_name = fields.Char(string="Record", readonly=True)
    document_type = fields.Char(compute="_compute_document_type")
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    error = fields.Char(readonly=True, help="Why the record could not be processed.")
    attempt_count = fields.Integer(string="Attempts", readonly=True)
    failed_at = fields.Datetime(string="Failed On", readonly=True)
    retry_at = fields.Datetime(
        string="Next Attempt",
        readonly=True,
        help="The delay doubles with each attempt, up to one day.",
    )

    _unique_record = models.UniqueIndex(
        "(cron_id, model, res_id)", "This record is set aside already."
    )

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_document_type(self):
        # sudo: ir.model - what documents are called is no secret
        ir_models = self.env["ir.model"].sudo()
        for failure in self:
            failure.document_type = ir_models._get(failure.model).name

    @api.model
    def _search_of(self, model, cron, domain=()):
        """Return the failures of a model's records in a scheduled action, as superuser.

        :param model: recordset of the model.
        :param cron: XML id of the scheduled action.
        """
        # sudo: radio.processing.failure - written by scheduled actions
        return self.sudo().search(
            [
                ("cron_id", "=", self.env.ref(cron).id),
                ("model", "=", model._name),
                *domain,
            ]
        )

    @api.model
    def _get_postponed_ids(self, model, cron):
        """Return the ids of the records that are not to be tried yet.

        :rtype: set
        """
        later = [("retry_at", ">", fields.Datetime.now())]
        return set(self._search_of(model, cron, later).mapped("res_id"))

    @api.model
    def _postpone(self, record, cron, error):
        """Set a record aside, and let the scheduled action come back for it.

        :param error: exception that was raised.
        """
        failure = self._search_of(record, cron, [("res_id", "=", record.id)])
        count = failure.attempt_count + 1
        now = fields.Datetime.now()
        retry_at = now + timedelta(minutes=min(2**count, MAX_DELAY))
        vals = {
            "attempt_count": count,
            "error": " ".join(str(error).split())[:300] or type(error).__name__,
            "failed_at": now,
            "retry_at": retry_at,
        }
        if failure:
            failure.write(vals)
        else:
            if "company_id" in record._fields:
                vals["company_id"] = record.company_id.id
            # sudo: radio.processing.failure - written by scheduled actions
            self.sudo().create(
                {
                    **vals,
                    "cron_id": self.env.ref(cron).id,
                    "model": record._name,
                    "res_id": record.id,
                    "record_name": self._get_name(record),
                }
            )
        # sudo: ir.cron - whoever has started it
        self.env.ref(cron).sudo()._trigger(at=retry_at)

    @api.model
    def _get_name(self, record):
        """Return the name of a record, whose fields may be what fails."""
        try:
            with self.env.cr.savepoint():
                return record.display_name
        except Exception:
            return f"{record._name},{record.id}"

    @api.model
    def _resolve(self, records, cron):
        """Delete the failures of records that were processed."""
        self._search_of(records, cron, [("res_id", "in", records.ids)]).unlink()

    @api.model
    def _delete_obsolete(self, model, cron, started_at):
        """Delete failures that a whole run did not meet again: their records are not
        due any more, or were deleted.

        :param started_at: naive UTC datetime, when the run has begun.
        """
        self._search_of(model, cron, [("retry_at", "<=", started_at)]).unlink()

    def action_retry(self):
        """Let the scheduled action try these records again now."""
        self.check_access("read")
        # sudo: radio.processing.failure, ir.cron - only the time of the next attempt
        failures = self.sudo()
        failures.retry_at = fields.Datetime.now()
        for cron in failures.cron_id:
            cron._trigger()

    def action_open_record(self):
        """Open the record that could not be processed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
