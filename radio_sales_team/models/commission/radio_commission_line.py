from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...tools.seal import to_text


class RadioCommissionLine(models.Model):
    """The ledger: what is written stays, for everybody, the superuser included.

    A correction is another line, with its reason. Lines hold no names, so that a
    person's data can be erased; who sees which line is what the record rules say.
    Closing a period seals its lines (``radio_commission_period_close``).
    """

    _name = "radio.commission.line"
    _description = "Commission Line"
    _order = "date desc, id desc"
    _rec_name = "deal_name"

    date = fields.Date(required=True)
    period_id = fields.Many2one(
        comodel_name="radio.commission.period",
        required=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        required=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=[
            ("accrual", "Earned"),
            ("reversal", "Taken back"),
            ("adjustment", "Adjusted"),
            ("true_up", "True-up"),
            ("bonus", "Bonus"),
        ],
        required=True,
    )
    deal_id = fields.Many2one(
        comodel_name="radio.commission.deal",
        index="btree_not_null",
        ondelete="restrict",
    )
    share_id = fields.Many2one(
        comodel_name="radio.commission.share", ondelete="restrict"
    )
    sequence = fields.Integer(
        help="Counts the lines of this part of a deal, so that no event pays twice."
    )
    role_id = fields.Many2one(
        comodel_name="radio.contribution.role", ondelete="restrict"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, ondelete="restrict"
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", index="btree_not_null", ondelete="restrict"
    )
    base_amount = fields.Monetary(
        string="Base", help="How much of the deal's base this line is about."
    )
    rate = fields.Float(string="Rate %", digits=(5, 2), aggregator=None)
    percent = fields.Float(string="Part %", digits=(5, 2), aggregator=None)
    amount = fields.Monetary(required=True)
    reason = fields.Char()

    deal_name = fields.Char(related="deal_id.name", string="Deal Name")
    partner_name = fields.Char(related="deal_id.partner_name", string="Customer")
    lead_id = fields.Many2one(related="deal_id.lead_id", string="Opportunity")

    _once = models.UniqueIndex(
        "(share_id, sequence) WHERE share_id IS NOT NULL",
        "This has been written already.",
    )

    @api.depends("deal_id", "kind", "reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = line.deal_name or line.reason or kinds[line.kind]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.period_id._check_takes_lines()
        return lines

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "What is in the ledger stays. Write an adjustment, with its reason."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What is in the ledger stays. Write an adjustment, with its reason."
            )
        )

    def _get_sealed_text(self):
        """Return this entry as text for the seal of its month: amounts, date, kind,
        reason, and the IDs of what it belongs to, but no names."""
        self.ensure_one()
        return to_text(
            (
                self.id,
                self.period_id.id,
                self.user_id.id,
                self.deal_id.id,
                self.share_id.id,
                self.role_id.id,
                self.company_id.id,
                self.currency_id.id,
                self.team_id.id,
                self.sequence,
            ),
            (self.base_amount, self.rate, self.percent, self.amount),
            (self.date.isoformat(), self.kind, self.reason),
        )

    @api.model
    def _write_lines(self, vals_list):
        """Write lines into their period, or the open one of their day.

        :param vals_list: values, without ``period_id`` where the open one is meant.
        """
        if not vals_list:
            return self.browse()
        periods = self.env["radio.commission.period"].sudo()
        found, prepared = {}, []
        for vals in vals_list:
            key = (vals["company_id"], vals["date"])
            if not vals.get("period_id"):
                if key not in found:
                    company = self.env["res.company"].browse(key[0])
                    found[key] = periods._get_open(company, key[1]).id
                vals = dict(vals, period_id=found[key])
            prepared.append(vals)
        # as OdooBot: only methods write the ledger, with no default values of the user
        return self.with_user(SUPERUSER_ID).create(prepared)
