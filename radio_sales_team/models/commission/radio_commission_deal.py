from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..response.batch import post_safely


class RadioCommissionDeal(models.Model):
    """A won opportunity, its facts frozen for payment: base, date, plan, people.

    The ledger's entries belong to it, so later changes of the opportunity change
    nothing here. What does change it: the opportunity is not won any more, or is won
    again; a commission manager changes the base or the contributors. Each time only
    the difference is posted (``radio_commission_deal_settle``).

    Every settlement writes to the deal. So of two that run at the same moment one fails
    on the changed row, and Odoo retries it: nothing is posted twice.
    """

    _name = "radio.commission.deal"
    _description = "Deal"
    _order = "won_on desc, id desc"

    name = fields.Char(required=True, readonly=True)
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    origin_id = fields.Integer(
        readonly=True,
        help="ID of the opportunity that the deal was created for: none has two deals.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    partner_name = fields.Char(string="Customer's Name", readonly=True)
    won_on = fields.Date(required=True, readonly=True)
    base_amount = fields.Monetary(
        string="Base",
        readonly=True,
        help="Media value after discounts, agency commission, production, barter and "
        "tax.",
    )
    revenue = fields.Monetary(
        readonly=True, help="The expected revenue when it was won, for targets."
    )
    notice = fields.Char(
        readonly=True, help="What the opportunity says now that the deal does not."
    )
    settled_base = fields.Monetary(
        string="Earned Base",
        readonly=True,
        help="The part of the base that has been earned and settled so far.",
    )
    is_trued_up = fields.Boolean(readonly=True)
    counted_discount = fields.Float(
        string="Discount Counted (%)",
        digits=(5, 2),
        readonly=True,
        help="The discount level that the base is computed with since the last "
        "true-up.",
    )
    plan_id = fields.Many2one(
        comodel_name="radio.commission.plan", readonly=True, ondelete="restrict"
    )
    event = fields.Char(readonly=True)
    months = fields.Json(
        readonly=True, help="First days of the months in which it is on air."
    )
    state = fields.Selection(
        selection=[("won", "Won"), ("left", "Not won any more")],
        required=True,
        default="won",
        readonly=True,
    )
    settled_until = fields.Date(
        readonly=True, help="The day until which what was earned has been posted."
    )
    next_due_on = fields.Date(
        readonly=True, help="The day on which the next part is earned."
    )
    problem = fields.Char(
        readonly=True,
        help="Why no commission can be posted. Nothing is lost: solve it, and try "
        "again.",
    )
    processing_error = fields.Char(
        compute="_compute_processing_error",
        search="_search_processing_error",
        help="Why the scheduled action could not settle the deal. It is retried "
        "automatically, after a growing delay.",
    )
    share_ids = fields.One2many(
        comodel_name="radio.commission.share", inverse_name="deal_id", readonly=True
    )
    current_share_ids = fields.One2many(
        comodel_name="radio.commission.share",
        inverse_name="deal_id",
        string="Active Shares",
        domain=[("is_current", "=", True)],
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="radio.commission.line", inverse_name="deal_id", readonly=True
    )
    total = fields.Monetary(
        string="Posted So Far",
        compute="_compute_total",
        help="All ledger entries of this deal together.",
    )

    _one_each = models.UniqueIndex(
        "(origin_id) WHERE origin_id IS NOT NULL",
        "This opportunity is paid already.",
    )
    _due_idx = models.Index("(next_due_on) WHERE next_due_on IS NOT NULL")
    _problem_idx = models.Index("(company_id) WHERE problem IS NOT NULL")

    @api.depends("line_ids")
    def _compute_total(self):
        totals = dict(
            self.env["radio.commission.line"]._read_group(
                [("deal_id", "in", self._origin.ids)], ["deal_id"], ["amount:sum"]
            )
        )
        for deal in self:
            deal.total = totals.get(deal._origin, 0)

    def _compute_processing_error(self):
        # sudo: radio.processing.failure - the errors of deals that the user may see
        failures = self.env["radio.processing.failure"].sudo()
        errors = {
            failure.res_id: failure.error
            for failure in failures.search(
                [("model", "=", self._name), ("res_id", "in", self._origin.ids)]
            )
        }
        for deal in self:
            deal.processing_error = errors.get(deal._origin.id)

    @api.model
    def _search_processing_error(self, operator, value):
        if operator != "in" or set(value) - {False}:
            return NotImplemented
        # sudo: radio.processing.failure - only which deals have failed
        failures = self.env["radio.processing.failure"].sudo()
        failed = failures.search([("model", "=", self._name)])
        return [("id", "not in", failed.mapped("res_id"))]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        # sudo: radio.commission.line - whether there are any
        if self.sudo().line_ids:
            raise UserError(
                self.env._("Commission was posted for this deal, so it stays.")
            )

    # actions

    def action_change_base(self):
        """Open the form that asks for the new base, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change base"),
            "res_model": "radio.commission.change",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_deal_id": self.id,
                "default_base_amount": self.base_amount,
                "default_old_base": self.base_amount,
            },
        }

    def action_try_again(self):
        """Look up the plan and the contributors again if something was missing.

        :raises AccessError: for everybody but commission managers.
        """
        self.env.user._check_commission_manager()
        self.check_access("read")
        deals = self.sudo().filtered(lambda deal: deal.problem or not deal.plan_id)
        deals._recompute_contributors()
        return True

    # winning, and winning again

    def _create_for_won_leads(self, leads):
        """Create and settle the deals of opportunities that have just been won. Those
        that are won again keep the deals that they have.

        Called on the deals that they have, as OdooBot: see ``crm.lead._search_deals``.

        :param leads: ``crm.lead``, as the user who wins them.
        """
        counts = Counter(deal.lead_id for deal in self)
        kept = self.filtered(
            lambda deal: deal._keeps_facts() or counts[deal.lead_id] > 1
        )
        kept._win_again()
        leads = leads.sudo() - kept.lead_id
        contributors = leads._get_contributors()
        deals = (self - kept)._create_from_leads(leads, contributors)
        deals._settle_by_company()
        deals._announce_won_together(leads, contributors)

    @api.model
    def _create_for_past_leads(self, leads, day=None):
        """Create and settle the deals of opportunities that were won before, as of the
        day on which they were closed.

        :param leads: ``crm.lead`` without deals, as superuser.
        :param day: date until which they are settled, by default today.
        """
        # one that was merged, and kept by whoever merged it, has had its deal
        earlier = self.search([("origin_id", "in", leads.ids)])
        leads = leads.filtered(lambda lead: lead.id not in earlier.mapped("origin_id"))
        deals = self.browse()._create_from_leads(
            leads, leads._get_contributors(), is_past=True
        )
        deals._settle_by_company(day)

    def _create_from_leads(self, leads, contributors, is_past=False):
        """Freeze the facts of won opportunities: who contributed, what it is worth, by
        which plan it pays, and who gets which share.

        Called on those deals of the opportunities that never paid anything: they are
        used again.

        :param leads: ``crm.lead``, as superuser.
        :param contributors: see ``crm.lead._get_contributors``.
        :param is_past: whether they were won when they were closed, not now.
        :return: their deals.
        """
        leads._record_contributions(contributors)
        unpaid = {deal.lead_id: deal for deal in self}
        deals, vals_list = self.browse(), []
        for lead, vals in leads._prepare_commission_deals(is_past).items():
            if deal := unpaid.get(lead):
                deal.write({**vals, "origin_id": deal.origin_id})
                deals += deal
            else:
                vals_list.append(vals)
        deals += self.create(vals_list)
        deals._create_shares(contributors)
        return deals

    def _is_empty(self):
        """Return whether the deal was won without an amount, and paid nothing."""
        self.ensure_one()
        has_amount = self.base_amount or self.line_ids or not self._has_own_base()
        return bool(self.problem) and not has_amount

    def _keeps_facts(self):
        """Return whether the deal is won again as it was: something was paid for it,
        or will be. One without an amount or without shares is frozen again."""
        self.ensure_one()
        return bool(self.line_ids or (self.base_amount and self._has_shares()))

    def _win_again(self):
        """Pay again what was reverted, as it was: nobody gains by leaving "won" and
        coming back. If the opportunity differs now, the commission manager decides."""
        reverted = self.filtered(lambda deal: deal.state == "left")
        reverted.write({"state": "won", "settled_until": False})
        for deal in reverted:
            deal.notice = deal._get_notice()
        reverted._settle_by_company()

    def _get_notice(self):
        """Return in which way the opportunity differs from the deal now, or False.

        The amount of merged opportunities is that of one of them, so it says nothing
        about their deals.
        """
        lead, sellers = self.lead_id, self._get_sellers()
        base, currency = lead._get_commission_base(), self.currency_id
        differences = []
        is_merged = self.search_count([("lead_id", "=", lead.id)]) > 1
        if not is_merged and currency.compare_amounts(base, self.base_amount):
            differences.append(self.env._("base %s", currency.format(base)))
        if sellers and lead.user_id not in sellers:
            seller = lead.user_id.name or "-"
            differences.append(self.env._("salesperson %s", seller))
        if not differences:
            return False
        return self.env._(
            "Won again as it was before. The opportunity says otherwise now: %s.",
            ", ".join(differences),
        )

    def _get_missing_amount_message(self):
        """Return the sentence for a deal that was won without an amount, or False."""
        self.ensure_one()
        if (
            self.base_amount
            or self.lead_id.is_commission_free
            or not self._has_own_base()
        ):
            return False
        return self.env._(
            "No amount: enter the expected revenue, and it is paid by that."
        )

    def _fill_in_amount(self):
        """Take over the amount of opportunities that were won without one: as nothing
        was paid, the first amount is the amount. Shares stay those of winning."""
        for deal in self.filtered(lambda one: one.state == "won" and one._is_empty()):
            lead, currency = deal.lead_id, deal.currency_id
            if len(self.filtered(lambda one, lead=lead: one.lead_id == lead)) > 1:
                continue  # merged: the amount is that of the others
            base = currency.round(lead._get_commission_base())
            revenue = currency.round(lead.expected_revenue)
            if lead.is_commission_free:
                deal.problem = False
            elif base > 0:
                deal.write({"base_amount": base, "revenue": revenue, "problem": False})
                if deal._has_shares():
                    deal._settle_by_company()
                else:
                    deal._recompute_contributors()

    def _announce_won_together(self, leads, contributors):
        """Post on the opportunities and in their teams' channels who won them together,
        without amounts. What is posted to the ledger never depends on a message.

        :param leads: ``crm.lead`` of these deals, as the user who has won them.
        :param contributors: see ``crm.lead._get_contributors``.
        """
        bodies = {}
        for lead in leads:
            names = lead._get_contributor_names(contributors[lead])
            if len(names) > 1:
                bodies[lead.id] = leads.env._("Won together: %s", ", ".join(names))
        if not bodies:
            return
        post_safely(self.env, leads.browse(bodies)._message_log_batch, bodies=bodies)
        for lead in leads.browse(bodies):
            if channel := lead.team_id.won_channel_id:
                post_safely(
                    self.env,
                    channel.message_post,
                    body=leads.env._(
                        "%(deal)s: %(together)s",
                        deal=lead.name,
                        together=bodies[lead.id],
                    ),
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    author_id=leads.env.user.partner_id.id,
                )

    # the discount that the base was computed with

    def _has_own_base(self):
        """Return whether the base stands for itself and can be changed by hand."""
        self.ensure_one()
        return True

    def _get_counted_discount(self, default):
        """Return the discount that the base was computed with, in percent.

        :param default: what to return if it is unknown.
        """
        self.ensure_one()
        if self.is_trued_up:
            return self.counted_discount
        # sudo: radio.booking - what was booked, for the commission manager
        bookings = self.sudo().lead_id.booking_ids
        gross = sum(bookings.mapped("gross_amount"))
        net = sum(bookings.mapped("net_amount"))
        if gross > 0 and gross != net:
            return round(100 * (1 - net / gross), 2)
        return default
