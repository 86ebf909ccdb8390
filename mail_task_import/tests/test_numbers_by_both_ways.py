"""The number of a mail: one for the importer and for the host, whatever its Message-ID is like."""

import email
import email.policy
import errno
import os
import random
import subprocess
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail_task_import.mime.message_id import with_number
from odoo.addons.mail_task_import.mime.parser import parse

from .common import build_mail
from .test_virtual_with_others import HOST, SharedCase, without

ARRIVAL = "odoo.addons.mail_task_import.models.arrival"
SEED = int(os.environ.get("FUZZ_SEED") or random.randrange(10**9))
PIECES = [*"<>@.,:;()[]\\\"' \t=?_a1", "тест", "ü", "\x1b$B", "\0", "\r\n ", "=?utf-8?q?a=40b?="]
ABOVE = (b"", b"From a@b Mon\r\n", b" cont\r\n", b"junk\r\n", b"\xef\xbb\xbf")
POLICIES = (email.policy.SMTP, email.policy.SMTPUTF8, email.policy.default, email.policy.HTTP)


def numbered_as(raw, number):
    written = b"Message-ID: %s\r\n" % number
    return written + without(raw, b"Message-ID")


def with_lf(raw):
    return raw.replace(b"\r\n", b"\n")


class NumberCase(SharedCase):
    def setUp(self):
        super().setUp()
        self.raw = build_mail(subject="Question", to="work@our.example", text="The roof leaks")

    def by_host(self, raw):
        with mute_logger(HOST):
            self.hand_over(raw)

    def by_group(self, raw):
        self.receive(self.support, raw)

    def ways(self):
        """Each two ways in, and which mails they take of a mail and its copy."""
        yield self.by_host, self.by_group
        yield self.by_group, self.by_host
        yield self.by_host, self.by_host


@tagged("post_install", "-at_install")
class TestNumbersByBothWays(NumberCase):
    def test_one_record_whatever_the_number_is_like(self):
        for number in (
            "<тест@firma.ru>".encode(),
            "<тест@девайс>".encode("cp1251"),
            "<日本@c.jp>".encode("iso-2022-jp"),
            "<grüße@x>".encode("latin-1"),
            b"<a\0b@c>",
            b"<" + b"a" * 300 + b"@x.example>",
            b"<" + b"a" * 150 + b"\r\n " + b"b" * 150 + b"@x.example>",
            b"<" + b"a" * 200 + b"@x.example>" + b" " * 60 + b"(by a device)",
            b"<" + b"x" * 70_000 + b"@y>",
        ):
            raw = numbered_as(self.raw, number)
            for first, second in self.ways():
                for copy in (raw, with_lf(raw)):
                    name = f"{number[:20]} {first.__name__} {second.__name__}"
                    with self.alone(), self.subTest(name, copy=copy[-1:]):
                        first(copy)
                        second(raw)
                        self.assert_one_task()

    def test_of_a_server_of_the_host_it_comes_in_too(self):
        raw = numbered_as(self.raw, "<тест@firma.ru>".encode())
        threads = self.env["mail.thread"].with_context(default_fetchmail_server_id=1)
        threads.message_process(False, raw)
        self.assert_one_task()

    def test_beside_a_mailbox_both_get_it(self):
        raw = numbered_as(self.raw, "<тест@firma.ru>".encode())
        self.by_host(b"Cc: boss@our.example\r\n" + raw)
        self.assert_one_task()
        self.assertEqual(len(self.entries(self.boss_own)), 1)

    def test_an_answer_that_names_the_long_number_gets_there(self):
        for number in (b"<" + b"a" * 300 + b"@x.example>", "<тест@firma.ru>".encode()):
            for first in (self.by_host, self.by_group):
                with self.alone(), self.subTest(number[:20], first=first.__name__):
                    first(numbered_as(self.raw, number))
                    task = self.assert_one_task()
                    answer = build_mail(
                        subject="Re: Question",
                        sender="bob@customer.example",
                        to=self.domain.catchall_email or "work@our.example",
                        text="At nine",
                    )
                    self.by_host(b"In-Reply-To: %s\r\n%s" % (number, answer))
                    self.assertIn("At nine", str(task.message_ids.mapped("body")))

    def test_the_host_reads_the_importers_number(self):
        chance = random.Random(SEED)
        threads = self.env["mail.thread"]
        for number in range(300):
            inner = "".join(chance.choices(PIECES, k=chance.randint(0, 12)))
            written = chance.choice(("<%s>", "%s", "<%s@x.example>", "<@%s>")) % inner
            written = written.encode(chance.choice(("utf-8", "cp1251", "latin-1")), "replace")
            raw = chance.choice(ABOVE) + numbered_as(self.raw, written)
            raw = with_lf(raw) if number % 2 else raw
            parsed = parse(raw).message_id
            given = with_number(raw, parsed)
            with self.subTest(seed=SEED, raw=raw[:100]):
                for policy in POLICIES:
                    read = email.message_from_bytes(given, policy=policy)
                    self.assertEqual(read["Message-ID"].strip(), parsed)
                read = email.message_from_bytes(given, policy=email.policy.SMTP)
                self.assertEqual(threads.message_parse(read)["message_id"], parsed)
                self.assertEqual(parse(given).message_id, parsed)

    def test_what_fails_in_numbering_keeps_no_mail_out(self):
        plain = without(self.raw, b"Message-ID")
        html = build_mail(
            subject="Question",
            to="work@our.example",
            text="The roof leaks",
            html=f"<p>The roof leaks{' hello' * 60_000}</p>",
        )
        html = without(html, b"Message-ID")
        no_process = OSError(errno.EAGAIN, "Resource temporarily unavailable")
        for name, broken, raw in (
            ("no process", patch.object(subprocess, "run", side_effect=no_process), html),
            ("no memory", patch(f"{ARRIVAL}.parse_bounded", side_effect=MemoryError), plain),
            ("no header", patch(f"{ARRIVAL}.with_number", side_effect=IndexError), plain),
        ):
            for context in ({}, {"default_fetchmail_server_id": 1}):
                with self.alone(), self.subTest(name, **context), broken:
                    with self.assertLogs(ARRIVAL, "WARNING"):
                        threads = self.env["mail.thread"].with_context(**context)
                        threads.message_process(False, raw)
                    self.assert_one_task()


@tagged("post_install", "-at_install")
class TestMailsOfTheSameWords(NumberCase):
    """Without a Message-ID: as many records as mails came."""

    def mails(self, date, **headers):
        """Three, an hour apart, each of which says that it is of that date."""
        for hour in range(9, 12):
            received = f"from ups by mx.our.example; Mon, 2 Nov 2026 {hour:02}:00:00 +0000"
            raw = build_mail(
                subject="Question",
                sender="ups@device.example",
                to="work@our.example",
                text="On battery",
                Received=received,
                **headers,
            )
            raw = without(without(raw, b"Message-ID"), b"Date")
            yield (b"Date: %s\r\n" % date if date else b"") + raw

    def test_of_a_device_without_a_clock(self):
        for date in (b"", b"Sat, 01 Jan 2000 00:00:00 +0000", b"(null)", b"today"):
            with self.alone(), self.subTest(date=date):
                for raw in self.mails(date):
                    for way in (self.by_host, self.by_group, self.by_host):
                        way(raw)
                self.assertEqual(len(self.tasks()), 3)
                self.assertEqual(len(self.entries(self.support)), 3)

    def test_copies_of_one_with_a_clock_that_is_right_are_one(self):
        for raw in self.mails(b"Mon, 02 Nov 2026 11:00:30 +0100"):
            self.by_host(raw)
            self.by_group(raw)
        self.assertEqual(len(self.tasks()), 1)

    def test_with_nothing_to_tell_them_apart_the_host_takes_each(self):
        for raw in self.mails(b""):
            self.by_host(without(raw, b"Received"))
        self.assertEqual(len(self.tasks()), 3)

    def test_sent_to_two_aliases_in_the_same_second(self):
        other = {"name": "Other", "alias_name": "other", "alias_domain_id": self.domain.id}
        other = self.env["project.project"].create(other)
        raw = without(self.raw, b"Message-ID")
        for _again in range(2):
            self.by_host(raw)
            self.by_host(raw.replace(b"To: work@", b"To: other@"))
        self.assertEqual(len(self.tasks()), 2)
        self.assertEqual(self.tasks().project_id, self.project | other)
