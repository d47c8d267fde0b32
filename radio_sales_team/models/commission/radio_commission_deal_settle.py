from collections import defaultdict
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.split import split
from ..response.batch import BATCH_SIZE, run_in_batches
from ..upsell.percent import format_number

# The scheduled action that settles deals, and retries those that could not be settled.
SETTLE_CRON = "radio_sales_team.ir_cron_accrue_commission"


class RadioCommissionDeal(models.Model):
    """Settling: post what each should have by now less what was posted before.

    It is idempotent: settling twice posts nothing, whatever happened in between.
    """

    _inherit = "radio.commission.deal"

    def _settle(self, day, kind=False, reason=False, period=None):
        """Post the difference between what was earned until a day and the ledger.

        :param day: date; what was settled until a later day stays settled.
        :param kind: of the entries, by default accrual for more, reversal for less.
        :param reason: sentence for everyone who gets an entry.
        :param period: ``radio.commission.period``, by default the open one of the day.
        :return: the new ``radio.commission.line``.
        """
        posted = self._get_posted_amounts()
        vals_list = []
        for deal in self:
            until = max(day, deal.settled_until or day)
            earned = deal._get_earned_base(until)
            targets = deal._get_targets(earned)
            for share in deal.share_ids:
                amount, count = posted.get(share, (0, 0))
                difference = targets.get(share, 0) - Decimal(str(amount))
                if difference:
                    vals_list.append(
                        {
                            **deal._prepare_line(share, earned, difference),
                            "sequence": count + 1,
                            "kind": kind
                            or ("accrual" if difference > 0 else "reversal"),
                            "reason": reason,
                            "date": max(day, deal.won_on),
                            "period_id": period and period.id,
                        }
                    )
            deal.write(
                {
                    "settled_base": float(earned),
                    "settled_until": until,
                    "next_due_on": deal._get_next_due(until),
                }
            )
        # Write the rows now: if another transaction settled them at the same time, this
        # raises a serialization failure, and Odoo retries.
        self.flush_recordset()
        return self.env["radio.commission.line"]._write_lines(vals_list)

    def _settle_by_company(self, day=None, kind=False, reason=False):
        """Settle until a day, by default until today where each company is."""
        for company, deals in self.grouped("company_id").items():
            deals._settle(day or company._get_local_day(), kind, reason)

    def _get_posted_amounts(self):
        """Return what the ledger has for the shares of these deals.

        :return: dict of pairs (amount, number of entries) by share.
        """
        return {
            share: (amount, count)
            for share, amount, count in self.env["radio.commission.line"]._read_group(
                [("deal_id", "in", self.ids), ("share_id", "!=", False)],
                ["share_id"],
                ["amount:sum", "__count"],
            )
        }

    def _get_earned_base(self, day):
        """The part of the base that is earned on a day, in the company's currency."""
        self.ensure_one()
        digits = self.currency_id.decimal_places
        base = Decimal(str(self.base_amount)).quantize(Decimal(1).scaleb(-digits))
        if self.state != "won" or self.problem or not self.plan_id:
            return base * 0
        if self.event != "spread":
            return base
        begun, months = self._get_due_months(day)
        if not months:
            return base
        return sum(split(base, [1] * months, digits)[:begun], base * 0)

    def _get_targets(self, earned):
        """Return what each current share of the deal should have got by now.

        :param earned: the earned base.
        :return: dict of ``Decimal`` by ``radio.commission.share``; parts of an earlier
            time at which the deal was won are not in it.
        """
        self.ensure_one()
        shares = self._get_current_shares().sorted("id")
        if not earned or not shares:
            return {}
        rows = [
            {
                "credit": share.credit,
                "role_id": share.role_id.id,
                "percent": share.percent,
            }
            for share in shares
        ]
        amounts = self.plan_id._get_share_amounts(earned, rows)
        return dict(zip(shares, amounts, strict=True))

    def _get_amounts(self):
        """What these deals come to for each person, what is still to be earned
        included.

        :return: ``defaultdict`` of ``Decimal`` by ``res.users``.
        """
        amounts = defaultdict(Decimal)
        for deal in self.filtered(lambda one: one.state == "won" and one.plan_id):
            for share, amount in deal._get_targets(deal.base_amount).items():
                amounts[share.user_id] += amount
        return amounts

    def _prepare_line(self, share, earned, amount):
        """Return the values of a ledger entry, with the facts of the deal copied: its
        base x rate x share is its amount, as far as cents allow.

        :param share: whose line it is.
        :param earned: the base that is earned now.
        :param amount: of the line, not 0.
        """
        self.ensure_one()
        before = Decimal(str(self.settled_base))
        base = earned - before
        if not base:
            # not the base is another one, but who has a part
            base = earned.copy_sign(amount)
        rate = Decimal(str(share.percent))
        percent = rate
        if share.credit == "share":
            rate = self._get_rate(earned, before)
        elif base and rate:
            # of what is on top for the role: others have the rest, or a limit does
            percent = round(min(100 * abs(100 * amount / (base * rate)), 100), 2)
        return {
            "deal_id": self.id,
            "share_id": share.id,
            "user_id": share.user_id.id,
            "role_id": share.role_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "team_id": self.team_id.id,
            "base_amount": float(base),
            "rate": float(rate),
            "percent": float(percent),
            "amount": float(amount),
        }

    def _get_rate(self, earned, before):
        """The commission in percent of what the base has changed by: the plan's, or
        with levels what they come to."""
        plan, base = self.plan_id, (earned - before) or earned
        if not plan.tier_ids or not base:
            return Decimal(str(plan.rate))
        commission = plan._get_commission(earned)
        if earned != before:
            commission -= plan._get_commission(before)
        return round(100 * commission / base, 2)

    def _get_due_months(self, day):
        """Return how many months of the campaign have begun on a day, and how many it
        has."""
        months = [fields.Date.to_date(month) for month in self.months or []]
        return len([month for month in months if month <= day]), len(months)

    def _get_next_due(self, day):
        """Return the first day after a day on which more is earned, or False."""
        if self.state != "won" or self.event != "spread":
            return False
        months = [fields.Date.to_date(month) for month in self.months or []]
        return min((month for month in months if month > day), default=False)

    # what happens to a deal

    def _revert(self, reason, day=None):
        """Take back all that was posted: these are not won any more.

        :param reason: sentence for everyone from whom something is taken back.
        :param day: date of the reversal, by default today.
        """
        won = self.filtered(lambda deal: deal.state == "won")
        won.write({"state": "left", "next_due_on": False})
        won._settle_by_company(day, "reversal", reason)

    def _change_base(self, base, reason, kind="adjustment"):
        """Change the base and post the difference by the shares of the deal.

        :param base: number in the company's currency.
        :param reason: sentence for everyone whose commission changes.
        :param kind: ``adjustment``, or ``true_up`` at the end of a year.
        """
        self.ensure_one()
        self.base_amount = base
        if self.problem:
            # it had no amount, or nobody to pay
            self.problem = False
            if not self._has_shares():
                self._recompute_contributors(reason)
        self._settle(self.company_id._get_local_day(), kind, reason)

    def _end_campaign(self, month, reason):
        """End the campaign with a month, and reduce the base to what was on air.

        :param month: any day of it.
        :raises UserError: for what is not earned month by month.
        """
        self.ensure_one()
        kept = [one for one in self.months or [] if one <= str(month)]
        if self.event != "spread" or not kept:
            raise UserError(
                self.env._("This deal is not earned month by month until then.")
            )
        digits = self.currency_id.decimal_places
        parts = split(self.base_amount, [1] * len(self.months), digits)
        self.months = kept
        self._change_base(float(sum(parts[: len(kept)])), reason)

    def _audit(self, posted):
        """Yield what is wrong with the ledger entries of a deal.

        :param posted: see :meth:`_get_posted_amounts`.
        """
        self.ensure_one()
        until = self.settled_until or self.won_on
        targets = self._get_targets(self._get_earned_base(until))
        digits = self.currency_id.decimal_places
        for share in self.share_ids:
            amount, _count = posted.get(share, (0, 0))
            expected = targets.get(share, Decimal(0))
            if Decimal(str(amount)) != expected:
                yield self.env._(
                    "“%(deal)s”, %(who)s: %(written)s was written, %(expected)s would "
                    "be right.",
                    deal=self.name,
                    who=share.user_id.name,
                    written=format_number(self.env, amount, digits),
                    expected=format_number(self.env, expected, digits),
                )

    # the scheduled action

    @api.model
    def _get_due_domain(self):
        """Return the domain of deals that have earned more by now.

        What belongs to a month that is being closed is left to that, which posts it
        into that month.
        """
        # sudo: res.company - it is tomorrow already where some of them are, and what
        # an archived one owes it still owes
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        periods = self.env["radio.commission.period"].sudo()
        closing = periods.search([("state", "=", "closing"), ("is_ready", "=", False)])
        ends = {one.company_id: one.date_to for one in closing.sorted("date_from")}
        domains = []
        for company in companies.search([]):
            today = company._get_local_day()
            domain = fields.Domain("company_id", "=", company.id)
            domain &= fields.Domain("next_due_on", "<=", today)
            if company in ends:
                domain &= fields.Domain("next_due_on", ">", ends[company])
            domains.append(domain)
        return fields.Domain.OR(domains)

    @api.model
    def _cron_accrue(self):
        """Post what has been earned with time: the months of campaigns."""
        deals = self.sudo()
        domain = self._get_due_domain()
        run_in_batches(
            deals,
            lambda excluded_ids: deals.search(
                domain & fields.Domain("id", "not in", excluded_ids),
                limit=BATCH_SIZE,
                order="id",
            ),
            lambda due: due._settle_months(),
            SETTLE_CRON,
        )

    def _settle_months(self):
        """Settle month by month until today: what was earned in a month is posted there
        if it is open, also when the scheduled action did not run for a while."""
        for company, deals in self.grouped("company_id").items():
            today = company._get_local_day()
            day = min(deals.mapped("next_due_on")) + relativedelta(day=31)
            while day < today:
                deals._filter_due(day)._settle(day)
                day += relativedelta(months=1, day=31)
            deals._filter_due(today)._settle(today)

    def _filter_due(self, day):
        return self.filtered(lambda deal: deal.next_due_on and deal.next_due_on <= day)
