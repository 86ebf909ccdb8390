"""Blind copies at the mail server: they are in the envelope alone."""

from odoo import models
from odoo.tools import email_normalize_all


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _prepare_smtp_to_list(self, message, smtp_session):
        """The host takes recipients from headers; ``send_validated_to`` names these, too."""
        addresses = super()._prepare_smtp_to_list(message, smtp_session)
        named = email_normalize_all(f"{message['To'] or ''}, {message['Cc'] or ''}")
        more = set(self.env.context.get("send_validated_to") or ()).difference(named, addresses)
        if not more or not self.env["mail.import.mailbox"]._any():
            return addresses
        # sudo: whoever runs the queue; nothing of the e-mail is shown
        email = self.env["mail.import.email"].sudo()._sent_as(message["Message-Id"])
        return [*addresses, *(one for one in email._bcc() if one in more)]
