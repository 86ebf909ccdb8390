"""An audit in words, for the mailbox's form."""

from odoo import fields, models
from odoo.tools import format_date


class MailImportAudit(models.Model):
    _inherit = "mail.import.audit"

    def _result(self):
        if self.state not in ("done", "failed"):
            return "under_way"
        if self.state == "failed" or self.refused or self.left or self.doubled:
            return "bad"
        return "mended" if self.fetched else "good"

    # -- in a word ------------------------------------------------------------------------------

    def _in_short(self):
        """For a button: the worst of it."""
        if self.state == "failed":
            return self.env._("Not made")
        if self.state != "done":
            return self.env._("Under way")
        if self.left:
            return self.env._("%s not here", self.left)
        if self.refused_count == 1:
            return self.env._("1 folder refused")
        if self.refused_count:
            return self.env._("%s folders refused", self.refused_count)
        if self.doubled:
            return self.env._("%s here twice", self.doubled)
        if self.fetched:
            return self.env._("%s fetched again", self.fetched)
        return self.env._("Nothing missing")

    def _checked_in_words(self):
        if not self.checked_at:
            return self.env._("Audit")
        return self.env._("Audit, %s", self._ago())

    def _ago(self):
        return self.mailbox_id._in_words(self.checked_at - fields.Datetime.now(), ago=True)

    # -- in full --------------------------------------------------------------------------------

    def _in_words(self):
        """One sentence for each thing that a reader wants to know."""
        if self.state == "asked":
            return self.env._("The next look compares the mail server with what is here.")
        if self.state == "failed":
            return self.env._("The check could not be made: %s", self.error)
        return " ".join(filter(None, [self._counts_in_words(), *self._findings_in_words()]))

    def _counts_in_words(self):
        return self.env._(
            "Checked %(ago)s: %(count)s messages on the server since %(day)s, %(located)s of them "
            "accounted for.",
            ago=self._ago(),
            count=self.on_server,
            day=format_date(self.env, self.since),
            located=self.located,
        )

    def _findings_in_words(self):
        if self.waiting:
            yield self.env._("Waiting for their turn: %s.", self.waiting)
        if self.missing or self.broken:
            yield from self._missing_in_words()
        elif self.refused:
            yield self.env._("Nothing is missing in the folders that could be compared.")
        else:
            yield self.env._("None is missing.")
        if self.doubled:
            yield self.env._("Here twice: %s.", self.doubled)
        if self.refused:
            yield self.env._("Not compared, or only in part: %s", " ".join(self.refused.split()))

    def _missing_in_words(self):
        if self.state != "done":
            yield self.env._("Missing: %s. They are being fetched.", self.missing + self.broken)
            return
        if self.fetched == self.missing and not self.broken:
            yield self.env._("Were missing, and have been fetched now: %s.", self.missing)
            return
        counts = (
            (self.missing, self.env._("Were missing: %s.", self.missing)),
            (self.broken, self.env._("Were noted as imported, but not here: %s.", self.broken)),
            (self.fetched, self.env._("Fetched now: %s.", self.fetched)),
            (self.vanished, self.env._("No longer on the server: %s.", self.vanished)),
            (self.accepted, self.env._("Known to be lost: %s.", self.accepted)),
            (self.left, self.env._("Still not here: %s.", self.left)),
        )
        yield from (words for count, words in counts if count)
