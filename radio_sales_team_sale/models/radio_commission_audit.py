from odoo import fields, models
from odoo.fields import Domain


class RadioCommissionAudit(models.Model):
    _inherit = "radio.commission.audit"

    def _get_deal_domain(self, company):
        """Leave out deals with orders or invoices that the scheduled action has yet to
        settle: they are audited the next time."""
        today = company._get_local_day()
        return Domain(super()._get_deal_domain(company)) & (
            Domain("order_ids", "=", False)
            | Domain("next_due_on", "=", False)
            | Domain("next_due_on", ">", fields.Date.to_string(today))
        )
