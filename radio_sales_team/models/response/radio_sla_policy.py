from collections import namedtuple

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

# What matching and reminding need of a policy, cached, as every incoming mail asks.
Rule = namedtuple(
    "Rule",
    "id company_id team_ids channels priority tag_ids minutes calendar_id stop_on "
    "steps",
)

# What is promised to a customer; each has its policies.
CLOCK_KINDS = [
    ("first_contact", "First contact"),
    ("seller_contact", "Seller's contact"),
    ("next_reply", "Next reply"),
    ("promise", "Call-back"),
]


class RadioSlaPolicy(models.Model):
    """Which inquiries are promised an answer within which working time.

    The first policy that matches, by sequence, holds. What it promises is copied to the
    clock when it starts, so that a later change of the policy changes no running clock.
    """

    _name = "radio.sla.policy"
    _inherit = ["radio.cached.mixin"]
    _description = "Response-Time Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        help="Empty: for the inquiries of all companies.",
    )
    clock_kind = fields.Selection(
        selection=CLOCK_KINDS,
        string="Promise",
        required=True,
        default="first_contact",
        help="First contact: the answer to a new inquiry. Seller's contact: the first "
        "call of the seller who took over. Next reply: the answer to what a customer "
        "writes later. Call-back: a call that was promised.",
    )

    # which inquiries
    team_ids = fields.Many2many(
        comodel_name="crm.team",
        string="Sales Teams",
        # a team or tag that is gone must not leave a policy for all inquiries
        ondelete="restrict",
        context={"active_test": False},
        domain="[('company_id', 'in', [company_id, False])] if company_id else []",
        help="Empty: all teams.",
    )
    inquiry_channels = fields.Many2many(
        comodel_name="ir.model.fields.selection",
        string="Channels",
        domain=lambda self: self._domain_inquiry_channels(),
        groups="sales_team.group_sale_manager",
        help="How the inquiry came in. Empty: every way.",
    )
    minimum_priority = fields.Selection(
        selection=[
            ("0", "Any"),
            ("1", "Medium"),
            ("2", "High"),
            ("3", "Very high"),
        ],
        required=True,
        default="0",
        help="Only inquiries of at least this priority (the stars).",
    )
    tag_ids = fields.Many2many(
        comodel_name="crm.tag",
        string="Tags",
        ondelete="restrict",
        help="Only inquiries with one of these tags. Empty: with or without tags.",
    )

    # what is promised
    target_hours = fields.Float(
        string="Answer Within",
        required=True,
        default=1.0,
        help="Working hours between the inquiry and the answer. Nights, weekends, "
        "breaks and holidays do not count. For a call-back: hours after the agreed "
        "moment.",
    )
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        domain="[('company_id', 'in', [company_id, False])] if company_id else []",
        help="Empty: the response hours of the inquiry's team, else the company's "
        "working hours.",
    )
    stop_on = fields.Selection(
        selection=[
            ("attempt", "An attempt is enough"),
            ("reached", "Only reaching the customer"),
        ],
        string="Counts as Answer",
        required=True,
        default="attempt",
        help="Whether trying to reach the customer keeps the promise, or only "
        "speaking to them. A message that was sent counts as reached.",
    )
    pause_limit = fields.Integer(
        string="Pauses Allowed",
        help="How often one answer may wait for the customer. 0: never.",
    )
    escalation_ids = fields.One2many(
        comodel_name="radio.sla.escalation",
        inverse_name="policy_id",
        string="Reminders",
        copy=True,
        help="Who is told when which part of the time is over. Each comes once.",
        default=lambda self: self._default_escalations(),
    )

    _pause_limit_positive = models.Constraint(
        "CHECK (pause_limit >= 0)", "Pauses cannot be allowed less than 0 times."
    )
    _target_hours_positive = models.Constraint(
        "CHECK (target_hours > 0)",
        "The time to answer must be more than 0 working hours.",
    )

    @api.model
    def _domain_inquiry_channels(self):
        """Odoo's own records of the choices of one field; by id, as managers may not
        look through other models' fields."""
        channel = self.env["ir.model.fields"]._get("crm.lead", "inquiry_channel")
        return [("field_id", "=", channel.id)]

    @api.model
    def _default_escalations(self):
        return [
            Command.create({"percentage": 50, "action": "card"}),
            Command.create({"percentage": 80, "action": "remind"}),
            Command.create({"percentage": 100, "action": "deputy"}),
            Command.create({"percentage": 100, "action": "notify_leader"}),
        ]

    @api.constrains("active", "calendar_id", "team_ids", "company_id")
    def _check_calendar(self):
        """Refuse a policy whose deadlines no calendar could tell."""
        main_company = self.env["crm.lead"]._get_main_company()
        for policy in self.filtered("active"):
            for team in policy.team_ids or [policy.team_ids]:
                company = policy.company_id or team.company_id or main_company
                policy._check_usable(
                    policy.calendar_id
                    or team.response_calendar_id
                    or company.resource_calendar_id
                    or main_company.resource_calendar_id
                )

    def _check_usable(self, calendar):
        if not calendar:
            raise ValidationError(
                self.env._(
                    "There are no working hours for the policy “%(policy)s”. Choose "
                    "some in the policy, the sales team or the company.",
                    policy=self.name,
                )
            )
        if calendar.flexible_hours:
            raise ValidationError(
                self.env._(
                    "“%(calendar)s” has flexible hours: it says how long people work, "
                    "but not when, so no deadline can be planned for the policy "
                    "“%(policy)s”. Choose working hours with fixed times.",
                    calendar=calendar.name,
                    policy=self.name,
                )
            )
        if not calendar._has_working_time():
            raise ValidationError(
                self.env._(
                    "“%(calendar)s” has no working time, so no deadline can be planned "
                    "for the policy “%(policy)s”. Add hours to it, or choose other "
                    "working hours.",
                    calendar=calendar.name,
                    policy=self.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: radio.sla.clock - whether any clock uses it, whoever may see that clock
        used = (
            self.env["radio.sla.clock"]
            .sudo()
            ._read_group([("policy_id", "in", self.ids)], ["policy_id"])
        )
        if used:
            raise UserError(
                self.env._(
                    "“%(policy)s” is what customers were promised and stays on their "
                    "inquiries. Archive it instead of deleting it.",
                    policy=used[0][0].name,
                )
            )

    def action_recompute_clocks(self):
        """Plan the open clocks of these policies anew; those who wait keep what they
        were promised until somebody does this.

        :raises AccessError: for all but sales administrators.
        """
        clocks = self.env["radio.sla.clock"].search(
            [("policy_id", "in", self.ids), ("state", "in", ("running", "paused"))]
        )
        clocks.lead_id.action_recompute_clocks()
        return clocks.lead_id._tell(
            self.env._("%s inquiries were planned anew.", len(clocks.lead_id))
        )

    @api.model
    @ormcache("clock_kind")
    def _get_rules(self, clock_kind):
        """The active policies of a kind, in order, as plain values (see ``Rule``)."""
        # sudo: radio.sla.policy - what is promised holds for everyone's inquiries
        # whoever asks first may be looking at archived records
        policies = self.sudo().with_context(active_test=True)
        policies = policies.search([("clock_kind", "=", clock_kind)])
        return [
            Rule(
                id=policy.id,
                company_id=policy.company_id.id,
                team_ids=frozenset(policy.team_ids.ids),
                channels=frozenset(policy.inquiry_channels.mapped("value")),
                priority=policy.minimum_priority,
                tag_ids=frozenset(policy.tag_ids.ids),
                minutes=max(1, round(policy.target_hours * 60)),
                calendar_id=policy.calendar_id.id,
                stop_on=policy.stop_on,
                steps=tuple(
                    (step.percentage, step.action) for step in policy.escalation_ids
                ),
            )
            for policy in policies
        ]
