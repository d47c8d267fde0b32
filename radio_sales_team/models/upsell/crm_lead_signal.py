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
                # it is won with the opportunity, and for its salesperson
                "default_lead_id": self.id,
            }
        )

    def action_open_signals(self):
        """The signals of this opportunity's customer."""
        return self._get_advertiser().action_open_signals()

    def _on_won(self):
        result = super()._on_won()
        self._win_signals()
        return result

    def _on_won_imported(self):
        result = super()._on_won_imported()
        self._win_signals()
        return result

    def _win_signals(self):
        """Win the open signals, for the team and company that won the opportunity."""
        signals = self._find_signals(OPEN_STATES)
        for lead, own in signals.grouped("lead_id").items():
            own.write(
                {
                    "state": "won",
                    "team_id": lead.team_id.id,
                    "company_id": lead._get_response_company().id,
                }
            )

    def _on_won_reverted(self, reason=None):
        self._find_signals(("won",)).write({"state": "accepted"})
        return super()._on_won_reverted(reason)

    def _on_lost(self):
        self._find_signals(OPEN_STATES).write({"state": "lost"})
        return super()._on_lost()

    def _on_lost_reverted(self):
        self._find_signals(("lost",)).write({"state": "accepted"})
        return super()._on_lost_reverted()

    def _find_signals(self, states):
        """Return the signals of these opportunities that are in one of the states."""
        # sudo: radio.upsell.signal - they end with the opportunity, whoever closes it
        signals = self.env["radio.upsell.signal"].sudo()
        return signals.search([("lead_id", "in", self.ids), ("state", "in", states)])

    def _merge_dependences(self, opportunities):
        # sudo: radio.upsell.signal - carried over whole
        opportunities.sudo().upsell_signal_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)
