from collections import defaultdict

from odoo import api, models

from ...tools.split import split


class RadioCommissionDeal(models.Model):
    """Who gets which part of a deal."""

    _inherit = "radio.commission.deal"

    @api.model
    def _find_shares(self, vals, people):
        """Who gets which part by the plan.

        :param vals: of the deal: base, company, plan and team; with ``held`` those who
            have a part already, see :meth:`_get_held_people`; with ``staff_ids`` and
            ``member_ids`` who was there when it was won, see :meth:`_get_staff`.
        :param people: dict of ``res.users`` by role.
        :return: pair of values of ``radio.commission.share``, and of a sentence where
            something is missing; then nobody gets anything.
        """
        if not vals["plan_id"]:
            return [], False
        if vals["base_amount"] < 0:
            return [], self.env._("The base is below zero. Change it, and try again.")
        plan = self.env["radio.commission.plan"].browse(vals["plan_id"])
        there = vals
        if "staff_ids" not in vals:
            users = self.env["res.users"].union(*people.values())
            there = self._get_staff(vals, users)
        # who works for another company is not paid by this one; who has a part keeps it
        staff = self.env["res.users"].browse(there["staff_ids"])
        staff = staff.union(*vals.get("held", {}).values())
        people = {role: users & staff for role, users in people.items()}
        shares = {}
        for line in plan.line_ids:
            if line.credit == "overlay":
                for user in line._get_overlay_users(
                    people, there["member_ids"], vals.get("held")
                ):
                    shares[user, line.role_id] = ("overlay", line.percent)
                continue
            role = line._get_filled_role(people)
            if not role:
                return [], self.env._(
                    "Nobody has the role “%s”, and nobody stands in for it: the "
                    "opportunity has no salesperson. Enter one, and try again.",
                    line.role_id.name,
                )
            users = people[role].sorted("id")
            parts = split(line.percent, [1] * len(users))
            for user, part in zip(users, parts, strict=True):
                _credit, before = shares.get((user, role), ("share", 0))
                # exact: both are stored with two decimal places
                shares[user, role] = ("share", round(before + float(part), 2))
        return [
            {
                "user_id": user.id,
                "role_id": role.id,
                "credit": credit,
                "percent": percent,
            }
            for (user, role), (credit, percent) in shares.items()
            if percent
        ], False

    @api.model
    def _get_staff(self, vals, users):
        """Who of these users works for the company, and who is in the team, now.

        :param vals: of the deal: company and team.
        :param users: ``res.users``.
        :return: dict of what is kept with a deal that is won.
        """
        company_id, team_id = vals["company_id"], vals["team_id"]
        return {
            "staff_ids": [
                user.id for user in users if company_id in user._get_company_ids()
            ],
            "member_ids": self.env["crm.team"]._get_member_ids(team_id, company_id),
        }

    def _prepare_facts(self):
        """What :meth:`_find_shares` asks about a deal."""
        self.ensure_one()
        return {
            "base_amount": self.base_amount,
            "company_id": self.company_id.id,
            "plan_id": self.plan_id.id,
            "team_id": self.team_id.id,
        }

    def _renew_shares(self, rows):
        """These parts hold from now on. Whoever has the same part as before keeps it,
        so that nothing is taken and given again."""
        self.ensure_one()
        known = {share._get_key(): share for share in self.share_ids}
        kept, new = self.share_ids.browse(), []
        for row in rows:
            key = (row["user_id"], row["role_id"], row["credit"], row["percent"])
            if key in known:
                kept |= known[key]
            else:
                new.append((0, 0, row))
        (self.share_ids - kept).is_current = False
        kept.is_current = True
        self.share_ids = new

    def _get_held_people(self):
        """Who has which part now.

        :return: dict of ``res.users`` by role, and of the sellers by ``"seller"``.
        """
        self.ensure_one()
        held = defaultdict(self.env["res.users"].browse)
        for share in self.share_ids.filtered("is_current"):
            held[share.role_id] |= share.user_id
            if share.role_id.automatic == "seller":
                held["seller"] |= share.user_id
        return held

    def _refreeze(self, reason=False):
        """Whoever contributed and has no part yet gets one, and the plan is looked for
        where there was none; only what is different is written. Who has a part keeps
        it: the deal stays the one of whoever won it, and a team's pot stays the one of
        who was in the team then."""
        self._lock()
        for deal in self.filtered(lambda one: one.lead_id and one.state == "won"):
            if deal.plan_id and not deal.problem:
                # what is due apart: else a line would be about both
                deal._settle(deal._get_today())
            held = deal._get_held_people()
            people = deal._add_people(held)
            deal.lead_id._record_contributions({deal.lead_id: people})
            if not deal.plan_id:
                deal.plan_id = deal.plan_id._find_plan(
                    deal.company_id, deal.team_id, deal.won_on
                )
                deal.event = deal.plan_id.event
            facts = {**deal._prepare_facts(), "held": held}
            rows, deal.problem = self._find_shares(facts, people)
            deal._renew_shares(rows)
            deal._settle(deal._get_today(), reason and "adjustment", reason)

    def _add_people(self, held):
        """Who contributed by now, beside those who have a part already.

        :param held: see :meth:`_get_held_people`.
        :return: dict of ``res.users`` by role.
        """
        people = self.lead_id._get_people()[self.lead_id]
        seller = held["seller"]
        if not seller:
            return people
        users = self.env["res.users"]
        return {
            role: seller
            if role.automatic == "seller"
            # what is noticed by itself is no second part of theirs
            else (people.get(role, users) | held.get(role, users))
            - (seller if role.automatic else users)
            for role in people.keys() | (held.keys() - {"seller"})
        }
