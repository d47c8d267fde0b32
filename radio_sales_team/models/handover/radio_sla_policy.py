from odoo import fields, models


class RadioSlaPolicy(models.Model):
    """What a hand-over promises: an answer to the question, then a call."""

    _inherit = "radio.sla.policy"

    answer_hours = fields.Float(
        string="Say Yes or No Within",
        default=2.0,
        help="Working hours in which a seller who is asked to take over says yes or "
        "no. Without an answer the inquiry comes into the next morning round.",
    )

    _answer_hours_positive = models.Constraint(
        "CHECK (answer_hours > 0)",
        "The time to say yes or no must be more than 0 working hours.",
    )
