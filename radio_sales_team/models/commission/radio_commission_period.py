from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date


class RadioCommissionPeriod(models.Model):
    """A month of the ledger. Open: takes lines. Closing: takes no more, statements can
    be looked through. Closed: sealed, and nothing in it changes any more."""

    _name = "radio.commission.period"
    _description = "Commission Period"
    _order = "date_from desc, company_id"

    name = fields.Char(compute="_compute_name", search="_search_name")
    date_from = fields.Date(string="Month", required=True, readonly=True)
    date_to = fields.Date(compute="_compute_date_to")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=[("open", "Open"), ("closing", "Closing"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
    )
    is_ready = fields.Boolean(
        readonly=True, help="Everything that was earned has been written."
    )
    seal = fields.Char(
        readonly=True,
        help="Reckoned from the seal of the month before and all lines: a cent that "
        "is changed later is found.",
    )
    closed_at = fields.Datetime(readonly=True)
    closed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    line_ids = fields.One2many(
        comodel_name="radio.commission.line", inverse_name="period_id"
    )
    statement_ids = fields.One2many(
        comodel_name="radio.commission.statement", inverse_name="period_id"
    )
    total = fields.Monetary(compute="_compute_total")
    progress = fields.Char(compute="_compute_progress")

    _one_a_month = models.UniqueIndex(
        "(company_id, date_from)", "There is a period for this month already."
    )
    _first_day = models.Constraint(
        "CHECK (EXTRACT(DAY FROM date_from) = 1)",
        "A period begins on the first day of a month.",
    )

    @api.depends("date_from")
    @api.depends_context("lang")
    def _compute_name(self):
        for period in self:
            period.name = period.date_from and format_date(
                self.env, period.date_from, date_format="MMMM y"
            )

    def _search_name(self, operator, value):
        """A month as people write it: 2026-11, or a part of it."""
        if operator not in ("ilike", "like", "=ilike", "in"):
            return NotImplemented
        words = [value] if isinstance(value, str) else list(value)
        found = self.search([]).filtered(
            lambda period: any(
                word.casefold() in f"{period.name} {period.date_from}".casefold()
                for word in words
                if word
            )
        )
        return [("id", "in", found.ids)]

    @api.depends("date_from")
    def _compute_date_to(self):
        for period in self:
            period.date_to = period.date_from and (
                period.date_from + relativedelta(day=31)
            )

    @api.depends("line_ids")
    def _compute_total(self):
        totals = dict(
            self.env["radio.commission.line"]._read_group(
                [("period_id", "in", self._origin.ids)], ["period_id"], ["amount:sum"]
            )
        )
        for period in self:
            period.total = totals.get(period._origin, 0)

    @api.depends("state", "is_ready")
    def _compute_progress(self):
        for period in self:
            period.progress = period._get_progress()

    def _get_progress(self):
        """What is still to be done before this month can be closed, if anything."""
        if self.state == "closed":
            return False
        if self.state == "closing" and not self.is_ready:
            return self.env._(
                "%s deals are still to be settled. This goes on by itself.",
                len(self._find_due()),
            )
        # sudo: radio.commission.deal - counted, for the commission manager
        problems = (
            self.env["radio.commission.deal"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("won_on", "<=", self.date_to),
                    ("problem", "!=", False),
                ]
            )
        )
        if problems:
            return self.env._(
                "%s deals pay nothing yet, as something is missing: see “Deals”.",
                problems,
            )
        return False

    def _find_due(self, limit=None):
        """Deals that earned something until the end of this month which is not written
        yet."""
        self.ensure_one()
        return (
            self.env["radio.commission.deal"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("next_due_on", "<=", self.date_to),
                ],
                limit=limit,
                order="id",
            )
        )

    @api.model
    def _get_open(self, company, day):
        """The period that takes what happened on a day: its month, or the next one that
        is open. It is made where there is none.

        :param day: date.
        """
        month = day + relativedelta(day=1)
        periods = self.search_fetch(
            [("company_id", "=", company.id), ("date_from", ">=", month)],
            ["date_from", "state"],
            order="date_from",
        )
        by_month = {period.date_from: period for period in periods}
        while month in by_month:
            if by_month[month].state == "open":
                return by_month[month]
            month += relativedelta(months=1)
        last = self.search(
            [
                ("company_id", "=", company.id),
                ("date_from", ">=", month),
                ("state", "!=", "open"),
            ],
            limit=1,
            order="date_from desc",
        )
        if last:
            # a month that nobody needed, before one that is closed
            return self._get_open(company, last.date_from + relativedelta(months=1))
        self.env.cr.execute(
            SQL(
                """INSERT INTO radio_commission_period
                        (company_id, date_from, state, create_uid, write_uid,
                         create_date, write_date)
                   VALUES (%s, %s, 'open', %s, %s, now(), now())
                   ON CONFLICT (company_id, date_from) DO NOTHING""",
                company.id,
                month,
                self.env.uid,
                self.env.uid,
            )
        )
        return self.search([("company_id", "=", company.id), ("date_from", "=", month)])

    def _check_takes_lines(self):
        """Hold these periods open until the lines are written: whoever closes one waits
        for it.

        :raises UserError: for a period that is closed.
        """
        self.flush_recordset(["state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, state FROM radio_commission_period WHERE id = ANY(%s) "
                "ORDER BY id FOR SHARE",
                self.ids,
            )
        )
        closed = [period_id for period_id, state in rows if state == "closed"]
        if closed:
            raise UserError(
                self.env._(
                    "%s is closed, and takes nothing more. Write it into the open "
                    "month.",
                    self.browse(closed[0]).name,
                )
            )

    def write(self, vals):
        if any(period.state == "closed" for period in self):
            raise UserError(self.env._("A month that is closed stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.line_ids or any(period.state != "open" for period in self):
            raise UserError(self.env._("A period with lines stays."))
