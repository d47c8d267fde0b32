from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

# A form that is sent again within this time was sent twice by mistake.
RESENT_WITHIN = timedelta(minutes=1)


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

    # of an expression: PostgreSQL takes core's trigram index for the column itself,
    # which costs a millisecond for each address
    _open_inquiry_idx = models.Index(
        "(lower(email_normalized)) "
        "WHERE is_inquiry IS TRUE AND won_status = 'pending' AND active IS TRUE"
    )

    @api.depends("asked_before_id.active", "asked_before_id.won_status", "won_status")
    def _compute_can_join(self):
        for lead in self.sudo():
            earlier = lead.asked_before_id
            lead.can_join = bool(earlier) and earlier._is_open() and lead._is_open()

    def _archive_resent(self):
        """Archive forms of the website that were sent twice: the same text of the same
        customer within a minute. Nobody asked again, and one of them is answered.

        :return: those that are archived.
        """
        resent = self.browse()
        for lead in self.filtered(lambda one: one.inquiry_channel == "website"):
            # sudo: crm.lead - the same inquiry, whoever may see it
            first = lead.sudo().search(
                [
                    ("id", "<", lead.id),
                    ("is_inquiry", "=", True),
                    ("inquiry_channel", "=", "website"),
                    ("received_at", ">=", lead.received_at - RESENT_WITHIN),
                    ("email_normalized", "=", lead.email_normalized),
                    ("phone", "=", lead.phone),
                    ("team_id", "=", lead.team_id.id),
                    ("name", "=", lead.name),
                ],
                limit=1,
            )
            if first and html2plaintext(first.description or "") == (
                html2plaintext(lead.description or "")
            ):
                lead.sudo().write({"is_inquiry": False, "active": False})
                lead._message_log(
                    body=self.env._("Sent twice: see “%s”.", first.display_name)
                )
                resent += lead
        return resent

    def _link_earlier(self):
        """Find the open inquiry with which the customer of each of these already waits,
        take over its people, and note down that they asked again."""
        now = fields.Datetime.now()
        for lead, earlier in self._find_earlier().items():
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
                # what waited for the customer goes on
                earlier.sla_clock_ids.pause_ids._end(now)
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
        candidates = defaultdict(leads.browse)
        for other in leads._search_same_customers(customers.values()):
            for key in other._get_customer_keys():
                candidates[key] |= other
        found = {}
        for lead, customer in customers.items():
            others = leads.browse().union(
                *map(candidates.get, customer.keys(candidates))
            )
            others = others.sorted(
                lambda other: (other.received_at, other.id)
            ).filtered(
                lambda other, lead=lead, customer=customer: (
                    lead._is_asked_there(other) and customer.is_customer_of(other)
                )
            )
            waiting = others.filtered(lambda other: not other.first_contact_at)
            if others:
                found[lead] = waiting[:1] or others[-1:]
        return found

    def _search_same_customers(self, customers):
        """Open inquiries with a person, company, address or number of any of these.

        :param customers: ``Customer`` objects.
        """
        partner_ids, emails, phones = set(), set(), set()
        for customer in customers:
            partner_ids |= customer.partner_ids
            emails |= customer.emails
            phones |= customer.phones
        if partner_ids:
            family = [("commercial_partner_id", "in", list(partner_ids))]
            partners = self.env["res.partner"].with_context(active_test=False)
            partner_ids |= set(partners.search(family).ids)
        same = Domain("partner_id", "in", list(partner_ids))
        same |= Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "lower(%s) = ANY(%s)",
                model._field_to_sql(alias, "email_normalized", query),
                list(emails),
            )
        )
        same |= Domain("phone_sanitized", "in", list(phones))
        return self.with_context(active_test=True).search(
            same
            & Domain("is_inquiry", "=", True)
            & Domain("won_status", "=", "pending")
            & Domain("id", "not in", self.ids),
            order="id",
        )

    def _get_customer_keys(self):
        """What tells whose inquiry this is; the same as ``Customer.keys``."""
        self.ensure_one()
        partner = self.partner_id
        return {
            ("partner", partner.id),
            ("partner", partner.commercial_partner_id.id),
            ("email", self.email_normalized),
            ("phone", self.phone_sanitized),
        }

    def _is_asked_there(self, other):
        """Whether another inquiry went to the same people: what a customer asks two
        stations are two questions."""
        self.ensure_one()
        return (
            not self.team_id or not other.team_id or self.team_id == other.team_id
        ) and self._get_response_company() == other._get_response_company()

    def _is_covered(self):
        """Whether the clock of an earlier inquiry of this customer runs already."""
        self.ensure_one()
        earlier = self.asked_before_id
        return (
            bool(earlier)
            and earlier._is_waiting_open()
            and bool(earlier._get_open_clocks(("first_contact",)))
        )

    def _get_counted_attempts(self):
        """The attempts that can be the first contact: one's own, and where the earlier
        inquiry of the customer stands for this one, those on it."""
        self.ensure_one()
        earlier = self.asked_before_id
        if not earlier or self._get_first_contact_clock():
            return self.contact_attempt_ids
        return self.contact_attempt_ids | earlier.contact_attempt_ids

    def _refresh_later(self):
        """What happens on these inquiries counts for those that they stand for."""
        asked_again = self.filtered("asked_again_count")
        later = asked_again and asked_again.asked_later_ids
        if later:
            later.modified(["asked_before_id"])
            asked_again._uncover_later()

    def _uncover_later(self):
        """An inquiry that ended without contact stands for no other any more: the
        later ones get clocks of their own."""
        over = self.filtered(
            lambda lead: lead.asked_again_count and not lead._is_waiting_open()
        )
        over.asked_later_ids._start_own_clock()

    def _start_own_clock(self):
        """Those of these that nobody answers for any more."""
        waiting = self.filtered(
            lambda lead: lead._is_waiting_open() and not lead.first_contact_at
        )
        if waiting:
            waiting._start_clocks("first_contact")

    def _check_same_customer(self):
        """After a correction of the customer or the team: an inquiry that turns out to
        be somebody else's waits by itself."""
        for lead in self | self.filtered("asked_again_count").asked_later_ids:
            earlier = lead.asked_before_id
            if earlier and not (
                lead._is_asked_there(earlier)
                and lead._get_customer().is_customer_of(earlier)
            ):
                lead._separate()

    def _separate(self):
        self.asked_before_id = False
        self._start_own_clock()

    def action_separate(self):
        """ "Not the same customer": each waits by itself."""
        self.check_access("write")
        # sudo: crm.lead - the link is kept by the addon
        self.sudo()._separate()

    def unlink(self):
        # sudo: crm.lead - customers who asked twice, whoever may see the other inquiry
        later = self.sudo().asked_later_ids - self
        result = super().unlink()
        later._start_own_clock()
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
