"""Who posts: asked before the host tells followers of it (``mail_message_sender.py``)."""

from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_compute_author(self, author_id=None, email_from=None):
        result = super()._message_compute_author(author_id, email_from)
        messages = self.env["mail.message"]
        if not messages._mail_import_asks_sender():
            return result
        given = {"author_id": result[0], "email_from": result[1]}
        own = messages._mail_import_own_sender(given)
        return own["author_id"], own["email_from"]
