"""An audit in words, for the mailbox's form."""

from odoo import fields, models
from odoo.tools import format_date


class MailImportAudit(models.Model):
    _inherit = "mail.import.audit"

    def _result(self):
        if self.state not in ("done", "failed"):
            return "under_way"
        left = self.missing - self.fetched - self.vanished
        if self.state == "failed" or left or self.broken or self.doubled:
            return "bad"
        return "mended" if self.fetched else "good"

    def _in_words(self):
        """One sentence for each thing that a reader wants to know."""
        if self.state == "asked":
            return self.env._("The next look compares the mail server with what is here.")
        if self.state == "failed":
            return self.env._("The check could not be made: %s", self.error)
        return " ".join(filter(None, [self._counts_in_words(), *self._findings_in_words()]))

    def _counts_in_words(self):
        ago = self.mailbox_id._in_words(self.checked_at - fields.Datetime.now(), ago=True)
        return self.env._(
            "Checked %(ago)s: %(count)s messages on the server since %(day)s, %(located)s of them "
            "accounted for.",
            ago=ago,
            count=self.on_server,
            day=format_date(self.env, self.since),
            located=self.located,
        )

    def _findings_in_words(self):
        if self.waiting:
            yield self.env._("Waiting for their turn: %s.", self.waiting)
        if not self.missing:
            yield self.env._("None is missing.")
        elif self.state == "done":
            yield self._missing_in_words()
        else:
            yield self.env._("Missing: %s. They are being fetched.", self.missing)
        if self.broken:
            yield self.env._("Noted as stored, but not here: %s.", self.broken)
        if self.doubled:
            yield self.env._("Here twice: %s.", self.doubled)

    def _missing_in_words(self):
        if self.fetched == self.missing:
            return self.env._("Were missing, and have been fetched now: %s.", self.missing)
        return self.env._(
            "Were missing: %(missing)s. Fetched now: %(fetched)s. No longer on the server: "
            "%(gone)s.",
            missing=self.missing,
            fetched=self.fetched,
            gone=self.vanished,
        )
