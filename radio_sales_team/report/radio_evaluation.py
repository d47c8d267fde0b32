from odoo import models


class RadioValueReport(models.Model):
    """Contributions are shown by person; whether they were late is not."""

    _name = "radio.value.report"
    _inherit = ["radio.value.report", "radio.evaluation.mixin"]


class RadioContribution(models.Model):
    """Contributions are shown by person; whether they were late is not."""

    _name = "radio.contribution"
    _inherit = ["radio.contribution", "radio.evaluation.mixin"]
