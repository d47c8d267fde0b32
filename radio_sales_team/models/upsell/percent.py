from odoo.tools import formatLang


def format_percent(env, value):
    """A percentage as people of the environment's language write it, without decimal
    places where it has none.

    :param value: number, in percent.
    """
    return formatLang(env, value, digits=0 if round(value, 2) == int(value) else 2)
