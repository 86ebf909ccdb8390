"""`odoo mailbox_watch` beside real servers: it wakes the scheduler, whatever breaks meanwhile."""

import os
import select
import signal
import subprocess
import tempfile
import time

import psycopg2

from .faults_common import FaultCase, stage, wait_until
from .test_receivers_common import Wire

START_SECONDS = 60
QUIET_SECONDS = 2


class WatcherProcess:
    """``with WatcherProcess() as watcher: watcher.log()``"""

    def __init__(self, *words):
        connection = stage().cluster.connection
        self._log = tempfile.NamedTemporaryFile("w+", suffix=".log")  # noqa: SIM115
        command = [
            os.environ["MAIL_IMPORT_PYTHON"], "-m", "odoo",
            f"--addons-path={os.environ['MAIL_IMPORT_CHECKOUT']}", "mailbox_watch",
            "-c", os.environ["MAIL_IMPORT_CONFIG"], "-d", stage().database,
            "--data-dir", str(stage().data),
            "--db_host", connection["PGHOST"], "--db_port", connection["PGPORT"], *words,
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **connection},
            start_new_session=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        self.end(signal.SIGKILL)
        self._log.close()

    def end(self, how=signal.SIGTERM):
        """Its exit code."""
        self.process.send_signal(how)
        return self.process.wait(20)

    def log(self):
        with open(self._log.name, errors="replace") as log:
            return log.read()

    def wait_for(self, words, times=1):
        try:
            wait_until(lambda: self.log().count(words) >= times, START_SECONDS)
        except AssertionError as error:
            raise AssertionError(self.log()[-3000:]) from error


class TestWatcher(FaultCase):
    def watched(self, *addresses, words=(), **values):
        """A watcher, and mailboxes in which nothing is new."""
        addresses = addresses or (self.address,)
        self.mailboxes({address: {"interval": 60, **values} for address in addresses})
        self.plant(1, *addresses)
        self.recover(*addresses)
        watcher = self.enterContext(WatcherProcess(*words))
        watcher.wait_for(f"Watching {len(addresses)} of {len(addresses)} folders")
        return watcher

    def is_asked(self, address=None):
        return self.stage.query(
            "SELECT next_fetch IS NULL AND asked_at IS NOT NULL FROM mail_import_mailbox"
            " WHERE address = %s",
            address or self.address,
        ) == [(True,)]

    def triggers(self):
        return self.stage.query("SELECT count(*) FROM ir_cron_trigger")[0][0]

    def ear(self):
        """Hears what wakes the scheduler's workers."""
        connection = psycopg2.connect(
            dbname="postgres",
            host=self.stage.cluster.connection["PGHOST"],
            port=self.stage.cluster.connection["PGPORT"],
            user=self.stage.cluster.connection["PGUSER"],
        )
        self.addCleanup(connection.close)
        connection.set_session(autocommit=True)
        connection.cursor().execute("LISTEN cron_trigger")
        return connection

    def test_mail_wakes_the_scheduler_at_once(self):
        self.watched()
        self.assertFalse(self.is_asked())
        ear, before = self.ear(), self.triggers()
        begun = time.monotonic()
        self.plant(1)
        self.assertTrue(select.select([ear], [], [], 5)[0], "nobody was woken")
        seconds = time.monotonic() - begun
        ear.poll()
        self.assertEqual({told.payload for told in ear.notifies}, {self.stage.database})
        self.assertTrue(self.is_asked())
        self.assertGreater(self.triggers(), before)
        self.assertLess(seconds, 2)
        self.recover()
        self.assert_ledger()

    def test_many_mails_are_few_calls(self):
        self.watched()
        before = self.triggers()
        self.plant(30)
        wait_until(self.is_asked)
        time.sleep(QUIET_SECONDS)
        self.assertLess(self.triggers() - before, 10)
        self.recover()
        self.assert_ledger()

    def test_another_mailbox_is_left_alone(self):
        other = f"other.{self.address}"
        self.watched(self.address, other)
        self.plant(1)
        wait_until(self.is_asked)
        self.assertFalse(self.is_asked(other))

    def test_mailboxes_come_and_go_meanwhile(self):
        other = f"other.{self.address}"
        watcher = self.watched()
        self.mailboxes({other: {}})
        watcher.wait_for("Watching 2 of 2 folders")
        self.change(other, state="draft")
        watcher.wait_for("Watching 1 of 1 folders", times=2)
        self.change(self.address, active=False)
        watcher.wait_for("Watching 0 of 0 folders")
        self.plant(1)
        time.sleep(QUIET_SECONDS)
        self.assertFalse(self.is_asked())

    def test_a_crash_of_postgresql_loses_no_call(self):
        watcher = self.watched()
        self.stage.cluster.stop("immediate")
        try:
            self.plant(1)
            watcher.wait_for("cannot be told of new mail")
        finally:
            self.stage.cluster.start()
        wait_until(self.is_asked)
        self.recover()
        self.assert_ledger()
        self.assertIsNone(watcher.process.poll())
        self.plant(1)
        wait_until(self.is_asked)

    def test_it_says_what_it_watches_while_it_does(self):
        watcher = self.watched("one@company.example", "two@company.example")
        wait_until(lambda: len(self.said()) == 2)
        self.change("one@company.example", state="draft")
        wait_until(lambda: len(self.said()) == 1)
        watcher.end()
        self.assertEqual(self.said(), [])

    def said(self):
        return self.stage.query("SELECT mailbox_id FROM mail_import_watched")

    def test_it_ends_when_it_is_asked_to(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            watcher = self.enterContext(WatcherProcess())
            watcher.wait_for("Watching 0 of 0 folders")
            self.assertEqual(watcher.end(how), 0, watcher.log()[-3000:])

    def test_its_log_holds_no_password_and_no_mail(self):
        watcher = self.watched(words=["--log-level=debug"])
        self.change(self.address, password="planted-Zwiebel")
        watcher.wait_for("did not accept the login")
        self.plant(1)
        watcher.end()
        for word in ("planted-Zwiebel", "secret", self.planted[-1].subject):
            self.assertNotIn(word, watcher.log())

    def test_who_asks_while_a_look_is_under_way_gets_another_one(self):
        """What the watcher writes, in the middle of a conversation."""

        def answer(command):
            if b"LIST" in command:
                self.ask()

        with Wire(self.stage.dovecot.imap_port) as wire:
            self.mailbox(port=wire.port)
            self.recover()
            self.assertFalse(self.is_asked())
            wire.answer = answer
            self.fetch(only=[self.address])
            self.assertTrue(self.is_asked())
            wire.answer = lambda command: None
            self.fetch(only=[self.address])
            self.assertFalse(self.is_asked())

    def ask(self):
        connection = self.stage.connect()
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "UPDATE mail_import_mailbox SET next_fetch = NULL,"
                " asked_at = clock_timestamp() AT TIME ZONE 'UTC' WHERE address = %s",
                [self.address],
            )
        connection.close()
