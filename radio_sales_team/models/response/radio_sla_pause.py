from odoo import fields, models

from .radio_evaluation_mixin import RECORDED_BY


class RadioSlaPause(models.Model):
    """A time in which an answer waits for the customer, and so the clock does not run.

    A pause that was agreed until a date ends by itself; one that a stage made ends when
    the inquiry leaves the stage; both end as soon as the customer writes.
    """

    _name = "radio.sla.pause"
    _inherit = ["radio.evaluation.mixin"]
    _description = "Response-Time Pause"
    _order = "paused_at, id"
    _evaluated_people = RECORDED_BY | {"user_id"}

    clock_id = fields.Many2one(
        comodel_name="radio.sla.clock", required=True, index=True, ondelete="cascade"
    )
    paused_at = fields.Datetime(string="From", required=True)
    ended_at = fields.Datetime(string="Until", help="Empty: until somebody ends it.")
    reason = fields.Char(help="What we wait for.")
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", default=lambda self: self.env.user
    )
    is_by_stage = fields.Boolean(string="By Stage")

    _ends_after_start = models.Constraint(
        "CHECK (ended_at IS NULL OR ended_at >= paused_at)",
        "A pause cannot end before it begins.",
    )

    def _is_on(self, now):
        """Whether this pause holds.

        :param now: naive UTC datetime.
        """
        return self.paused_at <= now and not (self.ended_at and self.ended_at <= now)

    def _get_last(self):
        """The latest of these pauses, empty without any."""
        return self.sorted("paused_at")[-1:]

    def _end(self, now):
        """End those that hold, because the customer wrote or somebody decided so."""
        self.filtered(lambda pause: pause._is_on(now)).ended_at = now
