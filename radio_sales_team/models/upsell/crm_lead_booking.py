from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.months import get_months
from ...tools.split import split


class CrmLead(models.Model):
    """What a won opportunity books, frozen when it is won: editing it later changes
    nothing, leaving "won" takes it back."""

    _inherit = "crm.lead"

    advertiser_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        help="Whose spots these are, where an agency asks for them. Empty: the "
        "customer's own.",
    )
    campaign_end = fields.Date(copy=False, help="Last day on air, as far as known.")
    booking_ids = fields.One2many(
        comodel_name="radio.booking", inverse_name="lead_id", copy=False
    )

    @api.constrains("campaign_start", "campaign_end")
    def _check_campaign_end(self):
        for lead in self:
            start, end = lead.campaign_start, lead.campaign_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._("The campaign cannot end before it starts.")
                )

    def write(self, vals):
        unknown = self.browse()
        if {"advertiser_id", "partner_id"} & set(vals):
            unknown = self.filtered(
                lambda lead: lead.won_status == "won" and not lead._get_advertiser()
            )
        result = super().write(vals)
        # won before anybody knew for whom
        unknown._book()
        return result

    def _get_advertiser(self):
        """The customer whose spots these are: volume, industry and signals follow
        them. Empty where nobody is known."""
        self.ensure_one()
        return (self.advertiser_id or self.partner_id).commercial_partner_id

    def _get_agency(self):
        """Who books for the advertiser, empty where they book themselves."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        return customer if customer != self._get_advertiser() else customer.browse()

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        won, left = self._get_won_and_left(old_status_by_lead, new_status_by_lead)
        left._drop_bookings()
        won._book()
        return result

    def _get_won_and_left(self, old_status_by_lead, new_status_by_lead):
        """Those that have just been won, and those that are not won any more.

        :return: pair of ``crm.lead``; the parameters are ``_handle_won_lost``'s.
        """
        won, left = self.browse(), self.browse()
        for lead in self:
            was = old_status_by_lead.get(lead.id, {}).get("is_won")
            is_won = new_status_by_lead.get(lead.id, {}).get("is_won")
            if is_won and not was:
                won |= lead
            elif was and not is_won:
                left |= lead
        return won, left

    def _book(self):
        """Book what these won opportunities bring, month by month of the campaign."""
        if not self:
            return
        # sudo: radio.booking - whoever wins a deal need not be able to book
        bookings = self.env["radio.booking"].sudo()
        # all that is asked of customers here, and for deals
        customers = (self.partner_id | self.advertiser_id).sudo()
        customers.fetch(["commercial_partner_id", "name"])
        vals_list = []
        for lead in self.sudo():
            if lead._get_advertiser():
                vals_list += lead._prepare_bookings()
        bookings._insert_won(vals_list)

    def _prepare_bookings(self):
        """Values of a booking for each month, all that it has."""
        company = self._get_response_company()
        months = self._get_campaign_months()
        digits = company.currency_id.decimal_places
        amounts = split(self.expected_revenue, [1] * len(months), digits)
        return [
            {
                "advertiser_id": self._get_advertiser().id,
                "agency_id": self._get_agency().id,
                "company_id": company.id,
                "team_id": self.team_id.id,
                "lead_id": self.id,
                "month": month,
                "date_end": min(
                    self.campaign_end or month + relativedelta(day=31),
                    month + relativedelta(day=31),
                ),
                "product_name": self.name,
                "currency_id": company.currency_id.id,
                "gross_amount": float(amount),
                "net_amount": float(amount),
                "is_counted": company._get_booking_source(month) == "won",
                "is_eligible": True,
                "source": "won",
                "source_key": f"{self.id}:{month}",
            }
            for month, amount in zip(months, amounts, strict=True)
        ]

    def _get_campaign_months(self):
        """The first days of the months in which the campaign is on air; the month in
        which it was won where nobody knows better."""
        closed = self.date_closed or fields.Datetime.now()
        start = self.campaign_start or self.campaign_end or closed.date()
        return get_months(start, self.campaign_end)

    def _drop_bookings(self):
        """What is not won books nothing."""
        # sudo: radio.booking - as in _book
        self.sudo().booking_ids.filtered(lambda one: one.source == "won").unlink()

    def unlink(self):
        self._drop_bookings()
        return super().unlink()

    def _merge_dependences(self, opportunities):
        """What was booked stays booked, on the opportunity that stays."""
        # sudo: radio.booking - carried over whole
        opportunities.sudo().booking_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)
