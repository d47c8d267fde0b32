from odoo import models


class RadioCommissionDeal(models.Model):
    """What is written a moment after a deal was won, so that whoever wins it does not
    wait for that: who contributed, who gets which part, and what is earned by it.

    All of it follows from what was frozen when it was won. The scheduled action does it
    a minute or two later; whatever else happens to a deal does it first (``_lock``).
    """

    _inherit = "radio.commission.deal"

    def _prepare_pending(self, people):
        """Who contributed, as it is kept until it is written.

        :param people: dict of ``res.users`` by role.
        """
        return {
            "people": [[role.id, users.ids] for role, users in people.items()],
            "won_by": self.env.uid,
        }

    def _get_pending_people(self):
        """Who contributed, as it was kept: see :meth:`_prepare_pending`."""
        self.ensure_one()
        roles, users = self.env["radio.contribution.role"], self.env["res.users"]
        people = {
            roles.browse(role_id): users.browse(user_ids)
            for role_id, user_ids in self.pending["people"]
        }
        return roles._sort_people(people)

    def _share_out(self, day=None, period=None):
        """Write who gets which part of those of these that were won a moment ago.

        :param day: where they were won before: date until which it is earned. Default:
            the day on which it was won.
        :param period: ``radio.commission.period`` of the lines, default: the open one.
        """
        fresh = self.filtered("pending")
        for user_id, deals in fresh.grouped(lambda one: one.pending["won_by"]).items():
            user = self.env["res.users"].browse(user_id).exists() or self.env.user
            # sudo: radio.commission.deal - whoever won it need not see what it pays
            own = deals.with_user(user).sudo().with_context(lang=user.lang)
            own._write_shares(day, period)

    def _write_shares(self, day, period):
        people = {deal: deal._get_pending_people() for deal in self}
        self.lead_id._record_contributions(
            {deal.lead_id: people[deal] for deal in self if deal.lead_id}
        )
        vals_list = []
        for deal in self:
            rows, problem = self._find_shares(deal._prepare_facts(), people[deal])
            deal.write(
                {"event": deal.plan_id.event, "pending": False, "problem": problem}
            )
            if deal.share_ids:
                deal._renew_shares(rows)
                continue
            # said here too, as what is derived would be written once more
            derived = {"company_id": deal.company_id.id, "team_id": deal.team_id.id}
            vals_list += [{**row, **derived, "deal_id": deal.id} for row in rows]
        self.env["radio.commission.share"].create(vals_list)
        for won_on, deals in self.grouped("won_on").items():
            # nothing was written for them before
            deals._write_due({}, day or won_on, period=period)
        if not day:
            self._tell_won_together(people)

    def _tell_won_together(self, people):
        """Say on each opportunity who has won it, where it was more than one; no
        amounts.

        :param people: dict of dicts of ``res.users`` by role, by deal.
        """
        bodies = {}
        for deal in self:
            names = deal.lead_id._get_names(people[deal])
            if deal.lead_id and len(names) > 1:
                words = self.env._("Won together: %s", ", ".join(names))
                bodies[deal.lead_id.id] = words
        together = self.lead_id.browse(bodies)
        if together:
            together._message_log_batch(bodies=bodies)
        for lead in together:
            # sudo: discuss.channel - the team's channel, whoever wins
            channel = lead.team_id.sudo().won_channel_id
            if channel:
                channel.message_post(
                    body=self.env._(
                        "%(deal)s: %(together)s",
                        deal=lead.name,
                        together=bodies[lead.id],
                    ),
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    author_id=self.env.user.partner_id.id,
                )
