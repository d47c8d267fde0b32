from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..upsell.percent import format_number
from .radio_commission_plan import WHOLE


class RadioCommissionPlan(models.Model):
    """Approving a plan, and the version that takes its place."""

    _inherit = "radio.commission.plan"

    def action_approve(self):
        """From now on deals are paid by this plan, and it does not change any more.

        :raises UserError: where it does not add up, or a part would be nobody's.
        """
        self.check_access("write")
        # sudo: radio.commission.plan - whoever may write plans approves them
        for plan in self.sudo():
            plan._check_draft()
            plan._check_adds_up()
            previous = plan.previous_id
            if previous and (
                not previous.date_to or previous.date_to >= plan.date_from
            ):
                previous._end_before(plan.date_from)
            plan.write(
                {
                    "approved_by_id": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                    "state": "approved",
                }
            )

    def _end_before(self, day):
        """The day before another version begins is this one's last."""
        if day <= self.date_from:
            raise UserError(
                self.env._(
                    "The new version has to begin after the first day of “%s”.",
                    self.display_name,
                )
            )
        last = fields.Date.subtract(day, days=1)
        self.write({"date_to": last, "state": "ended"})

    def _check_adds_up(self):
        """Check that the parts add up to 100.00 %, and that each is somebody's.

        :raises UserError: if not.
        """
        self.ensure_one()
        total = self._get_share_total()
        if total != WHOLE:
            raise UserError(
                self.env._(
                    "The parts of the commission are %s %% together. They have to be "
                    "exactly 100.00 %%.",
                    format_number(self.env, total),
                )
            )
        for line in self.line_ids.filtered(lambda one: one.credit == "share"):
            roles = line._get_roles()
            if roles[-1:].automatic != "seller":
                raise UserError(
                    self.env._(
                        "Say who gets the part of “%s” where nobody has this role, so "
                        "that it ends with the salesperson.",
                        line.role_id.name,
                    )
                )

    def action_new_version(self):
        """A draft of the same plan, to be changed and approved.

        :return: action that opens it.
        """
        self.ensure_one()
        newest = self.search(
            [("name", "=", self.name), ("company_id", "=", self.company_id.id)],
            order="version desc",
            limit=1,
        )
        first_day = self.company_id._get_local_day() + relativedelta(months=1, day=1)
        draft = self.copy({"date_from": first_day})
        # sudo: radio.commission.plan - what only this button writes
        draft.sudo().write({"previous_id": self.id, "version": newest.version + 1})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }
