from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# "Back office keeps it" without a date comes back after this many days.
KEPT_DAYS = 7


class CrmLead(models.Model):
    """What the team decides about an inquiry: one click each, in the morning round and
    everywhere else."""

    _inherit = "crm.lead"

    def action_keep(self):
        """ "Back office keeps it": it comes back by itself in a week."""
        return self._keep(self.env.company._get_local_day() + timedelta(days=KEPT_DAYS))

    def action_keep_tomorrow(self):
        """ "Back office keeps it" until tomorrow."""
        return self._keep(self.env.company._get_local_day() + timedelta(days=1))

    def write(self, vals):
        until = fields.Date.to_date(vals.get("kept_until"))
        if not until or self.env.su:
            return super().write(vals)
        # typed in, it says the same as the button
        others = {name: value for name, value in vals.items() if name != "kept_until"}
        result = super().write(others)
        self.filtered(lambda lead: lead.kept_until != until)._keep(until)
        return result

    def _check_contacted(self):
        """:raises UserError: where nobody has spoken to the customer yet: that is the
        first thing to do, and cannot be decided away."""
        for lead in self:
            if not lead.first_contact_at and lead.round_topic:
                raise UserError(
                    self.env._(
                        "Nobody has spoken to the customer of “%s” yet. Do that first, "
                        "or hand it over.",
                        lead.name,
                    )
                )

    def _keep(self, until):
        """The back office keeps these inquiries.

        :param until: date on which they come back into the morning round.
        :raises UserError: for a day that is over.
        """
        self.check_access("write")
        if until <= self.env.company._get_local_day():
            raise UserError(
                self.env._("Choose a day in the future: then it comes back by itself.")
            )
        self._check_contacted()
        self._decide({"kept_until": until, "nothing_more_at": False})
        day = format_date(self.env, until)
        somebody = self.env._("The back office")
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "%(owner)s keeps it until %(day)s.",
                    owner=lead.back_office_user_id.name or somebody,
                    day=day,
                )
                for lead in self
            }
        )
        return self._tell(self.env._("Comes back on %s.", day))

    def action_nothing_more(self):
        """ "Nothing more": there is nothing to do until the customer writes again."""
        self.check_access("write")
        self._check_contacted()
        self._decide({"kept_until": False, "nothing_more_at": fields.Datetime.now()})
        words = self.env._("Nothing more is to be done.")
        self._message_log_batch(bodies=dict.fromkeys(self.ids, words))
        return self._tell(self.env._("Nothing more is to be done."))

    def action_to_own_seller(self):
        """Hand over to whose customer it is: nothing is asked, they are told."""
        self.check_access("write")
        for lead in self:
            if not lead.own_seller_id:
                raise UserError(
                    self.env._(
                        "“%s” is nobody's customer yet. Use “Hand over” instead.",
                        lead.name,
                    )
                )
            lead._hand_over(lead.own_seller_id)
        return self._tell(self.env._("Told whose customer it is."))

    def _decide(self, vals):
        """Something was decided about these: what was asked before is answered."""
        # sudo: radio.handover - only that it is decided
        decided = self.sudo()
        decided.handover_ids._settle()
        decided.write(vals)

    def _clear_next_step(self):
        """Something new happens: earlier decisions are over."""
        decided = self.filtered(lambda lead: lead.kept_until or lead.nothing_more_at)
        decided.sudo().write({"kept_until": False, "nothing_more_at": False})

    def _start_clocks(self, kind, **facts):
        clocks = super()._start_clocks(kind, **facts)
        if kind != "first_contact":
            # sudo: crm.lead - whoever makes the promise
            self.sudo().filtered("nothing_more_at").nothing_more_at = False
        return clocks

    def _make_promise(self, due_at, user=None, whole_day=False, note=False):
        """A promise is a next step with a date."""
        clock = super()._make_promise(due_at, user=user, whole_day=whole_day, note=note)
        self.sudo()._decide({"kept_until": False, "nothing_more_at": False})
        return clock
