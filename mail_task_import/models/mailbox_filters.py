"""What filters keep of a mailbox' skipped mail is its readers', as its entries are."""

from odoo import models


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    def _has_entries(self):
        """Skipped mail counts: a new owner would read who had written to the old one."""
        # sudo: whether there is any, nothing of it is read
        catches = self.env["mail.import.filter.catch"].sudo()
        return super()._has_entries() or bool(
            catches.search_count([("mailbox_id", "in", self.ids)], limit=1)
        )
