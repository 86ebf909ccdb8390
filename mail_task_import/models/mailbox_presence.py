"""Whether there is a mailbox at all: else nothing of the host's mail concerns us."""

from odoo import api, models, tools
from odoo.tools import SQL


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there is a mailbox at all, archived ones included, or a shared mail server."""
        self.env["ir.mail_server"].flush_model(["mail_import_shared"])
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT FROM mail_import_mailbox
                       UNION ALL SELECT FROM ir_mail_server WHERE mail_import_shared LIMIT 1"""
                )
            )
        )
