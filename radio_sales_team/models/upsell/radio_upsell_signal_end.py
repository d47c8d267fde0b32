from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date


class RadioUpsellSignal(models.Model):
    """Campaigns that end, and customers who stay away."""

    _inherit = "radio.upsell.signal"

    @api.model
    def _notice_expiries(self):
        """Customers whose last booking ends soon, and nothing follows."""
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """SELECT company_id, advertiser_id, MAX(date_end)
                   FROM radio_booking WHERE is_counted
                   GROUP BY company_id, advertiser_id
                   HAVING MAX(date_end) BETWEEN %s AND %s""",
                today,
                today + timedelta(days=30),
            )
        )
        return self._raise(
            [
                {
                    "kind": "expiry",
                    "company_id": company_id,
                    "partner_id": partner.id,
                    "name": self._for_owner(partner)._get_expiry_name(end),
                    "event_date": end,
                    "deadline": max(end - timedelta(days=14), today),
                    "dedupe_key": key,
                }
                for company_id, partner, end, key in self._get_new("expiry", rows)
            ]
        )

    @api.model
    def _get_new(self, kind, rows):
        """The ends that were not noticed before.

        :param rows: list of (id of company, id of customer, last day on air).
        :return: list of (id of company, ``res.partner``, last day, ``dedupe_key``).
        """
        ends = [(*row, f"{kind}:{row[1]}:{row[2]}") for row in rows]
        known = self._get_known([end[-1] for end in ends])
        ends = [end for end in ends if (end[0], end[-1]) not in known]
        # sudo: res.partner - who looks after a customer is no secret
        partners = self.env["res.partner"].sudo().browse(end[1] for end in ends)
        return [
            (company_id, partner, end, key)
            for partner, (company_id, _id, end, key) in zip(partners, ends, strict=True)
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
    def _notice_churn(self):
        """Customers who were on air in the next month last year, and have booked
        nothing from three months ago on."""
        today = fields.Date.context_today(self)
        month = today + relativedelta(months=1, day=1)
        last_year = month - relativedelta(years=1)
        rows = self.env.execute_query(
            SQL(
                """SELECT company_id, advertiser_id, MAX(date_end)
                   FROM radio_booking WHERE is_counted
                   GROUP BY company_id, advertiser_id
                   HAVING BOOL_OR(month = %s) AND MAX(date_end) < %s""",
                last_year,
                today - relativedelta(months=3),
            )
        )
        return self._raise(
            [
                {
                    "kind": "churn",
                    "company_id": company_id,
                    "partner_id": partner.id,
                    "name": self._for_owner(partner)._get_churn_name(last_year),
                    "event_date": end,
                    "deadline": today + timedelta(days=7),
                    # once for each absence, however long it lasts
                    "dedupe_key": key,
                }
                for company_id, partner, end, key in self._get_new("churn", rows)
            ]
        )

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
