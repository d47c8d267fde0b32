from odoo import api, fields, models
from odoo.exceptions import UserError


class RadioTakeCall(models.TransientModel):
    """Handing over as the next step after a talk, or keeping it in the back office."""

    _inherit = "radio.take.call"

    next_step = fields.Selection(
        selection_add=[
            ("hand_over", "Hand over"),
            ("keep", "Back office keeps it"),
            ("nothing",),
        ],
    )
    seller_id = fields.Many2one(
        comodel_name="res.users",
        string="To",
        compute="_compute_seller_id",
        store=True,
        readonly=False,
        domain=[("share", "=", False)],
        help="Who is asked to take over. A customer's own seller is told, not asked.",
    )
    our_rules = fields.Html(related="team_id.our_rules")

    @api.depends("next_step", "lead_id", "caller_id")
    def _compute_seller_id(self):
        """The customer's own seller, else whoever has time first."""
        for call in self.filtered(lambda call: call.next_step == "hand_over"):
            found = call._get_tried_lead()._get_sellers_with_time()
            call.seller_id = next(
                (
                    row["user_id"]
                    for row in found
                    if not (row["is_away"] or row["is_declined"])
                ),
                False,
            )

    def _check_next_step(self):
        if self.next_step == "hand_over":
            if not self.seller_id:
                raise UserError(self.env._("Please choose to whom you hand over."))
            return None
        return super()._check_next_step()

    def _make_next_step(self, lead):
        if self.next_step == "hand_over":
            lead._hand_over(self.seller_id, self.note)
        elif self.next_step == "keep":
            lead._keep(self.next_date)
        elif self.next_step == "nothing":
            lead.action_nothing_more()
        return super()._make_next_step(lead)
