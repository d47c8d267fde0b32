from odoo.tools import formatLang


def format_number(env, value, digits=2):
    """A number as people of the environment's language write it.

    :param digits: decimal places, those of the currency for an amount.
    """
    return formatLang(env, float(value), digits=digits)


def format_percent(env, value):
    """A percentage as people of the environment's language write it, without decimal
    places where it has none.

    :param value: number, in percent.
    """
    return format_number(env, value, 0 if round(value, 2) == int(value) else 2)
