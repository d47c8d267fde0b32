from odoo import fields, models
from odoo.fields import Domain


class RadioCommissionAudit(models.Model):
    _inherit = "radio.commission.audit"

    def _get_deal_domain(self, company):
        """What happened to orders and invoices is written a moment later: deals for
        which that moment has not come are looked at the next time."""
        today = company._get_commission_day()
        return Domain(super()._get_deal_domain(company)) & (
            Domain("order_ids", "=", False)
            | Domain("next_due_on", "=", False)
            | Domain("next_due_on", ">", fields.Date.to_string(today))
        )
