from datetime import timedelta

from odoo import api, fields, models

# The delay doubles with each failed try, in minutes, up to a day.
MAX_DELAY = 24 * 60


class RadioProcessingFailure(models.Model):
    """A record that a scheduled action could not process.

    It is set aside with the error and tried again after a growing delay, so that it
    neither blocks other records nor fills the log. Its failure is deleted as soon as it
    was processed.
    """

    _name = "radio.processing.failure"
    _description = "Failed Record"
    _order = "failed_at desc, id desc"
    _rec_name = "record_name"

    job = fields.Char(string="Scheduled Work", required=True, readonly=True)
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
        "(job, model, res_id)", "This record is set aside already."
    )

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_document_type(self):
        for failure in self:
            is_known = failure.model in self.env
            failure.document_type = is_known and self.env[failure.model]._description

    @api.model
    def _get_postponed_ids(self, job):
        """Return the ids of the records of a job that are not to be tried yet.

        :rtype: set
        """
        # sudo: radio.processing.failure - written by scheduled actions
        failures = self.sudo().search_fetch(
            [("job", "=", job), ("retry_at", ">", fields.Datetime.now())], ["res_id"]
        )
        return set(failures.mapped("res_id"))

    @api.model
    def _record_failure(self, job, record, error):
        """Set a record aside.

        :param job: name of the work, see ``run_in_batches``.
        :param error: exception that was raised.
        """
        # sudo: radio.processing.failure - written by scheduled actions
        failure = self.sudo().search(
            [
                ("job", "=", job),
                ("model", "=", record._name),
                ("res_id", "=", record.id),
            ]
        )
        count = failure.attempt_count + 1
        now = fields.Datetime.now()
        vals = {
            "attempt_count": count,
            "error": " ".join(str(error).split())[:300] or type(error).__name__,
            "failed_at": now,
            "record_name": record.display_name,
            "retry_at": now + timedelta(minutes=min(2**count, MAX_DELAY)),
        }
        if failure:
            failure.write(vals)
        else:
            vals |= {"job": job, "model": record._name, "res_id": record.id}
            if "company_id" in record._fields:
                vals["company_id"] = record.company_id.id
            # sudo: radio.processing.failure - as above
            self.sudo().create(vals)

    @api.model
    def _resolve(self, job, records):
        """Delete the failures of records that were processed."""
        # sudo: radio.processing.failure - written by scheduled actions
        self.sudo().search(
            [
                ("job", "=", job),
                ("model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        ).unlink()

    @api.model
    def _trigger_retry(self, job, cron):
        """Let a scheduled action come back when the next record of a job is due.

        :param cron: ``ir.cron``; not needed for those that run every few minutes.
        """
        # sudo: radio.processing.failure - written by scheduled actions
        failure = self.sudo().search([("job", "=", job)], order="retry_at", limit=1)
        if failure:
            cron.sudo()._trigger(at=failure.retry_at)

    def action_retry(self):
        """Let the next run of the scheduled action try these records again."""
        self.check_access("read")
        # sudo: radio.processing.failure - only the time of the next attempt
        self.sudo().retry_at = fields.Datetime.now()

    def action_open_record(self):
        """Open the record that could not be processed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
