from odoo import api, models
from odoo.tools import SQL


class CrmTeam(models.Model):
    """Which teams are too small to be named in reports on response times."""

    _inherit = "crm.team"

    @api.model
    def _get_withheld_ids(self):
        """Ids of the teams whose figures would be those of single people.

        For each company that does not evaluate response times per person, teams with
        fewer members than ``response_group_size`` are not named. Where the people of
        those together are still fewer, the next larger team is not named either, and
        so on: nobody can find out by subtracting. The figures themselves stay in the
        report, so that totals are right; with a single small team that is all of them.
        A team without members singles out nobody; one that has no inquiries does not
        matter.
        """
        self.env["crm.team.member"].flush_model(["active", "crm_team_id", "user_id"])
        self.env["res.users"].flush_model(["active"])
        self.env["crm.lead"].flush_model(["is_inquiry", "team_id"])
        self.flush_model(["company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT team.company_id, team.id,
                          array_remove(array_agg(users.id), NULL)
                   FROM crm_team team
                   LEFT JOIN crm_team_member member
                     ON member.crm_team_id = team.id AND member.active
                   LEFT JOIN res_users users
                     ON users.id = member.user_id AND users.active
                   WHERE EXISTS (
                       SELECT FROM crm_lead lead
                       WHERE lead.team_id = team.id AND lead.is_inquiry
                   )
                   GROUP BY team.id
                   ORDER BY count(DISTINCT users.id), team.id"""
            )
        )
        # sudo: res.company - settings of all of them
        companies = self.env["res.company"].sudo().search([])
        sizes = {
            company.id: company.response_group_size
            for company in companies
            if not company.evaluate_response_per_person
        }
        if sizes:
            sizes[None] = max(sizes.values())
        withheld = []
        people = {}
        for company_id, team_id, user_ids in rows:
            if company_id not in sizes:
                continue
            size, known = sizes[company_id], people.setdefault(company_id, set())
            if len(set(user_ids)) < size or 0 < len(known) < size:
                withheld.append(team_id)
                known.update(user_ids)
        return withheld
