from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call that was made is a contact attempt of whoever made it."""
        calls = self.filtered(
            lambda activity: (
                activity.res_model == "crm.lead"
                and activity.activity_type_id.category == "phonecall"
            )
        )
        done_calls = [(call, call.res_id) for call in calls]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if done_calls:
            self.env["crm.lead"]._record_calls(done_calls, feedback)
        return result
