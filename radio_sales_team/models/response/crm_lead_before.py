from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .radio_contact_attempt import NOT_DELIVERED

# Days to look back, unless somebody says otherwise.
DAYS_BEFORE = 14


class CrmLead(models.Model):
    """Leads from before the addon with which a customer still waits.

    Installing starts no clock. A lead is offered where

    - it is open, no inquiry yet, nor a machine's mail that came in since, and was
      created in the days that are asked for;
    - the customer asked: wrote a mail or a message on it, or sent it by the website
      (somebody from outside created it, or OdooBot with the medium "Website");
    - after that nobody of the staff answered: no mail, no SMS, no message that went to
      somebody outside, no finished call, no meeting but one that was called off. Notes
      are no answers, nor what did not arrive. What OdooBot or the company itself says
      is neither.
    """

    _inherit = "crm.lead"

    @api.model
    def _search_waiting_from_before(self, days, companies):
        """The leads from before that wait for an answer, the newest first.

        :param days: how many days to look back.
        :param companies: ``res.company`` that owe the answer.
        """
        since = fields.Datetime.now() - timedelta(days=days)
        leads = self.search(
            Domain("create_date", ">=", since)
            & Domain("won_status", "=", "pending")
            & Domain("active", "=", True)
            & Domain("is_inquiry", "!=", True)
            & Domain("inquiry_channel", "=", False)
            & Domain("sla_deadline", "=", False)
            & Domain("no_inquiry_kind_id", "=", False)
            & self._get_response_company_domain(companies),
            order="create_date desc, id desc",
        )
        asked, answered = leads._get_last_words()
        outside = set(leads._filter_sent_from_outside().ids)
        waiting = []
        for lead in leads:
            asked_at = asked.get(lead.id) or (lead.id in outside and lead.create_date)
            if asked_at and asked_at > answered.get(lead.id, since):
                waiting.append(lead.id)
        return leads.browse(waiting)

    @api.model
    def _get_response_company_domain(self, companies):
        """Leads whose answer these companies owe, see ``_get_response_company``."""
        domain = Domain("company_id", "in", companies.ids)
        nobodys = Domain("team_id.company_id", "in", companies.ids)
        if self._get_main_company() in companies:
            nobodys |= Domain("team_id", "=", False)
            nobodys |= Domain("team_id.company_id", "=", False)
        return domain | (Domain("company_id", "=", False) & nobodys)

    def _filter_sent_from_outside(self):
        """Those that the customer created: from outside, or by a form of the website,
        whose leads OdooBot creates."""
        medium = self.env.ref("utm.utm_medium_website", raise_if_not_found=False)
        # sudo: res.users - only whether the creator works here
        return self.filtered(
            lambda lead: (
                lead.medium_id == medium
                if lead.create_uid.id == SUPERUSER_ID
                # nobody knows where a creator who was deleted worked
                else lead.create_uid and not lead.create_uid.sudo()._is_internal()
            )
        )

    def _get_last_words(self):
        """When the customer wrote last and when the staff answered last.

        :return: two dicts of naive UTC datetime by id of lead.
        """
        if not self:
            return {}, {}
        self.env["mail.message"].flush_model()
        self.env["mail.notification"].flush_model()
        self.env["calendar.event"].flush_model(
            ["active", "create_date", "opportunity_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """WITH words AS (
                    SELECT message.res_id, message.create_date,
                        message.message_type AS kind,
                        type.category = 'phonecall' AS is_call,
                        COALESCE(message.author_id = ANY(%(own)s), FALSE) AS is_own,
                        EXISTS (
                            SELECT FROM res_users
                            WHERE partner_id = message.author_id AND share IS NOT TRUE
                        ) AS is_staff,
                        EXISTS (
                            SELECT FROM mail_notification notification
                            LEFT JOIN res_users
                                ON res_users.partner_id = notification.res_partner_id
                                AND res_users.share IS NOT TRUE
                            WHERE notification.mail_message_id = message.id
                                AND res_users.id IS NULL
                                AND notification.notification_status
                                    <> ALL(%(not_delivered)s)
                        ) AS is_sent
                    FROM mail_message message
                    LEFT JOIN mail_activity_type type
                        ON type.id = message.mail_activity_type_id
                    WHERE message.model = 'crm.lead' AND message.res_id = ANY(%(ids)s)
                        AND message.author_id IS DISTINCT FROM %(robot)s
                    UNION ALL
                    SELECT opportunity_id, create_date, 'meeting',
                        TRUE, FALSE, TRUE, TRUE
                    FROM calendar_event
                    WHERE opportunity_id = ANY(%(ids)s) AND active
                )
                SELECT res_id,
                    max(create_date) FILTER (
                        WHERE NOT is_staff AND NOT is_own
                            AND kind IN ('email', 'comment')),
                    max(create_date) FILTER (
                        WHERE is_staff AND (is_call OR kind = 'email'
                            OR kind IN ('comment', 'sms') AND is_sent))
                FROM words GROUP BY res_id""",
                ids=self.ids,
                not_delivered=list(NOT_DELIVERED),
                own=list(self.env["res.company"]._get_own_partner_ids()),
                robot=self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root"),
            )
        )
        return (
            {lead_id: asked for lead_id, asked, _answered in rows if asked},
            {lead_id: answered for lead_id, _asked, answered in rows if answered},
        )

    def _start_from_before(self):
        """Make inquiries of these leads. They were received when they were created, but
        their time to answer begins now: else every reminder would be overdue at once.
        A customer who is in several waits once.

        :return: ``radio.sla.clock`` that were started.
        """
        now = fields.Datetime.now()
        from_website = self._filter_sent_from_outside()
        clocks = self.env["radio.sla.clock"]
        for part in self._part_by_customer():
            # like a list that is imported: the clock below begins now, not at creation
            leads = part.with_context(import_file=True)
            (leads & from_website).write({"inquiry_channel": "website"})
            (leads - from_website).write({"inquiry_channel": "email"})
            leads._link_earlier()
            clocks |= part._start_clocks("first_contact", begun_at=now)
        return clocks

    def _part_by_customer(self):
        """The first of each customer, and those that may be of one of them.

        :return: list of up to two ``crm.lead``, none of them empty.
        """
        first, known = self.browse(), set()
        for lead in self.sorted(lambda lead: (lead.create_date, lead.id)):
            keys = {key for key in lead._get_customer_keys() if key[1]}
            if known.isdisjoint(keys):
                first |= lead
            known |= keys
        return [part for part in (first, self - first) if part]
