"""What would become of the mail, by kinds: how many, and which rule or filter says so."""

from odoo import api, fields, models

from .rehearsal_words import KINDS


class MailImportRehearsalKind(models.Model):
    _name = "mail.import.rehearsal.kind"
    _inherit = ["mail.import.rehearsal.words"]
    _description = "Mails of a Rehearsal, by Kind"
    _order = "rehearsal_id, again, place, count desc, id"
    _log_access = False

    count = fields.Integer("Mails", readonly=True)

    @api.model
    def _place(self, kind):
        return [name for name, _words in KINDS].index(kind)

    def _together(self):
        """One a kind and target, whichever rule it was: new ones, not stored."""
        sums = {}
        for kind in self:
            key = kind.kind, kind.target_id
            sums[key] = sums.get(key, 0) + kind.count
        return [
            self.new({"kind": kind, "target_id": target.id, "count": count})
            for (kind, target), count in sums.items()
        ]

    def _all_in_words(self):
        return ", ".join(kind._in_words() for kind in self._together())

    def _in_words(self):
        number = self.env["mail.import.rehearsal"]._number(self.count)
        words = {
            "linked": lambda: self.env._("%s link", number),
            "made": lambda: self.env._(
                "%(number)s become “%(target)s”", number=number, target=self.target_id.name or "–"
            ),
            "proposed": lambda: self.env._("%s with proposals", number),
            "unlinked": lambda: self.env._("%s stay in the inbox", number),
            "sent": lambda: self.env._("%s stay in Sent", number),
            "filed": lambda: self.env._("%s put in folders", number),
            "archived": lambda: self.env._("%s archived", number),
            "trashed": lambda: self.env._("%s put in the trash", number),
            "filtered": lambda: self.env._("%s filtered", number),
            "known": lambda: self.env._("%s known already", number),
            "quarantined": lambda: self.env._("%s in quarantine", number),
        }
        return words[self.kind]()
