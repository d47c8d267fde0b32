import secrets

from odoo import fields, models
from odoo.exceptions import LockError, UserError

from ...tools.seal import get_seal
from ..response.batch import BATCH_SIZE, process_safely, run_in_batches
from .radio_commission_deal_settle import SETTLE_CRON

# Deals that are settled at once when a user closes; more are left to the cron.
AT_ONCE = 200


class RadioCommissionPeriod(models.Model):
    """Closing a month: what was earned is written, statements are drawn up, all of it
    is sealed. It can be interrupted anywhere and goes on; nothing happens twice."""

    _inherit = "radio.commission.period"

    def action_prepare(self):
        """Start to close the month: settle its deals and draft its statements.

        :raises UserError: for a month that is not over, and out of order.
        """
        self.ensure_one()
        self._check_manager()
        # sudo: kept by the addon, the manager was checked
        period = self.sudo()
        period._check_order()
        # waits for whoever writes a line in this moment
        period.state = "closing"
        period.flush_recordset()
        process_safely(
            lambda deals: deals._settle(period.date_to, period=period),
            period._find_due(AT_ONCE),
            SETTLE_CRON,
        )
        period._finish_preparing()
        if not period.is_ready:
            self.env.ref("radio_sales_team.ir_cron_close_periods")._trigger()
        return True

    def _check_manager(self):
        """Check that the user manages commission in the company of the month.

        :raises AccessError: if not.
        """
        self.env.user._check_commission_manager()
        self.check_access("read")

    def _check_order(self):
        self.ensure_one()
        if self.state != "open":
            raise UserError(self.env._("%s is closed, or being closed.", self.name))
        if self.date_to >= self.company_id._get_local_day():
            raise UserError(
                self.env._(
                    "%s is not over. Its statements can be looked at already, under "
                    "“Lines”.",
                    self.name,
                )
            )
        earlier = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<", self.date_from),
                ("state", "!=", "closed"),
            ],
            order="date_from",
            limit=1,
        )
        if earlier:
            raise UserError(self.env._("Close %s first.", earlier.name))

    def _finish_preparing(self):
        """Draw up the statements once all deals are settled. Those that could not be
        settled are named by the period, and block no other."""
        if self._find_due(1, is_failed=False):
            return
        self.is_ready = True
        self.env["radio.commission.statement"]._draw_up(self)

    def _cron_close(self):
        """Go on with the months that are being closed."""
        for period in self.sudo().search(
            [("state", "=", "closing"), ("is_ready", "=", False)]
        ):
            run_in_batches(
                self.env["radio.commission.deal"],
                lambda excluded_ids, period=period: period._find_due(
                    BATCH_SIZE, excluded_ids
                ),
                lambda deals, period=period: deals._settle(
                    period.date_to, period=period
                ),
                SETTLE_CRON,
            )
            process_safely(
                lambda one: one._finish_preparing(),
                period,
                "radio_sales_team.ir_cron_close_periods",
            )

    def action_reopen(self):
        """Open a month again that is not closed yet, and delete its drafts."""
        self.ensure_one()
        self._check_manager()
        period = self.sudo()
        if period.state != "closing":
            raise UserError(self.env._("Only what is not closed yet can be opened."))
        period.statement_ids.unlink()
        period.write({"is_ready": False, "state": "open"})

    def action_close(self):
        """Close the month: seal its ledger entries and issue its statements.

        :raises UserError: where something is missing, or somebody else was faster.
        """
        self.ensure_one()
        self._check_manager()
        # sudo: kept by the addon, the manager was checked
        period = self.sudo()
        period._lock()
        if period.state != "closing" or not period.is_ready:
            raise UserError(self.env._("There is nothing to close here."))
        statements = self.env["radio.commission.statement"].sudo()._draw_up(period)
        seals = period._get_seals_by_user()
        statements._issue(seals)
        period.seal_salt = secrets.token_hex(16)
        period.write(
            {
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
                "seal": period._get_seal(seals),
                "state": "closed",
            }
        )
        return True

    def _lock(self):
        """Lock the month, so that nothing is posted to it while it is closed.

        :raises UserError: while somebody posts to it, or closes it.
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Commission is being posted to %s at this moment. Try again in a "
                    "few seconds.",
                    self.name,
                )
            ) from error

    def _get_seal(self, seals):
        """Return the seal of a month: a hash chained to that of the month before, over
        the seals of all persons' entries.

        :param seals: see :meth:`_get_seals_by_user`.
        """
        self.ensure_one()
        before = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<", self.date_from),
                ("state", "=", "closed"),
            ],
            order="date_from desc",
            limit=1,
        )
        return get_seal(
            [
                before.seal or "",
                self.seal_salt or "",
                f"{self.company_id.id}:{self.date_from.isoformat()}",
                *(f"{key}:{seals[key]}" for key in sorted(seals)),
            ]
        )

    def _get_seals_by_user(self):
        """Return a hash of each person's ledger entries as they are now.

        :return: dict of seals by id of user.
        """
        self.ensure_one()
        lines = self.env["radio.commission.line"]
        facts = {}
        for line in lines.search([("period_id", "=", self.id)], order="id"):
            facts.setdefault(line.user_id.id, []).append(line._get_sealed_text())
        return {user_id: get_seal(texts) for user_id, texts in facts.items()}

    def action_open_lines(self):
        """The lines of this month, by person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "radio_sales_team.radio_commission_line_action"
        )
        action["domain"] = [("period_id", "=", self.id)]
        action["context"] = {"search_default_group_user": 1}
        return action

    def action_open_statements(self):
        """The statements of this month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "radio_sales_team.radio_commission_statement_action"
        )
        action["domain"] = [("period_id", "=", self.id)]
        return action
