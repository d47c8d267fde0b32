from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """A line that changes on a confirmed order changes what follows from it."""

    _inherit = "sale.order.line"

    is_commissionable = fields.Boolean(
        compute="_compute_is_commissionable",
        store=True,
        precompute=True,
        help="As the product was when it was entered: what was sold stays as it was.",
    )

    @api.depends("product_id")
    def _compute_is_commissionable(self):
        for line in self:
            line.is_commissionable = line.product_id.is_commissionable

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._follow_confirmed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if self._get_booked_fields() & set(vals):
            self._follow_confirmed()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders.filtered(lambda order: order.state == "sale")._follow_changes()
        return result

    @api.model
    def _get_booked_fields(self):
        return {
            "discount",
            "price_unit",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "tax_ids",
        }

    def _follow_confirmed(self):
        self.order_id.filtered(lambda order: order.state == "sale")._follow_changes()

    def _get_booked_amounts(self):
        """What these lines of one order come to, in the company's currency at the rate
        of the order's day: before discounts, after them, and spots.

        :return: list of pairs (amount, decimal places).
        """
        order = self.order_id
        currency, company = order.currency_id, order.company_id
        # “Discount” on the whole order is no airtime: it only makes the net less
        rated = self.filtered(
            lambda line: line.product_id != company.sale_discount_product_id
        )
        gross = sum(
            line.tax_ids.compute_all(
                line.price_unit,
                currency=currency,
                quantity=line.product_uom_qty,
                product=line.product_id,
                partner=order.partner_id,
            )["total_excluded"]
            for line in rated
        )
        net = sum(self.mapped("price_subtotal"))
        day = order._get_rate_day()
        own = company.currency_id
        amounts = [
            (currency._convert(amount, own, company, day), own.decimal_places)
            for amount in (gross, net)
        ]
        spots = sum(
            line.product_uom_id._compute_quantity(
                line.product_uom_qty, line.product_id.uom_id
            )
            for line in rated
        )
        return [*amounts, (round(spots), 0)]
