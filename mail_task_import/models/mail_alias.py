"""The host's aliases: those of mailboxes are remembered (``mailbox_virtual.py``)."""

from odoo import api, models

from ..remembered import forget
from .mailbox_virtual import MODEL


class MailAlias(models.Model):
    _inherit = "mail.alias"

    @api.model_create_multi
    def create(self, vals_list):
        aliases = super().create(vals_list)
        aliases._mail_import_forget()
        return aliases

    def write(self, vals):
        self._mail_import_forget()
        result = super().write(vals)
        self._mail_import_forget()
        return result

    def unlink(self):
        self._mail_import_forget()
        return super().unlink()

    def _mail_import_forget(self):
        if not self.env["mail.import.mailbox"]._any():
            return
        # sudo: which model an alias belongs to
        if MODEL in self.sudo().mapped("alias_model_id.model"):
            forget(self.env)
