"""SIGKILL at any moment, and two workers at once: nothing lost, nothing doubled."""

import unittest

import psycopg2

from environment.databases import copied
from environment.dovecot import Dovecot

from .common import build_mail
from .importer_process import FETCHING, PHASES, SETTING_UP, ImporterProcess, run

LOGIN = "support@company.example"
KILLS = 21


class TestKilledImporter(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.dovecot = Dovecot()
        self.dovecot.start()
        self.addCleanup(self.dovecot.remove)
        self.dovecot.add_user(LOGIN, "secret")
        self.database = self.enterContext(copied("killed"))
        run(
            self.database,
            SETTING_UP.format(port=self.dovecot.imap_port) + 'print("importer: done")\n',
        )

    def query(self, statement):
        connection = psycopg2.connect(dbname=self.database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()
        finally:
            connection.close()

    def assert_whole(self, count):
        """Each UID has exactly one location, each mail one e-mail and one entry."""
        uids = [uid for (uid,) in self.query("SELECT uid FROM mail_import_location ORDER BY uid")]
        with self.dovecot.client(LOGIN) as client:
            client.select_folder("INBOX", readonly=True)
            on_server = sorted(client.search())
            seen = {
                flag
                for data in client.fetch(on_server, ["FLAGS"]).values()
                for flag in data[b"FLAGS"]
            }
            unseen = client.search("UNSEEN")
        self.assertEqual(uids, on_server)
        self.assertEqual(len(uids), count)
        self.assertEqual(
            self.query("SELECT count(*), count(DISTINCT message_id) FROM mail_import_email"),
            [(count, count)],
        )
        self.assertEqual(self.query("SELECT count(*) FROM mail_import_entry"), [(count,)])
        self.assertEqual(
            self.query("SELECT count(*) FROM mail_import_location WHERE outcome != 'stored'"),
            [(0,)],
        )
        answers = count // 3
        self.assertEqual(
            self.query("SELECT count(*) FROM crm_lead WHERE name LIKE 'Mail %'"),
            [(count - answers,)],
        )
        self.assertIn(b"\\Seen", seen)
        self.assertEqual(unseen, [])

    def test_kills_in_every_phase_lose_and_double_nothing(self):
        count, attempts, killed_in = 0, 0, []
        while len(killed_in) < KILLS and attempts < 3 * KILLS:
            self.deliver(count, 20)
            count, attempts = count + 20, attempts + 1
            importer = ImporterProcess(self.database, FETCHING)
            if importer.kill_in(PHASES[len(killed_in) % len(PHASES)]):
                killed_in.append(importer.phases[-1])
        run(self.database, FETCHING)
        self.assertEqual(len(killed_in), KILLS)
        self.assertGreaterEqual(len(set(killed_in)), 4, "kills fell into the same phase only")
        self.assert_whole(count)

    def deliver(self, start, count):
        for number in range(start, start + count):
            answer = number % 3 == 2
            self.dovecot.deliver(
                LOGIN,
                build_mail(
                    subject=f"Mail {number}",
                    sender=f"customer{number}@c{number}.example",
                    message_id=f"<m{number}@c.example>",
                    in_reply_to=f"<m{number - 1}@c.example>" if answer else None,
                    minutes_ago=max(1, 2000 - number),
                ),
            )

    def test_two_processes_on_one_mailbox_of_500_mails(self):
        self.deliver(0, 501)
        workers = [ImporterProcess(self.database, FETCHING) for _worker in range(2)]
        for worker in workers:
            worker.finish()
        run(self.database, FETCHING)
        self.assert_whole(501)
