from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

BOOKING_SOURCES = [("won", "Won opportunities"), ("import", "Imported list")]


class RadioBookingSource(models.Model):
    """From which month on which source counts for a company: never two for one month,
    so that switching over counts nothing twice. Without any line, won opportunities."""

    _name = "radio.booking.source"
    _inherit = ["radio.cached.mixin"]
    _description = "Source of Bookings"
    _order = "company_id, from_month"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    source = fields.Selection(selection=BOOKING_SOURCES, required=True)
    from_month = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="From the first day of this month on.",
    )

    _one_a_month = models.UniqueIndex(
        "(company_id, from_month)",
        "There is another source from this month on already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        sources = super().create([self._start_of_month(vals) for vals in vals_list])
        sources.company_id._count_bookings()
        return sources

    def write(self, vals):
        companies = self.company_id
        result = super().write(self._start_of_month(vals))
        (companies | self.company_id)._count_bookings()
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        companies._count_bookings()
        return result

    @api.model
    def _start_of_month(self, vals):
        month = fields.Date.to_date(vals.get("from_month"))
        return dict(vals, from_month=month.replace(day=1)) if month else vals


class ResCompany(models.Model):
    _inherit = "res.company"

    def _count_bookings(self):
        """Count the bookings anew, by the sources that hold now: see
        ``radio.booking._compute_is_counted``, here for all of them at once."""
        if not self:
            return
        bookings = self.env["radio.booking"]
        bookings.flush_model()
        spans = [
            (company.id, *span) for company in self for span in company._get_spans()
        ]
        changed = self.env.execute_query(
            SQL(
                """UPDATE radio_booking booking
                      SET is_counted = booking.source = span.source
                     FROM unnest(%s::int[], %s::date[], %s::date[], %s::text[])
                          AS span(company_id, since, until, source)
                    WHERE booking.company_id = span.company_id
                      AND booking.month >= span.since AND booking.month < span.until
                      AND booking.is_counted
                          IS DISTINCT FROM (booking.source = span.source)
                RETURNING booking.advertiser_id""",
                *(list(column) for column in zip(*spans, strict=True)),
            )
        )
        bookings.invalidate_model(["is_counted"])
        advertiser_ids = {advertiser_id for (advertiser_id,) in changed}
        partners = self.env["res.partner"].browse(advertiser_ids)
        self.env["radio.volume.change"]._note(partners)

    def _get_spans(self):
        """Which source counts from when until before when.

        :return: list of (first day, day after the last, source).
        """
        sources = [(date.min, "won"), *self._get_booking_sources()]
        ends = [since for since, _source in sources[1:]] + [date.max]
        return [
            (since, end, source)
            for (since, source), end in zip(sources, ends, strict=True)
        ]

    def _get_booking_source(self, month):
        """The source that counts in a month.

        :param month: date, its first day.
        """
        self.ensure_one()
        holding = [
            source for since, source in self._get_booking_sources() if since <= month
        ]
        return holding[-1] if holding else "won"

    @ormcache("self.id")
    def _get_booking_sources(self):
        """Which source counts since when.

        :return: tuple of pairs (first day of a month, source), by month.
        """
        # sudo: radio.booking.source - whoever wins a deal need not see it
        sources = self.env["radio.booking.source"].sudo()
        own = sources.search([("company_id", "=", self.id)], order="from_month")
        return tuple((one.from_month, one.source) for one in own)
