from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_commission_day(self):
        """Return today's date where the company is, by the time zone of its working
        hours."""
        self.ensure_one()
        return self._get_local_day(fields.Datetime.now())
