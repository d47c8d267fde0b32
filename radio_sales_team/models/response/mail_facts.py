"""What the headers of a mail tell, which Odoo's parsed mail no longer holds."""

from collections import namedtuple

from odoo.tools.mail import (
    decode_message_header,
    unfold_references,
)

# is_automatic: a machine wrote it; is_trusted: from a sender in "Trusted Senders";
# reply_to: whom its writer wants answered; refuses_replies: wants no automatic reply;
# answers: ids of the mails to which it is an answer, the nearest first.
MailFacts = namedtuple(
    "MailFacts", "is_automatic is_trusted reply_to refuses_replies answers"
)

NO_MAIL = MailFacts(False, False, False, False, ())

# The key of the context in which the facts of the mail being received travel.
CONTEXT_KEY = "radio_mail"


def get_mail_facts(env):
    """The facts of the mail that is being received, ``NO_MAIL`` outside of that."""
    return env.context.get(CONTEXT_KEY) or NO_MAIL


def is_received(env):
    """Whether all this happens because a mail came in."""
    return bool(env.context.get(CONTEXT_KEY))


def read_mail_facts(message, is_trusted, own_domains):
    """Read the headers of a mail.

    :param message: ``email.message.EmailMessage``.
    :param is_trusted: whether its sender is in "Trusted Senders".
    :param own_domains: function that returns the station's own mail domains; called
        only for mail that came through a list.
    """
    return MailFacts(
        is_automatic=_is_answered_by_machine(message) or _is_bulk(message, own_domains),
        is_trusted=is_trusted,
        reply_to=decode_message_header(message, "Reply-To", separator=","),
        refuses_replies=bool(_read(message, "X-Auto-Response-Suppress")),
        answers=tuple(_read_answers(message)),
    )


def _read_answers(message):
    """Odoo looks for the mail that is answered among those that the gateway's user may
    read, which a question to one person is not."""
    references = decode_message_header(message, "References")
    answered = decode_message_header(message, "In-Reply-To")
    return reversed(unfold_references(f"{references} {answered}"))


def _is_answered_by_machine(message):
    return (
        (_read(message, "Auto-Submitted") or "no") != "no"
        or bool(_read(message, "X-Autoreply"))
        or bool(_read(message, "X-Autorespond"))
        or _read(message, "Precedence") == "auto_reply"
    )


def _is_bulk(message, own_domains):
    """Whether many got this mail. A distribution list of the station's own (its public
    address may be one) marks each customer's mail so: that is no bulk."""
    list_id = _read(message, "List-Id").strip("<>").rpartition("<")[2]
    if list_id and any(
        list_id == domain or list_id.endswith(f".{domain}") for domain in own_domains()
    ):
        return False
    return bool(list_id) or _read(message, "Precedence") in ("bulk", "junk", "list")


def _read(message, name):
    return decode_message_header(message, name).strip().lower()
