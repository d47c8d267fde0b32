from odoo import api, models

from .radio_commission_plan import ORDER_EVENTS


class RadioCommissionDeal(models.Model):
    """The base of a deal with orders: always what the confirmed ones say, from the
    moment on at which the first of them is confirmed."""

    _inherit = "radio.commission.deal"

    @api.model
    def _freeze(self, leads, is_past=False):
        deals = super()._freeze(leads, is_past)
        deals._link_loose()
        return deals

    def _write_shares(self, day, period):
        # also what has happened to them since it was won
        self.filtered(lambda deal: deal.order_ids or deal.due_reason)._follow_orders()
        return super()._write_shares(day, period)

    def _find_pending_shares(self, people):
        orders = self.lead_id._get_deal_orders()
        if problem := orders._find_missing_rate():
            return [], problem
        return super()._find_pending_shares(people)

    def _write_first(self, day, period):
        """What has happened to orders since it was won is earned when it happened,
        where they are what pays: see :meth:`_mark_due`."""
        changed = self.filtered(
            lambda deal: deal.due_reason and deal.event in ORDER_EVENTS
        )
        for (happened_on, reason), deals in changed.grouped(
            lambda deal: (deal.next_due_on, deal.due_reason)
        ).items():
            deals._write_due({}, day or happened_on, reason=reason, period=period)
        self.filtered("due_reason").due_reason = False
        others = self - changed
        return super(RadioCommissionDeal, others)._write_first(day, period)

    def _win_again(self):
        self._link_loose()
        # also what happened to them while it was not won
        self.filtered("order_ids")._follow_orders()
        return super()._win_again()

    def _link_loose(self):
        """Confirmed orders of these deals' opportunities that have no deal yet."""
        for deal in self.filtered(lambda one: one == one.lead_id._get_last_deal()):
            loose = deal.lead_id._get_deal_orders().filtered(
                lambda order: not order.commission_deal_id
            )
            if loose:
                loose.commission_deal_id = deal

    @api.model
    def _get_months(self, lead):
        """The months of the orders' campaigns, where there are orders."""
        months = set()
        for order in lead._get_deal_orders():
            months.update(str(month) for month in order._get_campaign_months())
        return sorted(months) or super()._get_months(lead)

    @api.model
    def _get_base(self, lead):
        orders = lead._get_deal_orders()
        if not orders and not lead._get_last_deal().order_ids:
            return super()._get_base(lead)
        if orders._find_missing_rate():
            return 0
        # all cancelled: 0, also where it is won again
        return float(orders._get_commission_base())

    def _refreeze(self, reason=False):
        self._lock()
        followers = self.filtered(
            lambda deal: (
                deal.state == "won"
                and deal.order_ids
                and (deal.problem or deal.due_reason)
            )
        )
        stuck = followers - followers._follow_orders()
        return super(RadioCommissionDeal, self - stuck)._refreeze(reason)

    def _settle(self, day, kind=False, reason=False, period=None):
        self._lock(period)
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
        """Bring the base in line with the orders. Where a rate is missing, the deal
        says so, and all stays as it is.

        :return: those whose base is known.
        """
        known = self.browse()
        for deal in self:
            orders = deal.order_ids.filtered(lambda order: order.state == "sale")
            if problem := orders._find_missing_rate():
                deal.problem = problem
                continue
            if deal.problem and deal._has_shares():
                deal.problem = False
            deal.base_amount = float(orders._get_commission_base())
            if orders:
                months = {
                    month for one in orders for month in one._get_campaign_months()
                }
                deal.months = sorted(map(str, months))
            known |= deal
        return known
