from odoo import api, models


class IrFilters(models.Model):
    """Our favourites in the reader's language; core's model has one name for all."""

    _inherit = "ir.filters"

    @api.model
    def get_filters(
        self,
        model,
        action_id=None,
        embedded_action_id=None,
        embedded_parent_res_id=None,
    ):
        filters = super().get_filters(
            model, action_id, embedded_action_id, embedded_parent_res_id
        )
        names = self._get_favourite_names() if model.startswith("radio.") else {}
        # what somebody has renamed stays as they call it
        return [{**one, "name": names.get(one["name"], one["name"])} for one in filters]

    def _get_favourite_names(self):
        """As report_filter_data.xml has them, and as they are read."""
        return {
            "Are we answering?": self.env._("Are we answering?"),
            "Where do we drown?": self.env._("Where do we drown?"),
            "Slowest channel": self.env._("Slowest channel"),
            "Pauses": self.env._("Pauses"),
            "By team": self.env._("By team"),
            "Taken over, or why not?": self.env._("Taken over, or why not?"),
            "What became of our signals?": self.env._("What became of our signals?"),
            "Who contributed what this year?": self.env._(
                "Who contributed what this year?"
            ),
        }
