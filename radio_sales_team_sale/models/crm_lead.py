from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_deal_orders(self):
        """Confirmed orders that are part of the deal that this opportunity becomes when
        it is won: those of no other deal."""
        self.ensure_one()
        # sudo: sale.order - what was sold, whoever wins it
        lead = self.sudo()
        deal = lead._get_last_deal()
        return lead._get_confirmed_orders(lead._get_response_company()).filtered(
            lambda order: order.commission_deal_id <= deal
        )

    def _get_last_deal(self):
        """The deal that this opportunity is again when it is won again."""
        # sudo: radio.commission.deal - what was sold, whoever wins it
        return self.sudo().commission_deal_ids.sorted("id")[-1:]

    def _get_confirmed_orders(self, company):
        """One deal pays in one currency: orders of other companies are theirs."""
        return self.order_ids.filtered(
            lambda order: order.state == "sale" and order.company_id == company
        )

    def _find_deal_for(self, orders, company):
        """The newest won deal, for orders that have just been confirmed; empty where
        that deal was paid without its orders, as the addon came later.

        :param orders: ``sale.order`` without a deal.
        """
        self.ensure_one()
        deal = self.commission_deal_ids.filtered(
            lambda one: one.state == "won" and one.company_id == company
        ).sorted(lambda one: (one.won_on, one.id))[-1:]
        if not deal or deal.order_ids:
            return deal
        others = self._get_confirmed_orders(company) - orders
        if others.filtered(lambda order: not order.commission_deal_id):
            return deal.browse()
        return deal
