import json

from odoo import api, models
from odoo.tools import SQL


class RadioCommissionDeal(models.Model):
    """What is written a moment after a deal was won, so that whoever wins it does not
    wait for that: what is booked, which signals are won with it, who contributed, who
    gets which part, and what is earned by it.

    All of it follows from what was frozen when it was won. The scheduled action does it
    a minute or two later; whatever else happens to a deal does it first (``_lock``).
    """

    _inherit = "radio.commission.deal"

    @api.model
    def _prepare_pending(self, vals, lead, is_past):
        """All that :meth:`_write_shares` cannot ask for any more when it comes. Whoever
        helped is looked for by the query that writes it, which saves those who win a
        deal one of their own.

        :param vals: of the deal.
        :param lead: ``crm.lead``.
        :param is_past: whether it was won when it was closed, not now.
        :return: ``SQL``, in a query with :meth:`_get_tables`. Helpers are kept without
            the lead, and with whether the user works for the company as the last one.
        """
        people = lead._prepare_people()
        users = self.env["res.users"].browse(
            [*people["seller"], *people["first_contact"]]
        )
        # what was won before has been followed then
        win = False if is_past else lead._prepare_win()
        kept = {
            **self._get_staff(vals, users),
            "people": people,
            "won_by": self.env.uid,
            "win": win,
        }
        agency = SQL("NULL")
        if win and win["agency_id"]:
            # the company, as the contact may belong to another one by then
            agency = SQL(
                "(SELECT commercial_partner_id FROM res_partner WHERE id = %s)",
                win["agency_id"],
            )
        return SQL(
            """%(kept)s::jsonb || jsonb_build_object(
            'agency_id', %(agency)s, 'helpers', COALESCE(
                (SELECT jsonb_agg(jsonb_build_array(
                        automatic, role_id, user_id, signal_id, EXISTS (
                            SELECT FROM res_company_users_rel rel
                            WHERE rel.user_id = helper.user_id AND rel.cid = %(cid)s)))
                   FROM helper WHERE lead_id = %(lead_id)s), '[]'))""",
            kept=json.dumps(kept),
            agency=agency,
            cid=vals["company_id"],
            lead_id=lead.id,
        )

    def _get_pending_people(self):
        """Who contributed, as it was kept: see :meth:`_prepare_pending`.

        :return: dict of dicts of ``res.users`` by role, by deal.
        """
        leads = self.env["crm.lead"]
        found = {
            deal: leads._assign_roles(deal.pending["people"], deal.pending["helpers"])
            for deal in self
        }
        # whoever was deleted past Odoo keeps nobody else from being paid
        kept = [pair for people in found.values() for pair in people.items()]
        roles = self.env["radio.contribution.role"].union(*(role for role, _ in kept))
        users = self.env["res.users"].union(*(users for _, users in kept))
        roles, users = roles.exists(), users.exists()
        return {
            deal: roles._sort_people(
                {role: people[role] & users for role in people if role in roles}
            )
            for deal, people in found.items()
        }

    @api.model
    def _share_out_all(self):
        """Write all that was won a moment ago."""
        # sudo: radio.commission.deal - whatever was won, by whomever
        self.sudo().search([("pending", "!=", False)])._lock()

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
        """See :meth:`_share_out`; by whoever won these, in their language."""
        people = self._get_pending_people()
        self.lead_id._finish_win(
            {
                deal.lead_id: deal._get_pending_win()
                for deal in self
                if deal.lead_id and deal.pending["win"]
            }
        )
        self.lead_id._record_contributions(
            {deal.lead_id: people[deal] for deal in self if deal.lead_id}
        )
        vals_list = []
        for deal in self:
            rows, problem = deal._find_pending_shares(people[deal])
            deal.write({"pending": False, "problem": problem})
            if deal.share_ids:
                deal._renew_shares(rows)
                continue
            # said here too, as what is derived would be written once more
            derived = {"company_id": deal.company_id.id, "team_id": deal.team_id.id}
            vals_list += [{**row, **derived, "deal_id": deal.id} for row in rows]
        self.env["radio.commission.share"].create(vals_list)
        self._write_first(day, period)
        if not day:
            self._tell_won_together(people)

    def _get_pending_win(self):
        """What ``crm.lead._finish_win`` has to know, with what was found out by the
        query that wrote this."""
        return {
            **self.pending["win"],
            # the companies, whoever the contacts belong to by now
            "advertiser_id": self.partner_id.id,
            "agency_id": self.pending.get("agency_id"),
            "signal_ids": self._get_pending_signal_ids(),
        }

    def _get_pending_partner_ids(self):
        """Ids of the companies for which something is booked."""
        self.ensure_one()
        return {self.partner_id.id, self.pending.get("agency_id")}

    def _get_pending_signal_ids(self):
        """The signals that were open, or won, when this was won."""
        return [row[3] for row in self.pending["helpers"] if row[3]]

    def _find_pending_shares(self, people):
        """As :meth:`_find_shares`, by what was true when it was won."""
        self.ensure_one()
        pending = self.pending
        helpers = [row[2] for row in pending["helpers"] if row[-1]]
        there = {
            "staff_ids": [*pending["staff_ids"], *helpers],
            "member_ids": pending["member_ids"],
        }
        return self._find_shares({**self._prepare_facts(), **there}, people)

    def _write_first(self, day, period):
        """Write what these have earned; nothing was written for them before."""
        for won_on, deals in self.grouped("won_on").items():
            deals._write_due({}, day or won_on, period=period)

    def _tell_won_together(self, people):
        """Say on each opportunity who has won it, where it was more than one; no
        amounts.

        :param people: dict of dicts of ``res.users`` by role, by deal.
        """
        bodies = {}
        for deal in self:
            names = deal.lead_id._get_names(people[deal])
            # nothing to celebrate where it is being taken back
            if deal.lead_id.won_status == "won" and len(names) > 1:
                words = self.env._("Won together: %s", ", ".join(names))
                bodies[deal] = words
        if bodies:
            leads = self.lead_id.browse(deal.lead_id.id for deal in bodies)
            leads._message_log_batch(
                bodies={deal.lead_id.id: words for deal, words in bodies.items()}
            )
        for deal, words in bodies.items():
            if channel := deal.team_id.won_channel_id:
                channel.message_post(
                    body=self.env._(
                        "%(deal)s: %(together)s", deal=deal.name, together=words
                    ),
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    author_id=self.env.user.partner_id.id,
                )
