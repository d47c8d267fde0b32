from odoo import api, fields, models
from odoo.exceptions import UserError

from ..response.batch import post_safely
from ..upsell.percent import format_number

# Fields that are read-only once the statement is issued. The seal covers the entries.
ISSUED_FIELDS = {
    "amount",
    "carry_over",
    "currency_id",
    "payout",
    "period_id",
    "seal",
    "total",
    "user_id",
}


class RadioCommissionStatement(models.Model):
    """What one person gets for a month: every line, what was left over from before, and
    the total. Saying "I have seen it" ends no right to dispute it.

    The ledger is the truth: a statement adds up its lines, and its seal proves them.
    """

    _name = "radio.commission.statement"
    _description = "Commission Statement"
    _inherit = ["mail.thread"]
    _order = "period_date desc, user_id"
    _rec_name = "user_id"
    _mail_post_access = "read"

    period_id = fields.Many2one(
        comodel_name="radio.commission.period",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    period_date = fields.Date(related="period_id.date_from", store=True, string="Month")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="period_id.company_id", store=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    carry_over = fields.Monetary(
        readonly=True, help="What was below zero the month before."
    )
    amount = fields.Monetary(string="This Month", readonly=True)
    total = fields.Monetary(readonly=True, help="Carry-over and this month.")
    payout = fields.Monetary(
        string="To Be Paid",
        readonly=True,
        help="The total, or nothing where it is below zero: that is carried over.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("issued", "Issued"),
            ("disputed", "Disputed"),
            ("acknowledged", "Seen"),
            ("paid", "Paid"),
        ],
        required=True,
        default="draft",
        readonly=True,
    )
    dispute = fields.Text(string="What Is Wrong", readonly=True)
    answer = fields.Text(readonly=True)
    issued_at = fields.Datetime(readonly=True)
    acknowledged_at = fields.Datetime(readonly=True)
    paid_on = fields.Date(readonly=True)
    seal = fields.Char(readonly=True, help="Proves that no line was changed later.")
    line_ids = fields.Many2many(
        comodel_name="radio.commission.line", compute="_compute_line_ids"
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _one_each = models.UniqueIndex(
        "(period_id, user_id)", "There is one statement for each person and month."
    )

    @api.depends("period_id", "user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "%(who)s, %(month)s",
                who=statement.user_id.name,
                month=statement.period_id.name,
            )

    @api.depends("period_id", "user_id")
    def _compute_line_ids(self):
        for statement in self:
            statement.line_ids = self.env["radio.commission.line"].search(
                [
                    ("period_id", "=", statement.period_id.id),
                    ("user_id", "=", statement.user_id.id),
                ],
                order="date, id",
            )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for statement in self:
            statement.is_mine = statement.user_id == self.env.user

    @api.model
    def _draw_up(self, period):
        """Bring the draft statements of a month in line with the ledger.

        :return: all statements of the month.
        """
        sums = dict(
            self.env["radio.commission.line"]
            .sudo()
            ._read_group([("period_id", "=", period.id)], ["user_id"], ["amount:sum"])
        )
        carried = self._get_carried(period)
        known = {one.user_id: one for one in period.sudo().statement_ids}
        new = []
        for user in self.env["res.users"].union(*sums, *carried).sorted("id"):
            amount, carry_over = sums.get(user, 0), carried.get(user, 0)
            total = period.currency_id.round(amount + carry_over)
            vals = {
                "amount": amount,
                "carry_over": carry_over,
                "total": total,
                "payout": max(total, 0),
            }
            if user in known:
                known.pop(user).write(vals)
            else:
                new.append(
                    {
                        **vals,
                        "period_id": period.id,
                        "user_id": user.id,
                        "currency_id": period.currency_id.id,
                    }
                )
        self.browse().union(*known.values()).unlink()
        self.with_context(mail_create_nosubscribe=True, tracking_disable=True).create(
            new
        )
        return self.search([("period_id", "=", period.id)])

    @api.model
    def _get_carried(self, period):
        """What is below zero on each person's last statement.

        :return: dict of amounts by user.
        """
        last = {}
        for statement in self.search(
            [
                ("company_id", "=", period.company_id.id),
                ("period_date", "<", period.date_from),
                ("state", "!=", "draft"),
            ],
            order="period_date",
        ):
            last[statement.user_id] = statement.total
        return {user: total for user, total in last.items() if total < 0}

    def _issue(self, seals):
        """Give these to their people: sealed, with a note that tells no amount.

        :param seals: see ``radio.commission.period._get_seals_by_user``.
        """
        for statement in self:
            statement.write(
                {
                    "issued_at": fields.Datetime.now(),
                    "seal": seals.get(statement.user_id.id),
                    "state": "issued",
                }
            )
            user = statement.user_id
            post_safely(
                self.env,
                statement.with_context(lang=user.lang).message_notify,
                partner_ids=user.partner_id.ids,
                subject=statement.with_context(lang=user.lang).display_name,
                body=self.with_context(lang=user.lang).env._(
                    "Your commission statement is there. Please look it through."
                ),
            )

    def write(self, vals):
        self.check_access("write")
        is_issued = any(statement.state != "draft" for statement in self)
        if is_issued and (ISSUED_FIELDS & set(vals) or vals.get("state") == "draft"):
            raise UserError(self.env._("A statement that was issued stays."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if any(statement.state != "draft" for statement in self):
            raise UserError(self.env._("A statement that was issued stays."))

    def _audit(self, amount, carried, seal):
        """What is wrong with a statement that was issued.

        :param amount: sum of the lines as they are now.
        :param carried: what was below zero before.
        :param seal: reckoned from the lines as they are now.
        """
        self.ensure_one()
        currency = self.currency_id
        if (self.seal or False) != (seal or False):
            yield self.env._("%s: a line was changed.", self.display_name)
        for found, right in (
            (self.amount, amount),
            (self.carry_over, carried),
            (self.total, self.amount + self.carry_over),
            (self.payout, max(self.total, 0)),
        ):
            if currency.compare_amounts(found, right):
                yield self.env._(
                    "%(statement)s: it says %(found)s, %(right)s would be right.",
                    statement=self.display_name,
                    found=format_number(self.env, found, currency.decimal_places),
                    right=format_number(self.env, right, currency.decimal_places),
                )
