from odoo import api, fields, models

from .radio_upsell_signal import OPEN_STATES


class CrmLead(models.Model):
    """Signals of the customer, on the opportunity; and what became of them."""

    _inherit = "crm.lead"

    upsell_signal_ids = fields.One2many(
        comodel_name="radio.upsell.signal", inverse_name="lead_id", string="Signals"
    )
    upsell_count = fields.Integer(
        string="Open Signals",
        compute="_compute_upsell",
        help="Chances to sell more to this customer.",
    )
    upsell_words = fields.Char(string="Signal", compute="_compute_upsell")

    @api.depends("partner_id", "advertiser_id")
    def _compute_upsell(self):
        """The signals of all customers shown, with one look."""
        self.upsell_count, self.upsell_words = 0, False
        if not (self.partner_id or self.advertiser_id):
            return  # read at once for all, few cards of strangers have any
        customers = {
            lead: lead._get_advertiser()._origin
            for lead in self
            if lead.partner_id or lead.advertiser_id
        }
        found = self.env["radio.upsell.signal"].search(
            [
                ("partner_id", "in", [one.id for one in customers.values()]),
                ("state", "in", OPEN_STATES),
                ("released_on", "!=", False),
            ]
        )
        by_partner = found.grouped("partner_id")
        for lead, customer in customers.items():
            if customer in by_partner:
                lead.upsell_count = len(by_partner[customer])
                lead.upsell_words = by_partner[customer][0].name

    def action_report_event(self):
        """ "Heard something": open the form to note down a customer event."""
        self.ensure_one()
        return self.env["radio.upsell.signal"]._open_event_form(
            {
                "default_partner_id": self._get_advertiser().id,
                "default_agency_id": self._get_agency().id,
                "default_team_id": self.team_id.id,
            }
        )

    def action_open_signals(self):
        """The signals of this opportunity's customer."""
        return self._get_advertiser().action_open_signals()

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """What was offered because of a signal ends with its opportunity."""

        def is_lost(lead, statuses):
            return statuses.get(lead.id, {}).get("is_lost")

        lost = self.filtered(lambda lead: is_lost(lead, new_status_by_lead))
        found = self.filtered(lambda lead: is_lost(lead, old_status_by_lead)) - lost
        if found:
            # first, as it may be won now
            found._go_on_with_signals("lost")
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        if lost:
            lost._get_open_signals().state = "lost"
        return result

    def _prepare_win(self):
        now = fields.Datetime.now()
        return {**super()._prepare_win(), "won_at": fields.Datetime.to_string(now)}

    def _finish_win(self, facts):
        """
        :param facts: with ``signal_ids``: those that were open when it was won, without
            it those that are.
        """
        # sudo: radio.upsell.signal - as in _get_open_signals
        signals = self.env["radio.upsell.signal"].sudo()
        for lead, kept in facts.items():
            if "signal_ids" in kept:
                # whoever said otherwise since then said so too late
                own = signals.browse(kept["signal_ids"]).exists()
                own = own.filtered(lambda one: one.state != "won")
            else:
                own = lead._get_open_signals()
            own.write({"state": "won", "closed_at": kept["won_at"], "reason_id": False})
        return super()._finish_win(facts)

    def _undo_win(self, reason):
        self._go_on_with_signals("won")
        return super()._undo_win(reason)

    def _get_open_signals(self):
        """The signals that end with these opportunities."""
        # sudo: radio.upsell.signal - ended by the opportunity, whoever closes it
        signals = self.sudo().upsell_signal_ids
        return signals.filtered(lambda one: one.state in OPEN_STATES)

    def _go_on_with_signals(self, state):
        """These opportunities go on, and so do their signals that ended with them.

        :param state: ``won`` or ``lost``.
        """
        # sudo: radio.upsell.signal - as in _get_open_signals
        signals = self.sudo().upsell_signal_ids
        signals.filtered(lambda one: one.state == state).state = "accepted"

    def _merge_dependences(self, opportunities):
        # sudo: radio.upsell.signal - carried over whole
        opportunities.sudo().upsell_signal_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)
