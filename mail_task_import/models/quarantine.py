"""Quarantine: mails that could not be imported. Nothing of them is lost: the bytes are kept."""

import base64
import hashlib
from datetime import timedelta

from odoo import api, fields, models

BACKOFF = (timedelta(minutes=5), timedelta(hours=1))
"""How long after each failed attempt the next one comes; after the last one it stays."""
MAX_ATTEMPTS = len(BACKOFF) + 1


class MailImportQuarantine(models.Model):
    _name = "mail.import.quarantine"
    _inherit = [
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.own.defaults.mixin",
    ]
    _description = "Quarantined E-mail"
    _order = "id desc"
    _rec_name = "subject"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="restrict", readonly=True
    )
    user_id = fields.Many2one(related="mailbox_id.owner_id", store=True)
    subject = fields.Char(readonly=True)
    sender = fields.Char("From", readonly=True)
    received_at = fields.Datetime(readonly=True)
    raw = fields.Binary(attachment=True, readonly=True)
    size = fields.Integer(readonly=True)
    digest = fields.Char(
        readonly=True, help="Of its bytes, by which it is recognised when it comes again."
    )
    reason = fields.Char(readonly=True)
    trace = fields.Text("Technical Details", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(readonly=True, help="Empty: no further attempt by itself.")
    unvouched = fields.Boolean(
        readonly=True, help="It came as a file, which vouches for no sender."
    )
    brought = fields.Boolean(
        readonly=True, help="Somebody brought it as a file: what it reports is not counted."
    )
    handed_over = fields.Boolean(readonly=True, help="The mail server itself handed it over.")
    is_short = fields.Boolean(
        readonly=True, help="The mail server announced more: nothing is done to it there."
    )
    history = fields.Boolean(
        "Old Mail", readonly=True, help="It came as old mail, which is filed and linked only."
    )
    killed_worker = fields.Boolean(
        readonly=True, help="It crashed the importer, so it is tried in the background only."
    )
    state = fields.Selection(
        [
            ("waiting", "Tried again later"),
            ("kept", "Kept"),
            ("released", "Released"),
            ("deleted", "Deleted"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    email_id = fields.Many2one("mail.import.email", "Became", readonly=True, ondelete="set null")
    log = fields.Text("History", readonly=True)

    _content = models.Index("(mailbox_id, digest) WHERE digest IS NOT NULL")

    @api.model
    def _put_aside(self, batch, mail, reason, trace="", again=True, killed_worker=False):
        """Keep a mail that could not be imported, byte for byte.

        :param again: it is tried again by itself
        :param killed_worker: a worker ended over it, so that nothing is known of it. Workers are
            killed for reasons of their own, too; so even this one is tried again by itself, once
        """
        digest = hashlib.sha256(mail.raw.content).hexdigest()
        known = self._known_already(batch, digest)
        if known:
            known._note(
                self.env._("Met again in a folder that was renumbered")
                if known.location_ids
                else self.env._("Came once more")
            )
            return known
        quarantine = self.create(
            {
                "mailbox_id": batch.mailbox.id,
                "subject": mail.parsed.subject or False,
                "sender": str(mail.parsed.sender) or False,
                "received_at": mail.raw.received_at,
                "raw": base64.b64encode(mail.raw.content),
                "size": len(mail.raw.content),
                "digest": digest,
                "reason": reason[:500],
                "trace": trace[-10_000:],
                "attempts": 1,
                "next_attempt": fields.Datetime.now() + BACKOFF[0] if again else False,
                "state": "waiting" if again else "kept",
                "killed_worker": killed_worker,
                "unvouched": mail.raw.unvouched,
                "brought": mail.raw.brought,
                "handed_over": mail.raw.handed_over,
                "is_short": mail.raw.is_short,
                "history": batch.history,
            }
        )
        quarantine._note(self.env._("Put aside: %s", reason[:500]))
        return quarantine

    @api.model
    def _known_already(self, batch, digest):
        """The same bytes, put aside before the server renumbered this folder, or come another way:
        in a file, or handed over by the mail server itself.

        A second copy under the same numbering is a message of its own.
        """
        folder = batch.remote_folder
        alike = self.search([("mailbox_id", "=", batch.mailbox.id), ("digest", "=", digest)])
        here = alike.filtered(lambda each: each.state in ("waiting", "kept"))
        if not folder:
            return here[:1]
        if without_place := here.filtered(lambda each: not each.location_ids):
            return without_place[:1]
        return alike.filtered(
            lambda each: (
                each.location_ids.remote_folder_id == folder
                and batch.uidvalidity not in each.location_ids.mapped("uidvalidity")
            )
        )[:1]

    @api.model
    def _put_aside_unread(self, mailbox, words):
        """A message that the server does not hand over; it is asked again later."""
        quarantine = self.create(
            {
                "mailbox_id": mailbox.id,
                "reason": words[:500],
                "attempts": 1,
                "next_attempt": fields.Datetime.now() + BACKOFF[0],
            }
        )
        quarantine._note(self.env._("The mail server did not hand it over: %s", words[:500]))
        return quarantine

    @api.model
    def _forget_unread(self, folder):
        """The folder is renumbered: what was never handed over is met again under a new number."""
        unread = self.search(
            [
                ("location_ids.remote_folder_id", "=", folder.id),
                ("size", "=", 0),
                ("state", "in", ["waiting", "kept"]),
            ]
        )
        unread.write({"state": "released", "next_attempt": False})
        unread._note(self.env._("The folder was renumbered: the mail is fetched anew"))

    def _note(self, text):
        for quarantine in self:
            line = f"{fields.Datetime.now():%Y-%m-%d %H:%M} {self.env.user.name}: {text}"
            quarantine.log = f"{quarantine.log or ''}{line}\n"
