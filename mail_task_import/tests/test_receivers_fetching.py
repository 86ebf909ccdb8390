"""Reading mail: bounded, without a trace, and not stopped by one bad mail."""

import time
from datetime import datetime, timedelta, timezone

from odoo.addons.mail_task_import.receivers import protocol
from odoo.addons.mail_task_import.receivers.exceptions import ConnectionLost, ServerRefused

from .test_receivers_common import SIZE_LIMIT, ReceiverCase, Script, Wire, mail


def read(imap, uids, size_limit_bytes=SIZE_LIMIT, **bounds):
    return [raw for batch in imap.fetch(uids, size_limit_bytes, **bounds) for raw in batch]


class TestReading(ReceiverCase):
    def test_what_is_known_of_a_mail(self):
        raw = mail("Grüße", "8-bit: \xff\r\n").replace("ÿ".encode(), b"\xff\xfe")
        moscow = timezone(timedelta(hours=3))
        arrival = datetime(2024, 1, 1, 1, tzinfo=moscow)
        [uid] = self.deliver(raw, seen=True, flags=("\\Flagged", "$Work", "42"), date=arrival)
        [got] = read(self.inbox(), [uid])
        self.assertEqual(
            (got.uid, got.content, got.size, got.truncated), (uid, raw, len(raw), False)
        )
        self.assertEqual(set(got.flags) - {"\\Recent"}, {"\\Seen", "\\Flagged", "$Work", "42"})
        self.assertEqual(got.received_at, datetime(2023, 12, 31, 22))

    def test_reading_leaves_mail_unseen(self):
        uids = self.deliver(mail(), mail(body="x" * 2000))
        imap = self.inbox()
        read(imap, uids, size_limit_bytes=1000)
        imap.fetch_headers_sizes(uids)
        self.assertEqual([seen["flags"] for seen in self.on_server().values()], [set(), set()])

    def test_of_a_mail_over_the_limit_come_the_headers(self):
        small, large = self.deliver(mail("Small"), mail("Large", "x" * 5000))
        first, second = read(self.inbox(), [small, large], size_limit_bytes=1000)
        self.assertFalse(first.truncated)
        self.assertTrue(second.truncated)
        self.assertIn(b"Subject: Large", second.content)
        self.assertNotIn(b"xxx", second.content)
        self.assertGreater(second.size, 5000)

    def test_a_mail_of_exactly_the_limit_comes_whole(self):
        raw = mail()
        uids = self.deliver(raw)
        self.assertFalse(read(self.inbox(), uids, size_limit_bytes=len(raw))[0].truncated)
        self.assertTrue(read(self.inbox(), uids, size_limit_bytes=len(raw) - 1)[0].truncated)

    def test_a_mail_of_which_less_comes_than_was_announced(self):
        uids = self.deliver(mail(), mail(body="x" * 5000), mail(body="y" * 5000))
        said = b"* 2 FETCH (UID %d BODY[] {%d}\r\n%s)\r\nTAG OK done\r\n"
        for cut, short in ((b"Subject: x\r\n\r\nhalf", True), (b"x" * 4900, False)):
            with self.subTest(short=short), Wire(self.dovecot.imap_port) as wire:
                answer = said % (uids[1], len(cut), cut)
                wire.answer = lambda command: answer if b"BODY.PEEK[]" in command else None  # noqa: B023
                [got] = read(self.inbox(port=wire.port), uids[1:2])
                self.assertEqual((got.content, got.is_short, got.is_whole), (cut, short, not short))

    def test_a_mail_of_which_nothing_comes(self):
        uids = self.deliver(mail(), mail(body="x" * 5000))
        with Wire(self.dovecot.imap_port) as wire:
            answer = b"* 2 FETCH (UID %d BODY[] {0}\r\n)\r\nTAG OK done\r\n" % uids[1]
            wire.answer = lambda command: answer if b"BODY.PEEK[]" in command else None
            imap = self.inbox(port=wire.port)
            self.assertEqual(read(imap, uids[1:]), [])
        self.assertEqual([failure.uid for failure in imap.failures], uids[1:])

    def test_batches_by_count_in_the_order_asked_for(self):
        uids = self.deliver(*(mail(str(number)) for number in range(7)))[::-1]
        batches = list(self.inbox().fetch(uids, SIZE_LIMIT, batch_count=3))
        self.assertEqual(
            [[raw.uid for raw in batch] for batch in batches], [uids[:3], uids[3:6], uids[6:]]
        )

    def test_batches_by_bytes(self):
        sizes = (100, 100, 900, 3000, 100)
        uids = self.deliver(*(mail(body="x" * size) for size in sizes))
        batches = list(self.inbox().fetch(uids, SIZE_LIMIT, batch_bytes=1000))
        self.assertEqual(
            [[raw.uid for raw in batch] for batch in batches],
            [uids[:2], [uids[2]], [uids[3]], [uids[4]]],
        )

    def test_the_next_batch_is_read_when_it_is_asked_for(self):
        uids = self.deliver(*(mail(str(number)) for number in range(4)))
        with Wire(self.dovecot.imap_port) as wire:
            batches = self.inbox(port=wire.port).fetch(uids, SIZE_LIMIT, batch_count=2)
            next(batches)
            self.assertEqual(sum(b"BODY.PEEK[]" in command for command in wire.commands), 1)

    def test_more_mails_than_fit_into_one_command(self):
        uids = self.deliver(*(mail(str(number)) for number in range(205)))
        with Wire(self.dovecot.imap_port) as wire:
            self.assertEqual([raw.uid for raw in read(self.inbox(port=wire.port), uids)], uids)
            self.assertLess(max(map(len, wire.commands)), 8000)

    def test_headers_and_sizes(self):
        raw = mail("Preview", "x" * 500)
        uids = self.deliver(raw, raw)
        imap = self.inbox()
        first, second = imap.fetch_headers_sizes([*uids[::-1], 999])
        self.assertEqual((first.uid, second.uid, imap.vanished), (uids[1], uids[0], {999}))
        self.assertEqual(
            (first.size, first.truncated, first.content), (len(raw), True, raw[: raw.index(b"xxx")])
        )

    def test_an_empty_mail(self):
        uids = self.deliver(b"\r\n")
        self.assertEqual(len(read(self.inbox(), uids)), 1)


class TestWhatDoesNotCome(ReceiverCase):
    def setUp(self):
        super().setUp()
        self.uids = self.deliver(*(mail(f"Mail {number}") for number in range(8)))

    def expunge(self, *uids: int) -> None:
        with self.other_client() as other:
            other.delete_messages(uids)
            other.uid_expunge(uids)

    def test_a_mail_that_vanished_before(self):
        self.expunge(self.uids[2])
        imap = self.inbox()
        self.assertEqual(len(read(imap, self.uids)), 7)
        self.assertEqual((imap.vanished, imap.failures), ({self.uids[2]}, []))

    def test_a_mail_that_vanishes_between_two_batches(self):
        imap = self.inbox()
        batches = imap.fetch(self.uids, SIZE_LIMIT, batch_count=4)
        got = next(batches)
        self.expunge(self.uids[5])
        got += [raw for batch in batches for raw in batch]
        self.assertEqual([raw.uid for raw in got], self.uids[:5] + self.uids[6:])
        self.assertEqual(imap.vanished, {self.uids[5]})

    def test_all_have_vanished(self):
        self.expunge(*self.uids)
        imap = self.inbox()
        self.assertEqual(list(imap.fetch(self.uids, SIZE_LIMIT)), [])
        self.assertEqual(imap.vanished, set(self.uids))

    def test_one_mail_that_the_server_refuses_does_not_keep_the_others(self):
        bad = self.uids[3]

        def refuse(command: bytes) -> bytes | None:
            words = command.split()
            if b"BODY.PEEK[]" not in command or str(bad).encode() not in words[2].split(b","):
                return None
            return b"TAG NO [SERVERBUG] message is corrupt\r\n"

        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = refuse
            imap = self.inbox(port=wire.port)
            got = read(imap, self.uids)
        self.assertEqual([raw.uid for raw in got], [uid for uid in self.uids if uid != bad])
        [failure] = imap.failures
        self.assertEqual(failure.uid, bad)
        self.assertIn("message is corrupt", failure.words)
        self.assertEqual(imap.vanished, set())

    def test_a_mail_that_the_server_passes_over_in_silence(self):
        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = lambda command: b"TAG OK done\r\n" if b"BODY.PEEK[]" in command else None
            imap = self.inbox(port=wire.port)
            self.assertEqual(read(imap, self.uids[:1]), [])
        self.assertEqual([failure.uid for failure in imap.failures], self.uids[:1])

    def test_a_mail_without_content(self):
        with Wire(self.dovecot.imap_port) as wire:
            answer = b"* 1 FETCH (UID %d BODY[] NIL)\r\nTAG OK done\r\n" % self.uids[0]
            wire.answer = lambda command: answer if b"BODY.PEEK[]" in command else None
            imap = self.inbox(port=wire.port)
            self.assertEqual(read(imap, self.uids[:1]), [])
        self.assertEqual([failure.uid for failure in imap.failures], self.uids[:1])

    def test_a_server_that_refuses_everything_is_not_blamed_on_the_mails(self):
        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = lambda command: (
                b"TAG NO not now\r\n" if b"BODY.PEEK[]" in command else None
            )
            imap = self.inbox(port=wire.port)
            with self.assertRaisesRegex(ServerRefused, "not now"):
                read(imap, self.uids)
            self.assertEqual(imap.failures, [])

    def test_a_server_that_is_busy_is_not_blamed_on_the_mail(self):
        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = lambda command: (
                b"TAG NO [UNAVAILABLE] later\r\n" if b"BODY.PEEK[]" in command else None
            )
            with self.assertRaisesRegex(ServerRefused, "later"):
                read(self.inbox(port=wire.port), self.uids[:1])

    def test_a_mail_larger_than_it_said_is_dropped_and_the_next_one_comes(self):
        def lie(command: bytes) -> bytes | None:
            words = command.split()
            if b"BODY.PEEK[]" not in command or str(self.uids[0]).encode() not in words[2].split(
                b","
            ):
                return None
            return b"* 1 FETCH (UID %d BODY[] {5000}\r\n%s)\r\nTAG OK done\r\n" % (
                self.uids[0],
                b"x" * 5000,
            )

        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = lie
            imap = self.inbox(port=wire.port)
            got = read(imap, self.uids, size_limit_bytes=2000)
        self.assertEqual([raw.uid for raw in got], self.uids[1:])
        self.assertEqual([failure.uid for failure in imap.failures], self.uids[:1])

    def test_a_literal_without_end_ends_the_connection(self):
        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = lambda command: (
                b"* 1 FETCH (BODY[] {99999999999}\r\n" if b"BODY.PEEK[]" in command else None
            )
            with self.assertRaises(ConnectionLost):
                read(self.inbox(port=wire.port), self.uids)

    def test_an_answer_of_endless_lines_ends_the_connection(self):
        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = lambda command: (
                b"* 1 EXISTS\r\n" * 10_000 if b"SEARCH" in command else None
            )
            imap = self.inbox(port=wire.port)
            imap._client._imap.answer_limit = 10_000
            with self.assertRaisesRegex(ConnectionLost, "does not stop"):
                imap.uids_above(0)

    def test_facts_that_are_no_facts(self):
        strange = b"* 1 FETCH (UID %d FLAGS NIL RFC822.SIZE big INTERNALDATE %s)\r\nTAG OK done\r\n"
        for arrival in (b'"31-Dec-9999 23:00:00 -1400"', b'"yesterday"', b"NIL"):
            with self.subTest(arrival), Wire(self.dovecot.imap_port) as wire:
                answer = strange % (self.uids[0], arrival)
                wire.answer = lambda command: answer if b"RFC822.SIZE" in command else None  # noqa: B023
                [got] = read(self.inbox(port=wire.port), self.uids[:1])
                self.assertEqual((got.flags, got.received_at, got.size), ((), None, 0))

    def test_a_line_without_end_ends_the_connection(self):
        with Wire(self.dovecot.imap_port) as wire:
            endless = b"* SEARCH" + b" 1" * protocol.LINE_LIMIT_BYTES
            wire.answer = lambda command: endless if b"SEARCH" in command else None
            with self.assertRaises(ConnectionLost):
                self.inbox(port=wire.port).uids_above(0)


class TestBadLines(ReceiverCase):
    def test_line_cut_in_the_middle_of_a_mail_keeps_what_came_before(self):
        uids = self.deliver(mail("Small"), mail("Large", "x" * 50_000))
        with Wire(self.dovecot.imap_port) as wire:
            batches = self.inbox(port=wire.port).fetch(uids, SIZE_LIMIT, batch_count=1)
            self.assertEqual(next(batches)[0].uid, uids[0])
            wire.cut_after = 20_000
            with self.assertRaises(ConnectionLost) as caught:
                next(batches)
            self.assertEqual((caught.exception.stage, caught.exception.server_words), ("fetch", ""))
        self.assertEqual(len(read(self.inbox(), uids)), 2)

    def test_a_server_that_hangs_up_on_one_mail_names_it(self):
        """Dovecot does, where a file is longer or shorter than its index says."""
        uids = self.deliver(mail("One"), mail("Two"), mail("Three"))

        def hang_up(command: bytes) -> bytes | None:
            bad = b"BODY.PEEK[]" in command and str(uids[1]).encode() in command.split()[2].split(
                b","
            )
            return b"* BYE internal error\r\n" if bad else None

        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = hang_up
            imap = self.inbox(port=wire.port)
            with self.assertRaisesRegex(ConnectionLost, "internal error"):
                read(imap, uids)
            self.assertEqual(imap.in_flight, tuple(uids))
            imap = self.inbox(port=wire.port)
            with self.assertRaises(ConnectionLost):
                read(imap, uids, batch_count=1)
            self.assertEqual(imap.in_flight, (uids[1],))

    def test_every_place_where_the_line_can_be_cut(self):
        uids = self.deliver(mail("One"), mail("Two", "x" * 300))
        for place in range(0, 900, 23):
            with self.subTest(place), Wire(self.dovecot.imap_port) as wire:
                imap = self.inbox(port=wire.port)
                wire.cut_after = place
                try:
                    got = read(imap, uids)
                except ConnectionLost:
                    continue
                self.assertEqual(len(got), 2)

    def test_a_server_that_falls_silent(self):
        uids = self.deliver(mail())
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.inbox(port=wire.port, read_timeout=0.3)
            wire.answer = lambda command: b""
            with self.assertRaisesRegex(ConnectionLost, "stopped answering"):
                read(imap, uids)

    def test_a_server_that_sends_in_drops_has_no_more_time_than_others(self):
        uids = self.deliver(mail())
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.inbox(port=wire.port, read_timeout=5, command_timeout=0.5)
            wire.seconds_a_byte = 0.1
            began = time.monotonic()
            with self.assertRaisesRegex(ConnectionLost, "stopped answering"):
                read(imap, uids)
            self.assertLess(time.monotonic() - began, 10)

    def test_a_server_that_says_goodbye(self):
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.inbox(port=wire.port)
            wire.answer = lambda command: b"* BYE going down for maintenance\r\n"
            with self.assertRaisesRegex(ConnectionLost, "maintenance"):
                imap.uids_above(0)

    def test_an_answer_that_is_no_imap(self):
        for answer in ("* SEARCH one two\r\n{tag} OK x\r\n", "\x00\r\n", "* \r\n"):
            with (
                self.subTest(answer),
                Script(LOGIN="{tag} OK in\r\n", UID=answer, EXAMINE="{tag} OK x\r\n") as script,
            ):
                imap = self.inbox(port=script.port, read_timeout=0.3)
                with self.assertRaises((ServerRefused, ConnectionLost)):
                    imap.present([1])
