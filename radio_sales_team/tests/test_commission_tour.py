"""From the plan to a disputed statement, in a real browser."""

from odoo.tests import HttpCase, tagged

from .commission_common import CommissionCase


@tagged("post_install", "-at_install")
class TestCommissionTour(CommissionCase, HttpCase):
    def test_trying_and_approving_a_plan(self):
        plan = self.make_plan(team_ids=[(4, self.team.id)])
        self.start_tour(
            f"/odoo/action-radio_sales_team.radio_commission_plan_action/{plan.id}",
            "radio_commission_plan_tour",
            login="paula",
        )
        self.assertEqual(plan.approved_by_id, self.payer)

    def test_who_contributed(self):
        """Proposed by the assistant who knows of it, confirmed by the salesperson."""
        lead = self.deal_lead()
        lead.back_office_user_id = self.back_office
        self.env["radio.contribution"].with_user(self.back_office).create(
            {
                "lead_id": lead.id,
                "user_id": self.other_seller.id,
                "role_id": self.role["scheduling"].id,
            }
        )
        self.start_tour(
            f"/odoo/action-crm.crm_lead_action_pipeline/{lead.id}",
            "radio_contribution_tour",
            login="tom",
        )
        self.run_commission_cron()
        told = lead.message_ids.filtered(lambda one: "Won together" in one.body)
        self.assertIn("Otto", told.body)
        deal = lead.commission_deal_ids
        self.assertEqual(
            {line.user_id: line.amount for line in self.lines(deal)},
            {self.seller: 100, self.other_seller: 10},
        )
        proposed = lead.contribution_ids.filtered(lambda one: one.state == "proposed")
        self.assertEqual(proposed.user_id, self.back_office)
        self.assertEqual(proposed.proposed_by_id, self.seller)

    def test_closing_a_month_and_disputing_a_statement(self):
        self.win(self.deal_lead())
        self.start_tour(
            "/odoo/action-radio_sales_team.radio_commission_period_action",
            "radio_commission_close_tour",
            login="paula",
        )
        self.start_tour(
            "/odoo/action-radio_sales_team.radio_commission_statement_action_mine",
            "radio_commission_dispute_tour",
            login="tom",
        )
        statement = self.period().statement_ids
        self.assertEqual(statement.state, "disputed")
        self.assertTrue(statement.acknowledged_at)
