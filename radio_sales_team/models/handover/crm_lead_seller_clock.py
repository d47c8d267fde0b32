from odoo import api, fields, models

from ..response.late import is_late


class CrmLead(models.Model):
    """The seller's own time to call, beside that of the first contact: a hand-over
    makes nothing good that was late before."""

    _inherit = "crm.lead"

    seller_contact_deadline = fields.Datetime(
        string="Seller Calls Until",
        compute="_compute_seller_contact",
        help="Until when the seller promised to contact the customer by taking over.",
    )
    seller_contact_at = fields.Datetime(
        string="Seller Called",
        compute="_compute_seller_contact",
        help="The seller's own first contact after taking over.",
    )
    seller_badge = fields.Char(string="Seller's Call", compute="_compute_seller_badge")
    seller_badge_color = fields.Selection(
        selection=[
            ("success", "Plenty of time"),
            ("warning", "Late"),
            ("danger", "Overdue"),
        ],
        compute="_compute_seller_badge",
    )

    @api.depends(
        "sla_clock_ids.deadline", "sla_clock_ids.state", "sla_clock_ids.stopped_at"
    )
    def _compute_seller_contact(self):
        for lead in self:
            # sudo: radio.sla.clock - times of the inquiry, for whoever may read it
            clock = lead.sudo()._get_seller_clock()
            lead.seller_contact_deadline = clock.deadline
            lead.seller_contact_at = clock.stopped_at

    @api.depends("seller_contact_deadline", "seller_contact_at")
    @api.depends_context("lang", "tz")
    def _compute_seller_badge(self):
        now = fields.Datetime.now()
        for lead in self:
            words, color = lead.sudo()._get_seller_badge(now)
            lead.seller_badge, lead.seller_badge_color = words, color

    def _get_seller_clock(self):
        """The clock of whoever took over last, empty where nobody did."""
        self.ensure_one()
        clocks = self.sla_clock_ids.filtered(
            lambda clock: clock.kind == "seller_contact" and clock.state != "cancelled"
        )
        return clocks.sorted(lambda clock: (clock.started_at, clock._origin.id))[-1:]

    def _get_seller_promises(self, user):
        """The calls that this seller promised by taking over and has not made, also
        while a colleague has the inquiry."""
        return self.sla_clock_ids.filtered(
            lambda clock: (
                clock.kind == "seller_contact"
                and clock.promised_by_id == user
                and not clock.stopped_at
                and not clock.waived_at
            )
        )

    def _get_seller_badge(self, now):
        clock = self._get_seller_clock()
        if not clock:
            return False, False
        late = is_late(clock.deadline, clock.stopped_at, now)
        if clock.stopped_at:
            took = self._format_span(clock.stopped_at - clock.started_at)
            if late:
                return self.env._("Called late, after %s", took), "warning"
            return self.env._("Called after %s", took), "success"
        if late:
            span = self._format_span(now - clock.deadline)
            return self.env._("Overdue by %s", span), "danger"
        moment = self._format_moment(clock.deadline, now)
        return self.env._("until %s", moment), "success"
