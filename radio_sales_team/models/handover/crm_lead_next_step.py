from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# What has to be decided, in the order of the morning round; the first that fits holds.
# The numbers are there because Odoo orders groups by value.
ROUND_TOPICS = [
    ("1_asked_again", "Asked again"),
    ("2_never_contacted", "Never contacted"),
    ("3_declined", "Hand-over declined"),
    ("4_no_answer", "Hand-over without answer"),
    ("5_asked", "Hand-over open"),
    ("6_overdue", "Promise broken"),
    ("7_promise", "Promised for today"),
    ("8_back", "Back from the back office"),
    ("9_no_step", "Without owner or next step"),
]


class CrmLead(models.Model):
    """The next step: after the first contact every open inquiry has an owner, a next
    step and a date, or it stands in the morning round."""

    _inherit = "crm.lead"

    kept_until = fields.Date(
        string="Back Office Keeps It Until",
        copy=False,
        help="On this day it comes back into the morning round.",
    )
    nothing_more_at = fields.Datetime(
        string="Nothing More Since",
        copy=False,
        help="Somebody decided that there is nothing to do. A customer who writes "
        "again changes that.",
    )
    round_topic = fields.Selection(
        selection=ROUND_TOPICS,
        string="To Decide",
        compute="_compute_round_topic",
        search="_search_round_topic",
        help="What the team has to decide about this inquiry in the morning round.",
    )
    round_words = fields.Char(
        string="What Happened",
        compute="_compute_round_words",
        help="How it stands with the seller, else what was said to the customer last.",
    )
    own_seller_id = fields.Many2one(
        comodel_name="res.users",
        compute="_compute_own_seller_id",
        help="Whose customer this is, where somebody else has the inquiry now.",
    )

    @api.depends(
        "is_inquiry",
        "active",
        "won_status",
        "is_chased",
        "first_contact_at",
        "handover_state",
        "sla_deadline",
        "kept_until",
        "nothing_more_at",
        "back_office_user_id",
        "user_id",
        "activity_ids",
        "asked_before_id",
        "sla_kind",
    )
    @api.depends_context("company")
    def _compute_round_topic(self):
        """Asked of the database, so that there is one definition of it."""
        self.flush_recordset()
        self.sla_clock_ids.flush_recordset()
        topic = self._field_to_sql(self._table, "round_topic")
        found = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, %s FROM crm_lead WHERE id IN %s",
                    topic,
                    tuple(self._origin.ids) or (0,),
                )
            )
        )
        for lead in self:
            lead.round_topic = found.get(lead._origin.id, False)

    def _search_round_topic(self, operator, value):
        if operator != "in":
            return NotImplemented
        # by the index of open inquiries
        base = (
            fields.Domain("is_inquiry", "=", True)
            & fields.Domain("won_status", "=", "pending")
            & fields.Domain("active", "=", True)
        )
        topics = [topic for topic in value if topic]
        if False in value:
            # all that need no decision, and those with these topics
            rest = ~self._search_round_topic("in", [name for name, _ in ROUND_TOPICS])
            return rest | self._search_round_topic("in", topics) if topics else rest
        found = base & fields.Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s) = ANY(%s)",
                model._field_to_sql(alias, "round_topic", query),
                topics,
            )
        )
        return found

    def _field_to_sql(self, alias, field_expr, query=None):
        """What has to be decided is true for the moment in which it is asked, and kept
        in no column."""
        if field_expr != "round_topic":
            return super()._field_to_sql(alias, field_expr, query)
        return self._get_round_topic_sql(alias, query)

    def _get_round_topic_sql(self, alias, query):
        """The definition of :data:`ROUND_TOPICS`, on one open inquiry."""
        now = fields.Datetime.now()
        company = self.env.company
        today = company._get_local_day()

        def column(name):
            return self._field_to_sql(alias, name, query)

        lead_id = SQL.identifier(alias, "id")
        return SQL(
            """CASE
            WHEN %(is_inquiry)s IS NOT TRUE OR %(active)s IS NOT TRUE
              OR %(won_status)s <> 'pending' THEN NULL
            WHEN %(is_chased)s THEN '1_asked_again'
            WHEN %(first_contact_at)s IS NULL AND EXISTS (
                SELECT FROM crm_lead earlier WHERE earlier.id = %(asked_before_id)s
                   AND earlier.active AND earlier.is_inquiry
                   AND earlier.won_status = 'pending')
            THEN NULL
            WHEN %(first_contact_at)s IS NULL THEN '2_never_contacted'
            WHEN %(handover_state)s = 'declined' THEN '3_declined'
            WHEN %(handover_state)s = 'expired' THEN '4_no_answer'
            WHEN %(handover_state)s = 'requested' THEN '5_asked'
            WHEN %(sla_deadline)s < %(now)s THEN '6_overdue'
            WHEN %(sla_kind)s = 'promise' AND %(sla_deadline)s < %(tonight)s
            THEN '7_promise'
            WHEN %(kept_until)s <= %(today)s THEN '8_back'
            WHEN (%(back_office)s IS NULL AND %(seller)s IS NULL)
              OR (%(kept_until)s IS NULL AND %(nothing_more_at)s IS NULL
                  AND %(sla_deadline)s IS NULL
                  AND NOT EXISTS (
                    SELECT FROM radio_sla_clock clock WHERE clock.lead_id = %(id)s
                       AND clock.state IN ('running', 'paused'))
                  AND NOT EXISTS (
                    SELECT FROM mail_activity activity
                     WHERE activity.res_model = 'crm.lead' AND activity.active
                       AND activity.res_id = %(id)s))
            THEN '9_no_step' END""",
            is_inquiry=column("is_inquiry"),
            active=column("active"),
            won_status=column("won_status"),
            is_chased=column("is_chased"),
            first_contact_at=column("first_contact_at"),
            asked_before_id=column("asked_before_id"),
            handover_state=column("handover_state"),
            sla_deadline=column("sla_deadline"),
            sla_kind=column("sla_kind"),
            kept_until=column("kept_until"),
            nothing_more_at=column("nothing_more_at"),
            back_office=column("back_office_user_id"),
            seller=column("user_id"),
            id=lead_id,
            now=now,
            today=today,
            tonight=company._get_day_start(today + timedelta(days=1)),
        )

    @api.depends("handover_words", "contact_attempt_ids.note")
    @api.depends_context("lang", "tz")
    def _compute_round_words(self):
        for lead in self:
            # sudo: radio.contact.attempt - what was said, for whoever decides about it
            said = lead.sudo()._get_said()
            note = f"{said.user_id.name}: {said.note.strip()}" if said else False
            lead.round_words = lead.handover_words or note

    @api.depends("partner_id", "user_id")
    def _compute_own_seller_id(self):
        for lead in self:
            seller = lead._get_tandem_seller()
            lead.own_seller_id = seller if seller != lead.user_id else False
