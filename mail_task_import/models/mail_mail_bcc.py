"""Blind copies of an e-mail, on its way out: each address is one more recipient of its one mail."""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _mail_import_with_bcc(self, results):
        """With those whom no header names, beside the first who is named."""
        if not results or not self._mail_import_is_ours():
            return results
        hidden = self._mail_import_email()._bcc()
        if not hidden:
            return results
        first, *others = results
        addresses = [*first["email_to_normalized"], *hidden]
        return [{**first, "email_to_normalized": addresses}, *others]

    def _mail_import_is_ours(self):
        """Whether it may be an e-mail that was written here."""
        # sudo: which mails are a mailbox's is no content
        return bool(self.sudo().mail_import_mailbox_id)

    def _mail_import_email(self):
        # sudo: e-mails are the importer's, whoever runs the queue
        return self.env["mail.import.email"].sudo()._sent_as(self.message_id)
