from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models


class RadioDiscountLadder(models.Model):
    _inherit = "radio.discount.ladder"

    def _move_windows(self, start, partners):
        """The last 12 months are one row for ever: what refers to it goes on."""
        # sudo: radio.customer.volume - kept by the addon
        rows = self.env["radio.customer.volume"].sudo()
        rows.search(
            [
                ("ladder_id", "=", self.id),
                ("partner_id", "in", partners.ids),
                ("window_start", "!=", start),
            ]
        ).window_start = start

    def _get_window(self, partner, day):
        """First and last day of the year that holds on a day.

        :param partner: whose contract year it is.
        :param day: date.
        """
        self.ensure_one()
        if self.window == "rolling":
            start = day + relativedelta(months=-11, day=1)
            return start, day + relativedelta(day=31)
        begin = partner.contract_start if self.window == "contract_year" else False
        if not begin:
            return day + relativedelta(month=1, day=1), day + relativedelta(
                month=12, day=31
            )
        # the 29th of February is the 28th in most years
        start = begin + relativedelta(year=day.year)
        if start > day:
            start = begin + relativedelta(year=day.year - 1)
        following = begin + relativedelta(year=start.year + 1)
        return start, following - timedelta(days=1)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_ladder(self, ladders):
        """The ladder of this customer, empty for an individual agreement.

        :param ladders: ``radio.discount.ladder`` of a company, in their order.
        """
        self.ensure_one()
        none = ladders.browse()
        if self.has_individual_discount or not self.active:
            return none
        chosen = self.discount_ladder_id & ladders
        if chosen:
            return chosen
        for ladder in ladders:
            if not ladder.category_ids or ladder.category_ids & self.category_id:
                return ladder
        return none
