from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    """An order of airtime: whose spots, and when; its quotation is a contact."""

    _inherit = "sale.order"

    advertiser_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_from_opportunity",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Whose spots these are, where an agency orders. Empty: the customer's "
        "own.",
    )
    campaign_start = fields.Date(
        compute="_compute_from_opportunity",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    campaign_end = fields.Date(
        compute="_compute_from_opportunity",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )

    @api.depends("opportunity_id")
    def _compute_from_opportunity(self):
        """What the opportunity knows, unless somebody entered it on the order."""
        for order in self:
            lead = order.opportunity_id
            order.advertiser_id = order.advertiser_id or lead.advertiser_id
            order.campaign_start = order.campaign_start or lead.campaign_start
            order.campaign_end = order.campaign_end or lead.campaign_end

    @api.constrains("campaign_start", "campaign_end")
    def _check_campaign_end(self):
        for order in self:
            start, end = order.campaign_start, order.campaign_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._("The campaign cannot end before it starts.")
                )

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """A quotation that goes to the customer is a contact on its inquiry."""
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        # sudo: crm.lead - what happened is recorded, whoever may see the opportunity
        lead = self.sudo().opportunity_id
        if (
            len(lead) == 1
            and message.message_type in ("comment", "email")
            and not self._is_notification_scheduled(kwargs.get("scheduled_date"))
        ):
            lead._record_quotation(message.sudo(), recipients)
        return recipients


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _record_quotation(self, message, recipients):
        """Record what was sent from an order as a contact of whoever sent it.

        :param recipients: what ``_notify_thread`` returned.
        """
        author = self._get_colleague(message)
        if author and self._is_recorded():
            if self._is_sent_to_customer(message, recipients, []):
                vals = {
                    "lead_id": self.id,
                    "message_id": message.id,
                    "channel": "email",
                }
                self._record_attempts([vals], user=author)
