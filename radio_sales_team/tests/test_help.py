"""Nobody stands before an empty screen or a picture without words."""

from lxml import etree

from odoo.tests import TransactionCase, tagged

OURS = ("radio_sales_team", "radio_sales_team_sale")


@tagged("post_install", "-at_install")
class TestHelp(TransactionCase):
    def _get_ours(self, model):
        """Records of a model that came with our addons, with their external id."""
        data = self.env["ir.model.data"].search(
            [("module", "in", OURS), ("model", "=", model)]
        )
        return [(self.env[model].browse(row.res_id), row.name) for row in data]

    def test_empty_screens_say_what_belongs_there(self):
        actions = self._get_ours("ir.actions.act_window")
        self.assertTrue(actions)
        silent = [
            name
            for action, name in actions
            if action.view_mode.split(",")[0] != "form" and not action.help
        ]
        self.assertEqual(silent, [])

    def test_buttons_without_words_have_a_name(self):
        """A tooltip is for the mouse, words are for who cannot see the icon. Where
        there is no room, class ``o_radio_icon`` hides them from the eyes alone."""
        nameless = []
        for view, name in self._get_ours("ir.ui.view"):
            for button in etree.fromstring(view.arch).iter("button"):
                words = "".join(button.itertext()).strip()
                if button.get("icon") and not (
                    words or len(button) or button.get("string")
                ):
                    nameless.append(f"{name}: {button.get('name')}")
        self.assertEqual(nameless, [])
