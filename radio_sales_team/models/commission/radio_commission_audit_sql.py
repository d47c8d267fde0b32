from odoo import models
from odoo.tools import SQL, format_date

from ..upsell.percent import format_number


class RadioCommissionAudit(models.Model):
    """What is found by comparing rows, without reckoning anything again."""

    _inherit = "radio.commission.audit"

    def _audit(self, company):
        yield from super()._audit(company)
        yield from self._audit_shares(company)
        yield from self._audit_owners(company)
        yield from self._audit_strays(company)
        yield from self._audit_opened(company)
        yield from self._audit_dates(company)

    def _audit_shares(self, company):
        """Yield deals whose shares of the commission are not 100.00 % together."""
        for name, total in self.env.execute_query(
            SQL(
                """SELECT deal.name, SUM(share.percent)
                   FROM radio_commission_share share
                   JOIN radio_commission_deal deal ON deal.id = share.deal_id
                   WHERE deal.company_id = %s AND share.is_current
                     AND share.credit = 'share'
                   GROUP BY deal.id HAVING SUM(share.percent) != 100""",
                company.id,
            )
        ):
            yield self.env._(
                "“%(deal)s”: the parts are %(total)s %% together.",
                deal=name,
                total=format_number(self.env, total),
            )

    def _audit_owners(self, company):
        """Yield ledger entries of another person than their share."""
        for name, line_id in self.env.execute_query(
            SQL(
                """SELECT deal.name, line.id
                   FROM radio_commission_line line
                   JOIN radio_commission_share share ON share.id = line.share_id
                   JOIN radio_commission_deal deal ON deal.id = share.deal_id
                   WHERE deal.company_id = %s
                     AND (line.user_id, line.deal_id, line.company_id,
                          line.currency_id)
                         IS DISTINCT FROM
                         (share.user_id, share.deal_id, deal.company_id,
                          deal.currency_id)
                   ORDER BY line.id""",
                company.id,
            )
        ):
            yield self.env._(
                "“%(deal)s”: line %(number)s belongs to somebody else.",
                deal=name,
                number=line_id,
            )

    def _audit_strays(self, company):
        """Yield ledger entries of deals that belong to no share of the deal."""
        for name, line_id in self.env.execute_query(
            SQL(
                """SELECT deal.name, line.id
                   FROM radio_commission_line line
                   JOIN radio_commission_deal deal ON deal.id = line.deal_id
                   WHERE deal.company_id = %s AND line.share_id IS NULL
                   ORDER BY line.id""",
                company.id,
            )
        ):
            yield self.env._(
                "“%(deal)s”: line %(number)s is about no part of it.",
                deal=name,
                number=line_id,
            )

    def _audit_opened(self, company):
        """Yield months that are open though they were closed, or statements issued."""
        periods = self.env["radio.commission.period"].search(
            [
                ("company_id", "=", company.id),
                ("state", "!=", "closed"),
                "|",
                ("seal", "!=", False),
                ("statement_ids.state", "!=", "draft"),
            ]
        )
        for period in periods:
            yield self.env._("%s was closed, and is open again.", period.name)

    def _audit_dates(self, company):
        """Yield entries of closed months that are dated after the month, and statements
        in another currency than the company's."""
        for date, line_id in self.env.execute_query(
            SQL(
                """SELECT line.date, line.id
                     FROM radio_commission_line line
                     JOIN radio_commission_period period ON period.id = line.period_id
                    WHERE period.company_id = %s AND period.state = 'closed'
                      AND line.date >= period.date_from + interval '1 month'
                    ORDER BY line.id""",
                company.id,
            )
        ):
            yield self.env._(
                "Ledger entry %(number)s of %(date)s is in a month that was over.",
                number=line_id,
                date=format_date(self.env, date),
            )
        for statement in self.env["radio.commission.statement"].search(
            [
                ("company_id", "=", company.id),
                ("currency_id", "!=", company.currency_id.id),
            ]
        ):
            yield self.env._("%s is in another currency.", statement.display_name)
