from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class RadioCommissionStatement(models.Model):
    """What becomes of a statement that was issued: seen, disputed, answered, paid."""

    _inherit = "radio.commission.statement"

    def _check_mine(self):
        """Check that these are the user's own statements.

        :raises AccessError: if not.
        """
        self.check_access("read")
        if any(statement.user_id != self.env.user for statement in self):
            raise AccessError(self.env._("Only its owner can do this."))

    def action_acknowledge(self):
        """Mark the statements as seen by their owner, who can still dispute them."""
        self._check_mine()
        # sudo: only the state, checked above
        self.sudo().filtered(lambda one: one.state == "issued").write(
            {"acknowledged_at": fields.Datetime.now(), "state": "acknowledged"}
        )

    def action_dispute(self):
        """Open the form that asks what is wrong."""
        self._check_mine()
        return self._open_talk(self.env._("What is wrong?"))

    def action_answer(self):
        """Open the form for the answer to a dispute."""
        self.env.user._check_commission_manager()
        self.check_access("read")
        return self._open_talk(self.env._("Answer"))

    def _open_talk(self, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "radio.commission.dispute",
            "view_mode": "form",
            "target": "new",
            "context": {"default_statement_id": self.id},
        }

    def _dispute(self, text):
        """Dispute the user's own statements, and notify the commission managers.

        :param text: what is wrong.
        :raises UserError: for drafts.
        """
        self._check_mine()
        statement = self.sudo()
        if statement.state == "draft":
            raise UserError(self.env._("It is a draft, and not issued yet."))
        statement.write({"answer": False, "dispute": text, "state": "disputed"})
        managers = self.env.ref("radio_sales_team.group_commission_manager").user_ids
        company = statement.company_id
        statement.message_notify(
            partner_ids=managers.filtered(
                lambda user: company in user.company_ids
            ).partner_id.ids,
            subject=self.env._("%s has a question", statement.display_name),
            body=text,
        )

    def _answer(self, text):
        """Answer a dispute and notify the owner; what has to change is an adjustment.

        :param text: the commission manager's answer.
        :raises UserError: where nothing is disputed.
        """
        self.env.user._check_commission_manager()
        self.check_access("read")
        statement = self.sudo()
        if statement.state != "disputed":
            raise UserError(self.env._("Nobody has disputed this statement."))
        statement.write(
            {"answer": text, "state": "paid" if statement.paid_on else "issued"}
        )
        statement.message_notify(
            partner_ids=statement.user_id.partner_id.ids,
            subject=statement.display_name,
            body=text,
        )

    def action_pay(self):
        """Mark these as paid, today."""
        self.env.user._check_commission_manager()
        self.check_access("read")
        due = self.sudo().filtered(lambda one: one.state in ("issued", "acknowledged"))
        if not due:
            raise UserError(
                self.env._("Only what was issued, and is not disputed, can be paid.")
            )
        for company, statements in due.grouped("company_id").items():
            statements.write({"paid_on": company._get_local_day(), "state": "paid"})
