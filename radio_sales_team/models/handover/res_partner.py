from odoo import fields, models


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
