"""Sending by the account that a mailbox is connected to."""

import secrets

from odoo import models
from odoo.exceptions import UserError

from ..accounts import SERVICES, TOKEN_FIELDS
from ..receivers.smtp import TokenRefused, sign_in_by_token


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _smtp_login__(self, connection, smtp_user, smtp_password):
        mailbox = self._mail_import_mailbox()
        if not mailbox or self.smtp_authentication not in SERVICES:
            return super()._smtp_login__(connection, smtp_user, smtp_password)
        self._check_mailboxs_own(mailbox)
        mailbox._check_gets_token(mailbox.smtp_host, mailbox.smtp_security, UserError)
        token = mailbox._account_token__("smtp")
        try:
            return sign_in_by_token(connection, mailbox._bearer__(smtp_user, token))
        except TokenRefused:
            other = mailbox._account_token__("smtp", refused=token)
            if other == token:
                raise
        return sign_in_by_token(connection, mailbox._bearer__(smtp_user, other))

    # -- its tokens are the mailbox's -----------------------------------------------------------

    def open_google_gmail_uri(self):
        self._check_connected_here()
        return super().open_google_gmail_uri()

    def open_microsoft_outlook_uri(self):
        self._check_connected_here()
        return super().open_microsoft_outlook_uri()

    def _check_connected_here(self):
        if mailbox := self.with_context(active_test=False)._mail_import_mailbox():
            raise UserError(
                self.env._("Connect the account on the form of the mailbox “%s”.", mailbox.name)
            )

    def _get_gmail_csrf_token(self):
        return self._no_consent() or super()._get_gmail_csrf_token()

    def _get_outlook_csrf_token(self):
        return self._no_consent() or super()._get_outlook_csrf_token()

    def _no_consent(self):
        """An account is connected on the mailbox: no other link brings tokens here."""
        return self.with_context(active_test=False)._mail_import_mailbox() and secrets.token_hex()

    def write(self, vals):
        names = TOKEN_FIELDS.intersection(vals)
        theirs = self.browse()
        if names and self.env["mail.import.mailbox"]._any():
            # sudo: which servers are mailboxes', archived ones' too
            everybodys = self.sudo().with_context(active_test=False)
            theirs = self.browse(everybodys.filtered("mail_import_mailbox_ids").ids)
        if not theirs:
            return super().write(vals)
        result = super(IrMailServer, theirs).write({**vals, **dict.fromkeys(names, False)})
        others = self - theirs
        return super(IrMailServer, others).write(vals) if others else result
