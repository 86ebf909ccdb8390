"""After an account was connected, the browser goes back to where it was begun."""

from odoo.addons.google_gmail.controllers.main import GoogleGmailController
from odoo.addons.microsoft_outlook.controllers.main import MicrosoftOutlookController


def _mailbox_of(server):
    return server._name == "fetchmail.server" and server._account_mailbox()


class GoogleAccount(GoogleGmailController):
    def _get_redirect_url(self, record):
        mailbox = _mailbox_of(record)
        return mailbox._address_after_consent() if mailbox else super()._get_redirect_url(record)


class MicrosoftAccount(MicrosoftOutlookController):
    def _get_redirect_url(self, record):
        mailbox = _mailbox_of(record)
        return mailbox._address_after_consent() if mailbox else super()._get_redirect_url(record)
