"""The stage of the fault tests, and the one question that all of them end with: is all there, once?

One Dovecot, one PostgreSQL of its own, one database and one zygote serve all files; each test has a
mailbox of its own.
"""

import atexit
import contextlib
import functools
import hashlib
import imaplib
import itertools
import logging
import os
import random
import shutil
import subprocess
import tempfile
import time
import unittest
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg2

from environment.databases import copied
from environment.dovecot import Dovecot
from environment.private_postgres import PrivateCluster

from .common import NOW, build_mail
from .zygote import Zygote

DISK_MIB = 256
SEED = int(os.environ.get("FAULT_SEED") or random.randrange(10**9))
_logger = logging.getLogger(__name__)
_numbers = itertools.count(1)


@dataclass
class Planted:
    """A mail that was put on the server, and what it should have become."""

    raw: bytes
    message_id: str
    kind: str
    """"lead", "reply" (of a lead), "files" (a lead with attachments), "history"."""
    subject: str
    uids: dict[str, int] = field(default_factory=dict)
    """Its UID in each mailbox that it was delivered to."""
    files: list[bytes] = field(default_factory=list)
    answers: str = ""
    """Message-ID of the lead that a reply answers."""

    @property
    def thread(self):
        return self.answers or self.message_id


class Stage:
    def __init__(self):
        self.cluster = PrivateCluster()
        atexit.register(self.cluster.remove)
        self.cluster.start()
        with copied("faults") as database:
            self.cluster.take_over(database)
            self.database = database
        self.data = Path(tempfile.mkdtemp(prefix="faults-data-"))
        atexit.register(shutil.rmtree, self.data, ignore_errors=True)
        self.own_disk = self._mount()
        self.dovecot = Dovecot().start()
        self.zygote = Zygote(self.database, self.data, self.cluster.connection)
        atexit.register(self.zygote.remove)

    def _mount(self):
        """A disk that can be full; only root can have one, others get files that cannot grow."""
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(self.data)]
        if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
            return False
        atexit.register(subprocess.run, ["umount", "-l", str(self.data)], check=False)
        return True

    def connect(self):
        return psycopg2.connect(
            dbname=self.database,
            host=self.cluster.connection["PGHOST"],
            port=self.cluster.connection["PGPORT"],
            user=self.cluster.connection["PGUSER"],
        )

    def query(self, statement, *values):
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def file(self, store_fname):
        return (self.data / "filestore" / self.database / store_fname).read_bytes()


@functools.cache
def stage():
    return Stage()


class FaultCase(unittest.TestCase):
    """A mailbox of its own for each test; ``plant``, ``fetch``, ``recover``, ``assert_ledger``."""

    maxDiff = None
    file_bytes = (1_000, 60_000)
    lines = (1, 300)
    """Of 16 bytes each, in the text of a mail."""

    def setUp(self):
        super().setUp()
        self.stage = stage()
        _logger.info("FAULT_SEED=%s", SEED)
        self.random = random.Random(f"{SEED} {self.id()}")
        self.planted = []
        self.address = f"m{next(_numbers)}@company.example"

    def mailbox(self, address=None, **values):
        """Make the test's mailbox, on the real server unless ``port`` names another one."""
        self.mailboxes({address or self.address: values})

    def mailboxes(self, wanted):
        """Make several.

        :param wanted: values by address
        """
        for address in wanted:
            self.stage.dovecot.add_user(address, "secret")
        made = [self._mailbox_values(address, values) for address, values in wanted.items()]
        self.stage.zygote.run("create", model="mail.import.mailbox", values=made)
        self.addCleanup(self.change, *wanted, state="draft")

    def _mailbox_values(self, address, values):
        return {
            "name": address.split("@")[0],
            "kind": "group",
            "address": address,
            "host": "127.0.0.1",
            "port": self.stage.dovecot.imap_port,
            "security": "none",
            "password": "secret",
            "act_since": f"{NOW - timedelta(days=5):%Y-%m-%d %H:%M:%S}",
            "fetch_since": f"{NOW - timedelta(days=100):%Y-%m-%d}",
            "state": "active",
            "letters_outside": True,
            "default_target_id": "ref:mail_task_import.target_lead",
            **values,
        }

    def change(self, *addresses, **values):
        self.stage.zygote.run("write", addresses=addresses or (self.address,), values=values)

    def patience(self, **seconds):
        """Other settings for this test: ``connect``, ``silence``, ``answer``."""

        def configure(values):
            parameters = {f"mail_task_import.{key}_seconds": each for key, each in values.items()}
            self.stage.zygote.run("configure", parameters=parameters)

        configure(seconds)
        self.addCleanup(configure, dict.fromkeys(seconds, False))

    # -- mail -----------------------------------------------------------------------------------

    def plant(self, count, *addresses):
        """Leads, replies to them, mails with files, old mail: in turn, each to all addresses."""
        for _mail in range(count):
            addresses = addresses or (self.address,)
            mail = self._new_mail(addresses[0])
            for address in addresses:
                self._deliver(mail, address)
            self.planted.append(mail)

    def _new_mail(self, address):
        number = next(_numbers)
        leads = [each for each in self.planted if each.kind == "lead" and address in each.uids]
        kind = ("lead", "reply", "files", "lead", "history")[len(self.planted) % 5]
        kind = "lead" if kind == "reply" and not leads else kind
        answered = self.random.choice(leads).message_id if kind == "reply" else None
        files = []
        if kind == "files":
            files = [self.random.randbytes(self.random.randint(*self.file_bytes)) for _ in "ab"]
        message_id, subject = f"<n{number}.{kind}@test.example>", f"Fault no. {number}"
        raw = build_mail(
            subject=subject,
            sender=f"customer{number}@c{number}.example",
            to=address,
            text=f"Mail no. {number}.\n" + "A line of text.\n" * self.random.randint(*self.lines),
            message_id=message_id,
            in_reply_to=answered,
            minutes_ago=60 * 24 * 30 if kind == "history" else max(1, 2000 - number),
            attachments=[
                (f"file{index}.bin", content, "application/octet-stream")
                for index, content in enumerate(files)
            ],
        )
        return Planted(raw, message_id, kind, subject, files=files, answers=answered or "")

    def _deliver(self, mail, address):
        date = NOW - timedelta(days=30) if mail.kind == "history" else None
        mail.uids[address] = self.stage.dovecot.deliver(address, mail.raw, date=date)

    # -- runs -----------------------------------------------------------------------------------

    def fetch(self, **options):
        """One run of the scheduler; the words of the error that stopped it, or None."""
        return self.stage.zygote.run("fetch", **options)["error"]

    def recover(self, *addresses, runs=8):
        """Let the scheduler do its work, with nothing in its way and nobody's help."""
        addresses = addresses or (self.address,)
        for _run in range(runs):
            said = self.stage.zygote.run("fetch")
            self.stage.zygote.run("retry")
            if not said["error"] and not said["more"] and not self._left(addresses):
                return
        self.fail(f"Not recovered after {runs} runs: {said}, {self._left(addresses)}")

    def _left(self, addresses):
        return self.stage.query(
            """SELECT m.address, c.kind, c.last_error FROM mail_import_remote_change c
                 JOIN mail_import_mailbox m ON m.id = c.mailbox_id
                WHERE m.address = ANY(%s)""",
            list(addresses),
        ) + self.stage.query(
            """SELECT m.address, 'quarantine', q.reason FROM mail_import_quarantine q
                 JOIN mail_import_mailbox m ON m.id = q.mailbox_id
                WHERE m.address = ANY(%s) AND q.state = 'waiting'""",
            list(addresses),
        )

    def health(self, address=None):
        """Failures in a row, and the reason."""
        return self.stage.query(
            "SELECT coalesce(failures, 0), coalesce(last_error, '')"
            " FROM mail_import_mailbox WHERE address = %s",
            address or self.address,
        )[0]

    # -- the ledger -----------------------------------------------------------------------------

    def assert_ledger(self, address=None, quarantined=(), settled=None):
        """Every message has one location, every mail is stored once, whole, with what it made.

        :param quarantined: Message-IDs of mails that are in quarantine instead
        :param settled: "seen", "move" or "delete": what was to be done on the server is done
        """
        ledger = Ledger(self, address or self.address)
        try:
            ledger.check_server()
            ledger.check_planted_uids()
            ledger.check_mails(set(quarantined))
            ledger.check_records(set(quarantined))
            if settled:
                getattr(ledger, f"check_{settled}")()
        except AssertionError as error:
            error.add_note(f"FAULT_SEED={SEED}")
            error.add_note(f"Put aside at some time: {ledger.put_aside()}")
            error.add_note(f"Locations, oldest first: {sorted(self.written_down(ledger))}")
            raise

    def written_down(self, ledger):
        return self.stage.query(
            """SELECT l.id, f.name, l.uid, l.outcome, n.subject
                 FROM mail_import_location l
                 JOIN mail_import_remote_folder f ON f.id = l.remote_folder_id
                 LEFT JOIN mail_import_entry e ON e.id = l.entry_id
                 LEFT JOIN mail_import_email n ON n.id = e.email_id
                WHERE f.mailbox_id = %s""",
            ledger.mailbox_id,
        )


class Ledger:
    """The server asked by ``imaplib``, the database by SQL, the files by reading them."""

    def __init__(self, case, address):
        self.case, self.stage, self.address = case, case.stage, address
        self.planted = [each for each in case.planted if address in each.uids]
        ((self.mailbox_id, self.size_limit),) = self.query(
            "SELECT id, size_limit FROM mail_import_mailbox WHERE address = %s", address
        )
        self.locations = self.query(
            """SELECT f.name, l.uidvalidity, l.uid, l.outcome, l.entry_id, l.quarantine_id
                 FROM mail_import_location l JOIN mail_import_remote_folder f
                   ON f.id = l.remote_folder_id
                WHERE f.mailbox_id = %s""",
            self.mailbox_id,
        )
        self.numbers = [row[:3] for row in self.locations]

    def query(self, statement, *values):
        return self.stage.query(statement, *values)

    @contextlib.contextmanager
    def client(self, folder):
        dovecot = self.stage.dovecot
        client = imaplib.IMAP4(dovecot.host, dovecot.imap_port)
        client.login(self.address, "secret")
        kind, _answer = client.select(f'"{folder}"', readonly=True)
        try:
            yield client if kind == "OK" else None
        finally:
            client.logout()

    def on_server(self, folder, criteria="ALL"):
        """Its UIDVALIDITY, and the UIDs."""
        with self.client(folder) as client:
            if not client:
                return 0, []
            (validity,) = client.response("UIDVALIDITY")[1]
            _kind, (found,) = client.uid("SEARCH", criteria)
            return int(validity), [int(uid) for uid in found.split()]

    def put_aside(self):
        """UID and reason of each message that is in quarantine, or was."""
        return self.query(
            """SELECT l.uid, q.state, q.reason FROM mail_import_quarantine q
                 JOIN mail_import_location l ON l.quarantine_id = q.id
                WHERE q.mailbox_id = %s ORDER BY l.uid""",
            self.mailbox_id,
        )

    # -- checks ---------------------------------------------------------------------------------

    def check_server(self):
        """Every UID since *fetch since* (here: every one) has exactly one location."""
        self.case.assertEqual(len(self.numbers), len(set(self.numbers)), "two of one message")
        for (folder,) in self.query(
            "SELECT name FROM mail_import_remote_folder WHERE mailbox_id = %s", self.mailbox_id
        ):
            validity, uids = self.on_server(folder)
            # -1: read by POP3; our own numbers begin as this server's UIDs do
            located = {
                uid
                for name, value, uid in self.numbers
                if name == folder and value in (validity, -1)
            }
            self.case.assertEqual(set(uids) - located, set(), f"without location in {folder}")

    def check_planted_uids(self):
        """What was there once has its location, though it was moved or deleted since."""
        located = [uid for name, _validity, uid in self.numbers if name == "INBOX"]
        missing = {each.uids[self.address] for each in self.planted} - set(located)
        self.case.assertEqual(missing, set())

    def check_mails(self, quarantined):
        rows = self.query(
            """SELECT e.message_id, e.id, n.id, o.store_fname
                 FROM mail_import_email e
                 LEFT JOIN mail_import_entry n ON n.email_id = e.id AND n.mailbox_id = %s
                 LEFT JOIN ir_attachment o ON o.res_model = 'mail.import.entry'
                      AND o.res_field = 'original' AND o.res_id = n.id
                WHERE e.message_id = ANY(%s)""",
            self.mailbox_id,
            [each.message_id for each in self.planted],
        )
        expected = sorted({each.message_id for each in self.planted} - quarantined)
        self.case.assertEqual(sorted(row[0] for row in rows), expected, "stored once each")
        found = {row[0]: row[1:] for row in rows}
        entries = {entry for _name, _validity, _uid, outcome, entry, _q in self.locations if entry}
        for mail in self.planted:
            if mail.message_id not in quarantined:
                email, entry, file = found[mail.message_id]
                self.case.assertIn(entry, entries, f"{mail.message_id}: no location leads to it")
                self._check_bytes(mail, email, file)
        self._check_outcomes(quarantined)

    def _check_outcomes(self, quarantined):
        for _name, _validity, uid, outcome, entry, quarantine in self.locations:
            there = quarantine if outcome == "quarantined" else entry
            self.case.assertTrue(there, f"UID {uid} is {outcome}, and nothing is there")
        put_aside = {row[5] for row in self.locations if row[3] == "quarantined"}
        self.case.assertEqual(len(put_aside), len(quarantined), "in quarantine")

    def _check_bytes(self, mail, email, file):
        whole = len(mail.raw) <= self.size_limit
        self.case.assertEqual(bool(file), whole, f"{mail.message_id}: no entry, or no original")
        if whole:
            self.case.assertEqual(digest(self.stage.file(file)), digest(mail.raw), mail.message_id)
        rows = self.query(
            """SELECT store_fname FROM ir_attachment WHERE res_model = 'mail.import.email'
                  AND res_id = %s AND res_field IS NULL""",
            email,
        )
        self.case.assertEqual(
            sorted(digest(self.stage.file(name)) for (name,) in rows),
            sorted(map(digest, mail.files)) if whole else [],
        )

    def check_records(self, quarantined=()):
        """A lead for each thread, a message in a chatter for each mail but history.

        Where a question was put aside for a killed worker, its answers came first: each of them
        makes a lead, as if the question had never come here, and the question joins them.
        """
        done = [each for each in self.planted if each.message_id not in quarantined]
        published = [each for each in done if each.kind != "history"]
        late = {uid for uid, *_rest in self.put_aside()}
        late = {each.message_id for each in self.planted if each.uids.get(self.address) in late}
        threads = {each.subject: each.thread for each in self.planted}
        made = self.query("SELECT name FROM crm_lead WHERE name = ANY(%s)", list(threads))
        self.case.assertEqual(len(made), len(set(made)), "a mail has made two leads")
        leads = [threads[name] for (name,) in made]
        self.case.assertEqual(set(leads), {each.thread for each in published}, "without lead")
        self.case.assertEqual({each for each in leads if leads.count(each) > 1} - late, set())
        messages = self.query(
            "SELECT message_id FROM mail_message WHERE message_id = ANY(%s) AND model = 'crm.lead'",
            [each.message_id for each in self.planted],
        )
        self.case.assertEqual(
            sorted(row[0] for row in messages),
            sorted(each.message_id for each in published),
            "in the chatter",
        )

    # -- what was to be done on the server ------------------------------------------------------

    def check_seen(self):
        self.case.assertEqual(self.on_server("INBOX", "UNSEEN")[1], [])

    def check_delete(self):
        self.case.assertEqual(self.on_server("INBOX")[1], [])

    def check_move(self):
        self.case.assertEqual(self.on_server("INBOX")[1], [])
        self.case.assertEqual(len(self.on_server("Done")[1]), len(self.planted))


def digest(content):
    return hashlib.sha256(content).hexdigest()


def wait_until(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError("It did not happen in time")
        time.sleep(0.02)
