from odoo import fields, models


class RadioSlaEscalation(models.Model):
    """One step of a policy: what happens when a part of the allowed time is used up."""

    _name = "radio.sla.escalation"
    _inherit = ["radio.cached.mixin"]
    _description = "Response-Time Reminder"
    _order = "policy_id, percentage, id"

    policy_id = fields.Many2one(
        comodel_name="radio.sla.policy",
        required=True,
        index=True,
        ondelete="cascade",
    )
    percentage = fields.Integer(
        string="At Percent",
        required=True,
        help="Percentage of the working time that is allowed for the answer. "
        "100 is the deadline itself; more than 100 is after it.",
    )
    action = fields.Selection(
        selection=[
            ("card", "Show on the card only"),
            ("remind", "Remind who answers"),
            ("notify_leader", "Tell the team leader"),
        ],
        required=True,
        default="remind",
        help="“Remind who answers” goes to the inquiry's owner, else to the whole back "
        "office of its team, else to the team leader.",
    )

    _percentage_range = models.Constraint(
        "CHECK (percentage BETWEEN 1 AND 1000)",
        "A reminder comes at 1 to 1000 percent of the allowed time.",
    )
    _policy_percentage_action_uniq = models.UniqueIndex(
        "(policy_id, percentage, action)",
        "This reminder is already there.",
    )
