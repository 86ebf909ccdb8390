"""Mail from files."""

import io
import tracemalloc
import unittest
from datetime import datetime

from odoo.addons.mail_task_import.receivers.eml import raw_from_eml, raws_from_mbox

LIMIT = 10_000

MBOX = b"""\
From ann@example.org Thu Feb  1 09:08:07 2024
Subject: One

Hello
>From the desk of Ann
>>From deeper
From time to time a line begins like this.

From MAILER-DAEMON Fri Feb 02 10:00:00 +0300 2024
Subject: Two

Bye

"""


class TestEml(unittest.TestCase):
    def test_a_mail_as_it_is(self):
        raw = b"Subject: x\r\n\r\nHello\r\n"
        self.assertEqual((raw_from_eml(raw).content, raw_from_eml(raw).size), (raw, len(raw)))

    def test_what_editors_and_exports_put_before_it(self):
        for prefix in (b"\xef\xbb\xbf", b"From ann@example.org Thu Feb  1 09:08:07 2024\r\n"):
            with self.subTest(prefix):
                self.assertEqual(
                    raw_from_eml(prefix + b"Subject: x\r\n\r\n").content, b"Subject: x\r\n\r\n"
                )

    def test_nothing(self):
        self.assertEqual(raw_from_eml(b"").content, b"")


class TestMbox(unittest.TestCase):
    def mails(self, content: bytes, *bounds):
        return list(raws_from_mbox(io.BytesIO(content), *(bounds or (LIMIT,))))

    def test_mails_are_told_apart_and_unquoted(self):
        one, two = self.mails(MBOX)
        self.assertEqual(
            one.content,
            b"Subject: One\n\nHello\nFrom the desk of Ann\n>From deeper\n"
            b"From time to time a line begins like this.\n",
        )
        self.assertEqual(two.content, b"Subject: Two\n\nBye\n")

    def test_arrival_is_that_of_the_separator(self):
        arrivals = [raw.received_at for raw in self.mails(MBOX)]
        self.assertEqual(arrivals, [datetime(2024, 2, 1, 9, 8, 7), datetime(2024, 2, 2, 7)])

    def test_an_impossible_date_still_separates(self):
        [raw] = self.mails(b"From ann Xxx Xxx 99 99:99 UTC 2024\nSubject: x\n")
        self.assertEqual((raw.content, raw.received_at), (b"Subject: x\n", None))

    def test_a_line_of_a_body_that_looks_like_a_separator(self):
        """Some programs quote none of them; text follows it, and no header."""
        line = b"From ann@x.example Mon Jan  5 10:00:00 2026\n"
        body = b"before\n\n" + line + b"This is text\n\n" + line + b"https://x.example/\n"
        mails = self.mails(line + b"Subject: 1\n\n" + body + b"\n" + line + b"Subject: 2\n\nb\n")
        self.assertEqual(
            [mail.content for mail in mails], [b"Subject: 1\n\n" + body, b"Subject: 2\n\nb\n"]
        )

    def test_line_ends_of_windows(self):
        contents = [raw.content for raw in self.mails(MBOX.replace(b"\n", b"\r\n"))]
        self.assertEqual(contents[1], b"Subject: Two\r\n\r\nBye\r\n")

    def test_no_more_than_asked_for(self):
        self.assertEqual(
            [raw.content[:12] for raw in self.mails(MBOX, LIMIT, 1)], [b"Subject: One"]
        )
        self.assertEqual(self.mails(MBOX, LIMIT, 0), [])
        self.assertEqual(len(self.mails(MBOX, LIMIT, 9)), 2)

    def test_of_a_mail_over_the_limit_come_the_headers(self):
        separator = b"From a@b Thu Feb  1 09:08:07 2024\n"
        large = (
            separator
            + b"Subject: Large\n\n"
            + b"x" * 50_000
            + b"\n\n"
            + separator
            + b"Subject: Next\n\n"
        )
        first, second = self.mails(large, 1000)
        self.assertEqual((first.content, first.truncated), (b"Subject: Large\n\n", True))
        self.assertGreater(first.size, 50_000)
        self.assertEqual((second.content, second.truncated), (b"Subject: Next\n", False))

    def test_a_file_that_is_no_mbox(self):
        self.assertEqual(self.mails(b"Subject: x\n\nHello\n"), [])
        self.assertEqual(self.mails(b""), [])

    def test_memory_stays_bounded(self):
        class Endless:
            """A mail of 100 MB in one line."""

            head = io.BytesIO(b"From a@b Thu Feb  1 09:08:07 2024\nSubject: x\n\n")
            left = 100_000_000

            def readline(self, size):
                if line := self.head.readline(size):
                    return line
                size = min(size, self.left)
                self.left -= size
                return b"x" * size

        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        [raw] = raws_from_mbox(Endless(), LIMIT)
        self.assertTrue(raw.truncated)
        self.assertLess(tracemalloc.get_traced_memory()[1], 1_000_000)
