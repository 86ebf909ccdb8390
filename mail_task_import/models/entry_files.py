"""E-mails as files: *Download* of those that are chosen."""

from odoo import models
from odoo.exceptions import UserError

from ..actions import notice


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def action_download_eml(self):
        """One e-mail as it came; several as a .zip of such files."""
        if len(self) == 1:
            return self.action_download_original()
        return self._download("zip")

    def action_download_mbox(self):
        return self._download("mbox")

    def _download(self, kind):
        self.check_access("read")
        kept = self.filtered("has_original")
        if not kept:
            raise UserError(self.env._("The originals of these e-mails are no longer kept."))
        download = self.env["mail.import.download"].create(
            {"entry_ids": [(6, 0, kept.ids)], "kind": kind}
        )
        link = download._link()
        if kept == self:
            return link
        words = self.env._(
            "%(left)s of %(all)s e-mails are left out: their originals are no longer kept.",
            left=len(self - kept),
            all=len(self),
        )
        told = notice(words, "warning")
        told["params"]["next"] = link
        return told
