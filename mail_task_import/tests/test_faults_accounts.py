"""Accounts among real workers: a refresh token that was replaced is not lost, nor asked for twice.

The provider gives a new refresh token with each renewal, and takes the one before no more.
"""

import tempfile
import time
from pathlib import Path

from odoo.tests import tagged

from environment.dovecot import Dovecot
from environment.token_stand_in import TokenStandIn

from .common import build_mail
from .faults_common import FaultCase, wait_until
from .test_faults_watcher import WatcherProcess


@tagged("post_install", "-at_install")
class TestFaultsAccounts(FaultCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.enterClassContext(TokenStandIn())
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        settings = cls.provider.dovecot_settings(folder)
        cls.dovecot = cls.enterClassContext(Dovecot(extra=settings))

    def setUp(self):
        super().setUp()
        self.provider.reset()
        self.provider.rotates = True
        self.stage.zygote.run(
            "configure",
            parameters={
                "microsoft_outlook.endpoint": f"{self.provider.url}/",
                "microsoft_outlook_client_id": "odoo",
                "microsoft_outlook_client_secret": "client-secret",
                "mail_task_import.account_hosts": "127.0.0.1",
            },
        )
        self.dovecot.add_user(self.address, "secret")
        self.mailbox(
            sign_in_by="outlook",
            port=self.dovecot.imaps_port,
            security="ssl",
            ca_file=str(self.dovecot.ca_file),
            password=False,
            interval=60,
            default_target_id=False,
        )
        self.connect()
        self.update("trouble = NULL, trouble_at = NULL")

    def connect(self, seconds=0):
        values = {
            "microsoft_outlook_refresh_token": self.provider.grant(self.address),
            "microsoft_outlook_access_token": self.provider.access(self.address),
            "microsoft_outlook_access_token_expiration": int(time.time()) + seconds,
        }
        self.stage.zygote.run("connect_account", address=self.address, values=values)

    def renewals(self):
        return self.provider.asked["refresh_token"]

    def account(self, *names):
        return self.stage.query(
            f"""SELECT {", ".join(f"a.{name}" for name in names)} FROM mail_import_account a
                  JOIN mail_import_mailbox m ON m.id = a.mailbox_id WHERE m.address = %s""",
            self.address,
        )[0]

    def expire(self):
        self.update("expires_at = now() - interval '1 day'")

    def update(self, words):
        """In all accounts."""
        with self.stage.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"UPDATE mail_import_account SET {words}")

    def look(self):
        return self.fetch(only=[self.address])

    def stored(self):
        return self.stage.query(
            """SELECT count(*) FROM mail_import_location l
                 JOIN mail_import_mailbox m ON m.id = l.mailbox_id WHERE m.address = %s""",
            self.address,
        )[0][0]

    def test_workers_who_need_a_token_at_the_same_time_get_the_same(self):
        self.provider.delay = 1
        runs = [self.stage.zygote.begin("token", address=self.address) for _worker in range(3)]
        self.assertEqual(len({run.finish() for run in runs}), 1)
        self.assertEqual(self.renewals(), 1)

    def test_what_was_renewed_stays_though_the_transaction_be_rolled_back(self):
        for renewals in (1, 2, 3):
            self.stage.zygote.run("token", address=self.address, then_fail=True)
            self.assertEqual(self.renewals(), renewals)
            self.expire()
        self.dovecot.deliver(self.address, build_mail("Still there"))
        self.assertIsNone(self.look())
        self.assertEqual(self.stored(), 1)

    def test_trouble_is_kept_and_the_provider_left_alone(self):
        self.provider.revoke(self.address)
        self.dovecot.deliver(self.address, build_mail("Waiting"))
        for _look in range(3):
            self.assertIn("Connect the account again", self.look())
        self.assertEqual(self.renewals(), 1)
        self.assertEqual(self.account("trouble", "failures"), ("revoked", 1))
        self.assertEqual(self.health()[0], 3)
        self.connect()
        self.assertIsNone(self.look())
        self.assertEqual((self.stored(), self.health()[0]), (1, 0))

    def test_a_provider_that_does_not_answer_holds_nobody_up_for_long(self):
        self.provider.delay = 20
        begun = time.monotonic()
        for _look in range(2):
            self.assertIn("no answer in time", self.look())
        self.assertLess(time.monotonic() - begun, 12)
        self.assertEqual(self.renewals(), 1)

    def test_a_token_that_ends_in_the_middle_of_a_fetch_is_renewed_for_the_rest(self):
        for number in range(60):
            self.dovecot.deliver(self.address, build_mail(f"Mail {number}"))
        run = self.stage.zygote.begin("fetch", only=[self.address])
        wait_until(self.stored)
        self.provider.end_access(self.address)
        self.dovecot._doveadm("kick", self.address)
        run.finish()
        self.expire()
        for _look in range(3):
            self.look()
        self.assertEqual(self.stored(), 60)

    def test_the_watcher_comes_back_with_a_new_token_and_its_log_has_none(self):
        with WatcherProcess() as watcher:
            watcher.wait_for("Watching 1 of 1 folders")
            self.look()
            self.provider.end_access(self.address)
            self.expire()
            self.dovecot._doveadm("kick", self.address)
            wait_until(lambda: self.renewals() == 2)
            watcher.wait_for("Watching 1 of 1 folders", times=2)
            self.provider.revoke(self.address)
            self.expire()
            self.dovecot._doveadm("kick", self.address)
            watcher.wait_for("Connect the account again")
            log = watcher.log()
        known = self.provider.ever | set(self.account("refresh_secret", "access_secret"))
        self.assertFalse([token for token in known if token and token in log])
