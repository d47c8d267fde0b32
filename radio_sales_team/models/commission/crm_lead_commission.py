from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmLead(models.Model):
    """Winning freezes a deal, leaving "won" takes it back."""

    _inherit = "crm.lead"

    commission_base = fields.Monetary(
        tracking=True,
        currency_field="company_currency",
        copy=False,
        help="What the commission is reckoned on: media value after discounts, agency "
        "commission, production, barter and tax. Empty: the expected revenue.",
    )
    is_commission_free = fields.Boolean(
        string="Pays No Commission",
        tracking=True,
        copy=False,
        help="Barter, say: who contributed is noted, and nobody is paid.",
    )
    commission_deal_ids = fields.One2many(
        comodel_name="radio.commission.deal", inverse_name="lead_id", copy=False
    )

    def _get_list_names(self):
        return [*super()._get_list_names(), "commission_deal_ids"]

    @api.constrains("commission_base", "expected_revenue")
    def _check_commission_base(self):
        """Less than the revenue, as production is no media value, but never more."""
        # constraints run as superuser, so it is the user who counts
        user = self.env.user
        if user.id == SUPERUSER_ID or user.has_group(
            "radio_sales_team.group_commission_manager"
        ):
            return
        for lead in self:
            currency = lead.company_currency or self.env.company.currency_id
            if (
                currency.compare_amounts(lead.commission_base, lead.expected_revenue)
                > 0
            ):
                raise ValidationError(
                    self.env._(
                        "Commission of “%s” cannot be reckoned on more than the "
                        "expected revenue.",
                        lead.name,
                    )
                )

    def _follow_win(self):
        """Record what was won, and by whom. What follows from it, bookings and signals
        too, is written a moment later; at once where it had been won before."""
        # sudo: radio.commission.deal - whoever wins it need not see what it pays
        won = self.sudo()
        known = won.filtered(
            lambda lead: any(deal._is_frozen() for deal in lead.commission_deal_ids)
        )
        if won != known:
            self.env["radio.commission.deal"].sudo()._freeze(won - known)
        known.commission_deal_ids._win_again()
        # read as superuser, for people who do not see them
        self.invalidate_recordset(["commission_deal_ids"], flush=False)
        signals = self.env["radio.upsell.signal"]
        signals.invalidate_model(["is_being_won"], flush=False)
        return super(CrmLead, known.with_env(self.env))._follow_win()

    def _finish_win_now(self, known=None):
        # sudo: radio.commission.deal - what was put off when it was won comes first
        self.sudo().commission_deal_ids._lock()
        return super()._finish_win_now(known)

    def _prepare_win(self):
        """Several that were won and merged book, when they are won again, what they
        pay for."""
        facts = super()._prepare_win()
        # sudo: radio.commission.deal - as in _follow_win
        deals = self.sudo().commission_deal_ids
        won = deals.filtered_domain(
            [("state", "=", "won"), ("company_id", "=", facts["company_id"])]
        )
        if len(won) > 1:
            facts["revenue"] = sum(won.mapped("revenue"))
        return facts

    def _undo_win(self, reason):
        # sudo: radio.commission.deal - as in _follow_win; what was put off comes first
        self.sudo().commission_deal_ids._lock()
        result = super()._undo_win(reason)
        # sudo: radio.commission.deal - as in _follow_win
        self.sudo().commission_deal_ids._leave(reason)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        # sudo: radio.commission.deal - whether anything was paid for it
        paid = self.sudo().commission_deal_ids.filtered("line_ids")
        if paid:
            raise UserError(
                self.env._(
                    "Commission was written for “%s”, so it cannot be deleted. Mark it "
                    "as lost, or archive it.",
                    paid[0].name,
                )
            )

    def unlink(self):
        # sudo: radio.commission.deal - those that pay nothing go with it
        deals = self.sudo().commission_deal_ids
        deals._lock()
        # what is due by now is paid, whether the scheduled action came or not
        deals._settle_by_company()
        deals.filtered(lambda deal: not deal.line_ids).unlink()
        return super().unlink()

    def _merge_dependences(self, opportunities):
        """Only the pointer of a deal moves: what was earned stays earned. What was
        taken back before is no part of what these become, or it would be paid when that
        is won again."""
        # sudo: radio.commission.deal - as in _follow_win
        deals = opportunities.sudo().commission_deal_ids
        # what each was worth by itself is written first
        (self.sudo().commission_deal_ids | deals)._lock()
        left = deals.filtered(lambda deal: deal.state == "left")
        (deals - left).lead_id = self
        paid = left.filtered("line_ids")
        paid.lead_id = False
        (left - paid).unlink()
        return super()._merge_dependences(opportunities)

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """What was won and became part of something that is not is not earned."""
        head = super()._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        if head.won_status != "won":
            head._undo_win(self.env._("Merged into an opportunity that is not won"))
        return head


class CrmStage(models.Model):
    """One click on "Is Won Stage" would take back every deal in the stage."""

    _inherit = "crm.stage"

    def write(self, vals):
        if "is_won" in vals and not vals["is_won"]:
            # sudo: radio.commission.deal - whether there are any
            deals = self.env["radio.commission.deal"].sudo()
            won = deals.search(
                [("state", "=", "won"), ("lead_id.stage_id", "in", self.ids)], limit=1
            )
            if won:
                raise UserError(
                    self.env._(
                        "“%s” and other deals in this stage pay commission, and would "
                        "all be taken back. Move them to another won stage first.",
                        won.name,
                    )
                )
        return super().write(vals)


class CrmTeam(models.Model):
    _inherit = "crm.team"

    commission_leader_id = fields.Many2one(
        comodel_name="res.users",
        string="Sees the Team's Commission",
        domain=[("share", "=", False)],
        groups="radio_sales_team.group_commission_manager",
        help="Who sees what each member of the team earns: the team leader, say. Only "
        "commission managers choose that.",
    )
    won_channel_id = fields.Many2one(
        comodel_name="discuss.channel",
        string="“Won Together” Channel",
        domain=[("channel_type", "=", "channel")],
        help="Where everybody reads what was won, and by whom. Empty: on the "
        "opportunity alone.",
    )
