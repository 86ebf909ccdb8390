"""What people may do to a watched folder: choose it, leave it. Its position is the importer's."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

CHOSEN = frozenset({"name", "active"})


class MailImportRemoteFolder(models.Model):
    _inherit = "mail.import.remote.folder"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_only_chosen(set(vals) - {"mailbox_id"})
        folders = super().create(vals_list)
        folders.mailbox_id._check_who_sets_up()
        return folders

    def write(self, vals):
        self._check_only_chosen(set(vals))
        if "name" in vals and any(f.uidvalidity and f.name != vals["name"] for f in self):
            raise UserError(
                self.env._(
                    "This folder has been read already: its numbers mean nothing in another one. "
                    "Leave it, and watch the other one as well."
                )
            )
        return super().write(vals)

    def unlink(self):
        """A folder that was read is left unwatched: its ledger says what was imported from it."""
        read = self.filtered("uidvalidity")
        read.active = False
        return super(MailImportRemoteFolder, self - read).unlink()

    def _check_only_chosen(self, names):
        if not self.env.su and names - CHOSEN:
            raise AccessError(self.env._("Where a folder is read up to is the importer's alone."))
