import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models

from ..response.batch import post_safely, process_safely

_logger = logging.getLogger(__name__)

AUDITED_AT_ONCE = 1000


class RadioCommissionAudit(models.Model):
    """Reckons everything again from the facts, and compares it with what was written:
    every deal's lines, every statement's total, every seal. A cent that somebody
    changed behind the addon's back is found."""

    _name = "radio.commission.audit"
    _description = "Commission Audit"
    _order = "id desc"
    _rec_name = "create_date"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True
    )
    deal_count = fields.Integer(string="Deals", readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    period_count = fields.Integer(string="Closed Months", readonly=True)
    finding_ids = fields.One2many(
        comodel_name="radio.commission.finding", inverse_name="audit_id", readonly=True
    )
    state = fields.Selection(
        selection=[("good", "Adds up"), ("bad", "Does not add up")], readonly=True
    )

    def action_run(self):
        """Reckon again now.

        :return: action that opens the result.
        """
        self.env.user._check_commission_manager()
        audit = self.sudo()._run(self.env.company)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": audit.id,
            "view_mode": "form",
        }

    def _cron_audit(self):
        """Audit each company that pays commission once a week.

        The scheduled action comes back early for a company whose audit failed. Those
        that were audited within a day are left out then, so that their managers get no
        second notice.
        """
        audits, periods = self.sudo(), self.env["radio.commission.period"].sudo()
        yesterday = fields.Datetime.now() - timedelta(days=1)
        audited = audits.search([("create_date", ">", yesterday)]).company_id
        for (company,) in periods._read_group([], ["company_id"]):
            if company not in audited:
                process_safely(
                    audits._audit_and_notify,
                    company,
                    "radio_sales_team.ir_cron_audit_commission",
                )

    def _audit_and_notify(self, company):
        """Audit a company, and send the findings to its commission managers."""
        audit = self._run(company)
        _logger.info(
            "Commission audit of %s: %d deals, %d findings",
            company.name,
            audit.deal_count,
            len(audit.finding_ids),
        )
        if not audit.finding_ids:
            return
        managers = self.env.ref("radio_sales_team.group_commission_manager")
        for user in managers.user_ids.filtered(
            lambda user: company in user.company_ids
        ):
            post_safely(
                self.env,
                user._notify_from_station,
                subject=self.env._("Commission does not add up"),
                body=Markup("<br/>").join(audit.finding_ids.mapped("name")),
                description=self.env._("audit"),
            )

    def _run(self, company):
        """Recompute everything of a company from what is in the database.

        :return: ``radio.commission.audit`` with its findings.
        """
        # not what this transaction has read before
        self.env.invalidate_all()
        findings = list(self._audit(company))
        count = [
            self.env[model].search_count([("company_id", "=", company.id), *domain])
            for model, domain in (
                ("radio.commission.deal", []),
                ("radio.commission.line", []),
                ("radio.commission.period", [("state", "=", "closed")]),
            )
        ]
        return self.create(
            {
                "company_id": company.id,
                "deal_count": count[0],
                "line_count": count[1],
                "period_count": count[2],
                "finding_ids": [(0, 0, {"name": name}) for name in findings],
                "state": "bad" if findings else "good",
            }
        )

    def _audit(self, company):
        """Yield a sentence for each thing that is wrong with the ledger."""
        yield from self._audit_deals(company)
        yield from self._audit_periods(company)

    def _audit_deals(self, company):
        """Yield deals whose ledger entries are not what their facts say."""
        found = self.env["radio.commission.deal"].search(self._get_deal_domain(company))
        for number in range(0, len(found), AUDITED_AT_ONCE):
            deals = found[number : number + AUDITED_AT_ONCE]
            posted = deals._get_posted_amounts()
            for deal in deals:
                yield from deal._audit(posted)
            # hundreds of thousands of deals do not fit into memory
            self.env.invalidate_all()

    def _get_deal_domain(self, company):
        """Return the domain of the deals that can be recomputed now: all of them."""
        return [("company_id", "=", company.id)]

    def _audit_periods(self, company):
        """Yield closed months whose seals or statements are not what they were."""
        periods = self.env["radio.commission.period"].search(
            [("company_id", "=", company.id), ("state", "=", "closed")],
            order="date_from",
        )
        carried = {}
        for period in periods:
            seals = period._get_seals_by_user()
            if period._get_seal(seals) != period.seal:
                yield self.env._("%s: the seal is broken.", period.name)
            sums = dict(
                self.env["radio.commission.line"]._read_group(
                    [("period_id", "=", period.id)], ["user_id"], ["amount:sum"]
                )
            )
            statements = {one.user_id: one for one in period.statement_ids}
            for user in sums.keys() - statements.keys():
                yield self.env._(
                    "%(month)s: %(who)s has lines, and no statement.",
                    month=period.name,
                    who=user.name,
                )
            for user, statement in statements.items():
                yield from statement._audit(
                    sums.get(user, 0), carried.get(user, 0), seals.get(user.id)
                )
                carried[user] = min(statement.total, 0)


class RadioCommissionFinding(models.Model):
    """One thing that does not add up."""

    _name = "radio.commission.finding"
    _description = "Finding of a Commission Audit"

    audit_id = fields.Many2one(
        comodel_name="radio.commission.audit",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(string="Finding", required=True)
