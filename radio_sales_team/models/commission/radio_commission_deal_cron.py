from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..response.batch import BATCH_SIZE, run_in_batches


class RadioCommissionDeal(models.Model):
    """The scheduled action that writes what has been earned."""

    _inherit = "radio.commission.deal"

    @api.model
    def _get_due_domain(self):
        """What has been earned by now. What is of a month that is being closed is
        left to that: it is written into that month."""
        # sudo: res.company - it is tomorrow already where some of them are, and what
        # an archived one owes it still owes
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        periods = self.env["radio.commission.period"].sudo()
        closing = periods.search([("state", "=", "closing"), ("is_ready", "=", False)])
        ends = {one.company_id: one.date_to for one in closing.sorted("date_from")}
        domains = []
        for company in companies.search([]):
            today = company._get_commission_day()
            domain = fields.Domain("company_id", "=", company.id)
            domain &= fields.Domain("next_due_on", "<=", today)
            if company in ends:
                domain &= fields.Domain("next_due_on", ">", ends[company])
            domains.append(domain)
        return fields.Domain.OR(domains)

    def _cron_accrue(self):
        """What was won a moment ago, and what campaigns earn month by month."""
        deals = self.sudo()
        domain = self._get_due_domain()

        def settle(due):
            for company, own in due.grouped("company_id").items():
                for day in _get_days(own, company._get_commission_day()):
                    now = own.filtered(lambda deal, day=day: _is_due(deal, day))
                    now._settle(day)

        return run_in_batches(
            self.env,
            lambda left_alone: deals.search(
                domain & fields.Domain("id", "not in", list(left_alone)),
                limit=BATCH_SIZE,
                order="id",
            ),
            settle,
        )


def _is_due(deal, day):
    return deal.next_due_on and deal.next_due_on <= day


def _get_days(deals, today):
    """The ends of the months since the first of these deals was due, and today: what
    was earned in a month is written there where it is still open, also where the
    scheduled action did not run for a while."""
    day = min(deals.mapped("next_due_on")) + relativedelta(day=31)
    days = []
    while day < today:
        days.append(day)
        day += relativedelta(months=1, day=31)
    return [*days, today]
