import logging
from datetime import timedelta

from odoo import api, fields, models

from ..response.batch import post_safely, run_in_batches

_logger = logging.getLogger(__name__)

BATCH = 500
# How many insights a seller gets in a week: more are read by nobody.
WEEKLY = 10


class RadioUpsellSignal(models.Model):
    _inherit = "radio.upsell.signal"

    insight_id = fields.Many2one(
        comodel_name="radio.industry.insight",
        index="btree_not_null",
        ondelete="set null",
    )


class RadioIndustryInsight(models.Model):
    """Making the signals of published insights, each customer once, and giving them to
    their people in weekly bundles."""

    _inherit = "radio.industry.insight"

    @api.model
    def _cron_spread(self):
        """Signals for all who match a valid insight and have none; goes on where it was
        stopped, and running it again adds none."""
        published = self.search([("state", "=", "published")], order="id")
        days = {company: company._get_local_day() for company in published.company_id}
        over = published.filtered(
            lambda insight: (
                insight.date_to and insight.date_to < days[insight.company_id]
            )
        )
        over.action_retire()
        valid = (published - over).filtered(
            lambda insight: insight.date_from <= days[insight.company_id]
        )
        done = 0
        for insight in valid:
            done += run_in_batches(
                self.env["res.partner"],
                insight._get_next_matches,
                insight._spread_to,
                "radio_sales_team.ir_cron_spread_insights",
            )
        released = self._release_bundles()
        if done or released:
            _logger.info(
                "Insights: %d signals made, %d given to sellers", done, released
            )

    def _get_next_matches(self, excluded_ids):
        domain = fields.Domain(self._get_match_domain())
        domain &= fields.Domain("id", "not in", excluded_ids)
        return self.env["res.partner"].search(domain, limit=BATCH, order="id")

    def _spread_to(self, partners):
        """One signal for each of these customers, seen with the next bundle."""
        self.env["radio.upsell.signal"]._raise(
            [
                {
                    "kind": "insight",
                    "name": self.name,
                    "text": "\n\n".join(filter(None, (self.pitch, self.evidence))),
                    "company_id": self.company_id.id,
                    "partner_id": partner.id,
                    "insight_id": self.id,
                    "reported_by_id": self.reported_by_id.id,
                    "released_on": False,
                    "dedupe_key": f"insight:{partner.id}:{self.id}",
                }
                for partner in partners
            ]
        )

    @api.model
    def _release_bundles(self):
        """Each seller gets at most so many a week, the newest insight first; one mail
        tells of all.

        :return: how many signals were given.
        """
        today = self.env.company._get_local_day()
        signals = self.env["radio.upsell.signal"]
        waiting = signals.search(
            [("released_on", "=", False), ("state", "=", "new")],
            order="insight_id desc, id",
        )
        waiting = waiting._check_waiting()
        week = today - timedelta(days=6)
        recent = dict(
            signals._read_group(
                [("kind", "=", "insight"), ("released_on", ">=", week)],
                ["user_id"],
                ["__count"],
            )
        )
        released = signals.browse()
        for user, bundle in waiting.grouped("user_id").items():
            # what is nobody's disturbs nobody
            left = max(WEEKLY - recent.get(user, 0), 0)
            given = bundle[:left] if user else bundle
            given.write({"released_on": today, "deadline": today + timedelta(days=7)})
            if user and given:
                post_safely(self.env, given._notify_bundle, user=user)
            released |= given
        return len(released)


class RadioUpsellSignalBundle(models.Model):
    _inherit = "radio.upsell.signal"

    def _check_waiting(self):
        """What still holds when it is given: whose customer it is now, and whether
        they want it.

        :return: those that can be given.
        """
        gone = self.filtered(
            lambda signal: (
                not signal.partner_id.active
                or signal.partner_id.is_signal_excluded
                or signal.partner_id.is_blacklisted
            )
        )
        gone.write({"state": "expired"})
        rest = self - gone
        for signal in rest:
            owner = self._get_owner(signal.partner_id, signal.company_id)
            if signal.user_id != owner:
                signal.user_id = owner
        return rest

    def _notify_bundle(self, user):
        """One mail about all of these, in the language of whoever gets it."""
        signals = self.with_context(lang=user.lang, tz=user.tz)
        body = self.env["ir.qweb"]._render(
            "radio_sales_team.signal_bundle_mail",
            {"insights": signals.grouped("insight_id")},
            minimal_qcontext=True,
        )
        user._notify_from_station(
            signals.env._("%s ideas for your customers", len(signals)),
            body,
            signals.env._("signals"),
        )
