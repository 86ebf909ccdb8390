"""Mail to a virtual address and to others of ours: each gets its part, and there is one record."""

from contextlib import contextmanager
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import build_mail
from .test_virtual_addresses import VirtualCase

HOST = "odoo.addons.mail.models.mail_thread"


class SharedCase(VirtualCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.alias_id.write({"alias_name": "work", "alias_domain_id": cls.domain.id})
        cls.boss_own = cls._virtual("boss", "personal", owner_id=cls.boss.id)

    def tasks(self, subject="Question"):
        return self.env["project.task"].search([("name", "=", subject)])

    @contextmanager
    def alone(self):
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
            self.env.invalidate_all()

    def assert_one_task(self, text="The roof leaks"):
        task = self.tasks()
        self.assertEqual(len(task), 1)
        self.assertEqual(task.project_id, self.project)
        messages = task.message_ids.filtered(lambda one: one.message_type == "email")
        self.assertEqual(len(messages), 1)
        self.assertIn(text, f"{messages.body}{task.description}")
        return task


@tagged("post_install", "-at_install")
class TestOneRecord(SharedCase):
    """A project's alias and a colleague with a mailbox of their own, whichever copy comes first."""

    def setUp(self):
        super().setUp()
        self.raw = build_mail(
            subject="Question",
            to="work@our.example",
            Cc="boss@our.example",
            text="The roof leaks",
        )

    def by_host(self):
        with mute_logger(HOST):
            self.hand_over(self.raw.replace(b"boss@our", b"nobody@our"))

    def by_gateway(self):
        self.hand_over(self.raw)

    def by_personal(self):
        self.receive(self.boss_own, self.raw)

    def by_group(self):
        self.receive(self.support, self.raw)

    def test_handed_over_for_each(self):
        self.by_gateway()
        self.by_gateway()
        self.assert_one_task()
        self.assertEqual(len(self.entries(self.boss_own)), 1)

    def test_fetched_in_the_personal_mailbox_before_or_after(self):
        for first, second in (
            (self.by_host, self.by_personal),
            (self.by_personal, self.by_host),
            (self.by_gateway, self.by_personal),
            (self.by_personal, self.by_gateway),
            (self.by_host, self.by_gateway),
        ):
            with self.alone(), self.subTest(first=first.__name__, second=second.__name__):
                first()
                second()
                self.assert_one_task()
                self.assertEqual(len(self.entries(self.boss_own)), 1)

    def test_fetched_in_a_group_mailbox_before_or_after(self):
        for first, second in ((self.by_host, self.by_group), (self.by_group, self.by_host)):
            with self.alone(), self.subTest(first=first.__name__):
                first()
                second()
                task = self.assert_one_task()
                self.assertEqual(self.record(self.entries(self.support).email_id), task)

    def test_where_a_mailbox_takes_mail_for_records(self):
        self.support.takes_records = True
        self.by_personal()
        self.by_gateway()
        self.by_gateway()
        task = self.assert_one_task()
        made = self.links(self.entries(self.support).email_id).filtered("made_record")
        self.assertEqual(made._get_record(), task)

    def test_with_a_group_mailbox_of_a_virtual_address(self):
        self.raw = self.raw.replace(b"boss@our", b"desk@our")
        self.beside = b"desk@our.example"
        self.by_gateway()
        self.by_gateway()
        task = self.assert_one_task()
        self.assertEqual(self.record(self.entries(self.desk).email_id), task)

    def test_as_history_it_makes_none_and_follows_the_one_there_is(self):
        self.receive(self.support, self.raw, history=True)
        self.assertFalse(self.tasks())
        self.by_host()
        self.assert_one_task()
        self.receive(self.boss_own, self.raw, history=True)
        self.assert_one_task()

    def test_a_number_in_another_spelling(self):
        number = self.raw.partition(b"Message-ID: <")[2].partition(b">")[0]
        self.raw = self.raw.replace(b"<%s>" % number, number)
        for first, second in ((self.by_host, self.by_group), (self.by_group, self.by_host)):
            with self.alone(), self.subTest(first=first.__name__):
                first()
                second()
                self.assert_one_task()

    def test_what_came_in_is_forgotten_after_a_day(self):
        self.by_host()
        arrivals = self.env["mail.import.arrival"]
        self.assertEqual(arrivals.search_count([]), 1)
        arrivals._gc_old()
        self.assertEqual(arrivals.search_count([]), 1)
        arrivals.search([]).arrived_at -= timedelta(hours=25)
        self.env.flush_all()
        arrivals._gc_old()
        self.assertFalse(arrivals.search_count([]))

    def test_another_senders_mail_of_that_number_is_another_mail(self):
        self.by_host()
        self.raw = self.raw.replace(b"ann@customer.example", b"eve@evil.example")
        self.by_group()
        task = self.tasks().filtered(lambda one: "eve" in (one.email_from or ""))
        self.assertEqual(len(task), 1)

    def test_a_private_copy_alone_makes_nothing_and_shows_nothing(self):
        self.by_personal()
        self.assertFalse(self.tasks())
        self.hand_over(build_mail(subject="Mine", to="boss@our.example", text="private"))
        self.assertFalse(self.env["mail.message"].search([("body", "like", "private")]))


@tagged("post_install", "-at_install")
class TestOneRecordWithoutNumber(TestOneRecord):
    """The same of a mail without a Message-ID, to which each way adds headers of its own."""

    def setUp(self):
        super().setUp()
        self.raw = without(without(self.raw, b"Message-ID"), b"Cc")
        self.beside = b"boss@our.example"

    def by_host(self):
        with mute_logger(HOST):
            self.hand_over(self.raw)

    def by_gateway(self):
        self.hand_over(b"Delivered-To: %s\r\n%s" % (self.beside, self.raw))

    def hand_over(self, raw, user=None):
        hop = b"Return-Path: <ann@customer.example>\nReceived: by mx.our.example with pipe\n"
        return super().hand_over(hop + raw.replace(b"\r\n", b"\n"), user)

    def receive(self, mailbox, *raws, **options):
        hop = b"Received: by store.our.example with LMTP id 17\r\nDelivered-To: x@our.example\r\n"
        return super().receive(mailbox, *(hop + raw for raw in raws), **options)

    def test_two_mails_that_differ_in_one_thing_are_two(self):
        written = {line.partition(b":")[0]: line for line in self.raw.splitlines()}
        for number, (old, new) in enumerate(
            (
                (written[b"Date"], b"Date: Mon, 02 Nov 2026 10:00:01 +0000"),
                (b"ann@customer.example", b"eve@customer.example"),
                (b"The roof leaks", b"The roof leaks again"),
            )
        ):
            for first, second in ((self.by_host, self.by_group), (self.by_group, self.by_host)):
                with self.alone(), self.subTest(number=number, first=first.__name__):
                    one = self.raw
                    first()
                    self.raw = one.replace(old, new)
                    self.assertNotEqual(self.raw, one)
                    second()
                    self.raw = one
                    self.assertEqual(len(self.tasks()), 2)

    def test_files_tell_mails_of_a_scanner_apart(self):
        for name in ("one", "two"):
            raw = build_mail(
                subject="Question",
                to="work@our.example",
                text="",
                attachments=[("scan.pdf", name.encode(), "application/pdf")],
            )
            self.raw = without(raw, b"Message-ID")
            self.by_host()
            self.by_group()
        files = self.tasks().message_ids.attachment_ids.mapped("raw")
        self.assertEqual(sorted(files), [b"one", b"two"])

    def test_without_a_date_either_the_first_hop_tells_mails_apart(self):
        for day in ("Mon, 2 Nov 2026", "Tue, 3 Nov 2026"):
            raw = build_mail(
                subject="Question",
                to="work@our.example",
                text="Paper is out",
                Received=f"from device by mx.our.example; {day} 10:00:00 +0000",
            )
            self.raw = without(without(raw, b"Message-ID"), b"Date")
            self.by_host()
            self.by_group()
            self.by_host()
        self.assertEqual(len(self.tasks()), 2)
        self.assertEqual(len(self.entries(self.support)), 2)


def without(raw, name):
    return b"".join(line for line in raw.splitlines(True) if not line.startswith(name))


@tagged("post_install", "-at_install")
class TestAnswersToCatchall(SharedCase):
    def setUp(self):
        super().setUp()
        self.task = self.env["project.task"].create({"name": "Roof", "project_id": self.project.id})
        self.said = self.task.message_post(body="Hello", message_type="comment")

    def answer(self, to, **headers):
        raw = build_mail(
            subject="Re: Roof", to=to, text="At nine", in_reply_to=self.said.message_id, **headers
        )
        for _copy in range(2):
            self.hand_over(raw)
        return self.task.message_ids.filtered(lambda one: "At nine" in one.body)

    def test_it_reaches_the_record_with_a_personal_address_beside_it(self):
        catchall = self.domain.catchall_email
        for number, (to, headers) in enumerate(
            (
                (catchall, {"Cc": "boss@our.example"}),
                ("boss@our.example", {"Cc": catchall}),
                (catchall, {"X_Forwarded_To": "boss@our.example"}),
                (catchall, {"Cc": "desk@our.example"}),
            )
        ):
            with self.subTest(to=to, **headers):
                headers["message_id"] = f"<{number}@customer.example>"
                found = self.answer(to, **headers)
                self.assertEqual(len(found), number + 1)
        self.assertEqual(len(self.entries(self.boss_own)), 3)

    def test_an_answer_to_the_person_alone_stays_private(self):
        self.assertFalse(self.answer("boss@our.example"))
        self.assertEqual(len(self.entries(self.boss_own)), 1)

    def test_what_answers_nothing_is_not_sent_back(self):
        before = self.env["mail.mail"].search_count([])
        self.hand_over(build_mail(to=self.domain.catchall_email, Cc="boss@our.example"))
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
