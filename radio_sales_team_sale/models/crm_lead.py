from odoo import fields, models


class CrmLead(models.Model):
    """Orders of an opportunity, as far as they belong to its commission deal."""

    _inherit = "crm.lead"

    # Written at each confirmation: a transaction that wins the opportunity at the same
    # time does not see the order yet, and fails on the changed row; Odoo retries it.
    order_confirmed_at = fields.Datetime(
        string="Order Confirmed On",
        readonly=True,
        copy=False,
        help="When an order of the opportunity was confirmed last.",
    )

    def _get_commission_base(self):
        """The base is what the confirmed orders say: 0 if all are cancelled, or if the
        rate of a currency is missing."""
        orders = self._get_deal_orders()
        if not orders and not self._get_last_deal().order_ids:
            return super()._get_commission_base()
        if orders._get_missing_rate_message():
            return 0
        return float(orders._get_commission_base())

    def _get_commission_months(self):
        """The months of the orders' campaigns, if there are orders."""
        orders = self._get_deal_orders()
        return orders._get_commission_months() or super()._get_commission_months()

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
        """Return the newest deal, which is used again when this is won again."""
        return self._search_deals()[-1:]

    def _get_confirmed_orders(self, company):
        """Return the confirmed orders of a company: a deal has one currency."""
        return self.order_ids.filtered(
            lambda order: order.state == "sale" and order.company_id == company
        )

    def _find_deal_for(self, orders, company):
        """The newest won deal, for orders that have just been confirmed; empty where
        that deal was paid without its orders, as the addon came later.

        :param orders: ``sale.order`` without a deal.
        """
        self.ensure_one()
        deal = (
            self._search_deals()
            .filtered(lambda one: one.state == "won" and one.company_id == company)
            .sorted(lambda one: (one.won_on, one.id))[-1:]
        )
        if not deal or deal.order_ids:
            return deal
        others = self._get_confirmed_orders(company) - orders
        if others.filtered(lambda order: not order.commission_deal_id):
            return deal.browse()
        return deal
