from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# The next free slot is looked for this far ahead, and is at least so long.
HORIZON = timedelta(days=5)
SLOT = timedelta(minutes=30)
# Somebody without any appointment around now keeps no calendar: unknown, not free.
CALENDAR_IN_USE = timedelta(days=14)


class CrmLead(models.Model):
    """Who has time? Answered before anybody is asked."""

    _inherit = "crm.lead"

    def action_hand_over(self):
        """Open the list of who has time. Made beforehand: the web client can press no
        button on a line that is not saved."""
        self.ensure_one()
        self.check_access("write")
        asking = self.env["radio.hand.over"].create({"lead_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over: who has time?"),
            "res_model": "radio.hand.over",
            "res_id": asking.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_sellers_with_time(self):
        """The sellers of the team, the best to ask first: the customer's own, then who
        is in and free the earliest, then who has the least.

        :return: list of values for ``radio.hand.over.line``.
        """
        self.ensure_one()
        # sudo: crm.team.member, calendar.event - when colleagues have time, not what
        # they do
        team = self.sudo().team_id
        own = self._get_tandem_seller().sudo()
        sellers = (own | team._get_sellers()) - self.env.user.sudo()
        slots = team._get_free_slots(sellers)
        asked = dict(
            self.env["radio.handover"]
            .sudo()
            ._read_group(
                [("to_user_id", "in", sellers.ids), ("state", "=", "requested")],
                ["to_user_id"],
                ["__count"],
            )
        )
        has = dict(
            self.sudo()._read_group(
                Domain("user_id", "in", sellers.ids)
                & Domain("is_inquiry", "=", True)
                & Domain("won_status", "=", "pending"),
                ["user_id"],
                ["__count"],
            )
        )
        handovers = self.sudo().handover_ids
        already = handovers._get_asked().to_user_id
        declined = handovers.filtered(lambda one: one.state == "declined").to_user_id
        rows = [
            {
                "user_id": seller.id,
                "is_away": team._is_away(seller),
                "is_asked": seller in already,
                "is_declined": seller in declined,
                "words": self._get_time_words(seller, slots.get(seller), own),
                "open_requests": asked.get(seller, 0),
                "open_inquiries": has.get(seller, 0),
            }
            for seller in sellers
        ]
        never = fields.Datetime.now() + timedelta(days=3650)
        by_user = {seller.id: seller for seller in sellers}
        rows.sort(
            key=lambda row: (
                row["is_declined"],
                by_user[row["user_id"]] != own,
                row["is_away"],
                slots.get(by_user[row["user_id"]]) or never,
                row["open_requests"] + row["open_inquiries"],
            )
        )
        return [dict(row, sequence=number) for number, row in enumerate(rows)]

    @api.onchange("user_id")
    def _onchange_user_id_away(self):
        """Changing the salesperson asks them: say so where they cannot answer today."""
        if self._is_waiting_open() and self.user_id != self._origin.user_id:
            return self._get_away_warning(self.user_id)
        return None

    def _get_away_warning(self, sellers):
        """A warning for the form where sellers are not there, with who is.

        :param sellers: ``res.users`` that somebody is about to ask.
        """
        team = self.team_id.sudo()
        away = sellers._origin.filtered(team._is_away)
        if not away:
            return None
        there = [
            self.env["res.users"].browse(row["user_id"]).sudo().name
            for row in self._get_sellers_with_time()
            if not row["is_away"]
        ]
        words = self.env._(
            "%s is not there and may not answer in time.",
            ", ".join(away.mapped("name")),
        )
        if there:
            words += "\n" + self.env._("There today: %s", ", ".join(there))
        return {"warning": {"title": self.env._("Not there"), "message": words}}

    def _get_time_words(self, seller, slot, own):
        """When a seller has time, in a few words."""
        team = self.team_id.sudo()
        handovers = self.sudo().handover_ids
        declined = handovers.filtered(
            lambda one: one.state == "declined" and one.to_user_id == seller
        )[:1]
        if declined:
            return self.env._("Cannot: %s", declined.reason_id.name)
        if any(seller.crm_team_member_ids.mapped("is_absent")):
            words = self.env._("Not in today")
        elif team._is_away(seller):
            words = self.env._("Out of office")
        elif not slot:
            words = self.env._("Unknown, keeps no calendar")
        elif slot <= fields.Datetime.now():
            words = self.env._("Free now")
        else:
            moment = self._format_moment(slot, fields.Datetime.now())
            words = self.env._("Free from %s", moment)
        if seller == own:
            return self.env._("%s · their own customer", words)
        return words
