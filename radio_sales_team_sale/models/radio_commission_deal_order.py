from odoo import models


class RadioCommissionDeal(models.Model):
    """The base of a deal with orders: what the confirmed ones say, as soon as the first
    of them is confirmed."""

    _inherit = "radio.commission.deal"

    def _create_shares(self, contributors):
        """Link the orders that were confirmed before, and create no shares where the
        rate of their currency is missing."""
        self._link_orders()
        ready = self.browse()
        for deal in self:
            deal.problem = deal.order_ids._get_missing_rate_message()
            if not deal.problem:
                ready += deal
        return super(RadioCommissionDeal, ready)._create_shares(contributors)

    def _win_again(self):
        self._link_orders()
        # also what happened to them while it was not won
        self.filtered("order_ids")._follow_orders()
        return super()._win_again()

    def _link_orders(self):
        """Link the confirmed orders of the opportunities that have no deal yet."""
        for deal in self.filtered(lambda one: one == one.lead_id._get_last_deal()):
            orders = deal.lead_id._get_deal_orders().filtered(
                lambda order: not order.commission_deal_id
            )
            if orders:
                orders.commission_deal_id = deal

    def _recompute_contributors(self, reason=False):
        followers = self.filtered(
            lambda deal: (
                deal.state == "won"
                and deal.order_ids
                and (deal.problem or deal.due_reason)
            )
        )
        stuck = followers - followers._follow_orders()
        return super(RadioCommissionDeal, self - stuck)._recompute_contributors(reason)

    def _settle(self, day, kind=False, reason=False, period=None):
        lines = self.env["radio.commission.line"]
        for happened, deals in self.grouped("due_reason").items():
            if happened:
                deals._follow_orders()
            lines |= super(RadioCommissionDeal, deals)._settle(
                day, kind=kind, reason=reason or happened, period=period
            )
        self.filtered("due_reason").due_reason = False
        return lines

    def _follow_orders(self):
        """Bring the base in line with the orders. If a currency rate is missing, the
        deal says so, and everything stays as it is.

        :return: the deals whose base is known.
        """
        known = self.browse()
        for deal in self:
            orders = deal.order_ids.filtered(lambda order: order.state == "sale")
            if problem := orders._get_missing_rate_message():
                deal.problem = problem
                continue
            if deal.problem and deal._has_shares():
                deal.problem = False
            deal.base_amount = float(orders._get_commission_base())
            if orders:
                deal.months = orders._get_commission_months()
            known |= deal
        return known
