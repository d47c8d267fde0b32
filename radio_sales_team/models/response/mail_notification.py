from odoo import models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        """A message that did not arrive was no contact; one that arrives after all,
        is. Nothing but the change of this status tells of it."""
        result = super().write(vals)
        if "notification_status" in vals:
            # sudo: radio.contact.attempt - a fact about mail, whoever's queue sends it
            attempts = self.env["radio.contact.attempt"].sudo()
            attempts._update_withdrawn(self.mail_message_id)
        return result
