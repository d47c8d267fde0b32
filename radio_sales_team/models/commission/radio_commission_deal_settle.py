from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.split import split


class RadioCommissionDeal(models.Model):
    """Settling: what each should have by now, less what was written before. Doing it
    twice writes nothing, whatever happened in between."""

    _inherit = "radio.commission.deal"

    def _settle(self, day, kind=False, reason=False, period=None):
        """Write the difference between what was earned until a day and what the ledger
        has.

        :param day: date; what was settled until a later day stays settled.
        :param kind: of the lines, default: accrual for more, reversal for less.
        :param reason: why, for all to read whose lines these are.
        :param period: ``radio.commission.period``, default: the open one of the day.
        :return: the new ``radio.commission.line``.
        """
        self._lock(period)
        return self._write_due(self._get_written(), day, kind, reason, period)

    def _write_due(self, written, day, kind=False, reason=False, period=None):
        """As :meth:`_settle`, for deals that nobody else can change now.

        :param written: see :meth:`_get_written`.
        """
        vals_list = []
        for deal in self:
            until = max(day, deal.settled_until or day)
            earned = deal._get_earned_base(until)
            targets = deal._get_targets(earned)
            for share in deal.share_ids:
                amount, count = written.get(share.id, (0, 0))
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
            facts = {
                "settled_base": float(earned),
                "settled_until": until,
                "next_due_on": deal._get_next_due(until),
            }
            deal.write(facts)
        return self.env["radio.commission.line"]._write_lines(vals_list)

    def _get_written(self):
        """What the ledger has.

        :return: dict of pairs (amount, number of lines) by id of share.
        """
        self.env["radio.commission.line"].flush_model(["amount", "share_id"])
        return {
            share_id: (amount, count)
            for share_id, amount, count in self.env.execute_query(
                SQL(
                    """SELECT share_id, SUM(amount), COUNT(*) FROM radio_commission_line
                       WHERE deal_id = ANY(%s) AND share_id IS NOT NULL
                       GROUP BY share_id""",
                    self.ids,
                )
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
        """What each part comes to.

        :param earned: the earned base.
        :return: dict of ``Decimal`` by ``radio.commission.share``; parts of an earlier
            time at which the deal was won are not in it.
        """
        self.ensure_one()
        shares = self.share_ids.filtered("is_current").sorted("id")
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
        amounts = self.plan_id._reckon(earned, rows)
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
        """What a line says of the deal, whatever becomes of it later: base x rate x
        part is the amount, as far as cents allow.

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

    # what happens to a deal

    def _leave(self, reason, day=None):
        """These are not won any more: all that was written is taken back.

        :param day: date on which it happened, default: today.
        """
        won = self.filtered(lambda deal: deal.state == "won")
        won._lock()
        won.write({"state": "left", "next_due_on": False})
        for company, deals in won.grouped("company_id").items():
            deals._settle(day or company._get_commission_day(), "reversal", reason)

    def _change_base(self, base, reason, kind="adjustment"):
        """Another base: the difference is written, in the split of the deal.

        :param base: number in the company's currency.
        :param kind: ``adjustment``, or ``true_up`` at the end of a year.
        """
        self.ensure_one()
        self._lock()
        self.base_amount = base
        self._settle(self._get_today(), kind, reason)

    def _end_with(self, month, reason):
        """The campaign ends with a month: what was on air until then is earned.

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
