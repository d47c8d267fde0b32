"""Property-based test: whatever users do to leads, customers who wait stay listed."""

from datetime import timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo import Command
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import DATABASE_EXAMPLES, NOW, ResponseCase

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["ask", "ask_twice", "ask_twice", "write_again", "answer", "load"]
            + ["lose", "lose", "archive", "restore", "restore", "exclude", "include"]
            + ["merge", "merge", "merge", "join", "separate", "change_customer"]
            + ["advance", "advance", "move", "edit_all", "take", "release", "delete"]
            + ["owner_leaves"]
        ),
        st.integers(0, 5),
    ),
    min_size=6,
    max_size=12,
)
# without these there is nothing to be done
BEGIN = [("ask", 0), ("ask_twice", 0), ("ask", 0)]


class Inquiry:
    """The expected state of a lead, kept beside Odoo."""

    def __init__(self, record):
        self.record = record
        self.closed_at = None  # lost or archived
        self.is_excluded = False  # no sales inquiry
        self.answered_at = None  # first contact


class Question:
    """What a customer asked, and the lead on which it is answered."""

    def __init__(self, inquiry, asked_at):
        self.inquiry, self.asked_at = inquiry, asked_at
        self.is_over = False  # answered, or deleted

    def is_waiting(self):
        inquiry = self.inquiry
        return not (
            self.is_over
            or inquiry.is_excluded
            or (inquiry.closed_at and self.asked_at < inquiry.closed_at)
        )


@tagged("post_install", "-at_install")
class TestWaitingOracle(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["radio.sla.policy"].create(
            {"name": "Replies", "clock_kind": "next_reply", "target_hours": 2}
        )
        cls.second = cls._new_user("mareike", "radio_sales_team.group_back_office")
        cls._join(cls.second, "back_office")
        cls.other_team = cls.env["crm.team"].create(
            {
                "name": "Other",
                "user_id": cls.manager.id,
                "response_calendar_id": cls.calendar.id,
            }
        )
        action = cls.env.ref("radio_sales_team.crm_lead_action_inquiry")
        arch = etree.fromstring(
            cls.env["crm.lead"].get_view(action.search_view_id.id, "search")["arch"]
        )
        (waiting,) = arch.xpath("//filter[@name='waiting_answer']/@domain")
        cls.listed = Domain(safe_eval(action.domain)) & Domain(safe_eval(waiting))
        cls.number = 0

    @settings(DATABASE_EXAMPLES, max_examples=40)
    @given(steps=STEPS)
    def test_whoever_waits_stays_in_a_list(self, steps):
        """Whatever is done to opportunities, each customer whom nobody answered has a
        running deadline, somebody to answer, and a place in the list."""
        self.inquiries, self.questions = [], []
        self.back_office.active = True
        for minutes, (what, number) in enumerate(BEGIN + steps):
            with freeze_time(NOW + timedelta(minutes=minutes)):
                self.now = NOW + timedelta(minutes=minutes)
                getattr(self, f"do_{what}")(number)
                self.env.flush_all()
                self.env.invalidate_all()
                self.check()

    def check(self):
        leads = self.env["crm.lead"].with_user(self.second)
        listed = leads.search(self.listed)
        for question in self.questions:
            if not question.is_waiting():
                continue
            lead = question.inquiry.record.with_user(self.second)
            answering = lead.sudo()
            if lead.asked_before_id and not lead.sla_deadline:
                # the earlier question of this customer runs for both
                answering = lead.asked_before_id.sudo()
            clocks = answering._get_open_clocks(("first_contact", "next_reply"))
            self.assertEqual(clocks.mapped("state"), ["running"], "one deadline runs")
            self.assertTrue(clocks.deadline)
            self.assertTrue(
                lead.back_office_user_id.active
                or lead.user_id.active
                or lead.team_id.user_id
                or lead.team_id.crm_team_member_ids,
                "somebody is to answer",
            )
            self.assertIn(lead, listed, "it stands in Inquiries")

    # what customers do

    def receive_from(self, email, **headers):
        type(self).number += 1
        return self.receive(
            f"Eva <{email}>", Message_Id=f"<ask-{self.number}@x.example>", **headers
        )

    def ask(self, email):
        lead = self.receive_from(email)
        inquiry = Inquiry(lead)
        self.inquiries.append(inquiry)
        self.questions.append(Question(inquiry, self.now))

    def do_ask(self, number):
        self.ask(f"eva{self.number}@optik{self.number}.example")

    def do_ask_twice(self, number):
        if inquiry := self.some(number):
            self.ask(inquiry.record.email_normalized)

    def do_write_again(self, number):
        """In the conversation that there is."""
        inquiry = self.some(number)
        first = inquiry and inquiry.record.message_ids.filtered(
            lambda message: message.message_type == "email"
        )
        if first:
            self.receive_from(
                inquiry.record.email_normalized,
                In_Reply_To=first[-1].message_id,
                body=f"And what about {self.number}?",
            )
            self.questions.append(Question(inquiry, self.now))

    # what people do

    def some(self, number, matches=lambda inquiry: True):
        found = [inquiry for inquiry in self.inquiries if matches(inquiry)]
        return found[number % len(found)] if found else None

    def mine(self, inquiry, user=None):
        return inquiry.record.with_user(user or self.second)

    def do_load(self, number):
        """An import of an opportunity whose customer asked nothing here."""
        imported = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                ["name", "email_from", "type"],
                [["Imported", f"ida{self.now.minute}@{number}.example", "opportunity"]],
            )
        )
        record = self.env["crm.lead"].browse(imported["ids"])
        self.inquiries.append(Inquiry(record))

    def do_answer(self, number):
        if not (inquiry := self.some(number, lambda one: not one.closed_at)):
            return
        lead = inquiry.record
        covered = lead.sudo().asked_later_ids.filtered(
            lambda later: not later._get_open_clocks()
        )
        self.answer(self.mine(inquiry), self.second)
        for one in self.inquiries:
            if one is inquiry or one.record in covered:
                one.answered_at = one.answered_at or self.now
        for question in self.questions:
            if question.inquiry is inquiry or question.inquiry.record in covered:
                question.is_over = True

    def do_lose(self, number):
        if inquiry := self.some(number, lambda one: not one.closed_at):
            if number % 2:
                self.advance(inquiry)
            self.mine(inquiry, self.manager).action_set_lost()
            inquiry.closed_at = self.now

    def do_archive(self, number):
        if inquiry := self.some(number, lambda one: not one.closed_at):
            self.mine(inquiry, self.manager).action_archive()
            inquiry.closed_at = self.now

    def do_restore(self, number):
        if inquiry := self.some(number, lambda one: one.closed_at):
            self.mine(inquiry, self.manager).action_unarchive()
            inquiry.closed_at = None

    def do_exclude(self, number):
        if inquiry := self.some(number, lambda one: not one.is_excluded):
            self.mine(inquiry).action_no_inquiry()
            inquiry.is_excluded = True

    def do_include(self, number):
        if inquiry := self.some(number, lambda one: one.is_excluded):
            self.mine(inquiry).action_undo_no_inquiry()
            inquiry.is_excluded = False

    def do_merge(self, number):
        """Two of whatever customers by core's button, one of them lost if there is."""
        one = self.some(number, lambda other: other.closed_at) or self.some(number)
        two = self.some(number + 1, lambda other: other is not one)
        merged = [one, two]
        if all(merged):
            self.merge(
                merged,
                lambda leads: leads.with_user(self.manager).merge_opportunity(),
            )

    def do_join(self, number):
        inquiry = self.some(number, lambda one: one.record.can_join)
        if inquiry:
            earlier = inquiry.record.asked_before_id
            merged = [inquiry] + [
                one for one in self.inquiries if one.record == earlier
            ]
            lead = self.mine(inquiry)
            self.merge(
                merged,
                lambda leads: leads.browse(lead.action_join()["res_id"]),
            )

    def merge(self, merged, merge):
        leads = self.env["crm.lead"].union(*(one.record for one in merged))
        waiting = [
            question
            for question in self.questions
            if question.inquiry in merged and question.is_waiting()
        ]
        head = merge(leads)
        kept = next(one for one in merged if one.record == head)
        answered = [one.answered_at for one in merged if one.answered_at]
        kept.answered_at = min(answered, default=None)
        kept.is_excluded = all(one.is_excluded for one in merged)
        if waiting:
            kept.closed_at = None
        for question in self.questions:
            if question.inquiry in merged:
                question.inquiry = kept
                # what was asked before the first contact is answered by it; what had
                # ended is not asked anew
                question.is_over |= question not in waiting or bool(
                    kept.answered_at and question.asked_at <= kept.answered_at
                )
        self.inquiries = [
            one for one in self.inquiries if one is kept or one not in merged
        ]

    def do_separate(self, number):
        if inquiry := self.some(number, lambda one: one.record.asked_before_id):
            self.mine(inquiry).action_separate()

    def do_change_customer(self, number):
        """The back office corrects whose inquiry it is."""
        if inquiry := self.some(number, lambda one: not one.closed_at):
            partner = self.env["res.partner"].create(
                {"name": "Ida", "email": f"ida{self.now.minute}@{self.number}.example"}
            )
            self.mine(inquiry).partner_id = partner

    def do_move(self, number):
        if inquiry := self.some(number):
            team = self.other_team if number % 2 else self.team
            self.mine(inquiry, self.manager).team_id = team

    def do_edit_all(self, number):
        leads = self.env["crm.lead"].union(*(one.record for one in self.inquiries))
        stage = self.env["crm.stage"].search([("is_won", "=", False)])[number % 2]
        leads.with_user(self.manager).write(
            {
                "priority": str(number % 4),
                "stage_id": stage.id,
                "tag_ids": [Command.create({"name": f"Tag {self.number}-{self.now}"})],
            }
        )

    def do_advance(self, number):
        """The salesperson moves it on in the pipeline."""
        if inquiry := self.some(number):
            self.advance(inquiry)

    def advance(self, inquiry):
        stages = self.env["crm.stage"].search([("is_won", "=", False)])
        self.mine(inquiry, self.manager).stage_id = stages[-1]

    def do_take(self, number):
        if inquiry := self.some(number, lambda one: not one.closed_at):
            self.mine(inquiry).action_take()

    def do_release(self, number):
        if inquiry := self.some(number):
            self.mine(inquiry, self.manager).write(
                {"back_office_user_id": False, "user_id": False}
            )

    def do_owner_leaves(self, number):
        """A colleague of the back office is archived, and back the next time."""
        self.back_office.active = not self.back_office.active

    def do_delete(self, number):
        if len(self.inquiries) > 1 and (inquiry := self.some(number)):
            self.mine(inquiry, self.manager).unlink()
            self.inquiries.remove(inquiry)
            for question in self.questions:
                question.is_over |= question.inquiry is inquiry
