from collections import defaultdict

from odoo import Command, models


class RadioCommissionDeal(models.Model):
    """Who gets which share of a deal."""

    _inherit = "radio.commission.deal"

    def _create_shares(self, contributors):
        """Split these deals among their contributors by their plans.

        :param contributors: see ``crm.lead._get_contributors``.
        """
        vals_list = []
        for deal in self:
            rows, problem = deal._prepare_shares(contributors[deal.lead_id])
            deal.problem = problem or deal._get_missing_amount_message()
            if deal.share_ids:
                deal._replace_shares(rows)
            else:
                vals_list += [{**row, "deal_id": deal.id} for row in rows]
        self.env["radio.commission.share"].create(vals_list)

    def _prepare_shares(self, contributors, held=None):
        """Return the values of the shares of a deal, and what is missing.

        See ``radio.commission.plan._split`` for parameters and result.
        """
        self.ensure_one()
        return self.plan_id._split(
            self.base_amount, self.company_id, self.team_id, contributors, held
        )

    def _replace_shares(self, rows):
        """Make these the active shares. One that is the same as before is kept, so that
        nothing is reverted and paid again.

        :param rows: list of values, see :meth:`_prepare_shares`.
        """
        self.ensure_one()
        known = {share._get_key(): share for share in self.share_ids}
        kept, new = self.share_ids.browse(), []
        for row in rows:
            key = (row["user_id"], row["role_id"], row["credit"], row["percent"])
            if key in known:
                kept |= known[key]
            else:
                new.append(Command.create(row))
        (self.share_ids - kept).is_current = False
        kept.is_current = True
        self.share_ids = new

    def _get_held_users(self):
        """Return who has which share now: dict of ``res.users`` by role."""
        self.ensure_one()
        held = defaultdict(self.env["res.users"].browse)
        for share in self._get_current_shares():
            held[share.role_id] |= share.user_id
        return held

    def _get_sellers(self):
        """Return who has a share as the salesperson (``res.users``)."""
        shares = self._get_current_shares()
        return shares.filtered(lambda one: one.role_id.automatic == "seller").user_id

    def _has_shares(self):
        """Return whether the deal is split among people."""
        self.ensure_one()
        return bool(self._get_current_shares())

    def _get_current_shares(self):
        # not the field of that name, whose domain the cache does not follow
        return self.share_ids.filtered("is_current")

    def _recompute_contributors(self, reason=False):
        """Give shares to contributors who have none yet, and look up the plan of deals
        without one; only the difference is posted.

        Whoever has a share keeps it: a deal stays with the salesperson who won it, and
        the overlay of a team with the members at the time of winning.

        :param reason: sentence for everyone whose commission changes.
        """
        for deal in self.filtered(lambda one: one.lead_id and one.state == "won"):
            if deal.plan_id and not deal.problem:
                # entries for what is due are separate from those for other people
                deal._settle(deal.company_id._get_local_day())
            held = deal._get_held_users()
            contributors = deal._get_contributors_and_holders(held)
            deal.lead_id._record_contributions({deal.lead_id: contributors})
            if not deal.plan_id:
                deal.team_id = deal.team_id or deal.lead_id.team_id
                plan = deal.plan_id._find_plan(
                    deal.company_id, deal.team_id, deal.won_on
                )
                deal.write({"plan_id": plan.id, "event": plan.event})
            rows, problem = deal._prepare_shares(contributors, held)
            deal.problem = problem or deal._get_missing_amount_message()
            deal._replace_shares(rows)
            deal._settle(
                deal.company_id._get_local_day(), reason and "adjustment", reason
            )

    def _get_contributors_and_holders(self, held):
        """Return who contributed by now, in addition to those who have a share; in the
        automatic roles whoever had them when it was won.

        :param held: see :meth:`_get_held_users`.
        :return: dict of ``res.users`` by role.
        """
        users = self.env["res.users"]
        contributors = dict(self.lead_id._get_contributors()[self.lead_id])
        if not held:
            return {**contributors, **self.lead_id._get_contributors_at_winning()}
        sellers = self._get_sellers()
        for role in contributors.keys() | held.keys():
            people = contributors.get(role, users) | held.get(role, users)
            if role.automatic == "seller":
                people = sellers or people
            elif role.automatic:
                # an automatic role is no second share of the salesperson
                people -= sellers
            contributors[role] = people
        return contributors
