"""What a person wrote in an answer by mail, without what they quote and how they sign.

Quotes and signatures of mail programs in many languages are found by the library
``mail-parser-reply``. Where it is not installed, no answer is understood: people use
the links instead.
"""

import re

try:
    from mailparser_reply import EmailReplyParser
except ImportError:  # optional, see the setup check
    EmailReplyParser = None

LANGUAGES = ["en", "de", "fr", "it", "nl", "pl", "es"]

# What telephones and tablets put below a mail; no language of the library has it.
MOBILE_SIGNATURE = re.compile(
    r"\n+\s*(von meinem \S.{0,40} gesendet|gesendet von (?!mir)\S.{0,40}"
    r"|sent from (my )?\S.{0,60}|get outlook for \S.{0,20}"
    r"|outlook für \S.{0,20} (herunterladen|beziehen))\s*$",
    re.IGNORECASE,
)

# The first line of a mail that greets: "Guten Morgen Frau Dr. Petersen,".
GREETING = re.compile(
    r"\A(hallo|hello|hi|hey|moin|servus|grüß gott|liebe|lieber|dear|sehr geehrter?"
    r"|guten (abend|morgen|tag)|good (afternoon|evening|morning))"
    r"(\s+[^\s,!?]+){0,3}[ ,.!]*\n",
    re.IGNORECASE,
)

# Whole mails that accept. Any other sentence is for a person to read.
ACCEPTANCES = {
    "ok",
    "okay",
    "yes",
    "i'll take it",
    "i will take it",
    "will do",
    "ja",
    "ja gern",
    "ja gerne",
    "gern",
    "gerne",
    "mach ich",
    "mache ich",
    "ja mach ich",
    "ja mache ich",
    "ok mach ich",
    "ok mache ich",
    "übernehme ich",
    "ich übernehme",
    "ich übernehme das",
    "ich rufe an",
    "ja ich rufe an",
}


def can_read_replies():
    """Return whether the library that finds quotes and signatures is installed."""
    return EmailReplyParser is not None


def get_reply_text(text):
    """Return what the writer of a mail wrote, without quote and signature.

    :param text: plain text of the whole mail.
    :return: text, or None if it cannot be told.

    >>> get_reply_text("Ok\\n\\n-- \\nTom\\nRadio")
    'Ok'
    >>> get_reply_text("Ja\\n\\nVon meinem iPhone gesendet")
    'Ja'
    >>> get_reply_text("mache ich\\n\\nAm 14.01.26 um 10:00 schrieb Station:\\n> Tom?")
    'mache ich'
    """
    if not can_read_replies():
        return None
    replies = EmailReplyParser(languages=LANGUAGES).read(text=text or "").replies
    body = replies[0].body if replies else ""
    return MOBILE_SIGNATURE.sub("", f"\n{body or ''}").strip()


def is_acceptance(text):
    """Return whether the whole text, a greeting aside, says yes in one of few words.

    >>> [is_acceptance(text) for text in ("OK", "Ja, mache ich!", "I’ll take it.")]
    [True, True, True]
    >>> is_acceptance("Hallo Anna,\\nok")
    True
    >>> [is_acceptance(text) for text in (
    ...     "Ok, ask Ute instead.", "Yes, I saw it. I am on holiday.", "ok?", "", None)]
    [False, False, False, False, False]
    """
    text = GREETING.sub("", (text or "").replace("’", "'"), count=1)
    words = re.sub(r"[\s.,!;:]+", " ", text).strip()
    return words.casefold() in ACCEPTANCES
