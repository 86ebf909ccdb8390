"""Quarantine: mails that could not be imported. Nothing of them is lost: the bytes are kept."""

import base64
from datetime import timedelta

from odoo import api, fields, models

BACKOFF = (timedelta(minutes=5), timedelta(hours=1))
"""How long after each failed attempt the next one comes; after the last one it stays."""
MAX_ATTEMPTS = len(BACKOFF) + 1


class MailImportQuarantine(models.Model):
    _name = "mail.import.quarantine"
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
    reason = fields.Char(readonly=True)
    trace = fields.Text("Technical Details", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(readonly=True, help="Empty: no further attempt by itself.")
    killed_worker = fields.Boolean(
        readonly=True, help="The importer did not survive it: it is tried in the background only."
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

    @api.model
    def _put_aside(self, batch, mail, reason, trace="", again=True, killed_worker=False):
        """Keep a mail that could not be imported, byte for byte.

        :param again: it is tried again by itself
        :param killed_worker: a worker ended over it, so that nothing is known of it
        """
        quarantine = self.create(
            {
                "mailbox_id": batch.mailbox.id,
                "subject": mail.parsed.subject or False,
                "sender": str(mail.parsed.sender) or False,
                "received_at": mail.raw.received_at,
                "raw": base64.b64encode(mail.raw.content),
                "size": len(mail.raw.content),
                "reason": reason[:500],
                "trace": trace[-10_000:],
                "attempts": 1,
                "next_attempt": fields.Datetime.now() + BACKOFF[0] if again else False,
                "state": "waiting" if again else "kept",
                "killed_worker": killed_worker,
            }
        )
        quarantine._note(self.env._("Put aside: %s", reason[:500]))
        return quarantine

    def _note(self, text):
        for quarantine in self:
            line = f"{fields.Datetime.now():%Y-%m-%d %H:%M} {self.env.user.name}: {text}"
            quarantine.log = f"{quarantine.log or ''}{line}\n"
