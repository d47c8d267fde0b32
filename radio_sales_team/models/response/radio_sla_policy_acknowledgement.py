from odoo import api, fields, models
from odoo.tools import ormcache


class RadioSlaPolicy(models.Model):
    """What the inquirer is told at once, where the policy says so."""

    _inherit = "radio.sla.policy"

    acknowledgement_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Acknowledgement",
        domain=[("model", "=", "crm.lead")],
        ondelete="set null",
        help="Mail that goes out by itself as soon as an inquiry has come in by mail "
        "or from the website. It says who will answer and by when. It is no contact: "
        "the time to answer goes on.",
    )

    @api.model
    @ormcache("policy_id")
    def _get_acknowledgement_template_id(self, policy_id):
        """Id of the policy's template, False where it has none; kept, because every
        incoming mail asks."""
        # sudo: radio.sla.policy - what is promised holds for everyone's inquiries
        return self.sudo().browse(policy_id).acknowledgement_template_id.id
