from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmLead(models.Model):
    """Commission of an opportunity: winning creates a deal, leaving it reverts it."""

    _inherit = "crm.lead"

    commission_base = fields.Monetary(
        tracking=True,
        currency_field="company_currency",
        copy=False,
        help="What the commission is reckoned on: media value after discounts, agency "
        "commission, production, barter and tax. Empty: the expected revenue.",
    )
    is_commission_free = fields.Boolean(
        string="Pays No Commission",
        tracking=True,
        copy=False,
        help="Barter, say: who contributed is noted, and nobody is paid.",
    )
    commission_deal_ids = fields.One2many(
        comodel_name="radio.commission.deal", inverse_name="lead_id", copy=False
    )

    @api.constrains("commission_base", "expected_revenue")
    def _check_commission_base(self):
        """Less than the revenue, as production is no media value, but never more."""
        # constraints run as superuser, so it is the user who counts
        user = self.env.user
        if user.id == SUPERUSER_ID or user.has_group(
            "radio_sales_team.group_commission_manager"
        ):
            return
        for lead in self:
            base, revenue = lead.commission_base, lead.expected_revenue
            currency = lead.company_currency or self.env.company.currency_id
            if base < 0:
                raise ValidationError(
                    self.env._("The commission base cannot be below zero.")
                )
            if base and currency.compare_amounts(base, revenue) > 0:
                raise ValidationError(
                    self.env._(
                        "Commission of “%s” cannot be reckoned on more than the "
                        "expected revenue.",
                        lead.name,
                    )
                )

    def _on_won(self):
        self._search_deals()._create_for_won_leads(self)
        # the user may not see all of them
        self.invalidate_recordset(["commission_deal_ids"])
        return super()._on_won()

    def _on_won_reverted(self, reason=None):
        result = super()._on_won_reverted(reason)
        self._search_deals()._revert(reason or self.env._("Not won any more"))
        return result

    @api.model
    def _get_amount_fields(self):
        fields_of_base = {"commission_base", "is_commission_free"}
        return super()._get_amount_fields() | fields_of_base

    def _on_amount_changed(self):
        result = super()._on_amount_changed()
        self._search_deals()._fill_in_amount()
        return result

    def _check_won_revertible(self):
        """One click on a stage must not take back everyone's commission."""
        if won := self._search_deals().filtered(lambda deal: deal.state == "won")[:1]:
            raise UserError(
                self.env._(
                    "“%s” and other deals in this stage pay commission, and would "
                    "all be taken back. Move them to another won stage first.",
                    won.name,
                )
            )
        return super()._check_won_revertible()

    def _search_deals(self):
        """Return the deals of these opportunities, as OdooBot: whoever wins need not
        see what a deal pays, and no default values of theirs get into it."""
        deals = self.env["radio.commission.deal"].with_user(SUPERUSER_ID)
        return deals.search([("lead_id", "in", self.ids)], order="id")

    def _prepare_commission_deals(self, is_past=False):
        """Return the values of the deals of these won opportunities.

        :param is_past: whether they were won when they were closed, not now.
        :return: dict by ``crm.lead`` of values of ``radio.commission.deal``.
        """
        companies, teams = self.env["res.company"], self.env["crm.team"]
        plans, result = {}, {}
        for lead in self:
            vals = lead._prepare_commission_deal_vals(is_past)
            key = (vals["company_id"], vals["team_id"], vals["won_on"])
            if key not in plans:
                plans[key] = self.env["radio.commission.plan"]._find_plan(
                    companies.browse(key[0]), teams.browse(key[1]), key[2]
                )
            result[lead] = {
                **vals,
                "plan_id": plans[key].id,
                "event": plans[key].event,
            }
        return result

    def _prepare_commission_deal_vals(self, is_past=False):
        """Return the facts that are frozen for payment when this opportunity is won.

        The plan is added by :meth:`_prepare_commission_deals`.

        :param is_past: whether it was won when it was closed, not now.
        """
        self.ensure_one()
        company = self._get_response_company()
        currency = company.currency_id
        moment = fields.Datetime.now()
        if is_past and self.date_closed:
            # users can enter that, so it does not count for what is won now
            moment = self.date_closed
        won_on = company._get_local_day(moment)
        advertiser = self._get_advertiser()
        return {
            "name": self.name,
            "lead_id": self.id,
            "origin_id": self.id,
            "company_id": company.id,
            "currency_id": currency.id,
            "team_id": self.team_id.id,
            "partner_id": advertiser.id,
            "partner_name": advertiser.name or self.partner_name or self.contact_name,
            "won_on": won_on,
            "base_amount": currency.round(self._get_commission_base()),
            "revenue": currency.round(self.expected_revenue),
            "months": self._get_commission_months(),
            "next_due_on": won_on,
            "state": "won",
            "settled_until": False,
        }

    def _get_commission_base(self):
        """Return the amount that commission is computed on: what was entered for it,
        else the expected revenue; in the company's currency, not rounded."""
        self.ensure_one()
        if self.is_commission_free:
            return 0
        return self.commission_base or self.expected_revenue

    def _get_commission_months(self):
        """Return the first days of the months on air, as strings (``2026-01-01``)."""
        self.ensure_one()
        return [str(month) for month in self._get_campaign_months()]

    def _get_booked_revenues(self):
        """Return the revenue to book: of merged opportunities the sum of their deals
        that are won."""
        revenues = super()._get_booked_revenues()
        # sudo: radio.commission.deal - as in _on_won
        merged = (
            self.env["radio.commission.deal"]
            .sudo()
            ._read_group(
                [("lead_id", "in", self.ids), ("state", "=", "won")],
                ["lead_id", "company_id"],
                ["revenue:sum"],
                having=[("__count", ">", 1)],
            )
        )
        for lead, company, revenue in merged:
            if company == lead._get_response_company():
                revenues[lead] = revenue
        return revenues

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        paid = self._search_deals().filtered("line_ids")
        if paid:
            raise UserError(
                self.env._(
                    "Commission was posted for “%s”, so it cannot be deleted. Move it "
                    "out of the won stage to take the commission back, or archive it "
                    "to leave the commission as it is.",
                    paid[0].name,
                )
            )

    def unlink(self):
        deals = self._search_deals()
        # what is due by now is paid, even before the scheduled action comes
        deals._settle_by_company()
        deals.filtered(lambda deal: not deal.line_ids).unlink()
        return super().unlink()

    def _merge_dependences(self, opportunities):
        """Move the deals of merged opportunities to this one, with what they paid.

        A deal that was reverted before is no part of the merged opportunity, whichever
        of both stays, else it would be paid again with it. One that was won without an
        amount is none either, if another was: the amount of the merged opportunity is
        that of the others.
        """
        own, moved = self._search_deals(), opportunities._search_deals()
        reverted = moved.filtered(lambda deal: deal.state == "left")
        moved -= reverted
        if moved:
            reverted |= own.filtered(lambda deal: deal.state == "left")
            own -= reverted
        moved.lead_id = self
        empty = (own | moved).filtered(lambda deal: deal._is_empty())
        if empty == own | moved:
            empty -= empty[:1]
        # who contributed to any of them shares the first amount that is entered
        ((own | moved) - empty).filtered(
            lambda deal: deal._is_empty()
        ).share_ids.unlink()
        posted = reverted.filtered("line_ids")
        posted.lead_id = False
        (reverted - posted | empty).unlink()
        return super()._merge_dependences(opportunities)

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """Revert the deals of won opportunities that are merged into an open one."""
        was_won = any(lead.won_status == "won" for lead in self)
        head = super()._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        if was_won and head.won_status != "won":
            head._on_won_reverted(
                self.env._("Merged into an opportunity that is not won")
            )
        return head
