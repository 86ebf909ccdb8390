"""Mailboxes at Google and Microsoft: read and sent from by an account, without a password."""

import os
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..keyring import SEALED
from ..receivers.exceptions import LoginError
from .account_common import AccountCase
from .common import build_mail


@tagged("post_install", "-at_install")
class TestReading(AccountCase):
    def test_mail_is_fetched_by_either_account_and_protocol(self):
        for number, (kind, protocol) in enumerate(
            (("outlook", "imap"), ("gmail", "imap"), ("outlook", "pop"), ("gmail", "pop"))
        ):
            with self.subTest(kind=kind, protocol=protocol):
                mailbox = self._mailbox("group", f"box{number}@company.example")
                self.connect(self._at_server(mailbox, kind, protocol))
                self.deliver(mailbox, build_mail(f"Hello {number}"))
                self.assertIsNone(self.fetch(mailbox))
                self.assertEqual(self.subjects(mailbox), [f"Hello {number}"])
        self.assertEqual(self.renewals(), 4)

    def test_a_token_that_lasts_is_used_again(self):
        self.connect(self.support, seconds=3600)
        for _look in range(3):
            self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.renewals(), 0)

    def test_a_token_that_is_refused_before_its_time_is_renewed_at_the_next_look(self):
        self.connect(self.support, seconds=3600)
        self.deliver(self.support, build_mail("Later"))
        self.provider.end_access(self.support.login)
        self.assertIsInstance(self.fetch(self.support), LoginError)
        self.assertEqual(self.support.failures, 1)
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.subjects(self.support), ["Later"])
        self.assertEqual((self.renewals(), self.support.failures), (1, 0))

    def test_a_server_that_takes_no_token_is_no_reason_to_ask_for_more(self):
        self.connect(self.support, login="somebody.else@company.example")
        for _look in range(4):
            self.assertIsInstance(self.fetch(self.support), LoginError)
        self.assertEqual(self.renewals(), 1)

    def test_each_new_refresh_token_takes_the_place_of_the_one_before(self):
        self.provider.rotates = True
        self.provider.lifetime = 1
        self.connect(self.support)
        for number in range(3):
            self.deliver(self.support, build_mail(f"Mail {number}"))
            self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.renewals(), 3)
        self.assertEqual(len(self.subjects(self.support)), 3)

    def test_microsoft_is_asked_for_what_was_allowed(self):
        self.connect(self.support)
        self.assertIsNone(self.fetch(self.support))
        (scope,) = self.provider.scopes
        self.assertIn("https://outlook.office.com/IMAP.AccessAsUser.All", scope)
        self.assertIn("https://outlook.office.com/SMTP.Send", scope)
        self.assertNotIn("POP", scope)

    def test_reading_by_another_protocol_wants_another_permission(self):
        self.connect(self.support)
        self._at_server(self.support, "outlook", "pop")
        self.assertIn("Connect the account again", str(self.fetch(self.support)))
        self.assertEqual(self.renewals(), 0)

    def test_who_has_lost_the_key_is_told_to_connect_again(self):
        self.connect(self.support)
        with patch.dict(os.environ, {"MAIL_IMPORT_KEY": Fernet.generate_key().decode()}):
            self.env["mail.import.mailbox"]._seal_all__()
        self.env.flush_all()
        self.assertIn("connect the account again", str(self.fetch(self.support)))
        self.assertNotIn("password", self.support.last_error)
        self.connect(self.support)
        self.assertIsNone(self.fetch(self.support))

    def test_the_connection_test_signs_in_by_it(self):
        self.connect(self.support)
        with self.enter_registry_test_mode():
            test = self.env["mail.import.connection.test"].browse(
                self.support.action_test_connection()["res_id"]
            )
        self.assertTrue(test.worked, test.stage_ids.mapped("message"))

    def test_the_watcher_signs_in_by_it_and_goes_on_with_a_new_token(self):
        self.connect(self.support)
        with self.enter_registry_test_mode():
            for renewals in (1, 2):
                receiver, is_noted = self.support._watching_receiver__()
                self.assertTrue(is_noted)
                with receiver:
                    self.assertTrue(receiver.select("INBOX").uidvalidity)
                self.assertEqual(self.renewals(), renewals)
                self.account(self.support).expires_at = "2020-01-01"

    def test_connecting_again_makes_the_watcher_try_again(self):
        version = self.env["mail.import.mailbox"]._to_watch()[0].version
        self.connect(self.support)
        self.assertNotEqual(self.env["mail.import.mailbox"]._to_watch()[0].version, version)


@tagged("post_install", "-at_install")
class TestTrouble(AccountCase):
    def setUp(self):
        super().setUp()
        self.connect(self.support)
        self.deliver(self.support, build_mail("Waiting"))

    def trouble(self, mailbox=None):
        """What is said in place of a token. In the transaction of a look, which a test rolls back
        with all in it, nothing of it would be kept; ``test_faults_accounts.py`` has real ones.
        """
        try:
            with self.enter_registry_test_mode():
                (mailbox or self.support)._account_token__("imap")
        except LoginError as error:
            return str(error)
        raise AssertionError("There was a token")

    def test_a_permission_that_was_withdrawn_says_so_and_nothing_is_lost(self):
        self.provider.revoke(self.support.login)
        self.assertIn("Connect the account again", self.trouble())
        self.assertEqual(self.support.account_state, "revoked")
        self.fetch(self.support)
        self.assertEqual(self.support.health, "failing")
        self.assertIn("Connect the account again", self.support.last_error)
        self.connect(self.support)
        self.assertEqual(self.support.account_state, "connected")
        self.assertTrue(self.support._is_due())
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.subjects(self.support), ["Waiting"])
        self.assertEqual(self.support.health, "good")

    def test_the_provider_is_not_asked_again_and_again(self):
        for failing in (
            None,
            (500, b"<html>"),
            (503, b'{"error": "temporarily_unavailable"}'),
            (401, b'{"error": "invalid_client"}'),
            (302, b""),
            (200, b"[]"),
            (200, b'{"access_token": "two\\r\\nlines"}'),
        ):
            with self.subTest(failing=failing):
                self.provider.reset()
                self.provider.failing = failing
                self.connect(self.support)
                self.provider.revoke(self.support.login)
                for _look in range(5):
                    self.trouble()
                self.assertEqual(self.renewals(), 1)

    def test_what_fails_for_a_while_goes_on_by_itself(self):
        self.provider.failing = (500, b"")
        self.assertIn("asked again later", self.trouble())
        self.assertEqual(self.support.account_state, "trouble")
        self.provider.failing = None
        self.wait_over(self.support)
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.support.account_state, "connected")
        self.assertEqual(self.subjects(self.support), ["Waiting"])

    def test_one_account_waits_for_a_silent_provider_and_the_others_do_not(self):
        other = self.connect(self._at_server(self._mailbox("group", "sales@company.example")))
        google = self._mailbox("group", "google@company.example")
        self.connect(self._at_server(google, "gmail"))
        self.provider.failing = (500, b"")
        for mailbox in (self.support, other, google):
            self.trouble(mailbox)
        self.assertEqual(self.renewals(), 2)

    def test_an_administrator_who_mends_the_client_tries_at_once(self):
        self.provider.failing = (401, b'{"error": "invalid_client"}')
        self.assertIn("invalid_client", self.trouble())
        self.provider.failing = None
        with self.enter_registry_test_mode():
            self.support.action_test_connection()
        self.assertEqual(self.support.account_state, "connected")

    def test_without_an_account_it_is_said_what_to_do(self):
        self.support.action_disconnect_account()
        self.assertFalse(self.account(self.support))
        self.assertIn("Connect the account", str(self.fetch(self.support)))
        self.support.action_pause()
        with self.assertRaisesRegex(UserError, "Connect the account"):
            self.support.action_activate()


@tagged("post_install", "-at_install")
class TestSending(AccountCase):
    def sent(self, mailbox):
        self.sink.clear()
        with self.enter_registry_test_mode():
            mailbox.action_send_test_mail()
        return [mail.sender for mail in self.sink.messages()]

    def test_mail_leaves_by_the_same_account(self):
        for kind in ("outlook", "gmail"):
            with self.subTest(kind=kind):
                self._at_server(self.support, kind)
                self.connect(self.support)
                self.assertEqual(self.sent(self.support), [self.support.address])
                self.assertEqual(self.support.mail_server_id.smtp_authentication, kind)
                self.assertFalse(self.support.mail_server_id.smtp_pass)

    def test_a_draft_leaves_by_it(self):
        self.connect(self.support)
        values = {"written_as": "new", "to": "ann@customer.example", "subject": "News"}
        draft = (
            self.env["mail.import.email"]
            .with_user(self.agent)
            ._new_draft(self.support.with_user(self.agent), values)
        )
        with self.enter_registry_test_mode():
            draft.action_send()
            self.env["mail.mail"].process_email_queue()
        self.assertEqual([mail.message["Subject"] for mail in self.sink.messages()], ["News"])

    def test_a_token_that_is_refused_is_renewed_once_and_the_mail_leaves(self):
        self.connect(self.support, seconds=3600)
        self.provider.end_access(self.support.login)
        self.assertEqual(self.sent(self.support), [self.support.address])
        self.assertEqual(self.renewals(), 1)

    def test_a_server_that_lets_nobody_in_is_no_reason_to_ask_for_more(self):
        self.connect(self.support, login="somebody.else@company.example")
        for _mail in range(3):
            with self.assertRaisesRegex(UserError, "did not accept the login"):
                self.sent(self.support)
        self.assertEqual(self.renewals(), 1)

    def test_a_permission_that_was_withdrawn_is_the_reason_of_the_failure(self):
        self.connect(self.support)
        self.provider.revoke(self.support.login)
        with self.assertRaisesRegex(UserError, "Connect the account again"):
            self.sent(self.support)
        self.assertEqual(self.support.account_state, "revoked")

    def test_a_server_of_another_provider_gets_no_token(self):
        self.connect(self.support, seconds=3600)
        self.support.write({"smtp_host": "localhost", "smtp_sign_in": True})
        self.assertFalse(self.support.sends_by_account)
        with self.assertRaises(UserError):
            self.sent(self.support)

    def test_back_to_a_password(self):
        self.connect(self.support)
        self.support.write({"sign_in_by": "password"})
        self.assertEqual(self.support.server_id.server_type, "imap")
        self.assertEqual(self.support.mail_server_id.smtp_authentication, "login")


@tagged("post_install", "-at_install")
class TestWhoGetsTheToken(AccountCase):
    def setUp(self):
        super().setUp()
        self.private = self._mailbox(
            "personal", "boss@company.example", owner_id=self.boss.id, password=False
        )
        self._at_server(self.private)
        self.connect(self.private, seconds=3600)

    def test_nobody_reads_it(self):
        account = self.account(self.private)
        stored = {account.refresh_secret, account.access_secret} | self.provider.ever
        for user in (self.boss, self.administrator, self.colleague):
            with self.subTest(user=user.login), mute_logger("odoo.models"):
                for ask in (
                    lambda u=user: account.with_user(u).read(),
                    lambda u=user: account.with_user(u).search([]),
                    lambda u=user: self.private.with_user(u).read(["account_ids"]),
                    lambda u=user: self.private.with_user(u).export_data(["account_ids/kind"]),
                    lambda u=user: (
                        self.private.browse()
                        .with_user(u)
                        .search([("account_ids.refresh_secret", "like", "x")])
                    ),
                ):
                    self.assertTrue(self.is_refused(ask))
        for user in (self.boss, self.administrator):
            said = repr(self.private.with_user(user).read())
            said += repr(self.private.with_user(user).copy_data())
            self.assertFalse([token for token in stored if token in said])
        for server in (self.private.server_id, self.private.mail_server_id):
            said = repr(server.with_user(self.administrator).read())
            self.assertFalse([token for token in stored if token in said])

    def is_refused(self, ask):
        try:
            with self.env.cr.savepoint():
                ask()
        except (AccessError, UserError, ValueError):
            return True
        return False

    def test_it_is_in_no_log(self):
        self.provider.lifetime = 1
        with self.assertLogs("odoo", "DEBUG") as logs, self.assertLogs("urllib3", "DEBUG") as wire:
            self.fetch(self.private)
            self.provider.end_access(self.private.login)
            self.fetch(self.private)
            self.provider.revoke(self.private.login)
            self.wait_over(self.private)
            self.fetch(self.private)
        self.assertGreater(self.renewals(), 0)
        account = self.account(self.private)
        known = self.provider.ever | {account.refresh_secret}
        lines = [line for line in logs.output if "odoo.sql_db" not in line] + wire.output
        self.assertFalse([token for token in known if any(token in line for line in lines)])

    def test_a_server_that_is_not_the_providers_is_not_taken(self):
        for values in ({"host": "evil.example"}, {"security": "none"}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.private.with_user(self.boss).write(values)

    def test_it_is_not_sent_there_though_it_be_named(self):
        """However the name has come into the database."""
        self.env["ir.config_parameter"].set_param("mail_task_import.account_hosts", "other.example")
        self.assertIn("is no mail server of", str(self.fetch(self.private)))

    def test_administrators_name_no_other_server_of_a_connected_account(self):
        for values in ({"port": 1993}, {"smtp_port": 2525}, {"ca_file": "/tmp/own.pem"}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "Disconnect"):
                self.private.with_user(self.administrator).write(values)
        self.private.with_user(self.boss).write({"smtp_port": 2525})

    def test_administrators_name_no_other_login_of_a_connected_account(self):
        private = self.private.with_user(self.administrator)
        with self.assertRaisesRegex(UserError, "Disconnect"):
            private.write({"login": "else@company.example"})
        private.write({"login": private.login, "name": "Renamed"})
        private.action_disconnect_account()
        private.write({"login": "else@company.example"})

    def test_a_connected_mailbox_does_not_change_hands(self):
        with self.assertRaisesRegex(UserError, "Disconnect"):
            self.private.with_user(self.administrator).write({"owner_id": self.administrator.id})

    def test_a_copy_is_not_connected(self):
        copied = self.private.copy({"login": "other@company.example"})
        self.assertEqual((copied.sign_in_by, copied.account_state), ("outlook", "none"))

    def test_it_is_encrypted_where_there_is_a_key(self):
        with patch.dict(os.environ, {"MAIL_IMPORT_KEY": Fernet.generate_key().decode()}):
            self.env["mail.import.mailbox"]._seal_all__()
            account = self.account(self.private)
            self.assertTrue(account.refresh_secret.startswith(SEALED))
            self.assertEqual(self.private.password_protection, "sealed")
            account.expires_at = False
            self.env.flush_all()
            self.assertIsNone(self.fetch(self.private))
            self.assertTrue(self.account(self.private).access_secret.startswith(SEALED))
