"""*Convert…* from an e-mail or a selection, and what its journal says of it."""

from odoo import models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def action_convert(self):
        """Choose what the e-mail becomes; of several, each or all together."""
        return self.env["mail.import.conversion"]._open(self.email_id)

    def _words_of_hand(self, note):
        if note["result"] != "made":
            return super()._words_of_hand(note)
        return self.env._(
            "%(who)s made “%(record)s” of it.", who=self._who(note), record=self._which(note)
        )
