"""The facts of the mail that is being received, for the models that handle it.

Odoo's parsed mail keeps no header of interest, and unknown keys in it make posting
fail: so the facts travel in one key of the context.
"""

from ...tools.mail_headers import NO_MAIL

CONTEXT_KEY = "radio_mail"


def get_mail_facts(env):
    """Return the facts of the mail that is being received (``MailFacts``), or
    ``NO_MAIL``."""
    return env.context.get(CONTEXT_KEY) or NO_MAIL


def is_received(env):
    """Return whether all this happens because a mail came in."""
    return bool(env.context.get(CONTEXT_KEY))
