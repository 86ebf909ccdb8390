"""Reading ahead in threads: bounded, ended cleanly, and nobody waits for another's server."""

import math
import threading
import time

from odoo.addons.mail_task_import.receivers.connection import password_login
from odoo.addons.mail_task_import.receivers.exceptions import ConnectionLost, LoginError
from odoo.addons.mail_task_import.receivers.imap import ImapReceiver
from odoo.addons.mail_task_import.receivers.reading import BATCH_COUNT
from odoo.addons.mail_task_import.receivers.reading_ahead import (
    AHEAD,
    ReadersAtWork,
    Reading,
    Request,
)
from odoo.addons.mail_task_import.receivers.room import SMALL_BYTES, Room
from odoo.addons.mail_task_import.receivers.sign_in import NotedSignIn, Unforeseen

from .test_receivers_common import (
    LOGIN,
    PASSWORD,
    SIZE_LIMIT,
    ReceiverCase,
    Wire,
    mail,
    silent_server,
)

SECONDS = 20  # until a test is taken to hang


def reading_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("mail import: ")]


class ReaderCase(ReceiverCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(lambda: self.assertEqual(reading_threads(), []))
        self.room = Room()

    def at_work(self):
        return ReadersAtWork(self.room)

    def start(self, readers, key, **changes):
        receiver = ImapReceiver(self.settings(**changes), password_login(LOGIN, PASSWORD))
        return readers.start(key, receiver)

    def answer(self, readers, request):
        """What comes to this request, as the importer waits for it."""
        deadline = time.monotonic() + SECONDS
        while not request.is_answered:
            readers.next_ready(0.5)
            self.assertLess(time.monotonic(), deadline)
        value, error = request.take_answer()
        if error:
            raise error
        return value

    def opened(self, readers, key="good", **changes):
        reader = self.start(readers, key, **changes)
        self.answer(readers, reader.ask(Request(ImapReceiver.open)))
        self.answer(readers, reader.ask(Request(lambda receiver: receiver.select("INBOX"))))
        return reader

    def read(self, reader, uids):
        return reader.ask(Reading(uids, SIZE_LIMIT, self.room))

    def all_of(self, readers, reading, uids):
        pieces, left = [], list(uids)
        while left:
            fetched = self.answer(readers, reading)
            reading.done_with(fetched)
            pieces.append(fetched)
            left = left[len(fetched.uids) :]
        return pieces


class TestReadingAhead(ReaderCase):
    def test_all_mails_come_in_the_order_asked_for(self):
        uids = self.deliver(*(mail(str(number)) for number in range(220)))[::-1]
        with self.at_work() as readers:
            reading = self.read(self.opened(readers), uids)
            pieces = self.all_of(readers, reading, uids)
        self.assertEqual([raw.uid for piece in pieces for raw in piece.mails], uids)
        self.assertEqual([len(piece.mails) for piece in pieces], [BATCH_COUNT, BATCH_COUNT, 20])
        self.assertEqual(self.room.taken, 0)

    def test_only_a_few_batches_are_read_in_advance(self):
        uids = self.deliver(*(mail(str(number)) for number in range(400)))
        with Wire(self.dovecot.imap_port) as wire, self.at_work() as readers:
            self.read(self.opened(readers, port=wire.port), uids)

            def bodies():
                return sum(b"BODY.PEEK[]" in command for command in wire.commands)

            while bodies() < AHEAD + 1:
                time.sleep(0.01)
            time.sleep(0.3)
            self.assertEqual(bodies(), AHEAD + 1)

    def test_memory_is_bounded_for_all_readers_together(self):
        size = SMALL_BYTES // 2 - 10_000
        uids = self.deliver(*(mail(body="x" * size) for _number in range(8)))
        self.room = Room(small=SMALL_BYTES, large=SMALL_BYTES)
        with self.at_work() as readers:
            first = self.opened(readers, "first", timeout=5)
            second = self.opened(readers, "second")
            limit = 2 * SMALL_BYTES
            readings = [first.ask(Reading(uids, limit, self.room)) for _one in range(1)]
            readings.append(second.ask(Reading(uids, limit, self.room)))
            left = {reading: list(uids) for reading in readings}
            while any(left.values()):
                readers.next_ready(0.1)
                for reading in readings:
                    while left[reading] and reading.is_answered:
                        fetched, _error = reading.take_answer()
                        self.assertLessEqual(self.room.taken, SMALL_BYTES)
                        left[reading] = left[reading][len(fetched.uids) :]
                        reading.done_with(fetched)
        self.assertEqual(self.room.taken, 0)

    def test_a_mail_larger_than_the_room_comes_all_the_same(self):
        (uid,) = self.deliver(mail(body="x" * 900_000))
        self.room = Room(small=1000, large=1000)
        with self.at_work() as readers:
            (piece,) = self.all_of(readers, self.read(self.opened(readers), [uid]), [uid])
        self.assertEqual(len(piece.mails), 1)

    def test_what_vanished_and_what_is_refused_is_through_as_well(self):
        uids = self.deliver(*(mail(str(number)) for number in range(6)))
        with self.other_client() as other:
            other.delete_messages(uids[1:2])
            other.uid_expunge(uids[1:2])

        def refuse(command):
            words = command.split()
            mine = b"BODY.PEEK[]" in command and str(uids[5]).encode() in words[2].split(b",")
            return b"TAG NO [SERVERBUG] corrupt\r\n" if mine else None

        with Wire(self.dovecot.imap_port) as wire, self.at_work() as readers:
            wire.answer = refuse
            reading = self.read(self.opened(readers, port=wire.port), uids)
            pieces = self.all_of(readers, reading, uids)
        self.assertEqual([uid for piece in pieces for uid in piece.uids], uids)
        self.assertEqual([failure.uid for piece in pieces for failure in piece.failures], [uids[5]])

    def test_what_nobody_waits_for_any_more_gives_its_memory_back(self):
        uids = self.deliver(*(mail(str(number)) for number in range(300)))
        with self.at_work() as readers:
            reader = self.opened(readers)
            reading = self.read(reader, uids)
            self.answer(readers, reading)
            reading.cancel()
            # the connection is free for the next question
            found = self.answer(
                readers, reader.ask(Request(lambda receiver: receiver.uids_above(0)))
            )
            self.assertEqual(found, uids)

    def test_a_broken_line_names_what_was_being_read(self):
        uids = self.deliver(mail("One"), mail("Two"))
        with Wire(self.dovecot.imap_port) as wire, self.at_work() as readers:
            reader = self.opened(readers, port=wire.port)
            wire.answer = lambda command: b"* BYE gone\r\n" if b"BODY.PEEK" in command else None
            reading = self.read(reader, uids)
            with self.assertRaises(ConnectionLost):
                self.answer(readers, reading)
            self.assertEqual(reading.in_flight, tuple(uids))
        self.assertEqual(self.room.taken, 0)

    def test_a_wrong_password_is_told(self):
        with self.at_work() as readers:
            receiver = ImapReceiver(self.settings(), password_login(LOGIN, "wrong"))
            reader = readers.start("one", receiver)
            with self.assertRaises(LoginError):
                self.answer(readers, reader.ask(Request(ImapReceiver.open)))


class TestSlowServers(ReaderCase):
    def test_nobody_waits_for_a_silent_or_a_dripping_server(self):
        uids = self.deliver(*(mail(str(number)) for number in range(60)))
        with (
            silent_server() as silent,
            Wire(self.dovecot.imap_port) as dripping,
            self.at_work() as readers,
        ):
            for key, port in (("silent", silent), ("dripping", dripping.port)):
                dripping.seconds_a_byte = 1
                self.start(readers, key, port=port, timeout=60).ask(Request(ImapReceiver.open))
            began = time.monotonic()
            pieces = self.all_of(readers, self.read(self.opened(readers), uids), uids)
            self.assertLess(time.monotonic() - began, 10)
            self.assertEqual(sum(len(piece.mails) for piece in pieces), 60)

    def test_threads_end_at_once_though_their_servers_do_not_answer(self):
        with silent_server() as silent, Wire(self.dovecot.imap_port) as wire:
            began = time.monotonic()
            with self.at_work() as readers:
                self.start(readers, "silent", port=silent, timeout=60).ask(
                    Request(ImapReceiver.open)
                )
                slow = self.opened(readers, "slow", port=wire.port)
                wire.seconds_a_byte = 1
                slow.ask(Request(lambda receiver: receiver.uids_above(0)))
                time.sleep(0.3)
            self.assertEqual(reading_threads(), [])
            self.assertLess(time.monotonic() - began, 10)

    def test_goodbyes_that_nobody_answers_are_waited_for_together(self):
        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = lambda said: b"" if said == b"LOGOUT" else None
            with self.at_work() as readers:
                for key in range(15):
                    self.opened(readers, key, port=wire.port, timeout=60)
                    readers.dismiss(key)
                began = time.monotonic()
            self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(reading_threads(), [])

    def test_a_server_that_is_not_asked_for_want_of_memory_is_not_the_one_that_is_slow(self):
        (uid,) = self.deliver(mail(body="x" * 900_000))
        self.room = Room(small=1_000_000)
        with self.at_work() as readers:
            first, second = (self.opened(readers, key) for key in "ab")
            holding = self.read(first, [uid])
            fetched = self.answer(readers, holding)
            waiting = self.read(second, [uid])
            while waiting.held_up_until != math.inf:
                time.sleep(0.01)
            freed = time.monotonic()
            holding.done_with(fetched)
            self.answer(readers, waiting)
            self.assertGreaterEqual(waiting.held_up_until, freed)
            self.assertLess(waiting.held_up_until, math.inf)

    def test_threads_end_when_the_importer_fails(self):
        uids = self.deliver(*(mail(str(number)) for number in range(300)))
        with self.assertRaises(KeyboardInterrupt), self.at_work() as readers:
            self.answer(readers, self.read(self.opened(readers), uids))
            raise KeyboardInterrupt
        self.assertEqual(reading_threads(), [])


class TestNotedSignIn(ReceiverCase):
    def sign_in(self, noted):
        receiver = ImapReceiver(self.settings(), noted)
        self.addCleanup(receiver.close)
        receiver.open()
        return receiver.select("INBOX")

    def test_a_password(self):
        noted = NotedSignIn()
        noted.login(LOGIN, PASSWORD)
        self.assertTrue(self.sign_in(noted).uidvalidity)

    def test_a_token_and_the_folder_that_the_host_opens_with_it(self):
        noted = NotedSignIn()
        noted.authenticate("PLAIN", lambda _challenge: f"\0{LOGIN}\0{PASSWORD}")
        noted.select("INBOX")
        self.assertTrue(self.sign_in(noted).uidvalidity)

    def test_a_refused_token_is_not_quoted(self):
        noted = NotedSignIn()
        noted.authenticate("PLAIN", lambda _challenge: f"\0{LOGIN}\0wrong-token")
        with self.assertRaises(LoginError) as caught:
            self.sign_in(noted)
        self.assertNotIn("wrong-token", str(caught.exception))

    def test_a_sign_in_that_talks_with_the_server_is_not_foreseen(self):
        noted = NotedSignIn()
        with self.assertRaises(Unforeseen):
            noted.noop()
        with self.assertRaises(Unforeseen):
            noted.authenticate("CRAM-MD5", lambda challenge: challenge)
