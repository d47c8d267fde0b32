from odoo import api, models


class CrmLead(models.Model):
    """Events of a lead's outcome: won, lost, and either of them reverted.

    Core reports every change of status to one method, which is overridden here alone.
    Packages and other addons extend the event methods with ``super()``; they run in the
    transaction that changes the status.
    """

    _inherit = "crm.lead"

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """Call the event methods for the leads whose status has changed.

        See core for the parameters: dicts of ``is_won`` and ``is_lost`` by lead id. A
        lead that is created as won has no old status.
        """
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        was_won = self._filter_by_status(old_status_by_lead, "is_won")
        is_won = self._filter_by_status(new_status_by_lead, "is_won")
        was_lost = self._filter_by_status(old_status_by_lead, "is_lost")
        is_lost = self._filter_by_status(new_status_by_lead, "is_lost")
        # first what was reverted: a lead may go from lost to won at once
        if leads := was_lost - is_lost:
            leads._on_lost_reverted()
        if leads := was_won - is_won:
            leads._on_won_reverted()
        won = is_won - was_won
        if self.env.context.get("import_file"):
            imported = won.filtered(lambda lead: lead.id not in old_status_by_lead)
            if imported:
                imported._on_won_imported()
            won -= imported
        if won:
            won._create_missing_customers()
            won._on_won()
        if leads := is_lost - was_lost:
            leads._on_lost()
        return result

    def _filter_by_status(self, status_by_lead, name):
        return self.filtered(lambda lead: status_by_lead.get(lead.id, {}).get(name))

    def _on_won(self):
        """Extend to do what follows from these leads being won."""

    def _on_won_imported(self):
        """Extend to do what follows from an import that creates leads as won: they
        belong to the past, so no commission is due."""

    def _create_missing_customers(self):
        """Link these won leads to a contact, by what is known of the customer: they are
        found when they call again, and what they have bought is booked for them."""
        # sudo: crm.lead, res.partner - whoever wins the lead need not manage contacts
        for lead in self.sudo().filtered(lambda lead: not lead.partner_id):
            if lead.contact_name or lead.partner_name or lead.email_from or lead.phone:
                partner = lead._find_matching_partner()
                lead._handle_partner_assignment(force_partner_id=partner.id)

    @api.model
    def _get_amount_fields(self):
        """Return the fields that tell what an opportunity is worth."""
        return {"expected_revenue"}

    def _on_amount_changed(self):
        """Extend to follow up an amount that is changed after winning."""

    def _check_won_revertible(self):
        """Extend to refuse that all of these won leads are reverted at once, because
        their stage is to be no won stage any more.

        :raises UserError: with what to do instead.
        """

    def _on_won_reverted(self, reason=None):
        """Extend to revert what followed from these leads being won.

        :param reason: sentence for everyone from whom something is taken back, by
            default that the opportunity is not won any more.
        """

    def _on_lost(self):
        """Extend to do what follows from these leads being lost."""

    def _on_lost_reverted(self):
        """Extend to revert what followed from these leads being lost."""


class CrmStage(models.Model):
    _inherit = "crm.stage"

    def write(self, vals):
        """Report leads that are not won any more because "Is Won Stage" was unticked:
        core recomputes their probability without reporting the change of status."""
        won = self.env["crm.lead"]
        if "is_won" in vals and not vals["is_won"]:
            # sudo: crm.lead - all leads of the stage, whoever may see them
            won = won.sudo().with_context(active_test=False)
            won = won.search([("stage_id", "in", self.ids), ("won_status", "=", "won")])
            won._check_won_revertible()
        result = super().write(vals)
        if reverted := won.filtered(lambda lead: lead.won_status != "won"):
            reverted._on_won_reverted()
        return result
