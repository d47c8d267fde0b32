from odoo import api, fields, models
from odoo.exceptions import UserError

from ..response.late import is_late


class RadioHandover(models.Model):
    """The passing of an inquiry to a seller: agreed, not assumed.

    Somebody asks a seller, or changes the salesperson of an open inquiry in any other
    way; the seller takes it up by saying so or by contacting the customer, until a
    deadline of its own. What is a customer of theirs anyway is not asked, only told.

    Written by its methods alone, so that nobody can have agreed who did not:
    ``radio_handover_answer.py`` has the answers, ``radio_handover_notice.py`` what
    people are told.
    """

    _name = "radio.handover"
    _inherit = ["radio.evaluation.mixin"]
    _description = "Hand-Over"
    _order = "requested_at desc, id desc"
    _rec_name = "lead_name"
    _evaluated_facts = frozenset({"answer_hours", "answered_at", "is_late"})

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Inquiry",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="lead_id.company_id", store=True, precompute=True
    )
    team_id = fields.Many2one(related="lead_id.team_id", store=True, precompute=True)

    # the question
    kind = fields.Selection(
        selection=[
            ("asked", "Asked"),
            ("changed", "Salesperson changed"),
            ("own", "Their own customer"),
            ("back", "Given back"),
        ],
        string="How",
        required=True,
        default="asked",
        help="Asked: by “Hand over”. Salesperson changed: by the form, a list, an "
        "import or an assignment. Their own customer: told, not asked. Given back: it "
        "was theirs before a colleague stood in for them.",
    )
    from_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked By",
        required=True,
        ondelete="restrict",
    )
    previous_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson Before",
        ondelete="restrict",
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Seller",
        required=True,
        index=True,
        ondelete="restrict",
    )
    note = fields.Text(help="What the seller should know.")
    requested_at = fields.Datetime(
        string="Asked On", required=True, default=fields.Datetime.now
    )
    deadline = fields.Datetime(
        string="Answer Until",
        help="Frozen when it was asked: the hours that the policy of that moment "
        "allows. Empty where no policy or no working hours fit.",
    )
    policy_id = fields.Many2one(
        comodel_name="radio.sla.policy",
        index="btree_not_null",
        ondelete="set null",
    )
    message_id = fields.Many2one(
        comodel_name="mail.message",
        index="btree_not_null",
        ondelete="set null",
        help="The question as it was sent: who answers it with “ok” takes over.",
    )

    # the answer
    state = fields.Selection(
        selection=[
            ("requested", "Asked"),
            ("accepted", "Taken over"),
            ("declined", "Declined"),
            ("expired", "No answer"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="requested",
    )
    answered_at = fields.Datetime(string="Answered On")
    reason_id = fields.Many2one(
        comodel_name="radio.handover.reason",
        index="btree_not_null",
        ondelete="restrict",
    )
    answer_note = fields.Text(string="Answer")
    is_settled = fields.Boolean(
        string="Decided Otherwise",
        help="It was declined or not answered, and the team decided what happens "
        "instead.",
    )
    answer_hours = fields.Float(
        string="Hours to Answer",
        compute="_compute_answer_hours",
        store=True,
        aggregator="avg",
        help="Hours from the question to the answer, nights and weekends included.",
    )
    is_late = fields.Boolean(string="Late", compute="_compute_is_late")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    lead_name = fields.Char(
        compute="_compute_lead_name",
        compute_sudo=True,
        help="Also for whoever was asked and may not read the inquiry any more.",
    )
    outcome = fields.Char(
        compute="_compute_outcome",
        compute_sudo=True,
        help="Why there is nothing to answer any more.",
    )
    is_answerable = fields.Boolean(
        compute="_compute_is_answerable",
        help="Whoever was asked can still say yes or no.",
    )

    _one_question = models.UniqueIndex(
        "(lead_id, to_user_id) WHERE state = 'requested'",
        "This seller has been asked already and has not answered yet.",
    )
    _due_idx = models.Index("(deadline) WHERE state = 'requested'")
    _asked_idx = models.Index("(to_user_id) WHERE state = 'requested'")

    @api.depends("requested_at", "answered_at")
    def _compute_answer_hours(self):
        for handover in self:
            span = handover.answered_at and (
                handover.answered_at - handover.requested_at
            )
            handover.answer_hours = span.total_seconds() / 3600 if span else 0

    @api.depends("deadline", "answered_at", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for handover in self:
            handover.is_late = handover.state != "withdrawn" and is_late(
                handover.deadline, handover.answered_at, now
            )

    @api.depends("lead_id.name")
    def _compute_lead_name(self):
        for handover in self:
            handover.lead_name = handover.lead_id.name

    @api.depends("state", "is_settled", "lead_id.won_status", "lead_id.active")
    @api.depends_context("lang")
    def _compute_outcome(self):
        for handover in self:
            handover.outcome = False
            try:
                handover._check_open()
            except UserError as error:
                handover.outcome = str(error)

    @api.depends("state", "is_settled")
    def _compute_is_answerable(self):
        answerable = self._get_answerable()
        for handover in self:
            handover.is_answerable = handover in answerable

    @api.depends("to_user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for handover in self:
            handover.is_mine = handover.to_user_id == self.env.user

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        if not self.env.su:
            raise UserError(
                self.env._("What was agreed stays. Withdraw a hand-over instead.")
            )

    @api.model
    def _request(self, vals_list):
        """Ask sellers whether they take over, and tell each of them once.

        :param vals_list: values with ``lead_id`` and ``to_user_id``; where one was
            asked already and has not answered, nothing is asked again.
        :return: ``radio.handover``, as superuser.
        """
        # sudo: radio.handover - written by its methods alone, see the class
        handovers = self.sudo()
        leads = (
            self.env["crm.lead"].sudo().browse(vals["lead_id"] for vals in vals_list)
        )
        # what was answered in this transaction must be so for the unique index, too
        leads.handover_ids.flush_recordset(["state"])
        asked = {
            (handover.lead_id.id, handover.to_user_id.id)
            for handover in leads.handover_ids._get_asked()
        }
        new = [
            vals
            for vals in vals_list
            if (vals["lead_id"], vals["to_user_id"]) not in asked
        ]
        created = handovers.create(
            [
                {
                    "from_user_id": self.env.uid,
                    **self._prepare_promise_vals(leads.browse(vals["lead_id"])),
                    **vals,
                }
                for vals in new
            ]
        )
        # asking somebody else is the decision about who declined before
        (created.lead_id.handover_ids - created)._settle()
        created.lead_id._clear_next_step()
        return created

    @api.model
    def _prepare_promise_vals(self, lead):
        """Until when an answer is due, by the policy of now."""
        rule = lead._get_rule("seller_contact")
        calendar = rule and lead._get_clock_calendar(rule.calendar_id)
        if not calendar:
            return {}
        policy = self.env["radio.sla.policy"].sudo().browse(rule.id)
        minutes = max(1, round(policy.answer_hours * 60))
        now = fields.Datetime.now()
        deadline = calendar.sudo()._plan_working_minutes([(now, minutes)])[0]
        return {"policy_id": rule.id, "deadline": deadline}

    def _get_answerable(self):
        """Those of these to which a yes still counts: asked, or not answered in time
        and nothing else was decided since."""
        return self.filtered(
            lambda handover: (
                handover.state == "requested"
                or (handover.state == "expired" and not handover.is_settled)
            )
        )

    def _get_asked(self):
        """Those of these to which nobody has said anything yet."""
        return self.filtered(lambda handover: handover.state == "requested")

    def _drop(self):
        """Questions among these that nobody has to answer any more."""
        self._get_asked().write(
            {"state": "withdrawn", "answered_at": fields.Datetime.now()}
        )

    def _settle(self):
        """Something else was decided than these wanted."""
        self.filtered(
            lambda handover: handover.state in ("declined", "expired")
        ).is_settled = True
