from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # every minute the scheduled action looks for its own
    _radio_type_idx = models.Index("(activity_type_id, res_id)")

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call that was made is a contact attempt of whoever made it."""
        calls = self.filtered(
            lambda activity: (
                activity.active
                and activity.res_model == "crm.lead"
                and activity.activity_type_id.category == "phonecall"
            )
        )
        done_calls = [(call, call.res_id) for call in calls]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if done_calls:
            self.env["crm.lead"]._record_calls(done_calls, feedback)
        return result

    def action_feedback_not_reached(self, feedback=False):
        """Mark calls done that reached nobody: attempts all the same.

        :param feedback: what was typed in, may be empty.
        """
        words = filter(None, [self.env._("Not reached"), feedback])
        result = self.action_feedback(feedback=": ".join(words))
        # sudo: radio.contact.attempt - the attempt that this very click has recorded
        attempts = self.env["radio.contact.attempt"].sudo()
        own = [("activity_id", "in", self.ids), ("user_id", "=", self.env.uid)]
        tried = attempts.search(own)
        tried.write({"outcome": "not_reached", "note": feedback})
        for attempt in tried.filtered(lambda attempt: attempt.lead_id._is_open()):
            # sudo: crm.lead - core lets people finish activities on others' leads
            lead = attempt.lead_id
            next_try = lead._get_next_try(attempt.channel, attempt.attempted_at)
            lead._schedule_next_try(*next_try, self.env.user)
        return result
