"""Reading and removing by POP3, from a real Dovecot and from servers that leave things out."""

from datetime import datetime

from odoo.addons.mail_task_import.receivers.arrival import arrival
from odoo.addons.mail_task_import.receivers.check import test_connection
from odoo.addons.mail_task_import.receivers.connection import password_login
from odoo.addons.mail_task_import.receivers.exceptions import (
    ConnectError,
    ConnectionLost,
    FolderError,
    LoginError,
    ServerRefused,
    TlsError,
)
from odoo.addons.mail_task_import.receivers.pop import Known, PopReceiver
from odoo.addons.mail_task_import.receivers.sign_in import NotedSignIn

from .scripted_pop import PopScript
from .test_receivers_common import (
    LOGIN,
    PASSWORD,
    SIZE_LIMIT,
    ReceiverCase,
    Script,
    Wire,
    closed_port,
    mail,
    silent_server,
)


def sign_in(password=PASSWORD):
    noted = NotedSignIn()
    noted.login(LOGIN, password)
    return noted


def numbered(listing):
    """As whoever imports does at the first look."""
    return -1, [Known(place, listed) for place, listed in enumerate(listing, 1)]


class PopCase(ReceiverCase):
    def settings(self, **changes):
        return super().settings(**({"port": self.dovecot.pop_port} | changes))

    def receiver(self, **changes) -> PopReceiver:
        receiver = PopReceiver(self.settings(**changes), sign_in(), numbered)
        self.addCleanup(receiver.close)
        receiver.open()
        return receiver

    def scripted(self, *mails, **options) -> PopScript:
        return self.enterContext(PopScript(*mails, **options))

    def contents(self, receiver, uids, size_limit=SIZE_LIMIT):
        return [raw.content for batch in receiver.fetch(uids, size_limit) for raw in batch]


class TestPopConnection(PopCase):
    def tls(self, **changes):
        secure = {
            "port": self.dovecot.pops_port,
            "security": "ssl",
            "ca_file": str(self.dovecot.ca_file),
        }
        return self.receiver(**(secure | changes))

    def test_tls(self):
        self.assertEqual(self.tls().select("INBOX").exists, 0)

    def test_stls(self):
        receiver = self.tls(port=self.dovecot.pop_port, security="starttls")
        self.assertEqual(receiver.select("INBOX").exists, 0)

    def test_a_certificate_of_an_unknown_authority(self):
        for port, security in (
            (self.dovecot.pops_port, "ssl"),
            (self.dovecot.pop_port, "starttls"),
        ):
            with self.subTest(security), self.assertRaisesRegex(TlsError, "not trusted"):
                self.tls(port=port, security=security, ca_file=None)

    def test_stls_or_nothing(self):
        port = self.scripted().port
        with self.assertRaisesRegex(TlsError, "STARTTLS"):
            self.tls(port=port, security="starttls")

    def test_what_is_said_before_stls_is_forgotten(self):
        script = self.scripted()
        script.answer = {
            "CAPA": b"+OK\r\nSTLS\r\n.\r\n",
            "STLS": b"+OK\r\n+OK you are in\r\n",
        }.get
        with self.assertRaises(TlsError):
            self.tls(port=script.port, security="starttls")
        self.assertFalse([said for said in script.commands if said.startswith(("USER", "PASS"))])

    def test_a_wrong_password_is_told_and_never_named(self):
        receiver = PopReceiver(self.settings(), sign_in("wrong-one"))
        with self.assertRaises(LoginError) as caught:
            receiver.open()
        self.assertIn("did not accept the login", str(caught.exception))
        self.assertNotIn("wrong-one", str(caught.exception))

    def test_another_program_that_reads_just_now(self):
        script = self.scripted()
        script.answer = lambda said: (
            b"-ERR [IN-USE] locked\r\n" if said.startswith("PASS") else None
        )
        with self.assertRaisesRegex(LoginError, "Another program"):
            self.receiver(port=script.port)

    def test_a_password_with_a_line_break_is_no_command(self):
        script = self.scripted()
        receiver = PopReceiver(self.settings(port=script.port), sign_in("a\r\nDELE 1"))
        with self.assertRaises(LoginError):
            receiver.open()
        self.assertNotIn("DELE 1", script.commands)

    def test_a_token_is_sent_after_the_command(self):
        script = self.scripted()
        script.answer = {"AUTH XOAUTH2": b"+ \r\n", "dG9rZW4=": b"+OK in\r\n"}.get
        noted = NotedSignIn()
        noted.authenticate("XOAUTH2", lambda _challenge: b"token")
        with PopReceiver(self.settings(port=script.port), noted) as receiver:
            self.assertEqual(receiver.select("INBOX").exists, 0)

    def test_a_token_that_is_refused(self):
        script = self.scripted()
        script.answer = {
            "AUTH XOAUTH2": b"+ \r\n", "dG9rZW4=": b"+ eyJ9\r\n", "": b"-ERR bad token\r\n"
        }.get  # fmt: skip
        noted = NotedSignIn()
        noted.authenticate("XOAUTH2", lambda _challenge: b"token")
        with self.assertRaises(LoginError) as caught:
            PopReceiver(self.settings(port=script.port), noted).open()
        self.assertIn("bad ***", str(caught.exception))

    def test_servers_that_are_none(self):
        with self.assertRaises(ConnectError):
            self.receiver(port=closed_port())
        with silent_server() as port, self.assertRaisesRegex(ConnectError, "did not answer"):
            self.receiver(port=port, timeout=0.3)
        with Script() as script, self.assertRaisesRegex(ConnectError, "like a POP3 server"):
            self.receiver(port=script.port)

    def test_the_connection_test_names_what_is_missing(self):
        script = self.scripted(mail(), ids=None)
        *stages, last = test_connection(
            self.settings(port=script.port), password_login(LOGIN, PASSWORD), ["INBOX"], PopReceiver
        )
        self.assertTrue(all(stage.ok for stage in [*stages, last]))
        self.assertIn("holds 1 mails. This server names no unique ids", last.message)


class TestPopReading(PopCase):
    def test_mails_come_byte_for_byte(self):
        raws = [
            mail("Dots", ".\r\n..\r\n.hidden\r\n"),
            mail("Long", "x" * 200_000 + "\r\n"),
            mail("Grüße", "ünï\r\n"),
        ]
        self.deliver(*raws)
        pop = self.receiver()
        self.assertEqual(pop.select("INBOX").exists, 3)
        self.assertEqual(self.contents(pop, [1, 2, 3]), raws)

    def test_reading_changes_nothing_on_the_server(self):
        self.deliver(mail("One"), mail("Two"))
        with self.receiver() as pop:
            pop.select("INBOX")
            self.contents(pop, [1, 2])
            pop.read_arrivals()
        self.assertEqual([seen["flags"] for seen in self.on_server().values()], [set(), set()])

    def test_messages_keep_their_names(self):
        self.deliver(mail("One"), mail("Two"), mail("Two"))
        before = self.receiver().listing()
        with self.other_client() as other:
            other.delete_messages([other.search()[0]])
            other.expunge()
        after = self.receiver().listing()
        self.assertEqual([each.key for each in after], [each.key for each in before[1:]])
        self.assertNotEqual([each.number for each in after], [e.number for e in before[1:]])

    def test_a_mail_over_the_limit_comes_as_headers(self):
        self.deliver(mail("Large", "x" * 5000 + "\r\n"))
        pop = self.receiver()
        pop.select("INBOX")
        ((raw,),) = pop.fetch([1], 1000)
        self.assertTrue(raw.truncated)
        self.assertIn(b"Subject: Large", raw.content)
        self.assertNotIn(b"xxx", raw.content)
        self.assertGreater(raw.size, 5000)

    def test_a_mail_that_is_larger_than_announced_fails_alone(self):
        script = self.scripted(mail("One"), mail("Two", "x" * 9000 + "\r\n"), ids=["a", "b"])
        script.answer = {"LIST": b"+OK\r\n1 60\r\n2 60\r\n.\r\n"}.get
        pop = self.receiver(port=script.port)
        pop.select("INBOX")
        self.assertEqual(self.contents(pop, [1, 2], 1000), [mail("One")])
        self.assertEqual([failure.uid for failure in pop.failures], [2])

    def test_a_mail_that_is_refused_fails_alone(self):
        script = self.scripted(mail("One"), mail("Two"), ids=["a", "b"])
        script.answer = {"RETR 1": b"-ERR broken\r\n"}.get
        pop = self.receiver(port=script.port)
        pop.select("INBOX")
        self.assertEqual(self.contents(pop, [1, 2, 3]), [mail("Two")])
        self.assertIn("broken", pop.failures[0].words)
        self.assertEqual(pop.vanished, {3})

    def test_where_all_are_refused_no_mail_is_to_blame(self):
        script = self.scripted(mail("One"), mail("Two"), ids=["a", "b"])
        script.answer = lambda said: b"-ERR no\r\n" if said.startswith("RETR") else None
        pop = self.receiver(port=script.port)
        pop.select("INBOX")
        with self.assertRaises(ServerRefused):
            self.contents(pop, [1, 2])

    def test_a_line_that_breaks_names_the_mail(self):
        self.deliver(mail("One"), mail("Two", "x\r\n" * 50_000))
        with Wire(self.dovecot.pop_port) as wire:
            pop = self.receiver(port=wire.port)
            pop.select("INBOX")
            wire.cut_after = 20_000
            with self.assertRaises(ConnectionLost):
                self.contents(pop, [1, 2])
        self.assertEqual(pop.in_flight, (2,))

    def test_a_server_that_does_not_stop(self):
        script = self.scripted(mail("One"), ids=["a"])
        script.answer = {"UIDL": b"+OK\r\n" + b"1 a\r\n" * 100_000}.get
        pop = self.receiver(port=script.port)
        pop._client.answer_limit = 1_000_000
        with self.assertRaises(ConnectionLost):
            pop.select("INBOX")

    def test_no_other_folder(self):
        with self.assertRaisesRegex(FolderError, "no folders but the inbox"):
            self.receiver().select("Sent")

    def test_when_it_arrived(self):
        raws = [
            b"Received: by us; Mon, 2 Mar 2020 10:00:00 +0100\r\n"
            b"Received: by them; Mon, 2 Mar 2015 10:00:00 +0100\r\n" + mail("Received"),
            b"Date: Tue, 3 Mar 2020 10:00:00 +0000\r\n" + mail("Date"),
            mail("Neither"),
        ]
        self.deliver(*raws)
        pop = self.receiver()
        pop.select("INBOX")
        self.assertEqual(pop.undated(), [3, 2, 1])
        moments = {1: datetime(2020, 3, 2, 9), 2: datetime(2020, 3, 3, 10), 3: None}
        self.assertEqual(pop.read_arrivals(), moments)
        self.assertEqual(pop.undated(), [])
        self.assertEqual(pop.uids_since(datetime(2020, 3, 4)), [2, 3])
        self.assertEqual(pop.uids_since(datetime(2020, 3, 5)), [3])
        ((facts, *_rest),) = pop.fetch([1, 2, 3], SIZE_LIMIT)
        self.assertEqual(facts.received_at, moments[1])

    def test_of_new_mail_the_senders_date_is_not_believed(self):
        seen = datetime(2026, 1, 2)
        old = b"Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"
        self.assertEqual(arrival(old + mail(), seen), seen)
        future = b"Received: by us; Sat, 1 Jan 2400 00:00:00 +0000\r\n" + mail()
        self.assertLess(arrival(future), datetime(2399, 1, 1))


class TestPopWithout(PopCase):
    """What the book leaves to the server."""

    def keys(self, script):
        with self.receiver(port=script.port) as pop:
            return [each.key for each in pop.listing()]

    def test_no_unique_ids(self):
        script = self.scripted(mail("One"), mail("Two"), mail("Two"))
        before = self.keys(script)
        self.assertEqual(len(set(before)), 3)
        script.mails[0:1] = []
        script.mails.append(mail("Three"))
        self.assertEqual(self.keys(script)[:2], before[1:])

    def test_no_unique_ids_and_a_mark_written_into_the_mail(self):
        script = self.scripted(mail("One"))
        (before,) = self.keys(script)
        script.mails[0] = b"Status: RO\r\n" + mail("One")
        (after,) = self.keys(script)
        self.assertEqual(before[0], after[0])

    def test_neither_unique_ids_nor_headers(self):
        script = self.scripted(mail("One"), gives_headers=False)
        with self.assertRaisesRegex(ServerRefused, "Use IMAP"):
            self.keys(script)

    def test_no_headers(self):
        script = self.scripted(
            mail("One"), mail("Two", "x" * 9000 + "\r\n"), ids=["a", "b"], gives_headers=False
        )
        pop = self.receiver(port=script.port)
        pop.select("INBOX")
        pop.read_arrivals()
        self.assertEqual(pop.undated(), [])
        self.assertEqual(pop.uids_since(datetime(2020, 1, 1)), [1, 2])
        self.assertEqual(self.contents(pop, [1, 2], 1000), [mail("One")])
        self.assertIn("no headers alone", pop.failures[0].words)

    def test_the_same_unique_id_twice(self):
        script = self.scripted(mail("One"), mail("One"), mail("Other"), ids=["a", "a", "a"])
        self.assertEqual(len(set(self.keys(script))), 3)

    def test_a_unique_id_that_is_used_again(self):
        script = self.scripted(mail("One"), ids=["a"])
        (before,) = self.keys(script)
        script.mails[0] = mail("Another one")
        self.assertNotEqual(self.keys(script), [before])

    def test_unique_ids_of_any_shape(self):
        script = self.scripted(mail("One"), mail("Two"), ids=["x" * 5000, "a b\x00c"])
        for name, _size, _copy in self.keys(script):
            self.assertLess(len(name), 100)
            self.assertTrue(name.isprintable())

    def test_a_mail_that_has_none(self):
        script = self.scripted(mail("One"), mail("Two"), ids=["a", "b"])
        script.answer = {"UIDL": b"+OK\r\n1 a\r\n.\r\n"}.get
        self.assertEqual([key[0] for key in self.keys(script)], ["a", ""])

    def test_answers_that_are_none(self):
        script = self.scripted(mail("One"), ids=["a"])
        for answer in (b"+OK\r\nhello\r\n.\r\n", b"* 1 EXISTS\r\n", b"+OK\r\n\xff\xff\r\n.\r\n"):
            script.answer = {"LIST": answer}.get
            with self.subTest(answer), self.assertRaises((ServerRefused, ConnectionLost)):
                self.keys(script)


class TestPopRemoving(PopCase):
    def setUp(self):
        super().setUp()
        self.deliver(mail("One"), mail("Two"), mail("Three"))

    def test_only_what_was_named(self):
        pop = self.receiver()
        pop.select("INBOX", readonly=False)
        self.assertTrue(pop.delete([1, 3, 99]))
        self.assertEqual(self.subjects(), ["Two"])

    def test_what_was_read_and_stays_is_not_touched(self):
        pop = self.receiver()
        pop.select("INBOX")
        self.contents(pop, [1, 2, 3])
        pop.delete([1, 3])
        self.assertEqual(
            [(seen["subject"], seen["flags"]) for seen in self.on_server().values()],
            [("Two", set())],
        )

    def test_what_another_connection_numbers_otherwise(self):
        pop = self.receiver()
        pop.select("INBOX")
        self.contents(pop, [2, 3])
        with self.other_client() as other:
            other.delete_messages([other.search()[0]])
            other.expunge()
        pop.delete([2])
        self.assertEqual(self.subjects(), ["Three"])

    def test_nothing_is_removed_where_the_line_breaks_before_the_goodbye(self):
        with Wire(self.dovecot.pop_port) as wire:
            pop = self.receiver(port=wire.port, read_timeout=0.5)
            pop.select("INBOX")
            wire.answer = lambda words: None if words else b""  # QUIT alone has none
            with self.assertRaises(ConnectionLost):
                pop.delete([1, 2])
        self.assertEqual(self.subjects(), ["One", "Two", "Three"])

    def test_a_server_that_does_not_remove(self):
        script = self.scripted(mail("One"), ids=["a"])
        script.answer = {"QUIT": b"-ERR some deleted messages not removed\r\n"}.get
        pop = self.receiver(port=script.port)
        pop.select("INBOX")
        with self.assertRaisesRegex(ServerRefused, "not removed"):
            pop.delete([1])

    def test_leaving_without_removing_says_nothing(self):
        script = self.scripted(mail("One"), ids=["a"])
        with self.receiver(port=script.port) as pop:
            pop.select("INBOX")
            self.contents(pop, [1])
        self.assertNotIn("QUIT", script.commands)

    def test_what_pop3_cannot(self):
        pop = self.receiver()
        pop.select("INBOX")
        for refused in (
            lambda: pop.mark_seen([1]),
            lambda: pop.move([1], "Done"),
            lambda: pop.create_folder("Done"),
            lambda: pop.find_message_id("Sent", "<a@b>"),
            lambda: pop.append("Sent", mail()),
        ):
            with self.assertRaisesRegex((FolderError, ServerRefused), "use IMAP"):
                refused()
