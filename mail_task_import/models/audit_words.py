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
            "Checked %(ago)s: %(count)s messages on the server since %(day)s, of which %(located)s "
            "are accounted for.",
            ago=ago,
            count=self.on_server,
            day=format_date(self.env, self.since),
            located=self.located,
        )

    def _findings_in_words(self):
        if self.waiting:
            yield self.env._("%s wait for their turn.", self.waiting)
        if not self.missing:
            yield self.env._("None is missing.")
        elif self.state == "done":
            yield self._missing_in_words()
        else:
            yield self.env._("%s are missing; they are being fetched.", self.missing)
        if self.broken:
            yield self.env._("%s are noted as stored, but are not here.", self.broken)
        if self.doubled:
            yield self.env._("%s are here twice.", self.doubled)

    def _missing_in_words(self):
        if self.fetched == self.missing:
            return self.env._("%s were missing, and have been fetched now.", self.missing)
        return self.env._(
            "%(missing)s were missing; %(fetched)s of them have been fetched now, %(gone)s are no "
            "longer on the server.",
            missing=self.missing,
            fetched=self.fetched,
            gone=self.vanished,
        )
