from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.ladder import Level


class RadioDiscountLadder(models.Model):
    """The rate card's volume discount: from which volume in a year on how much.

    A customer has one ladder: the one chosen on the customer, else the first by
    sequence whose tags fit. Customers with an individual agreement have none.
    """

    _name = "radio.discount.ladder"
    _description = "Discount Ladder"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    category_ids = fields.Many2many(
        comodel_name="res.partner.category",
        string="Customers With Tags",
        help="Empty: all customers.",
    )
    basis = fields.Selection(
        selection=[
            ("gross", "Gross amount"),
            ("net", "Net amount"),
            ("spots", "Number of spots"),
        ],
        required=True,
        default="gross",
        help="What is counted: airtime at the price of the rate card, what is paid for "
        "it, or spots.",
    )
    window = fields.Selection(
        selection=[
            ("calendar_year", "Calendar year"),
            ("rolling", "Last 12 months"),
            ("contract_year", "Contract year"),
        ],
        string="Counted In",
        required=True,
        default="calendar_year",
        help="Contract year: from the day on that the customer's form says.",
    )
    is_whole = fields.Boolean(
        string="Discount on Everything",
        default=True,
        help="The discount of the level holds for the whole volume. Else each part of "
        "it has the discount of the level in which it lies.",
    )
    near_percent = fields.Float(
        string="Near Within (%)",
        digits=(5, 2),
        default=10.0,
        help="A level is near where not more than this part of it is missing.",
    )
    near_amount = fields.Monetary(
        string="Or Within",
        help="Or where not more than this is missing. 0: the part alone says it.",
    )
    tier_ids = fields.One2many(
        comodel_name="radio.discount.tier", inverse_name="ladder_id", copy=True
    )

    _near_range = models.Constraint(
        "CHECK (near_percent BETWEEN 0 AND 100 AND near_amount >= 0)",
        "“Near” is a part between 0 and 100 percent, or an amount.",
    )

    @api.constrains("company_id", "currency_id")
    def _check_currency_id(self):
        for ladder in self:
            if ladder.currency_id != ladder.company_id.currency_id:
                raise ValidationError(
                    self.env._(
                        "Bookings of %(company)s are counted in %(currency)s. Enter "
                        "the ladder “%(name)s” in that currency.",
                        company=ladder.company_id.name,
                        currency=ladder.company_id.currency_id.name,
                        name=ladder.name,
                    )
                )

    @api.constrains("tier_ids")
    def _check_tiers(self):
        self.tier_ids._check_order()

    def write(self, vals):
        result = super().write(vals)
        self._recount()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        ladders = super().create(vals_list)
        ladders._recount()
        return ladders

    def _recount(self):
        """Another ladder means other levels for all who have booked."""
        # sudo: radio.booking - only who has booked
        groups = (
            self.env["radio.booking"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("is_counted", "=", True),
                ],
                ["advertiser_id"],
            )
        )
        partners = self.env["res.partner"].union(*(partner for (partner,) in groups))
        self.env["radio.volume.change"]._note(partners)

    def _get_levels(self):
        """The levels, the lowest first, as ``tools/ladder.py`` wants them.

        :return: dict of id of ``radio.discount.tier`` by level.
        """
        self.ensure_one()
        return {
            Level(tier.lower_bound, tier.discount): tier.id
            for tier in self.tier_ids.sorted("lower_bound")
        }


class RadioDiscountTier(models.Model):
    """A level of a ladder: only its lower bound is kept, so that there can be neither
    a gap nor an overlap."""

    _name = "radio.discount.tier"
    _description = "Discount Level"
    _order = "ladder_id, lower_bound"
    _rec_name = "discount"

    ladder_id = fields.Many2one(
        comodel_name="radio.discount.ladder",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="ladder_id.currency_id")
    lower_bound = fields.Float(
        string="From Volume",
        digits=(16, 2),
        required=True,
        help="Amount or number of spots from which on the discount holds.",
    )
    discount = fields.Float(string="Discount (%)", digits=(5, 2), required=True)

    _one_bound = models.UniqueIndex(
        "(ladder_id, lower_bound)", "Two levels of a ladder begin at the same volume."
    )
    _bound_positive = models.Constraint(
        "CHECK (lower_bound >= 0)", "A level cannot begin below 0."
    )
    _discount_range = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)", "A discount is between 0 and 100 percent."
    )

    @api.constrains("lower_bound", "discount")
    def _check_order(self):
        """A higher volume has a higher discount."""
        for ladder in self.ladder_id:
            levels = list(ladder._get_levels())
            for lower, higher in zip(levels, levels[1:], strict=False):
                if lower.discount >= higher.discount:
                    raise ValidationError(
                        self.env._(
                            "In “%(ladder)s”, %(lower)s %% from %(from_lower)s on and "
                            "%(higher)s %% from %(from_higher)s on do not fit: a "
                            "higher volume needs a higher discount.",
                            ladder=ladder.name,
                            lower=lower.discount,
                            from_lower=lower.lower,
                            higher=higher.discount,
                            from_higher=higher.lower,
                        )
                    )

    @api.depends("discount", "lower_bound")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = f"{tier.discount:g} %"

    def write(self, vals):
        result = super().write(vals)
        self.ladder_id._recount()
        return result

    def unlink(self):
        ladders = self.ladder_id
        result = super().unlink()
        ladders._recount()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.ladder_id._recount()
        return tiers
