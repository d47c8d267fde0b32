import logging
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools.ladder import find_chance
from ..response.batch import run_in_batches

_logger = logging.getLogger(__name__)

# Changes that are dealt with in one transaction.
BATCH = 5000
LAST_YEAR = timedelta(days=366)


class RadioCustomerVolume(models.Model):
    """Counting volumes: one reading of the bookings for many customers, plain
    arithmetic, one writing of many rows."""

    _inherit = "radio.customer.volume"

    @api.model
    def _cron_refresh(self):
        """Count the volumes of changed customers; does nothing twice, and goes on where
        it was stopped."""
        changes = self.env["radio.volume.change"]
        done = run_in_batches(
            changes,
            lambda excluded_ids: changes.search(
                [("id", "not in", list(excluded_ids))], limit=BATCH, order="id"
            ),
            self._refresh_changed,
            "radio_sales_team.ir_cron_refresh_volumes",
        )
        if done:
            _logger.info("Volumes: %d changes were counted", done)

    @api.model
    def _refresh_changed(self, changes):
        """Count the volumes of these customers, and forget that they changed.

        :param changes: ``radio.volume.change``.
        """
        self._refresh(changes.partner_id)
        changes.unlink()

    @api.model
    def _refresh_now(self):
        """Count all that has changed in this transaction."""
        self._refresh_changed(self.env["radio.volume.change"].search([]))

    @api.model
    def _note_moved_windows(self):
        """Once a day: whose year has begun, or moved on, though nobody booked anything.
        Who booked in the running year and has no row of it, whatever the reason."""
        self.env.flush_all()
        partners, ladders = self.env["res.partner"], self._get_ladders()
        for company in self.env["res.company"].search([]):
            today = company._get_local_day()
            # in a new month the pace of everybody is another one
            older = self.search(
                [
                    ("company_id", "=", company.id),
                    ("refreshed_on", "<", today + relativedelta(day=1)),
                    "|",
                    ("window_end", ">=", today),
                    ("ladder_id.window", "=", "rolling"),
                ]
            )
            partners |= older.partner_id
            if company in ladders:
                partners |= self._get_partners_without_volume(company, today)
        self.env["radio.volume.change"]._note(partners)

    @api.model
    def _get_partners_without_volume(self, company, today):
        """Return the customers who booked around a day, and have no volume of a year
        that is running or to come.

        :param company: ``res.company``, whose bookings are looked at.
        :param today: date.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT booking.advertiser_id FROM radio_booking booking
                   JOIN res_partner partner ON partner.id = booking.advertiser_id
                   WHERE booking.company_id = %(company_id)s
                     AND booking.is_counted AND booking.is_eligible
                     AND booking.month BETWEEN %(since)s AND %(until)s
                     AND partner.has_individual_discount IS NOT TRUE AND NOT EXISTS (
                        SELECT FROM radio_customer_volume volume
                         WHERE volume.partner_id = partner.id
                           AND volume.company_id = %(company_id)s
                           AND volume.window_end >= %(today)s)""",
                company_id=company.id,
                since=today - relativedelta(years=1),
                until=today + relativedelta(years=1),
                today=today,
            )
        )
        return self.env["res.partner"].browse(row[0] for row in rows)

    @api.model
    def _refresh(self, partners):
        """Count the volumes of these customers now.

        :param partners: ``res.partner``.
        :return: the rows that hold today.
        """
        # sudo: radio.customer.volume - kept by the addon, people only read it
        volumes = self.sudo()
        partners = partners.sudo().commercial_partner_id
        self.env.flush_all()
        rows = []
        for company, ladders in volumes._get_ladders().items():
            today = company._get_local_day()
            booked = volumes._get_booked(
                partners, company, today - relativedelta(years=2, day=1)
            )
            # read once, for tens of thousands of customers
            levels = {ladder: ladder._get_levels() for ladder in ladders}
            for partner in partners:
                ladder = partner._get_ladder(ladders)
                months = booked.get(partner.id)
                if ladder and months:
                    rows += volumes._count(
                        partner, ladder, levels[ladder], months, today
                    )
        volumes._replace(partners, rows)
        volumes.invalidate_model()
        return volumes.search([("partner_id", "in", partners.ids)])._filter_running()

    @api.model
    def _get_ladders(self):
        """The ladders of each company, in the order in which they hold."""
        ladders = self.env["radio.discount.ladder"].sudo().search([])
        return ladders.grouped("company_id")

    @api.model
    def _get_booked(self, partners, company, since):
        """What was booked by month.

        :param since: date, first month that is needed.
        :return: dict of list of (month, gross, net, spots) by id of customer.
        """
        booked = defaultdict(list)
        for partner_id, *month in self.env.execute_query(
            SQL(
                """SELECT advertiser_id, month, SUM(gross_amount), SUM(net_amount),
                        SUM(spots)
                   FROM radio_booking
                   WHERE advertiser_id = ANY(%s) AND company_id = %s
                     AND is_counted AND is_eligible AND month >= %s
                   GROUP BY advertiser_id, month""",
                partners.ids,
                company.id,
                since,
            )
        ):
            booked[partner_id].append(month)
        return booked

    @api.model
    def _count(self, partner, ladder, levels, months, today):
        """The rows of one customer: the year of today, and the one before it, whose
        late bookings count, too.

        :param levels: dict of id of ``radio.discount.tier`` by level, sorted.
        :param months: see :meth:`_get_booked`.
        """
        position = ("gross", "net", "spots").index(ladder.basis) + 1
        windows = [ladder._get_window(partner, today)]
        if ladder.window != "rolling":
            windows.append(ladder._get_window(partner, windows[0][0] - timedelta(1)))
        rows = []
        for start, end in windows:
            # a month counts for the year in which it begins
            inside = [month for month in months if start <= month[0] <= end]
            if not inside:
                continue
            volume = sum(month[position] or 0 for month in inside)
            so_far = sum(month[position] or 0 for month in inside if month[0] <= today)
            row = self._prepare_row(ladder, levels, (start, end), volume, so_far, today)
            rows.append({"partner_id": partner.id, **row})
        return rows

    @api.model
    def _prepare_row(self, ladder, levels, window, volume, so_far, today):
        digits = ladder.currency_id.decimal_places if ladder.basis != "spots" else 0
        chance = find_chance(levels, volume, ladder.is_whole, digits)
        level, next_level = chance.level, chance.next_level
        part = 0
        if next_level and next_level.lower:
            part = 100 * chance.gap / next_level.lower
        # by months, as bookings are: the running one counts whole on both sides
        months = _count_months(window[0], window[1])
        passed = _count_months(window[0], min(max(today, window[0]), window[1]))
        pace = so_far * months / passed
        return {
            "ladder_id": ladder.id,
            "window_start": window[0],
            "window_end": window[1],
            "currency_id": ladder.currency_id.id,
            "company_id": ladder.company_id.id,
            "refreshed_on": today,
            "volume": round(volume, 2),
            "tier_id": level and levels[level],
            "next_tier_id": next_level and levels[next_level],
            "discount": level.discount if level else 0,
            "next_discount": next_level.discount if next_level else 0,
            "gap": chance.gap,
            "gap_percent": part,
            "run_rate": round(max(volume, pace), 2),
            # spots cost what they cost: nobody knows here
            "saving": chance.saving if ladder.basis == "gross" else 0,
            # for what is paid, booking more costs more
            "free_airtime": chance.free if ladder.basis != "net" else 0,
            "is_near": bool(
                next_level
                and volume > 0
                and (part <= ladder.near_percent or chance.gap <= (ladder.near_amount))
            ),
        }

    @api.model
    def _replace(self, partners, rows):
        """Bring the rows of customers in line with what was computed: those of this
        year and the one before it; older ones stay.

        :param partners: ``res.partner``, also those without any row.
        :param rows: list of values, one for each customer, ladder and window.
        """
        starts = {row["ladder_id"]: row["window_start"] for row in rows}
        ladders = self.env["radio.discount.ladder"].browse(starts)
        for ladder in ladders.filtered(lambda one: one.window == "rolling"):
            ladder._move_windows(starts[ladder.id], partners)
        new = {
            (row["partner_id"], row["ladder_id"], row["window_start"]): row
            for row in rows
        }
        obsolete = self.browse()
        for volume in self.search(
            [
                ("partner_id", "in", partners.ids),
                "|",
                ("ladder_id.window", "=", "rolling"),
                ("window_end", ">=", self.env.company._get_local_day() - LAST_YEAR),
            ]
        ):
            key = (volume.partner_id.id, volume.ladder_id.id, volume.window_start)
            if key in new:
                volume.write(new.pop(key))
            else:
                obsolete += volume
        obsolete.unlink()
        self.create(list(new.values()))


def _count_months(first, last):
    """Months from the one of a day to the one of another, both counted.

    >>> from datetime import date
    >>> _count_months(date(2026, 11, 20), date(2027, 1, 2))
    3
    """
    return (last.year - first.year) * 12 + last.month - first.month + 1
