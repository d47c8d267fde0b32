from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_sales_team(self, company):
        """The team for which somebody works in a company: one of its own before one of
        no company. Empty where there is none."""
        self.ensure_one()
        # sudo: crm.team - which one it is, whoever may see it
        teams = self.sudo().sale_team_id | self.sudo().crm_team_ids
        own = teams.filtered(lambda team: team.company_id == company)
        return (own or teams.filtered(lambda team: not team.company_id))[:1].sudo(False)

    def _notify_from_station(self, subject, body, description):
        """Send a message of the station itself to one user, at once.

        Scheduled actions leave mail to the next run of the mail queue, which may be an
        hour away; a reminder that late is none. It belongs to no lead, so that it can
        never be taken for an answer to a customer.

        :param body: HTML, with links that may be local.
        :param description: what it is about, in the user's language.
        """
        self.ensure_one()
        company = self.company_id
        thread = self.env["mail.thread"].with_context(mail_notify_force_send=True)
        thread.message_notify(
            author_id=company.partner_id.id,
            body=self.env["mail.render.mixin"]._replace_local_links(body),
            email_from=company.email_formatted or None,
            email_layout_xmlid="mail.mail_notification_light",
            model_description=description,
            partner_ids=self.partner_id.ids,
            subject=subject,
        )
