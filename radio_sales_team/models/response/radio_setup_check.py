from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import config

from ...tools.reply_text import can_read_replies
from .crm_lead_before import DAYS_BEFORE

# text: what is missing, a sentence; place: where to mend it, as a path of menus;
# url: the same as a link, False where this user may not go there.
Gap = namedtuple("Gap", "text place url")

ACTION = "/odoo/action-"


class RadioSetupCheck(models.TransientModel):
    """What is missing before inquiries can be answered in time, in plain words."""

    _name = "radio.setup.check"
    _description = "Setup Check of Response Times"

    findings = fields.Html(compute="_compute_findings", sanitize=False)

    @api.depends_context("allowed_company_ids", "lang", "uid")
    def _compute_findings(self):
        self.findings = self._render_findings(self.env.companies)

    @api.model
    def _render_findings(self, companies):
        """All that is missing, as a list to read and follow.

        :param companies: ``res.company`` that are looked at.
        """
        gaps = self._get_general_gaps()
        for company in companies:
            for gap in self._get_company_gaps(company):
                if len(companies) > 1:
                    gap = gap._replace(text=f"{company.name}: {gap.text}")
                gaps.append(gap)
        gaps += self._get_before_gaps(companies)
        return self.env["ir.qweb"]._render(
            "radio_sales_team.response_setup_findings",
            {"gaps": gaps},
            minimal_qcontext=True,
        )

    @api.model
    def _get_general_gaps(self):
        """What is missing for all companies alike."""
        gaps = []
        # sudo: ir.mail_server, ir.cron - only whether they are there
        servers = self.env["ir.mail_server"].sudo()
        if not servers.search_count([], limit=1) and config["smtp_server"] in (
            False,
            "localhost",
        ):
            gaps.append(
                self._make_admin_gap(
                    self.env._(
                        "No server for outgoing mail is set up: answers and reminders "
                        "may not arrive."
                    ),
                    self.env._("Settings > General Settings > Emails"),
                    "base_setup.action_general_configuration",
                )
            )
        crons = self.env["ir.cron"].sudo().with_context(active_test=False)
        for cron in crons.browse(self._get_cron_ids()).exists():
            if not cron.active:
                gaps.append(
                    self._make_admin_gap(
                        self.env._(
                            "The scheduled action “%s” is switched off: nobody is "
                            "reminded.",
                            cron.name,
                        ),
                        self.env._(
                            "Settings > Technical > Automation > Scheduled Actions"
                        ),
                        "base.ir_cron_act",
                        cron.id,
                    )
                )
        if not can_read_replies():
            gaps.append(
                Gap(
                    self.env._(
                        "The Python package “mail-parser-reply” is not installed: "
                        "salespeople accept by link, and not by answering “ok”."
                    ),
                    "pip install mail-parser-reply",
                    False,
                )
            )
        failures = self.env["radio.processing.failure"]
        if failures.has_access("read") and (count := failures.search_count([])):
            gaps.append(
                Gap(
                    self.env._(
                        "%s records could not be processed by scheduled actions.", count
                    ),
                    self.env._("CRM > Configuration > Response Times > Failed Records"),
                    f"{ACTION}radio_sales_team.radio_processing_failure_action",
                )
            )
        return gaps

    @api.model
    def _get_cron_ids(self):
        """Ids of this addon's scheduled actions."""
        # sudo: ir.model.data - what was installed with this addon
        data = self.env["ir.model.data"].sudo()
        return data.search(
            [("module", "=", "radio_sales_team"), ("model", "=", "ir.cron")]
        ).mapped("res_id")

    @api.model
    def _get_company_gaps(self, company):
        """What one company lacks: a policy, and in its teams people, hours, mail."""
        rules = [
            rule
            for rule in self.env["radio.sla.policy"]._get_rules("first_contact")
            if rule.company_id in (False, company.id)
        ]
        gaps = []
        if not rules:
            gaps.append(
                Gap(
                    self.env._("No policy is active: inquiries get no time to answer."),
                    self.env._("CRM > Configuration > Response Times > Policies"),
                    f"{ACTION}radio_sales_team.radio_sla_policy_action",
                )
            )
        teams = self._get_teams(company)
        if not teams:
            gaps.append(
                self._make_team_gap(
                    self.env._("There is no sales team to answer inquiries."),
                )
            )
        for team in teams:
            gaps += self._get_team_gaps(team, company, rules)
        return gaps

    @api.model
    def _get_before_gaps(self, companies):
        """Customers who have waited since before the addon, for who may start with
        them."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            return []
        leads = self.env["crm.lead"]
        waiting = leads._search_waiting_from_before(DAYS_BEFORE, companies)
        if not waiting:
            return []
        return [
            Gap(
                self.env._(
                    "%(count)s inquiries of the last %(days)s days have no answer: "
                    "start their time to answer?",
                    count=len(waiting),
                    days=DAYS_BEFORE,
                ),
                self.env._(
                    "CRM > Configuration > Response Times > Inquiries from Before"
                ),
                f"{ACTION}radio_sales_team.radio_start_clocks_action",
            )
        ]

    @api.model
    def _get_teams(self, company):
        """The teams that answer for a company; those of no company are the main
        one's, as their inquiries are."""
        companies = [company.id]
        if company == self.env["crm.lead"]._get_main_company():
            companies.append(False)
        # sudo: crm.team - teams of a company that this user has chosen
        return (
            self.env["crm.team"]
            .sudo()
            .search(
                [
                    ("company_id", "in", companies),
                    "|",
                    ("use_leads", "=", True),
                    ("use_opportunities", "=", True),
                ]
            )
        )

    @api.model
    def _get_team_gaps(self, team, company, rules):
        gaps = []
        if not team._get_back_office_user_ids(team.id):
            gaps.append(
                Gap(
                    self.env._(
                        "Nobody is in the back office of “%s”: nobody answers its "
                        "inquiries first.",
                        team.name,
                    ),
                    self.env._(
                        "CRM > Configuration > Response Times > Roles in the Team"
                    ),
                    f"{ACTION}radio_sales_team.crm_team_member_action_role",
                )
            )
        if not self._has_hours(team, company, rules):
            gaps.append(
                Gap(
                    self.env._(
                        "“%s” has no working hours with fixed times: no deadline can "
                        "be planned for its inquiries.",
                        team.name,
                    ),
                    self.env._("CRM > Configuration > Response Times > Working Hours"),
                    f"{ACTION}resource.action_resource_calendar_form",
                )
            )
        return gaps + self._get_team_form_gaps(team)

    @api.model
    def _get_team_form_gaps(self, team):
        """What is missing on the team's own form."""
        texts = []
        if not team.alias_name:
            texts.append(
                self.env._("“%s” has no mail address for inquiries.", team.name)
            )
        elif not team.alias_domain_id:
            texts.append(
                self.env._(
                    "The mail address of “%s” has no domain (what stands after the @).",
                    team.name,
                )
            )
        if not team.user_id.filtered("active"):
            texts.append(
                self.env._(
                    "“%s” has no team leader: nobody is told when an inquiry is late.",
                    team.name,
                )
            )
        return [self._make_team_gap(text, team.id) for text in texts]

    @api.model
    def _has_hours(self, team, company, rules):
        """Whether each policy that may hold for a team can plan deadlines."""
        lead = self.env["crm.lead"].new({"team_id": team.id, "company_id": company.id})
        calendars = [
            lead._get_clock_calendar(rule.calendar_id)
            for rule in rules
            if not rule.team_ids or team.id in rule.team_ids
        ]
        # sudo: resource.calendar - whether it can plan, whoever may change it
        return all(
            calendar and calendar.sudo()._has_working_time() for calendar in calendars
        )

    @api.model
    def _make_team_gap(self, text, team_id=False):
        return Gap(
            text,
            self.env._("CRM > Configuration > Sales Teams"),
            f"{ACTION}sales_team.crm_team_action_config"
            + (f"/{team_id}" if team_id else ""),
        )

    @api.model
    def _make_admin_gap(self, text, place, action, record_id=False):
        """What only an administrator can mend."""
        if self.env.user.has_group("base.group_system"):
            return Gap(text, place, f"{ACTION}{action}/{record_id or ''}".rstrip("/"))
        return Gap(text, self.env._("ask an administrator: %s", place), False)
