from odoo import api, models


class CrmLead(models.Model):
    """Who gets it: the customer's own people, else the pool, by turns where the team
    chose so."""

    _inherit = "crm.lead"

    @api.depends("partner_id")
    def _compute_back_office_user_id(self):
        """A customer's own assistant comes first, unless they are not in today."""
        for lead in self:
            if lead.back_office_user_id or not lead.is_inquiry:
                continue
            owner = lead.partner_id._get_tandem()[1]
            if owner and not lead.team_id._is_away(owner):
                lead.back_office_user_id = owner
        return super()._compute_back_office_user_id()

    def write(self, vals):
        result = super().write(vals)
        if vals.get("partner_id") and "user_id" not in vals:
            # the customer was missing, and is known now
            for lead in self.filtered(
                lambda lead: not lead.user_id and lead._is_waiting_open()
            ):
                seller = lead._get_tandem_seller()
                if seller:
                    lead.user_id = seller
        return result

    @api.model
    def _prepare_inquiry_vals(self, vals):
        """A new inquiry of a known customer is their own seller's, unless whoever
        enters it says whose it is."""
        vals = super()._prepare_inquiry_vals(vals)
        asks = vals.get("inquiry_channel") or vals.get("is_inquiry")
        if not asks or vals.get("user_id") or not vals.get("partner_id"):
            return vals
        partner = self.env["res.partner"].browse(vals["partner_id"])
        seller = self._get_allowed_seller(partner._get_tandem()[0], vals)
        return dict(vals, user_id=seller.id) if seller else vals

    @api.model
    def _get_allowed_seller(self, seller, vals):
        """The seller, empty where they do not work for the inquiry's company."""
        company_id = vals.get("company_id")
        if company_id and company_id not in seller.company_ids.ids:
            return seller.browse()
        return seller

    def _get_tandem_seller(self):
        """Who sells to this customer, empty where nobody is known to."""
        self.ensure_one()
        return self._get_allowed_seller(
            self.partner_id._get_tandem()[0], {"company_id": self.company_id.id}
        )

    def _link_earlier(self):
        result = super()._link_earlier()
        # who asks again goes on with the colleague who has the earlier inquiry
        self._take_turns()
        return result

    def _take_turns(self):
        """Give inquiries that are nobody's to the back office by turns."""
        pooled = self.filtered(
            lambda lead: (
                lead.team_id.is_taking_turns
                and not lead.back_office_user_id
                and not lead.asked_before_id
            )
        )
        for team, leads in pooled.grouped("team_id").items():
            # sudo: crm.team.member, radio.sla.clock - who is in, and how much they have
            load = team.sudo()._get_back_office_load()
            for lead in leads:
                if not load:
                    break
                owner = min(load, key=lambda user: (load[user], user.id))
                lead.back_office_user_id = owner
                load[owner] += 1
