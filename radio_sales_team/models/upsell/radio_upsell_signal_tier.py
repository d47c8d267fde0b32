from datetime import timedelta

from odoo import api, models

from .percent import format_percent
from .radio_upsell_signal import OPEN_STATES


class RadioUpsellSignal(models.Model):
    """Discount levels that have come near, and what the facts have overtaken."""

    _inherit = "radio.upsell.signal"

    @api.model
    def _notice_tier_gaps(self, volumes=None):
        """Customers who have come near a level that was not dismissed before.

        :param volumes: ``radio.customer.volume`` to look at, default: all of today.
        """
        if volumes is None:
            volumes = (
                self.env["radio.customer.volume"]
                .sudo()
                .search([("is_near", "=", True)])
            )
        near = volumes.filtered("is_near")._filter_running()
        return self._raise([volume._prepare_tier_signal() for volume in near])

    @api.model
    def _end_overtaken(self, volumes=None):
        """End what the facts have overtaken: the level was reached, the year is over,
        the campaign goes on, the event has passed.

        :param volumes: ``radio.customer.volume`` that changed, default: everything.
        """
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
            elif not row or not signal.tier_id or row._is_over():
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
                    and signal.event_date < signal.company_id._get_local_day()
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


class RadioCustomerVolume(models.Model):
    _inherit = "radio.customer.volume"

    @api.model
    def _refresh_changed(self, changes):
        """A level that has come near is noticed, and one that is reached ends its
        signal, as soon as the volume is counted."""
        partners = changes.partner_id
        result = super()._refresh_changed(changes)
        rows = self.search([("partner_id", "in", partners.commercial_partner_id.ids)])
        rows = rows._filter_running()
        signals = self.env["radio.upsell.signal"]
        signals._end_overtaken(rows)
        signals._notice_tier_gaps(rows)
        return result

    def _is_over(self):
        """Whether the year is over; the last 12 months never are."""
        return self.ladder_id.window != "rolling" and not self._filter_running()

    def _prepare_tier_signal(self):
        self.ensure_one()
        today = self.company_id._get_local_day()
        seller, back_office = self.partner_id._get_tandem()
        owner = seller or back_office
        # the last 12 months are another chance once a year
        is_rolling = self.ladder_id.window == "rolling"
        year = self.window_end.year if is_rolling else self.window_start
        row = self.with_context(lang=owner.lang or self.env.lang)
        name = row.env._(
            "%(gap)s missing to %(discount)s %%",
            gap=row._format(row.gap),
            discount=format_percent(self.env, row.next_discount),
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
