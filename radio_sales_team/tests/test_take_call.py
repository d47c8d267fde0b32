"""One form and one save while the phone is at the ear."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import NOW, ResponseCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestTakeCall(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.de")

    def mine(self, **vals):
        """A further inquiry of the same customer."""
        return self.inquiry(partner_id=self.customer.id, **vals)

    def form(self, user=None, **context):
        model = self.env["radio.take.call"].with_user(user or self.back_office)
        form = Form(model.with_context(**context))
        if not context.get("default_is_log"):
            form.next_step = "nothing"
        return form

    def test_what_happens_next_is_said(self):
        """A call that was saved with nothing planned would never be seen again; to log
        a contact one need not say it."""
        form = self.form()
        form.caller_name = "Frank Brandt"
        form.next_step = False
        call = form.save()
        with self.assertRaisesRegex(UserError, "what happens next"):
            call.action_save()
        call.next_step = "nothing"
        call.action_save()
        self.save(self.log(self.inquiry()))

    def test_usual_days(self):
        """ "In a week" is one click; before closing a call-back is for tomorrow."""
        form = self.form()
        form.next_step = "call_back"
        self.assertEqual(form.next_date, date(2026, 1, 14))
        form.next_when = "next_week"
        self.assertEqual(form.next_date, date(2026, 1, 21))
        form.next_when = "next_month"
        self.assertEqual(form.next_date, date(2026, 2, 14))
        with freeze_time(NOW + timedelta(hours=6, minutes=30)):
            form = self.form()
            form.next_step = "call_back"
            self.assertEqual(form.next_date, date(2026, 1, 15))

    def caller(self, record):
        return self.env["radio.caller"]._from_record(record)

    def save(self, form):
        """Press "Save call"; the inquiry that was found or made."""
        before = self.env["crm.lead"].search([])
        call = form.save()
        call.action_save()
        return call.lead_id or self.env["crm.lead"].search([]) - before

    def log(self, lead, user=None):
        action = lead.with_user(user or self.back_office).action_log_contact()
        return self.form(user, **action["context"])

    def test_button_everywhere(self):
        """Where people work, the button is at hand, and nobody else's is lost."""
        views = self.env["crm.lead"].with_user(self.back_office)
        for xmlid in (
            "radio_sales_team.crm_lead_view_list_inquiry",
            "radio_sales_team.crm_lead_view_kanban_inquiry",
            "crm.crm_case_kanban_view_leads",
            "crm.view_crm_lead_kanban",
            "crm.crm_case_tree_view_oppor",
            "crm.crm_case_tree_view_leads",
        ):
            view = self.env.ref(xmlid)
            arch, _view = views._get_view(view.id, view.type)
            self.assertEqual(len(arch.findall("header")), 1, xmlid)
            labels = [button.get("string") for button in arch.find("header")]
            self.assertIn("Take call", labels, xmlid)
        other = self.env["ir.ui.view"].create(
            {
                "name": "Another addon's header",
                "model": "crm.lead",
                "inherit_id": self.env.ref("crm.crm_case_kanban_view_leads").id,
                "arch": """<templates position="before"><header>
                    <button name="action_set_won" type="object" string="Other" />
                </header></templates>""",
            }
        )
        arch, _view = views._get_view(other.inherit_id.id, "kanban")
        labels = [button.get("string") for button in arch.find("header")]
        self.assertLessEqual({"Take call", "Other"}, set(labels))
        self.assertEqual(len(arch.findall("header")), 1)

    # somebody unknown

    def test_unknown_caller(self):
        form = self.form()
        form.caller_name = "Ole Pfefferkorn"
        form.caller_company = "Bäckerei Pfefferkorn"
        form.caller_phone = "0431 556677"
        form.caller_email = "ole@pfefferkorn.example"
        form.note = "Radio spots for the opening\nin three weeks, two towns"
        with freeze_time(NOW + timedelta(minutes=3)):
            lead = self.save(form)
        self.assertEqual(lead.name, "Radio spots for the opening")
        self.assertEqual(lead.contact_name, "Ole Pfefferkorn")
        self.assertEqual(lead.partner_name, "Bäckerei Pfefferkorn")
        self.assertEqual(lead.email_from, "ole@pfefferkorn.example")
        self.assertEqual(lead.phone_sanitized, "+49431556677")
        self.assertFalse(lead.partner_id)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.back_office_user_id, self.back_office)
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.inquiry_channel, "phone")
        self.assertEqual(lead.received_at, NOW, "when the phone rang")
        self.assertAnswered(lead, self.back_office, "phone")
        self.assertEqual(len(lead.contact_attempt_ids), 1, "one talk, one contact")
        self.assertIn("two towns", lead.contact_attempt_ids.note)
        self.assertIn("two towns", str(lead.message_ids.mapped("body")))

    def test_name_or_number_is_needed(self):
        """Nobody could call back; what was typed is still there afterwards."""
        form = self.form()
        form.note = "Ten spots"
        form.caller_company = "Bakery"
        call = form.save()
        with self.assertRaisesRegex(UserError, "name or number"):
            call.action_save()
        self.assertEqual(call.note, "Ten spots")
        call.caller_name = "  "
        with self.assertRaisesRegex(UserError, "name or number"):
            call.action_save()
        call.caller_phone = "0431 556677"
        call.action_save()
        lead = self.env["crm.lead"].search([("partner_name", "=", "Bakery")])
        self.assertEqual(lead.name, "Ten spots")

    def test_reception_and_chat(self):
        for channel, how in (("reception", "in_person"), ("chat", "messenger")):
            form = self.form()
            form.caller_name = f"Visitor by {channel}"
            form.inquiry_channel = channel
            lead = self.save(form)
            self.assertEqual(lead.name, f"Call from Visitor by {channel}")
            self.assertEqual(lead.inquiry_channel, channel)
            self.assertAnswered(lead, self.back_office, how)

    def test_new_inquiry_nobody_reached(self):
        """A missed call: tried once, and the clock knows that it was only tried."""
        self.policy.stop_on = "reached"
        form = self.form()
        form.caller_phone = "0431 556677"
        form.next_step = False
        form.outcome = "not_reached"
        lead = self.save(form)
        self.assertWaiting(lead)
        self.assertEqual(lead.contact_attempt_ids.outcome, "not_reached")
        self.assertEqual(lead.activity_ids.summary, "Call again in the afternoon")

    def test_seller_takes_a_call(self):
        form = self.form(self.seller)
        form.caller_name = "Ole"
        form.note = "Spots"
        lead = self.save(form)
        self.assertEqual(lead.user_id, self.seller)
        self.assertAnswered(lead, self.seller, "phone")
        self.assertEqual(lead.contact_attempt_ids.note, "Spots")

    # somebody known

    def test_the_only_open_inquiry_is_chosen(self):
        lead = self.inquiry()
        form = self.form()
        form.caller_id = self.caller(self.customer)
        self.assertEqual(form.lead_id, lead)
        self.assertIn("Spring campaign", form.caller_card)
        form.note = "Wants to start earlier"
        with freeze_time(NOW + timedelta(minutes=3)):
            self.assertEqual(self.save(form), lead)
        self.assertAnswered(lead, self.back_office, "phone")
        self.assertIn("start earlier", str(lead.message_ids.mapped("body")))
        self.assertEqual(lead.name, "Spring campaign")

    def test_one_of_several_has_to_be_chosen(self):
        first, second = (self.mine(name=name) for name in ("Spring", "Autumn"))
        form = self.form()
        form.caller_id = self.caller(self.customer)
        self.assertFalse(form.lead_id)
        self.assertEqual(form.open_lead_ids.ids, (first | second).ids)
        call = form.save()
        with self.assertRaisesRegex(UserError, "which inquiry"):
            call.action_save()
        form = Form(call)
        form.lead_id = second
        self.save(form)
        self.assertFalse(first.contact_attempt_ids)
        self.assertEqual(second.contact_attempt_ids.user_id, self.back_office)

    def test_new_inquiry_of_a_known_customer(self):
        lead = self.inquiry()
        form = self.form()
        form.caller_id = self.caller(self.customer)
        form.is_new = True
        self.assertFalse(form.lead_id)
        form.lead_id = lead
        self.assertFalse(form.is_new, "chosen after all")
        form.is_new = True
        new = self.save(form)
        self.assertNotEqual(new, lead)
        self.assertEqual(new.partner_id, self.customer)
        self.assertFalse(lead.contact_attempt_ids)

    def test_colleague_of_the_same_company(self):
        """Whoever of the company calls, all its inquiries are there."""
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        other = self.env["res.partner"].create({"name": "Mia", "parent_id": shop.id})
        self.customer.parent_id = shop
        lead = self.inquiry()
        for who in (other, shop, self.customer):
            form = self.form()
            form.caller_id = self.caller(who)
            self.assertEqual(form.lead_id, lead, who.name)
        form.caller_id = self.env["radio.caller"]
        self.assertFalse(form.lead_id)
        self.assertFalse(form.caller_card)

    def test_wrote_before_being_a_contact(self):
        lead = self.inquiry(partner_id=False, email_from="frank@brandt.example")
        form = self.form()
        form.caller_id = self.caller(self.customer)
        self.assertEqual(form.lead_id, lead)

    def test_caller_who_is_no_contact(self):
        lead = self.inquiry(partner_id=False, contact_name="Eva", phone="0431 1234567")
        form = self.form()
        form.caller_id = self.caller(lead)
        self.assertEqual(form.lead_id, lead)
        form.is_new = True
        new = self.save(form)
        self.assertEqual(new.contact_name, "Eva")
        self.assertEqual(new.phone, lead.phone)

    def test_card(self):
        """What the station knows about a caller, and no HTML of theirs."""
        self.customer.user_id = self.seller
        won = self.mine(name="Autumn <b>2025</b>", expected_revenue=4321)
        won.action_set_won()
        lead = self.mine(name="Spring <script>alert(1)</script>")
        lead.back_office_user_id = self.back_office
        lead._make_promise(NOW + timedelta(hours=2), user=self.back_office)
        form = self.form()
        form.caller_id = self.caller(self.customer)
        card = form.caller_card
        for text in ("Autumn &lt;b&gt;2025", "4,321", "Tom", "Jana", "12:00"):
            self.assertIn(text, card)
        self.assertNotIn("<script>", card)
        lead.action_set_lost()
        form = self.form()
        form.caller_id = self.caller(self.customer)
        self.assertIn("No open inquiry", form.caller_card)

    # two at once

    def test_two_save_the_same_call(self):
        """Two colleagues typed in one caller: one inquiry, both notes."""
        self.save_twice()

    def test_two_save_the_same_call_where_no_country_is_known(self):
        self.env.company.country_id = False
        self.save_twice()

    def save_twice(self):
        forms = []
        for _number in range(2):
            form = self.form()
            form.caller_name = "Ole"
            form.caller_phone = "0431 556677"
            form.note = "Ten spots"
            forms.append(form)
        calls = [form.save() for form in forms]
        # a transaction of tests has one moment only
        calls[1].opened_at -= timedelta(minutes=1)
        for call in calls:
            call.action_save()
        lead = self.env["crm.lead"].search([("contact_name", "=", "Ole")])
        self.assertEqual(len(lead), 1, "no second inquiry")
        self.assertEqual(len(lead.contact_attempt_ids), 2)
        self.assertEqual(lead.first_contact_at, NOW)

    def test_same_name_is_not_the_same_caller(self):
        for number in ("0431 556677", "0431 556688", False, False):
            form = self.form()
            form.caller_name = "Ole"
            form.caller_phone = number
            call = form.save()
            call.opened_at -= timedelta(minutes=1)
            call.action_save()
        leads = self.env["crm.lead"].search([("contact_name", "=", "Ole")])
        self.assertEqual(len(leads), 4)

    # what the first talk clears up

    def test_properties_of_the_team(self):
        self.team.lead_properties_definition = [
            {"name": "budget", "string": "Budget", "type": "char"},
            {"name": "area", "string": "Area", "type": "char"},
        ]
        lead = self.inquiry(lead_properties={"budget": "1,000", "area": "North"})
        form = self.log(lead)
        values = {item["name"]: item["value"] for item in form.lead_properties}
        self.assertEqual(values, {"budget": "1,000", "area": "North"})
        form.lead_properties = [
            {**item, "value": "2,000"} if item["name"] == "budget" else item
            for item in form.lead_properties
        ]
        self.save(form)
        self.assertEqual(
            lead._get_property_values(), {"budget": "2,000", "area": "North"}
        )
        # a form that knows nothing of it empties nothing
        self.env["radio.take.call"].with_user(self.back_office).create(
            {"lead_id": lead.id, "is_log": True}
        ).action_save()
        self.assertEqual(lead._get_property_values()["area"], "North")

    # what happens next

    def test_call_back(self):
        lead = self.inquiry()
        form = self.log(lead)
        form.next_step = "call_back"
        self.assertEqual(form.next_date, date(2026, 1, 14))
        form.next_time = "15:30"
        self.save(form)
        self.assertEqual(lead.promised_for, datetime(2026, 1, 14, 14, 30))
        clock = lead._get_open_clocks(("promise",))
        self.assertEqual(clock.user_id, self.back_office)
        self.assertFalse(clock.is_whole_day)

    def test_call_back_at_any_time(self):
        lead = self.inquiry()
        form = self.log(lead)
        form.next_step = "call_back"
        form.next_date = date(2026, 1, 20)
        self.save(form)
        clock = lead._get_open_clocks(("promise",))
        self.assertTrue(clock.is_whole_day)
        self.assertEqual(clock.promised_for.date(), date(2026, 1, 20))

    def test_refused_next_step_saves_nothing(self):
        lead = self.inquiry()
        for step, when, at, words in (
            ("call_back", date(2026, 1, 14), "25:00", "no time of day"),
            ("call_back", date(2026, 1, 13), False, "future"),
            ("call_back", False, False, "which day"),
            ("wait", date(2026, 1, 20), False, "waiting for"),
        ):
            form = self.log(lead)
            form.next_step = step
            form.next_date = when
            if at:
                form.next_time = at
            call = form.save()
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                call.action_save()
            self.assertFalse(lead.contact_attempt_ids)

    def test_to_do(self):
        lead = self.inquiry()
        form = self.log(lead)
        form.next_step = "to_do"
        form.next_user_id = self.seller
        form.next_note = "Send the rate card"
        self.seller.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.save(form)
        activity = lead.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertEqual(activity.summary, "Send the rate card")
        self.assertEqual(activity.date_deadline, date(2026, 1, 15))

    def test_next_try_is_proposed(self):
        lead = self.inquiry(phone="+49 451 123456")
        form = self.log(lead)
        self.assertFalse(form.next_step)
        form.outcome = "not_reached"
        self.assertEqual(form.next_step, "next_try")
        self.assertEqual(form.next_channel, "email")
        self.assertEqual(form.next_date, date(2026, 1, 14))
        self.assertEqual(form.next_half, "afternoon")
        form.channel = "email"
        self.assertEqual(form.next_channel, "phone")
        form.outcome = "reached"
        self.assertFalse(form.next_step)
        form.outcome = "not_reached"
        self.save(form)
        self.assertEqual(lead.activity_ids.activity_type_id.category, "phonecall")
        self.assertEqual(lead.activity_ids.summary, "Call again in the afternoon")
        self.assertEqual(lead.contact_attempt_ids.channel, "email")

    def test_own_choice_is_kept(self):
        form = self.log(self.inquiry())
        form.next_step = "call_back"
        form.outcome = "not_reached"
        self.assertEqual(form.next_step, "call_back")

    def test_waiting_for_the_customer(self):
        """While an answer is due its clock waits; afterwards it is a reminder."""
        self.policy.write({"stop_on": "reached", "pause_limit": 1})
        for outcome in ("not_reached", "reached"):
            lead = self.inquiry()
            form = self.log(lead)
            form.outcome = outcome
            form.next_step = "wait"
            form.next_date = date(2026, 1, 20)
            form.next_note = "Sends the logo"
            self.save(form)
            paused = lead.sla_clock_ids.filtered(lambda clock: clock.state == "paused")
            if outcome == "reached":
                self.assertFalse(paused)
                self.assertIn("Sends the logo", lead.activity_ids.summary)
                self.assertEqual(lead.activity_ids.date_deadline, date(2026, 1, 20))
            else:
                self.assertTrue(paused)
                self.assertFalse(lead.activity_ids)

    def test_nothing_more(self):
        lead = self.inquiry()
        lead._schedule_next_try("phone", date(2026, 1, 15), True, self.back_office)
        form = self.log(lead)
        form.outcome = "not_reached"
        form.next_step = "nothing"
        self.save(form)
        self.assertFalse(lead.activity_ids)
        self.assertIn("Nothing more", lead.message_ids[0].body)

    # logging

    def test_quick_case(self):
        lead = self.inquiry()
        form = self.log(lead)
        form.note = "Will think about it"
        self.save(form)
        self.assertAnswered(lead, self.back_office, "phone")
        self.assertFalse(lead.activity_ids)

    def test_manager_logs_for_somebody_else(self):
        lead = self.inquiry()
        form = self.log(lead, self.manager)
        form.user_id = self.seller
        self.save(form)
        self.assertAnswered(lead, self.seller, "phone")
        with self.assertRaises(AccessError):
            self.env["radio.take.call"].with_user(self.back_office).create(
                {"lead_id": lead.id, "is_log": True, "user_id": self.seller.id}
            ).action_save()

    def test_before_the_inquiry(self):
        """A time before the inquiry is warned of: it answers nothing."""
        lead = self.inquiry()
        form = self.log(lead)
        self.assertFalse(form.is_before_inquiry)
        form.attempted_at = NOW - timedelta(minutes=1)
        self.assertTrue(form.is_before_inquiry)

    # rights

    def test_nobody_writes_to_others_inquiries(self):
        lead = self.inquiry(user_id=self.manager.id, contact_name="Frank Brandt")
        calls = self.env["radio.take.call"].with_user(self.seller)
        for vals in (
            {"lead_id": lead.id, "is_log": True},
            {"lead_id": lead.id, "next_step": "nothing"},
        ):
            with self.assertRaises(AccessError):
                calls.create({"note": "Mine now", **vals}).action_save()
        self.assertFalse(lead.contact_attempt_ids)
        form = self.form(self.seller)
        form.caller_id = self.caller(self.customer)
        self.assertFalse(form.open_lead_ids)
        self.assertNotIn("Spring campaign", form.caller_card)

    def test_caller_that_may_not_be_read(self):
        lead = self.inquiry(
            partner_id=False, contact_name="Eva", user_id=self.manager.id
        )
        call = self.env["radio.take.call"].with_user(self.seller)
        call = call.create({"caller_id": self.caller(lead).id})
        self.assertFalse(call.caller_card)
        self.assertFalse(call.caller_id.display_name)
        with self.assertRaises(UserError):
            call.action_save()

    def test_others_forms_cannot_be_read(self):
        """What a colleague is typing is theirs."""
        form = self.form()
        form.caller_name = "Ole"
        call = form.save()
        with self.assertRaises(AccessError):
            call.with_user(self.seller).read(["caller_name"])
