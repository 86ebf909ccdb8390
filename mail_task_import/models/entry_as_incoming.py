"""A stored e-mail as it came in, for whoever asks again what would become of it.

The head is read from the original where that is kept. Text and files are what was read at the
import: an original may be a mail that the importer did not survive.
"""

import base64
import time

from odoo import models

from ..batch import IncomingMail
from ..mime.addresses import parse_addresses
from ..mime.parsed_mail import Address, Attachment, AuthenticationVerdict, ParsedMail
from ..mime.parser import TRUNCATED_NOTE, parse
from ..receivers.raw_mail import RawMail
from .entry_filters import list_id_of

MAX_ORIGINAL = 1_000_000
"""Bytes of an original that is looked into: more is mostly files."""


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def _as_incoming(self, mailbox, deadline):
        """An ``IncomingMail``, of which nothing is looked up yet.

        :param deadline: ``time.monotonic()`` after which no original is read
        """
        parsed = self._head(mailbox, deadline) or self._stored_head()
        email = self.email_id
        parsed.body_text, parsed.body_html = email.body_text or "", str(email.body or "")
        parsed.automatic = email.automatic or ""
        parsed.size = email.size
        parsed.attachments = [Attachment("", b"")] if email.has_attachments else []
        parsed.authentication = self._stored_verdicts()
        raw = RawMail(b"", size=email.size, truncated=self._is_cut_short())
        return IncomingMail(raw=raw, parsed=parsed)

    def _is_cut_short(self):
        return not self.has_original and (self.email_id.body_text or "").strip() == TRUNCATED_NOTE

    def _head(self, mailbox, deadline):
        if not self.has_original or self.email_id.size > MAX_ORIGINAL:
            return None
        if time.monotonic() > deadline:
            return None
        content = base64.b64decode(self.original or b"")
        own = mailbox._own_addresses()
        return content and parse(content, own_addresses=own, truncated=True)

    def _stored_head(self):
        email = self.email_id
        sender = Address(email.from_name or "", email.from_email or "")
        return ParsedMail(
            message_id=email.message_id or "",
            subject=email.subject or "",
            date=email.date,
            sender=sender,
            from_=sender,
            several_authors=self.posing == "several",
            to=parse_addresses(email.to or ""),
            cc=parse_addresses(email.cc or ""),
            headers=email.headers or "",
            trace_headers=self.trace_headers or "",
            list_id=list_id_of(email.headers),
        )

    def _stored_verdicts(self):
        """What the mailbox' trusted server said then."""
        if not self.authserv_id:
            return []
        summary = self.verdict_summary or ""
        passed, failed = self.verdict == "pass", self.verdict == "fail" and not self.posing
        return [AuthenticationVerdict(self.authserv_id, passed, failed, summary)]
