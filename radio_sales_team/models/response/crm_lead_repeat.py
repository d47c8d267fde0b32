from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmLead(models.Model):
    """Asked twice: whoever asks by mail, form and phone is one customer waiting."""

    _inherit = "crm.lead"

    asked_before_id = fields.Many2one(
        comodel_name="crm.lead",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="An earlier inquiry of the same customer that is still open.",
    )
    asked_later_ids = fields.One2many(
        comodel_name="crm.lead", inverse_name="asked_before_id", copy=False
    )
    can_join = fields.Boolean(
        compute="_compute_can_join",
        help="The earlier inquiry is still open, and the two can become one.",
    )

    @api.depends("asked_before_id.active", "asked_before_id.won_status", "won_status")
    def _compute_can_join(self):
        for lead in self.sudo():
            earlier = lead.asked_before_id
            lead.can_join = bool(earlier) and earlier._is_open() and lead._is_open()

    def _link_earlier(self):
        """Find the open inquiry with which the customer of each of these already waits,
        take over its people, and note down that they asked again."""
        earlier_by_lead = self._find_earlier()
        for lead, earlier in earlier_by_lead.items():
            vals = {"asked_before_id": earlier.id}
            if (
                earlier.back_office_user_id
                and lead.back_office_user_id != self.env.user
            ):
                vals["back_office_user_id"] = earlier.back_office_user_id.id
            if earlier.user_id and not lead.user_id:
                vals["user_id"] = earlier.user_id.id
            lead.write(vals)
            if not earlier.first_contact_at:
                earlier._ask_again()

    def _find_earlier(self):
        """The inquiry of the same customer (person, company, address, number) by lead:
        the first that still waits for its first contact, else the last that is open.

        :return: dict of ``crm.lead`` by ``crm.lead``, as superuser.
        """
        # sudo: crm.lead - whether the customer waits already, whoever answers them
        leads = self.sudo()
        customers = {lead: lead._get_customer() for lead in leads}
        customers = {lead: who for lead, who in customers.items() if who}
        if not customers:
            return {}
        family_ids = set().union(*(who.partner_ids for who in customers.values()))
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        if family_ids:
            partners = partners.search(
                [("commercial_partner_id", "in", list(family_ids))]
            )
        domain = Domain("partner_id", "in", list(family_ids | set(partners.ids)))
        domain |= Domain(
            "email_normalized",
            "in",
            list(set().union(*(who.emails for who in customers.values()))),
        )
        domain |= Domain(
            "phone_sanitized",
            "in",
            list(set().union(*(who.phones for who in customers.values()))),
        )
        candidates = leads.with_context(active_test=True).search(
            domain
            & Domain("is_inquiry", "=", True)
            & Domain("won_status", "=", "pending")
            & Domain("id", "not in", self.ids),
            order="received_at, id",
            limit=1000,
        )
        found = {}
        no_team = self.env["crm.team"]
        for lead, customer in customers.items():
            others = candidates.filtered(
                lambda other, lead=lead, customer=customer: (
                    # what a customer asks two stations are two questions
                    (not lead.team_id or other.team_id in (lead.team_id, no_team))
                    and (not lead.company_id or other.company_id == lead.company_id)
                    and customer.is_customer_of(other)
                )
            )
            waiting = others.filtered(lambda other: not other.first_contact_at)
            if others:
                found[lead] = waiting[:1] or others[-1:]
        return found

    def _is_covered(self):
        """Whether the clock of an earlier inquiry of this customer runs already."""
        self.ensure_one()
        earlier = self.asked_before_id
        return (
            bool(earlier)
            and earlier._is_waiting_open()
            and bool(earlier._get_open_clocks(("first_contact",)))
        )

    def _answer_later(self, vals):
        """The customer was spoken to: that answers what they asked twice, too.

        :param vals: of the contact attempt on this lead.
        :return: values of the attempts on the inquiries that this one stood for.
        """
        self.ensure_one()
        if not self.asked_again_count:
            return []  # every message to a customer comes here
        later = self.asked_later_ids.filtered(
            lambda lead: (
                lead._is_waiting_open()
                and not lead.first_contact_at
                and not lead._get_first_contact_clock()
            )
        )
        facts = {
            name: value
            for name, value in vals.items()
            if name in ("user_id", "channel", "outcome", "message_id", "note")
        }
        return [dict(facts, lead_id=lead.id) for lead in later]

    def _uncover_later(self):
        """An inquiry that ended without contact stands for no other any more: the
        later ones get clocks of their own."""
        over = self.filtered(lambda lead: not lead._is_waiting_open())
        later = over.asked_later_ids.filtered(
            lambda lead: lead._is_waiting_open() and not lead.first_contact_at
        )
        if later:
            later._start_clocks("first_contact")

    def unlink(self):
        # sudo: crm.lead - customers who asked twice, whoever may see the other inquiry
        later = self.sudo().asked_later_ids - self
        result = super().unlink()
        if later:
            later.filtered(
                lambda lead: lead._is_waiting_open() and not lead.first_contact_at
            )._start_clocks("first_contact")
        return result

    def action_join(self):
        """Make one inquiry of this and the earlier one of the same customer.

        :return: action that opens it.
        :raises UserError: where the earlier one is over.
        """
        self.ensure_one()
        earlier = self.asked_before_id
        if not self.can_join:
            raise UserError(
                self.env._("There is no open inquiry of this customer to join it with.")
            )
        joined = (earlier | self).merge_opportunity()
        return joined.get_formview_action()
