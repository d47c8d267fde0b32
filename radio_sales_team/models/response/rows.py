"""Reading and writing rows while somebody waits."""

from odoo.tools import SQL


def read_lines(model, inverse_name, ids, names):
    """The lines of some records, in their order, with one query that asks for nothing
    else: no rules, as the caller sees all of them, and no fields but those of columns
    that are named.

    :param model: empty recordset, as superuser.
    :param inverse_name: of the many2one to those records.
    :param ids: of those records.
    :param names: of fields, which are in the cache then.
    :return: recordset.
    """
    model.flush_model([inverse_name, *get_order_terms(model._order)])
    rows = model.env.execute_query(
        SQL(
            "SELECT id, %s FROM %s WHERE %s = ANY(%s) ORDER BY %s",
            SQL(", ").join(map(SQL.identifier, names)),
            SQL.identifier(model._table),
            SQL.identifier(inverse_name),
            ids,
            SQL(model._order),
        )
    )
    if not rows:
        return model
    line_ids, *columns = zip(*rows, strict=True)
    lines = model.browse(line_ids)
    for name, values in zip(names, columns, strict=True):
        model._fields[name]._insert_cache(lines, values)
    return lines


def get_order_terms(order):
    """What rows are sorted by: ``["amount:sum"]`` of ``"amount:sum desc"``."""
    return [term.split()[0] for term in (order or "").split(",") if term.strip()]


def get_insert(model, vals_list):
    """The query that creates records all at once: for what is written while somebody
    waits, by methods alone, with all values there. Nothing is filled in, computed or
    checked but by the database.

    :param model: empty recordset.
    :param vals_list: list of dicts, all of the same stored fields; values may be
        ``SQL``, for what the database knows better.
    :return: ``SQL``, to which what it returns can be added.
    """
    names = list(vals_list[0])
    now, uid = model.env.cr.now(), model.env.uid
    columns = [*names, "create_uid", "write_uid", "create_date", "write_date"]
    row = f"({', '.join(['%s'] * len(columns))})"
    values = []
    for vals in vals_list:
        values += [_to_column(model, name, vals[name]) for name in names]
        values += [uid, uid, now, now]
    return SQL(
        "INSERT INTO %s (%s) VALUES " + ", ".join([row] * len(vals_list)),
        SQL.identifier(model._table),
        SQL(", ").join(map(SQL.identifier, columns)),
        *values,
    )


def _to_column(model, name, value):
    if isinstance(value, SQL):
        return value
    return model._fields[name].convert_to_column(value, model)


def forget_lists(model, vals_list):
    """Forget the lists in which rows stand that were written by :func:`get_insert`."""
    for name in vals_list[0]:
        for inverse in model.pool.field_inverses[model._fields[name]]:
            lists = model.env[inverse.model_name]
            lists.invalidate_model([inverse.name], flush=False)
