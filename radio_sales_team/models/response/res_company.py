from datetime import time

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...tools.time_of_day import to_local_day, to_utc


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "radio.cached.mixin"]

    campaign_lead_days = fields.Integer(
        string="Days Before the Campaign",
        default=5,
        help="Working days that are needed before a campaign is on air. An inquiry "
        "that names the start of its campaign is answered early enough for them. "
        "0: the start makes no difference.",
    )

    evaluate_response_per_person = fields.Boolean(
        string="Evaluation Per Person",
        help="Reports, filters and exports show how fast each person answers. Ask the "
        "works council before. Off: by team, and everybody their own.",
    )
    response_group_size = fields.Integer(
        string="Smallest Team",
        default=5,
        help="Without the evaluation per person: sales teams of fewer people are not "
        "named in reports on response times, but counted together.",
    )
    response_names_months = fields.Integer(
        string="Months With Names",
        default=12,
        help="After that the names are taken off contacts, clocks, pauses and "
        "reminders of inquiries that are over.",
    )

    # in Python: PostgreSQL would keep everybody from reading the companies while it is
    # installed
    @api.constrains(
        "campaign_lead_days", "response_group_size", "response_names_months"
    )
    def _check_response_numbers(self):
        for company in self:
            if company.campaign_lead_days < 0:
                raise ValidationError(
                    self.env._("The days before a campaign cannot be less than 0.")
                )
            if company.response_group_size < 1:
                raise ValidationError(
                    self.env._("The smallest team has at least one person.")
                )
            if company.response_names_months < 1:
                raise ValidationError(
                    self.env._("Names are kept for at least one month.")
                )

    def _is_evaluating(self):
        """Whether all of these companies evaluate response times per person."""
        return set(self.ids) <= self._get_evaluating_ids()

    @api.model
    @ormcache()
    def _get_evaluating_ids(self):
        """Ids of the companies that evaluate response times per person; every search
        for leads asks."""
        # sudo: res.company - whether the evaluation is on is no secret
        domain = [("evaluate_response_per_person", "=", True)]
        return frozenset(self.sudo().search(domain).ids)

    @api.model
    @ormcache()
    def _get_own_partner_ids(self):
        """Ids of the contacts that are the station itself; every message asks."""
        # sudo: res.company - only to compare ids
        return frozenset(
            self.sudo().with_context(active_test=False).search([]).partner_id.ids
        )

    def _get_local_day(self, moment=None):
        """Return the date where the company is, by the time zone of its working hours;
        where the current company is, if a form has none yet.

        Used wherever a moment becomes a day, a month or a year. The time zone of the
        user is only for what one person reads or enters.

        :param moment: naive UTC datetime, default: now.
        """
        return to_local_day(moment or fields.Datetime.now(), self._get_time_zone())

    def _get_day_start(self, day):
        """Return the naive UTC moment at which a date begins where the company is."""
        return to_utc(day, time.min, self._get_time_zone())

    def _get_time_zone(self):
        """Return the name of the time zone of the company's working hours."""
        company = self or self.env.company
        company.ensure_one()
        # sudo: res.company - where the station is is no secret
        return company.sudo().resource_calendar_id.tz
