"""Settings that are asked for with every batch of mail, and therefore remembered."""

from odoo import api, models


class MailImportRememberedMixin(models.AbstractModel):
    _name = "mail.import.remembered.mixin"
    _description = "Settings That Are Remembered Until They Change"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
