"""The journal of an entry: why the mail went where it went, in words for its owner.

Each step writes codes (``IncomingMail.note``), and has a method here, or where the step lives, that
turns them into a sentence: ``_words_of_<step>(note)``.
"""

from odoo import api, fields, models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    journal = fields.Json(readonly=True)
    why_here = fields.Text("Why Here", compute="_compute_why_here")

    @api.depends("journal")
    @api.depends_context("lang", "uid")
    def _compute_why_here(self):
        for entry in self:
            sentences = map(entry._journal_words, entry.journal or ())
            entry.why_here = "\n".join(filter(None, sentences))

    def _note_late(self, step, result, **more):
        """What was found out when the entry was stored already; see ``IncomingMail.note``."""
        for entry in self:
            entry.journal = [*(entry.journal or ()), {"step": step, "result": result, **more}]

    def _journal_words(self, note):
        """One sentence of the journal, "" for a step that nobody knows any more."""
        words = getattr(self, f"_words_of_{note['step']}", None)
        return words(note) if words else ""

    def _words_of_reply(self, note):
        return self.env._("It answers a known e-mail or message, and is linked where that is.")

    def _words_of_alias(self, note):
        return self.env._("It was sent to the address of an alias.")

    def _words_of_token(self, note):
        return self.env._("It names the number of a record in which its sender takes part.")

    def _words_of_default(self, note):
        return self.env._("Nothing else claimed it; the mailbox says what such mail becomes.")

    def _words_of_address(self, note):
        return self.env._("It was linked by the address of its correspondent.")

    def _words_of_unlinked(self, note):
        return self.env._("Nothing says where it belongs.")
