"""E-mails that somebody downloads as one file, while it is being made."""

from odoo import fields, models

from ..receivers.mbox_writing import file_name


class MailImportDownload(models.TransientModel):
    """Its maker's alone, as all that is transient; what it holds are own originals only."""

    _name = "mail.import.download"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Download of E-mails"

    entry_ids = fields.Many2many(
        "mail.import.entry", "mail_import_download_entry_rel", required=True, readonly=True
    )
    kind = fields.Selection(
        [("mbox", ".mbox"), ("zip", ".zip of .eml")], required=True, default="mbox"
    )

    def _link(self):
        return {
            "type": "ir.actions.act_url",
            "url": f"/mail_import/download/{self.id}",
            "target": "download",
        }

    def _file_name(self):
        mailboxes = self.entry_ids.mailbox_id
        return file_name(mailboxes.name if len(mailboxes) == 1 else "E-mails", self.kind)

    def _originals(self):
        """``(subject, sender, date, path or None, attachment id)`` of each, oldest first."""
        entries = self.entry_ids._filtered_access("read").filtered("has_original")
        # sudo: the attachment of a field; who reads the entry reads its original
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", entries._name),
                    ("res_field", "=", "original"),
                    ("res_id", "in", entries.ids),
                ]
            )
        )
        by_entry = {file.res_id: file for file in files}
        return [
            (
                entry.subject or "",
                entry.email_id.from_email or "",
                entry.date,
                file.store_fname and file._full_path(file.store_fname),
                file.id,
            )
            for entry in entries.sorted(lambda entry: (entry.date or entry.create_date, entry.id))
            if (file := by_entry.get(entry.id))
        ]
