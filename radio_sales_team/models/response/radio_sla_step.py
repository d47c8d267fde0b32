from odoo import fields, models


class RadioSlaStep(models.Model):
    """A reminder that was done: the memory that keeps it from being done again."""

    _name = "radio.sla.step"
    _inherit = ["radio.evaluation.mixin"]
    _description = "Response-Time Reminder Done"
    _order = "done_at desc, id desc"
    _evaluated_people = frozenset({"user_ids"})

    clock_id = fields.Many2one(
        comodel_name="radio.sla.clock",
        required=True,
        index=True,
        ondelete="cascade",
    )
    percentage = fields.Integer(string="At Percent", required=True)
    action = fields.Char(required=True)
    done_at = fields.Datetime(required=True)
    user_ids = fields.Many2many(comodel_name="res.users", string="Notified")

    _once = models.UniqueIndex("(clock_id, percentage, action)")
