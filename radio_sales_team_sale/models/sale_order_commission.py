from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.radio_sales_team.tools.commission import round_amount


class SaleOrder(models.Model):
    """What an order is worth for commission, and to which deal it belongs.

    An order belongs to one deal for ever, so that merging opportunities counts nothing
    twice. It gets its deal when it is confirmed and its opportunity is won, whichever
    comes second. Orders that were confirmed before that was so are left alone: their
    deals were paid by what the opportunities said.
    """

    _inherit = "sale.order"

    agency_commission = fields.Float(
        string="Agency Commission (%)",
        digits=(5, 2),
        compute="_compute_agency_commission",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="What the agency keeps. No commission is paid on it.",
    )
    commission_deal_id = fields.Many2one(
        comodel_name="radio.commission.deal",
        string="Deal",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="set null",
        groups="radio_sales_team.group_commission_manager",
    )
    commission_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of Commission"
    )
    commission_base = fields.Monetary(
        string="Counts for Commission",
        compute="_compute_commission_base",
        currency_field="commission_currency_id",
        groups="radio_sales_team.group_commission_manager",
        help="Commissionable products, after discounts and the agency's commission; 0 "
        "unless confirmed.",
    )

    _agency_commission = models.Constraint(
        "CHECK (agency_commission >= 0 AND agency_commission <= 100)",
        "An agency's commission is between 0 and 100 %.",
    )

    @api.depends("partner_id")
    def _compute_agency_commission(self):
        for order in self:
            customer = order.partner_id.commercial_partner_id
            order.agency_commission = customer.agency_commission

    @api.depends(
        "agency_commission",
        "company_id",
        "currency_id",
        "date_order",
        "order_line.price_subtotal",
        "state",
    )
    def _compute_commission_base(self):
        for order in self:
            order.commission_base = float(
                order.filtered(lambda one: one.state == "sale")._get_commission_base()
            )

    def write(self, vals):
        found = self.browse()
        if vals.get("opportunity_id"):
            # those that never had one: merging opportunities moves orders as well
            found = self.filtered(lambda order: not order.opportunity_id)
        result = super().write(vals)
        found._link_deals()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        # confirmed from the start, as an import's are
        orders.filtered(lambda order: order.state == "sale")._link_deals()
        return orders

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        # sudo: radio.commission.deal - whether anything was paid for it; what is due by
        # now is paid, even before the scheduled action comes
        self.sudo().commission_deal_id._settle_by_company()
        paid = self.sudo().filtered(lambda order: order.commission_deal_id.line_ids)
        if paid:
            raise UserError(
                self.env._(
                    "Commission was written for order %s, so it stays. Cancel it "
                    "instead.",
                    paid[0].name,
                )
            )

    def _action_confirm(self):
        result = super()._action_confirm()
        self._link_deals()
        return result

    @api.model
    def _get_followed_fields(self):
        return super()._get_followed_fields() | {"agency_commission"}

    def _follow_changes(self):
        """The deals of these orders are settled again, in a moment."""
        result = super()._follow_changes()
        # sudo: radio.commission.deal - whoever sells need not see what is paid
        self.sudo().filtered("commission_deal_id")._mark_deals()
        return result

    def _mark_deals(self, is_new=False):
        """Let the deals of these orders be settled, with what happened as the reason.

        :param is_new: whether they have only now become part of their deals.
        """
        reasons = {}
        for order in self:
            if order.state == "cancel":
                reason = self.env._("Order %s was cancelled", order.name)
            elif is_new:
                reason = self.env._("Order %s was confirmed", order.name)
            else:
                reason = self.env._("Order %s changed", order.name)
            reasons[order.commission_deal_id] = reason
        self.env["radio.commission.deal"]._mark_due(reasons)

    def _link_deals(self):
        """Confirmed orders become part of the newest deal of their opportunity."""
        # sudo: radio.commission.deal - whoever sells need not see what is paid
        loose = self.sudo().filtered(
            lambda order: (
                order.state == "sale"
                and order.opportunity_id
                and not order.commission_deal_id
            )
        )
        # sudo: crm.lead - written by the addon, see the field
        loose.opportunity_id.order_confirmed_at = self.env.cr.now()
        linked = loose.browse()
        for (lead, company), orders in loose.grouped(
            lambda order: (order.opportunity_id, order.company_id)
        ).items():
            if deal := lead._find_deal_for(orders, company):
                orders.commission_deal_id = deal
                linked |= orders
        linked._mark_deals(is_new=True)

    # what an order is worth

    def _get_commission_base(self):
        """What these orders count for commission, in their company's currency at the
        rate of each order's day.

        :return: ``Decimal``.
        """
        total = Decimal(0)
        for order in self:
            lines = order.order_line.filtered(
                lambda line: (
                    line.is_commissionable
                    and not line.display_type
                    and not line.is_downpayment
                )
            )
            own = order.company_id.currency_id
            amount = order.currency_id._convert(
                sum(lines.mapped("price_subtotal")),
                own,
                order.company_id,
                order._get_rate_day(),
                round=False,
            )
            kept = 100 - Decimal(str(order.agency_commission))
            total += round_amount(Decimal(str(amount)) * kept / 100, own.decimal_places)
        return total

    def _get_commission_months(self):
        """Return the first days of all months on air, as strings (``2026-01-01``)."""
        return sorted({str(day) for one in self for day in one._get_campaign_months()})

    def _get_rate_day(self):
        """Return the date of the exchange rate: the day of the order at the station."""
        return self.company_id._get_local_day(self.date_order or fields.Datetime.now())

    def _get_missing_rate_message(self):
        """Return a sentence about the first of these orders whose currency has no rate,
        or False. Odoo would convert it by 1.0.
        """
        # sudo: res.currency.rate - only whether there is one
        rates = self.env["res.currency.rate"].sudo()
        for order in self:
            currency, day = order.currency_id, order._get_rate_day()
            if currency == order.company_id.currency_id:
                continue
            domain = [
                ("company_id", "in", (False, order.company_id.root_id.id)),
                ("currency_id", "=", currency.id),
                ("name", "<=", day),
            ]
            if not rates.search_count(domain, limit=1):
                return self.env._(
                    "Order %(order)s is in %(currency)s, and there is no rate for "
                    "%(day)s. Enter one in the currencies of the accounting, and try "
                    "again.",
                    order=order.name,
                    currency=currency.name,
                    day=format_date(self.env, day),
                )
        return False
