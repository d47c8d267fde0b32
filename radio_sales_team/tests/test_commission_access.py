"""Who sees whose amounts: everybody their own, leaders their teams', commission
managers all; nobody else, by whatever way they try."""

import json
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .commission_common import CommissionCase

AMOUNT = 777.77  # 10 % of the base: nobody else has anything with it
MODELS = (
    "radio.commission.line",
    "radio.commission.share",
    "radio.commission.deal",
    "radio.commission.statement",
    "radio.commission.plan",
    "radio.commission.period",
    "radio.commission.audit",
    "radio.contribution",
    "radio.bonus.pool",
    "radio.bonus.member",
    "radio.team.target",
    "radio.team.target.part",
)


@tagged("post_install", "-at_install")
class TestCommissionAccess(CommissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._new_user("lea", "sales_team.group_sale_salesman")
        cls.all_leads = cls._new_user(
            "alan", "sales_team.group_sale_salesman_all_leads"
        )
        cls.plain = cls._new_user("emil", "base.group_user")
        cls.portal = cls._new_user("portia", "base.group_portal")
        cls.team.user_id = cls.leader
        cls.team.commission_leader_id = cls.leader

    def setUp(self):
        super().setUp()
        self.lead = self.deal_lead(expected_revenue=7777.70)
        self.deal = self.win(self.lead)
        self.close(day=datetime(2026, 2, 3, 9, 0))
        self.env.flush_all()
        self.env.invalidate_all()

    def search(self, user, model, domain=()):
        return self.env[model].with_user(user).search(list(domain))

    def test_a_form_tells_nothing_of_an_opportunity(self):
        """When a deal that one may not see was closed, say."""
        contributions = self.env["radio.contribution"].with_user(self.other_seller)
        spec = {"lead_id": {}, "won_on": {}}
        told = contributions.onchange({"lead_id": self.lead.id}, ["lead_id"], spec)
        self.assertFalse(told["value"].get("won_on"))
        own = self.lead.contribution_ids.with_user(self.seller)
        self.assertTrue(own.won_on)

    def test_everybody_sees_their_own(self):
        line = self.search(self.seller, "radio.commission.line")
        self.assertEqual(line.mapped("amount"), [AMOUNT])
        self.assertEqual(
            (line.deal_name, line.partner_name), ("Spring", "Frank Brandt")
        )
        statement = self.search(self.seller, "radio.commission.statement")
        self.assertEqual(statement.payout, AMOUNT)

    def test_leaders_see_their_teams(self):
        self.assertEqual(
            self.search(self.leader, "radio.commission.line").mapped("amount"), [AMOUNT]
        )
        self.assertEqual(self.search(self.leader, "radio.commission.deal"), self.deal)

    def test_commission_managers_see_all(self):
        self.assertEqual(
            self.search(self.payer, "radio.commission.line").user_id, self.seller
        )
        self.assertTrue(self.search(self.payer, "radio.commission.statement"))

    def test_colleagues_see_names_and_roles_and_no_amount(self):
        for user in (self.all_leads, self.manager):
            contribution = self.search(user, "radio.contribution")
            self.assertEqual(contribution.user_id, self.seller)
            self.assertNotIn("amount", contribution._fields)
            self.assertNotIn("percent", contribution._fields)

    def nine_ways(self, user):
        """Each way in which somebody could read the seller's amount.

        :return: dict of functions that return whether something was seen.
        """
        line = self.lines(self.deal)
        statement = self.period().statement_ids
        lines = self.env["radio.commission.line"].with_user(user)
        leads = self.env["crm.lead"].with_user(user)
        share = self.deal.share_ids
        return {
            "search": lambda: lines.search([("user_id", "=", self.seller.id)]),
            "read": lambda: line.with_user(user).read(["amount"]),
            "search by amount": lambda: lines.search_count([("amount", ">", 777)]),
            "group by": lambda: [
                total for (total,) in lines._read_group([], [], ["amount:sum"]) if total
            ],
            "export": lambda: line.with_user(user).export_data(["amount"])["datas"],
            "statement": lambda: statement.with_user(user).read(["payout"]),
            "by the opportunity": lambda: leads.search_count(
                [("commission_deal_ids.line_ids.amount", ">", 777)]
            ),
            "share": lambda: share.with_user(user).read(["percent"]),
            "pdf": lambda: (
                self.env["ir.actions.report"]
                .with_user(user)
                ._render_qweb_html(
                    "radio_sales_team.report_commission_statement", statement.ids
                )
            ),
            "chatter": lambda: (
                self.env["mail.message"]
                .with_user(user)
                .search_count(
                    [
                        ("model", "=", "radio.commission.statement"),
                        ("res_id", "in", statement.ids),
                    ]
                )
            ),
            "web": lambda: [
                row["line_ids"]
                for row in self.deal.lead_id.with_user(user).web_read(
                    {
                        "commission_deal_ids": {
                            "fields": {"line_ids": {"fields": {"amount": {}}}}
                        }
                    }
                )[0]["commission_deal_ids"]
            ],
            "deal": lambda: self.deal.with_user(user).read(["total", "base_amount"]),
            "group by the deal's base": lambda: [
                base
                for base, _count in share.with_user(user)._read_group(
                    [("deal_id", "=", self.deal.id)],
                    ["deal_id.base_amount"],
                    ["__count"],
                )
                if base
            ],
            "by the month": lambda: (
                self.env["radio.commission.period"]
                .with_user(user)
                .search_count([("statement_ids.payout", ">", 777)])
            ),
            "what everybody contributed": lambda: (
                self.env["radio.value.report"]
                .with_user(user)
                .search_count([("commission", ">", 777)])
            ),
            "by who contributed": lambda: (
                self.env["radio.contribution"]
                .with_user(user)
                .search_count([("lead_id.commission_deal_ids.base_amount", ">", 7777)])
            ),
        }

    def test_nine_ways_to_a_colleagues_amount(self):
        """Each either finds nothing or is refused."""
        for user in (self.back_office, self.other_seller, self.all_leads, self.manager):
            user.group_ids += self.env.ref("base.group_allow_export")
        self.plain.group_ids += self.env.ref("base.group_allow_export")
        for user in (
            self.back_office,
            self.other_seller,
            self.all_leads,
            self.manager,
            self.plain,
            self.portal,
        ):
            for way, look in self.nine_ways(user).items():
                with self.subTest(user=user.login, way=way):
                    self.env.invalidate_all()
                    try:
                        seen = look()
                    except AccessError:
                        continue
                    except UserError as error:
                        self.assertIn("rights to export", str(error))
                        continue
                    self.assertFalse(seen, f"{user.login} by {way}")

    def test_the_ways_are_ways(self):
        """The commission manager gets there by each: else the test above is empty."""
        for way, look in self.nine_ways(self.payer).items():
            with self.subTest(way=way):
                self.assertTrue(look())

    def test_nobody_writes_but_the_buttons(self):
        """The matrix of role, model and operation."""
        period, statement = self.period(), self.period().statement_ids
        frozen = {
            "radio.commission.line": self.lines(self.deal),
            "radio.commission.share": self.deal.share_ids,
            "radio.commission.deal": self.deal,
            "radio.commission.statement": statement,
            "radio.commission.period": period,
        }
        for user in (self.seller, self.leader, self.manager, self.payer):
            for model, record in frozen.items():
                for operation in ("create", "write", "unlink"):
                    with self.subTest(user=user.login, model=model, what=operation):
                        self.assertFalse(
                            record.with_user(user).has_access(operation),
                            f"{user.login} may {operation} {model}",
                        )

    def test_plans_are_for_commission_managers(self):
        for user in (self.seller, self.leader, self.manager, self.plain):
            with self.assertRaises(AccessError):
                self.search(user, "radio.commission.plan")

    def test_strangers_see_nothing(self):
        own = ("radio.commission.line", "radio.commission.statement")
        for model in own:
            self.assertFalse(self.search(self.plain, model))
        for user in (self.plain, self.portal, self.env.ref("base.public_user")):
            for model in MODELS:
                if user == self.plain and model in (*own, "radio.commission.period"):
                    continue  # whoever is paid may read what is theirs
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(AccessError):
                        self.search(user, model)

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other station"})
        clerk = self._new_user("olga", "radio_sales_team.group_commission_manager")
        clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for model in MODELS:
            with self.subTest(model=model):
                self.assertFalse(
                    self.env[model]
                    .with_user(clerk)
                    .with_context(allowed_company_ids=other.ids)
                    .search([])
                )
        with self.assertRaises(AccessError):
            self.period().with_user(clerk).with_context(
                allowed_company_ids=other.ids
            ).action_prepare()

    def test_a_draft_statement_is_not_seen_before_it_is_issued(self):
        lead = self.deal_lead(user_id=self.other_seller.id)
        self.win(lead, day=25)
        with freeze_time(datetime(2026, 3, 3, 9, 0)):
            self.period("2026-02-01").with_user(self.payer).action_prepare()
        self.assertFalse(self.search(self.other_seller, "radio.commission.statement"))
        self.assertTrue(self.search(self.other_seller, "radio.commission.line"))

    def test_who_is_paid_need_not_be_in_sales(self):
        """Scheduling, say: they read their own statement, and may dispute it."""
        lead = self.deal_lead()
        self.env["radio.contribution"].create(
            {
                "lead_id": lead.id,
                "user_id": self.plain.id,
                "role_id": self.role["scheduling"].id,
                "state": "confirmed",
            }
        )
        self.win(lead, day=25)
        self.close("2026-02-01", day=datetime(2026, 3, 3, 9, 0))
        statement = self.search(self.plain, "radio.commission.statement")
        self.assertEqual(statement.payout, 10)
        self.assertEqual(statement.line_ids.deal_name, "Spring")
        statement.action_acknowledge()
        dispute = self.env["radio.commission.dispute"].with_user(self.plain)
        dispute.create({"statement_id": statement.id, "text": "Why?"}).action_send()
        self.assertEqual(statement.state, "disputed")
        others = self.period("2026-02-01").statement_ids - statement.sudo()
        with self.assertRaises(AccessError):
            dispute.create({"statement_id": others[0].id, "text": "Whose?"})

    def test_a_sales_administrator_does_not_make_themselves_leader(self):
        """Who sees a team's pay is for commission managers to say."""
        self.team.with_user(self.manager).user_id = self.manager
        self.assertFalse(self.search(self.manager, "radio.commission.line"))
        with self.assertRaises(AccessError):
            self.team.with_user(self.manager).commission_leader_id = self.manager
        self.team.with_user(self.payer).commission_leader_id = self.manager
        self.assertTrue(self.search(self.manager, "radio.commission.line"))

    def test_whoever_contributed_may_read_the_opportunity(self):
        lead = self.deal_lead()
        with self.assertRaises(AccessError):
            lead.with_user(self.other_seller).read(["name"])
        self.noticed(lead, self.other_seller)
        self.win(lead)
        self.assertTrue(lead.with_user(self.other_seller).read(["name"]))
        with self.assertRaises(AccessError):
            lead.with_user(self.other_seller).write({"name": "Mine"})

    def test_who_was_refused_does_not_read_on(self):
        """Nor whoever looked before they were confirmed waits for the next request."""
        lead = self.deal_lead()
        mine = lead.with_user(self.other_seller)
        self.assertFalse(mine.has_access("read"))
        contribution = self.env["radio.contribution"].create(
            {
                "lead_id": lead.id,
                "user_id": self.other_seller.id,
                "role_id": self.role["scheduling"].id,
                "proposed_by_id": self.manager.id,
                "state": "confirmed",
            }
        )
        self.assertTrue(mine.has_access("read"))
        lead.active = False
        shared = Domain("is_shared_with_me", "=", True)
        self.assertEqual(mine.filtered_domain(shared), lead)
        lead.active = True
        self.assertEqual(mine.search([("id", "=", lead.id)]), lead)
        contribution.state = "refused"
        self.assertFalse(mine.has_access("read"))
        self.assertFalse(mine.search([("id", "=", lead.id)]))

    def test_the_seal_of_a_month_tells_no_amount(self):
        """It is printed on every statement: without the salt nobody can guess a
        colleague's amounts from it, and the salt is for commission managers."""
        period = self.env["radio.commission.period"].with_user(self.seller)
        self.assertNotIn("seal_salt", period.fields_get())
        self.assertNotIn("progress", period.fields_get(), "names of deals")

    def test_others_forms_are_not_mine(self):
        """Transient forms hold amounts, too."""
        tried = (
            self.env["radio.commission.simulation"]
            .with_user(self.payer)
            .create({"plan_id": self.plan.id})
        )
        second = self._new_user("pia", "radio_sales_team.group_commission_manager")
        with self.assertRaises(AccessError):
            tried.with_user(second).read(["base_amount"])


@tagged("post_install", "-at_install")
class TestCommissionRpc(HttpCase, CommissionCase):
    """The same over the network, with a password."""

    def call(self, model, method, *args, **kwargs):
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_by_rpc(self):
        deal = self.win(self.deal_lead(expected_revenue=7777.70))
        self.close(day=datetime(2026, 2, 3, 9, 0))
        line, statement = self.lines(deal), self.period().statement_ids
        self.env.flush_all()
        self.other_seller.password = "otto-otto-otto"
        self.authenticate("otto", "otto-otto-otto")
        with mute_logger("odoo.http"):
            for answer in (
                self.call(line._name, "read", line.ids, ["amount"]),
                self.call(line._name, "write", line.ids, {"amount": 1}),
                self.call(line._name, "_write_lines", [{}]),
                self.call(deal._name, "_settle", deal.ids, "2026-01-01"),
                self.call(statement._name, "action_pay", statement.ids),
                self.call(statement._name, "read", statement.ids, ["payout"]),
                self.call("radio.commission.audit", "action_run", []),
                self.call("radio.commission.period", "action_close", statement.ids),
            ):
                self.assertIn("error", answer)
                self.assertNotRegex(json.dumps(answer), r"777[.,]77")
        seen = self.call(line._name, "search_read", [], ["amount"])
        self.assertEqual(seen["result"], [])
        pdf = self.url_open(
            f"/report/html/radio_sales_team.report_commission_statement/{statement.id}"
        )
        self.assertNotRegex(pdf.text, r"777[.,]77")
        self.assertNotEqual(pdf.status_code, 200)
