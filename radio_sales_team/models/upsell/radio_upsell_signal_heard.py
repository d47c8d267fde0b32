from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .radio_upsell_signal import OPEN_STATES

# The same occasion within so many days is the same event, heard twice.
SAME_EVENT = timedelta(days=31)


class RadioUpsellSignal(models.Model):
    """What somebody heard of a customer, noted down with one save."""

    _inherit = "radio.upsell.signal"

    heard_before = fields.Char(
        compute="_compute_heard_before",
        help="Who noted the same event down already.",
    )

    @api.depends("event_date", "event_kind_id", "kind", "partner_id")
    def _compute_heard_before(self):
        """A hint, no refusal: two events of a kind in one month do happen."""
        self.heard_before = False
        for signal in self:
            if signal.kind != "event" or not signal.event_kind_id or signal.id:
                continue
            # sudo: radio.upsell.signal - who noticed what is no secret in the team
            twin = signal.sudo().search(signal._get_twin_domain(), limit=1)
            if twin:
                signal.heard_before = self.env._(
                    "%(colleague)s noted this down on %(day)s already, for %(owner)s.",
                    colleague=twin.reported_by_id.name,
                    day=format_date(self.env, twin.create_date),
                    owner=twin.user_id.name or self.env._("whoever takes it"),
                )

    def _get_twin_domain(self):
        customer = self.partner_id.sudo().commercial_partner_id
        domain = [
            ("partner_id", "=", customer._origin.id),
            ("event_kind_id", "=", self.event_kind_id.id),
            ("company_id", "=", (self.company_id or self.env.company).id),
            ("state", "in", OPEN_STATES),
        ]
        if self.event_date:
            domain += [
                "|",
                ("event_date", "=", False),
                "&",
                ("event_date", ">=", self.event_date - SAME_EVENT),
                ("event_date", "<=", self.event_date + SAME_EVENT),
            ]
        return domain

    def action_note_down(self):
        """Saved by pressing the button: say who will speak to the customer, and by
        when."""
        self.ensure_one()
        owner = self.user_id.name or self.env._("whoever takes it")
        message = self.env._("For %s", owner)
        if self.deadline:
            day = format_date(self.env, self.deadline)
            message = self.env._("For %(owner)s, until %(day)s", owner=owner, day=day)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.name,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _open_event_form(self, context):
        """Action that opens the short form for what somebody heard."""
        view = self.env.ref("radio_sales_team.radio_upsell_signal_view_form_event")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Heard something"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {**context, "default_kind": "event"},
        }
