"""Writing rows while somebody waits."""

from odoo.tools import SQL


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
    rows = [
        (
            *(_to_column(model, name, vals[name]) for name in names),
            *(uid, uid, now, now),
        )
        for vals in vals_list
    ]
    columns = [*names, "create_uid", "write_uid", "create_date", "write_date"]
    return SQL(
        "INSERT INTO %s (%s) VALUES %s",
        SQL.identifier(model._table),
        SQL(", ").join(map(SQL.identifier, columns)),
        SQL(", ").join(SQL("(%s)", SQL(", ").join(row)) for row in rows),
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
