from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .percent import format_percent


class RadioCustomerVolume(models.Model):
    """How much a customer booked within a year, which discount level that is, and what
    the next one is worth. One row for each customer, ladder and year; kept by the
    addon (``radio_customer_volume_refresh.py``), people only read it."""

    _name = "radio.customer.volume"
    _description = "Customer's Volume"
    _order = "window_start desc, gap, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    ladder_id = fields.Many2one(
        comodel_name="radio.discount.ladder",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True)
    basis = fields.Selection(related="ladder_id.basis")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    window_start = fields.Date(string="From", required=True)
    window_end = fields.Date(string="Until", required=True)
    volume = fields.Float(
        digits=(16, 2),
        help="What is booked in this year, what is still to come included: an amount "
        "in the ladder's currency, or spots.",
    )
    tier_id = fields.Many2one(
        comodel_name="radio.discount.tier", string="Level", ondelete="set null"
    )
    next_tier_id = fields.Many2one(
        comodel_name="radio.discount.tier", string="Next Level", ondelete="set null"
    )
    discount = fields.Float(string="Discount (%)", digits=(5, 2), aggregator=None)
    next_discount = fields.Float(
        string="Next Discount (%)", digits=(5, 2), aggregator=None
    )
    gap = fields.Float(
        string="Missing", digits=(16, 2), help="To the next level.", aggregator=None
    )
    gap_percent = fields.Float(
        string="Missing (%)",
        digits=(5, 2),
        aggregator=None,
        help="Part of the next level that is missing.",
    )
    run_rate = fields.Float(
        string="At This Pace",
        digits=(16, 2),
        aggregator=None,
        help="What the year comes to if the customer goes on booking as until today.",
    )
    saving = fields.Float(
        digits=(16, 2),
        aggregator=None,
        help="What the customer saves by reaching the next level exactly.",
    )
    free_airtime = fields.Float(
        digits=(16, 2),
        aggregator=None,
        help="What the customer can book for nothing: the next level pays for it.",
    )
    refreshed_on = fields.Date(readonly=True, help="When it was computed last.")
    is_near = fields.Boolean(
        string="Level Is Near", help="By the ladder's own measure of near."
    )
    sentence = fields.Char(
        compute="_compute_sentence", help="What to say on the phone."
    )

    _one_row = models.UniqueIndex("(partner_id, ladder_id, window_start)")

    @api.depends("volume", "next_tier_id", "gap", "saving", "free_airtime")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for row in self:
            row.sentence = row._get_sentence()

    def _get_sentence(self, for_customer=False):
        """The sentence that the call needs, in the language of the environment.

        :param for_customer: whether the customer reads it, not a colleague.
        """
        self.ensure_one()
        if not self.next_tier_id:
            return self.env._(
                "%(volume)s booked until %(until)s.",
                volume=self._format(self.volume),
                until=format_date(self.env, self.window_end),
            )
        sentences = [
            self.env._(
                "%(volume)s booked, %(gap)s are missing to %(discount)s %% (from "
                "%(bound)s on), until %(until)s.",
                volume=self._format(self.volume),
                gap=self._format(self.gap),
                discount=format_percent(self.env, self.next_discount),
                bound=self._format(self.next_tier_id.lower_bound),
                until=format_date(self.env, self.window_end),
            )
        ]
        if self.free_airtime:
            sentences.append(
                self.env._(
                    "Booking these %s costs no more than today.",
                    self._format(self.free_airtime),
                )
            )
        elif self.saving:
            more = self._get_price(self.next_tier_id) - self._get_price(self.tier_id)
            sentences.append(
                self.env._("Booking it costs only %s more.", self._format(more))
            )
        elif not self.ladder_id.is_whole:
            sentences.append(
                self.env._(
                    "From there on, all that follows has %s %%.",
                    format_percent(self.env, self.next_discount),
                )
            )
        if not for_customer:
            sentences.append(self.env._("Please check with scheduling."))
        return " ".join(sentences)

    def _filter_running(self):
        """Return the volumes whose year is not over where their company is."""
        days = {company: company._get_local_day() for company in self.company_id}
        return self.filtered(
            lambda volume: volume.window_end >= days[volume.company_id]
        )

    def _get_price(self, tier):
        """What the customer pays with the discount of a level: for what is booked, or
        for the least that reaches the next one."""
        volume = max(self.volume, tier.lower_bound)
        return volume * (100 - tier.discount) / 100

    def _format(self, value):
        """An amount or a number of spots, as people write it."""
        if self.basis == "spots":
            return self.env._("%s spots", formatLang(self.env, value, digits=0))
        return formatLang(self.env, value, currency_obj=self.currency_id)
