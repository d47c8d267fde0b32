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
        if unknown := unknown.filtered(lambda lead: lead.won_status == "won"):
            # no signal that came later is won with it
            unknown._finish_win_now({"signal_ids": []})
        return result

    def _get_advertiser(self):
        """The customer whose spots these are: volume, industry and signals follow
        them. Empty where nobody is known."""
        return self._get_advertiser_contact().commercial_partner_id

    def _get_advertiser_contact(self):
        """Who was entered as the advertiser, else the customer; which company that is
        says :meth:`_get_advertiser`."""
        self.ensure_one()
        return self.advertiser_id or self.partner_id

    def _get_agency(self):
        """Who books for the advertiser, empty where they book themselves."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id - self._get_advertiser()

    def _prepare_win(self):
        """What is booked, as it is when it is won."""
        company = self._get_response_company()
        months = self._get_campaign_months()
        return {
            **super()._prepare_win(),
            # which companies these belong to is asked later
            "advertiser_id": self._get_advertiser_contact().id,
            "agency_id": bool(self.advertiser_id) and self.partner_id.id,
            "company_id": company.id,
            "team_id": self.team_id.id,
            "product_name": self.name,
            "revenue": company.currency_id.round(self.expected_revenue),
            "months": [str(month) for month in months],
            "campaign_end": self.campaign_end and str(self.campaign_end),
        }

    def _finish_win(self, facts):
        result = super()._finish_win(facts)
        # sudo: radio.booking - whoever wins a deal need not be able to book
        bookings = self.env["radio.booking"].sudo()
        bookings._insert_won(
            [
                vals
                for lead, kept in facts.items()
                for vals in lead._prepare_bookings(kept)
            ]
        )
        return result

    def _undo_win(self, reason):
        self._drop_bookings()
        return super()._undo_win(reason)

    def _prepare_bookings(self, facts):
        """Values of a booking for each month, all that it has.

        :param facts: see :meth:`_prepare_win`.
        """
        # sudo: res.partner - only which company a contact belongs to
        partners = self.env["res.partner"].sudo()
        advertiser = partners.browse(facts["advertiser_id"]).commercial_partner_id
        agency = partners.browse(facts["agency_id"]).exists().commercial_partner_id
        if not advertiser:
            return []
        company = self.env["res.company"].sudo().browse(facts["company_id"])
        months = [fields.Date.to_date(month) for month in facts["months"]]
        ends = fields.Date.to_date(facts["campaign_end"])
        digits = company.currency_id.decimal_places
        amounts = split(facts["revenue"], [1] * len(months), digits)
        return [
            {
                "advertiser_id": advertiser.id,
                "agency_id": (agency - advertiser).id,
                "company_id": company.id,
                "team_id": facts["team_id"],
                "lead_id": self.id,
                "month": month,
                "date_end": min(
                    ends or month + relativedelta(day=31), month + relativedelta(day=31)
                ),
                "product_name": facts["product_name"],
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
        start = self.campaign_start or self.campaign_end
        if not start:
            closed = self.date_closed or fields.Datetime.now()
            start = self._get_response_company()._get_local_day(closed)
        return get_months(start, self.campaign_end)

    def _drop_bookings(self):
        """What is not won books nothing."""
        # sudo: radio.booking - as in _finish_win
        self.sudo().booking_ids.filtered(lambda one: one.source == "won").unlink()

    def unlink(self):
        self._drop_bookings()
        return super().unlink()

    def _merge_dependences(self, opportunities):
        """What was booked stays booked, on the opportunity that stays."""
        # sudo: radio.booking - carried over whole
        opportunities.sudo().booking_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)
