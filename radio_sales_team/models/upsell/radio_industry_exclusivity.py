from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RadioIndustryExclusivity(models.Model):
    """An advertiser has a product or a time slot of an industry for themselves: others
    of the industry are not offered it, and whoever sells it is warned."""

    _name = "radio.industry.exclusivity"
    _description = "Exclusivity"
    _order = "date_from desc, id desc"
    _rec_name = "advertiser_id"

    advertiser_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, ondelete="cascade"
    )
    industry_id = fields.Many2one(
        comodel_name="res.partner.industry",
        required=True,
        index=True,
        ondelete="restrict",
    )
    scope = fields.Char(
        string="Product or Time Slot",
        help="For example “Weather”. Sponsors of the weather and of the traffic news "
        "do not disturb each other. Empty: all airtime.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", help="Empty: all sales teams.", ondelete="cascade"
    )
    date_from = fields.Date(
        required=True, default=lambda self: self.env.company._get_local_day()
    )
    date_to = fields.Date(string="Date Until")
    conflict_words = fields.Char(
        string="Overlaps",
        compute="_compute_conflict_words",
        help="Others who have the same for themselves at the same time.",
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for one in self:
            if one.date_to and one.date_to < one.date_from:
                raise ValidationError(
                    self.env._("An exclusivity cannot end before it begins.")
                )

    @api.depends("industry_id", "scope", "team_id", "date_from", "date_to")
    def _compute_conflict_words(self):
        for one in self:
            others = one._find_overlapping()
            one.conflict_words = ", ".join(others.advertiser_id.mapped("name")) or False

    @api.onchange("scope", "team_id", "date_from", "date_to")
    def _onchange_scope(self):
        """A warning, no more: the station may have promised both."""
        if not self.conflict_words:
            return None
        return {
            "warning": {
                "title": self.env._("Overlaps"),
                "message": self.env._(
                    "%s has the same for themselves at that time.", self.conflict_words
                ),
            }
        }

    def _find_overlapping(self):
        if not (self.industry_id and self.date_from):
            return self.browse()
        latest = self.date_to or fields.Date.to_date("9999-12-31")
        found = self.search(
            [
                ("id", "!=", self._origin.id),
                ("company_id", "=", self.company_id.id),
                "|",
                ("industry_id", "child_of", self.industry_id.id),
                ("industry_id", "parent_of", self.industry_id.id),
                ("date_from", "<=", latest),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self.date_from),
            ]
        )
        return found.filtered(
            lambda other: (
                other.advertiser_id != self.advertiser_id
                and other._is_about(self.scope)
                and (
                    not other.team_id
                    or not self.team_id
                    or other.team_id == self.team_id
                )
            )
        )

    def _is_about(self, scope):
        """Whether this is about the same product or time slot; without one it is about
        all airtime."""
        mine = (self.scope or "").strip().casefold()
        theirs = (scope or "").strip().casefold()
        # “Weather” is about the “Weather sponsorship”, too
        return not mine or not theirs or mine in theirs or theirs in mine


class CrmLead(models.Model):
    _inherit = "crm.lead"

    exclusivity_words = fields.Char(
        compute="_compute_exclusivity_words",
        help="A competitor has airtime of this industry for themselves.",
    )

    @api.depends(
        "advertiser_id",
        "campaign_end",
        "campaign_start",
        "company_id",
        "partner_id",
        "team_id",
    )
    def _compute_exclusivity_words(self):
        for lead in self:
            company = lead._get_response_company()
            advertiser = lead._get_advertiser()
            lead.exclusivity_words = False
            if not advertiser.industry_id:
                continue
            start = lead.campaign_start or company._get_local_day()
            taken = (
                self.env["radio.industry.exclusivity"]
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("industry_id", "parent_of", advertiser.industry_id.id),
                        ("advertiser_id", "!=", advertiser.id),
                        ("date_from", "<=", lead.campaign_end or start),
                        "|",
                        ("date_to", "=", False),
                        ("date_to", ">=", start),
                    ]
                )
                .filtered(
                    lambda one, lead=lead: (
                        not one.team_id or one.team_id == lead.team_id
                    )
                )
            )
            if taken:
                lead.exclusivity_words = self.env._(
                    "Exclusive for %s",
                    ", ".join(
                        f"{one.advertiser_id.name} ({one.scope})"
                        if one.scope
                        else one.advertiser_id.name
                        for one in taken
                    ),
                )
