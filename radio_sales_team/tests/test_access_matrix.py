"""Who may read, write, create and delete what: every role, every model of ours."""

from odoo.tests import TransactionCase, new_test_user, tagged

ROLES = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "settings": "base.group_system",
    "seller": "sales_team.group_sale_salesman",
    "back office": "radio_sales_team.group_back_office",
    "all leads": "sales_team.group_sale_salesman_all_leads",
    "administrator": "sales_team.group_sale_manager",
    "payer": "radio_sales_team.group_commission_manager",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# By role, in the order: seller, back office, all leads, administrator of sales,
# commission manager. Rules narrow down further which records these are.
SALES = {
    # what happened is written by methods, and corrected by people
    "radio.contact.attempt": "rwc rwc rwc rwcu rwc",
    "radio.sla.clock": "r r r r r",
    "radio.sla.pause": "r r r r r",
    "radio.sla.step": "- - - r -",
    "radio.sla.notice": "- - - r -",
    "radio.processing.failure": "- - - r r",
    "radio.handover": "r r r r r",
    "radio.booking": "r r rwc rwcu rwc",
    "radio.customer.volume": "r r r r r",
    "radio.volume.change": "- - - r -",
    "radio.upsell.signal": "rwc rwc rwc rwcu rwc",
    "radio.industry.insight": "r rwc rwc rwcu rwc",
    "radio.industry.exclusivity": "r r rwc rwcu rwc",
    "radio.contribution": "rwcu rwcu rwcu rwcu rwcu",
    # the station's own rules and lists
    "radio.sla.policy": "r r r rwcu r",
    "radio.sla.escalation": "r r r rwcu r",
    "radio.no.inquiry.kind": "r r r rwcu r",
    "radio.handover.reason": "r r r rwcu r",
    "radio.booking.source": "r r r rwcu r",
    "radio.discount.ladder": "r r r rwcu r",
    "radio.discount.tier": "r r r rwcu r",
    "radio.signal.reason": "r r r rwcu r",
    "radio.customer.event": "r r r rwcu r",
    "radio.succession": "- - - rwcu -",
    "radio.succession.line": "- - - rw -",
    # pay: nobody writes the ledger, and plans are for commission managers alone
    "radio.commission.plan": "- - - - rwcu",
    "radio.commission.plan.line": "- - - - rwcu",
    "radio.commission.tier": "- - - - rwcu",
    "radio.commission.deal": "r r r r r",
    "radio.commission.share": "r r r r r",
    "radio.commission.line": "r r r r r",
    "radio.commission.period": "r r r r r",
    "radio.commission.statement": "r r r r r",
    "radio.commission.audit": "- - - - r",
    "radio.commission.finding": "- - - - r",
    "radio.contribution.role": "r r r r rwcu",
    "radio.team.target": "r r r rwcu rwcu",
    "radio.team.target.part": "r r r rwcu rwcu",
    "radio.bonus.pool": "r r r r rwcu",
    "radio.bonus.member": "r r r r rwcu",
    # reports
    "radio.caller": "r r r r r",
    "radio.response.report": "r r r r r",
    "radio.win.report": "r r r r r",
    "radio.value.report": "r r r r r",
    # forms
    "radio.take.call": "rwc rwc rwc rwc rwc",
    "radio.hand.over": "rwc rwc rwc rwc rwc",
    "radio.hand.over.line": "rwc rwc rwc rwc rwc",
    "radio.handover.answer": "rwc rwc rwc rwc rwc",
    "radio.signal.dismiss": "rwc rwc rwc rwc rwc",
    "radio.setup.check": "- - - rwc -",
    "radio.start.clocks": "- - - rwc -",
    "radio.commission.adjust": "- - - - rwc",
    "radio.commission.change": "- - - - rwc",
    "radio.commission.dispute": "rwc rwc rwc rwc rwc",
    "radio.commission.simulation": "- - - - rwcu",
    "radio.commission.simulation.line": "- - - - rwcu",
    "radio.commission.replay.line": "- - - - rwcu",
    "radio.commission.true.up": "- - - - rwcu",
    "radio.commission.true.up.line": "- - - - rwcu",
}
# What everybody who works here may do, so that whoever is paid sees their own pay
# without any right to sales.
EMPLOYEE = {
    "radio.commission.line": "r",
    "radio.commission.period": "r",
    "radio.commission.statement": "r",
    "radio.commission.dispute": "rwc",
    "radio.contribution.role": "r",
}


@tagged("post_install", "-at_install")
class TestAccessMatrix(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f"matrix {role}", groups=group)
            for role, group in ROLES.items()
        }
        cls.models = {
            name
            for name, model in cls.env.registry.items()
            if name.startswith("radio.") and not model._abstract
        }
        cls.models |= {
            name
            for name, model in cls.env.registry.items()
            if model._original_module == "radio_sales_team" and not model._abstract
        }

    def get_expected(self, role, model):
        if role in ("public", "portal"):
            return ""
        if role in ("employee", "settings"):
            return EMPLOYEE.get(model, "")
        place = [*ROLES].index(role) - [*ROLES].index("seller")
        return SALES[model].split()[place].replace("-", "")

    def test_every_model_is_in_the_matrix(self):
        """A new model is thought about before anybody can use it."""
        self.assertEqual(self.models, set(SALES))

    def test_who_may_do_what(self):
        wrong = []
        for role, user in self.users.items():
            for name in sorted(self.models):
                model = self.env[name].with_user(user)
                allowed = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if model.has_access(operation)
                )
                expected = self.get_expected(role, name)
                if allowed != expected:
                    wrong.append(f"{role}, {name}: {allowed or '-'} for {expected}")
        self.assertEqual(wrong, [])

    def test_what_belongs_to_a_company_has_its_rule(self):
        """One for everybody, whatever else they may see."""
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        ruled = {
            rule.model_id.model for rule in rules if "company_ids" in rule.domain_force
        }
        stored = {
            name
            for name in self.models
            if "company_id" in self.env[name]._fields
            and not self.env.registry[name]._transient
        }
        self.assertTrue(stored)
        self.assertEqual(stored - ruled, set())

    def test_what_somebody_is_typing_is_theirs_alone(self):
        """Forms that are open keep what was typed into them: a dispute, say."""
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        ruled = {
            rule.model_id.model for rule in rules if "create_uid" in rule.domain_force
        }
        forms = {name for name in self.models if self.env.registry[name]._transient}
        forms -= {"radio.setup.check"}  # nothing is typed there
        self.assertTrue(forms)
        self.assertEqual(forms - ruled, set())
