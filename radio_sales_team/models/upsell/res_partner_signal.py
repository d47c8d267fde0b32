from odoo import api, fields, models


class ResPartner(models.Model):
    """Signals of a customer, and customers who want none."""

    _inherit = "res.partner"

    is_signal_excluded = fields.Boolean(
        string="No Signals",
        help="The machine notices nothing about this customer, and no insight comes to "
        "them: they objected to advertising, or somebody else looks after them.",
    )
    signal_ids = fields.One2many(
        comodel_name="radio.upsell.signal", inverse_name="partner_id"
    )
    signal_count = fields.Integer(compute="_compute_signal_count")
    volume_sentence = fields.Char(
        compute="_compute_volume_sentence",
        help="Where the customer stands on the discount ladder.",
    )

    @api.depends("signal_ids.state", "signal_ids.released_on")
    def _compute_signal_count(self):
        families = {partner: partner.commercial_partner_id for partner in self}
        groups = self.env["radio.upsell.signal"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "in", ("new", "accepted", "offered")),
                ("released_on", "!=", False),
            ],
            ["partner_id"],
            ["__count"],
        )
        counts = dict(groups)
        for partner in self:
            partner.signal_count = counts.get(families[partner]._origin, 0)

    @api.depends("customer_volume_ids")
    def _compute_volume_sentence(self):
        for partner in self:
            volumes = partner.commercial_partner_id.customer_volume_ids
            partner.volume_sentence = volumes._filter_running()[:1].sentence

    def action_report_event(self):
        """ "Heard something": open the form to note down a customer event."""
        self.ensure_one()
        return self.env["radio.upsell.signal"]._open_event_form(
            {"default_partner_id": self.commercial_partner_id.id}
        )

    def action_open_signals(self):
        """The signals of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "radio_sales_team.radio_upsell_signal_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts works in SQL: what can be there once for a customer is joined
    first."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # sudo: kept by the addon, whoever merges the contacts
        volumes = self.env["radio.customer.volume"].sudo()
        volumes.search([("partner_id", "in", src_partners.ids)]).unlink()
        signals = self.env["radio.upsell.signal"].sudo()
        signals.search([("partner_id", "in", src_partners.ids)])._move_to(dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["radio.volume.change"]._note(dst_partner.commercial_partner_id)
        return result
