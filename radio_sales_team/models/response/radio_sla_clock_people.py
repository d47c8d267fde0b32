from datetime import time, timedelta

from odoo import api, models

from .radio_sla_clock_plan import BEFORE_CLOSING

NOON = time(12)


class RadioSlaClock(models.Model):
    """Whom a reminder concerns, when they hear of it, and what stands in their list."""

    _inherit = "radio.sla.clock"

    def _get_answering_users(self):
        """Who answers: the owner, else the whole pool, else the team leader.

        :return: ``res.users``, those who can still log in.
        """
        self.ensure_one()
        owner = self.user_id.filtered("active")
        if owner:
            return owner
        team = self.team_id
        pool = team._get_back_office_user_ids(team.id) if team else ()
        return self.env["res.users"].browse(pool) or team.user_id.filtered("active")

    def _get_people_for(self, action):
        """Whom a step tells: users who can log in, empty where there is nobody."""
        self.ensure_one()
        if action == "notify_leader":
            return (
                self.team_id.user_id.filtered("active") or self._get_answering_users()
            )
        if action == "deputy":
            return self.team_id.deputy_user_id.filtered("active")
        return self._get_answering_users()

    def _get_earliest(self, step, now):
        """When a step is told at the earliest: the leader gets a list at noon and one
        before closing, everybody else hears at once."""
        self.ensure_one()
        if step[1] != "notify_leader":
            return now
        calendar = self.calendar_id
        day = calendar._get_local_day(now)
        for _today_and_tomorrow in range(2):
            working_day = calendar._get_working_day(day)
            if not working_day:
                break
            day = calendar._get_local_day(working_day[0])
            lists = [calendar._get_moment(day, NOON), working_day[1] - BEFORE_CLOSING]
            upcoming = [moment for moment in lists if moment >= now]
            if upcoming:
                return min(upcoming)
            day += timedelta(days=1)
        return now

    def _reassign(self):
        """Give the inquiry to the next colleague of the back office who is there.

        :return: both of them, so that they are told; empty where nobody else is there.
        """
        self.ensure_one()
        lead = self.lead_id
        owner = lead.back_office_user_id
        successor = lead.team_id._get_next_back_office(owner)
        if not successor:
            # nobody else is there: somebody has to know
            return self._get_people_for("notify_leader")
        # both are told by their notice, not by core's mail for each
        lead.with_context(
            mail_auto_subscribe_no_notify=True
        ).back_office_user_id = successor
        lead._message_log(
            body=self.env._(
                "Given to %(successor)s, as the time to answer is running out.",
                successor=successor.name,
            )
        )
        return (owner | successor).filtered("active")

    def _plan_activities(self):
        """An activity for each owner who is reminded, so that it stands in their list
        too; without Odoo's mail for each, as one notice tells of all."""
        activity_type = self.env.ref(
            "radio_sales_team.mail_activity_type_answer", raise_if_not_found=False
        )
        if not activity_type:
            return
        leads = self.lead_id
        model_id = self.env["ir.model"]._get_id("crm.lead")
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        present = activities.search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", leads.ids),
                ("activity_type_id", "=", activity_type.id),
            ]
        )
        planned = {(activity.res_id, activity.user_id) for activity in present}
        vals_list = []
        for clock in self:
            user = clock.user_id.filtered("active")
            if user and (clock.lead_id.id, user) not in planned:
                planned.add((clock.lead_id.id, user))
                vals_list.append(
                    {
                        "activity_type_id": activity_type.id,
                        "date_deadline": clock.calendar_id._get_local_day(
                            clock.deadline
                        ),
                        "res_id": clock.lead_id.id,
                        "res_model_id": model_id,
                        # core would read each lead by itself for it
                        "res_name": clock.lead_id.name,
                        "user_id": user.id,
                    }
                )
        activities.create(vals_list)

    @api.model
    def _close_activities(self):
        """Remove our own activities where no answer is due any more of whom they are.
        Not "done": that would look like a call."""
        activity_type = self.env.ref(
            "radio_sales_team.mail_activity_type_answer", raise_if_not_found=False
        )
        if not activity_type:
            return
        activities = self.env["mail.activity"].search(
            [("activity_type_id", "=", activity_type.id)]
        )
        open_clocks = self._read_group(
            [
                ("lead_id", "in", activities.mapped("res_id")),
                ("state", "in", ("running", "paused")),
                ("step_ids.action", "=", "remind"),
            ],
            ["lead_id", "user_id"],
        )
        waiting = {(lead.id, user) for lead, user in open_clocks}
        activities.filtered(
            lambda activity: (activity.res_id, activity.user_id) not in waiting
        ).unlink()
