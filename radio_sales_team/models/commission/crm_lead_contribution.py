from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, Command, api, fields, models

from ..upsell.radio_upsell_signal import OPEN_STATES

# How long people can open what they contributed to, where it is not theirs.
CONTRIBUTED_MONTHS = 12


class CrmLead(models.Model):
    """Who contributed to a deal."""

    _inherit = "crm.lead"

    contribution_ids = fields.One2many(
        comodel_name="radio.contribution",
        inverse_name="lead_id",
        string="Contributions",
        copy=False,
    )
    contribution_words = fields.Char(
        string="Contributed So Far",
        compute="_compute_contribution_words",
        help="Who contributed, as far as it was noticed by itself.",
    )

    @api.depends(
        "contribution_ids.state",
        "first_contact_user_id",
        "handover_ids.state",
        "upsell_signal_ids.state",
        "user_id",
    )
    @api.depends_context("lang")
    def _compute_contribution_words(self):
        contributors = self._origin._get_contributors()
        for lead in self:
            names = lead._get_contributor_names(contributors.get(lead._origin, {}))
            lead.contribution_words = ", ".join(names)

    @api.model
    def _get_contributor_names(self, contributors):
        """Return people and their roles as colleagues read them: ``["Jana (Role)"]``.

        :param contributors: dict of ``res.users`` by role.
        """
        return [
            f"{user.name} ({role.name})"
            for role, users in contributors.items()
            # sudo: res.users - names of colleagues
            for user in users.sudo()
        ]

    def _get_contributors(self):
        """Return who contributed to these opportunities, in which role.

        Automatic roles follow from what the addon has recorded; the others are proposed
        by hand and confirmed. The salesperson has no other automatic role, as the deal
        is theirs anyway.

        :return: dict by ``crm.lead`` of dicts of ``res.users`` by
            ``radio.contribution.role``, in the order of the roles.
        """
        roles = self.env["radio.contribution.role"]._get_automatic_roles()
        recorded = self._get_recorded_contributors()
        confirmed = self._search_related(
            "radio.contribution",
            [("state", "=", "confirmed"), ("is_automatic", "=", False)],
        )
        users = self.env["res.users"]
        result = {}
        # sudo: crm.lead - who contributed, for whoever may read the opportunity
        for lead in self.sudo():
            contributors = defaultdict(users.browse)
            for automatic, role in roles.items():
                own = recorded[lead].get(automatic, users)
                if automatic != "seller":
                    own -= lead.user_id | users.browse(SUPERUSER_ID)
                if own:
                    contributors[role] |= own
            for contribution in confirmed.get(lead, ()):
                contributors[contribution.role_id] |= contribution.user_id
            result[lead] = dict(
                sorted(
                    contributors.items(),
                    key=lambda pair: (pair[0].sequence, pair[0].id),
                )
            )
        return result

    def _get_recorded_contributors(self):
        """Return who did what the addon records, for the automatic roles. Extend with
        ``super()`` for a role that another addon adds.

        :return: dict by ``crm.lead`` of dicts of ``res.users`` by the value of
            ``radio.contribution.role.automatic``.
        """
        handovers = self._search_related("radio.handover", [("state", "=", "accepted")])
        signals = self._search_related(
            "radio.upsell.signal", [("state", "in", (*OPEN_STATES, "won"))]
        )
        result = {}
        # sudo: crm.lead - as in _get_contributors
        for lead in self.sudo():
            accepted = handovers.get(lead, self.env["radio.handover"])
            own_signals = signals.get(lead, self.env["radio.upsell.signal"])
            insights = own_signals.insight_id
            own_signals = own_signals.filtered(lambda one: not one.insight_id)
            result[lead] = {
                "seller": lead.user_id,
                "first_contact": lead._get_first_contact_users(),
                "handover": accepted.to_user_id,
                "signal": own_signals.reported_by_id,
                "insight": insights.reported_by_id,
            }
        return result

    def _get_first_contact_users(self):
        """Return who made the first contact; if the lead was anonymized since, whoever
        has the contribution."""
        self.ensure_one()
        if self.first_contact_user_id or not self.first_contact_at:
            return self.first_contact_user_id
        contributions = self._search_related(
            "radio.contribution",
            [("state", "=", "confirmed"), ("role_id.automatic", "=", "first_contact")],
        )
        return (
            contributions[self].user_id if self in contributions else self.user_id[:0]
        )

    def _get_contributors_at_winning(self):
        """Return who was recorded in the automatic roles when this opportunity was won.

        :return: dict of ``res.users`` by role.
        """
        self.ensure_one()
        recorded = self._search_related(
            "radio.contribution",
            [("state", "=", "confirmed"), ("is_automatic", "=", True)],
        ).get(self, self.env["radio.contribution"])
        return {role: own.user_id for role, own in recorded.grouped("role_id").items()}

    def _search_related(self, model, domain):
        """Return records of a model that belong to these opportunities, as superuser.

        Searched instead of read from the one2many field: that would stay in the cache
        for users who may not see all of the records.

        :return: dict of recordsets by ``crm.lead``.
        """
        # sudo: whoever may read the opportunity, see _get_contributors
        records = self.env[model].sudo()
        return records.search(
            [("lead_id", "in", self.ids), *domain], order="id"
        ).grouped("lead_id")

    def _record_contributions(self, contributors):
        """Record who contributed to these won opportunities, for everyone to see.

        What was recorded automatically before and is not so any more is deleted, unless
        several deals were merged into the opportunity: each has people of its own.

        :param contributors: see :meth:`_get_contributors`.
        """
        # as OdooBot: recorded by the addon, with no default values of the user
        contributions = self.env["radio.contribution"].with_user(SUPERUSER_ID)
        present = {
            (one.lead_id.id, one.user_id.id, one.role_id.id): one
            for one in contributions.search([("lead_id", "in", self.ids)], order="id")
        }
        vals_list = []
        for lead, roles in contributors.items():
            for role, users in roles.items():
                for user in users:
                    one = present.pop((lead.id, user.id, role.id), None)
                    if one and one.state != "confirmed":
                        # somebody had proposed what is recorded automatically as well
                        one.write({"is_automatic": True, "state": "confirmed"})
                    if not one:
                        vals_list.append(
                            {
                                "lead_id": lead.id,
                                "user_id": user.id,
                                "role_id": role.id,
                                "is_automatic": True,
                                "state": "confirmed",
                                "proposed_by_id": self.env.uid,
                            }
                        )
        gone = contributions.union(*present.values()).filtered("is_automatic")
        deals = gone.lead_id._search_related("radio.commission.deal", [])
        gone.filtered(lambda one: len(deals.get(one.lead_id, ())) < 2).unlink()
        contributions.create(vals_list)

    @api.model
    def _get_shared_lead_ids(self):
        """Whoever contributed may read the opportunity for a year: what is listed as
        theirs can be opened."""
        since = fields.Datetime.now() - relativedelta(months=CONTRIBUTED_MONTHS)
        # sudo: radio.contribution - what the user contributed to
        contributions = self.env["radio.contribution"].sudo()
        contributions = contributions.search_fetch(
            [
                ("user_id", "=", self.env.uid),
                ("state", "=", "confirmed"),
                ("create_date", ">=", since),
            ],
            ["lead_id"],
            order="id",
        )
        return super()._get_shared_lead_ids() | set(contributions.lead_id.ids)

    @api.depends("contribution_ids.state", "contribution_ids.user_id")
    def _compute_is_shared_with_me(self):
        return super()._compute_is_shared_with_me()

    def action_propose_contribution(self):
        """Open the short form with which a colleague's part is proposed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who contributed?"),
            "res_model": "radio.contribution",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lead_id": self.id},
        }

    def _merge_dependences(self, opportunities):
        """Whoever contributed to one of these contributed to what they become."""
        # sudo: radio.contribution - carried over whole
        head, tails = self.sudo(), opportunities.sudo()
        known = {(one.user_id, one.role_id) for one in head.contribution_ids}
        for one in tails.contribution_ids:
            if (one.user_id, one.role_id) not in known:
                known.add((one.user_id, one.role_id))
                head.write({"contribution_ids": [Command.link(one.id)]})
        return super()._merge_dependences(opportunities)
