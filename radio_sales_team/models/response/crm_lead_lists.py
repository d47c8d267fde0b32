from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

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


class CrmLead(models.Model):
    """What hangs on a lead: several lists, most of them empty for most leads. Where all
    of them are looked at, they are asked for all at once."""

    _inherit = "crm.lead"

    # every change of a lead asks for them, to see whether they change: they are read
    # with the rest of it, and not once more
    lead_properties = fields.Properties(prefetch=True)

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        """Stages are looked for to compare them with where these leads are: both are
        read at once."""
        found = super()._stage_find(
            team_id=team_id, domain=domain, order=order, limit=limit
        )
        if self:
            (found | self.stage_id).mapped("sequence")
        return found

    def _get_list_names(self):
        """Names of the one2many fields that are read when these are won or lost."""
        names = ["activity_ids", "open_clock_ids"]
        if any(lead.sla_deadline for lead in self):
            # of those with a deadline, it is looked for what is the next one
            names.append("sla_clock_ids")
        return names

    def _get_whole_list_names(self):
        """Names of those that are read whole, whoever asks: who sees a lead sees its
        clocks, and Odoo asks for them as superuser in any case."""
        return ["open_clock_ids", "sla_clock_ids"]

    def _read_lists(self):
        """Put those lists of these leads that are empty, or read whole, into the cache,
        with one query for all. The others are read when they are needed, as not
        everybody sees what is in them."""
        if not self.ids:
            return
        names = self._get_list_names()
        # whoever read them before need not have seen all that is in them
        self.invalidate_recordset(names, flush=False)
        lists = [self._fields[name] for name in names]
        whole = self._get_whole_list_names()
        queries = []
        for number, one in enumerate(lists):
            lines = self.env[one.comodel_name]
            inverse = lines._fields[one.inverse_name]
            order = lines._order if one.name in whole else "id"
            names = [inverse.name, getattr(inverse, "model_field", None)]
            names += [term.split()[0] for term in order.split(",")]
            lines.flush_model([name for name in names if name])
            queries.append(self._get_list_query(number, one, order))
        found = defaultdict(list)
        rows = self.env.execute_query(SQL(" UNION ALL ").join(queries))
        for number, lead_id, line_id in rows:
            found[number, lead_id].append(line_id)
        for number, one in enumerate(lists):
            known = self.browse(
                lead_id
                for lead_id in self.ids
                if one.name in whole or (number, lead_id) not in found
            )
            one._insert_cache(
                known, [tuple(found[number, lead_id]) for lead_id in known.ids]
            )
            if one.name == "sla_clock_ids":
                # all at once, before some of them are asked for
                # sudo: radio.sla.clock - as Odoo does
                self.sudo().sla_clock_ids.fetch(CLOCK_FIELDS)

    def _get_list_query(self, number, one, order):
        """What stands in a list of these leads.

        :param number: what to call the list.
        :param one: ``fields.One2many``.
        :param order: of the lines, by their columns.
        :return: ``SQL`` of rows of that number, the id of a lead and of a line.
        """
        lines = self.env[one.comodel_name]
        inverse = lines._fields[one.inverse_name]
        column, where = SQL.identifier(inverse.name), SQL("TRUE")
        if inverse.type == "many2one_reference":
            where = SQL("%s = %s", SQL.identifier(inverse.model_field), self._name)
        return SQL(
            "(SELECT %s, %s, id FROM %s WHERE %s = ANY(%s) AND %s ORDER BY %s)",
            *(number, column, SQL.identifier(lines._table), column, self.ids, where),
            SQL(order),
        )
