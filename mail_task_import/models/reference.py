"""References: every Message-ID that an e-mail names, so that threads are found both ways."""

import hashlib

from odoo import api, fields, models


def digest_of(message_id):
    """16 hex digits of a Message-ID: short enough to index millions, however long it is."""
    return hashlib.blake2b(message_id.encode(), digest_size=8).hexdigest()


class MailImportReference(models.Model):
    _name = "mail.import.reference"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Reference of an E-mail"
    _log_access = False

    email_id = fields.Many2one("mail.import.email", required=True, index=True, ondelete="cascade")
    digest = fields.Char(required=True, index=True, help="Of one Message-ID that the mail names.")
    position = fields.Integer(help="0 is the parent, 1 its parent, and so on.")

    @api.model
    def _store(self, mails):
        self.create(
            [
                {"email_id": mail.email.id, "digest": digest_of(message_id), "position": position}
                for mail in mails
                for position, message_id in enumerate(mail.message_ids)
            ]
        )
