"""Deeds on links: how they are undone is in ``link_deeds.py``."""

from odoo import models


class MailImportDeed(models.Model):
    _inherit = "mail.import.deed"

    def _do_undo(self, changes):
        links = self.env["mail.import.link"].sudo(False)
        if self.kind == "link":
            return links._undo_linking(changes)
        if self.kind == "unlink":
            return links._undo_unlinking(changes)
        return super()._do_undo(changes)
