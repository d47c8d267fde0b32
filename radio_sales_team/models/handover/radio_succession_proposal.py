from collections import defaultdict

from odoo import models
from odoo.fields import Domain


class RadioSuccession(models.Model):
    """The proposal: what somebody has, and who of the colleagues takes it."""

    _inherit = "radio.succession"

    def _propose(self):
        """Lines for all that the person has, each with the colleague who has least; a
        customer's inquiries stay together."""
        for succession in self:
            succession.sudo().line_ids.unlink()
            held = succession._get_held()
            takers = succession._choose_takers(held)
            # sudo: radio.succession.line - made by the addon alone
            self.env["radio.succession.line"].sudo().create(
                [
                    {
                        "succession_id": succession.id,
                        "kind": kind,
                        "res_model": record._name,
                        "res_id": record.id,
                        "field_name": field_name,
                        "name": record.display_name,
                        "to_user_id": succession.to_user_id.id
                        or takers[kind, record].id,
                    }
                    for kind, field_name, records in held
                    for record in records
                ]
            )

    def _get_held(self, user=None):
        """What waits for somebody now.

        :param user: ``res.users``, default: who is away.

        :return: list of (kind of line, name of the field, records).
        """
        self.ensure_one()
        in_company = Domain("company_id", "in", [self.company_id.id, False])
        held = []
        for kind, model, field_name, domain in self._get_held_domains():
            # sudo: whatever they have, whoever may see it
            records = self.env[model].sudo().with_context(active_test=True)
            mine = Domain(field_name, "=", (user or self.user_id).id)
            if "company_id" in records._fields:
                mine &= in_company
            found = records.search(mine & Domain(domain))
            if model == "mail.activity":
                # of records of this company alone
                found = found.filtered(self._is_own_activity)
            held.append((kind, field_name, found))
        return held

    def _is_own_activity(self, activity):
        record = activity.env[activity.res_model].browse(activity.res_id).exists()
        return record and record.company_id in (self.company_id, record.company_id[:0])

    def _get_held_domains(self):
        """What one person can have; other concerns add to it.

        :return: list of (kind of line, model, field that names them, domain).
        """
        is_open = [("won_status", "=", "pending")]
        held = [
            ("seller", "crm.lead", "user_id", is_open),
            ("back_office", "crm.lead", "back_office_user_id", is_open),
            (
                "promise",
                "radio.sla.clock",
                "promised_by_id",
                [("kind", "=", "promise"), ("state", "in", ("running", "paused"))],
            ),
            (
                "asked",
                "radio.handover",
                "to_user_id",
                [("state", "=", "requested"), ("kind", "=", "asked")],
            ),
            (
                "activity",
                "mail.activity",
                "user_id",
                [("res_model", "in", ("crm.lead", "res.partner"))],
            ),
        ]
        if self.is_for_good:
            held += [
                ("customer_seller", "res.partner", "user_id", []),
                ("customer_back_office", "res.partner", "back_office_user_id", []),
            ]
        return held

    def _choose_takers(self, held):
        """Who takes what: of those with the same role in the same team who are there
        whoever has least, and one person for all of a customer.

        :param held: see :meth:`_get_held`.
        :return: dict of ``res.users`` by (kind of line, record), empty where nobody is
            known.
        """
        colleagues = self._get_colleagues()
        load = self._get_load(colleagues)
        by_customer, takers = {}, defaultdict(self.env["res.users"].browse)
        own_role = self._get_own_role()
        for kind, _field_name, records in held:
            role = own_role
            if kind in ("seller", "customer_seller", "asked"):
                role = "seller"
            elif "back_office" in kind:
                role = "back_office"
            for record in records:
                customer = _get_customer(record)
                taker = by_customer.get((role, customer)) if customer else None
                able = colleagues[role]
                if not taker and able:
                    taker = min(able, key=lambda user: (load[user], user.id))
                    load[taker] += 1
                if taker:
                    takers[kind, record] = taker
                    by_customer[role, customer] = taker
        return takers

    def _get_own_role(self):
        """Whether the person answers or sells: others of the same role keep their word
        and do what they had planned."""
        # sudo: crm.team.member - who does what is no secret
        members = self.env["crm.team.member"].sudo().with_context(active_test=False)
        own = members.search([("user_id", "=", self.user_id.id)])
        roles = own.mapped("sales_role")
        return "back_office" if "back_office" in roles else "seller"

    def _get_colleagues(self):
        """Who of the person's teams is there to take over, by role."""
        # sudo: crm.team.member - who works with whom is no secret
        memberships = self.env["crm.team.member"].sudo()
        # also of somebody who cannot log in any more
        own = memberships.with_context(active_test=False).search(
            [("user_id", "=", self.user_id.id)]
        )
        members = memberships.search(
            [
                ("crm_team_id", "in", own.crm_team_id.ids),
                ("crm_team_id.company_id", "in", [self.company_id.id, False]),
            ]
        )
        found = {}
        for role, names in (
            ("back_office", ("back_office",)),
            ("seller", ("field_sales", False)),
        ):
            fitting = members.filtered(lambda one, names=names: one.sales_role in names)
            found[role] = fitting.user_id.filtered(
                lambda user: (
                    user.active
                    and user != self.user_id
                    and not self.env["crm.team"]._is_away(user)
                    and self.company_id in user.company_ids
                )
            )
        # a back office of one, or a team without roles: everyone else there
        everyone = found["back_office"] | found["seller"]
        return {role: users or everyone for role, users in found.items()}

    def _get_load(self, colleagues):
        users = colleagues["back_office"] | colleagues["seller"]
        load = dict.fromkeys(users, 0)
        # sudo: crm.lead - how many they have, not which
        for name in ("user_id", "back_office_user_id"):
            groups = (
                self.env["crm.lead"]
                .sudo()
                ._read_group(
                    [(name, "in", users.ids), ("won_status", "=", "pending")],
                    [name],
                    ["__count"],
                )
            )
            for user, count in groups:
                load[user] += count
        return load


def _get_customer(record):
    """The customer to whom a record belongs, empty where it has none."""
    if record._name == "res.partner":
        return record.commercial_partner_id
    lead = record if record._name == "crm.lead" else False
    if record._name == "mail.activity":
        if record.res_model == "res.partner":
            partner = record.env["res.partner"].browse(record.res_id)
            return partner.commercial_partner_id
        lead = record.env["crm.lead"].browse(record.res_id)
    elif "partner_id" in record and not lead:
        return record.partner_id.commercial_partner_id
    elif not lead:
        lead = record.lead_id
    return lead.partner_id.commercial_partner_id or lead
