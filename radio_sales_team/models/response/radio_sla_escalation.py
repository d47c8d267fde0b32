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
        "100 is the deadline itself; more than 100 is after it; 0, for a call-back, "
        "is the agreed moment.",
    )
    action = fields.Selection(
        selection=[
            ("card", "Show on the card only"),
            ("remind", "Remind who answers"),
            ("deputy", "Tell the deputy"),
            ("notify_leader", "Put on the team leader's list"),
            ("reassign", "Give it to the next colleague"),
        ],
        required=True,
        default="remind",
        help="“Remind who answers” goes to the inquiry's owner, else to the whole back "
        "office of its team, else to the team leader. The team leader gets one list at "
        "noon and one before closing. “Give it to the next colleague” moves it within "
        "the back office, never away from the seller.",
    )

    _percentage_range = models.Constraint(
        "CHECK (percentage BETWEEN 0 AND 1000)",
        "A reminder comes at 0 to 1000 percent of the allowed time.",
    )
    _policy_percentage_action_uniq = models.UniqueIndex(
        "(policy_id, percentage, action)",
        "This reminder is already there.",
    )
