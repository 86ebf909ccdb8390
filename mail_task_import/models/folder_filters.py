"""Folders that filters put mail into: which are offered, and which are not announced."""

from odoo import api, models
from odoo.fields import Domain

from ..remembered import forget


class MailImportFolder(models.Model):
    _inherit = "mail.import.folder"

    def write(self, vals):
        result = super().write(vals)
        if "skip_notification" in vals:
            forget(self.env)  # compiled filters know it
        return result

    def _known_by_name(self):
        """Also those of group mailboxes whose filters the user makes."""
        # sudo: of which mailbox they are
        of_groups = self.filtered(lambda folder: folder.sudo().mailbox_id)
        mailboxes = of_groups.sudo().mailbox_id.sudo(False)
        if not mailboxes or not mailboxes._is_administrator():
            return super()._known_by_name()
        set_up = mailboxes._filtered_access("write")
        return super()._known_by_name() | of_groups.filtered(
            lambda folder: folder.sudo().mailbox_id in set_up
        )

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Administrators, who make the filters of a group mailbox, are offered its folders there
        without being its members.
        """
        mailbox = self.env["mail.import.mailbox"].browse(self.env.context.get("mail_import_filing"))
        if not mailbox or not mailbox.has_access("write"):
            return super().name_search(name, domain, operator, limit)
        offered = Domain("kind", "in", ("inbox", "archive")) | Domain("mailbox_id", "=", mailbox.id)
        # sudo: names of the folders of a group mailbox that the user sets up
        return super(MailImportFolder, self.sudo()).name_search(name, offered, operator, limit)
