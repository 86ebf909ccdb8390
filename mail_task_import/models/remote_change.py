"""Remote changes: what is still to be done on the server, written with the mail it is about."""

import base64
import logging

from odoo import api, fields, models

from ..receivers.exceptions import ConnectionLost, ReceiverError
from ..receivers.same_mail import headers_digest

_logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 20


class MailImportRemoteChange(models.Model):
    _name = "mail.import.remote.change"
    _inherit = ["mail.import.own.defaults.mixin"]
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
    digest = fields.Char(help="Of its headers: by POP3 another mail may have its name by now.")
    attempts = fields.Integer()
    last_error = fields.Char()

    @api.model
    def _plan(self, mailbox, raws):
        """Note what the mailbox wants done to these locations once they are committed."""
        if mailbox.after_import != "untouched":
            self._plan_as(mailbox, raws, mailbox.after_import, mailbox.move_to)

    @api.model
    def _plan_as(self, mailbox, raws, kind, folder_name):
        """What is in the folder that it moves to stays: moved there, it would be new forever.

        :param raws: ``{location: RawMail}``
        """
        moves, by_pop = kind == "move", mailbox.protocol == "pop"
        self.create(
            [
                {
                    "mailbox_id": mailbox.id,
                    "location_id": location.id,
                    "kind": kind,
                    "folder_name": folder_name if moves else False,
                    "digest": by_pop and (raw.digest or headers_digest(raw.content)),
                }
                for location, raw in raws.items()
                if not (moves and location.remote_folder_id.name == folder_name)
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

    def _settle(self, look):
        """Carry out these changes of one mailbox, idempotently; done ones are removed.

        A part of its ``Look``; errors of the server are noted, and the change stays.
        """
        for (folder, uidvalidity, kind, target), changes in self._by_place().items():
            do = changes._doing(folder, uidvalidity, kind, target)
            try:
                others = yield look.ask(do)
            except ReceiverError as error:
                changes.exists()._note_failure(error)
                if isinstance(error, ConnectionLost):
                    return
            else:
                changes._note_others(others)
                changes.exists().unlink()

    def _by_place(self):
        return self.grouped(
            lambda change: (
                change.location_id.remote_folder_id.name or "",
                change.location_id.uidvalidity,
                change.kind,
                change.folder_name or "",
            )
        )

    def _doing(self, folder, uidvalidity, kind, target):
        """What is to be done to one place on the server, as a function of the receiver."""
        if kind == "append":
            copies = [(change.message_id, base64.b64decode(change.raw)) for change in self]
            return lambda receiver: _append(receiver, target, copies)
        digests = {change.location_id.uid: change.digest or "" for change in self}
        return lambda receiver: _change(receiver, folder, uidvalidity, kind, digests, target)

    def _note_others(self, uids):
        """Another mail has the place of these: it is met as a new one."""
        for folder in uids and self.exists().location_id.remote_folder_id:
            _logger.warning("%s mails of folder %s are others by now", len(uids), folder.id)
            self.env["mail.import.unique.id"]._note_gone(folder, uids)

    def _note_failure(self, error):
        for change in self:
            change.write({"attempts": change.attempts + 1, "last_error": str(error)})
        given_up = self.filtered(lambda change: change.attempts >= MAX_ATTEMPTS)
        if given_up:
            _logger.warning("Gave up %s changes on the mail server: %s", len(given_up), error)


def _change(receiver, folder, uidvalidity, kind, digests, target):
    """Returns the UIDs that are another mail by now, which was left alone."""
    uids = list(digests)
    state = receiver.select(folder, readonly=False)
    if state.uidvalidity != uidvalidity:
        # the numbers mean other messages now: nothing may be touched
        return frozenset()
    if kind == "seen":
        receiver.mark_seen(uids)
    elif kind == "move":
        receiver.create_folder(target)
        receiver.select(folder, readonly=False)
        receiver.move(uids, target)
    else:
        receiver.delete(uids, digests)
    return receiver.others


def _append(receiver, folder, copies):
    for message_id, raw in copies:
        if not receiver.find_message_id(folder, message_id):
            receiver.append(folder, raw)
    return frozenset()
