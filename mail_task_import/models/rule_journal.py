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

    def _words_of_rule_added(self, name, _note):
        return self.env._("The import rule “%s” holds too, and puts its values over.", name)

    def _words_of_rule_refused_sender(self, name, _note):
        return self.env._(
            "The import rule “%s” holds, but makes nothing for senders that nobody knows.", name
        )

    def _words_of_rule_no_right(self, name, _note):
        return self.env._(
            "The import rule “%s” holds, but its sender may not make such a record.", name
        )

    def _words_of_rule_failed(self, name, note):
        if note.get("why"):
            return self.env._(
                "The import rule “%(rule)s” could not make its record: %(why)s",
                rule=name,
                why=note["why"],
            )
        return self.env._("The import rule “%s” could not make its record.", name)

    def _words_of_rule_stopped(self, name, _note):
        return self.env._(
            "The import rule “%s” holds, but has stopped: its owner lacks a right.", name
        )

    def _words_of_rule_followers(self, _name, note):
        return self.env._("People in Cc follow the record: %s.", len(note.get("partners", ())))

    def _words_of_rule_disbelieved(self, _name, _note):
        return self.env._(
            "Nobody was brought in: it is not certain who wrote it. No contact, no invitation, no "
            "followers from Cc."
        )

    def _words_of_rule_invited(self, _name, _note):
        return self.env._("The sender was invited to the portal, to see this record.")

    def _words_of_rule_invited_in_vain(self, _name, _note):
        return self.env._(
            "The sender was invited to the portal, but does not see the record there."
        )

    def _words_of_rule_not_invited(self, _name, note):
        why = {
            "vouched": self.env._("no trusted mail server vouches for the sender"),
            "quiet": self.env._("the mail is old, or automatic"),
            "closed": self.env._("the project is not open to portal users"),
            "address": self.env._("somebody signs in with this address already"),
        }.get(note.get("why"), "")
        return self.env._("The sender was not invited to the portal: %s.", why)

    def _words_of_rule_unfit(self, _name, note):
        return self.env._(
            "What the group “%(group)s” found is no value of the field “%(field)s”, which is left "
            "empty.",
            group=note.get("group") or "",
            field=self._name_of_field(note.get("model"), note.get("field")),
        )

    def _words_of_rule_refused_value(self, _name, note):
        place = {
            "group": note.get("group") or "",
            "field": self._name_of_field(note.get("model"), note.get("field")),
        }
        if note.get("why"):
            return self.env._(
                "What the group “%(group)s” found was refused by the field “%(field)s”, which is "
                "left empty: %(why)s",
                why=note["why"],
                **place,
            )
        return self.env._(
            "What the group “%(group)s” found was refused by the field “%(field)s”, which is left "
            "empty.",
            **place,
        )

    def _words_of_rule_stray(self, _name, note):
        return self.env._(
            "What the rules name for the field “%s” belongs to another project, team or company, "
            "or is nobody who may see the record; it is left out.",
            self._name_of_field(note.get("model"), note.get("field")),
        )

    def _name_of_field(self, model, name):
        """As forms call it, in the reader's language."""
        if model not in self.env or name not in self.env[model]._fields:
            return name or ""
        # sudo: names of fields, whoever reads them
        return self.env[model].sudo().fields_get([name], ["string"])[name]["string"]
