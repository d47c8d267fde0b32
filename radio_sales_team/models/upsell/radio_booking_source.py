from datetime import date

from odoo import api, fields, models

BOOKING_SOURCES = [("won", "Won opportunities"), ("import", "Imported list")]


class RadioBookingSource(models.Model):
    """From which month on which source counts for a company: never two for one month,
    so that switching over counts nothing twice. Without any line, won opportunities."""

    _name = "radio.booking.source"
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
        default=lambda self: self.env.company._get_local_day().replace(day=1),
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
        """Update which bookings of these companies count, after their sources changed.

        The same as ``radio.booking._compute_is_counted``, in one write for each span
        of months, since a company has hundreds of thousands of bookings.
        """
        # sudo: radio.booking - follows from the sources, whoever may change those
        bookings = self.env["radio.booking"].sudo()
        for company in self:
            for since, until, source in company._get_spans():
                months = fields.Domain("company_id", "=", company.id)
                months &= fields.Domain("month", ">=", since)
                months &= fields.Domain("month", "<", until)
                counts = fields.Domain("source", "=", source)
                counted = fields.Domain("is_counted", "=", True)
                bookings.search(months & counts & ~counted).is_counted = True
                bookings.search(months & ~counts & counted).is_counted = False

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
        """Return the source that counts in a month.

        :param month: date, its first day.
        """
        self.ensure_one()
        started = [
            source for since, source in self._get_booking_sources() if since <= month
        ]
        return started[-1] if started else "won"

    def _get_booking_sources(self):
        """Return pairs (first day of a month, source that counts from then on), in the
        order of the months."""
        self.ensure_one()
        # sudo: radio.booking.source - whoever wins a deal need not see it
        sources = self.sudo().booking_source_ids.sorted("from_month")
        return [(one.from_month, one.source) for one in sources]
