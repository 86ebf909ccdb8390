"""Outgoing mail servers of mailboxes: theirs alone, never anybody's fallback."""

import logging

import idna

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..receivers.exceptions import ReceiverError
from ..receivers.smtp import open_smtp, signing_in

_logger = logging.getLogger(__name__)


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    mail_import_mailbox_ids = fields.One2many("mail.import.mailbox", "mail_server_id", "Mailbox")

    def write(self, vals):
        """A password that is entered here becomes the mailbox's, and can be read no longer."""
        result = super().write(vals)
        if vals.get("smtp_pass") and self.env["mail.import.mailbox"]._any():
            # sudo: who may write the server may give its mailbox a password
            for server in self.sudo().filtered("mail_import_mailbox_ids"):
                server.mail_import_mailbox_ids.smtp_password = vals["smtp_pass"]
                server.smtp_pass = False
        return result

    def _mail_import_mailbox(self):
        """The mailbox whose server this is, or none."""
        if not self.env["mail.import.mailbox"]._any():
            return self.env["mail.import.mailbox"]
        # sudo: users do not read mail servers
        return self.sudo().mail_import_mailbox_ids[:1]

    def _find_mail_server_allowed_domain(self):
        """Out of the host's own choice: else colleagues send through the boss's login."""
        allowed = super()._find_mail_server_allowed_domain()
        if not self.env["mail.import.mailbox"]._any():
            return allowed
        return allowed & Domain("mail_import_mailbox_ids", "=", False)

    def _find_mail_server(self, email_from, mail_servers=None):
        """The host's queue names all servers itself, those of mailboxes too."""
        if mail_servers and self.env["mail.import.mailbox"]._any():
            # sudo: users do not read mail servers; archived mailboxes keep theirs to themselves
            theirs = mail_servers.sudo().with_context(active_test=False)
            mail_servers = mail_servers - theirs.filtered("mail_import_mailbox_ids")
        return super()._find_mail_server(email_from, mail_servers)

    def _check_forced_mail_server(self, mail_server, allow_archived, smtp_from):
        super()._check_forced_mail_server(mail_server, allow_archived, smtp_from)
        mailbox = mail_server._mail_import_mailbox()
        if mailbox and email_normalize(smtp_from) != mailbox._sender_address():
            raise UserError(
                self.env._(
                    "Only mail from %(address)s leaves by the server of “%(mailbox)s”.",
                    address=mailbox._sender_address(),
                    mailbox=mailbox.name,
                )
            )

    def _connect__(
        self, *args, mail_server_id=None, smtp_from=None, allow_archived=False, **kwargs
    ):
        """A mailbox's server: connected to as its IMAP server is, with the same checks."""
        # sudo: which server it is; sending from it is checked below
        server = self.sudo().browse(mail_server_id or ())
        mailbox = server._mail_import_mailbox()
        if not mailbox or self._disable_send():
            return super()._connect__(
                *args,
                mail_server_id=mail_server_id,
                smtp_from=smtp_from,
                allow_archived=allow_archived,
                **kwargs,
            )
        self._check_forced_mail_server(server, allow_archived, smtp_from)
        try:
            connection = server._open_smtp__(mailbox)
        except ReceiverError as error:
            raise UserError(str(error)) from error
        # what the host keeps for the steps to come
        connection.from_filter, connection.smtp_from = server.from_filter, smtp_from
        connection.mailbox_id = mailbox.id
        return connection

    def _open_smtp__(self, mailbox):
        """Connected and signed in."""
        if self.smtp_authentication in ("certificate", "cli"):
            raise UserError(
                self.env._("“%s” must sign in at its server by login and password.", mailbox.name)
            )
        self._check_mailboxs_own(mailbox)
        # an administrator may have switched the check of certificates off, on the host's form
        checked = self.smtp_encryption not in ("ssl", "starttls") or mailbox._sends_by_account()
        connection = open_smtp(mailbox._smtp_settings__(checked))
        try:
            with signing_in(connection):
                self._sign_in__(connection)
        except BaseException:
            connection.close()
            raise
        # not before: what is said at the login is nothing for a log
        connection.set_debuglevel(self.smtp_debug)
        return connection

    def _sign_in__(self, connection):
        if self.smtp_user:
            name, at, domain = self.smtp_user.rpartition("@")
            user = name + at + idna.encode(domain).decode("ascii") if at else self.smtp_user
            self._smtp_login__(connection, user, self.smtp_pass or "")
        connection.ehlo_or_helo_if_needed()

    def _check_mailboxs_own(self, mailbox):
        if self.smtp_host != mailbox.smtp_host:
            # whoever edits the host's servers could else have it sent to one of their own
            raise UserError(self.env._("The mailbox “%s” sends by another server.", mailbox.name))

    def _smtp_login__(self, connection, smtp_user, smtp_password):
        mailbox = self._mail_import_mailbox()
        if mailbox:
            self.sudo()._check_mailboxs_own(mailbox)
        if mailbox and self.smtp_authentication == "login":
            smtp_password = mailbox._smtp_secret__() or smtp_password
        return super()._smtp_login__(connection, smtp_user, smtp_password)

    def send_email(self, message, *args, **kwargs):
        """What left from a mailbox is kept, and a copy goes to the server's Sent folder."""
        result = super().send_email(message, *args, **kwargs)
        if not self.env["mail.import.mailbox"]._any():
            return result
        try:
            with self.env.cr.savepoint():
                # sudo: the mail was sent in the name of the mailbox, its copy is the mailbox's
                self.env["mail.import.email"].sudo()._keep_sent(message)
        except Exception:
            # it is sent already: failing here would send it twice
            _logger.exception("The copy of a sent mail could not be kept")
        return result
