"""Mail that nothing matched: kept, or moved, deleted or forwarded, as its mailbox says.

It is stored here in any case, whole, or nothing is done to it. History is left alone: it was there
before anybody decided what is to become of such mail.
"""

from datetime import timedelta

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import format_datetime

from .ir_attachment import AS_IT_CAME
from .reference import digest_of

HOUR = timedelta(hours=1)
AN_HOUR = 60
"""Mails that one mailbox forwards within an hour."""
NEVER_FORWARDED = ("auto_reply", "bounce")
"""What answers mail: an answer to what was forwarded would be forwarded itself."""


class MailImportUnmatched(models.AbstractModel):
    _name = "mail.import.unmatched"
    _description = "Mail That Nothing Matched"

    @api.model
    def _take_care(self, batch):
        """After the links are stored: forward now, note what the server is to be told later.

        Leaves ``batch.lookups["unmatched"]``, ids of mails, for the locations.
        """
        way = batch.mailbox.unmatched
        if way == "keep" or batch.history:
            return
        for mail in self._unmatched(batch):
            if way == "forward":
                self._forward(batch, mail)
            elif mail.raw.uid and mail.entry.has_original and mail.raw.is_whole:
                batch.lookups["unmatched"][id(mail)] = way
                if mail.state == "stored":
                    mail.entry._note_late("unmatched", way, folder=batch.mailbox.unmatched_folder)

    @api.model
    def _unmatched(self, batch):
        """Incoming mails, stored whole, that are linked to nothing; found by one query."""
        stored = [
            mail
            for mail in batch.mails
            if mail.state in ("stored", "duplicate")
            and mail.entry
            and mail.entry.direction == "incoming"
            and mail.entry.folder_id.kind != "trash"
            and not mail.raw.truncated
        ]
        if not stored:
            return []
        emails = [mail.email.id for mail in stored]
        links = self.env["mail.import.link"]._read_group([("email_id", "in", emails)], ["email_id"])
        linked = {email.id for (email,) in links}
        return [mail for mail in stored if mail.email.id not in linked]

    # -- forwarding -----------------------------------------------------------------------------

    @api.model
    def _forward(self, batch, mail):
        mailbox = batch.mailbox
        if self._is_forwarded(mail, mailbox):
            return
        if why := self._why_not(mail, mailbox):
            mail.entry._note_late("unmatched", why)
            return
        # two workers that have a copy each meet here, and the later one begins again
        claim = digest_of(f"passed on {mail.email.id} {mailbox.forward_to}")
        if self.env["mail.import.claim"]._claim_anew([claim]):
            self._write(mail, mailbox)
            mail.entry._note_late("unmatched", "forward", address=mailbox.forward_to)

    @api.model
    def _is_forwarded(self, mail, mailbox):
        """A mail that comes once more, by another folder or a position that was reset."""
        return mail.state == "duplicate" and bool(
            self.env["mail.import.email"].search_count(
                [
                    ("parent_id", "=", mail.email.id),
                    ("written_as", "=", "passed_on"),
                    ("to", "=", mailbox.forward_to),
                ],
                limit=1,
            )
        )

    @api.model
    def _why_not(self, mail, mailbox):
        """A code of the journal, "" where nothing speaks against it."""
        address, parsed = mailbox.forward_to, mail.parsed
        checks = (
            ("automatic", lambda: parsed.automatic in NEVER_FORWARDED or parsed.loop_marks),
            ("from_there", lambda: parsed.sender.email == address),
            ("not_whole", lambda: not mail.entry.has_original),
            ("old", lambda: self.env["mail.import.link"]._is_old(mail)),
            ("own", lambda: mailbox._is_watched(address)),
            ("cannot_send", lambda: not mailbox.can_send),
            ("outside", lambda: mailbox._outside([address])),
            ("too_many", lambda: self._forwarded_lately(mailbox) >= AN_HOUR),
        )
        return next((code for code, speaks_against in checks if speaks_against()), "")

    @api.model
    def _forwarded_lately(self, mailbox):
        return self.env["mail.import.email"].search_count(
            [
                ("written_as", "=", "passed_on"),
                ("to", "=", mailbox.forward_to),
                ("from_email", "=", mailbox._sender_address()),
                ("create_date", ">=", fields.Datetime.now() - HOUR),
            ]
        )

    @api.model
    def _write(self, mail, mailbox):
        """The mail as it came is attached, byte for byte; above it stands why."""
        lang = mailbox.company_id.partner_id.lang
        this = self.with_context(lang=lang) if lang else self
        question = mail.email.with_env(this.env)
        email = self.env["mail.import.email"]._write_automatic(
            mailbox,
            mail.email,
            "passed_on",
            {
                "to": mailbox.forward_to,
                "subject": f"Fwd: {question.subject or ''}".strip(),
                "body": this._reason(mail, mailbox, question),
            },
        )
        email.with_context(**AS_IT_CAME)._attach(
            [{"name": "original.eml", "raw": mail.raw.content, "mimetype": "message/rfc822"}]
        )
        email._queue(self.env["mail.message"])

    def _reason(self, mail, mailbox, question):
        lines = [
            self.env._(
                "This mail came to “%(mailbox)s” (%(address)s), and nothing there says what is to "
                "become of it. It is attached as it came.",
                mailbox=mailbox.name,
                address=mailbox._sender_address(),
            ),
            mail.entry.with_env(self.env).why_here,
        ]
        facts = [
            (self.env._("From"), question.sender),
            (self.env._("Date"), format_datetime(self.env, question.date)),
            (self.env._("Subject"), question.subject),
        ]
        said = Markup("").join(Markup("<p>%s</p>") % line for line in lines if line)
        shown = [Markup("<b>%s:</b> %s") % (name, escape(value)) for name, value in facts if value]
        return said + Markup("<p>%s</p>") % Markup("<br>").join(shown)
