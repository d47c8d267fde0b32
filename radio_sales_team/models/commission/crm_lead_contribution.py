from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.tools import SQL

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

    @api.model
    def _get_list_names(self):
        return [*super()._get_list_names(), "contribution_ids"]

    @api.depends(
        "contribution_ids.state",
        "first_contact_user_id",
        "handover_ids.state",
        "upsell_signal_ids.state",
        "user_id",
    )
    @api.depends_context("lang")
    def _compute_contribution_words(self):
        people = self._origin._get_people()
        for lead in self:
            names = lead._get_names(people.get(lead._origin, {}))
            lead.contribution_words = ", ".join(names)

    @api.model
    def _get_names(self, users_by_role):
        """People and their roles as colleagues read them.

        :param users_by_role: dict, see :meth:`_get_people`.
        """
        return [
            f"{user.name} ({role.name})"
            for role, users in users_by_role.items()
            # sudo: res.users - names of colleagues
            for user in users.sudo()
        ]

    def _get_people(self):
        """As :meth:`_find_people`, roles in their order."""
        roles = self.env["radio.contribution.role"]
        return {
            lead: roles._sort_people(people)
            for lead, people in self._find_people().items()
        }

    def _find_people(self):
        """Who contributed in which role: noticed by itself, or confirmed by hand. The
        salesperson has the deal anyway, and no other role that is noticed.

        :return: dict of dict of ``res.users`` by role, by lead.
        """
        roles = self.env["radio.contribution.role"].sudo()
        ids = roles._get_automatic_ids()
        role_by_name = dict(zip(ids, roles.browse(ids.values()), strict=True))
        result = {}
        # sudo: crm.lead - who contributed, for whoever may read the opportunity
        for lead in self.sudo():
            people = defaultdict(self.env["res.users"].browse)
            noticed = lead._get_noticed_people()
            for automatic, role in role_by_name.items():
                if users := noticed.get(automatic):
                    people[role] |= users
            for one in lead.contribution_ids:
                if one.state == "confirmed" and not one.is_automatic:
                    people[one.role_id] |= one.user_id
            result[lead] = people
        return result

    def _get_noticed_people(self):
        """The colleagues who did what the addon notices.

        :return: dict of ``res.users`` by the role's ``automatic``.
        """
        self.ensure_one()
        signals = self.upsell_signal_ids.filtered(
            lambda one: one.state in (*OPEN_STATES, "won")
        )
        insights = signals.filtered("insight_id")
        accepted = self.handover_ids.filtered(lambda one: one.state == "accepted")
        machine = self.env["res.users"].browse(SUPERUSER_ID)
        others = {
            "first_contact": self.first_contact_user_id,
            "handover": accepted.to_user_id,
            "signal": (signals - insights).reported_by_id,
            "insight": insights.insight_id.reported_by_id,
        }
        return {
            "seller": self.user_id,
            **{
                name: users - self.user_id - machine
                for name, users in others.items()
                if users
            },
        }

    def _record_contributions(self, people):
        """Note down who contributed to these won deals, for everybody to see.

        :param people: see :meth:`_get_people`.
        """
        # sudo: radio.contribution - noticed by the addon
        contributions = self.env["radio.contribution"].sudo()
        present = {
            (one.lead_id.id, one.user_id.id, one.role_id.id): one
            for one in self.sudo().contribution_ids
        }
        vals_list = []
        for lead, roles in people.items():
            for role, users in roles.items():
                for user in users:
                    one = present.pop((lead.id, user.id, role.id), None)
                    if one and one.state != "confirmed":
                        # somebody had proposed what is noticed by itself as well
                        one.write({"is_automatic": True, "state": "confirmed"})
                    if not one:
                        vals_list.append(
                            {
                                "lead_id": lead.id,
                                "user_id": user.id,
                                "role_id": role.id,
                                "is_automatic": True,
                                "state": "confirmed",
                            }
                        )
        # what was noticed before, and was not so in the end; of several deals that were
        # merged each has its own people
        gone = contributions.union(*present.values()).filtered(
            lambda one: one.is_automatic and len(one.lead_id.commission_deal_ids) < 2
        )
        gone.unlink()
        return contributions.create(vals_list)

    @api.model
    def _get_shared_queries(self):
        """Whoever contributed may read the opportunity for a year: what is listed as
        theirs can be opened."""
        self.env["radio.contribution"].flush_model(["lead_id", "state", "user_id"])
        since = fields.Datetime.now() - relativedelta(months=CONTRIBUTED_MONTHS)
        contributed = SQL(
            """SELECT lead_id FROM radio_contribution
               WHERE user_id = %s AND state = 'confirmed' AND create_date >= %s""",
            self.env.uid,
            since,
        )
        return [*super()._get_shared_queries(), contributed]

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
