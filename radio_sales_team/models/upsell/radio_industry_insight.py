from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class RadioIndustryInsight(models.Model):
    """Media service found that a product works for an industry: every customer of it
    should hear of it, once.

    Publishing makes a signal for each matching customer (the industries and what is
    part of them), in the background; who joins an industry while the insight is valid
    gets it, too. Sellers see them in weekly bundles: ``radio_industry_insight_spread``.
    """

    _name = "radio.industry.insight"
    _description = "Industry Insight"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(string="Finding", required=True, tracking=True)
    industry_ids = fields.Many2many(
        comodel_name="res.partner.industry",
        required=True,
        help="And all that is part of them.",
    )
    product_name = fields.Char(
        string="Product or Package",
        help="Customers who booked it within a year need not hear of it.",
    )
    pitch = fields.Text(
        string="What to Say", help="The sentence with which a seller begins the call."
    )
    evidence = fields.Text(
        help="Numbers, without naming the customer of whom it is known.",
    )
    found_at_id = fields.Many2one(
        comodel_name="res.partner",
        groups="sales_team.group_sale_salesman_all_leads,"
        "radio_sales_team.group_back_office",
        help="The customer at whom it was found: gets no signal, and sellers do not "
        "see the name.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    reported_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Found By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date_from = fields.Date(
        string="Valid From",
        required=True,
        default=lambda self: self.env.company._get_local_day(),
    )
    date_to = fields.Date(
        string="Valid Until", help="Afterwards it makes no signals. Empty: no end."
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("published", "Published"),
            ("retired", "Retired"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    published_on = fields.Date(readonly=True, copy=False)
    presented_on = fields.Date(
        copy=False, help="When it was shown at the sales meeting."
    )
    signal_ids = fields.One2many(
        comodel_name="radio.upsell.signal", inverse_name="insight_id"
    )
    signal_count = fields.Integer(compute="_compute_signal_count")
    match_count = fields.Integer(
        string="Who Will Get It", compute="_compute_match_count"
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for insight in self:
            if insight.date_to and insight.date_to < insight.date_from:
                raise ValidationError(
                    self.env._("An insight cannot end before it begins.")
                )

    @api.constrains("evidence", "pitch", "name", "found_at_id")
    def _check_anonymous(self):
        """The customer at whom it was found must not be named to their competitors."""
        for insight in self.sudo():
            name = insight.found_at_id.commercial_partner_id.name
            texts = " ".join(
                filter(None, (insight.name, insight.pitch, insight.evidence))
            )
            if name and name.casefold() in texts.casefold():
                raise ValidationError(
                    self.env._(
                        "Leave out the name “%s”: other customers of the industry will "
                        "hear this.",
                        name,
                    )
                )

    def _compute_signal_count(self):
        groups = self.env["radio.upsell.signal"]._read_group(
            [("insight_id", "in", self.ids)], ["insight_id"], ["__count"]
        )
        counts = dict(groups)
        for insight in self:
            insight.signal_count = counts.get(insight._origin, 0)

    @api.depends("industry_ids", "product_name", "found_at_id", "company_id")
    def _compute_match_count(self):
        partners = self.env["res.partner"].sudo()
        for insight in self:
            insight.match_count = partners.search_count(insight._get_match_domain())

    def write(self, vals):
        if not self.env.su and {"state", "reported_by_id", "published_on"} & set(vals):
            raise UserError(self.env._("Use the buttons to publish and to retire."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {**vals, "reported_by_id": self.env.uid, "state": "draft"}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _get_match_domain(self):
        """The customers who should hear of it and have not yet: of the industries, who
        have booked or asked or whom somebody looks after, without the one at whom it
        was found, who booked it within a year, who has it as a signal, who wants no
        advertising (also a contact's objection counts), who is excluded or archived.
        """
        self.ensure_one()
        insight = self.sudo()
        bought = insight._get_recent_buyers()
        known = insight.with_context(active_test=False).signal_ids.partner_id
        skipped = bought | known | insight.found_at_id.commercial_partner_id
        return (
            Domain("industry_id", "child_of", insight.industry_ids.ids)
            & Domain.custom(
                # companies and private customers, no contacts
                to_sql=lambda model, alias, query: SQL(
                    "%s = %s",
                    SQL.identifier(alias, "id"),
                    model._field_to_sql(alias, "commercial_partner_id", query),
                )
            )
            & (
                Domain("user_id", "!=", False)
                | Domain("booking_ids", "!=", False)
                | Domain("opportunity_ids", "!=", False)
            )
            & Domain("id", "not in", self.env["res.company"]._get_own_partner_ids())
            & ~Domain("child_ids", "any", [("is_blacklisted", "=", True)])
            & Domain("company_id", "in", [insight.company_id.id, False])
            & Domain("is_signal_excluded", "=", False)
            & Domain("is_blacklisted", "=", False)
            & Domain("id", "not in", skipped.ids)
            & insight._get_exclusive_domain()
        )

    def _get_recent_buyers(self):
        """Who booked the product within the last 12 months."""
        if not self.product_name:
            return self.env["res.partner"]
        today = self.company_id._get_local_day()
        year_ago = fields.Date.subtract(today, years=1).replace(day=1)
        groups = self.env["radio.booking"]._read_group(
            [
                ("product_name", "ilike", self.product_name.strip()),
                ("month", ">=", year_ago),
                ("company_id", "=", self.company_id.id),
            ],
            ["advertiser_id"],
        )
        return self.env["res.partner"].union(*(partner for (partner,) in groups))

    def _get_exclusive_domain(self):
        """Somebody else has this product of the industry for themselves."""
        today = self.company_id._get_local_day()
        taken = self.env["radio.industry.exclusivity"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<=", today),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        )
        # without a product nobody knows whether it is about the weather
        taken = taken.filtered(
            lambda one: (
                one._is_about(self.product_name) if self.product_name else not one.scope
            )
        )
        if not taken:
            return Domain.TRUE
        return ~Domain("industry_id", "child_of", taken.industry_id.ids) | Domain(
            "id", "in", taken.advertiser_id.ids
        )

    def action_publish(self):
        """Everybody whom it concerns will hear of it; the signals are made in the
        background, a few seconds later."""
        self.check_access("write")
        for insight in self:
            if not insight.industry_ids:
                raise UserError(self.env._("Choose the industries first."))
            if not insight.match_count:
                raise UserError(
                    self.env._(
                        "No customer of these industries would get it. Look at the "
                        "industries of your customers first."
                    )
                )
        for insight in self.sudo():
            today = insight.company_id._get_local_day()
            insight.write({"state": "published", "published_on": today})
        self.env.ref("radio_sales_team.ir_cron_spread_insights")._trigger()
        return True

    def action_retire(self):
        """It holds no more: what nobody has begun yet is taken back."""
        self.check_access("write")
        self.sudo().write({"state": "retired"})
        untouched = self.sudo().signal_ids.filtered(lambda one: one.state == "new")
        untouched.write({"state": "expired"})

    def action_presented(self):
        """It was shown at the sales meeting today."""
        for insight in self:
            insight.presented_on = insight.company_id._get_local_day()

    def action_show_matches(self):
        """Who will get it, before it is published."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who will get it"),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [
                (
                    "id",
                    "in",
                    self.env["res.partner"].sudo().search(self._get_match_domain()).ids,
                )
            ],
        }

    def action_show_signals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "radio_sales_team.radio_upsell_signal_action"
        )
        return {**action, "domain": [("insight_id", "=", self.id)], "context": {}}
