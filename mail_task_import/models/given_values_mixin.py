"""Settings that people make, and that are checked by the values which they give."""

from odoo import api, models

from ..access import without_defaults


class MailImportGivenValuesMixin(models.AbstractModel):
    """For models whose ``create`` looks at its values: the context of a caller adds none."""

    _name = "mail.import.given.values.mixin"
    _description = "Settings by Given Values Only"

    @api.model_create_multi
    def create(self, vals_list):
        made = super(MailImportGivenValuesMixin, without_defaults(self)).create(vals_list)
        return made.with_env(self.env)
