"""Remote changes: what is still to be done on the server, written with the mail it is about."""

import base64
import logging

from odoo import api, fields, models

from ..receivers.exceptions import ConnectionLost, ReceiverError

_logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 20


class MailImportRemoteChange(models.Model):
    _name = "mail.import.remote.change"
    _description = "Change on the Mail Server"
    _order = "id"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade"
    )
    location_id = fields.Many2one("mail.import.location", ondelete="cascade", index=True)
    kind = fields.Selection(
        [
            ("seen", "Mark as read"),
            ("move", "Move"),
            ("delete", "Delete"),
            ("append", "Append to Sent"),
        ],
        required=True,
    )
    folder_name = fields.Char(help="Where to move or append to.")
    message_id = fields.Char(help="Message-ID of what is appended: it is looked for first.")
    raw = fields.Binary(attachment=True)
    attempts = fields.Integer()
    last_error = fields.Char()

    @api.model
    def _plan(self, mailbox, locations):
        """Note what the mailbox wants done to these locations once they are committed."""
        if mailbox.after_import == "untouched":
            return
        self.create(
            [
                {
                    "mailbox_id": mailbox.id,
                    "location_id": location.id,
                    "kind": mailbox.after_import,
                    "folder_name": mailbox.move_to if mailbox.after_import == "move" else False,
                }
                for location in locations
            ]
        )

    @api.model
    def _plan_append(self, mailbox, folder_name, raw, message_id):
        """Put a copy of what was sent into the server's Sent folder, after the commit."""
        self.create(
            {
                "mailbox_id": mailbox.id,
                "kind": "append",
                "folder_name": folder_name,
                "raw": base64.b64encode(raw),
                "message_id": message_id,
            }
        )

    def _settle(self, receiver):
        """Carry out these changes of one mailbox, idempotently; done ones are removed.

        :param receiver: an open ``ImapReceiver``; its errors are noted, the change stays
        """
        for (folder, uidvalidity, kind, target), changes in self._by_place().items():
            try:
                done = changes._settle_group(receiver, folder, uidvalidity, kind, target)
            except ReceiverError as error:
                changes._note_failure(error)
                if isinstance(error, ConnectionLost):
                    return
            else:
                done.unlink()

    def _by_place(self):
        groups = {}
        for change in self:
            location = change.location_id
            folder = location.remote_folder_id
            key = (folder.name or "", location.uidvalidity, change.kind, change.folder_name or "")
            groups[key] = groups.get(key, self.browse()) | change
        return groups

    def _settle_group(self, receiver, folder, uidvalidity, kind, target):
        if kind == "append":
            for change in self:
                change._append(receiver, target)
            return self
        state = receiver.select(folder, readonly=False)
        if state.uidvalidity != uidvalidity:
            # the numbers mean other messages now: nothing may be touched
            return self
        uids = self.location_id.mapped("uid")
        if kind == "seen":
            receiver.mark_seen(uids)
        elif kind == "move":
            receiver.create_folder(target)
            receiver.select(folder, readonly=False)
            receiver.move(uids, target)
        else:
            receiver.delete(uids)
        return self

    def _append(self, receiver, folder):
        if not receiver.find_message_id(folder, self.message_id):
            receiver.append(folder, base64.b64decode(self.raw))

    def _note_failure(self, error):
        for change in self:
            change.write({"attempts": change.attempts + 1, "last_error": str(error)})
        given_up = self.filtered(lambda change: change.attempts >= MAX_ATTEMPTS)
        if given_up:
            _logger.warning("Gave up %s changes on the mail server: %s", len(given_up), error)
