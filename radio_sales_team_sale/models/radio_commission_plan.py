from odoo import fields, models
from odoo.tools import SQL

# When something is earned by what happens to orders.
ORDER_EVENTS = ("confirmed", "invoiced", "paid")


def _pay_when_won(plans):
    """Without orders a plan pays when a deal is won. Approved plans refuse to change,
    so this passes them by."""
    plans.env.execute_query(
        SQL(
            """UPDATE radio_commission_plan SET event = 'won' WHERE id = ANY(%s)
               RETURNING id""",
            plans.ids,
        )
    )
    plans.invalidate_recordset(["event"])


class RadioCommissionPlan(models.Model):
    _inherit = "radio.commission.plan"

    event = fields.Selection(
        selection_add=[
            ("confirmed", "When the order is confirmed"),
            ("invoiced", "When it is invoiced"),
            ("paid", "When it is paid"),
        ],
        ondelete=dict.fromkeys(ORDER_EVENTS, _pay_when_won),
        default="invoiced",
        help="Month by month: what is cancelled later was not earned. Invoiced and "
        "paid: a credit note takes back its part.",
    )
