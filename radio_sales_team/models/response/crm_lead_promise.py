from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmLead(models.Model):
    """Call-backs that are promised, and answers that wait for the customer."""

    _inherit = "crm.lead"

    promised_for = fields.Datetime(
        string="Call-Back Promised For",
        compute="_compute_promised_for",
        help="When the customer expects our call.",
    )

    is_paused = fields.Boolean(
        compute="_compute_is_paused",
        help="An answer waits for the customer.",
    )

    @api.depends("sla_clock_ids.state")
    def _compute_is_paused(self):
        paused = self._get_paused_ids()
        for lead in self:
            lead.is_paused = lead._origin.id in paused

    def _get_paused_ids(self):
        """Ids of those of these that wait for the customer, by one look: a pipeline
        shows hundreds of cards, and few of them wait."""
        self.env["radio.sla.clock"].flush_model(["lead_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT lead_id FROM radio_sla_clock
                   WHERE state = 'paused' AND lead_id = ANY(%s)""",
                self._origin.ids,
            )
        )
        return {lead_id for (lead_id,) in rows}

    @api.depends("sla_clock_ids.promised_for", "sla_clock_ids.state")
    def _compute_promised_for(self):
        for lead in self.sudo():
            promises = lead._get_open_clocks(("promise",))
            lead.promised_for = min(promises.mapped("promised_for"), default=False)

    def _make_promise(self, due_at, user=None, whole_day=False, note=False):
        """ "Call me in June": a clock until that moment. A new promise takes the place
        of one that is open, as the customer expects one call.

        :param due_at: naive UTC datetime of the call.
        :param user: who gives their word, default: who does this.
        :param whole_day: any time on that day (in the working hours of the inquiry); a
            day without work means the next working day.
        :param note: what it is about, for the history.
        :return: ``radio.sla.clock``.
        :raises UserError: where the moment is over, or no working hours are known.
        """
        self.ensure_one()
        self.check_access("write")
        user = user or self.env.user
        rule = self._get_rule("promise")
        calendar = self._get_clock_calendar(rule and rule.calendar_id)
        if not calendar:
            raise UserError(
                self.env._(
                    "There are no working hours for “%s”. Please ask a sales "
                    "administrator to choose some for its team.",
                    self.name,
                )
            )
        # sudo: resource.calendar, radio.sla.clock - kept by the addon
        calendar = calendar.sudo()
        now = fields.Datetime.now()
        minutes = rule.minutes if rule else 15
        if whole_day:
            span = calendar._get_working_day(calendar._get_local_day(due_at))
            if not span:
                raise UserError(
                    self.env._(
                        "“%s” has no working hours from that day on. Choose another "
                        "day.",
                        calendar.name,
                    )
                )
            due_at, until = max(span[0], now.replace(microsecond=0)), span[1]
            minutes = max(round((until - due_at).total_seconds() / 60), 0)
        if due_at < now - timedelta(minutes=1) or (whole_day and until <= now):
            raise UserError(
                self.env._(
                    "A call-back needs a moment in the future. Choose a later one."
                )
            )
        self.sudo()._get_open_clocks(("promise",)).write(
            {"waived_at": now, "waived_user_id": self.env.uid}
        )
        vals = {
            "lead_id": self.id,
            "kind": "promise",
            "policy_id": False,
            "calendar_id": calendar.id,
            "stop_on": "attempt",
            "planned_steps": [[0, "remind"], [100, "notify_leader"]],
            "is_after_end": not self._is_open(),
        }
        if rule:
            vals = self._prepare_clock_vals("promise", rule, calendar)
        vals.update(
            begun_at=now,
            promised_for=due_at,
            is_whole_day=whole_day,
            target_minutes=minutes,
            promised_by_id=user.id,
        )
        clock = self.env["radio.sla.clock"].sudo().create(vals)
        moment = self._format_promise(clock)
        words = self.env._(
            "%(user)s calls back %(moment)s", user=user.name, moment=moment
        )
        self._message_log(body=f"{words}: {note}" if note else words)
        return clock

    def action_drop_promise(self):
        """The call-back is not wanted any more."""
        self.check_access("write")
        # sudo: radio.sla.clock - clocks are kept by the addon, people only read them
        clocks = self.sudo()._get_open_clocks(("promise",))
        clocks.write(
            {"waived_at": fields.Datetime.now(), "waived_user_id": self.env.uid}
        )
        for lead in clocks.lead_id.with_env(self.env):
            lead._message_log(body=self.env._("The call-back is not wanted any more."))

    def _wait_for_customer(self, until, reason):
        """ "Waiting for the customer until": the clocks stand still until the end of
        the day before.

        :param until: date from which we answer again.
        :param reason: what we wait for.
        :raises UserError: where the date is not in the future, nothing runs, it is too
            late for a pause, or the policy allows no more.
        """
        self.ensure_one()
        self.check_access("write")
        now = fields.Datetime.now()
        clocks = self.sudo()._get_open_clocks(("first_contact", "next_reply"))
        calendar = clocks[:1].calendar_id or self._get_clock_calendar().sudo()
        ended_at = calendar._get_midnight(until) if calendar else None
        if not ended_at or ended_at <= now:
            raise UserError(
                self.env._("Choose a day in the future to wait for the customer until.")
            )
        refusal = self._get_pause_refusal(clocks, now)
        if refusal:
            raise UserError(refusal)
        clocks._pause(now, ended_at, reason)
        self._message_log(
            body=self.env._(
                "Waiting for the customer until %(day)s: %(reason)s",
                day=fields.Date.to_string(until),
                reason=reason or "-",
            )
        )

    def _get_pause_refusal(self, clocks, now):
        """Why these clocks cannot be paused, empty where they can."""
        if not clocks:
            return self.env._("No answer is due here, so nothing has to wait.")
        if any(clock.deadline and clock.deadline < now for clock in clocks):
            return self.env._(
                "The time to answer is over. Please answer first, then wait."
            )
        if any(clock.state == "paused" for clock in clocks):
            return self.env._("This waits for the customer already.")
        for clock in clocks:
            limit = clock.policy_id.pause_limit
            if not limit:
                return self.env._(
                    "The response-time policy “%s” does not allow to wait for the "
                    "customer. Please answer, and agree on a call-back.",
                    clock.policy_id.name or "-",
                )
            if len(clock.pause_ids) >= limit:
                return self.env._(
                    "This has waited for the customer %s times already, more is not "
                    "allowed. Please answer, and agree on a call-back.",
                    len(clock.pause_ids),
                )
        return ""

    def action_resume(self):
        """The waiting for the customer is over: the clocks go on."""
        self.check_access("write")
        # sudo: radio.sla.clock - clocks are kept by the addon, people only read them
        clocks = self.sudo().sla_clock_ids.filtered(
            lambda clock: clock.state == "paused"
        )
        clocks.pause_ids._end(fields.Datetime.now())

    def _follow_stage(self, before):
        """Clocks stand still while an inquiry is in a stage that waits for the
        customer, and go on when it leaves. A stage cannot hide that it is too late.

        :param before: those of these that were in such a stage before.
        """
        now = fields.Datetime.now()
        # sudo: radio.sla.clock - clocks are kept by the addon, people only read them
        for lead in self.sudo():
            if not lead.stage_id.is_waiting_for_customer:
                # of all clocks: what is over now may go on later
                lead.sla_clock_ids.pause_ids.filtered("is_by_stage")._end(now)
            else:
                clocks = lead._get_open_clocks(("first_contact", "next_reply"))
                allowed = clocks.filtered(
                    lambda clock, lead=lead: not lead._get_pause_refusal(clock, now)
                )
                allowed._pause(now, False, lead.stage_id.name, is_by_stage=True)
