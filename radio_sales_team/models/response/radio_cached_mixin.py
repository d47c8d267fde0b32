from odoo import api, models


class RadioCachedMixin(models.AbstractModel):
    """Records that rarely change and are read by every incoming mail.

    What is worked out from them is kept in Odoo's cache, in all of its processes, and
    forgotten in all of them when a record changes.
    """

    _name = "radio.cached.mixin"
    _description = "Records That Are Cached"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._forget()
        return records

    def write(self, vals):
        self._forget()
        result = super().write(vals)
        self._forget()
        return result

    def unlink(self):
        # after deleting: core computes what is pending first, with the record there
        is_cached = self._is_cached()
        result = super().unlink()
        if is_cached:
            self.env.registry.clear_cache()
        return result

    def _forget(self):
        if self._is_cached():
            self.env.registry.clear_cache()

    def _is_cached(self):
        """Whether anything that is kept may depend on these records."""
        return bool(self)
