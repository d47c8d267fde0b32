from odoo import api, fields, models
from odoo.exceptions import UserError


class RadioUpsellSignal(models.Model):
    """What was won a moment ago has won its signals, whoever says otherwise."""

    _inherit = "radio.upsell.signal"

    is_being_won = fields.Boolean(
        compute="_compute_is_being_won",
        compute_sudo=True,
        help="Its opportunity was won a moment ago, and so is this in a minute or two.",
    )

    @api.depends("lead_id", "state")
    def _compute_is_being_won(self):
        being_won = self._get_being_won()
        for signal in self:
            signal.is_being_won = signal in being_won

    def _get_being_won(self):
        """Those of these that are won as soon as what was put off is written."""
        # sudo: radio.commission.deal - that it was won is no secret. Searched: reading
        # the list of the opportunity would leave it there for whoever reads it next
        deals = self.env["radio.commission.deal"].sudo()
        pending = deals.search(
            [("lead_id", "in", self.sudo().lead_id.ids), ("pending", "!=", False)]
        )
        won = {one for deal in pending for one in deal._get_pending_signal_ids()}
        return self.filtered(lambda one: one.state != "won" and one._origin.id in won)

    def _refuse_being_won(self):
        if being_won := self._get_being_won():
            raise UserError(
                self.env._(
                    "The opportunity of “%s” was won just now. The signal says so, "
                    "too, in a minute or two.",
                    being_won[0].name,
                )
            )

    def _check_open(self):
        self._refuse_being_won()
        return super()._check_open()

    def _check_free_write(self, vals):
        if "state" in vals:
            self._refuse_being_won()
        return super()._check_free_write(vals)
