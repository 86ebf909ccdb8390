"""Confirmations in the chatter of the record that their question became."""

from odoo import models


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    def _post_by_itself(self):
        """As part of the conversation, in the mailbox's name; nobody is notified of it."""
        email = self.email_id
        (record,) = self._in_chatter(self.res_model, [self.res_id], quiet=True)
        message = record.message_post(
            body=self._body_for(record),
            subject=email.subject,
            message_type="email_outgoing",
            subtype_id=self._subtype(record, public=True, made=False),
            email_from=email.mailbox_id._from_header(email.signature_id),
            author_id=False,
            message_id=email.message_id,
            attachments=self._attachments(),
            notify_skip_followers=True,
        )
        message.outgoing_email_to = email.to
        self.message_id = message
        return message

    def _count_confirmed(self):
        """How many of these mails, and of their threads, were confirmed from their records."""
        return sum(
            self.search_count(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", some.mapped("res_id")),
                    ("email_id.written_as", "=", "confirmation"),
                ]
            )
            for model, some in self.grouped("res_model").items()
        )
