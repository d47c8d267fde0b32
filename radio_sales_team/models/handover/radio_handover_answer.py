from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..response.batch import BATCH_SIZE, run_in_batches
from ..response.radio_sla_clock_cron import ESCALATE_CRON


class RadioHandover(models.Model):
    """The answers: taken over, declined, withdrawn, or none in time."""

    _inherit = "radio.handover"

    def action_accept(self):
        """ "I take over": the inquiry is mine, and my own time to call begins.

        :raises AccessError: for everybody but who was asked.
        :raises UserError: where it was withdrawn, a colleague was quicker, or the
            inquiry is over.
        """
        self.ensure_one()
        self._check_mine()
        self._accept(fields.Datetime.now())
        return self._get_lead_action()

    def action_decline(self):
        """Open the form that asks why."""
        return self._open_answer("decline", self.env._("I cannot take over"))

    def action_call_at(self):
        """Open the form that asks when."""
        return self._open_answer("call_at", self.env._("I call at"))

    def _open_answer(self, answer, title):
        self.ensure_one()
        self._check_mine()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "radio.handover.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_handover_id": self.id, "default_answer": answer},
        }

    def action_withdraw(self):
        """Take the question back; where the salesperson was changed for it, it is the
        one from before again.

        :raises AccessError: for all but who asked, the back office and team leaders.
        """
        for handover in self:
            handover._check_withdrawable()
        self.sudo()._withdraw()

    def _get_lead_action(self):
        return self.lead_id.with_env(self.env).get_formview_action()

    def _check_mine(self):
        if self.sudo().to_user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "Only %s can answer this, as they were asked.",
                    self.sudo().to_user_id.name,
                )
            )

    def _check_withdrawable(self):
        user = self.env.user
        if self.sudo().from_user_id == user:
            return
        self.check_access("read")
        if not user.has_group("radio_sales_team.group_back_office") and not (
            user.has_group("sales_team.group_sale_salesman_all_leads")
        ):
            raise AccessError(
                self.env._("Only who asked, or the back office, can take this back.")
            )

    def _lock(self):
        """Let nobody else answer for these inquiries until we are done. Who comes a
        moment later waits; PostgreSQL refuses then, Odoo tries again, and they see who
        was quicker."""
        self.env.execute_query(
            SQL(
                "SELECT id FROM crm_lead WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                tuple(self.lead_id.ids) or (0,),
            )
        )
        self.lead_id.handover_ids.invalidate_recordset(["state"])

    def _check_open(self):
        """:raises UserError: where there is nothing to say yes to any more."""
        lead = self.lead_id
        if not lead._is_open():
            raise UserError(
                self.env._("“%s” is over, nobody has to call any more.", lead.name)
            )
        if self._get_answerable():
            return
        taken = lead.handover_ids.filtered(
            lambda other: (
                other.state == "accepted" and other.requested_at >= self.requested_at
            )
        )[:1]
        if self.state == "accepted":
            raise UserError(
                self.env._("%s has taken over already.", self.to_user_id.name)
            )
        if taken:
            raise UserError(
                self.env._(
                    "%(colleague)s has taken over “%(name)s” already.",
                    colleague=taken.to_user_id.name,
                    name=lead.name,
                )
            )
        raise UserError(
            self.env._(
                "This is not asked any more. Please speak to %s if you want it.",
                self.from_user_id.name,
            )
        )

    def _accept(self, answered_at, begun_at=None, note=False):
        """Whoever was asked takes over.

        :param answered_at: naive UTC datetime.
        :param begun_at: from when on their own time to call runs, default: now.
        """
        self.ensure_one()
        # sudo: radio.handover, crm.lead - who was asked may not write on it before
        handover = self.sudo()
        handover._lock()
        handover._check_open()
        lead, seller = handover.lead_id, handover.to_user_id
        handover.write(
            {"state": "accepted", "answered_at": answered_at, "answer_note": note}
        )
        others = lead.handover_ids - handover
        others._drop()
        others._settle()
        if lead.user_id != seller:
            lead.user_id = seller
        lead._clear_next_step()
        handover._start_seller_clock(begun_at or answered_at)
        if handover.kind == "own":
            words = self.env._("Told %s, whose customer this is.", seller.name)
            lead._message_log(body=words)
            return
        lead._message_log(body=self.env._("%s takes over.", seller.name))
        handover._tell_asker(self.env._("%s takes over", seller.name))

    def _start_seller_clock(self, begun_at):
        """The seller's own time to call runs from now on; what they promised before a
        colleague had it is over.

        :param begun_at: naive UTC datetime.
        """
        lead, seller = self.lead_id, self.to_user_id
        lead._get_seller_promises(seller).write(
            {"waived_at": begun_at, "waived_user_id": seller.id}
        )
        lead._start_clocks(
            "seller_contact", begun_at=begun_at, promised_by_id=seller.id
        )

    def _decline(self, reason, note=False):
        """Whoever was asked cannot; the one from before has it again.

        :raises UserError: without a reason, or where it is not asked any more.
        """
        self.ensure_one()
        if not reason:
            raise UserError(self.env._("Please choose why you cannot take over."))
        handover = self.sudo()
        handover._lock()
        handover._check_open()
        handover.write(
            {
                "state": "declined",
                "answered_at": fields.Datetime.now(),
                "reason_id": reason.id,
                "answer_note": note,
            }
        )
        handover._give_back()
        words = self.env._(
            "%(seller)s cannot take over: %(reason)s",
            seller=handover.to_user_id.name,
            reason=reason.name,
        )
        handover.lead_id._message_log(body=f"{words}. {note}" if note else words)
        handover._tell_asker(words)

    def _withdraw(self):
        """Ask no longer; see :meth:`action_withdraw`."""
        self._lock()
        asked = self._get_answerable()
        asked.write({"state": "withdrawn", "answered_at": fields.Datetime.now()})
        for handover in asked:
            handover._give_back()
            handover.lead_id._message_log(
                body=self.env._("%s is not asked any more.", handover.to_user_id.name)
            )

    def _give_back(self):
        """The salesperson was changed for a question that was answered with no."""
        lead = self.lead_id
        if self.kind == "changed" and lead.user_id == self.to_user_id:
            lead.user_id = self.previous_user_id.filtered("active")

    @api.model
    def _expire_due(self):
        """What nobody answered in time comes into the morning round.

        :return: how many.
        """

        def get_due(excluded_ids):
            return self.search(
                [
                    ("state", "=", "requested"),
                    ("deadline", "<", fields.Datetime.now()),
                    ("id", "not in", list(excluded_ids)),
                ],
                limit=BATCH_SIZE,
            )

        return run_in_batches(
            self, get_due, lambda handovers: handovers._expire(), ESCALATE_CRON
        )

    def _expire(self):
        self.state = "expired"
        now = fields.Datetime.now()
        requests = []
        self.lead_id._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "No answer from %s.",
                    ", ".join(handovers.to_user_id.mapped("name")),
                )
                for lead, handovers in self.grouped("lead_id").items()
            }
        )
        for handover in self:
            lead = handover.lead_id
            asker = handover.from_user_id
            calendar = lead._get_clock_calendar()
            # who asked by a machine is nobody
            user = asker if asker._is_internal() and asker.active else False
            user = user or lead.back_office_user_id or lead.team_id.user_id
            if user and user.active and calendar and lead._is_open():
                requests.append((user, lead, calendar, now))
        self.env["radio.sla.notice"]._collect(requests)
