"""Finding who calls while the phone is at the ear, and showing nobody too much."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ResponseCase


@tagged("post_install", "-at_install")
class TestCaller(ResponseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.de")
        cls.shop = cls.env["res.partner"].create(
            {"name": "Zimtstern Optik", "is_company": True, "phone": "0451/998877-0"}
        )
        cls.eva = cls.env["res.partner"].create(
            {
                "name": "Eva Quittenbaum",
                "parent_id": cls.shop.id,
                "email": "eva@zimtstern.example",
                "phone": "+49 451 998877 12",
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Radio for the opening",
                "contact_name": "Ole Pfefferkorn",
                "partner_name": "Bäckerei Pfefferkorn",
                "email_from": "ole@pfefferkorn.example",
                "phone": "(0431) 55 66 77",
                "team_id": cls.team.id,
                "user_id": False,
                "inquiry_channel": "email",
            }
        )

    def find(self, text, user=None):
        callers = self.env["radio.caller"].with_user(user or self.back_office)
        return callers.name_search(text)

    def assertFinds(self, record, text, user=None):
        caller = self.env["radio.caller"]._from_record(record)
        self.assertIn(caller.id, [pair[0] for pair in self.find(text, user)], text)

    def test_found_by_any_piece(self):
        for text in (
            "quitten",
            "EVA quit",
            "zimtstern eva",
            "eva@zimt",
            "99887712",
            "0451 99 88 77 12",
            "+49 451 998877-12",
            "0049451/99887712",
            "quitten 0451",
        ):
            self.assertFinds(self.eva, text)
        for text in ("pfeffer", "äckerei", "ole@", "556677", "0431/556", "+49431 5566"):
            self.assertFinds(self.lead, text)

    def test_all_of_it_has_to_be_found(self):
        self.assertFalse(self.find("quittenbaum pfefferkorn"))
        self.assertFalse(self.find("quittenbaum 0431 556677"))

    def test_numbers_in_names(self):
        studio = self.env["res.partner"].create({"name": "Zimt Studio 1046"})
        self.assertFinds(studio, "zimt studio 1046")

    def test_too_short_to_search(self):
        """Two letters would read the whole table while somebody waits."""
        for text in ("", "ev", "45", "e v a"):
            self.assertEqual(self.find(text), [], text)
        self.assertFinds(self.eva, "eva")

    def test_label(self):
        labels = dict(self.find("quittenbaum")).values()
        self.assertEqual(
            list(labels), ["Eva Quittenbaum, Zimtstern Optik, +49 451 998877 12"]
        )
        labels = dict(self.find("pfefferkorn")).values()
        self.assertEqual(
            list(labels), ["Ole Pfefferkorn, Bäckerei Pfefferkorn, (0431) 55 66 77"]
        )

    def test_at_most_eight_best_first(self):
        self.env["res.partner"].create(
            [{"name": f"Alte Nelkenhof {number}"} for number in range(12)]
        )
        best = self.env["res.partner"].create({"name": "Nelkenhof"})
        found = self.find("nelkenhof")
        self.assertEqual(len(found), 8)
        self.assertIn("Nelkenhof", [label for _id, label in found])
        self.assertFinds(best, "nelkenhof")

    def test_only_open_inquiries_without_contact(self):
        """A contact's inquiry is found by the contact; what is over is no caller."""
        self.assertFinds(self.lead, "pfefferkorn")
        self.lead.action_set_lost()
        self.assertFalse(self.find("pfefferkorn"))
        self.lead.action_unarchive()
        self.assertFinds(self.lead, "pfefferkorn")
        self.lead.partner_id = self.customer
        self.assertFalse(self.find("pfefferkorn"))

    def test_nobody_sees_names_of_inquiries_they_may_not_read(self):
        self.lead.user_id = self.manager
        caller = self.env["radio.caller"]._from_record(self.lead)
        for user in (
            self.seller,
            self._new_user("otto", "sales_team.group_sale_salesman"),
        ):
            self.assertEqual(self.find("pfefferkorn", user), [])
            as_seller = caller.with_user(user)
            self.assertFalse(as_seller.display_name)
            self.assertFalse(as_seller.sudo().display_name)
            values = as_seller.web_read({"display_name": {}})
            self.assertFalse(any(value.get("display_name") for value in values))
        self.assertFinds(self.lead, "pfefferkorn", self.back_office)

    def test_the_model_itself_gives_nothing_away(self):
        callers = self.env["radio.caller"].with_user(self.back_office)
        self.assertFalse(callers.search([]))
        self.assertFalse(callers.search([("display_name", "ilike", "zimtstern")]))
        self.assertFalse(callers.search_read([], ["display_name"]))
        with self.assertRaises(AccessError):
            callers.create({})
        employee = self._new_user("ute", "base.group_user")
        with self.assertRaises(AccessError):
            self.find("zimtstern", employee)

    def test_colleagues_of_a_station_that_was_closed_are_no_family(self):
        """Two colleagues of the archived company are not one customer who asks twice:
        the second inquiry would have no clock."""
        company = self.env["res.company"].create({"name": "Closed station"})
        colleagues = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.partner_id.id} for name in "AB"]
        )
        company.active = False
        self.assertEqual(colleagues[0]._get_family(), colleagues[0])

    def test_contact_of_another_company(self):
        """The rules for contacts hold here, too."""
        other = self.env["res.company"].create({"name": "Other station"})
        self.eva.company_id = other
        self.shop.company_id = other
        self.assertEqual(self.find("quittenbaum"), [])
