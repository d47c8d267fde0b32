from odoo import api, models


class SaleOrderLine(models.Model):
    """A line that changes on a confirmed order changes what is booked."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._sync_confirmed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if self._get_booked_fields() & set(vals):
            self._sync_confirmed()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders.filtered(lambda order: order.state == "sale")._sync_bookings()
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

    def _sync_confirmed(self):
        self.order_id.filtered(lambda order: order.state == "sale")._sync_bookings()

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
        day = order.date_order.date()
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
