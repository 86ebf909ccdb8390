"""Invitations: what an e-mail says of an event, and which e-mail has said it last.

What its readers see is in ``invitation_card.py``, how it comes into their calendars in
``invitation_calendar.py``, what they answer in ``entry_invitation.py``.
"""

import hashlib

from odoo import api, fields, models
from odoo.fields import Domain

from ..batch import STORED
from ..mime.calendar_part import kept_source, read_invitation

CALENDAR_TYPES = {"text/calendar", "application/ics", "application/calendar"}
MAX_TRIED = 3
"""Files of one mail that are looked into."""


class MailImportInvitation(models.Model):
    """Read by who reads the e-mail; only the importer writes it."""

    _name = "mail.import.invitation"
    _inherit = [
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.own.defaults.mixin",
    ]
    _description = "Invitation"
    _order = "sequence desc, stamp desc, id desc"
    _rec_name = "summary"

    email_id = fields.Many2one(
        "mail.import.email", required=True, ondelete="cascade", readonly=True
    )
    method = fields.Char(readonly=True)
    uid_digest = fields.Char(
        readonly=True,
        index=True,
        groups=fields.NO_ACCESS,
        help="Of its number and its organizer: whoever else uses the number means another event.",
    )
    which = fields.Char(readonly=True, help="The one time of a series that it is about.")
    sequence = fields.Integer("Version", readonly=True)
    stamp = fields.Datetime(readonly=True)
    summary = fields.Char("Title", readonly=True)
    source = fields.Text(readonly=True, groups=fields.NO_ACCESS)

    _one_an_email = models.UniqueIndex("(email_id)")

    # -- store ----------------------------------------------------------------------------------

    @api.model
    def _store(self, batch):
        """After the e-mails: what the calendar files of new ones say."""
        values = [
            self._values(mail.email, found, source)
            for mail in batch.mails
            if mail.state == STORED and mail.email
            for found, source in self._read_files(mail.parsed.attachments)
        ]
        return self.create(values) if values else self.browse()

    @api.model
    def _read_files(self, files):
        """``[(invitation, source)]``: the first file that invites, else the first with an event."""
        read = []
        for file in [each for each in files if _is_calendar(each)][:MAX_TRIED]:
            source = kept_source(file.content)
            if found := read_invitation(source):
                read.append((found, source))
        return sorted(read, key=lambda each: not each[0].method)[:1]

    @api.model
    def _values(self, email, found, source):
        event = found.event
        return {
            "email_id": email.id,
            "method": found.method,
            "uid_digest": self._digest(event),
            "which": event.which.key if event.which else "",
            "sequence": event.sequence,
            "stamp": event.stamp,
            "summary": event.summary,
            "source": source,
        }

    @api.model
    def _digest(self, event):
        organizer = event.organizer.email if event.organizer else ""
        return hashlib.sha256(f"{event.uid}\n{organizer}".encode("utf-8", "replace")).hexdigest()

    def _read_source(self):
        """The ``mime.calendar_part.Invitation``."""
        self.ensure_one()
        return read_invitation(self.source or "")

    @api.depends("summary")
    def _compute_display_name(self):
        for invitation in self._named_to_user():
            invitation.display_name = invitation.summary or self.env._("(no subject)")

    # -- which is the last word -----------------------------------------------------------------

    def _newer_than(self, entry):
        """A later word on the same event, in the same mailbox. As superuser.

        What a server has confirmed is not overtaken by what anybody could have sent.
        """
        self.ensure_one()
        later = Domain("sequence", ">", self.sequence)
        if self.stamp:
            later |= Domain("sequence", "=", self.sequence) & Domain("stamp", ">", self.stamp)
        copies = Domain("mailbox_id", "=", entry.mailbox_id.id)
        if entry.user_id:
            copies = Domain("user_id", "=", entry.user_id.id)
        if entry.verdict == "pass":
            copies &= Domain("verdict", "=", "pass")
        return self.search(
            Domain("uid_digest", "=", self.uid_digest)
            & Domain("method", "in", ("REQUEST", "CANCEL", "PUBLISH"))
            & Domain("which", "in", {"", self.which or "", False})
            & later
            & Domain("email_id.entry_ids", "any", copies),
            limit=1,
        )


def _is_calendar(file):
    return file.mimetype in CALENDAR_TYPES or file.name.lower().endswith(".ics")
