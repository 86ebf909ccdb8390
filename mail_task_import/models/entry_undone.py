"""Mail whose record was withdrawn: it is where new mail is."""

from odoo import models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def _come_back(self):
        """Unread and not handled, in the Inbox, but for what somebody has thrown away.

        The copies of owners are their own, and stay as they are. As superuser.
        """
        shared = self.filtered(lambda entry: not entry.user_id and entry.folder_kind != "trash")
        for entry in shared:
            folder = entry.mailbox_id.local_folder_id or entry._usual_folder()
            entry.write({"folder_id": folder.id, "is_read": False, "handled": False})
