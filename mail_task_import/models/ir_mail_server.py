"""Outgoing mail servers of mailboxes: theirs alone, never anybody's fallback."""

import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

_logger = logging.getLogger(__name__)


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    mail_import_mailbox_ids = fields.One2many("mail.import.mailbox", "mail_server_id", "Mailbox")

    def _find_mail_server_allowed_domain(self):
        """Out of the host's own choice: else colleagues send through the boss's login."""
        allowed = super()._find_mail_server_allowed_domain()
        return allowed & Domain("mail_import_mailbox_ids", "=", False)

    def _check_forced_mail_server(self, mail_server, allow_archived, smtp_from):
        super()._check_forced_mail_server(mail_server, allow_archived, smtp_from)
        mailbox = mail_server.sudo().mail_import_mailbox_ids[:1]
        if mailbox and email_normalize(smtp_from) != mailbox._sender_address():
            raise UserError(
                self.env._(
                    "Only mail from %(address)s leaves by the server of “%(mailbox)s”.",
                    address=mailbox._sender_address(),
                    mailbox=mailbox.name,
                )
            )

    def _smtp_login__(self, connection, smtp_user, smtp_password):
        mailbox = self.sudo().mail_import_mailbox_ids[:1]
        if mailbox and self.sudo().smtp_host != mailbox.smtp_host:
            # whoever edits the host's servers could else have it sent to one of their own
            raise UserError(self.env._("The mailbox “%s” sends by another server.", mailbox.name))
        if mailbox and self.smtp_authentication == "login":
            smtp_password = mailbox._smtp_secret__() or smtp_password
        return super()._smtp_login__(connection, smtp_user, smtp_password)

    def send_email(self, message, *args, **kwargs):
        """What left from a mailbox is kept, and a copy goes to the server's Sent folder."""
        result = super().send_email(message, *args, **kwargs)
        try:
            with self.env.cr.savepoint():
                # sudo: the mail was sent in the name of the mailbox, its copy is the mailbox's
                self.env["mail.import.email"].sudo()._keep_sent(message)
        except Exception:
            # it is sent already: failing here would send it twice
            _logger.exception("The copy of a sent mail could not be kept")
        return result
