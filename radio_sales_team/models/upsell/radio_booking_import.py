from odoo import api, models


class RadioBooking(models.Model):
    """Importing the traffic system's monthly list with Odoo's own import.

    The key makes it idempotent: a row whose key is there already changes that booking.
    Customers are found by number (reference) or exact name, all at once; a row that
    fits nobody, or two, is refused with the reason, and nothing of the file is taken.
    """

    _inherit = "radio.booking"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for the monthly list"),
                "template": "/radio_sales_team/static/xls/bookings.csv",
            }
        ]

    @api.model
    def load(self, fields, data):
        if "source_key" not in fields:
            message = self.env._(
                "The column “Key” is missing: the number by which the traffic system "
                "knows a booking. With it the list can be imported again."
            )
            return _refuse_all([{"type": "error", "message": message}])
        for name in ("company_id", "source"):
            if any(field.split("/")[0] == name for field in fields):
                message = self.env._(
                    "Leave out the column “%s”: a list is of the company that you have "
                    "chosen, and always an imported one.",
                    self._fields[name]._description_string(self.env),
                )
                return _refuse_all([{"type": "error", "message": message}])
        fields, data = list(fields), [list(row) for row in data]
        if "id" in fields and not any(row[fields.index("id")] for row in data):
            column = fields.index("id")
            fields.pop(column)
            data = [row[:column] + row[column + 1 :] for row in data]
        messages = self._find_twice(fields, data)
        for name in ("advertiser_id", "agency_id"):
            messages += self._find_customers(name, fields, data)
        if messages:
            return _refuse_all(messages)
        self._find_present(fields, data)
        return super().load(fields, data)

    @api.model
    def _find_twice(self, fields, data):
        """Refuse a key that stands in the file twice: one of the rows is a slip."""
        column = fields.index("source_key")
        seen, messages = {}, []
        for number, row in enumerate(data):
            key = row[column].strip()
            if key in seen:
                words = self.env._(
                    "The key “%(key)s” stands in row %(first)s, too.",
                    key=key,
                    first=seen[key] + 1,
                )
                messages.append(_refuse(number, "source_key", words))
            seen.setdefault(key, number)
        return messages

    @api.model
    def _find_customers(self, name, fields, data):
        """Replace names and numbers of customers by ids.

        :return: messages about rows that fit nobody, or two.
        """
        if name not in fields:
            return []
        column = fields.index(name)
        wanted = {row[column].strip() for row in data} - {""}
        found = {}
        partners = self.env["res.partner"]
        # a number is nobody's name, so it comes first
        for field_name in ("ref", "name"):
            rest = [text for text in wanted if text not in found]
            for partner in partners.search([(field_name, "in", rest)]):
                company = partner.commercial_partner_id
                found.setdefault(partner[field_name], set()).add(company.id)
        messages = []
        for number, row in enumerate(data):
            text = row[column].strip()
            ids = found.get(text, set())
            if text and len(ids) != 1:
                words = (
                    self.env._("Two customers have the number or name “%s”.", text)
                    if ids
                    else self.env._("No customer has the number or name “%s”.", text)
                )
                messages.append(_refuse(number, name, words))
            row[column] = str(next(iter(ids), "")) if len(ids) == 1 else ""
        fields[column] = f"{name}/.id"
        return messages

    @api.model
    def _find_present(self, fields, data):
        """Rows whose key is there already change that booking."""
        if ".id" in fields or "id" in fields:
            return
        column = fields.index("source_key")
        present = dict(
            self._read_group(
                [
                    ("company_id", "=", self.env.company.id),
                    ("source", "=", "import"),
                    ("source_key", "in", [row[column].strip() for row in data]),
                ],
                ["source_key"],
                ["id:max"],
            )
        )
        fields.append(".id")
        for row in data:
            row[column] = row[column].strip()
            row.append(str(present.get(row[column], "")))


def _refuse_all(messages):
    """What Odoo's import expects where nothing was taken."""
    return {"ids": False, "messages": messages, "nextrow": 0}


def _refuse(number, name, words):
    return {
        "type": "error",
        "message": words,
        "rows": {"from": number, "to": number},
        "record": number,
        "field": name,
    }
