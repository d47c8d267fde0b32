from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime


class CrmLead(models.Model):
    """Which clock an inquiry gets: the policy that fits, the hours that hold."""

    _inherit = "crm.lead"

    def action_start_clocks(self):
        """Start the time to answer of inquiries that were imported from a list, which
        starts none by itself.

        :raises AccessError: for all but sales administrators.
        """
        self._check_manager()
        inquiries = self.filtered(lambda lead: lead._is_waiting_open())
        inquiries._start_clocks("first_contact")

    def action_recompute_clocks(self):
        """Plan the open clocks of these inquiries anew by the policies and working
        hours of now. Running clocks keep what was promised until somebody does this.

        :raises AccessError: for all but sales administrators.
        """
        self._check_manager()
        # sudo: radio.sla.clock - clocks are kept by the addon, people only read them
        for lead in self.sudo():
            for clock in lead._get_open_clocks(
                ("first_contact", "seller_contact", "next_reply")
            ):
                rule = lead._get_rule(clock.kind)
                calendar = rule and lead._get_clock_calendar(rule.calendar_id)
                if not calendar:
                    continue
                before = clock.deadline
                vals = lead._prepare_clock_vals(clock.kind, rule, calendar)
                del vals["is_after_end"]
                clock.write(vals)
                # also where only the calendar's own hours have changed
                clock._compute_deadline()
                clock._compute_next_step_at()
                lead.with_env(self.env)._message_log(
                    body=self.env._(
                        "The time to answer was planned anew by “%(policy)s”: "
                        "%(before)s became %(after)s.",
                        policy=clock.policy_id.name,
                        before=format_datetime(self.env, before),
                        after=format_datetime(self.env, clock.deadline),
                    )
                )

    def _tighten_deadlines(self):
        """Apply the policy that matches now to inquiries that wait for their first
        contact, if it makes the deadline earlier, counted from receipt; a promise is
        never loosened automatically."""
        # sudo: radio.sla.clock - clocks are kept by the addon, people only read them
        for lead in self.sudo().filtered("is_inquiry"):
            for clock in lead._get_open_clocks(("first_contact",)):
                rule = lead._get_rule(clock.kind)
                calendar = rule and lead._get_clock_calendar(rule.calendar_id)
                if not calendar or rule.id == clock.policy_id.id or clock.pause_ids:
                    continue
                (deadline,) = calendar._plan_working_minutes(
                    [(clock.started_at, rule.minutes)]
                )
                if not deadline or deadline >= clock.deadline:
                    continue
                vals = lead._prepare_clock_vals(clock.kind, rule, calendar)
                del vals["is_after_end"]
                clock.write(vals)
                lead.with_env(self.env)._message_log(
                    body=self.env._(
                        "By “%(policy)s” the deadline is %(deadline)s now.",
                        policy=clock.policy_id.name,
                        deadline=format_datetime(self.env, clock.deadline),
                    )
                )

    def _check_manager(self):
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only a sales administrator can start or plan clocks anew.")
            )

    def _start_clocks(self, kind, **facts):
        """Start a clock for each inquiry that a policy promises an answer to.

        An inquiry without a matching policy, or whose working hours can tell no
        deadline, gets none, and says so (see :meth:`_compute_sla_badge`).

        :param facts: more values for the clocks, for kinds that the inquiry itself does
            not start.
        :return: ``radio.sla.clock`` that were started.
        """
        # sudo: radio.sla.clock - clocks are kept by the addon, people only read them
        clocks = self.env["radio.sla.clock"].sudo()
        vals_list = []
        for lead in self.sudo():
            rule = lead._get_rule(kind)
            calendar = rule and lead._get_clock_calendar(rule.calendar_id)
            if calendar and not lead._has_open_clock(kind):
                vals_list.append(
                    dict(lead._prepare_clock_vals(kind, rule, calendar), **facts)
                )
        started = clocks.create(vals_list)
        # born answered: by what was said on an earlier inquiry of the customer, which
        # does not count any more now that this one has a clock of its own
        answered = started.filtered("stopped_at")
        self.env.add_to_compute(clocks._fields["stopped_at"], answered)
        answered.modified(["stopped_at"])
        # a calendar without hours makes no promise
        hopeless = started.filtered(lambda clock: not clock.deadline)
        hopeless.unlink()
        return started - hopeless

    def _prepare_clock_vals(self, kind, rule, calendar):
        """What is frozen when a clock starts.

        :param rule: see ``radio.sla.policy._get_rules``.
        """
        self.ensure_one()
        return {
            "lead_id": self.id,
            "kind": kind,
            "policy_id": rule.id,
            "target_minutes": rule.minutes,
            "calendar_id": calendar.id,
            "stop_on": rule.stop_on,
            "planned_steps": [list(step) for step in rule.steps],
            "is_after_end": kind != "first_contact" and not self._is_open(),
        }

    def _get_rule(self, kind):
        """The first policy of a kind that is meant for this inquiry, or None."""
        self.ensure_one()
        rules = self.env["radio.sla.policy"]._get_rules(kind)
        return next((rule for rule in rules if self._matches_rule(rule)), None)

    def _has_open_clock(self, kind):
        """Whether this promise is made already, a first contact once and for all, and
        also by the earlier inquiry of a customer who asks twice."""
        self.ensure_one()
        if kind == "first_contact" and self._is_covered():
            return True
        return any(
            clock.kind == kind
            and (kind == "first_contact" or clock.state in ("running", "paused"))
            for clock in self.sla_clock_ids
        )

    def _matches_rule(self, rule):
        """Whether a policy is meant for this inquiry.

        :param rule: see ``radio.sla.policy._get_rules``.
        """
        self.ensure_one()
        return (
            (not rule.company_id or rule.company_id == self._get_response_company().id)
            and (not rule.team_ids or self.team_id.id in rule.team_ids)
            and (not rule.channels or self.inquiry_channel in rule.channels)
            and (self.priority or "0") >= rule.priority
            and (not rule.tag_ids or not rule.tag_ids.isdisjoint(self.tag_ids.ids))
        )

    def _get_clock_calendar(self, calendar_id=False):
        """The policy's own hours, else the team's, the company's, the main one's."""
        self.ensure_one()
        calendars = self.env["resource.calendar"]
        return (
            calendars.browse(calendar_id)
            or self.team_id.response_calendar_id
            or self._get_response_company().resource_calendar_id
            or self._get_main_company().resource_calendar_id
        )

    def _get_response_company(self):
        """The company that owes the answer: the inquiry's, else its team's, else the
        main one (an inquiry by mail to a team of no company has none)."""
        self.ensure_one()
        return self.company_id or self.team_id.company_id or self._get_main_company()

    @api.model
    def _get_main_company(self):
        """Odoo's first company (``env.ref`` would ask the database each time)."""
        company_id = self.env["ir.model.data"]._xmlid_to_res_id("base.main_company")
        return self.env["res.company"].browse(company_id)
