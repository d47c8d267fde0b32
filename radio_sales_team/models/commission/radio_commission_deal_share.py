from collections import defaultdict

from odoo import models


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
            problem = problem or deal._get_missing_amount()
            if (deal.problem or False) != problem:
                deal.problem = problem
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
                new.append((0, 0, row))
        (self.share_ids - kept).is_current = False
        kept.is_current = True
        self.share_ids = new

    def _get_held_users(self):
        """Return who has which share now.

        :return: dict of ``res.users`` by role; the salespersons also by ``"seller"``.
        """
        self.ensure_one()
        held = defaultdict(self.env["res.users"].browse)
        for share in self.share_ids.filtered("is_current"):
            held[share.role_id] |= share.user_id
            if share.role_id.automatic == "seller":
                held["seller"] |= share.user_id
        return held

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
                deal._settle(deal._get_today())
            held = deal._get_held_users()
            contributors = deal._add_contributors(held)
            deal.lead_id._record_contributions({deal.lead_id: contributors})
            if not deal.plan_id:
                plan = deal.plan_id._find_plan(
                    deal.company_id, deal.team_id, deal.won_on
                )
                deal.write({"plan_id": plan.id, "event": plan.event})
            rows, problem = deal._prepare_shares(contributors, held)
            deal.problem = problem or deal._get_missing_amount()
            deal._replace_shares(rows)
            deal._settle(deal._get_today(), reason and "adjustment", reason)

    def _add_contributors(self, held):
        """Return who contributed by now, in addition to those who have a share.

        :param held: see :meth:`_get_held_users`.
        :return: dict of ``res.users`` by role.
        """
        contributors = self.lead_id._get_contributors()[self.lead_id]
        seller = held["seller"]
        if not seller:
            return contributors
        users = self.env["res.users"]
        return {
            role: seller
            if role.automatic == "seller"
            # an automatic role is no second share of the salesperson
            else (contributors.get(role, users) | held.get(role, users))
            - (seller if role.automatic else users)
            for role in contributors.keys() | (held.keys() - {"seller"})
        }
