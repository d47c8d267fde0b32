from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq

ACTION = "action-radio_sales_team.radio_handover_action_mine"
FORM = "action-radio_sales_team.radio_handover_answer_action"


class HandoverController(http.Controller):
    @http.route(
        "/radio_sales_team/handover/<int:handover_id>/<string:answer>/<string:token>",
        type="http",
        auth="user",
        readonly=False,
    )
    def answer(self, handover_id, answer, token):
        """An answer with one tap in the notice: "I take over" does so and opens the
        inquiry; the others open the form on which they say why not, or when. Only the
        login of who was asked can use it."""
        handover = request.env["radio.handover"].sudo().browse(handover_id).exists()
        if not handover or not token.isascii():
            return request.redirect(f"/odoo/{ACTION}")
        if not consteq(handover._get_answer_token(answer), token):
            return request.redirect(f"/odoo/{ACTION}")
        if handover.to_user_id != request.env.user:
            return request.redirect(f"/odoo/{ACTION}")
        handover = handover.with_env(request.env)
        if answer == "accept":
            try:
                handover.action_accept()
            except UserError:
                # a colleague was quicker: the screen tells what became of it
                return request.redirect(f"/odoo/{ACTION}/{handover.id}")
            return request.redirect(f"/odoo/crm.lead/{handover.lead_id.id}")
        if not handover.is_answerable:
            return request.redirect(f"/odoo/{ACTION}/{handover.id}")
        form = request.env["radio.handover.answer"].create(
            {"handover_id": handover.id, "answer": answer}
        )
        return request.redirect(f"/odoo/{FORM}/{form.id}")
