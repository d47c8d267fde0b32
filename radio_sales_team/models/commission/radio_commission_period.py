from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL, format_date

# Deals that cannot be paid are named up to this number; the list shows all.
MAX_NAMED = 5


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
        help="Hash of the seal of the month before and of all ledger entries: a cent "
        "that is changed later is found.",
    )
    seal_salt = fields.Char(
        readonly=True,
        groups="radio_sales_team.group_commission_manager",
        help="Random text in the seal, so that nobody can guess amounts from it.",
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
    progress = fields.Char(
        compute="_compute_progress", groups="radio_sales_team.group_commission_manager"
    )

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
        """Return what still has to be done before this month can be closed, if
        anything, and which of its deals cannot be paid."""
        self.ensure_one()
        if self.state == "closed":
            return False
        sentences = []
        if self.state == "closing":
            if not self.is_ready:
                sentences.append(
                    self.env._(
                        "%s deals are still to be settled. This goes on automatically.",
                        len(self._find_due(is_failed=False)),
                    )
                )
            if failed := self._find_due(is_failed=True):
                sentences.append(
                    self.env._(
                        "Deals that could not be settled, and are tried again: %s. "
                        "What they pay is posted to the next open month.",
                        _list_names(failed),
                    )
                )
        # sudo: radio.commission.deal - for the commission manager
        problems = (
            self.env["radio.commission.deal"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("won_on", "<=", self.date_to),
                    ("problem", "!=", False),
                    ("state", "=", "won"),
                ]
            )
        )
        if problems:
            sentences.append(self.env._("Not payable: %s.", _list_names(problems)))
        return " ".join(sentences) or False

    def _find_due(self, limit=None, excluded_ids=(), is_failed=None):
        """Return deals that earned something until the end of this month which is not
        posted yet.

        :param limit: number of deals, by default all.
        :param excluded_ids: ids of deals to leave out.
        :param is_failed: whether they could not be settled, by default both.
        """
        self.ensure_one()
        # sudo: radio.commission.deal - for the commission manager, or scheduled actions
        deals = self.env["radio.commission.deal"].sudo()
        domain = fields.Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("next_due_on", "<=", self.date_to),
                ("id", "not in", list(excluded_ids)),
            ]
        )
        if is_failed is not None:
            failed = fields.Domain("processing_error", "!=", False)
            domain &= failed if is_failed else ~failed
        return deals.search(domain, limit=limit, order="id")

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
        try:
            with self.env.cr.savepoint():
                # as OdooBot: with no default values of the user
                periods = self.with_user(SUPERUSER_ID)
                return periods.create({"company_id": company.id, "date_from": month})
        except UniqueViolation as error:
            # another user has just created the month, which only a retry can see
            raise ConcurrencyError(str(error)) from error

    def _check_takes_lines(self):
        """Keep these periods from being closed until the current transaction ends.

        A shared lock, which the ORM does not have: with ``lock_for_update`` users who
        win deals at the same moment would refuse one another. It also fails, so that
        Odoo retries, if the month was closed since the transaction has begun.

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


def _list_names(deals):
    """Return the names of some of these deals and the number of the others."""
    names = [f"“{name}”" for name in deals[:MAX_NAMED].mapped("name")]
    if len(deals) > MAX_NAMED:
        names.append(f"… (+{len(deals) - MAX_NAMED})")
    return ", ".join(names)
