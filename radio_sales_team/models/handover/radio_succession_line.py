from odoo import fields, models
from odoo.exceptions import AccessError

from .radio_succession import CHOICES


class RadioSuccessionLine(models.Model):
    """One thing that somebody has: a record, and the field that names them."""

    _name = "radio.succession.line"
    _description = "What Somebody Else Takes Over"
    _order = "kind, name, id"

    succession_id = fields.Many2one(
        comodel_name="radio.succession", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=[
            ("seller", "Salesperson of an inquiry"),
            ("back_office", "Back office of an inquiry"),
            ("promise", "Promised call-back"),
            ("asked", "Asked to take over"),
            ("activity", "Planned activity"),
            ("customer_seller", "Salesperson of a customer"),
            ("customer_back_office", "Back office of a customer"),
        ],
        string="What",
        required=True,
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    field_name = fields.Char(required=True)
    name = fields.Char(string="Which")
    to_user_id = fields.Many2one(
        comodel_name="res.users", string="To", domain=[("share", "=", False)]
    )
    is_chosen = fields.Boolean(string="Hand Over", default=True)
    is_done = fields.Boolean(string="Handed Over", readonly=True)
    is_back = fields.Boolean(string="Given Back", readonly=True)

    def write(self, vals):
        if not self.env.su and set(vals) - CHOICES:
            raise AccessError(
                self.env._("Choose who takes it over, and whether; the rest is given.")
            )
        if not self.env.su and any(one.succession_id.state != "draft" for one in self):
            raise AccessError(self.env._("This was done already."))
        return super().write(vals)

    def _get_kind_label(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return labels[self[:1].kind]

    def _apply(self):
        """Give each thing to whoever was chosen, many at once, so that nobody gets a
        message for each. What the person has not any more is left alone."""
        for (kind, user), lines in self.grouped(
            lambda line: (line.kind, line.to_user_id)
        ).items():
            person = lines.succession_id.user_id
            records = lines._get_records(person)
            lines._give(kind, records, user)
            lines.filtered(lambda one, kept=records: one.res_id in kept.ids).write(
                {"is_done": True}
            )
        self.filtered("is_done")._tell_successors()

    def _tell_successors(self):
        """One mail to each about all that is theirs now. Inquiries that they are asked
        about have a mail of their own."""
        leads = self.env["crm.lead"].browse(
            self.filtered(lambda line: line.kind == "seller").mapped("res_id")
        )
        asked = leads.filtered(lambda lead: lead._is_waiting_open())
        told = self.filtered(
            lambda line: (
                line.kind != "asked"
                and not (line.kind == "seller" and line.res_id in asked.ids)
            )
        )
        for user, lines in told.grouped("to_user_id").items():
            if user == self.env.user:
                continue
            lines = lines.with_context(lang=user.lang)
            person = lines.succession_id.user_id.name
            body = self.env["ir.qweb"]._render(
                "radio_sales_team.succession_mail",
                {"lines": lines, "person": person},
                minimal_qcontext=True,
            )
            user._notify_from_station(
                lines.env._("You stand in for %s", person),
                body,
                lines.env._("stand-in"),
            )

    def _give_back(self):
        """Give back what the successors still have.

        :return: the lines of what came back.
        """
        back = self.browse()
        for (kind, user), lines in self.grouped(
            lambda line: (line.kind, line.to_user_id)
        ).items():
            person = lines.succession_id.user_id
            records = lines._get_records(user)
            if kind == "seller":
                records._give_salesperson_back(person)
            elif kind != "asked":
                lines._give(kind, records, person)
            else:
                records = records.browse()
            back |= lines.filtered(lambda one, kept=records: one.res_id in kept.ids)
        back.is_back = True
        return back

    def _get_records(self, user):
        """Those of the records that a user has now and that are still open: what was
        won, done or given to somebody else meanwhile stays as it is."""
        held = self.succession_id._get_held(user)
        records = self.env[self[0].res_model].browse()
        for kind, _field_name, found in held:
            if kind == self[0].kind:
                records = found
        return records.browse(self.mapped("res_id")) & records

    def _give(self, kind, records, user):
        """Make a user the one who has these.

        :param kind: of line; other concerns can do more than write a field.
        """
        if kind == "asked":
            records._drop()
            if user == self.env.user:
                records.lead_id.user_id = user
                return
            for lead in records.lead_id:
                lead._check_seller(user)
            self.env["crm.lead"]._make_handovers(
                [
                    one.lead_id._prepare_handover_vals(
                        user, one.previous_user_id, "asked", one.note
                    )
                    for one in records
                ]
            )
            return
        # told of all at once, see _tell_successors, not by a mail for each
        records.with_context(
            mail_activity_quick_update=True, mail_auto_subscribe_no_notify=True
        ).write({self[0].field_name: user.id})

    def action_open(self):
        """Open what this line is about."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if record._name == "mail.activity" and not record.res_model:
            return False
        if self.res_model in ("radio.sla.clock", "radio.handover"):
            record = record.lead_id
        if record and self.res_model == "mail.activity":
            record = self.env[record.res_model].browse(record.res_id)
        return record.get_formview_action() if record else False
