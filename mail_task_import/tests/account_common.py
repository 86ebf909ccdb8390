"""Mailboxes that sign in by an account: a Dovecot and an SMTP server that take tokens, and who
gives them.
"""

import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import requests

from odoo.addons.google_gmail.models import google_gmail_mixin

from environment.dovecot import Dovecot
from environment.smtp_sink import SmtpSink
from environment.token_stand_in import TokenStandIn

from ..accounts import SERVICES
from ..models import account as account_model
from .common import ServerCase

GOOGLE = "https://oauth2.googleapis.com"


class RequestsToStandIn:
    """The host's ``requests``; what it sends to Google goes to the stand-in, as it is."""

    def __init__(self, url):
        self._url = url
        self.exceptions = requests.exceptions

    def post(self, url, data, timeout):
        assert url.startswith(GOOGLE), url
        return requests.post(url.replace(GOOGLE, self._url), data=data, timeout=timeout)


class AccountCase(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = cls.enterClassContext(TokenStandIn())
        super().setUpClass()
        google = f"{cls.provider.url}/token"
        cls.enterClassContext(patch.object(account_model, "GOOGLE_TOKENS", google))
        stand_in = RequestsToStandIn(cls.provider.url)
        cls.enterClassContext(patch.object(google_gmail_mixin, "requests", stand_in))

    @classmethod
    def _allow_loopback(cls):
        super()._allow_loopback()
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("microsoft_outlook.endpoint", f"{cls.provider.url}/")
        parameters.set_param("mail_task_import.account_hosts", "127.0.0.1")
        for service in SERVICES.values():
            parameters.set_param(f"{service.prefix}_client_id", "odoo")
            parameters.set_param(f"{service.prefix}_client_secret", "client-secret")

    @classmethod
    def _new_dovecot(cls):
        folder = Path(tempfile.mkdtemp(prefix="token-settings-"))
        folder.chmod(0o755)
        cls.addClassCleanup(folder.rmdir)
        settings = cls.provider.dovecot_settings(folder)
        cls.addClassCleanup((folder / "dovecot-oauth2.conf").unlink)
        return Dovecot(extra=settings)

    @classmethod
    def _new_sink(cls):
        return SmtpSink(starttls=True, login_of=cls.provider.login_of)

    def setUp(self):
        super().setUp()
        self.provider.reset()

    @classmethod
    def _at_server(cls, mailbox, kind="outlook", protocol="imap"):
        cls.dovecot.add_user(mailbox.address, "secret")
        authorities = cls.dovecot.folder / "authorities.pem"
        authorities.write_text(cls.dovecot.ca_file.read_text() + cls.sink.ca_file.read_text())
        ports = {"imap": cls.dovecot.imaps_port, "pop": cls.dovecot.pops_port}
        mailbox.write(
            {
                "protocol": protocol,
                "host": "127.0.0.1",
                "port": ports[protocol],
                "security": "ssl",
                "ca_file": str(authorities),
                "sign_in_by": kind,
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_security": "starttls",
                "smtp_sign_in": True,
            }
        )
        return mailbox

    def connect(self, mailbox, login=None, seconds=0):
        """As the host's page leaves it, after the owner of the account has agreed.

        :param seconds: how long the access token lasts; 0: it is to be renewed at once
        """
        service = SERVICES[mailbox.sign_in_by]
        login = login or mailbox.login
        values = {
            "active": True,
            service.refresh_field: self.provider.grant(login),
            service.access_field: self.provider.access(login),
            service.expiration_field: int(time.time()) + seconds,
        }
        mailbox.server_id.write(values)
        self.env.flush_all()
        return mailbox

    def account(self, mailbox):
        mailbox.account_ids.invalidate_recordset()
        return mailbox.account_ids

    def renewals(self):
        return self.provider.asked["refresh_token"]

    def wait_over(self, mailbox):
        """The patience with the provider, and with the mailbox, is over."""
        account = self.account(mailbox)
        account.write({"ask_again_at": False, "trouble_at": False, "renewed_at": False})
        self.env.flush_all()

    def subjects(self, mailbox):
        return sorted(self.entries(mailbox).mapped("subject"))
