"""What we send begins with a mark that nobody sees: where it is quoted, the quotation is known.

Other programs write what stands above a quotation in their users' languages; the mark is the same
in all of them.
"""

import re

from markupsafe import Markup

from odoo import models

from ..mime.quotes import MARK

BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_body(self):
        body = super()._prepare_outgoing_body()
        if not body or not self._mail_import_is_answered_here():
            return body
        match = BODY.search(body)
        place = match.end() if match else 0
        return Markup(body[:place]) + MARK + Markup(body[place:])

    def _mail_import_is_answered_here(self):
        """From a mailbox, or of a record that mail is linked to; a mass mailing is no letter."""
        if not self.env["mail.import.mailbox"]._any() or (
            self._fields.get("mailing_id") and (self.mailing_id)
        ):
            return False
        links = self.env["mail.import.link"]
        return bool(self.mail_import_mailbox_id) or bool(self.model and links._any_of(self.model))
