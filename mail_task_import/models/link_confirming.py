"""Confirmations in the chatter of the record that their question became."""

from odoo import models


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    def _post_by_itself(self):
        """As part of the conversation, in the mailbox's name; nobody is notified of it."""
        (record,) = self._in_chatter(self.res_model, [self.res_id], quiet=True)
        return self._post_leaving(record, public=True, author_id=False)

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
