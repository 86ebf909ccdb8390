"""POP3 servers that hand out less than they announce, or remove what they do not confirm."""

import re

from odoo import api
from odoo.tests import tagged

from .common import build_mail
from .test_pop_fetching import PopCase


@tagged("post_install", "-at_install")
class TestPopUnconfirmed(PopCase):
    """The answer to QUIT is cut; what was to be removed is gone, or not."""

    def changes(self):
        return self.env["mail.import.remote.change"].search([("mailbox_id", "=", self.support.id)])

    def cut_after_quit(self, script, *left):
        """The server removes the mail, the line is cut, and ``left`` is there with that id."""

        def answer(command):
            if command != "QUIT" or "DELE 1" not in script.commands:
                return None
            script.mails, script.ids = list(left), ["a"] * len(left)
            script.answer = lambda _command: None
            return b"-cut"

        script.answer = answer

    def test_another_mail_with_the_id_of_one_that_was_removed_is_read_first(self):
        self.support.after_import = "delete"
        first, second = build_mail(subject="One"), build_mail(subject="Two")
        self.assertEqual(len(first), len(second))
        script = self.scripted(first, ids=["a"])
        self.cut_after_quit(script, second)
        self.fetch(self.support)
        self.assertEqual(len(self.changes()), 1)
        self.support.next_fetch = False
        self.fetch(self.support)
        self.assertEqual(script.mails, [second])
        self.support.next_fetch = False
        self.assertEqual(self.fetched(), ["One", "Two"])
        self.assertFalse(script.mails)
        self.assertFalse(self.changes())

    def test_what_the_server_has_kept_is_removed_though_it_was_read_before(self):
        self.support.after_import = "delete"
        raw = build_mail(subject="One")
        script = self.scripted(raw, ids=["a"], gives_headers=False)
        self.cut_after_quit(script, b"Status: RO\r\n" + raw[: -len(b"Status: RO\r\n")])
        self.fetch(self.support)
        self.support.next_fetch = False
        self.assertEqual(self.fetched(), ["One"])
        self.assertFalse(script.mails)


@tagged("post_install", "-at_install")
class TestPopShort(PopCase):
    """The server hands out less than it has announced."""

    def setUp(self):
        super().setUp()
        self.support.after_import = "delete"
        self.whole = build_mail(subject="Long", text="important " * 500)
        self.script = self.scripted(self.whole, ids=["a"])

    def hand_out(self, content):
        self.script.answer = {"RETR 1": b"+OK\r\n" + content + b".\r\n"}.get

    def quarantine(self):
        return self.env["mail.import.quarantine"].search(
            [("mailbox_id", "=", self.support.id)], limit=1
        )

    def retry(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.quarantine().with_env(api.Environment(cr, api.SUPERUSER_ID, {}))._retry()
        self.env.invalidate_all()

    def half(self):
        return self.whole[: len(self.whole) // 2] + b"\r\n"

    def test_it_is_asked_for_again_and_removed_once_it_is_whole(self):
        for content in (b"", self.half()):
            with self.subTest(len(content)):
                self.script.mails, self.script.ids = [self.whole], [f"a{len(content)}"]
                self.hand_out(content)
                self.assertEqual(self.fetched(), [])
                self.assertEqual(self.script.mails, [self.whole])
                self.script.answer = lambda _command: None
                self.retry()
                self.assertEqual(self.fetched(), ["Long"])
                self.assertFalse(self.script.mails)
                self.assertIn("important important", self.entries(self.support).body_text)
                self.entries(self.support).email_id.unlink()
                self.env["mail.import.tombstone"].search([]).unlink()

    def test_what_stays_short_is_stored_and_left_on_the_server(self):
        self.hand_out(self.half())
        self.assertEqual(self.fetched(), [])
        self.assertIn("announced", self.quarantine().reason)
        self.retry()
        self.assertEqual(self.fetched(), ["Long"])
        self.assertIn("left on the server", self.quarantine().log)
        self.assertEqual(self.script.mails, [self.whole])
        self.fetched()
        self.assertNotIn("DELE 1", self.script.commands)

    def test_what_stays_empty_is_neither_imported_nor_removed(self):
        self.hand_out(b"\r\n")
        self.fetched()
        self.retry()
        self.assertEqual(self.fetched(), [])
        self.assertIn("sent nothing", self.quarantine().reason)
        self.assertEqual(self.script.mails, [self.whole])

    def test_several_short_ones_hold_up_no_others(self):
        self.script.mails *= 2
        self.script.ids = ["a", "b"]
        self.script.answer = lambda said: b"+OK\r\n.\r\n" if said.startswith("RETR") else None
        self.fetched()
        outcomes = self.locations(self.support).mapped("outcome")
        self.assertEqual(outcomes, ["quarantined", "quarantined"])

    def test_a_size_that_is_counted_otherwise_is_no_sign(self):
        for announced in (len(self.whole) + 150, len(self.whole) * 100 // 95):
            with self.subTest(announced):
                self.script.mails, self.script.ids = [self.whole], [str(announced)]
                self.script.answer = {"LIST": b"+OK\r\n1 %d\r\n.\r\n" % announced}.get
                self.assertEqual(self.fetched(), ["Long"])
                self.assertFalse(self.script.mails)


@tagged("post_install", "-at_install")
class TestPopOthers(PopCase):
    """The server hands out one mail for several."""

    def setUp(self):
        super().setUp()
        self.script = self.with_mails()

    def with_mails(self, **options):
        subjects = ("One", "Two", "Three")
        self.raws = [build_mail(subject=each, text=f"{each} " * 400) for each in subjects]
        return self.scripted(*self.raws, ids=["a", "b", "c"], **options)

    def hand_out(self, content):
        said = b"+OK\r\n" + content + b".\r\n"
        self.script.answer = lambda command: said if command.startswith("RETR") else None

    def quarantine(self):
        return self.env["mail.import.quarantine"].search(
            [("mailbox_id", "=", self.support.id)], order="id"
        )

    def attempt(self):
        """What the scheduler does when its time has come."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            for quarantine in self.quarantine().with_env(env):
                quarantine._begin_attempt()
                quarantine._retry()
        self.env.invalidate_all()

    def test_the_others_are_asked_for_again(self):
        for after_import in ("untouched", "delete"):
            with self.subTest(after_import):
                self.support.after_import = after_import
                self.hand_out(self.raws[0])
                self.assertEqual(self.fetched(), ["One"])
                self.assertEqual(self.quarantine().mapped("state"), ["waiting"] * 2)
                self.assertIn("another mail", self.quarantine()[0].reason)
                self.assertTrue(all(raw in self.script.mails for raw in self.raws[1:]))
                self.script.answer = lambda _command: None
                self.attempt()
                self.assertEqual(self.fetched(), ["One", "Three", "Two"])
                self.assertEqual(self.quarantine().mapped("state"), ["released"] * 2)
                self.quarantine().unlink()
                self.entries(self.support).email_id.unlink()
                self.env["mail.import.tombstone"].search([]).unlink()
                self.script = self.with_mails()
                self.script.ids = ["d", "e", "f"]

    def test_what_stays_another_is_put_aside_for_all_to_see_and_left_on_the_server(self):
        self.support.after_import = "delete"
        self.hand_out(self.raws[0])
        self.fetched()
        for _attempt in range(2):
            self.attempt()
        self.assertEqual(self.quarantine().mapped("state"), ["kept"] * 2)
        self.assertEqual(self.support.quarantined_count, 2)
        self.script.commands.clear()
        self.assertEqual(self.fetched(), ["One"])
        self.assertFalse([each for each in self.script.commands if each.startswith("RETR")])
        self.assertEqual(self.script.mails, self.raws[1:])
        self.script.answer = lambda _command: None
        self.attempt()
        self.assertEqual(self.fetched(), ["One", "Three", "Two"])

    def test_a_mail_that_is_none_of_them_is_not_taken_for_one(self):
        self.hand_out(build_mail(subject="Four", text="Four " * 400))
        self.assertEqual(self.fetched(), [])
        self.assertEqual(len(self.quarantine()), 3)

    def test_without_message_ids(self):
        self.raws = [without(raw, b"Message-ID") for raw in self.raws]
        self.script.mails = list(self.raws)
        self.hand_out(self.raws[0])
        self.assertEqual(self.fetched(), ["One"])
        self.assertEqual(len(self.quarantine()), 2)

    def test_where_no_headers_are_handed_out_the_size_tells(self):
        self.script = self.with_mails(gives_headers=False)
        self.raws[1:] = [build_mail(subject="Two"), build_mail(subject="Three", text="a " * 9000)]
        self.script.mails = list(self.raws)
        self.hand_out(self.raws[0])
        self.assertEqual(self.fetched(), ["One"])
        self.assertEqual(len(self.quarantine()), 2)

    def test_whoever_releases_it_gets_what_the_server_hands_out(self):
        self.support.after_import = "delete"
        self.hand_out(build_mail(subject="Four", text="Four " * 400))
        self.fetched()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            self.quarantine()[0].with_env(env)._release()
        self.env.invalidate_all()
        self.assertEqual(self.fetched(), ["Four"])
        self.assertEqual(self.script.mails, self.raws)

    def test_headers_that_a_server_writes_into_it_make_it_no_other(self):
        def answer(command):
            verb, _, number = command.partition(" ")
            if verb != "RETR":
                return None
            raw = self.raws[int(number) - 1]
            return b"+OK\r\nStatus: RO\r\nReceived: by proxy; now\r\n" + raw + b".\r\n"

        self.script.answer = answer
        self.assertEqual(self.fetched(), ["One", "Three", "Two"])

    def test_headers_that_it_writes_in_one_way_or_another_make_it_no_other(self):
        bare = [without(raw, b"Message-ID") for raw in self.raws]
        inner = [raw + b"\r\n-- forwarded\r\nMessage-ID: <in@x>\r\n\r\nx\r\n" for raw in self.raws]
        spaced = [raw.replace(b"\r\n\r\n", b"\r\n \r\n", 1) for raw in inner]
        odd = [raw.replace(b"\r\n", b"\r\r\n") for raw in inner]
        for name, mails, told, handed_out in (
            ("spelling", self.raws, (b"Message-ID: ", b"Message-Id:"), ()),
            ("left out", self.raws, (b"Message-ID: ", b"X-Number: "), ()),
            ("mark", bare, (), (b"Subject: ", b"Subject: [SPAM] ")),
            ("added", bare, (), (b"Subject: ", b"Message-ID: <added@here>\r\nSubject: ")),
            ("blank line", spaced, (), ()),
            ("line ends", odd, (), ()),
        ):
            with self.subTest(name):
                self.script.mails = list(mails)
                self.script.ids = [f"{name}{number}" for number in range(3)]
                self.script.answer = self.answers(told, handed_out)
                self.fetched()
                self.assertFalse(self.quarantine())
                self.assertEqual(len(self.entries(self.support)), 3)
                self.entries(self.support).email_id.unlink()
                self.env["mail.import.tombstone"].search([]).unlink()

    def answers(self, told, handed_out):
        """As TOP tells the headers and RETR hands out the mail, each with something replaced."""

        def answer(command):
            verb, _, rest = command.partition(" ")
            if verb not in ("TOP", "RETR"):
                return None
            raw = self.script.mails[int(rest.split()[0]) - 1]
            if verb == "TOP":
                blank = re.search(rb"\r+\n ?\r+\n", raw)
                raw = raw[: blank.start()] + b"\r\n\r\n"
            for old, new in filter(None, [told if verb == "TOP" else handed_out]):
                raw = raw.replace(old, new, 1)
            return b"+OK\r\n" + raw + b".\r\n"

        return answer

    def test_sizes_that_are_none_make_it_no_other(self):
        for unit in (0, 1024):
            with self.subTest(unit):
                self.script = self.with_mails(gives_headers=False)
                self.script.ids = [f"{unit}{number}" for number in range(3)]
                sizes = [len(raw) // unit if unit else 0 for raw in self.raws]
                lines = b"".join(b"%d %d\r\n" % one for one in enumerate(sizes, 1))
                self.script.answer = {"LIST": b"+OK\r\n" + lines + b".\r\n"}.get
                self.assertEqual(self.fetched(), ["One", "Three", "Two"])
                self.entries(self.support).email_id.unlink()
                self.env["mail.import.tombstone"].search([]).unlink()


def without(raw, header):
    return b"".join(line for line in raw.splitlines(True) if not line.startswith(header))
