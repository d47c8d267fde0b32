from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.upsell.percent import format_percent
from ..tools.commission import round_amount
from ..tools.ladder import get_discount


class RadioCommissionTrueUp(models.TransientModel):
    """At the end of a year: a discount level that was reached, or missed, changes what
    that year's deals were worth. A proposal, looked through, then written: each line of
    a deal gets another one in the same split."""

    _name = "radio.commission.true.up"
    _description = "True-Up at Year's End"

    ladder_id = fields.Many2one(
        comodel_name="radio.discount.ladder",
        string="Discount Ladder",
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="ladder_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    last_day = fields.Date(
        string="Years That Ended Until",
        required=True,
        default=lambda self: (
            self.env.company._get_local_day() + relativedelta(month=1, day=1, days=-1)
        ),
        help="The newest year of each customer that was over by this day.",
    )
    line_ids = fields.One2many(
        comodel_name="radio.commission.true.up.line",
        inverse_name="true_up_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("ladder_id", "last_day")
    def _compute_line_ids(self):
        for true_up in self:
            true_up.line_ids = [Command.clear()] + [
                Command.create(vals) for vals in true_up._propose()
            ]

    def _propose(self):
        """Values of a line for each deal whose year is over.

        :return: list of dicts.
        """
        ladder = self.ladder_id._origin
        if not (ladder and self.last_day):
            return []
        self.env.user._check_commission_manager()
        # sudo: what customers booked, for the commission manager
        rows = (
            self.env["radio.customer.volume"]
            .sudo()
            .search(
                [
                    ("ladder_id", "=", ladder.id),
                    ("window_end", "<=", self.last_day),
                    ("window_end", "<", ladder.company_id._get_local_day()),
                    ("window_end", ">", self.last_day - relativedelta(years=1)),
                ]
            )
        )
        levels = list(ladder.sudo()._get_levels())
        vals_list = []
        for deal, row in self._find_deals(rows):
            reached = float(get_discount(levels, row.volume, ladder.is_whole))
            vals_list.append(
                {
                    "deal_id": deal.id,
                    "volume": row.volume,
                    "counted": deal._get_counted_discount(reached),
                    "reached": reached,
                }
            )
        return vals_list

    def _find_deals(self, rows):
        """The deals of these years that can have another base. As in bookings, each
        company stands for itself.

        :param rows: ``radio.customer.volume`` of one ladder.
        :return: list of pairs (deal, its row).
        """
        if not rows:
            return []
        # sudo: radio.commission.deal - for the commission manager
        deals = self.env["radio.commission.deal"].sudo()
        deals = deals.search(
            [
                ("company_id", "in", rows.company_id.ids),
                ("partner_id.commercial_partner_id", "in", rows.partner_id.ids),
                ("won_on", ">=", min(rows.mapped("window_start"))),
                ("won_on", "<=", max(rows.mapped("window_end"))),
                ("state", "=", "won"),
            ],
            order="won_on, id",
        )
        years = rows.grouped("partner_id")
        return [
            (deal, row)
            for deal in deals
            for row in years[deal.partner_id.commercial_partner_id]
            if row.window_start <= deal.won_on <= row.window_end
            and deal._has_own_base()
        ]

    def action_write(self):
        """Write the differences. A second time writes nothing more.

        :raises UserError: where nothing is different.
        """
        self.ensure_one()
        self.env.user._check_commission_manager()
        changed = self.line_ids.filtered("difference")
        if not changed:
            raise UserError(
                self.env._(
                    "Nothing is different. Enter the discount that was counted, and "
                    "the one that was reached."
                )
            )
        for line in changed:
            line._true_up()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ledger"),
            "res_model": "radio.commission.line",
            "view_mode": "list",
            "domain": [
                ("deal_id", "in", changed.deal_id.ids),
                ("kind", "=", "true_up"),
            ],
        }


class RadioCommissionTrueUpLine(models.TransientModel):
    """A deal, the discount that it was reckoned with, and the one that was reached."""

    _name = "radio.commission.true.up.line"
    _description = "Deal in a True-Up"
    _order = "deal_id, id"

    true_up_id = fields.Many2one(
        comodel_name="radio.commission.true.up", required=True, ondelete="cascade"
    )
    deal_id = fields.Many2one(
        comodel_name="radio.commission.deal", required=True, ondelete="cascade"
    )
    partner_name = fields.Char(related="deal_id.partner_name", string="Customer")
    won_on = fields.Date(related="deal_id.won_on")
    currency_id = fields.Many2one(related="deal_id.currency_id")
    volume = fields.Float(digits=(16, 2), readonly=True, help="Booked in the year.")
    base_amount = fields.Monetary(related="deal_id.base_amount", string="Base Now")
    counted = fields.Float(
        string="Counted (%)",
        digits=(5, 2),
        help="The discount that the base was reckoned with: what the bookings say, "
        "else the one that was reached, so that nothing changes until you say so.",
    )
    reached = fields.Float(string="Reached (%)", digits=(5, 2))
    new_base = fields.Monetary(compute="_compute_new_base")
    difference = fields.Monetary(compute="_compute_new_base")

    _percent = models.Constraint(
        "CHECK (counted >= 0 AND counted < 100 AND reached >= 0 AND reached < 100)",
        "A discount is at least 0 and below 100 %.",
    )

    @api.constrains("deal_id", "true_up_id")
    def _check_deal(self):
        """:raises AccessError: for a deal of another company."""
        for line in self:
            # constraints run as superuser
            line.deal_id.sudo(False).check_access("read")
            if line.deal_id.sudo().company_id != line.true_up_id.company_id:
                raise AccessError(
                    self.env._("This deal belongs to another company than the ladder.")
                )

    @api.depends("base_amount", "counted", "reached")
    def _compute_new_base(self):
        for line in self:
            line.new_base = float(line._get_new_base())
            line.difference = line.new_base - line.base_amount

    def _get_new_base(self):
        """The base, had the discount that was reached been counted from the start."""
        base, counted, reached = (
            Decimal(str(value))
            for value in (self.base_amount, self.counted, self.reached)
        )
        if counted == reached or counted >= 100:
            return base
        new = base * (100 - reached) / (100 - counted)
        return round_amount(new, self.currency_id.decimal_places)

    def _true_up(self):
        """Write what the difference comes to."""
        self._check_deal()
        # sudo: radio.commission.deal - written by methods alone
        deal = self.deal_id.sudo()
        if self.env.user in deal.current_share_ids.user_id:
            raise UserError(
                self.env._(
                    "You have a part in “%s”. Take it off the list, and let somebody "
                    "else true it up.",
                    deal.name,
                )
            )
        if deal.is_trued_up and deal.counted_discount != self.counted:
            raise UserError(
                self.env._(
                    "Somebody else has written the true-up of “%s”. Please open the "
                    "form again.",
                    deal.name,
                )
            )
        deal._change_base(
            self.new_base,
            self.env._(
                "Discount of %(reached)s %% instead of %(counted)s %%",
                reached=format_percent(self.env, self.reached),
                counted=format_percent(self.env, self.counted),
            ),
            "true_up",
        )
        deal.write({"counted_discount": self.reached, "is_trued_up": True})
        # the same form, sent again, finds nothing different
        self.counted = self.reached
