"""Who wrote the mail that a colleague forwarded."""

import re

from odoo.tools import html2plaintext

# What begins a new line on the screen, and not always in Odoo's plain text.
NEW_LINE = re.compile(r"</div>|</tr>|<hr\b", re.IGNORECASE)

# The line with the original sender that mail programs put above what is forwarded:
# "From: Name <address>", perhaps quoted, bold, or with the address as a link.
SENDER_LINE = re.compile(
    r"""^[ \t>*|_-]{0,20}(?:From|Von|De|Da|Van)[ \t]?:[ \t*]{0,20}  # the word
        (?P<name>[^<>\[\]@\n]{0,100}?)[ \t*"']{0,5}      # the name
        [<\[(][ \t]?(?:mailto:)?                         # the address in a bracket
        (?P<email>[^\s<>\[\]()@]{1,64}@[^\s<>\[\]()@]{1,255})
        [ \t]?[>\])]""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)

# The same with an address alone, as Outlook on the web and Thunderbird write it. Only
# in a block of such lines: people write "from: eva@optik.example" in sentences, too.
BARE_SENDER_LINE = re.compile(
    r"""^[ \t>*|_-]{0,20}(?:From|Von|De|Da|Van)[ \t]?:[ \t*]{0,20}
        (?:mailto:)?(?P<email>[^\s<>\[\]()@]{1,64}@[^\s<>\[\]()@]{1,255})[ \t*]*
        (?=\n\s*[ \t>*|_-]{0,20}
           (?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoy.|Objet|[ÀA]
             |Inviato|Oggetto|Data|Aan|Onderwerp|Verzonden)[ \t*]?:)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def find_senders(text):
    """All original senders that a forwarded mail's plain text names.

    :return: dict of name by lower-case address, in order; the name may be empty.

    >>> find_senders("FYI\\n\\nVon: Eva Krause <Eva@optik.example>\\nAn: Tom")
    {'eva@optik.example': 'Eva Krause'}
    >>> find_senders("> *From:* Eva [mailto:eva@optik.example]")
    {'eva@optik.example': 'Eva'}
    >>> find_senders("From: <eva@optik.example>")
    {'eva@optik.example': ''}
    >>> find_senders("Please call eva@optik.example, she is from: Kiel")
    {}
    >>> find_senders("Von: eva@optik.example\\nGesendet: Mittwoch\\nAn: Tom")
    {'eva@optik.example': ''}
    >>> find_senders("Von: eva@optik.example habe ich das")
    {}
    """
    matches = [
        *SENDER_LINE.finditer(text or ""),
        *BARE_SENDER_LINE.finditer(text or ""),
    ]
    senders = {}
    for match in sorted(matches, key=lambda one: one.start()):
        name = (match.groupdict().get("name") or "").strip(" *\"'")
        senders.setdefault(match["email"].lower(), name)
    return senders


def html_to_lines(html):
    """The plain text of a mail, with the lines that its reader sees.

    >>> html_to_lines("<div>FYI</div><div><b>Von:</b> Eva &lt;e@optik.ex&gt;</div>")
    'FYI\\n*Von:* Eva <e@optik.ex>'
    """
    return html2plaintext(
        NEW_LINE.sub(lambda match: f"<br/>{match[0]}", html or ""),
        include_references=False,
    )
