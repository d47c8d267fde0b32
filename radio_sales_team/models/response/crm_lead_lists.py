from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """What hangs on a lead. Most leads have little of it, so whether a list is empty is
    asked for all lists at once."""

    _inherit = "crm.lead"

    @api.model
    def _get_list_names(self):
        """Names of the one2many fields that are read when a lead is won or lost."""
        return ["activity_ids", "sla_clock_ids"]

    def _read_empty_lists(self):
        """Put those lists of these leads that are empty into the cache, with one query
        for all of them; the others are read when they are needed."""
        lists = [self._fields[name] for name in self._get_list_names()]
        lists = [one for one in lists if any(one._cache_missing_ids(self))]
        if not lists or not self.ids:
            return
        for one in lists:
            lines = self.env[one.comodel_name]
            inverse = lines._fields[one.inverse_name]
            names = [inverse.name, getattr(inverse, "model_field", None)]
            lines.flush_model([name for name in names if name])
        found = SQL(" UNION ALL ").join(
            self._get_filled_query(number, one) for number, one in enumerate(lists)
        )
        filled = set(self.env.execute_query(found))
        for number, one in enumerate(lists):
            empty = self.browse(
                lead_id for lead_id in self.ids if (number, lead_id) not in filled
            )
            one._insert_cache(empty, [()] * len(empty))

    def _get_filled_query(self, number, one):
        """Those of these leads whose list has something in it.

        :param number: what to call the list.
        :param one: ``fields.One2many``.
        :return: ``SQL`` of rows of that number and an id.
        """
        lines = self.env[one.comodel_name]
        inverse = lines._fields[one.inverse_name]
        if inverse.type == "many2one_reference":
            model = SQL("%s = %s", SQL.identifier(inverse.model_field), self._name)
        else:
            model = SQL("TRUE")
        return SQL(
            "SELECT %(number)s, %(column)s FROM %(table)s "
            "WHERE %(column)s = ANY(%(ids)s) AND %(model)s",
            number=number,
            column=SQL.identifier(one.inverse_name),
            table=SQL.identifier(lines._table),
            ids=self.ids,
            model=model,
        )
