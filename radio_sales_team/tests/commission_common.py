from datetime import datetime, timedelta
from decimal import Decimal

import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.tools import mute_logger

from .common import NOW, ResponseCase


class CommissionCase(ResponseCase):
    """A station with a plan: 10 % to the seller, 1 % on top to the back office's team,
    2 % to whoever noticed the chance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the database's own must not mix with ours
        cls.env["radio.commission.plan"].search([("state", "=", "draft")]).unlink()
        cls.env.company.resource_calendar_id = cls.calendar
        cls.payer = cls._new_user("paula", "radio_sales_team.group_commission_manager")
        cls.other_seller = cls._new_user("otto", "sales_team.group_sale_salesman")
        cls.role = {
            role: cls.env.ref(f"radio_sales_team.radio_contribution_role_{role}")
            for role in ("seller", "first_contact", "signal", "scheduling")
        }
        cls.won_stage = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.new_stage = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        cls.plan = cls.make_plan()
        cls.plan.action_approve()

    @classmethod
    def make_plan(cls, lines=None, **vals):
        """A draft. Lines are dicts by role; without them those of the class."""
        if lines is None:
            lines = {
                "seller": {"percent": 100},
                "first_contact": {
                    "percent": 1,
                    "pays_team": True,
                    "sales_role": "back_office",
                },
                "signal": {"percent": 2},
                "scheduling": {"percent": 1},
            }
        return cls.env["radio.commission.plan"].create(
            {
                "name": "Station",
                "date_from": "2026-01-01",
                "event": "won",
                "rate": 10,
                "line_ids": [
                    Command.create({"role_id": cls.role[role].id, **line})
                    for role, line in lines.items()
                ],
                **vals,
            }
        )

    def deal_lead(self, **vals):
        """An opportunity of the seller, with nobody else in it."""
        return self.env["crm.lead"].create(
            {
                "name": "Spring",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "team_id": self.team.id,
                "user_id": self.seller.id,
                "expected_revenue": 1000.0,
                "stage_id": self.new_stage.id,
                **vals,
            }
        )

    def asked_lead(self):
        """An inquiry to which the back office wrote, and of which a seller is asked."""
        with freeze_time(NOW):
            lead = self.deal_lead(inquiry_channel="email", user_id=False)
            self.env["radio.contact.attempt"].create(
                {"lead_id": lead.id, "user_id": self.back_office.id}
            )
            lead._hand_over(self.seller)
        return lead

    def win(self, lead, day=0):
        """Win it on a day, as its salesperson does.

        :return: its deals.
        """
        with freeze_time(NOW + timedelta(days=day)):
            lead.with_user(lead.user_id[:1] or self.manager).action_set_won()
        return lead.commission_deal_ids

    def leave(self, lead, day=0):
        with freeze_time(NOW + timedelta(days=day)):
            lead.stage_id = self.new_stage
            self.env.flush_all()

    def accrue(self, day):
        """The scheduled action that writes what was earned since, on a day."""
        with freeze_time(NOW + timedelta(days=day)):
            self.run_commission_cron()

    def noticed(self, lead, user):
        """This user noticed the chance of which the lead came."""
        return self.env["radio.upsell.signal"].create(
            {
                "kind": "event",
                "partner_id": self.customer.id,
                "reported_by_id": user.id,
                "name": "Reopening",
                "deadline": "2026-02-01",
                "state": "accepted",
                "lead_id": lead.id,
            }
        )

    def lines(self, deal=None, **domain):
        """The ledger of a deal, or all of it that fits, in the order of writing."""
        terms = [(name, "=", value) for name, value in domain.items()]
        if deal is not None:
            terms.append(("deal_id", "in", deal.ids))
        return self.env["radio.commission.line"].search(terms, order="id")

    def amounts(self, deal, user=None):
        """What was written, as exact numbers in the order of writing."""
        lines = self.lines(deal)
        if user:
            lines = lines.filtered(lambda line: line.user_id == user)
        return [Decimal(str(line.amount)) for line in lines]

    def assertCannotBeDeleted(self, record):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            record.unlink()

    def period(self, month="2026-01-01"):
        return self.env["radio.commission.period"].search(
            [("company_id", "=", self.env.company.id), ("date_from", "=", month)]
        )

    def close(self, month="2026-01-01", day=datetime(2027, 2, 1, 9, 0)):
        """Close a month, as the commission manager does."""
        period = self.period(month).with_user(self.payer)
        with freeze_time(day):
            period.action_prepare()
            period.action_close()
        return self.period(month)
