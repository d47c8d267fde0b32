import logging
from datetime import timedelta

from odoo import Command, api, fields, models

from .batch import BATCH_SIZE, CONFLICTS, run_in_batches
from .radio_sla_clock_cron import ESCALATE_CRON

_logger = logging.getLogger(__name__)

# At most one notice to a person in this time, whatever happens.
BETWEEN_NOTICES = timedelta(hours=1)
# How many inquiries a notice lists, and how many that are due soon.
MAX_LISTED = 20
MAX_OTHERS = 10


class RadioSlaNotice(models.Model):
    """One message to one person about all the inquiries that concern them now.

    What is to be told is collected in the person's one notice that was not sent yet,
    which goes out when an hour has passed since the last, within working hours.
    """

    _name = "radio.sla.notice"
    _inherit = ["radio.evaluation.mixin"]
    _description = "Response-Time Notice"
    _order = "send_at, id"
    _evaluated_people = frozenset({"user_id"})

    user_id = fields.Many2one(
        comodel_name="res.users", string="To", required=True, ondelete="cascade"
    )
    send_at = fields.Datetime(required=True)
    sent_at = fields.Datetime()
    lead_ids = fields.Many2many(comodel_name="crm.lead", string="Inquiries")
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        required=True,
        ondelete="cascade",
        help="Within these it is sent.",
    )

    _one_pending = models.UniqueIndex("(user_id) WHERE sent_at IS NULL")
    _due_idx = models.Index("(send_at) WHERE sent_at IS NULL")
    _sent_idx = models.Index("(user_id, sent_at) WHERE sent_at IS NOT NULL")

    @api.model
    def _collect(self, requests):
        """Note down what is to be told.

        :param requests: list of (``res.users``, ``crm.lead``, ``resource.calendar``,
            naive UTC datetime before which it need not be told).
        """
        users = self.env["res.users"].union(*(request[0] for request in requests))
        last_sent = self._get_last_sent(users)
        wanted = {}
        for user, lead, calendar, earliest in requests:
            if user in last_sent:
                earliest = max(earliest, last_sent[user] + BETWEEN_NOTICES)
            send_at = calendar._get_next_working_moment(earliest) or earliest
            vals = wanted.setdefault(user, {"send_at": send_at, "lead_ids": {}})
            vals["lead_ids"][lead.id] = Command.link(lead.id)
            if send_at <= vals["send_at"]:
                vals.update(send_at=send_at, calendar_id=calendar.id)
        pending = self.search([("user_id", "in", users.ids), ("sent_at", "=", False)])
        # whoever sends one of them at this moment makes us look again
        pending.lock_for_update()
        for vals in wanted.values():
            vals["lead_ids"] = list(vals["lead_ids"].values())
        for notice in pending:
            vals = wanted.pop(notice.user_id)
            if vals["send_at"] >= notice.send_at:
                vals = {"lead_ids": vals["lead_ids"]}
            notice.write(vals)
        self.create([dict(vals, user_id=user.id) for user, vals in wanted.items()])

    @api.model
    def _get_last_sent(self, users):
        """When each of these people got their last notice; only those who got one."""
        groups = self._read_group(
            [("user_id", "in", users.ids), ("sent_at", "!=", False)],
            ["user_id"],
            ["sent_at:max"],
        )
        return dict(groups)

    @api.model
    def _send_due(self):
        """Send the notices whose time has come; see ``run_in_batches``."""
        return run_in_batches(
            self, self._get_due, lambda notices: notices._send_each(), ESCALATE_CRON
        )

    def _get_due(self, excluded_ids):
        return self.search(
            [
                ("sent_at", "=", False),
                ("send_at", "<=", fields.Datetime.now()),
                ("id", "not in", list(excluded_ids)),
            ],
            limit=BATCH_SIZE,
        )

    def _send_each(self):
        """Send these; one that cannot be sent is tried again later, and stops no
        other."""
        for notice in self:
            try:
                with self.env.cr.savepoint():
                    notice._send()
            except CONFLICTS:
                raise
            except Exception:
                _logger.exception("Response times: notice %d failed", notice.id)
                notice.send_at = fields.Datetime.now() + BETWEEN_NOTICES

    def _send(self):
        now = fields.Datetime.now()
        last_sent = self._get_last_sent(self.user_id)
        for notice in self:
            last = last_sent.get(notice.user_id)
            earliest = max(now, last + BETWEEN_NOTICES) if last else now
            # the scheduled action may have slept until after closing
            send_at = notice.calendar_id._get_next_working_moment(earliest)
            if send_at and send_at > now:
                notice.send_at = send_at
                continue
            leads = notice.lead_ids.filtered(lambda lead: lead._is_urgent(now))
            if leads and notice.user_id.active:
                leads._notify_urgent(notice.user_id)
                notice.sent_at = now
            else:
                # answered meanwhile, and nobody wants to read of it
                notice.unlink()

    @api.autovacuum
    def _gc_sent(self):
        """Sent notices are needed for an hour; a month is for who asks."""
        month_ago = fields.Datetime.now() - timedelta(days=30)
        self.search([("sent_at", "<", month_ago)], limit=10_000).unlink()
