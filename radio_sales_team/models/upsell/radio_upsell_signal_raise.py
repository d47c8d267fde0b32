import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .radio_upsell_signal import OPEN_STATES

_logger = logging.getLogger(__name__)


class RadioUpsellSignal(models.Model):
    """What the machine notices, each chance once: a discount level that is near, a
    campaign that ends, a customer who stays away. What the facts have overtaken ends by
    itself."""

    _inherit = "radio.upsell.signal"

    @api.model
    def _cron_notice(self):
        """Look at all customers once a day; doing it twice changes nothing."""
        self.env["radio.customer.volume"]._note_moved_windows()
        ended = self._end_overtaken()
        raised = (
            self._notice_tier_gaps() | self._notice_expiries() | self._notice_churn()
        )
        self._tell_owners()
        if raised or ended:
            _logger.info("Signals: %d noticed, %d ended", len(raised), len(ended))

    @api.model
    def _tell_owners(self):
        """One mail a day to each about what is new for them; insights have bundles."""
        # sudo: radio.upsell.signal - told by the machine
        new = self.sudo().search(
            [
                ("is_told", "=", False),
                ("state", "=", "new"),
                ("kind", "!=", "insight"),
                ("user_id.active", "=", True),
            ]
        )
        new.with_context(tracking_disable=True).is_told = True
        for user, signals in new.grouped("user_id").items():
            told = signals.filtered(lambda one, user=user: one.reported_by_id != user)
            if not told:
                continue
            told = told.with_context(lang=user.lang, tz=user.tz)
            body = self.env["ir.qweb"]._render(
                "radio_sales_team.signal_mail",
                {"signals": told},
                minimal_qcontext=True,
                lang=user.lang,
            )
            user._notify_from_station(
                told.env._("%s chances with your customers", len(told)),
                body,
                told.env._("signals"),
            )

    def _for_owner(self, partner_id):
        """In the language of whoever will read it."""
        partner = self.env["res.partner"].sudo().browse(partner_id)
        seller, back_office = partner._get_tandem()
        lang = (seller or back_office).lang or self.env.lang
        return self.with_context(lang=lang)

    @api.model
    def _raise(self, vals_list):
        """Create those signals that were not noticed before in any state.

        :param vals_list: values with ``dedupe_key``, ``partner_id``, ``company_id``.
        """
        # sudo: radio.upsell.signal - noticed by the machine
        # by the thousand: their people get one mail of all, see the insights' bundles
        signals = self.sudo().with_context(tracking_disable=True)
        keys = [vals["dedupe_key"] for vals in vals_list]
        known = {
            (company.id, key)
            for company, key in signals._read_group(
                # a level that went out of reach and comes near again is another chance
                [
                    ("dedupe_key", "in", keys),
                    "|",
                    ("state", "!=", "expired"),
                    ("kind", "!=", "tier_gap"),
                ],
                ["company_id", "dedupe_key"],
            )
        }
        partners = self.env["res.partner"].browse(
            [vals["partner_id"] for vals in vals_list]
        )
        excluded = partners.sudo().filtered(
            lambda partner: partner.is_signal_excluded or not partner.active
        )
        excluded_ids = set(excluded.ids)
        agencies = self._get_agencies(partners)
        machine_id = self.env.ref("base.user_root").id
        return signals.create(
            [
                {
                    "reported_by_id": machine_id,
                    "agency_id": agencies.get((vals["company_id"], vals["partner_id"])),
                    **vals,
                }
                for vals in vals_list
                if (vals["company_id"], vals["dedupe_key"]) not in known
                and vals["partner_id"] not in excluded_ids
            ]
        )

    @api.model
    def _get_agencies(self, partners):
        """Who booked for each advertiser last, where somebody did.

        :return: dict of id of the agency by (id of company, id of advertiser).
        """
        return {
            (company_id, partner_id): agency_id
            for company_id, partner_id, agency_id in self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (company_id, advertiser_id)
                            company_id, advertiser_id, agency_id
                       FROM radio_booking
                       WHERE is_counted AND advertiser_id = ANY(%s)
                       ORDER BY company_id, advertiser_id, month DESC, id DESC""",
                    partners.ids,
                )
            )
        }

    # discount levels

    @api.model
    def _notice_tier_gaps(self, volumes=None):
        """Customers who have come near a level that was not dismissed before.

        :param volumes: ``radio.customer.volume`` to look at, default: all of today.
        """
        today = fields.Date.context_today(self)
        near = [("is_near", "=", True), ("window_end", ">=", today)]
        if volumes is None:
            volumes = self.env["radio.customer.volume"].sudo().search(near)
        volumes = volumes.filtered_domain(near)
        return self._raise([volume._prepare_tier_signal() for volume in volumes])

    @api.model
    def _end_overtaken(self, volumes=None):
        """End what the facts have overtaken: the level was reached, the year is over,
        the campaign goes on, the event has passed.

        :param volumes: ``radio.customer.volume`` that changed, default: everything.
        """
        today = fields.Date.context_today(self)
        # sudo: radio.upsell.signal - ended by the machine
        concerned = [("state", "in", OPEN_STATES)]
        if volumes is not None:
            concerned.append(("volume_id", "in", volumes.ids))
        is_open = self.sudo().search(concerned)
        gaps = is_open.filtered(
            lambda signal: signal.kind == "tier_gap" and signal.dedupe_key
        )
        reached, over = self.browse(), self.browse()
        for signal in gaps:
            row = signal.volume_id
            if row and signal.tier_id and row.volume >= signal.tier_id.lower_bound:
                reached |= signal
            elif not row or not signal.tier_id or row._is_over(today):
                over |= signal
            elif not row.is_near and signal._is_untouched():
                # it has moved away again
                over |= signal
            elif row.next_tier_id == signal.tier_id:
                signal._update_words()
        if volumes is None:
            over |= is_open.filtered(
                lambda signal: (
                    signal.kind == "event"
                    and signal.state == "new"
                    and signal.event_date
                    and signal.event_date < today
                )
            )
            reached |= is_open._get_booked_on()
        reached = reached.sudo()
        # nobody did anything about what the machine noticed: not of its doing
        by_itself = reached.filtered(lambda signal: signal._is_untouched())
        (reached - by_itself).write({"state": "won"})
        (over | by_itself).sudo().write({"state": "expired"})
        return reached | over

    def _is_untouched(self):
        """Whether the machine noticed it, and nobody has done anything about it."""
        self.ensure_one()
        return self.state == "new" and self.reported_by_id == self.env.ref(
            "base.user_root"
        )

    def _update_words(self):
        """More was booked, and less is missing."""
        vals = self.volume_id._prepare_tier_signal()
        if vals["text"] != self.text:
            self.write({"name": vals["name"], "text": vals["text"]})

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

    # ends and absences

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
                    "partner_id": partner_id,
                    "name": self._for_owner(partner_id)._get_expiry_name(end),
                    "event_date": end,
                    "deadline": max(end - timedelta(days=14), today),
                    "dedupe_key": f"expiry:{partner_id}:{end}",
                }
                for company_id, partner_id, end in rows
            ]
        )

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
                    "partner_id": partner_id,
                    "name": self._for_owner(partner_id)._get_churn_name(last_year),
                    "event_date": end,
                    "deadline": today + timedelta(days=7),
                    # once for each absence, however long it lasts
                    "dedupe_key": f"churn:{partner_id}:{end}",
                }
                for company_id, partner_id, end in rows
            ]
        )


class RadioCustomerVolume(models.Model):
    _inherit = "radio.customer.volume"

    @api.model
    def _refresh_changed(self, changes):
        """A level that has come near is noticed, and one that is reached ends its
        signal, as soon as the volume is counted."""
        partners = changes.partner_id
        result = super()._refresh_changed(changes)
        rows = self.search(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("window_end", ">=", fields.Date.context_today(self)),
            ]
        )
        signals = self.env["radio.upsell.signal"]
        signals._end_overtaken(rows)
        signals._notice_tier_gaps(rows)
        return result

    def _is_over(self, today):
        """Whether the year is over; the last 12 months never are."""
        return self.window_end < today and self.ladder_id.window != "rolling"

    def _prepare_tier_signal(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        seller, back_office = self.partner_id._get_tandem()
        owner = seller or back_office
        # the last 12 months are another chance once a year
        is_rolling = self.ladder_id.window == "rolling"
        year = self.window_end.year if is_rolling else self.window_start
        row = self.with_context(lang=owner.lang or self.env.lang)
        name = row.env._(
            "%(gap)s missing to %(discount)s %%",
            gap=row._format(row.gap),
            discount=f"{row.next_discount:g}",
        )
        return {
            "kind": "tier_gap",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "name": name,
            "text": row._get_sentence(),
            "deadline": max(self.window_end - timedelta(days=28), today),
            "volume_id": self.id,
            "tier_id": self.next_tier_id.id,
            "dedupe_key": f"tier:{self.partner_id.id}:{self.ladder_id.id}:"
            f"{year}:{self.next_tier_id.id}",
        }
