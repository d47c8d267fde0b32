from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    """Odoo's periodic mail says whether the station answers."""

    _inherit = "digest.digest"

    kpi_radio_first_contact = fields.Boolean(string="First Contacts in Time")
    kpi_radio_first_contact_value = fields.Integer(
        compute="_compute_kpi_radio_first_contact_value"
    )
    kpi_radio_no_contact = fields.Boolean(string="No Contact Yet")
    kpi_radio_no_contact_value = fields.Integer(
        compute="_compute_kpi_radio_no_contact_value"
    )
    kpi_radio_signal_won = fields.Boolean(string="Signals Won")
    kpi_radio_signal_won_value = fields.Integer(
        compute="_compute_kpi_radio_signal_won_value"
    )

    def _compute_kpi_radio_first_contact_value(self):
        """First contacts that were made in time, in the digest's days."""
        self._count_for_companies(
            "kpi_radio_first_contact_value",
            "radio.sla.clock",
            "lead_id",
            "stopped_at",
            [
                ("kind", "=", "first_contact"),
                ("state", "=", "done"),
                ("is_late", "=", False),
            ],
        )

    def _compute_kpi_radio_no_contact_value(self):
        """Inquiries that came in within the digest's days, and that nobody has spoken
        to."""
        self._count_for_companies(
            "kpi_radio_no_contact_value",
            "crm.lead",
            "",
            "received_at",
            [("is_inquiry", "=", True), ("first_contact_at", "=", False)],
        )

    def _compute_kpi_radio_signal_won_value(self):
        self._count_for_companies(
            "kpi_radio_signal_won_value",
            "radio.upsell.signal",
            "",
            "closed_at",
            [("state", "=", "won")],
        )

    def _count_for_companies(self, name, model, path, date_name, domain):
        """Count for each digest's company; what belongs to no company is the main
        one's, as everywhere in the addon.

        :param name: field to write.
        :param path: field that leads to what has ``company_id``, empty for the model.
        :raises AccessError: for who is not in sales, so that Odoo leaves it out.
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("This figure is for the sales teams."))
        start, end, _companies = self._get_kpi_compute_parameters()
        main = self.env["crm.lead"]._get_main_company()
        field = f"{path}.company_id" if path else "company_id"
        for digest in self:
            company = digest.company_id or self.env.company
            companies = [company.id, False] if company == main else [company.id]
            digest[name] = self.env[model].search_count(
                [
                    *domain,
                    (field, "in", companies),
                    (date_name, ">=", start),
                    (date_name, "<", end),
                ]
            )

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm.crm_menu_root").id
        for name, action in (
            ("kpi_radio_first_contact", "crm_lead_action_inquiry"),
            ("kpi_radio_no_contact", "crm_lead_action_inquiry"),
            ("kpi_radio_signal_won", "radio_upsell_signal_action"),
        ):
            actions[name] = f"radio_sales_team.{action}?menu_id={menu}"
        return actions
