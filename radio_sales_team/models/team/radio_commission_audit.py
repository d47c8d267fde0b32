from odoo import models
from odoo.tools import SQL

from ..upsell.percent import format_number


class RadioCommissionAudit(models.Model):
    """What pools have paid is in the ledger, for each person and team."""

    _inherit = "radio.commission.audit"

    def _audit(self, company):
        yield from super()._audit(company)
        yield from self._audit_bonuses(company)

    def _audit_bonuses(self, company):
        """The lines of bonuses are what the pools say, and the pools add up."""
        digits = company.currency_id.decimal_places
        for user_id, team_id, written, paid in self.env.execute_query(
            SQL(
                """SELECT bonus.user_id, bonus.team_id,
                          SUM(bonus.written), SUM(bonus.paid)
                   FROM (
                     SELECT user_id, team_id, amount AS written, 0 AS paid
                       FROM radio_commission_line
                      WHERE kind = 'bonus' AND company_id = %(company)s
                      UNION ALL
                     SELECT member.user_id, pool.team_id, 0, member.amount
                       FROM radio_bonus_member member
                       JOIN radio_bonus_pool pool ON pool.id = member.pool_id
                      WHERE pool.state = 'paid' AND pool.company_id = %(company)s
                   ) bonus
                   GROUP BY bonus.user_id, bonus.team_id
                   HAVING SUM(bonus.written) != SUM(bonus.paid)
                   ORDER BY bonus.user_id, bonus.team_id""",
                company=company.id,
            )
        ):
            yield self.env._(
                "Bonus of %(team)s, %(who)s: %(written)s was written, %(paid)s would "
                "be right.",
                team=self.env["crm.team"].browse(team_id).name,
                who=self.env["res.users"].browse(user_id).name,
                written=format_number(self.env, written, digits),
                paid=format_number(self.env, paid, digits),
            )
