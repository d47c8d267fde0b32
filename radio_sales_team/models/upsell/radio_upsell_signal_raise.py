import logging

from odoo import api, models
from odoo.tools import SQL

from ..response.batch import post_safely

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
        raised = self._notice_tier_gaps() | self._notice_ends()
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
        for user, signals in new.grouped("user_id").items():
            post_safely(self.env, signals._tell_owner, user=user)

    def _tell_owner(self, user):
        """Send one mail about these to their owner, in the owner's language, without
        those that the owner reported."""
        self.with_context(tracking_disable=True).is_told = True
        told = self.filtered(lambda one: one.reported_by_id != user)
        if not told:
            return
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

    def _for_owner(self, partner):
        """In the language of whoever will read it."""
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
        known = self._get_known([vals["dedupe_key"] for vals in vals_list])
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
    def _get_known(self, keys):
        """What was noticed before in any state.

        :param keys: list of ``dedupe_key``.
        :return: set of pairs (id of company, key).
        """
        # sudo: radio.upsell.signal - noticed by the machine
        groups = self.sudo()._read_group(
            # a level that went out of reach and comes near again is another chance
            [
                ("dedupe_key", "in", keys),
                "|",
                ("state", "!=", "expired"),
                ("kind", "!=", "tier_gap"),
            ],
            ["company_id", "dedupe_key"],
        )
        return {(company.id, key) for company, key in groups}

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
