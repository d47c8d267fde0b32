from odoo import fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    is_waiting_for_customer = fields.Boolean(
        string="Waiting for the Customer",
        help="The time to answer stands still while an inquiry is in this stage, where "
        "its response-time policy allows pauses.",
    )
