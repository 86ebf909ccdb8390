"""The dialog of *Pick folders*: the server's real list, with a tick where a folder is watched."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..receivers.exceptions import ReceiverError


class MailImportFolderPicker(models.TransientModel):
    _name = "mail.import.folder.picker"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Pick Watched Folders"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many("mail.import.folder.picker.line", "picker_id", "Folders")

    @api.constrains("mailbox_id")
    def _check_mailbox(self):
        """Nobody opens the dialog of a mailbox that is not theirs to set up."""
        # constraints run as superuser; the user is meant
        self.mailbox_id.sudo(False)._check_may_set_up()

    @api.model
    def _ask_server(self, mailbox):
        """A picker with the folders that the server names now."""
        mailbox._check_may_set_up()
        try:
            with mailbox._receiver() as receiver:
                infos = receiver.list_folders()
        except ReceiverError as error:
            raise UserError(str(error)) from error
        watched = set(mailbox.remote_folder_ids.mapped("name"))
        return self.create(
            {
                "mailbox_id": mailbox.id,
                "line_ids": [
                    fields.Command.create(
                        {"name": info.name, "role": info.role, "watched": info.name in watched}
                    )
                    for info in sorted(infos, key=lambda info: info.role != "inbox")
                    if info.selectable
                ],
            }
        )

    def action_apply(self):
        """Watch what is ticked; a folder that is left keeps its position for another time."""
        self.mailbox_id._check_may_set_up()
        chosen = set(self.line_ids.filtered("watched").mapped("name"))
        if not chosen:
            raise UserError(self.env._("Tick at least one folder."))
        mailbox = self.mailbox_id
        known = mailbox.with_context(active_test=False).remote_folder_ids
        listed = set(self.line_ids.mapped("name"))
        for folder in known.filtered(lambda folder: folder.name in listed):
            if folder.active != (folder.name in chosen):
                folder.active = folder.name in chosen
        self.env["mail.import.remote.folder"].create(
            [
                {"mailbox_id": mailbox.id, "name": name}
                for name in sorted(chosen - set(known.mapped("name")))
            ]
        )
        return {"type": "ir.actions.act_window_close"}
