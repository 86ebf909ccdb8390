"""What distributions did, in words for the tab *Why Here* of an e-mail."""

from odoo import models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def _words_of_assign(self, note):
        if note["result"] == "assigned":
            return self.env._(
                "“%(distribution)s” assigned it to %(person)s.",
                distribution=note.get("name") or "",
                person=self._names_of([note.get("user")]),
            )
        reasons = [
            (self.env._("out of office or on leave: %s"), note.get("away")),
            (self.env._("without access to such a record: %s"), note.get("barred")),
            (self.env._("with as much as one may have: %s"), note.get("full")),
        ]
        found = [words % self._names_of(users) for words, users in reasons if users]
        return self.env._(
            "“%(distribution)s” assigned it to nobody (%(reasons)s).",
            distribution=note.get("name") or "",
            reasons="; ".join(found) or self.env._("it has no people"),
        )

    def _names_of(self, users):
        # sudo: names of colleagues
        found = self.env["res.users"].sudo().browse(filter(None, users)).exists()
        return ", ".join(found.mapped("name")) or "–"
