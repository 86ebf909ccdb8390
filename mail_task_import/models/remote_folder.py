"""Remote folders: one folder on the mail server that a mailbox watches, and how far it is read."""

from odoo import fields, models

from .big_integer import BigInteger


class MailImportRemoteFolder(models.Model):
    """``last_uid`` is the newest UID that is done, ``backfill_uid`` the oldest.

    How often a batch was begun and never ended is noted in ``remote_folder_attempts.py``.
    """

    _name = "mail.import.remote.folder"
    _inherit = [
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.moved.mixin",
    ]
    _description = "Watched Folder on the Mail Server"
    _order = "mailbox_id, id"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, help="As the mail server spells it.")
    role = fields.Selection(
        [
            ("inbox", "Inbox"),
            ("sent", "Sent"),
            ("drafts", "Drafts"),
            ("junk", "Junk"),
            ("trash", "Trash"),
            ("all", "All Mail"),
            ("archive", "Archive"),
        ],
        help="A Sent folder marks its mail as sent by us.",
    )
    active = fields.Boolean("Watched", default=True)
    uidvalidity = BigInteger(readonly=True)
    last_uid = BigInteger("Newest UID Done", readonly=True)
    backfill_uid = BigInteger("Oldest UID Done", readonly=True)
    backfill_done = fields.Boolean("History Complete", readonly=True)
    listed_count = fields.Integer(readonly=True, help="By POP3: messages at the last look.")
    waiting = fields.Integer(readonly=True, help="Mails on the server that are not done yet.")

    _name_once = models.Constraint(
        "UNIQUE(mailbox_id, name)", "This folder is watched by the mailbox already."
    )

    def _known_by_name(self):
        """By all who read the mailbox: where an e-mail lies is told with it."""
        # sudo: of which mailbox they are
        mailboxes = self.sudo().mailbox_id.sudo(False)._filtered_access("read")
        return self.filtered(lambda folder: folder.sudo().mailbox_id in mailboxes)

    def _restart(self, uidvalidity):
        """The server renumbered the folder: positions mean nothing any more.

        What is imported already is recognised by its content, so nothing doubles.
        """
        self.write(
            {
                "uidvalidity": uidvalidity,
                "last_uid": 0,
                **self._no_history(),
                **self._no_attempts(),
            }
        )
        self.env["mail.import.quarantine"]._forget_unread(self)

    def _undone(self, uids):
        """Those of ``uids`` that are to be done: they have no location.

        One that tells of mail which is not here makes room, so that the mail can come in again.
        """
        locations = self.env["mail.import.location"]._of(self, uids)
        broken = locations.filtered(lambda location: location._is_broken())
        done = set((locations - broken).mapped("uid"))
        broken.unlink()
        return set(uids) - done

    def _advance(self, uids, history):
        """Move the position past ``uids``; it never moves back."""
        if not uids:
            return
        if history:
            oldest = min(uids)
            if not self.backfill_uid or oldest < self.backfill_uid:
                self.backfill_uid = oldest
            return
        if not self.backfill_uid:
            self.backfill_uid = min(uids)
        if max(uids) > self.last_uid:
            self.last_uid = max(uids)

    def _quarantine_unread(self, uid, words):
        """A message that the server does not give: it has a location, and a reason."""
        if not self._undone([uid]):
            return
        quarantine = self.env["mail.import.quarantine"]._put_aside_unread(self.mailbox_id, words)
        self.env["mail.import.location"].create(
            {
                "remote_folder_id": self.id,
                "uidvalidity": self.uidvalidity,
                "uid": uid,
                "outcome": "quarantined",
                "quarantine_id": quarantine.id,
            }
        )
