"""Whether there is a mailbox at all: else nothing of the host's mail concerns us."""

from odoo import api, models, tools
from odoo.tools import SQL

from ..remembered import forget


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there is a mailbox at all, archived ones included."""
        return bool(self.env.execute_query(SQL("SELECT FROM mail_import_mailbox LIMIT 1")))

    @api.model_create_multi
    def create(self, vals_list):
        mailboxes = super().create(vals_list)
        if not self._any():
            forget(self.env)
        return mailboxes
