from datetime import datetime, timedelta
from email.message import EmailMessage

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings

from odoo import Command
from odoo.tests.common import TransactionCase, new_test_user

# A Wednesday, 10:00 in Berlin (winter time, so one hour behind in UTC).
NOW = datetime(2026, 1, 14, 9, 0)

# Of property-based tests that work in a database: the same examples each time, without
# shrinking one that fails, which takes minutes.
DATABASE_EXAMPLES = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


class ResponseCase(TransactionCase):
    """A station of its own: hours, a team, people in their roles, one policy.

    Nothing here depends on demo data, nor on the policies of a fresh install.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["radio.sla.policy"].search([]).action_archive()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Station",
                "tz": "Europe/Berlin",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 17,
                            "day_period": "morning",
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        cls.alias_domain = cls.env["mail.alias.domain"].create(
            {"name": "station.example", "bounce_alias": "bounce"}
        )
        cls.env.company.alias_domain_id = cls.alias_domain
        cls.env.company.resource_calendar_id.tz = "Europe/Berlin"
        cls.back_office = cls._new_user("jana", "radio_sales_team.group_back_office")
        cls.seller = cls._new_user("tom", "sales_team.group_sale_salesman")
        cls.manager = cls._new_user("petra", "sales_team.group_sale_manager")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Station sales",
                "user_id": cls.manager.id,
                "response_calendar_id": cls.calendar.id,
                "alias_name": "inquiries",
                "alias_domain_id": cls.alias_domain.id,
            }
        )
        cls.member = cls._join(cls.back_office, "back_office")
        cls._join(cls.seller, "field_sales")
        cls.policy = cls.env["radio.sla.policy"].create(
            {"name": "One hour", "target_hours": 1.0}
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Frank Brandt", "email": "frank@brandt.example"}
        )

    @classmethod
    def _new_user(cls, login, group):
        return new_test_user(
            cls.env,
            login=login,
            name=login.capitalize(),
            email=f"{login}@station.example",
            groups=group,
            tz="Europe/Berlin",
            notification_type="email",
        )

    @classmethod
    def _join(cls, user, role):
        return cls.env["crm.team.member"].create(
            {"crm_team_id": cls.team.id, "user_id": user.id, "sales_role": role}
        )

    def inquiry(self, **vals):
        """An inquiry by mail to the team: the first is of the customer, each further
        one of somebody else, unless told otherwise."""
        if "partner_id" not in vals:
            vals["partner_id"] = self._next_customer().id
        return self.env["crm.lead"].create(
            {
                "name": "Spring campaign",
                "team_id": self.team.id,
                "user_id": False,
                "inquiry_channel": "email",
                **vals,
            }
        )

    def _next_customer(self):
        customer = self.customer
        if self.env["crm.lead"].search_count([("partner_id", "=", customer.id)]):
            number = self.env["res.partner"].search_count([]) + 1
            customer = customer.create(
                {
                    "name": f"Customer {number}",
                    "email": f"customer{number}@else.example",
                }
            )
        return customer

    def receive(self, sender="Frank Brandt <frank@brandt.example>", **headers):
        """Send a mail through the gateway.

        :param headers: other headers, ``In_Reply_To`` for In-Reply-To; ``body`` for the
            text, ``To`` is the team unless given.
        :return: the leads that came of it, which may be none.
        """
        body = headers.pop("body", "What does a week of radio cost?")
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = headers.pop("To", "inquiries@station.example")
        mail["Subject"] = headers.pop("Subject", "Advertising")
        mail["Message-Id"] = headers.pop("Message_Id", "<ask-1@brandt.example>")
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        return self.process(mail.as_bytes())

    def process(self, raw):
        """Put a raw mail through the gateway, see :meth:`receive`."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        before = leads.search([], order="id desc", limit=1).id or 0
        self.env["mail.thread"].message_process(False, raw)
        return leads.search([("id", ">", before)])

    def answer(self, lead, user, **kwargs):
        """ "Send message" in the chatter."""
        kwargs.setdefault("partner_ids", lead.partner_id.ids)
        return lead.with_user(user).message_post(
            body="Thank you, we call you.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **kwargs,
        )

    def assertWaiting(self, lead):
        """Nobody has spoken to the customer: the clock runs."""
        self.assertFalse(lead.first_contact_at, "it must not count as a first contact")
        self.assertEqual(lead.sla_clock_ids.state, "running")
        self.assertTrue(lead.sla_deadline)

    def assertAnswered(self, lead, user, channel, outcome="reached"):
        """This user has spoken to the customer: the clock has stopped."""
        self.assertTrue(lead.first_contact_at, "it must count as the first contact")
        self.assertEqual(lead.first_contact_user_id, user)
        self.assertEqual(lead.first_contact_channel, channel)
        self.assertEqual(lead.first_contact_outcome, outcome)
        self.assertEqual(lead.sla_clock_ids.state, "done")
        self.assertEqual(lead.sla_clock_ids.stopped_at, lead.first_contact_at)
        self.assertFalse(lead.sla_deadline)

    def run_commission_cron(self):
        """The scheduled action that posts what has become due."""
        self.env.flush_all()
        cron = self.env.ref("radio_sales_team.ir_cron_accrue_commission")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()


class EscalationCase(ResponseCase):
    """The scheduled action, at any minute."""

    def setUp(self):
        super().setUp()
        # clocks of the database's own (demo, say) must not mix with ours
        self.env["radio.sla.clock"].search([]).lead_id.is_inquiry = False

    def run_cron(self, minutes):
        """The scheduled action at this many minutes after now, as Odoo runs it.

        :return: the notifications that were sent.
        """
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        with freeze_time(NOW + timedelta(minutes=minutes)):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref(
                    "radio_sales_team.ir_cron_escalate"
                ).method_direct_trigger()
            self.env.invalidate_all()
        return self.env["mail.message"].search(
            [("id", ">", before), ("message_type", "=", "user_notification")]
        )
