from odoo import fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    """The tandem of a customer: a seller (core's salesperson) and someone of the back
    office."""

    _inherit = "res.partner"

    back_office_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Back Office",
        domain=[("share", "=", False)],
        index="btree_not_null",
        help="Who in the back office looks after this customer, together with the "
        "salesperson. New inquiries of the customer go to both.",
    )

    def write(self, vals):
        self._check_tandem(vals)
        return super().write(vals)

    def _check_tandem(self, vals):
        """Nobody's customer is taken away from them: sellers can leave their customers
        to others and take those who are nobody's, no more.

        :raises AccessError: for plain salespeople, where a colleague has the customer.
        """
        user = self.env.user
        names = {"user_id", "back_office_user_id"} & set(vals)
        if not names or self.env.su or not user._is_plain_seller():
            return
        for partner in self:
            for name in names:
                holder = partner[name]
                if holder.id == vals[name] or holder == user or not holder.active:
                    continue
                if holder:
                    raise AccessError(
                        self.env._(
                            "%(customer)s is a customer of %(colleague)s. Ask them, or "
                            "your team leader.",
                            customer=partner.display_name,
                            colleague=holder.name,
                        )
                    )

    def _get_tandem(self):
        """Who looks after this customer: what the contact itself says, else its
        company. Who cannot log in any more looks after nobody.

        :return: pair of ``res.users``: seller and back office, each may be empty.
        """
        # sudo: res.partner - who looks after a customer is no secret
        people = (self | self.commercial_partner_id).sudo()
        return (
            people.user_id.filtered("active")[:1],
            people.back_office_user_id.filtered("active")[:1],
        )
