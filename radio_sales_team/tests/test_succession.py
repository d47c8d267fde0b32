"""Somebody is ill or leaves: nothing of what waits for them is forgotten."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import NOW
from .test_handover import HandoverCase


class SuccessionCase(HandoverCase):
    def away(self, user, **vals):
        """A proposal, as the manager makes it."""
        succession = self.env["radio.succession"].with_user(self.manager)
        return succession.create({"user_id": user.id, **vals})

    def taken(self, **vals):
        """An inquiry that the seller has by agreement."""
        lead = self.talked(**vals)
        asked = self.ask(lead)
        if asked.kind != "own":
            asked.with_user(self.seller).action_accept()
        return lead

    def line(self, succession, record):
        return succession.line_ids.filtered(
            lambda one: (one.res_model, one.res_id) == (record._name, record.id)
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSuccession(SuccessionCase):
    def test_everything_that_waits_is_proposed(self):
        lead = self.taken()
        promise = lead.with_user(self.seller)._make_promise(NOW + timedelta(hours=3))
        call = lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.seller.id
        )
        asked = self.ask(self.talked())
        over = self.taken()
        over.action_set_won()
        plain = self.env["crm.lead"].create(
            {"name": "Plain", "user_id": self.seller.id, "team_id": self.team.id}
        )
        succession = self.away(self.seller)
        expected = {
            (record._name, record.id) for record in (lead, promise, call, asked, plain)
        }
        lines = succession.line_ids
        self.assertEqual({(one.res_model, one.res_id) for one in lines}, expected)
        self.assertEqual(lines.to_user_id, self.lena, "the other seller who is there")
        self.assertEqual(lead.user_id, self.seller, "nothing happens before the review")

    def test_handed_over_and_given_back(self):
        lead = self.taken()
        promise = lead.with_user(self.seller)._make_promise(NOW + timedelta(hours=3))
        second = self.taken()
        clock = second.sla_clock_ids.filtered(lambda one: one.kind == "seller_contact")
        succession = self.away(self.seller)
        before = self.last_message()
        succession.action_hand_over()
        self.assertEqual((lead | second).user_id, self.lena)
        self.assertEqual(promise.user_id, self.lena, "the promise is theirs to keep")
        self.assertEqual(clock.state, "cancelled")
        open_now = (lead | second).handover_ids.filtered(
            lambda one: one.state == "requested"
        )
        self.assertEqual(open_now.to_user_id, self.lena, "asked, not assumed")
        told, asked = self.mails_to(self.lena, before).sorted("subject", reverse=True)
        self.assertIn("You stand in for Tom", told.subject)
        self.assertIn("Promised call-back", told.body)
        self.assertIn("2 inquiries for you", asked.subject)
        # Lena takes one over; the other one somebody else gets meanwhile
        open_now.filtered(lambda one: one.lead_id == lead).with_user(
            self.lena
        ).action_accept()
        before = self.last_message()
        succession.action_undo()
        self.assertEqual((lead | second).user_id, self.seller)
        self.assertEqual(promise.user_id, self.seller)
        self.assertEqual(clock.state, "cancelled", "nobody could keep that one")
        new = second.sla_clock_ids.filtered(lambda one: one.kind == "seller_contact")
        self.assertEqual((new - clock).state, "running", "their own time begins anew")
        self.assertFalse(
            (lead | second).handover_ids.filtered(lambda one: one.state == "requested"),
            "what was theirs is not asked",
        )
        self.assertEqual(len(self.mails_to(self.seller, before)), 1)
        self.assertEqual(succession.state, "undone")

    def test_what_somebody_else_got_meanwhile_stays(self):
        lead, other = self.taken(), self.taken()
        succession = self.away(self.seller)
        succession.action_hand_over()
        nora = self._new_user("nora", "sales_team.group_sale_salesman")
        lead.user_id = nora
        succession.action_undo()
        self.assertEqual(lead.user_id, nora)
        self.assertEqual(other.user_id, self.seller)
        self.assertFalse(self.line(succession, lead).is_back)

    def test_customers_only_for_good(self):
        self.customer.user_id = self.seller
        lead = self.taken(partner_id=self.customer.id)
        nora = self._new_user("nora", "sales_team.group_sale_salesman")
        self._join(nora, "field_sales")
        self.taken()
        ill = self.away(self.seller)
        self.assertFalse(self.line(ill, self.customer))
        leaves = self.away(self.seller, is_for_good=True)
        line = self.line(leaves, self.customer)
        self.assertTrue(line)
        self.assertEqual(
            line.to_user_id,
            self.line(leaves, lead).to_user_id,
            "one person for all of a customer",
        )
        self.assertEqual(leaves.line_ids.to_user_id, self.lena | nora, "shared evenly")
        leaves.action_hand_over()
        self.assertEqual(self.customer.user_id, line.to_user_id)

    def test_back_office_goes_to_the_back_office(self):
        mareike = self._new_user("mareike", "radio_sales_team.group_back_office")
        self._join(mareike, "back_office")
        lead = self.inquiry(back_office_user_id=self.back_office.id)
        succession = self.away(self.back_office)
        succession.action_hand_over()
        self.assertEqual(lead.back_office_user_id, mareike)
        self.assertEqual(lead.sla_clock_ids.user_id, mareike)
        self.assertWaiting(lead)

    def test_reviewed_on_the_form(self):
        """Another successor, a line left out, everything to one person."""
        lead, kept = self.taken(), self.taken()
        nora = self._new_user("nora", "sales_team.group_sale_salesman")
        form = Form(self.env["radio.succession"].with_user(self.manager))
        form.user_id = self.seller
        succession = form.save()
        with Form(succession) as form:
            form.to_user_id = nora
        self.assertEqual(succession.line_ids.to_user_id, nora)
        self.line(succession, kept).is_chosen = False
        self.assertEqual(succession.line_count, 1)
        succession.action_hand_over()
        self.assertEqual(lead.user_id, nora)
        self.assertEqual(kept.user_id, self.seller)
        with self.assertRaisesRegex(UserError, "done already"):
            succession.action_hand_over()

    def test_what_cannot_be_done_is_said(self):
        self.taken()
        succession = self.away(self.seller)
        with self.assertRaisesRegex(UserError, "Nothing was handed over"):
            succession.action_undo()
        succession.line_ids.to_user_id = False
        with self.assertRaisesRegex(UserError, "Choose who takes over"):
            succession.action_hand_over()
        succession.line_ids.to_user_id = self.seller
        with self.assertRaisesRegex(UserError, "Tom cannot take this over"):
            succession.action_hand_over()
        stranger = self.env["res.company"].create({"name": "Other station"})
        other = self._new_user("otto", "sales_team.group_sale_salesman")
        other.write({"company_ids": [(6, 0, stranger.ids)], "company_id": stranger.id})
        succession.line_ids.to_user_id = other
        with self.assertRaisesRegex(UserError, "does not work for"):
            succession.action_hand_over()
        with self.assertRaisesRegex(UserError, "nothing to hand over from Lena"):
            self.away(self.lena).action_hand_over()

    def test_a_colleague_who_left_can_be_chosen_and_never_gets_it_back(self):
        self.customer.user_id = self.seller
        self.seller.action_archive()
        succession = self.away(self.seller, is_for_good=True)
        succession.action_hand_over()
        self.assertEqual(self.customer.user_id, self.lena)
        with self.assertRaisesRegex(UserError, "cannot log in"):
            succession.action_undo()

    def test_only_sales_administrators_and_only_what_was_proposed(self):
        lead = self.taken()
        succession = self.away(self.seller)
        for user in (self.seller, self.lena, self.back_office):
            with self.assertRaises(AccessError):
                succession.with_user(user).action_hand_over()
        line = succession.line_ids
        admin = self.env.ref("base.user_admin")
        for vals in (
            {"res_model": "res.users", "res_id": admin.id},
            {"field_name": "create_uid"},
            {"is_done": True},
        ):
            with self.assertRaises(AccessError):
                line.write(vals)
        with self.assertRaises(AccessError):
            succession.state = "done"
        with self.assertRaises(AccessError):
            self.env["radio.succession.line"].with_user(self.manager).create(
                {
                    "succession_id": succession.id,
                    "kind": "seller",
                    "res_model": "res.users",
                    "res_id": admin.id,
                    "field_name": "id",
                }
            )
        self.assertEqual(lead.user_id, self.seller)
