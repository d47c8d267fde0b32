from collections import defaultdict
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.upsell.percent import format_percent


class RadioCommissionSimulation(models.TransientModel):
    """Try a plan out before it is approved: on one deal, on an amount, or on all that
    was won in a year, beside what people earned. Nothing is written."""

    _name = "radio.commission.simulation"
    _description = "Try a Commission Plan"

    plan_id = fields.Many2one(
        comodel_name="radio.commission.plan", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        domain=[("type", "=", "opportunity")],
        help="Its people and its base. Empty: an amount, and one person in each role.",
    )
    base_amount = fields.Monetary(
        string="Base",
        compute="_compute_base_amount",
        store=True,
        readonly=False,
    )
    words = fields.Char(compute="_compute_words")
    line_ids = fields.One2many(
        comodel_name="radio.commission.simulation.line",
        inverse_name="simulation_id",
        compute="_compute_line_ids",
        store=True,
    )
    replay_ids = fields.One2many(
        comodel_name="radio.commission.replay.line", inverse_name="simulation_id"
    )
    replay_words = fields.Char(readonly=True)

    @api.depends("lead_id")
    def _compute_base_amount(self):
        for simulation in self:
            if simulation.lead_id:
                simulation.base_amount = simulation.lead_id._get_commission_base()
            else:
                simulation.base_amount = simulation.base_amount or 1000

    @api.depends("base_amount", "lead_id", "plan_id")
    def _compute_line_ids(self):
        for simulation in self:
            plan, base = simulation.plan_id, simulation.base_amount
            rows, _words = simulation._find_rows()
            amounts = plan._get_share_amounts(base, rows) if plan else []
            simulation.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "user_id": row.get("user_id"),
                        "role_id": row["role_id"],
                        "amount": float(amount),
                        "why": simulation._explain(row, base),
                    }
                )
                for row, amount in zip(rows, amounts, strict=True)
            ]

    @api.depends("base_amount", "lead_id", "plan_id")
    def _compute_words(self):
        for simulation in self:
            _rows, simulation.words = simulation._find_rows()

    def _find_rows(self):
        """The parts of the deal; without one, a person in each role.

        :return: pair of list of dicts, and of what is missing.
        """
        plan, lead = self.plan_id, self.lead_id._origin
        if not plan:
            return [], False
        if lead:
            contributors = lead.sudo()._get_contributors()[lead]
            return self._split(lead, contributors, self.base_amount)
        return [
            {
                "credit": line.credit,
                "percent": line.percent,
                "role_id": line.role_id.id,
            }
            for line in plan.line_ids
        ], False

    def _split(self, lead, contributors, base):
        """Split an opportunity by the plan: see ``radio.commission.plan._split``."""
        # sudo: radio.commission.plan - nothing is written, the manager may see it
        plan = self.plan_id._origin.sudo()
        return plan._split(base, plan.company_id, lead.team_id, contributors)

    def _explain(self, row, base):
        """In a sentence, how an amount comes about."""
        plan = self.plan_id
        amount = self.currency_id.format(base)
        if row["credit"] == "overlay":
            why = self.env._(
                "%(percent)s %% of %(base)s, on top, divided among all in this role",
                percent=format_percent(self.env, row["percent"]),
                base=amount,
            )
            if not plan.has_cap:
                return why
            return self.env._(
                "%(why)s; all on top together at most %(cap)s %%",
                why=why,
                cap=format_percent(self.env, plan.overlay_cap),
            )
        commission = plan._get_commission(base)
        return self.env._(
            "%(percent)s %% of the commission of %(commission)s on %(base)s",
            percent=format_percent(self.env, row["percent"]),
            commission=self.currency_id.format(float(commission)),
            base=amount,
        )

    def action_replay(self):
        """What each would have earned with the deals of the last twelve months, beside
        what these pay them, campaigns that are on air to their end.

        :raises UserError: where nothing was won.
        """
        self.ensure_one()
        self.env.user._check_commission_manager()
        plan = self.plan_id
        today = plan.company_id._get_local_day()
        year_ago = plan.company_id._get_day_start(today - relativedelta(years=1))
        domain = [
            ("won_status", "=", "won"),
            ("date_closed", ">=", year_ago),
            ("company_id", "in", [plan.company_id.id, False]),
        ]
        if plan.team_ids:
            domain.append(("team_id", "in", plan.team_ids.ids))
        # sudo: crm.lead - all deals of the company, for the commission manager
        leads = self.env["crm.lead"].sudo().search(domain)
        leads = leads.filtered(
            lambda lead: lead._get_response_company() == plan.company_id
        )
        if not leads:
            raise UserError(self.env._("Nothing was won in the last twelve months."))
        would, problems = self._replay(leads)
        deals = leads.commission_deal_ids
        did = deals._get_amounts()
        self.replay_ids = [Command.clear()] + [
            Command.create(
                {
                    "user_id": user.id,
                    "would": float(would[user]),
                    "did": float(did[user]),
                    "difference": float(would[user] - did[user]),
                }
            )
            for user in self.env["res.users"].union(*would, *did)
        ]
        losers = len(self.replay_ids.filtered(lambda one: one.difference < 0))
        self.replay_words = self.env._(
            "%(deals)s deals of twelve months. %(losers)s would earn less than they "
            "did. %(problems)s deals lack somebody in a role.",
            deals=len(leads),
            losers=losers,
            problems=problems,
        )
        return self._get_action()

    def _replay(self, leads):
        """:return: pair of dict of amounts by user, and how many lack somebody."""
        plan, problems = self.plan_id, 0
        would = defaultdict(Decimal)
        contributors = leads._get_contributors()
        users = self.env["res.users"]
        for lead in leads:
            base = lead._get_commission_base()
            rows, problem = self._split(lead, contributors[lead], base)
            problems += bool(problem)
            for row, amount in zip(
                rows, plan._get_share_amounts(base, rows), strict=True
            ):
                would[users.browse(row["user_id"])] += amount
        return would, problems

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try it out"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class RadioCommissionSimulationLine(models.TransientModel):
    """Who would get what, and why."""

    _name = "radio.commission.simulation.line"
    _description = "Part of a Deal, Tried Out"

    simulation_id = fields.Many2one(
        comodel_name="radio.commission.simulation", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Who")
    role_id = fields.Many2one(comodel_name="radio.contribution.role")
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    amount = fields.Monetary()
    why = fields.Char()


class RadioCommissionReplayLine(models.TransientModel):
    """A year by the plan, beside the year as it was."""

    _name = "radio.commission.replay.line"
    _description = "A Year by the Plan"
    _order = "difference, id"

    simulation_id = fields.Many2one(
        comodel_name="radio.commission.simulation", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Who", required=True)
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    would = fields.Monetary(string="By This Plan")
    did = fields.Monetary(
        string="Earned", help="Campaigns that are on air count to their end."
    )
    difference = fields.Monetary()
