"""Why a mail becomes no record, in a mailbox whose mail does: a code for the journal."""

from odoo import api, models


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _note_why_none(self, batch, mail):
        if why := self._why_none(batch, mail):
            mail.note("none", why)

    @api.model
    def _why_none(self, batch, mail):
        """A code; empty where nothing makes records, or the journal tells why already."""
        mailbox = mail.owner_mailbox
        rules = self.env["mail.import.rule"]._book_for(mailbox).rules
        if not (mailbox.default_target_id or rules) or mail.set_aside or mail.makes_none:
            return ""
        return self._why_not_mail(batch, mail) or self._why_not_sender(mail) or self._why_left(mail)

    @api.model
    def _why_not_mail(self, batch, mail):
        if mail.outgoing:
            return "own"
        if not mail.decides:
            return "closed"
        if batch.history:
            return "history"
        return "twin" if mail.twin_of else ""

    @api.model
    def _why_not_sender(self, mail):
        if self._is_accepted(mail):
            return ""
        if not mail.parsed.sender.email:
            return "no_sender"
        if mail.is_forged or mail.posing or mail.unverified:
            return "disbelieved"
        return f"not_{mail.owner_mailbox.accept}"

    @api.model
    def _why_left(self, mail):
        if any(note["step"] == "rule" for note in mail.journal):
            return ""
        if mail.parsed.automatic:
            return mail.parsed.automatic
        return "no_right" if mail.owner_mailbox.default_target_id else "no_rule"
