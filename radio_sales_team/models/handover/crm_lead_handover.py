from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """Hand-overs of an inquiry: asked, or found out because the salesperson changed."""

    _inherit = "crm.lead"

    handover_ids = fields.One2many(
        comodel_name="radio.handover",
        inverse_name="lead_id",
        string="Hand-Overs",
        copy=False,
    )
    handover_state = fields.Selection(
        selection=[
            ("requested", "Asked"),
            ("accepted", "Taken over"),
            ("declined", "Declined"),
            ("expired", "No answer"),
        ],
        string="Hand-Over",
        compute="_compute_handover_state",
        store=True,
        copy=False,
        help="How it stands with the seller who was asked last.",
    )
    is_shared_with_me = fields.Boolean(
        compute="_compute_is_shared_with_me",
        search="_search_is_shared_with_me",
        help="I am asked to take over, and may read it until I answer.",
    )
    my_handover_id = fields.Many2one(
        comodel_name="radio.handover",
        compute="_compute_my_handover_id",
    )
    handover_words = fields.Char(compute="_compute_handover_words")

    def _has_pending_handover(self):
        """Return whether a salesperson of one of these leads was asked and has not
        answered."""
        return any(lead.handover_state in ("requested", "expired") for lead in self)

    @api.depends("handover_ids.state", "handover_ids.is_settled")
    def _compute_handover_state(self):
        for lead in self:
            current = lead._get_current_handover()
            lead.handover_state = current.state if not current.is_settled else False

    @api.depends("handover_ids.state", "handover_ids.to_user_id")
    @api.depends_context("uid")
    def _compute_is_shared_with_me(self):
        shared = self._get_shared_lead_ids()
        for lead in self:
            lead.is_shared_with_me = lead._origin.id in shared

    @api.model
    def _search_is_shared_with_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Literal ids use the index of leads; a subquery in a record rule would read the
        # whole table.
        shared = fields.Domain("id", "in", self._get_shared_lead_ids())
        return shared if True in value else ~shared

    @api.model
    def _get_shared_lead_ids(self):
        """Return the ids of the leads that others share with the current user: those
        that they are asked to take over.

        :rtype: set
        """
        # sudo: radio.handover - what the user is asked, whatever they may see
        asked = self.env["radio.handover"].sudo()
        asked = asked.search_fetch(
            [("state", "=", "requested"), ("to_user_id", "=", self.env.uid)],
            ["lead_id"],
            order="id",
        )
        return set(asked.lead_id.ids)

    @api.depends("handover_ids.state", "handover_ids.to_user_id")
    @api.depends_context("uid")
    def _compute_my_handover_id(self):
        for lead in self:
            asked = lead.sudo().handover_ids._get_asked()
            lead.my_handover_id = asked.filtered(
                lambda handover: handover.to_user_id == self.env.user
            )[:1]

    @api.depends("handover_state", "handover_ids.state")
    @api.depends_context("lang", "tz", "uid")
    def _compute_handover_words(self):
        for lead in self:
            # sudo: radio.handover - how it stands, for whoever may read the inquiry
            lead.handover_words = lead.sudo()._get_handover_words()

    def _get_handover_words(self):
        """One sentence on how it stands with the seller, False where nothing does."""
        now = fields.Datetime.now()
        asked = self.handover_ids._get_asked()
        if asked:
            names = ", ".join(asked.to_user_id.mapped("name"))
            if not asked[:1].deadline:
                return self.env._("%s was asked", names)
            return self.env._(
                "%(sellers)s asked, answer until %(moment)s",
                sellers=names,
                moment=self._format_moment(asked[:1].deadline, now),
            )
        current = self._get_current_handover()
        if self.handover_state == "declined":
            words = self.env._(
                "%(seller)s cannot take over: %(reason)s",
                seller=current.to_user_id.name,
                reason=current.reason_id.name,
            )
            note = current.answer_note
            return f"{words}. {note}" if note else words
        if self.handover_state == "expired":
            return self.env._("%s has not answered", current.to_user_id.name)
        return False

    def _get_current_handover(self):
        """The question that is open, else the one that was answered last."""
        lasting = self.handover_ids.filtered(lambda one: one.state != "withdrawn")
        lasting = lasting.sorted(lambda one: (one.requested_at, one._origin.id))
        return lasting._get_asked()[-1:] or lasting[-1:]

    def _get_said(self):
        """The contact on which was noted last what was said, for whoever calls next."""
        return self.contact_attempt_ids.filtered("note")[-1:]

    def _get_holder(self):
        """Who has this inquiry by agreement: who took over last, else who had it before
        anybody was asked."""
        handovers = self.handover_ids.sorted(lambda one: (one.requested_at, one.id))
        accepted = handovers.filtered(lambda one: one.state == "accepted")
        return accepted[-1:].to_user_id or handovers[:1].previous_user_id

    def _prepare_handover_vals(self, seller, previous, kind, note=False):
        self.ensure_one()
        is_own = self._get_tandem_seller() == seller and self._may_tell()
        return {
            "lead_id": self.id,
            "to_user_id": seller.id,
            "previous_user_id": previous.id,
            "kind": "own" if is_own else kind,
            "note": note,
        }

    @api.model
    def _may_tell(self):
        """Whether this user may give somebody their own customer without asking: the
        back office, team leaders and the machine. Sellers ask one another."""
        user = self.env.user
        return (
            user == self.env.ref("base.user_root")
            or user.has_group("radio_sales_team.group_back_office")
            or user.has_group("sales_team.group_sale_salesman_all_leads")
        )

    @api.model
    def _make_handovers(self, vals_list):
        """Ask, and tell; what nobody has to be asked is taken over at once."""
        handovers = self.env["radio.handover"]._request(vals_list)
        handovers._notify_sellers()
        for handover in handovers:
            by_themselves = handover.to_user_id == self.env.user
            if handover.kind == "own" or by_themselves:
                handover._accept(handover.requested_at)
        return handovers

    def _hand_over(self, sellers, note=False):
        """Ask sellers whether they take over these inquiries; their own customers they
        are only told of.

        :param sellers: ``res.users``; the first of several who says yes gets it.
        :param note: what they should know.
        :return: ``radio.handover``, as superuser.
        :raises UserError: where somebody cannot be asked, with what to do.
        """
        for lead in self:
            for seller in sellers:
                lead._check_seller(seller)
        # sudo: crm.lead - whoever may write may ask, see the callers
        return self._make_handovers(
            [
                lead._prepare_handover_vals(seller, lead.user_id, "asked", note)
                for lead in self.sudo()
                # their own customer: nobody else needs to be asked
                for seller in (lead._get_tandem_seller().sudo() & sellers) or sellers
            ]
        )

    def _check_seller(self, seller):
        """:raises UserError: where a seller cannot take over this inquiry."""
        self.ensure_one()
        if not self._is_open():
            raise UserError(
                self.env._("“%s” is over: there is nothing to hand over.", self.name)
            )
        if seller == self.env.user:
            raise UserError(
                self.env._(
                    "You cannot ask yourself. Choose yourself as the salesperson, and "
                    "it is yours."
                )
            )
        if seller.active and not seller.share and not seller._is_seller():
            raise UserError(
                self.env._(
                    "%s has no right to sales and could not even read it. Choose "
                    "somebody of the sales teams.",
                    seller.name,
                )
            )
        if not seller.active or seller.share:
            raise UserError(
                self.env._(
                    "%s cannot log in any more. Choose somebody else.", seller.name
                )
            )
        company = self.company_id
        if company and company not in seller.company_ids:
            raise UserError(
                self.env._(
                    "%(seller)s does not work for %(company)s. Choose somebody who "
                    "does.",
                    seller=seller.name,
                    company=company.name,
                )
            )

    def action_accept_mine(self):
        """ "I take over", from the inquiry."""
        return self.my_handover_id.action_accept()

    def action_decline_mine(self):
        """ "I cannot", from the inquiry."""
        return self.my_handover_id.action_decline()

    def action_call_at_mine(self):
        """ "I call at", from the inquiry."""
        return self.my_handover_id.action_call_at()

    def action_withdraw_asked(self):
        """Ask nobody any longer."""
        self.handover_ids._get_asked().action_withdraw()

    def _is_urgent(self, now):
        return super()._is_urgent(now) or (
            self.handover_state == "expired" and self._is_waiting_open()
        )

    @api.depends("handover_state", "handover_ids.state")
    def _compute_sla_badge(self):
        return super()._compute_sla_badge()

    def _get_sla_badge(self, now, is_paused):
        """After the first contact the open question is what matters."""
        asked = self.handover_state
        if (
            asked in ("requested", "declined", "expired")
            and self.first_contact_at
            and not self.sla_deadline
            and self._is_waiting_open()
        ):
            if asked == "requested":
                return self._get_handover_words(), "warning"
            states = self._fields["handover_state"]._description_selection(self.env)
            return dict(states)[asked], "danger"
        return super()._get_sla_badge(now, is_paused)
