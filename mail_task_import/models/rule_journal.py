"""What rules did, in words for the tab *Why Here* of an e-mail."""

from odoo import models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def _words_of_rule(self, note):
        name = note.get("name") or ""
        words = getattr(self, f"_words_of_rule_{note['result']}", None)
        return words(name, note) if words else ""

    def _words_of_rule_taken(self, name, note):
        if note.get("keyword"):
            return self.env._(
                "The import rule “%(rule)s” holds; it found “%(keyword)s”.",
                rule=name,
                keyword=note["keyword"],
            )
        return self.env._("The import rule “%s” holds.", name)

    def _words_of_rule_refused_sender(self, name, _note):
        return self.env._(
            "The import rule “%s” holds, but makes nothing for senders that nobody knows.", name
        )

    def _words_of_rule_no_right(self, name, _note):
        return self.env._(
            "The import rule “%s” holds, but its sender may not make such a record.", name
        )

    def _words_of_rule_unfit(self, _name, note):
        return self.env._(
            "What the group “%(group)s” found is no value of the field “%(field)s”, which is left "
            "empty.",
            group=note.get("group") or "",
            field=self._name_of_field(note.get("model"), note.get("field")),
        )

    def _name_of_field(self, model, name):
        """As forms call it, in the reader's language."""
        if model not in self.env or name not in self.env[model]._fields:
            return name or ""
        # sudo: names of fields, whoever reads them
        return self.env[model].sudo().fields_get([name], ["string"])[name]["string"]
