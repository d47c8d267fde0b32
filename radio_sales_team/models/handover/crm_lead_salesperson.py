from odoo import fields, models
from odoo.exceptions import UserError

from ..response.crm_lead import ENDING_FIELDS


class CrmLead(models.Model):
    """A change of the salesperson is a hand-over, by whatever way it comes."""

    _inherit = "crm.lead"

    def write(self, vals):
        # sudo: crm.lead - whoever may see the salesperson's other data
        before = {
            lead: lead.user_id
            for lead in self.sudo()
            if "user_id" in vals and lead._is_waiting_open()
        }
        ends = ENDING_FIELDS & set(vals)
        if ends:
            # the user may have read fewer of them than there are
            self.invalidate_recordset(["handover_ids"])
        over = self.sudo().filtered(lambda lead: ends and not lead._is_waiting_open())
        result = super().write(vals)
        if before:
            self._follow_salesperson(before)
        if ends:
            self.sudo()._end_handovers()
            over._ask_again_after_end()
            # read as superuser: whoever saves a lead may not see all of them
            self.invalidate_recordset(["handover_ids"])
        return result

    def _end_handovers(self):
        """What is over, nobody is asked any more."""
        # sudo: radio.handover - see write
        ended = self.filtered(
            lambda lead: lead._has_pending_handover() and not lead._is_waiting_open()
        )
        ended.handover_ids._drop()
        ended.handover_ids._settle()

    def _ask_again_after_end(self):
        """It goes on: the salesperson who had not said yes before the end is asked
        again."""
        asked_before = self.filtered(
            lambda lead: (
                lead._is_waiting_open()
                and lead.user_id
                and lead.handover_ids
                and lead._get_holder() != lead.user_id
            )
        )
        self._follow_salesperson({lead: lead.user_id.browse() for lead in asked_before})

    def _check_derived(self, vals):
        """How it stands with the sellers follows from the hand-overs alone."""
        if not self.env.su and {"handover_state", "nothing_more_at"} & set(vals):
            raise UserError(
                self.env._(
                    "This follows from what was agreed. Use the buttons instead."
                )
            )
        return super()._check_derived(vals)

    def _begin_inquiry(self):
        result = super()._begin_inquiry()
        # who gets an inquiry from whoever enters it has not agreed yet
        # sudo: crm.lead - as in write
        given = self.sudo().filtered(
            lambda lead: lead.user_id and lead.user_id != self.env.user
        )
        self._follow_salesperson({lead: lead.user_id.browse() for lead in given})
        return result

    def _follow_salesperson(self, before):
        """A change of the salesperson of an open inquiry is a hand-over, however it
        came about: it has to be taken up.

        :param before: dict of ``res.users`` by ``crm.lead``.
        """
        vals_list = []
        for lead, old in before.items():
            new = lead.user_id
            if new == old or not lead._is_waiting_open():
                continue
            asked = lead.handover_ids._get_asked()
            dropped = asked.filtered(lambda one, new=new: one.to_user_id != new)
            dropped._drop()
            if new == self.env.user:
                # whoever asked somebody else learns that it is decided
                dropped._tell_asker(self.env._("%s takes over", new.name))
            # who was only asked never had it
            slip = dropped.filtered(lambda one, old=old: one.to_user_id == old)[:1]
            had = slip.previous_user_id if slip else old
            if new and not lead._is_agreed(new, old):
                vals_list.append(lead._prepare_handover_vals(new, had, "changed"))
        if vals_list:
            self._make_handovers(vals_list)

    def _give_salesperson_back(self, user):
        """Whoever was away has these again, without being asked: they were theirs.
        Told of all in one message."""
        now = fields.Datetime.now()
        waiting = self.filtered(lambda lead: lead._is_waiting_open())
        handovers = self.env["radio.handover"].create(
            [
                {
                    "lead_id": lead.id,
                    "from_user_id": self.env.uid,
                    "previous_user_id": lead.user_id.id,
                    "to_user_id": user.id,
                    "kind": "back",
                    "state": "accepted",
                    "requested_at": now,
                    "answered_at": now,
                }
                for lead in waiting
            ]
        )
        # agreed by what was just created, so that nobody is asked
        self.with_context(mail_auto_subscribe_no_notify=True).write(
            {"user_id": user.id}
        )
        handovers._notify_sellers()
        for handover in handovers:
            lead = handover.lead_id
            if lead._get_seller_promises(user):
                handover._start_seller_clock(now)

    def _is_agreed(self, new, old):
        """Whether nobody has to ask: they have it already, were asked already, or it
        is a new inquiry of their own customer, to which the back office speaks first.
        """
        self.ensure_one()
        if self._get_holder() == new or not new.active or new.share:
            return True
        if new in self.handover_ids._get_asked().to_user_id:
            return True
        is_own = self._get_tandem_seller() == new
        return is_own and not old and not self.first_contact_at

    def _merge_dependences(self, opportunities):
        """What was agreed about an inquiry holds for the one that it becomes; a
        question to the same seller is asked once."""
        # sudo: radio.handover - carried over whole, whoever may see it
        handovers = opportunities.sudo().handover_ids
        asked = set(self.sudo().handover_ids._get_asked().to_user_id)
        for handover in handovers._get_asked():
            if handover.to_user_id in asked:
                handover._drop()
            asked.add(handover.to_user_id)
        handovers._settle()
        handovers.write({"lead_id": self.id})
        open_leads = opportunities.sudo().filtered(lambda lead: lead._is_waiting_open())
        if any(
            not (lead.kept_until or lead.nothing_more_at or lead.handover_state)
            for lead in open_leads
        ):
            # one of them still needs a next step
            self.sudo()._clear_next_step()
        return super()._merge_dependences(opportunities)
