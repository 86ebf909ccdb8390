"""Connecting and logging in: who is believed, and what an administrator is told."""

import contextlib
import imaplib
import logging
import ssl
import time
import unittest

from odoo.addons.mail_task_import.receivers.connection import (
    ConnectionSettings,
    login,
    login_with_password,
    open_connection,
    password_login,
)
from odoo.addons.mail_task_import.receivers.exceptions import (
    ConnectError,
    ConnectionLost,
    LoginError,
    TlsError,
)
from odoo.addons.mail_task_import.receivers.imap import ImapReceiver

from .test_receivers_common import (
    LOGIN,
    PASSWORD,
    ReceiverCase,
    Script,
    Wire,
    closed_port,
    silent_server,
)

# getaddrinfo knows this address, the certificate does not.
OTHER_NAME_OF_LOOPBACK = "127.1"


class TestTls(ReceiverCase):
    def tls(self, **changes) -> ConnectionSettings:
        values = {
            "port": self.dovecot.imaps_port,
            "security": "ssl",
            "ca_file": str(self.dovecot.ca_file),
        }
        return self.settings(**(values | changes))

    def starttls(self, **changes) -> ConnectionSettings:
        return self.tls(port=self.dovecot.imap_port, security="starttls", **changes)

    def connect(self, settings: ConnectionSettings):
        client = open_connection(settings)
        self.addCleanup(client.shutdown)
        return client

    def test_tls_with_the_right_authority(self):
        client = self.connect(self.tls())
        self.assertIsInstance(client.socket(), ssl.SSLSocket)
        login_with_password(client, LOGIN, PASSWORD)

    def test_starttls_with_the_right_authority(self):
        client = self.connect(self.starttls())
        self.assertIsInstance(client.socket(), ssl.SSLSocket)
        login_with_password(client, LOGIN, PASSWORD)

    def test_an_authority_that_nobody_knows_is_not_believed(self):
        for settings in (self.tls(ca_file=None), self.starttls(ca_file=None)):
            with self.subTest(settings.security), self.assertRaises(TlsError) as caught:
                open_connection(settings)
            self.assertEqual(caught.exception.stage, "tls")
            self.assertIn("not trusted", str(caught.exception))

    def test_a_certificate_for_another_host_is_not_believed(self):
        for settings in (
            self.tls(host=OTHER_NAME_OF_LOOPBACK),
            self.starttls(host=OTHER_NAME_OF_LOOPBACK),
        ):
            with self.subTest(settings.security), self.assertRaises(TlsError) as caught:
                open_connection(settings)
            self.assertIn(OTHER_NAME_OF_LOOPBACK, str(caught.exception))

    def test_the_certificate_is_unchecked_only_when_told_so(self):
        self.connect(self.tls(ca_file=None, check_certificate=False))

    def test_a_file_of_authorities_that_is_missing(self):
        with self.assertRaisesRegex(TlsError, "/no/such/file cannot be read"):
            open_connection(self.tls(ca_file="/no/such/file"))

    def test_tls_on_a_port_without_it(self):
        with self.assertRaisesRegex(TlsError, "STARTTLS"):
            open_connection(self.tls(port=self.dovecot.imap_port))

    def test_no_tls_on_a_port_that_wants_it(self):
        with self.assertRaisesRegex(ConnectError, "Perhaps this port wants TLS"):
            open_connection(self.settings(port=self.dovecot.imaps_port, timeout=0.3))


class TestServerWithoutTls(ReceiverCase):
    dovecot_extra = "ssl = no"

    def test_starttls_that_is_not_offered_ends_the_connection(self):
        with self.assertRaisesRegex(TlsError, "does not offer STARTTLS"):
            open_connection(self.settings(security="starttls"))

    def test_no_encryption_where_none_is_asked_for(self):
        login_with_password(open_connection(self.settings()), LOGIN, PASSWORD)


class TestReaching(unittest.TestCase):
    def failure(
        self, port: int, host: str = "127.0.0.1", security: str = "ssl"
    ) -> tuple[ConnectError, float]:
        settings = ConnectionSettings(host, port, security, timeout=0.5)
        began = time.monotonic()
        with self.assertRaises(ConnectError) as caught:
            open_connection(settings)
        return caught.exception, time.monotonic() - began

    def test_unknown_host(self):
        for host in ("mail.invalid", "a..b", "x" * 300):
            with self.subTest(host):
                error, _seconds = self.failure(993, host)
                self.assertEqual(error.stage, "resolve")
                self.assertIn(host, str(error))

    def test_refused_port(self):
        error, _seconds = self.failure(closed_port())
        self.assertEqual(error.stage, "connect")
        self.assertIn("refuses connections", str(error))

    def test_silent_server_meets_the_timeout(self):
        with silent_server() as port:
            for security, stage in (("ssl", "tls"), ("starttls", "connect"), ("none", "connect")):
                with self.subTest(security):
                    error, seconds = self.failure(port, security=security)
                    self.assertEqual(error.stage, stage)
                    self.assertIn("did not answer within 0.5 seconds", str(error))
                    self.assertLess(seconds, 10)

    def test_something_else_than_a_mail_server(self):
        with Script(greeting=b"HTTP/1.1 400 Bad Request\r\n") as script:
            error, _seconds = self.failure(script.port, security="none")
            self.assertIn("does not answer like an IMAP server", str(error))

    def test_server_that_is_closed_to_us(self):
        with Script(greeting=b"* BYE Too many connections from your address\r\n") as script:
            error, _seconds = self.failure(script.port, security="none")
            self.assertIn("Too many connections", error.server_words)

    def test_a_greeting_in_drops_meets_the_timeout_too(self):
        with Script(greeting=b"* OK " + b"x" * 1000 + b"\r\n") as script, Wire(script.port) as wire:
            wire.seconds_a_byte = 0.05
            _error, seconds = self.failure(wire.port, security="none")
            self.assertLess(seconds, 10)

    def test_a_session_that_is_open_before_starttls_is_not_taken_over(self):
        """Whoever sits in between could greet with PREAUTH, after which STARTTLS is not allowed
        (RFC 9051, 7.1.4).
        """
        offers = "* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n"
        with (
            Script(greeting=b"* PREAUTH welcome\r\n", CAPABILITY=offers) as script,
            self.assertRaises(TlsError),
        ):
            open_connection(ConnectionSettings("127.0.0.1", script.port, "starttls", timeout=1))


class TestLogin(ReceiverCase):
    users = {"mueller@example.com": "Füße-пароль-密码"} | {
        f"user{number}@example.com": password
        for number, password in enumerate(('a"b', "a\\b", "a b", "a{3}", "*", "(", "%"))
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Before the first login: Dovecot looks for changes of its users' file once a second.
        for name, password in cls.users.items():
            cls.dovecot.add_user(name, password)

    def refused(self, password: str, name: str = LOGIN, **changes) -> LoginError:
        with self.assertRaises(LoginError) as caught:
            login_with_password(open_connection(self.settings(**changes)), name, password)
        self.assertEqual(caught.exception.stage, "login")
        return caught.exception

    def test_wrong_password_keeps_the_servers_words(self):
        error = self.refused("wr0ng-one")
        self.assertIn("Authentication failed", error.server_words)
        self.assertNotIn("wr0ng-one", str(error))

    def test_password_beyond_ascii(self):
        name, password = "mueller@example.com", self.users["mueller@example.com"]
        login_with_password(open_connection(self.settings()), name, password)
        self.assertIn("Authentication failed", self.refused("Füße", name).server_words)

    def test_password_with_characters_that_imap_quotes(self):
        for name, password in self.users.items():
            with self.subTest(password):
                login_with_password(open_connection(self.settings()), name, password)

    def test_a_line_break_in_a_password_sends_no_second_command(self):
        with Wire(self.dovecot.imap_port) as wire:
            self.refused('x"\r\nA9 LOGOUT', port=wire.port)
            self.assertNotIn(b"LOGOUT", wire.commands)

    def test_password_beyond_ascii_where_only_login_is_offered(self):
        with Script() as script:
            error = self.refused("Füße", port=script.port)
            self.assertIn("characters", str(error))
            self.assertIsNone(error.__cause__.__cause__)

    def test_no_password_is_sent_where_login_is_disabled(self):
        disabled = "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n{tag} OK done\r\n"
        with Script(CAPABILITY=disabled) as script, Wire(script.port) as wire:
            error = self.refused(PASSWORD, port=wire.port)
            self.assertIn("try TLS", str(error))
            self.assertEqual(wire.commands, [b"CAPABILITY"])

    def test_a_server_that_repeats_the_command_does_not_reveal_the_password(self):
        with Script(LOGIN="{tag} BAD unknown: LOGIN info hunter2-hunter2\r\n") as script:
            error = self.refused("hunter2-hunter2", port=script.port)
            self.assertIn("unknown: LOGIN info ***", str(error))

    def test_the_password_is_in_no_log(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            logging.getLogger("imapclient").setLevel(logging.DEBUG)
            self.addCleanup(logging.getLogger("imapclient").setLevel, logging.NOTSET)
            client = open_connection(self.settings())
            login_with_password(client, LOGIN, PASSWORD)
        self.assertTrue(logs.output)
        self.assertNotIn(PASSWORD, "\n".join(logs.output))
        self.assertNotIn(PASSWORD, repr(client._imap._cmd_log))

    def test_a_login_of_the_hosts_own_sees_an_imaplib_connection(self):
        def authenticate(connection):
            self.assertIsInstance(connection, imaplib.IMAP4)
            connection.login(LOGIN, PASSWORD)
            connection.select("INBOX")  # as Gmail's does

        with ImapReceiver(self.settings(), authenticate) as imap:
            self.assertTrue(imap.has_capability("MOVE"))  # announced after the login only
            self.assertTrue(imap.select("INBOX").readonly)

    def test_what_the_hosts_login_raises_by_itself_passes(self):
        def authenticate(_connection):
            raise KeyError("refresh_token")

        with self.assertRaises(KeyError):
            login(open_connection(self.settings()), authenticate)

    def test_server_that_goes_away_during_the_login(self):
        with (
            Script(LOGIN="* BYE going down\r\n{tag} OK bye\r\n") as script,
            self.assertRaises(ConnectionLost),
        ):
            login_with_password(open_connection(self.settings(port=script.port)), LOGIN, PASSWORD)

    def test_server_that_falls_silent_during_the_login(self):
        with Script(LOGIN="") as script:
            settings = self.settings(port=script.port, read_timeout=0.3)
            with self.assertRaisesRegex(ConnectionLost, "stopped answering"):
                login_with_password(open_connection(settings), LOGIN, PASSWORD)

    def test_leaving_after_the_line_was_cut_is_quiet(self):
        with Wire(self.dovecot.imap_port) as wire:
            imap = ImapReceiver(self.settings(port=wire.port), password_login(LOGIN, PASSWORD))
            with contextlib.suppress(ConnectionLost), imap:
                wire.cut_after = 0
                imap.select("INBOX")
