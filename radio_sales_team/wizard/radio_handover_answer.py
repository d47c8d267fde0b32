from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.time_of_day import parse_time, to_utc


class RadioHandoverAnswer(models.TransientModel):
    """The seller's answer where one word is not enough: why not, or when they call."""

    _name = "radio.handover.answer"
    _description = "Answer to a Hand-Over"

    handover_id = fields.Many2one(
        comodel_name="radio.handover", required=True, ondelete="cascade"
    )
    lead_name = fields.Char(compute="_compute_lead_name")
    answer = fields.Selection(
        selection=[("decline", "I cannot"), ("call_at", "I call at")],
        required=True,
        default="decline",
    )
    reason_id = fields.Many2one(comodel_name="radio.handover.reason")
    call_on = fields.Date(string="On", default=fields.Date.context_today)
    call_time = fields.Char(string="At", help="For example 15 or 15:30.")
    note = fields.Char(help="What your colleague should know.")

    @api.depends("lead_name")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = answer.lead_name

    @api.depends("handover_id")
    def _compute_lead_name(self):
        """Also where the time to answer is over, and the inquiry no longer shared."""
        for answer in self:
            # sudo: radio.handover - what is asked of oneself
            asked = answer.handover_id.sudo()
            mine = asked.to_user_id == self.env.user
            answer.lead_name = mine and asked.lead_id.name

    @api.constrains("handover_id")
    def _check_handover_id(self):
        for answer in self:
            answer.handover_id._check_mine()

    def action_save(self):
        """Give the answer.

        :return: action that opens the inquiry, or closes the form.
        :raises UserError: where reason or time are missing.
        """
        self.ensure_one()
        handover = self.handover_id
        handover._check_mine()
        if self.answer == "decline":
            handover._decline(self.reason_id, self.note)
            # who cannot take over may not read the inquiry any more
            action = "radio_sales_team.radio_handover_action_mine"
            return {
                **self.env["ir.actions.act_window"]._for_xml_id(action),
                "target": "main",
            }
        due_at = self._get_due_at()
        handover._accept(fields.Datetime.now(), note=self.note)
        lead = handover.sudo().lead_id
        lead._make_promise(due_at, user=self.env.user, note=self.note)
        return handover._get_lead_action()

    def _get_due_at(self):
        """When the seller calls, as a naive UTC datetime.

        :raises UserError: where the time cannot be read or is over.
        """
        if not (self.call_on and self.call_time):
            raise UserError(self.env._("Please enter when you call."))
        try:
            at = parse_time(self.call_time)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "“%s” is no time of day. Write it like 15:30.", self.call_time
                )
            ) from error
        return to_utc(self.call_on, at, self.env.user.tz)
