from odoo import api, fields, models
from odoo.exceptions import AccessError


class RadioBonusMember(models.Model):
    """Who gets which part of a pool."""

    _name = "radio.bonus.member"
    _description = "Member of a Bonus Pool"

    pool_id = fields.Many2one(
        comodel_name="radio.bonus.pool", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, ondelete="restrict"
    )
    weight = fields.Float(default=1, digits=(16, 2))
    currency_id = fields.Many2one(related="pool_id.currency_id")
    amount = fields.Monetary(readonly=True)

    _one_each = models.UniqueIndex(
        "(pool_id, user_id)", "Each member is in a pool once."
    )
    _weight = models.Constraint("CHECK (weight >= 0)", "A weight is not below 0.")

    def _get_weights(self, distribution):
        """By what the pool is divided.

        :return: list of numbers, one for each of these.
        """
        if distribution == "weighted":
            return self.mapped("weight")
        if distribution == "equal":
            return [1] * len(self)
        pool = self.pool_id
        won = [
            ("state", "=", "won"),
            ("won_on", ">=", pool.target_id.date_from),
            ("won_on", "<=", pool.target_id.date_to),
        ]
        # sudo: radio.contribution - counted, for whoever pays the pool
        counts = dict(
            self.env["radio.contribution"]
            .sudo()
            ._read_group(
                [
                    ("state", "=", "confirmed"),
                    ("user_id", "in", self.user_id.ids),
                    ("lead_id.team_id", "=", pool.team_id.id),
                    ("lead_id.commission_deal_ids", "any", won),
                ],
                ["user_id"],
                ["__count"],
            )
        )
        return [counts.get(member.user_id, 0) for member in self]

    def write(self, vals):
        if "amount" in vals and not self.env.su:
            raise AccessError(self.env._("Pay the pool, with the button for that."))
        self.pool_id._check_unpaid()
        result = super().write(vals)
        # nor is anybody moved into one that is paid
        self.pool_id._check_unpaid()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        self.pool_id._check_unpaid()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "amount": 0} for vals in vals_list]
        members = super().create(vals_list)
        members.pool_id._check_unpaid()
        return members
