import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..response.batch import BATCH_SIZE, run_in_batches

# Deals that are settled at once when somebody closes; more are left to the cron.
AT_ONCE = 200


class RadioCommissionPeriod(models.Model):
    """Closing a month: what was earned is written, statements are drawn up, all of it
    is sealed. It can be interrupted anywhere and goes on; nothing happens twice."""

    _inherit = "radio.commission.period"

    def action_prepare(self):
        """Open to closing: no further line is taken, statements are drawn up.

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
        due = period._find_due(AT_ONCE)
        due._settle(period.date_to, period=period)
        period._finish_preparing()
        if not period.is_ready:
            self.env.ref("radio_sales_team.ir_cron_close_periods")._trigger()
        return True

    def _check_manager(self):
        """:raises AccessError: for everybody but commission managers of the company."""
        self.env.user._check_commission_manager()
        self.check_access("read")

    def _check_order(self):
        self.ensure_one()
        if self.state != "open":
            raise UserError(self.env._("%s is closed, or being closed.", self.name))
        if self.date_to >= self.company_id._get_commission_day():
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
        """Draw up the statements, once everything is written."""
        if self._find_due(1):
            return
        self.is_ready = True
        self.env["radio.commission.statement"]._draw_up(self)

    def _cron_close(self):
        """Go on with what is being closed."""
        for period in self.sudo().search(
            [("state", "=", "closing"), ("is_ready", "=", False)]
        ):
            run_in_batches(
                self.env,
                lambda left_alone, period=period: period._find_due().filtered(
                    lambda deal: deal.id not in left_alone
                )[:BATCH_SIZE],
                lambda deals, period=period: deals._settle(
                    period.date_to, period=period
                ),
            )
            period._finish_preparing()

    def action_reopen(self):
        """Closing to open: something was missing. What is closed stays closed."""
        self.ensure_one()
        self._check_manager()
        period = self.sudo()
        if period.state != "closing":
            raise UserError(self.env._("Only what is not closed yet can be opened."))
        period.statement_ids.unlink()
        period.write({"is_ready": False, "state": "open"})

    def action_close(self):
        """Closing to closed: seal all lines, issue the statements.

        :raises UserError: where something is missing, or somebody else was faster.
        """
        self.ensure_one()
        self._check_manager()
        # sudo: kept by the addon, the manager was checked
        period = self.sudo()
        period.flush_recordset(["state"])
        self.env.cr.execute(
            "SELECT state FROM radio_commission_period WHERE id = %s FOR UPDATE",
            [period.id],
        )
        if self.env.cr.fetchone() != ("closing",) or not period.is_ready:
            raise UserError(self.env._("There is nothing to close here."))
        statements = self.env["radio.commission.statement"].sudo()._draw_up(period)
        statements._issue()
        period.write(
            {
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
                "seal": period._get_seal(),
                "state": "closed",
            }
        )
        return True

    def _get_seal(self):
        """The seal of a month: of the one before it, and of all statements."""
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
        seals = self._reckon_seals()
        parts = [before.seal or "", *(f"{key}:{seals[key]}" for key in sorted(seals))]
        return _digest(parts)

    def _reckon_seals(self):
        """The seal of each person's lines, from the lines as they are now.

        :return: dict of seals by id of user.
        """
        self.ensure_one()
        self.env["radio.commission.line"].flush_model()
        lines = {}
        for user_id, *facts in self.env.execute_query(
            SQL(
                """SELECT user_id, id, date, kind, deal_id, share_id, role_id,
                        base_amount, rate, percent, amount, currency_id
                   FROM radio_commission_line WHERE period_id = %s ORDER BY id""",
                self.id,
            )
        ):
            lines.setdefault(user_id, []).append("|".join(map(str, facts)))
        return {user_id: _digest(facts) for user_id, facts in lines.items()}

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


def _digest(parts):
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
