"""Nobody has to stop working while the addon is installed: no column of ours is added
to a table of Odoo's after the first moment."""

from odoo.tests import TransactionCase, tagged

from ..hooks import COLUMNS

OURS = {"radio_sales_team"}


@tagged("post_install", "-at_install")
class TestColumns(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fields = {}
        for name, model in cls.env.registry.items():
            if model._original_module in OURS or not model._auto or model._transient:
                continue
            fields = [
                field
                for field in model._fields.values()
                if field.store and field.column_type and set(field._modules) == OURS
            ]
            if fields:
                cls.fields[cls.env[name]] = fields

    def test_all_are_added_at_once(self):
        """With what new rows have in the old ones."""
        self.maxDiff = None
        columns = {
            model._table: {field.name: self.get_type(model, field) for field in fields}
            for model, fields in self.fields.items()
        }
        self.assertEqual(columns, COLUMNS)

    def get_type(self, model, field):
        default = field.default and field.default(model)
        return field.column_type[0] + (f" DEFAULT {default}" if default else "")
