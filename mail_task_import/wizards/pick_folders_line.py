"""One folder of the mail server in the dialog that picks them."""

from odoo import fields, models

UNWATCHED = ("junk", "trash", "drafts", "all")


class MailImportFolderPickerLine(models.TransientModel):
    _name = "mail.import.folder.picker.line"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Folder on the Mail Server"
    _order = "id"

    picker_id = fields.Many2one("mail.import.folder.picker", required=True, ondelete="cascade")
    name = fields.Char("Folder", readonly=True)
    role = fields.Selection(
        [
            ("inbox", "Inbox"),
            ("sent", "Sent: its mail is marked as sent by us"),
            ("drafts", "Drafts"),
            ("junk", "Junk"),
            ("trash", "Trash"),
            ("all", "All mail: everything a second time"),
            ("archive", "Archive"),
        ],
        "What It Is",
        readonly=True,
    )
    watched = fields.Boolean()
