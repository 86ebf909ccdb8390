"""What rules did with replies, in words for the tab *Why Here* of an e-mail."""

from odoo import models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def _words_of_weak(self, _note):
        """The step ``likeness`` has said more."""
        return ""

    def _words_of_number(self, note):
        if note["result"] == "found":
            return self.env._(
                "The import rule “%s” knows the number in its subject.", note.get("name") or ""
            )
        return self.env._(
            "A number in its subject looks like those of the import rule “%s”, but is of no record "
            "in which its sender takes part.",
            note.get("name") or "",
        )

    def _words_of_likeness(self, note):
        name = note.get("name") or ""
        if note["result"] == "subject_sender":
            return self.env._(
                "One open record has this subject and sender; the import rule “%s” takes that for "
                "an answer.",
                name,
            )
        if note["result"] == "sender":
            return self.env._(
                "One open record has this sender; the import rule “%s” takes that for an answer.",
                name,
            )
        return self.env._("Several open records are like it; the import rule “%s” wants one.", name)

    def _words_of_operation(self, note):
        words = getattr(self, f"_words_of_operation_{note['result']}", None)
        return words(note.get("name") or "") if words else ""

    def _words_of_operation_note(self, name):
        return self.env._("Replies are internal notes by the import rule “%s”.", name)

    def _words_of_operation_moved(self, name):
        return self.env._("The import rule “%s” moved the record to another stage.", name)

    def _words_of_operation_reopened(self, name):
        return self.env._("The record was closed; the import rule “%s” reopened it.", name)

    def _words_of_operation_anew(self, name):
        return self.env._(
            "The record was closed; by the import rule “%s” this mail made a new one.", name
        )

    def _words_of_operation_went_on(self, name):
        return self.env._(
            "The record was closed; by the import rule “%s” it goes on in a newer one.", name
        )

    def _words_of_operation_unverified(self, name):
        return self.env._(
            "Its sender is not verified; so the import rule “%s” changed nothing.", name
        )

    def _words_of_operation_stranger(self, name):
        return self.env._(
            "Its sender takes no part in the record; so the import rule “%s” changed nothing.", name
        )

    def _words_of_operation_no_right(self, name):
        return self.env._(
            "The import rule “%s” acts as somebody who may not change the record.", name
        )

    def _words_of_operation_refused(self, name):
        return self.env._("The record refused what the import rule “%s” wanted to change.", name)
