from odoo import fields, models

# So many at once are paid within the time of a click; the button shows what is left.
AT_ONCE = 1000


class RadioCommissionPlan(models.Model):
    """A plan that is dated back: deals that were won before it was approved."""

    _inherit = "radio.commission.plan"

    unpaid_count = fields.Integer(
        string="Won Without Commission",
        compute="_compute_unpaid_count",
        help="Opportunities that were won since the plan's first day, without a plan.",
    )

    def _compute_unpaid_count(self):
        # sudo: all that the plan pays, whoever sold it
        deals = self.env["radio.commission.deal"].sudo()
        leads = self.env["crm.lead"].sudo()
        for plan in self:
            plan.unpaid_count = 0
            if plan.state == "approved":
                plan.unpaid_count = deals.search_count(
                    plan._get_unpaid_deal_domain()
                ) + leads.search_count(plan._get_unpaid_lead_domain())

    def _get_unpaid_deal_domain(self):
        """Deals of this plan's days and teams that have no plan."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("plan_id", "=", False),
            ("state", "=", "won"),
            ("won_on", ">=", self.date_from),
        ]
        if self.date_to:
            domain.append(("won_on", "<=", self.date_to))
        if self.team_ids:
            domain.append(("team_id", "in", self.team_ids.ids))
        return domain

    def _get_unpaid_lead_domain(self):
        """Opportunities that were won before the addon was there."""
        domain = fields.Domain("won_status", "=", "won")
        domain &= fields.Domain("commission_deal_ids", "=", False)
        domain &= fields.Domain(
            "date_closed", ">=", self.company_id._get_day_start(self.date_from)
        )
        if self.date_to:
            following = fields.Date.add(self.date_to, days=1)
            domain &= fields.Domain(
                "date_closed", "<", self.company_id._get_day_start(following)
            )
        if self.team_ids:
            domain &= fields.Domain("team_id", "in", self.team_ids.ids)
        leads = self.env["crm.lead"]
        return domain & leads._get_response_company_domain(self.company_id)

    def action_include_unpaid(self):
        """Pay by this plan what was won before it was approved, the oldest first."""
        self.ensure_one()
        self.env.user._check_commission_manager()
        if self.state != "approved":
            return True
        # sudo: radio.commission.deal - written by methods alone
        deals = self.env["radio.commission.deal"].sudo()
        unpaid = deals.search(
            self._get_unpaid_deal_domain(), order="won_on, id", limit=AT_ONCE
        )
        unpaid._recompute_contributors()
        # sudo: crm.lead - all that the plan pays, whoever sold it
        leads = (
            self.env["crm.lead"]
            .sudo()
            .search(
                self._get_unpaid_lead_domain(),
                order="date_closed, id",
                limit=AT_ONCE - len(unpaid),
            )
        )
        deals._create_for_past_leads(leads)
        return True
