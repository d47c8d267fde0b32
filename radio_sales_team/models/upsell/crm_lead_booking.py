from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
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
        """Book what was won before its customer was known."""
        unknown = self.browse()
        if {"advertiser_id", "partner_id"} & set(vals):
            unknown = self.filtered(
                lambda lead: lead.won_status == "won" and not lead._get_advertiser()
            )
        result = super().write(vals)
        unknown.filtered(lambda lead: lead.won_status == "won")._create_bookings()
        return result

    def _on_amount_changed(self):
        """If these opportunities had booked nothing, the first amount is what they
        book; later ones change nothing."""
        result = super()._on_amount_changed()
        bookings = self._search_won_bookings().grouped("lead_id")
        empty = self.filtered(
            lambda lead: (
                lead in bookings and not any(bookings[lead].mapped("net_amount"))
            )
        )
        empty._delete_bookings()
        empty._create_bookings()
        return result

    def _get_advertiser(self):
        """Return the company whose spots these are (``res.partner``): volume, industry
        and signals follow it. Empty if unknown."""
        self.ensure_one()
        return (self.advertiser_id or self.partner_id).commercial_partner_id

    def _get_agency(self):
        """Return the company that books for the advertiser (``res.partner``), empty if
        the advertiser books directly."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id - self._get_advertiser()

    def _on_won(self):
        result = super()._on_won()
        self._create_bookings()
        return result

    def _on_won_imported(self):
        result = super()._on_won_imported()
        self._create_bookings()
        return result

    def _on_won_reverted(self, reason=None):
        self._delete_bookings()
        return super()._on_won_reverted(reason)

    def _create_bookings(self):
        """Book what these won opportunities have not booked yet, if their advertiser is
        known: one booking for each month on air."""
        leads = self.sudo().filtered(lambda lead: lead._get_advertiser())
        if not leads:
            return
        bookings = leads._search_won_bookings()
        keys = set(bookings.mapped("source_key"))
        booked = bookings.grouped("lead_id")
        vals_list = []
        for lead, revenue in leads._get_booked_revenues().items():
            # what was merged into it is booked already
            merged = booked.get(lead, bookings.browse())
            rest = revenue - sum(merged.mapped("net_amount"))
            if not merged or rest:
                vals_list += [
                    vals
                    for vals in lead._prepare_bookings(rest)
                    if vals["source_key"] not in keys
                ]
        bookings.create(vals_list)

    def _prepare_bookings(self, revenue):
        """Return the values of one booking for each month on air.

        :param revenue: number in the currency of the company, split equally among the
            months.
        """
        self.ensure_one()
        company = self._get_response_company()
        months = self._get_campaign_months()
        digits = company.currency_id.decimal_places
        amounts = split(revenue, [1] * len(months), digits)
        vals_list = []
        for month, amount in zip(months, amounts, strict=True):
            last_day = month + relativedelta(day=31)
            vals_list.append(
                {
                    "advertiser_id": self._get_advertiser().id,
                    "agency_id": self._get_agency().id,
                    "company_id": company.id,
                    "team_id": self.team_id.id,
                    "lead_id": self.id,
                    "month": month,
                    "date_end": min(self.campaign_end or last_day, last_day),
                    "product_name": self.name,
                    "gross_amount": float(amount),
                    "net_amount": float(amount),
                    "source": "won",
                    "source_key": f"{self.id}:{month}",
                }
            )
        return vals_list

    def _get_booked_revenues(self):
        """Return what these opportunities book in total when they are won.

        :return: dict by ``crm.lead`` of amounts in the currency of its company.
        """
        return {
            lead: lead._get_response_company().currency_id.round(lead.expected_revenue)
            for lead in self
        }

    def _get_campaign_months(self):
        """The first days of the months in which the campaign is on air; the month in
        which it was won where nobody knows better."""
        start = self.campaign_start or self.campaign_end
        if not start:
            closed = self.date_closed or fields.Datetime.now()
            start = self._get_response_company()._get_local_day(closed)
        return get_months(start, self.campaign_end)

    def _delete_bookings(self):
        """Delete what these opportunities booked by being won."""
        self._search_won_bookings().unlink()

    def _search_won_bookings(self):
        """Return what these opportunities booked by being won, as superuser."""
        # as OdooBot: whoever wins a deal need not be able to book, and has no defaults
        bookings = self.env["radio.booking"].with_user(SUPERUSER_ID)
        return bookings.search([("lead_id", "in", self.ids), ("source", "=", "won")])

    def unlink(self):
        self._delete_bookings()
        return super().unlink()

    def _merge_dependences(self, opportunities):
        """What was booked stays booked, on the opportunity that stays. What was won
        without a customer is booked for the customer of that one."""
        if self.won_status == "won":
            unknown = opportunities.filtered(
                lambda lead: lead.won_status == "won" and not lead._get_advertiser()
            )
            # sudo: crm.lead - merged by whoever may
            unknown.sudo().write(
                {
                    "advertiser_id": self.advertiser_id.id,
                    "partner_id": self.partner_id.id,
                }
            )
        # sudo: radio.booking - carried over whole
        opportunities.sudo().booking_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)
