from collections.abc import Set

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# Conditions on what is still open, which is work and no evaluation.
OPEN_VALUES = {
    "first_contact_at": {False},
    "sla_status": {"overdue", "waiting", False},
    "state": {"running", "paused"},
}
# Who wrote or follows something, and words that name people.
AUTHORS = {"author_id", "contribution_words", "handover_words", "message_partner_ids"}
AUTHORED = {"mail.followers", "mail.message"}
# Odoo notes down who made a row: mostly whoever it is about.
RECORDED_BY = frozenset({"create_uid", "write_uid"})


class RadioEvaluationMixin(models.AbstractModel):
    """Response times per person exist only where the company wants them.

    While a company has “per-person response evaluation” off, nobody but the addon's
    own superuser code may, on the models that have this mixin:

    - group by, count by, filter by or export ``_evaluated_people``: who made the first
      contact, who was responsible for a clock, who was reminded;
    - put any other person (salesperson, back office, creator) together with
      ``_evaluated_facts`` (in time or late, when answered, how long): as group-bys,
      measures, filters, order of groups or exported columns, also by way of another
      model's field. A sales team counts as a person here where teams are too small to
      be named, see ``crm.team._get_withheld_ids``.

    Allowed remain: everything about oneself; what is still open, as it is work that
    somebody has to do; and to look at an inquiry, where it stands who spoke to the
    customer. So whoever opens inquiry after inquiry can still add up by hand.
    """

    _name = "radio.evaluation.mixin"
    _description = "Response Data of People"

    _evaluated_people = frozenset()
    _evaluated_facts = frozenset()

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not bypass_access:
            self._check_evaluation(domain)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        terms = [condition[0] for condition in having if len(condition) == 3]
        names = (*groupby, *aggregates, *terms, *_get_order_terms(order))
        self._check_evaluation(domain, names)
        return super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        names = [name for groupby in grouping_sets for name in groupby]
        names += _get_order_terms(order)
        self._check_evaluation(domain, (*names, *aggregates))
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    def _read_group_groupby(self, alias, groupby_spec, query):
        # by way of a field of another model
        is_other = alias != self._table
        name = groupby_spec.split(":")[0]
        if is_other and name in self._evaluated_people:
            self._check_evaluation((), (groupby_spec,))
        if is_other and name in self._evaluated_facts and not self._is_checked(alias):
            # together with whom, nobody knows here
            self._check_evaluation((), (groupby_spec, "create_uid"))
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _is_checked(self, alias):
        """Whether it is a model with this mixin that asks by way of another one.

        :param alias: of the joined table, as in ``sale_order__opportunity_id``.
        """
        table = alias.partition("__")[0]
        return any(
            model._table == table and hasattr(model, "_evaluated_people")
            for model in self.env.registry.values()
        )

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        # also where it is another model that is exported, with these rows in it
        self._check_evaluation((), [".".join(path) for path in fields if path])
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """What is refused is not offered either."""
        result = super().fields_get(allfields, attributes)
        people = self._evaluated_people & result.keys()
        if people and not self._may_evaluate():
            for name in people:
                for key in ("exportable", "groupable", "searchable"):
                    if key in result[name]:
                        result[name][key] = False
        return result

    @api.model
    def _may_evaluate(self):
        """Whether all companies that are looked at want it, or it is our own code."""
        return self.env.su or self.env.companies._is_evaluating()

    @api.model
    def _check_evaluation(self, domain, names=()):
        """Refuse to put people and their response times together.

        :param names: fields, with path, that are grouped by, counted or exported.
        :raises AccessError: where one of the companies has the evaluation off.
        """
        if self._may_evaluate():
            return
        seen = set()
        conditions = list(self._get_conditions(Domain(domain)))
        is_open = any(
            path == "state" and self._is_about_open(path, operator, value)
            for path, operator, value in conditions
        )
        for name in names:
            seen |= self._classify(name.split(":")[0])
        for path, operator, value in conditions:
            kinds = self._classify(path)
            if self._is_about_oneself(path, operator, value):
                kinds -= {"person", "evaluated"}
            if self._is_about_open(path, operator, value):
                kinds -= {"fact"}
            seen |= kinds
        if is_open and self._name == "radio.sla.clock":
            seen -= {"evaluated", "fact"}
        if {"team", "fact"} <= seen and self.env["crm.team"]._get_withheld_ids():
            seen.add("person")
        if "evaluated" in seen or {"person", "fact"} <= seen:
            raise AccessError(
                self.env._(
                    "How fast single people answer is not evaluated here. Look at it "
                    "by team, channel or time of day. (Settings > CRM > Response "
                    "Times > Evaluation per person)"
                )
            )

    @api.model
    def _get_conditions(self, domain, prefix=""):
        """All conditions of a domain, those on related records too, with their path."""
        for condition in domain.iter_conditions():
            path = f"{prefix}{condition.field_expr}"
            if condition.operator in ("any", "not any", "any!", "not any!"):
                yield path, "any", None
                if isinstance(condition.value, (Domain, list, tuple)):
                    yield from self._get_conditions(Domain(condition.value), f"{path}.")
            else:
                yield path, condition.operator, condition.value

    @api.model
    def _classify(self, path):
        """What a field's path leads over.

        :return: set of ``person``, ``team``, ``fact`` and ``evaluated`` (a person that
            is refused alone).
        """
        model, kinds = self, set()
        for name in path.split("."):
            field = model._fields.get(name)
            if field is None:
                break
            kinds |= _classify_field(model, field)
            if not field.comodel_name:
                break
            model = self.env[field.comodel_name]
        return kinds

    def _is_about_oneself(self, path, operator, value):
        """Whether a condition on a user asks for nobody but whoever asks."""
        model, field = self, None
        for name in path.split("."):
            if model is None or name not in model._fields:
                return False
            field = model._fields[name]
            model = self.env[field.comodel_name] if field.comodel_name else None
        values = _as_set(operator, value)
        return (
            field.comodel_name == "res.users"
            and values is not None
            and values <= {self.env.uid, False}
        )

    def _is_about_open(self, path, operator, value):
        """Whether a condition asks for what still has to be done."""
        name = path.rpartition(".")[2]
        if name not in OPEN_VALUES:
            return False
        if name == "first_contact_at" and operator in ("!=", "not in"):
            operator = "in"
        values = _as_set(operator, value)
        return bool(values) and values <= OPEN_VALUES[name]


def _classify_field(model, field):
    """What a field of a model is, see ``_classify``."""
    kinds = set()
    if field.name in getattr(model, "_evaluated_people", ()):
        kinds.add("evaluated")
    if field.name in getattr(model, "_evaluated_facts", ()):
        kinds.add("fact")
    if (
        field.comodel_name == "res.users"
        or field.comodel_name in AUTHORED
        or field.name in AUTHORS
    ):
        kinds.add("person")
    if field.comodel_name == "crm.team":
        kinds.add("team")
    return kinds


def _as_set(operator, value):
    """The values that a condition asks for, None where it asks for something else."""
    if operator == "=":
        return {value}
    if operator == "in" and isinstance(value, list | tuple | Set):
        return set(value)
    return None


def _get_order_terms(order):
    """Return the field specifications of an ORDER BY clause.

    >>> _get_order_terms("amount:sum desc, id")
    ['amount:sum', 'id']
    """
    return [term.split()[0] for term in (order or "").split(",") if term.strip()]
