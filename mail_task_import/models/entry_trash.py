"""The Trash is emptied: people's own after the days of their preferences, a group's after its."""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

AT_ONCE = 500
"""Entries that are deleted in one transaction."""


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    @api.autovacuum
    def _gc_trash(self):
        """Copies of this owner only: others keep theirs, and records their mail."""
        done = 0
        for domain, days in self._trashes():
            overdue = self._overdue_in_trash(domain, days, limit=AT_ONCE - done)
            done += len(overdue)
            overdue.unlink()
            if done == AT_ONCE:
                break
        # the host comes back at once where something remains
        return done, int(done == AT_ONCE)

    @api.model
    def _trashes(self):
        """``(whose, days)``, all of the same number of days together."""
        Users = self.env["res.users"].with_context(active_test=False)
        for [days] in Users._read_group(
            [("mail_import_trash_days", ">", 0)], ["mail_import_trash_days"]
        ):
            yield Domain("user_id.mail_import_trash_days", "=", days), days
        Mailboxes = self.env["mail.import.mailbox"].with_context(active_test=False)
        for [days] in Mailboxes._read_group([("trash_days", ">", 0)], ["trash_days"]):
            yield Domain("user_id", "=", False) & Domain("mailbox_id.trash_days", "=", days), days

    @api.model
    def _overdue_in_trash(self, domain, days, limit):
        """What is being sent stays until it is known whether it left."""
        before = self.env.cr.now() - timedelta(days=days)
        since = Domain("filed_on", "<", before) | (
            Domain("filed_on", "=", False) & Domain("create_date", "<", before)
        )
        trash = self.env["mail.import.folder"]._system("trash")
        return self.with_context(active_test=False).search(
            domain
            & since
            & Domain("folder_id", "=", trash.id)
            & Domain("email_id.state", "!=", "sending"),
            order="id",
            limit=limit,
        )
