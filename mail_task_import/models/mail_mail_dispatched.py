"""Mails that the host keeps nothing of: whom they go to is noted before they leave."""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _mail_import_note_forgotten(self, results):
        """Before, not afterwards: what fails then would have the mail sent once more."""
        if self._mail_import_is_forgotten():
            addresses = [one for values in results for one in values["email_to_normalized"]]
            # sudo: nobody else writes there
            self.env["mail.import.dispatch"].sudo()._note(self.message_id, addresses)

    def _mail_import_is_forgotten(self):
        """No message with notifications stays, nor a mailing's trace, nor a mailbox's e-mail."""
        if not self.env["mail.import.mailbox"]._any() or self.is_notification:
            return False
        if self.message_type == "email" or (self._fields.get("mailing_id") and self.mailing_id):
            # one that is passed on bears a stranger's Message-ID
            return False
        # sudo: whether there is one
        emails = self.env["mail.import.email"].sudo()
        return not (self.mail_import_mailbox_id and emails._sent_as(self.message_id))
