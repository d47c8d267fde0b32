from odoo import api, fields, models

from ..models.response.crm_lead_before import DAYS_BEFORE


class RadioStartClocks(models.TransientModel):
    """Start with what is open: old leads whose customers still wait become inquiries.

    See :meth:`CrmLead._search_waiting_from_before` for who waits.
    """

    _name = "radio.start.clocks"
    _description = "Inquiries from Before"

    days = fields.Integer(
        default=DAYS_BEFORE,
        required=True,
        help="How many days to look back, 90 at most.",
    )
    lead_ids = fields.Many2many(
        comodel_name="crm.lead",
        string="Waiting",
        compute="_compute_lead_ids",
        store=True,
        readonly=False,
        help="What you remove here stays as it is.",
    )
    lead_count = fields.Integer(compute="_compute_lead_count")

    _check_days = models.Constraint(
        "CHECK(days BETWEEN 1 AND 90)", "Choose between 1 and 90 days."
    )

    @api.depends("days")
    def _compute_lead_ids(self):
        for wizard in self:
            days = min(max(wizard.days, 1), 90)
            wizard.lead_ids = wizard._search_waiting(days)

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for wizard in self:
            wizard.lead_count = len(wizard.lead_ids)

    def action_start(self):
        """Start the time to answer of those that are listed and still wait.

        :raises AccessError: for all but sales administrators.
        """
        self.ensure_one()
        leads = self.env["crm.lead"]
        leads._check_manager()
        waiting = self.lead_ids & self._search_waiting(90)
        clocks = waiting._start_from_before()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "%(inquiries)s leads are inquiries now, %(clocks)s of them have a "
                    "time to answer that began just now.",
                    inquiries=len(waiting),
                    clocks=len(clocks),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _search_waiting(self, days):
        return self.env["crm.lead"]._search_waiting_from_before(
            days, self.env.companies
        )
