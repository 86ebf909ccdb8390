"""A watched folder that the mail server does not let us read: noted here, the others go on."""

from odoo import fields, models

NAMED = 3
"""So many folders are named in a sentence."""


class MailImportRemoteFolder(models.Model):
    _inherit = "mail.import.remote.folder"

    refusal = fields.Char(
        "Cannot Be Read", readonly=True, help="Why, at the last look. Empty: it can be read."
    )

    def _note_refused(self, error):
        self.refusal = " ".join(str(error).split())[:500]

    def _note_read(self, history):
        """Not by new mail alone: where history is refused, the next look is told so again."""
        resting = self.mailbox_id.history_stopped or not self._has_history_left()
        if self.refusal and (history or resting):
            self.refusal = False

    def _names(self):
        """``“Projects”, “Offers” and 3 more``, for a sentence."""
        named = ", ".join(f"“{name}”" for name in self[:NAMED].mapped("name"))
        if len(self) <= NAMED:
            return named
        return self.env._("%(named)s and %(count)s more", named=named, count=len(self) - NAMED)
