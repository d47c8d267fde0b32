from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .rows import get_order_terms, read_lines

# What is asked of the clocks of a lead that ends.
CLOCK_FIELDS = [
    "calendar_id",
    "deadline",
    "is_after_end",
    "is_nameless",
    "kind",
    "lead_id",
    "next_step_at",
    "open_lead_id",
    "pause_count",
    "paused_minutes",
    "promised_by_id",
    "started_at",
    "state",
    "stopped_at",
    "waived_at",
    "working_minutes",
]
OPEN = "open_clock_ids"


class CrmLead(models.Model):
    """What hangs on a lead: several lists, most of them empty for most leads. Where all
    of them are looked at, they are asked for all at once."""

    _inherit = "crm.lead"

    def _get_list_names(self):
        """Names of the one2many fields of which is asked, when these are won or lost,
        whether anything is in them."""
        return ["activity_ids"] if self._is_promised() else ["activity_ids", OPEN]

    def _get_whole_lists(self):
        """Those of which more is asked then: they are read whole, whoever asks, as who
        sees a lead sees its clocks, and Odoo asks for them as superuser in any case.

        :return: dict of names of the fields that their lines are asked for.
        """
        return {"sla_clock_ids": CLOCK_FIELDS} if self._is_promised() else {}

    def _is_promised(self):
        """Whether an answer is owed on one of these: it is looked for what is the next
        one then."""
        return any(lead.sla_deadline for lead in self)

    def _read_lists(self):
        """Put those lists of these leads that are empty, or read whole, into the cache,
        with one query for all that may be empty. What is in the others is read when it
        is needed, as not everybody sees it."""
        self = self.filtered("id")
        if not self:
            return
        whole, names = self._get_whole_lists(), self._get_list_names()
        # whoever read them before need not have seen all that is in them
        self.invalidate_recordset([*whole, OPEN, *names], flush=False)
        for name, line_names in whole.items():
            one = self._fields[name]
            # sudo: whoever sees these leads, see _get_whole_lists
            lines = self.env[one.comodel_name].sudo()
            self._keep_list(
                one, read_lines(lines, one.inverse_name, self.ids, line_names)
            )
        if "sla_clock_ids" in whole:
            # sudo: radio.sla.clock - as Odoo does
            self._keep_list(self._fields[OPEN], self.sudo().sla_clock_ids)
        lists = [self._fields[name] for name in names]
        queries = [
            self._get_list_query(number, one) for number, one in enumerate(lists)
        ]
        found = {one: defaultdict(list) for one in lists}
        rows = self.env.execute_query(SQL(" UNION ALL ").join(queries))
        for number, lead_id, line_id in rows:
            found[lists[number]][lead_id].append(line_id)
        for one, lines in found.items():
            # who sees a lead sees its clocks
            known = self if one.name == OPEN else self - self.browse(lines)
            one._insert_cache(known, [tuple(lines[lead_id]) for lead_id in known.ids])

    def _keep_list(self, one, lines):
        """Put a list of these leads into the cache.

        :param one: ``fields.One2many``.
        :param lines: all lines, in their order.
        """
        found = lines.grouped(one.inverse_name)
        one._insert_cache(
            self, [found[lead]._ids if lead in found else () for lead in self]
        )

    def _get_list_query(self, number, one):
        """What stands in a list of these leads.

        :param number: what to call the list.
        :param one: ``fields.One2many``.
        :return: ``SQL`` of rows of that number, the id of a lead and of a line.
        """
        lines = self.env[one.comodel_name]
        inverse = lines._fields[one.inverse_name]
        order = lines._order if one.name == OPEN else "id"
        names = [inverse.name, *get_order_terms(order)]
        where = SQL("TRUE")
        if inverse.type == "many2one_reference":
            names.append(inverse.model_field)
            where = SQL("%s = %s", SQL.identifier(inverse.model_field), self._name)
        lines.flush_model(names)
        column = SQL.identifier(inverse.name)
        return SQL(
            "(SELECT %s, %s, id FROM %s WHERE %s = ANY(%s) AND %s ORDER BY %s)",
            *(number, column, SQL.identifier(lines._table), column, self.ids, where),
            SQL(order),
        )
