from datetime import timedelta

from odoo import api, fields, models

from .crm_lead import ENDING_FIELDS

NEXT_TRY_TYPES = {
    "phone": "radio_sales_team.mail_activity_type_next_call",
    "email": "radio_sales_team.mail_activity_type_next_message",
}
MAX_TRIES_SHOWN = 4


class CrmLead(models.Model):
    """Trying again where nobody was reached."""

    _inherit = "crm.lead"

    tried_in_words = fields.Char(
        compute="_compute_tried_in_words",
        compute_sudo=True,
        help="What was tried while the customer was not reached.",
    )

    @api.depends(
        "received_at",
        "contact_attempt_ids.attempted_at",
        "contact_attempt_ids.channel",
        "contact_attempt_ids.is_withdrawn",
        "contact_attempt_ids.outcome",
    )
    @api.depends_context("lang", "tz")
    def _compute_tried_in_words(self):
        self.tried_in_words = False
        for lead in self.filtered("received_at"):
            tries = lead.contact_attempt_ids._counts_for("attempt", lead.received_at)
            if tries and "reached" not in tries.mapped("outcome"):
                lead.tried_in_words = lead._get_tried_in_words(tries)

    def _get_tried_in_words(self, tries):
        now = fields.Datetime.now()
        words = []
        for attempt in tries[-MAX_TRIES_SHOWN:]:
            when = self._format_moment(attempt.attempted_at, now)
            if attempt.channel == "phone":
                words.append(self.env._("called %s", when))
            elif attempt.channel == "email":
                words.append(self.env._("wrote %s", when))
            elif attempt.channel in ("sms", "messenger"):
                words.append(self.env._("sent a message %s", when))
            else:
                words.append(self.env._("tried %s", when))
        if len(tries) > MAX_TRIES_SHOWN:
            words.insert(0, "…")
        return self.env._("Not reached: %s", ", ".join(words))

    def write(self, vals):
        result = super().write(vals)
        if ENDING_FIELDS & set(vals):
            self.filtered(lambda lead: lead._is_ended(vals))._close_next_tries()
        return result

    def _is_ended(self, vals):
        """Whether nobody has to try again: won, lost, archived, or no inquiry."""
        self.ensure_one()
        no_inquiry = self.no_inquiry_kind_id or (
            "is_inquiry" in vals and not self.is_inquiry
        )
        return bool(no_inquiry) or not self._is_open()

    def _get_next_try(self, channel, tried_at):
        """How and when to try next, after a try that reached nobody: by turns by phone
        and by mail, as far as number and address are known, and in the other half of
        the day.

        :param channel: how it was tried.
        :param tried_at: naive UTC datetime, when it was tried.
        :return: ``phone`` or ``email``; the date; whether it is in the morning.
        """
        # sudo: resource.calendar - when the station works is no secret
        clock = self.sudo()._get_first_contact_clock()
        calendar = clock.calendar_id or self.sudo()._get_clock_calendar()
        way = "email" if channel == "phone" else "phone"
        if way == "email" and not self.email_from:
            way = "phone"
        elif way == "phone" and not self.phone and self.email_from:
            way = "email"
        now = fields.Datetime.now()
        if not calendar:
            today = self._get_response_company()._get_local_day()
            return way, today + timedelta(days=1), True
        return way, *calendar._plan_other_half(tried_at, now)

    def _schedule_next_try(self, channel, date, morning, user):
        """Plan the next try as an activity of our own type, in place of other ones.

        :param channel: ``phone`` or ``email``.
        :param date: day of the try.
        :param morning: whether to try before noon.
        :param user: who tries.
        """
        self.ensure_one()
        self._close_next_tries()
        if channel == "phone":
            morning_text = self.env._("Call again in the morning")
            afternoon_text = self.env._("Call again in the afternoon")
        else:
            morning_text = self.env._("Write again in the morning")
            afternoon_text = self.env._("Write again in the afternoon")
        return self.activity_schedule(
            NEXT_TRY_TYPES[channel],
            date_deadline=date,
            summary=morning_text if morning else afternoon_text,
            user_id=user.id,
        )

    def _close_next_tries(self):
        """Remove our open activities; marked done they would count as calls."""
        if not self:
            return
        find = self.env["ir.model.data"]._xmlid_to_res_id
        type_ids = [find(xmlid) for xmlid in NEXT_TRY_TYPES.values()]
        # sudo: mail.activity - planned by us for whoever was to try
        self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id.id in type_ids
        ).unlink()
