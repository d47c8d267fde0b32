from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL, format_date


class RadioUpsellSignal(models.Model):
    """Campaigns that end, and customers who stay away."""

    _inherit = "radio.upsell.signal"

    @api.model
    def _notice_ends(self):
        """Create signals for campaigns that end, and for customers who stay away.

        :return: the new signals.
        """
        vals_list = []
        for company in self.env["res.company"].search([]):
            today = company._get_local_day()
            vals_list += self._prepare_expiry_signals(company, today)
            vals_list += self._prepare_churn_signals(company, today)
        return self._raise(vals_list)

    @api.model
    def _prepare_expiry_signals(self, company, today):
        """Return the values of a signal for each customer whose last booking ends
        soon."""
        rows = self.env.execute_query(
            SQL(
                """SELECT advertiser_id, MAX(date_end)
                   FROM radio_booking WHERE is_counted AND company_id = %s
                   GROUP BY advertiser_id
                   HAVING MAX(date_end) BETWEEN %s AND %s""",
                company.id,
                today,
                today + timedelta(days=30),
            )
        )
        return [
            {
                "kind": "expiry",
                "company_id": company.id,
                "partner_id": partner.id,
                "name": self._for_owner(partner)._get_expiry_name(end),
                "event_date": end,
                "deadline": max(end - timedelta(days=14), today),
                "dedupe_key": key,
            }
            for partner, end, key in self._get_new("expiry", company, rows)
        ]

    @api.model
    def _get_new(self, kind, company, rows):
        """The ends that were not noticed before.

        :param company: ``res.company`` of the bookings.
        :param rows: list of (id of customer, last day on air).
        :return: list of (``res.partner``, last day, ``dedupe_key``).
        """
        ends = [(*row, f"{kind}:{row[0]}:{row[1]}") for row in rows]
        known = self._get_known([key for _id, _end, key in ends])
        ends = [end for end in ends if (company.id, end[-1]) not in known]
        # sudo: res.partner - who looks after a customer is no secret
        partners = self.env["res.partner"].sudo().browse(end[0] for end in ends)
        return [
            (partner, end, key)
            for partner, (_id, end, key) in zip(partners, ends, strict=True)
        ]

    def _get_expiry_name(self, end):
        return self.env._(
            "Campaign ends on %s, nothing follows", format_date(self.env, end)
        )

    def _get_churn_name(self, month):
        return self.env._(
            "Was on air in %s, nothing this year",
            format_date(self.env, month, date_format="MMMM y"),
        )

    @api.model
    def _prepare_churn_signals(self, company, today):
        """Return the values of a signal for each customer who was on air in the next
        month last year, and has booked nothing from three months ago on."""
        last_year = today + relativedelta(years=-1, months=1, day=1)
        rows = self.env.execute_query(
            SQL(
                """SELECT advertiser_id, MAX(date_end)
                   FROM radio_booking WHERE is_counted AND company_id = %s
                   GROUP BY advertiser_id
                   HAVING BOOL_OR(month = %s) AND MAX(date_end) < %s""",
                company.id,
                last_year,
                today - relativedelta(months=3),
            )
        )
        return [
            {
                "kind": "churn",
                "company_id": company.id,
                "partner_id": partner.id,
                "name": self._for_owner(partner)._get_churn_name(last_year),
                "event_date": end,
                "deadline": today + timedelta(days=7),
                # once for each absence, however long it lasts
                "dedupe_key": key,
            }
            for partner, end, key in self._get_new("churn", company, rows)
        ]

    def _get_booked_on(self):
        """Those of these signals about an end or an absence whose customer has booked
        since."""
        wanted = self.filtered(
            lambda signal: (
                signal.kind in ("expiry", "churn")
                and signal.dedupe_key
                and signal.event_date
            )
        )
        later = {
            (company_id, partner_id): last
            for company_id, partner_id, last in self.env.execute_query(
                SQL(
                    """SELECT company_id, advertiser_id, MAX(date_end)
                       FROM radio_booking
                       WHERE is_counted AND advertiser_id = ANY(%s)
                       GROUP BY company_id, advertiser_id""",
                    wanted.partner_id.ids,
                )
            )
        }
        return wanted.filtered(
            lambda signal: (
                later.get(
                    (signal.company_id.id, signal.partner_id.id), signal.event_date
                )
                > signal.event_date
            )
        )
