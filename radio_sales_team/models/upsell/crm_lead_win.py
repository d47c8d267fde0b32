from odoo import models


class CrmLead(models.Model):
    """What follows when an opportunity is won, or is not won any more: the hooks, which
    bookings and signals fill."""

    _inherit = "crm.lead"

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        won, left = self._get_won_and_left(old_status_by_lead, new_status_by_lead)
        if left:
            left._undo_win(self.env._("Not won any more"))
        if self.env.context.get("import_file"):
            # a list of old deals: nobody waits, and nobody is paid
            old = won.filtered(lambda lead: lead.id not in old_status_by_lead)
            old._finish_win_now()
            won -= old
        if won:
            won._follow_win()
        return result

    def _get_won_and_left(self, old_status_by_lead, new_status_by_lead):
        """Those that have just been won, and those that are not won any more.

        :return: pair of ``crm.lead``; the parameters are ``_handle_won_lost``'s.
        """
        won, left = self.browse(), self.browse()
        for lead in self:
            was = old_status_by_lead.get(lead.id, {}).get("is_won")
            is_won = new_status_by_lead.get(lead.id, {}).get("is_won")
            if is_won and not was:
                won |= lead
            elif was and not is_won:
                left |= lead
        return won, left

    def _follow_win(self):
        """These have just been won. Whoever wins them need not wait for what follows
        from it: it may be put off."""
        self._finish_win_now()

    def _finish_win_now(self, known=None):
        """Do what follows from these being won, as they are.

        :param known: dict of what :meth:`_prepare_win` would say otherwise.
        """
        known = known or {}
        self._finish_win({lead: {**lead._prepare_win(), **known} for lead in self})

    def _prepare_win(self):
        """What :meth:`_finish_win` has to know of the moment in which this was won.

        :return: dict that can be kept as JSON.
        """
        self.ensure_one()
        return {}

    def _finish_win(self, facts):
        """Do what follows from these being won.

        :param facts: dict of what :meth:`_prepare_win` returned, by lead.
        """

    def _undo_win(self, reason):
        """These are not won any more: take back what followed from it.

        :param reason: why, for all to read of whom something is taken back.
        """
