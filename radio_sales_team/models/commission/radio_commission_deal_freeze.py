from odoo import api, fields, models
from odoo.tools import SQL

from ..response.rows import forget_lists, get_insert


class RadioCommissionDeal(models.Model):
    """Freezing what a deal is when it is won."""

    _inherit = "radio.commission.deal"

    @api.model
    def _freeze(self, leads, is_past=False):
        """Record what was won as it is now, people included. Who gets which part is
        written a moment later (:meth:`_share_out`): whoever wins it does not wait.

        :param leads: ``crm.lead`` of which nothing is known, see :meth:`_is_frozen`.
        :param is_past: whether they were won when they were closed, not now.
        :return: their deals.
        """
        deal_by_lead = {
            deal.lead_id: deal for deal in leads.commission_deal_ids.sorted("id")
        }
        again, vals_list = self.browse(), []
        for lead in leads:
            vals = self._prepare_deal(lead, is_past)
            vals["pending"] = self._prepare_pending(vals, lead, is_past)
            if deal := deal_by_lead.get(lead):
                deal._lock()
                deal._overwrite(vals, self._get_tables(lead))
                again |= deal
            else:
                vals_list.append(vals)
        return again | self._insert(vals_list, self._get_tables(leads))

    @api.model
    def _freeze_past(self, leads, day):
        """Record opportunities that were won before, when they were closed.

        :param leads: see :meth:`_freeze`.
        :param day: date until which what they have earned is written.
        """
        self._freeze(leads, is_past=True)._share_out(day)

    @api.model
    def _insert(self, vals_list, tables):
        """As ``create``, with one query.

        :param vals_list: see :meth:`_prepare_deal`.
        :param tables: ``SQL`` of :meth:`_get_tables`.
        """
        if not vals_list:
            return self.browse()
        insert = get_insert(self, vals_list)
        query = SQL("WITH %s %s RETURNING id", tables, insert)
        deals = self.browse(deal_id for (deal_id,) in self.env.execute_query(query))
        forget_lists(self, vals_list)
        return deals

    @api.model
    def _get_tables(self, leads):
        """What the query that writes deals finds out by itself, which saves those who
        win them queries of their own.

        :return: ``SQL`` of ``helper``, see ``crm.lead._get_helper_query``, and of
            ``customer``: the company of a contact.
        """
        partners = self.env["res.partner"]
        partners.flush_model(["commercial_partner_id", "name"])
        contacts = [lead._get_advertiser_contact() for lead in leads]
        return SQL(
            """helper AS (%s), customer AS (
                SELECT contact.id AS contact_id, company.id, company.name
                FROM res_partner contact JOIN res_partner company
                    ON company.id = contact.commercial_partner_id
                WHERE contact.id = ANY(%s))""",
            leads._get_helper_query(),
            [contact.id for contact in contacts if contact],
        )

    def _overwrite(self, vals, tables):
        """It is won anew, and nothing was paid for it: see :meth:`_insert`."""
        self.ensure_one()
        found = [name for name, value in vals.items() if isinstance(value, SQL)]
        values = SQL(", ").join(vals[name] for name in found)
        query = SQL("WITH %s SELECT %s", tables, values)
        (row,) = self.env.execute_query(query)
        del vals["origin_id"]  # of the one that it was first
        self.write({**vals, **dict(zip(found, row, strict=True))})

    def _settle_by_company(self):
        for company, own in self.grouped("company_id").items():
            own._settle(company._get_commission_day())

    def _is_frozen(self):
        """Whether it is won again as it was: something was paid for it, or will be. A
        deal without people or amount is recorded anew once they are there."""
        self.ensure_one()
        return bool(self.line_ids or (self.base_amount and self.current_share_ids))

    def _win_again(self):
        """Won again is won as it was: nobody gains by leaving "won" and coming back.
        Where the opportunity says otherwise now, the commission manager decides.
        """
        self._lock()
        left = self.filtered(lambda deal: deal.state == "left")
        left.write({"state": "won", "settled_until": False})
        for deal in left:
            deal.notice = deal._get_notice()
        left._settle_by_company()

    def _get_notice(self):
        """What the opportunity says now that the deal does not, or False."""
        lead, seller = self.lead_id, self._get_held_people()["seller"]
        base, currency = self._get_base(lead), self.currency_id
        if not currency.compare_amounts(base, self.base_amount) and (
            lead.user_id in seller or not seller
        ):
            return False
        return self.env._(
            "Won again as it was before. The opportunity says otherwise now: base "
            "%(base)s, salesperson %(seller)s.",
            base=currency.format(base),
            seller=lead.user_id.name or "-",
        )

    def _get_today(self):
        """Today where the station is."""
        company = self.company_id[:1] or self.env.company
        return company._get_commission_day()

    @api.model
    def _prepare_deal(self, lead, is_past):
        """The facts of a won opportunity.

        :param is_past: whether it was won when it was closed, not now.
        """
        company = lead._get_response_company()
        # else a date that somebody enters would date a deal back
        moment = is_past and lead.date_closed or fields.Datetime.now()
        won_on = company._get_local_day(moment)
        plan = self.env["radio.commission.plan"]._find_plan(
            company, lead.team_id, won_on
        )
        currency = company.currency_id
        return {
            "name": lead.name,
            "lead_id": lead.id,
            "origin_id": lead.id,
            "company_id": company.id,
            "currency_id": currency.id,
            "team_id": lead.team_id.id,
            **self._prepare_customer(lead),
            "won_on": won_on,
            "base_amount": currency.round(self._get_base(lead)),
            "revenue": currency.round(lead.expected_revenue),
            "plan_id": plan.id,
            "event": plan._get_event(),
            "months": self._get_months(lead),
            "next_due_on": won_on,
            "state": "won",
            "settled_until": False,
        }

    @api.model
    def _prepare_customer(self, lead):
        """Whose spots these are, by :meth:`_get_tables`: see
        ``crm.lead._get_advertiser``."""
        found = SQL(
            "FROM customer WHERE contact_id = %s",
            lead._get_advertiser_contact().id or None,
        )
        name = lead.partner_name or lead.contact_name or None
        return {
            "partner_id": SQL("(SELECT id %s)", found),
            "partner_name": SQL("COALESCE((SELECT name %s), %s)", found, name),
        }

    @api.model
    def _get_months(self, lead):
        """First days of the months in which it is on air, as they are stored."""
        return [str(month) for month in lead._get_campaign_months()]

    @api.model
    def _get_base(self, lead):
        """What the commission is reckoned on: what was entered for it, else the
        expected revenue. In the company's currency."""
        if lead.is_commission_free:
            return 0
        return lead.commission_base or lead.expected_revenue

    def _get_due_months(self, day):
        """How many months of the campaign have begun on a day.

        :return: pair of that number and the number of all months.
        """
        months = [fields.Date.to_date(month) for month in self.months or []]
        begun = [month for month in months if month <= day]
        return len(begun), len(months)

    def _get_next_due(self, day):
        """The first day after a day on which something more is earned, or False."""
        if self.state != "won" or self.event != "spread":
            return False
        months = [fields.Date.to_date(month) for month in self.months or []]
        return min((month for month in months if month > day), default=False)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_commission_day(self):
        """Today where the company is, by its working hours' time zone."""
        self.ensure_one()
        return self._get_local_day(fields.Datetime.now())
