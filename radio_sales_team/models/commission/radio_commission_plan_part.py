from odoo import api, fields, models


class RadioCommissionPlanPart(models.AbstractModel):
    """What a plan is made of, and what stays as it is once the plan is approved."""

    _name = "radio.commission.plan.part"
    _description = "Part of a Commission Plan"

    plan_id = fields.Many2one(
        comodel_name="radio.commission.plan",
        required=True,
        index=True,
        ondelete="cascade",
    )

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.plan_id._check_draft()
        return parts

    def write(self, vals):
        self.plan_id._check_draft()
        result = super().write(vals)
        # where it was moved to another plan
        self.plan_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.plan_id._check_draft()
