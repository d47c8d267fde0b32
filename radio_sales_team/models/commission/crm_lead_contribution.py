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
        helpers = defaultdict(list)
        rows = self.env.execute_query(self._get_helper_query())
        for lead_id, *helper in rows:
            helpers[lead_id].append(helper)
        # sudo: crm.lead - who contributed, for whoever may read the opportunity
        return {
            lead: self._assign_roles(lead._prepare_people(), helpers[lead.id])
            for lead in self.sudo()
        }

    def _prepare_people(self):
        """What this opportunity itself says of who contributed.

        :return: dict of ids that can be kept as JSON, for :meth:`_assign_roles`.
        """
        self.ensure_one()
        return {
            "roles": self.env["radio.contribution.role"]._get_automatic_ids(),
            "seller": self.user_id.ids,
            "first_contact": self.first_contact_user_id.ids,
        }

    @api.model
    def _assign_roles(self, people, helpers):
        """Who has which role.

        :param people: see :meth:`_prepare_people`.
        :param helpers: list of what :meth:`_get_helper_query` finds, without the lead.
        :return: dict of ``res.users`` by role.
        """
        users = self.env["res.users"]
        roles = self.env["radio.contribution.role"].sudo()
        seller = users.browse(people["seller"])
        noticed = defaultdict(users.browse)
        noticed["first_contact"] = users.browse(people["first_contact"])
        confirmed = defaultdict(users.browse)
        for automatic, role_id, user_id, *_more in helpers:
            if automatic:
                noticed[automatic] |= users.browse(user_id)
            else:
                confirmed[role_id] |= users.browse(user_id)
        result = defaultdict(users.browse)
        for automatic, role_id in people["roles"].items():
            found = noticed[automatic] - seller - users.browse(SUPERUSER_ID)
            if found := seller if automatic == "seller" else found:
                result[roles.browse(role_id)] |= found
        for role_id, found in confirmed.items():
            result[roles.browse(role_id)] |= found
        return result

    def _get_helper_query(self):
        """Who did what on these beside salesperson and first contact.

        :return: ``SQL`` of rows of ids: lead, the role's ``automatic`` or else the
            role, user, and the signal that they noticed.
        """
        self.env["radio.handover"].flush_model(
            # the last one is not asked for: so a question that ends is written once
            ["lead_id", "state", "to_user_id", "answer_hours"]
        )
        self.env["radio.upsell.signal"].flush_model(
            ["insight_id", "lead_id", "reported_by_id", "state"]
        )
        self.env["radio.industry.insight"].flush_model(["reported_by_id"])
        self.env["radio.contribution"].flush_model(
            ["is_automatic", "lead_id", "role_id", "state", "user_id"]
        )
        return SQL(
            """SELECT lead_id, 'handover' AS automatic, NULL::int AS role_id,
                      to_user_id AS user_id, NULL::int AS signal_id
                 FROM radio_handover
                WHERE lead_id = ANY(%(leads)s) AND state = 'accepted'
            UNION ALL
               SELECT signal.lead_id,
                      CASE WHEN insight_id IS NULL THEN 'signal' ELSE 'insight' END,
                      NULL,
                      COALESCE(
                          (SELECT insight.reported_by_id
                             FROM radio_industry_insight insight
                            WHERE insight.id = signal.insight_id),
                          signal.reported_by_id),
                      signal.id
                 FROM radio_upsell_signal signal
                WHERE signal.lead_id = ANY(%(leads)s) AND signal.state = ANY(%(states)s)
            UNION ALL
               SELECT lead_id, NULL, role_id, user_id, NULL
                 FROM radio_contribution
                WHERE lead_id = ANY(%(leads)s) AND state = 'confirmed'
                  AND is_automatic IS NOT TRUE""",
            leads=self.ids,
            states=[*OPEN_STATES, "won"],
        )

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
        columns = self.env["radio.contribution"]._fields
        since = fields.Datetime.now() - relativedelta(months=CONTRIBUTED_MONTHS)
        contributed = SQL(
            """SELECT lead_id FROM radio_contribution
               WHERE user_id = %s AND state = 'confirmed' AND create_date >= %s""",
            self.env.uid,
            since,
            to_flush=[columns[name] for name in ("lead_id", "state", "user_id")],
        )
        return [*super()._get_shared_queries(), contributed]

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
