from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .late import CLOCK_SKEW

# Before that it is a slip of the keyboard.
LONGEST_AGO = timedelta(days=20 * 366)

# What follows from contact attempts and clocks, and nobody writes.
DERIVED_FIELDS = {
    "acknowledged_at",
    "asked_again_at",
    "asked_again_count",
    "asked_before_id",
    "first_contact_at",
    "first_contact_user_id",
    "first_contact_channel",
    "first_contact_outcome",
    "first_contact_deadline",
    "is_chased",
    "sla_deadline",
    "sla_kind",
}


class CrmLead(models.Model):
    """What cannot be entered, because customers would wait without anyone seeing it."""

    _inherit = "crm.lead"

    @api.constrains("received_at", "is_inquiry")
    def _check_received_at(self):
        latest = fields.Datetime.now() + CLOCK_SKEW
        for lead in self:
            if lead.is_inquiry and not lead.received_at:
                raise ValidationError(
                    self.env._(
                        "Enter in “Received” when the customer of “%(name)s” asked.",
                        name=lead.name,
                    )
                )
            if lead.received_at and lead.received_at < latest - LONGEST_AGO:
                raise ValidationError(
                    self.env._(
                        "The inquiry “%(name)s” cannot have been received that long "
                        "ago. Please check the year.",
                        name=lead.name,
                    )
                )
            if lead.received_at and lead.received_at > latest:
                raise ValidationError(
                    self.env._(
                        "The inquiry “%(name)s” cannot have been received in the "
                        "future. Enter when the customer asked.",
                        name=lead.name,
                    )
                )

    def _check_derived(self, vals):
        """Refuse what follows from facts: who could write the first contact or the
        deadline could answer customers without speaking to them.

        :raises UserError: for everybody; our own computing does not come this way.
        """
        given = set(vals) | {
            # what a default brings is as good as what is given
            name.removeprefix("default_")
            for name in self.env.context
            if name.startswith("default_")
        }
        if not self.env.su and DERIVED_FIELDS & given:
            raise UserError(
                self.env._(
                    "First contact and deadlines follow from the contacts that are "
                    "logged and cannot be entered. Log a contact instead."
                )
            )

    def _get_first_people(self):
        """Who spoke to the customer first, to be compared afterwards.

        :return: dict of ``res.users`` by ``crm.lead``; empty for who may change that.
        """
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return {}
        # sudo: crm.lead - names of colleagues
        return {lead: lead.first_contact_user_id for lead in self.sudo()}

    @api.model
    def _check_first_people(self, before):
        """Who spoke first has a part in the deal: nobody takes it from a colleague by
        typing in something earlier.

        :param before: see :meth:`_get_first_people`.
        :raises UserError: for all but sales administrators.
        """
        user = self.env.user
        for lead, colleague in before.items():
            if colleague - user and lead.first_contact_user_id == user:
                raise UserError(
                    self.env._(
                        "%(colleague)s was the first to speak to the customer of "
                        "“%(lead)s”. Only a sales administrator can enter an earlier "
                        "contact.",
                        colleague=colleague.name,
                        lead=lead.name,
                    )
                )

    def _check_received_later(self, vals):
        """Staff may say that the customer asked earlier; later would hide that they
        wait, and is for sales administrators."""
        if "received_at" not in vals or self.env.su:
            return
        if self.env.user.has_group("sales_team.group_sale_manager"):
            return
        received_at = fields.Datetime.to_datetime(vals["received_at"])
        if any(
            lead.received_at and (not received_at or received_at > lead.received_at)
            for lead in self
        ):
            raise UserError(
                self.env._(
                    "“Received” can be set earlier, but only a sales administrator can "
                    "set it later: the customer has been waiting since then."
                )
            )
