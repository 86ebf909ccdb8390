"""Ways out of mailings are the host's."""

from odoo import api, models


class MailImportPlaceholder(models.AbstractModel):
    _inherit = "mail.import.placeholder"

    @api.model
    def _opt_out_address(self, record):
        return self.env.context.get("mail_import_opt_out") or super()._opt_out_address(record)
