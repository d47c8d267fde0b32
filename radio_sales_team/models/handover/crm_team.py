from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmTeam(models.Model):
    """How a team shares its work: rules, turns, the morning round."""

    _inherit = "crm.team"

    our_rules = fields.Html(
        help="Who may quote what, and up to which amount. Shown where somebody needs "
        "it: when a call is taken and when an inquiry is handed over.",
    )
    is_taking_turns = fields.Boolean(
        string="Taking Turns",
        help="New inquiries that are nobody's go to whoever of the back office is in "
        "and has the fewest open. Else each takes from the pool.",
    )
    round_time = fields.Float(
        string="Morning Round At",
        default=9.0,
        help="On working days the team gets the list of what has to be decided at this "
        "time, by the clock of its response hours. 0: no mail.",
    )
    round_sent_on = fields.Date(readonly=True, copy=False)

    @api.constrains("round_time")
    def _check_round_time(self):
        for team in self:
            if not 0 <= team.round_time < 24:
                raise ValidationError(
                    self.env._("A time of day is between 00:00 and 23:59.")
                )

    def _get_calendar(self):
        """The hours in which this team answers, empty where nobody set any."""
        self.ensure_one()
        company = self.company_id or self.env["crm.lead"]._get_main_company()
        return self.response_calendar_id or company.resource_calendar_id
