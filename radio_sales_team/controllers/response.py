from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import consteq

ACTION = "action-radio_sales_team.crm_lead_action_inquiry"


class ResponseController(http.Controller):
    @http.route(
        "/radio_sales_team/contact/<int:lead_id>/<string:channel>/<string:token>",
        type="http",
        auth="user",
        readonly=False,
    )
    def log_contact(self, lead_id, channel, token):
        """An answer with one tap in a notice: "I called". Records the contact of
        whoever is logged in, where the link is theirs and the customer still waits, and
        opens the inquiry, where it can be corrected."""
        lead = request.env["crm.lead"].browse(lead_id).exists()
        if not lead:
            return request.redirect(f"/odoo/{ACTION}")
        try:
            lead.check_access("read")
        except AccessError:
            return request.redirect(f"/odoo/{ACTION}")
        if lead._is_tap(channel):
            expected = lead._get_tap_token(request.env.user, channel)
            if token.isascii() and consteq(expected, token):
                lead._record_tap(channel)
        return request.redirect(f"/odoo/{ACTION}/{lead.id}")
