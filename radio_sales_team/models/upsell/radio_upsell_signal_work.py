from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from .radio_upsell_signal import OPEN_STATES


class RadioUpsellSignal(models.Model):
    """What people do with a signal: accept it, make an offer, say why not."""

    _inherit = "radio.upsell.signal"

    def action_accept(self):
        """ "I do it": an activity for me and, where none is open, an opportunity.

        :raises UserError: for what is not open.
        """
        self._check_open()
        begun = self.filtered(
            lambda one: one.state == "offered" or (one.state != "new" and one.lead_id)
        )
        for signal in self - begun:
            if not signal.user_id:
                signal.user_id = self.env.user
            # sudo: crm.lead - an opportunity for whoever the signal is for
            lead = signal.sudo().lead_id.filtered(lambda lead: lead._is_open())
            lead = lead or signal.sudo()._find_lead()
            lead = lead or signal.sudo()._create_lead()
            signal.sudo().write({"lead_id": lead.id, "state": "accepted"})
            signal._plan_activity()
        return self[:1]._get_lead_action() if len(self) == 1 else True

    def action_offer(self):
        """The customer has an offer."""
        self._check_open()
        self.state = "offered"

    def action_write(self):
        """Write to the customer, with what the level is worth in their language."""
        self.ensure_one()
        template = self.env.ref(
            "radio_sales_team.mail_template_tier_gap", raise_if_not_found=False
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id
                if template and self.volume_id
                else False,
                "default_partner_ids": self._get_addressee().ids,
            },
        }

    def _get_addressee(self):
        """Who reads what is written: the agency where there is one, and there a
        contact with an address."""
        self.ensure_one()
        company = self.agency_id or self.partner_id
        contacts = company.child_ids.filtered("email")
        return company if company.email else contacts[:1] or company

    def _get_customer_sentence(self):
        """Where the customer stands, in their language and without what is ours."""
        self.ensure_one()
        row = self.sudo().volume_id.with_context(lang=self._get_addressee().lang)
        return row._get_sentence(for_customer=True) if row else self.text

    def action_dismiss(self):
        """Open the form that asks why not."""
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why not?"),
            "res_model": "radio.signal.dismiss",
            "view_mode": "form",
            "target": "new",
            "context": {"default_signal_ids": self.ids},
        }

    def action_reopen(self):
        """It was a slip: open again."""
        self.filtered(lambda one: one.state in ("dismissed", "expired")).write(
            {"state": "new", "reason_id": False}
        )

    def _check_open(self):
        over = self.filtered(lambda one: one.state not in OPEN_STATES)
        if over:
            raise UserError(
                self.env._("“%s” is over. Open it again first.", over[0].name)
            )

    def _get_lead_action(self):
        if self.lead_id and self.lead_id.with_env(self.env).has_access("read"):
            return self.lead_id.with_env(self.env).get_formview_action()
        return True

    def _find_lead(self):
        """An open opportunity of the customer with the same owner."""
        return self.env["crm.lead"].search(
            [
                "|",
                ("advertiser_id", "=", self.partner_id.id),
                "&",
                ("advertiser_id", "=", False),
                ("partner_id", "child_of", self.partner_id.id),
                ("won_status", "=", "pending"),
                ("type", "=", "opportunity"),
                ("user_id", "in", [self.user_id.id, False]),
                ("company_id", "in", [self.company_id.id, False]),
            ],
            limit=1,
        )

    def _create_lead(self):
        team = self.team_id or self.user_id._get_sales_team(self.company_id)
        return self.env["crm.lead"].create(
            {
                "name": self.name,
                "type": "opportunity",
                "partner_id": (self.agency_id or self.partner_id).id,
                "advertiser_id": self.agency_id and self.partner_id.id,
                "user_id": self.user_id.id,
                "team_id": team.id,
                "company_id": self.company_id.id,
                "campaign_start": self._get_campaign_start(),
            }
        )

    def _get_campaign_start(self):
        """When the new campaign would begin: with the event, or where one ends; never
        in the past."""
        start = self.event_date
        if not start or self.kind not in ("event", "expiry"):
            return False
        if self.kind == "expiry":
            start += timedelta(days=1)
        return start if start >= self.company_id._get_local_day() else False

    def _plan_activity(self):
        """An activity of our own type for the owner, on the signal: it stands in their
        list with the date until which they should have spoken to the customer."""
        kind = "radio_sales_team.mail_activity_type_signal"
        for signal in self:
            if not signal.activity_ids:
                signal.sudo().activity_schedule(
                    kind,
                    date_deadline=signal.deadline
                    or signal.company_id._get_local_day() + timedelta(days=7),
                    summary=signal.name,
                    user_id=signal.user_id.id,
                )

    def _close_activities(self):
        """What is over needs no activity."""
        self.sudo().activity_ids.unlink()
