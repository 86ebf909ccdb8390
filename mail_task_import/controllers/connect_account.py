"""After an account was connected, the browser goes back to the mailbox."""

from odoo.addons.google_gmail.controllers.main import GoogleGmailController
from odoo.addons.microsoft_outlook.controllers.main import MicrosoftOutlookController


def _mailbox_of(server):
    return server._name == "fetchmail.server" and server._account_mailbox()


def _address_of(mailbox):
    return f"/odoo/mail.import.mailbox/{mailbox.id}"


class GoogleAccount(GoogleGmailController):
    def _get_redirect_url(self, record):
        mailbox = _mailbox_of(record)
        return _address_of(mailbox) if mailbox else super()._get_redirect_url(record)


class MicrosoftAccount(MicrosoftOutlookController):
    def _get_redirect_url(self, record):
        mailbox = _mailbox_of(record)
        return _address_of(mailbox) if mailbox else super()._get_redirect_url(record)
