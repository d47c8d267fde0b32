"""Facts of an incoming mail that only its headers and its MIME structure tell.

Plain Python on ``email.message.EmailMessage``; no Odoo, no database. Headers are read
one by one, since a header that comes twice is not one header with joined text.

Sources: RFC 3834 (automatic responses), RFC 5321 (null reverse-path), RFC 3464
(delivery reports), RFC 8098 (read receipts), RFC 2919 (List-Id) and what mail programs
really send, see ``tests/test_mail_headers.py``.
"""

import re
from collections import namedtuple
from email.utils import getaddresses

PERSON, MACHINE, NOBODY = "person", "machine", "nobody"
FAILURE, DELAY, DELIVERY, READ = "failure", "delay", "delivery", "read"

# writer: PERSON, MACHINE (an automatic response, a list, a report) or NOBODY (an
#   address behind which nobody reads); is_bulk: many got it; answer_to: pairs of name
#   and address to which an answer goes; answers: ids of the messages that it answers,
#   the nearest first; report: FAILURE, DELAY, DELIVERY, READ or None;
#   suppresses_replies: its sender wants no automatic response; is_trusted: whether the
#   station trusts its sender to write for somebody else, which no header tells.
MailFacts = namedtuple(
    "MailFacts",
    "writer is_bulk answer_to answers report suppresses_replies is_trusted",
)
NO_MAIL = MailFacts(PERSON, False, (), (), None, False, False)

# Parts of an address that say that nobody reads there, wherever they stand in it.
NO_REPLY = re.compile(
    r"(^|[-_.+=])"
    r"(no|non|not|do[-_.]?not|dont|never|nicht|bitte[-_.]?nicht|keine?)[-_.]?"
    r"(reply|replies|respond|response|answers?|antwort(en)?)"
    r"($|[-_.+=\d])"
    r"|(^|[-_.+=])antwort(en)?[-_.]?(nicht|unerwuenscht)($|[-_.+=\d])"
)
# The whole local part, perhaps with the id of a message (VERP): mail systems.
MAIL_SYSTEM = re.compile(
    r"^(mailer[-_.]?daemon|postmaster)($|[+=])|^bounces?($|[+=]|[-_.]?\d)"
)
LIST_PRECEDENCES = ("bulk", "junk", "list")


def read_mail_facts(message, own_domains=(), is_trusted=False):
    """Read the facts of a mail.

    :param message: ``email.message.EmailMessage``.
    :param is_trusted: see ``MailFacts``.
    :param own_domains: mail domains of the station, lower case: its own distribution
        lists mark each customer's mail as from a list, which makes it no bulk mail.

    >>> from email.message import EmailMessage
    >>> mail = EmailMessage()
    >>> mail["From"] = "Eva <eva@optik.example>"
    >>> mail["In-Reply-To"] = "<1@station.example>"
    >>> read_mail_facts(mail).writer, read_mail_facts(mail).answers
    ('person', ('<1@station.example>',))
    >>> mail["Precedence"] = "bulk"
    >>> mail["Precedence"] = "bulk"
    >>> read_mail_facts(mail).writer, read_mail_facts(mail).is_bulk
    ('machine', True)
    """
    report = get_report(message)
    is_bulk = _is_bulk(message, own_domains)
    sender = _get_addresses(message, "From")[:1]
    if report or is_bulk or _is_automatic_response(message):
        writer = MACHINE
    elif any(is_nobody(address) for _name, address in sender):
        writer = NOBODY
    else:
        writer = PERSON
    return MailFacts(
        writer=writer,
        is_bulk=is_bulk,
        answer_to=_get_addresses(message, "Reply-To") or sender,
        answers=get_answered_ids(message),
        report=report,
        suppresses_replies=bool(_read_all(message, "X-Auto-Response-Suppress")),
        is_trusted=is_trusted,
    )


def is_nobody(email):
    """Return whether nobody reads what is sent to an address, as its name tells.

    >>> [is_nobody(f"{local}@x.example") for local in (
    ...     "noreply", "messages-noreply", "no.reply.123", "do-not-reply",
    ...     "bitte-nicht-antworten", "bounces+7-a=b", "MAILER-DAEMON", "bounce-1")]
    [True, True, True, True, True, True, True, True]
    >>> [is_nobody(f"{local}@x.example") for local in (
    ...     "bounce-house", "postmaster-shop", "noreplyer", "reply", "arno.reply")]
    [False, False, False, False, False]
    >>> is_nobody("")
    False
    """
    local = (email or "").rpartition("@")[0].strip(" <\"'").lower()
    return bool(NO_REPLY.search(local) or MAIL_SYSTEM.search(local))


def get_report(message):
    """Return of what a mail is a report, or None.

    A delivery report tells for each recipient what happened; a failure of one of them
    is a failure. A report without such a part counts as a failure, as old servers send
    nothing else.

    >>> from email import message_from_string, policy
    >>> text = '''Content-Type: multipart/report; report-type=delivery-status;
    ...  boundary=x
    ...
    ... --x
    ... Content-Type: message/delivery-status
    ...
    ... Reporting-MTA: dns; mx.example
    ...
    ... Final-Recipient: rfc822; eva@optik.example
    ... Action: %s
    ...
    ... --x--
    ... '''
    >>> actions = ("failed", "delayed", "relayed")
    >>> [get_report(message_from_string(text % action, policy=policy.SMTP))
    ...     for action in actions]
    ['failure', 'delay', 'delivery']
    """
    if message.get_content_type() != "multipart/report":
        return None
    kind = str(message.get_param("report-type") or "").lower()
    if kind == "disposition-notification":
        return READ
    actions = set()
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload():
                actions |= {action.split()[0] for action in _read_all(block, "Action")}
    if not actions or "failed" in actions:
        return FAILURE
    return DELAY if "delayed" in actions else DELIVERY


def get_answered_ids(message):
    """Return the ids of the messages that a mail answers, the nearest first.

    >>> from email.message import EmailMessage
    >>> mail = EmailMessage()
    >>> mail["References"] = "<1@a> <2@b>"
    >>> mail["In-Reply-To"] = "<2@b>"
    >>> get_answered_ids(mail)
    ('<2@b>', '<1@a>')
    """
    found = []
    for name in ("References", "In-Reply-To"):
        for text in _read_all(message, name, lower=False):
            found += re.findall(r"<[^<>\s]+>", re.sub(r"\s+(?=[^<]*>)", "", text))
    return tuple(dict.fromkeys(reversed(found)))


def _is_automatic_response(message):
    """RFC 3834, and what those send who do not know it."""
    submitted = {
        re.split(r"[\s;(]", text, maxsplit=1)[0]
        for text in _read_all(message, "Auto-Submitted")
    }
    return (
        bool(submitted - {"no"})
        or any(_read_all(message, name) for name in ("X-Autoreply", "X-Autorespond"))
        or "auto_reply" in _read_all(message, "Precedence")
        or "<>" in _read_all(message, "Return-Path")
    )


def _is_bulk(message, own_domains):
    """Return whether many got this mail: a newsletter, a list, a mass mailing."""
    lists = {
        text.rpartition("<")[2].strip("<> ") for text in _read_all(message, "List-Id")
    }
    if lists and all(
        any(name == own or name.endswith(f".{own}") for own in own_domains)
        for name in lists
    ):
        return False
    precedences = _read_all(message, "Precedence")
    return bool(lists) or any(text in LIST_PRECEDENCES for text in precedences)


def _get_addresses(message, name):
    pairs = getaddresses(_read_all(message, name, lower=False))
    return tuple((label, address) for label, address in pairs if "@" in address)


def _read_all(message, name, lower=True):
    """Return the texts of all headers of a name, without those that are empty."""
    texts = [" ".join(str(text).split()) for text in message.get_all(name) or ()]
    return [text.lower() if lower else text for text in texts if text]
