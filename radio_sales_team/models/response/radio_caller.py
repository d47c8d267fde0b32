import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# The indexes know pieces of three characters; nothing shorter is searched for.
MIN_LENGTH = 3
MAX_RESULTS = 8
# Candidates of each kind that are read before the best are chosen.
MAX_CANDIDATES = 40

# The same expression as in the index that core makes on telephone numbers.
SEPARATORS = r"[\s\\./\(\)\-]"


class RadioCaller(models.Model):
    """Who may be calling: a contact, or an open inquiry of somebody who is none yet.

    Only a way to find them in one field. It has no table, and every name comes from the
    contact or the inquiry with the rights of whoever asks. Ids are even for contacts
    and odd for inquiries.
    """

    _name = "radio.caller"
    _description = "Caller"
    _auto = False
    _log_access = False
    # searching and reading the model itself finds nobody
    _table_query = SQL("SELECT NULL::integer AS id WHERE FALSE")

    @api.depends_context("uid", "allowed_company_ids", "formatted_display_name")
    def _compute_display_name(self):
        formatted = self.env.context.get("formatted_display_name")
        for caller in self:
            label = caller._get_record()._get_caller_label()
            if formatted and label[1:]:
                # the web client shows paler what stands between the dashes
                label = [label[0], f"\t --{', '.join(label[1:])}--"]
            caller.display_name = (" " if formatted else ", ").join(label) or False

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Find callers by pieces of name, company, mail address or number.

        :param name: what was typed; all of it has to be found.
        :param domain: not looked at, there are no fields to ask for.
        :param operator: not looked at, it is always a piece that is sought.
        :return: at most eight pairs of id and label, the best first.
        """
        pieces = split_pieces(name or "", self.env.company.country_id.phone_code)
        if not is_long_enough(pieces):
            return []
        waiting = Domain("is_inquiry", "=", True) & Domain("partner_id", "=", False)
        found = self._search_records("res.partner", Domain.TRUE, pieces)
        found += self._search_records(
            "crm.lead", waiting & Domain("won_status", "=", "pending"), pieces
        )
        start = name.strip().lower()
        found.sort(
            key=lambda pair: (
                not pair[1].lower().startswith(start),
                f" {start}" not in pair[1].lower(),
            )
        )
        return found[: min(limit or MAX_RESULTS, MAX_RESULTS)]

    @api.model
    def _search_records(self, model_name, domain, pieces):
        """Candidates of one model as pairs of caller id and label, in no order: sorting
        everybody who has "GmbH" in their name would take longer than reading a few."""
        model = self.env[model_name].sudo(False)
        domain = domain & model._get_caller_domain(*pieces)
        records = model.browse(model._search(domain, limit=MAX_CANDIDATES))
        return [
            (self._from_record(record).id, ", ".join(record._get_caller_label()))
            for record in records
        ]

    @api.model
    def _from_record(self, record):
        """The caller of a contact or an inquiry."""
        return self.browse(record.id * 2 + (record._name == "crm.lead"))

    def _get_record(self):
        """The contact or the inquiry behind a caller, with the rights of the user;
        empty where they may not read it or it is gone."""
        if not self:
            return self.env["res.partner"]
        record_id, is_lead = divmod(self.id, 2)
        model = self.env["crm.lead" if is_lead else "res.partner"].sudo(False)
        return model.browse(record_id).exists()._filtered_access("read")


def split_pieces(text, phone_code):
    """What was typed, as words and one telephone number.

    :param phone_code: the number of the own country, as 49.
    :return: list of words; list of what may be a number; and the digits that tell that
        number apart, without what differs between the ways to write it (own country,
        leading zeros, separators), empty where there is none.

    >>> split_pieces("brandt 0451 / 12-34", 49)
    (['brandt'], ['0451', '/', '12-34'], '4511234')
    >>> split_pieces("+49 (0)451 1234", 49)[2], split_pieces("0049 4511234", 49)[2]
    ('4511234', '4511234')
    >>> split_pieces("+43 1 234", 49)[2]
    '431234'
    >>> split_pieces("Studio 21", 49)
    (['Studio', '21'], [], '')
    """
    tokens = text.split()
    words = [token for token in tokens if re.search(r"[^\W\d_]|@", token)]
    rest = [token for token in tokens if token not in words]
    digits = re.sub(r"[^\d+]", "", "".join(rest))
    number = re.sub(rf"^(\+|00){phone_code or 0}", "", digits).lstrip("+0")
    number = number.replace("+", "")
    if len(number) < MIN_LENGTH:
        return tokens, [], ""
    return words, rest, number


def is_long_enough(pieces):
    """Whether there is anything that the indexes can find."""
    words, _rest, number = pieces
    return any(len(piece) >= MIN_LENGTH for piece in [*words, number])


def caller_domain(names, words, rest, number):
    """Records that have all of these pieces.

    :param names: fields in which words are sought.

    The others: see :func:`split_pieces`.
    """

    def has_words(pieces):
        return Domain.AND(
            Domain.OR(Domain(name, "ilike", piece) for name in names)
            for piece in pieces
        )

    domain = has_words(words)
    if number:
        # a name may have a number in it, too
        domain &= Domain.custom(to_sql=_phone_sql(number)) | has_words(rest)
    return domain


def _phone_sql(number):
    def to_sql(model, alias, query):
        phone = model._field_to_sql(alias, "phone", query)
        return SQL(
            "(%(phone)s IS NOT NULL AND "
            "regexp_replace(%(phone)s::text, %(separators)s, '', 'g') ILIKE %(piece)s)",
            phone=phone,
            separators=SEPARATORS,
            piece=f"%{number}%",
        )

    return to_sql
