"""Keeping watch over folders of a real Dovecot: what is announced, what breaks, what comes back."""

import contextlib
import threading
import time
from unittest.mock import patch

from odoo.addons.mail_task_import.receivers import idling, watching
from odoo.addons.mail_task_import.receivers.connection import password_login
from odoo.addons.mail_task_import.receivers.exceptions import ConnectionLost
from odoo.addons.mail_task_import.receivers.idling import begin_idle
from odoo.addons.mail_task_import.receivers.imap import ImapReceiver
from odoo.addons.mail_task_import.receivers.watching import Spot, Watch

from .faults_common import wait_until
from .test_receivers_common import LOGIN, PASSWORD, ReceiverCase, Wire, closed_port, mail

QUIET_SECONDS = 1.5
"""Dovecot waits half a second before it tells."""
SOON = patch.object(watching, "LOST_SECONDS", (0.1,))
WITHOUT_IDLE = "protocol imap {\n imap_capability = IMAP4rev1 UIDPLUS\n}"


class WatchCase(ReceiverCase):
    def setUp(self):
        super().setUp()
        self.arrived = []
        self.password = PASSWORD
        self.watch = Watch(self.connect, lambda spot: self.arrived.append(spot.key))
        self.thread = threading.Thread(target=self.watch.run)
        self.thread.start()
        self.addCleanup(self.thread.join, 10)
        self.addCleanup(self.watch.stop)

    def connect(self, spot):
        settings = self.settings(**self.where)
        receiver = ImapReceiver(settings, password_login(LOGIN, self.password))
        try:
            receiver.open()
            return begin_idle(receiver, spot.folder, time.monotonic())
        except BaseException:
            receiver.drop()
            raise

    where = {}

    def spot(self, folder="INBOX", **values):
        given = {"mailbox": ("db", 1), "server": ("localhost", 1), "version": "1", **values}
        return Spot(key=folder, folder=folder, **given)

    def begin(self, *folders):
        """Watch these, with nothing in them that is not imported."""
        self.deliver(mail("Old"))
        spots = [self.spot(folder, position=self.position(folder)) for folder in folders]
        self.watch.watch(spots)
        wait_until(lambda: self.is_watching(len(folders)))

    def position(self, folder="INBOX"):
        state = self.inbox()._client.folder_status(folder, ["UIDVALIDITY", "UIDNEXT"])
        return state[b"UIDVALIDITY"], state[b"UIDNEXT"]

    def lines(self):
        return [place.line for place in list(self.watch._places.values()) if place.line]

    def is_watching(self, count=1):
        lines = self.lines()
        return len(lines) == count and all(line.is_idling for line in lines)

    def lose_lines(self):
        """As a router does that forgets them; the server is told nothing."""
        for line in self.lines():
            with contextlib.suppress(OSError):
                line._sock.shutdown(2)

    def assert_quiet(self):
        time.sleep(QUIET_SECONDS)
        self.assertEqual(self.arrived, [])


class TestWatching(WatchCase):
    def test_mail_is_announced_at_once(self):
        self.begin("INBOX")
        self.deliver(mail("New"))
        wait_until(lambda: self.arrived == ["INBOX"], 2)

    def test_over_an_encrypted_line_too(self):
        self.where = {
            "port": self.dovecot.imaps_port,
            "security": "ssl",
            "ca_file": str(self.dovecot.ca_file),
        }
        self.begin("INBOX")
        self.deliver(mail("New"))
        wait_until(lambda: self.arrived == ["INBOX"], 2)

    def test_each_folder_tells_of_its_own_mail(self):
        self.deliver(mail("Old"), folder="Projects")
        self.begin("INBOX", "Projects")
        self.deliver(mail("New"), folder="Projects")
        wait_until(lambda: self.arrived, 2)
        self.assertEqual(self.arrived, ["Projects"])

    def test_flags_and_deleted_mail_are_no_arrival(self):
        self.begin("INBOX")
        with self.other_client() as other:
            other.add_flags(other.search(), [b"\\Seen"])
            other.delete_messages(other.search())
            other.expunge()
        self.assert_quiet()
        self.deliver(mail("New"))
        wait_until(lambda: self.arrived == ["INBOX"], 2)

    def test_what_is_imported_already_is_not_announced_when_the_watch_begins(self):
        self.begin("INBOX")
        self.assert_quiet()

    def test_what_came_before_the_watch_is_announced(self):
        self.deliver(mail("Old"))
        position = self.position()
        self.deliver(mail("Not imported yet"))
        self.watch.watch([self.spot(position=position)])
        wait_until(lambda: self.arrived == ["INBOX"])

    def test_reading_never_changes_the_server(self):
        self.begin("INBOX")
        self.deliver(mail("New"))
        wait_until(lambda: self.arrived, 2)
        for seen in self.on_server().values():
            self.assertEqual(seen["flags"], set())

    def test_idle_is_asked_for_anew_before_it_expires(self):
        with Wire(self.dovecot.imap_port) as wire, patch.object(idling, "RENEW_SECONDS", 0.2):
            self.where = {"port": wire.port}
            self.begin("INBOX")
            wait_until(lambda: wire.commands.count(b"IDLE") > 2)
            self.assertEqual(self.arrived, [])
            self.deliver(mail("New"))
            wait_until(lambda: self.arrived == ["INBOX"], 3)

    @SOON
    def test_mail_that_came_while_the_server_was_away_is_announced(self):
        self.begin("INBOX")
        with Wire(self.dovecot.imap_port) as wire:
            self.where = {"port": wire.port}
            self.lose_lines()
            self.deliver(mail("Meanwhile"))
            wait_until(lambda: self.arrived and self.is_watching())

    @SOON
    def test_a_line_that_is_lost_without_new_mail_comes_back_quietly(self):
        self.begin("INBOX")
        (before,) = self.lines()
        self.lose_lines()
        wait_until(lambda: self.is_watching() and self.lines() != [before])
        self.assert_quiet()

    @SOON
    def test_a_server_that_is_started_anew_is_watched_again(self):
        self.begin("INBOX")
        self.dovecot.stop()
        wait_until(lambda: not self.lines())
        self.dovecot.start()
        wait_until(self.is_watching)
        self.arrived.clear()
        self.deliver(mail("New"))
        wait_until(lambda: self.arrived, 3)

    @SOON
    def test_a_server_that_says_nothing_more_is_left(self):
        def answer(command):
            return b"" if command in (b"IDLE", b"DONE") and mute else None

        mute = False
        with Wire(self.dovecot.imap_port) as wire, patch.object(idling, "ANSWER_SECONDS", 0.5):
            wire.answer = answer
            self.where = {"port": wire.port}
            self.begin("INBOX")
            (before,) = self.lines()
            mute = True
            before._due = 0.0  # as if IDLE was about to expire
            wait_until(lambda: before not in self.lines(), 5)
            mute = False
            wait_until(self.is_watching)

    def test_a_wrong_password_is_not_tried_again_and_again(self):
        with Wire(self.dovecot.imap_port) as wire, self.assertLogs(watching.__name__) as logs:
            self.where, self.password = {"port": wire.port}, "planted-wrong"
            self.watch.watch([self.spot(), self.spot("Projects"), self.spot("Sent")])
            time.sleep(2 * QUIET_SECONDS)
            logins = [command for command in wire.commands if command.startswith(b"LOGIN")]
            self.assertEqual(len(logins), 1)
            self.assertNotIn("planted-wrong", "".join(logs.output))
            self.password = PASSWORD
            self.watch.watch([self.spot(version="another password")])
            wait_until(self.is_watching)

    def test_a_folder_that_is_not_there_holds_up_no_other(self):
        self.deliver(mail("Old"))
        self.watch.watch([self.spot("Nowhere", rank=1), self.spot(rank=2)])
        wait_until(self.is_watching)

    def test_a_dead_server_holds_up_no_other(self):
        self.deliver(mail("Old"))
        dead = [
            self.spot(f"Dead {number}", mailbox=("db", number), server=("dead", 1))
            for number in range(10, 40)
        ]
        real = self.connect

        def connect(spot):
            if spot.server == ("dead", 1):
                time.sleep(1)
                settings = self.settings(port=closed_port())
                ImapReceiver(settings, password_login(LOGIN, "")).open()
            return real(spot)

        self.watch._connect = connect
        self.watch.watch(dead)
        time.sleep(1.5)
        self.watch.watch([*dead, self.spot()])
        wait_until(self.is_watching, 3)

    def test_who_is_no_longer_to_be_watched_is_left_in_peace(self):
        self.begin("INBOX")
        self.watch.watch([])
        wait_until(lambda: not self.lines())
        self.deliver(mail("New"))
        self.assert_quiet()

    def test_it_stops_within_moments(self):
        self.begin("INBOX")
        self.watch.stop()
        self.thread.join(3)
        self.assertFalse(self.thread.is_alive())

    def test_many_lines_have_one_thread(self):
        self.deliver(mail("Old"))
        before = threading.active_count()
        self.watch.watch(
            Spot(number, ("db", number), "INBOX", ("localhost", 1), "1", self.position())
            for number in range(60)
        )
        wait_until(lambda: self.is_watching(60), 60)
        wait_until(lambda: threading.active_count() <= before)
        self.deliver(mail("New"))
        wait_until(lambda: sorted(self.arrived) == list(range(60)), 5)


class TestServerWithoutIdle(WatchCase):
    dovecot_extra = WITHOUT_IDLE

    def test_it_is_left_to_the_scheduler(self):
        with self.assertLogs(watching.__name__) as logs:
            self.watch.watch([self.spot()])
            wait_until(lambda: "no IDLE" in "".join(logs.output))
        self.deliver(mail("New"))
        self.assert_quiet()


class TestIdleLine(ReceiverCase):
    """What a server may say on a line, said by a wire in its place."""

    def line(self, said):
        """A line whose server says this instead of what comes after IDLE."""
        wire = self.enterContext(Wire(self.dovecot.imap_port))
        wire.answer = lambda command: said if command == b"IDLE" else None
        receiver = self.inbox(port=wire.port)
        line = begin_idle(receiver, "INBOX", 0.0)
        self.addCleanup(line.close)
        return line

    def read(self, line):
        """All that comes within a moment."""
        arrived = False
        until = time.monotonic() + 1
        while time.monotonic() < until:
            arrived = line.read(0.0) or arrived
            time.sleep(0.02)
        return arrived

    def test_numbers_that_grow_are_mail(self):
        self.assertTrue(self.read(self.line(b"+ idling\r\n* 1 EXISTS\r\n")))

    def test_numbers_that_stay_are_none(self):
        said = b"+ idling\r\n* 0 EXISTS\r\n* OK Still here\r\n* 1 FETCH (FLAGS ())\r\n"
        self.assertFalse(self.read(self.line(said)))

    def test_mail_that_comes_for_mail_that_goes_is_mail(self):
        said = b"+ idling\r\n* 1 EXISTS\r\n* 1 EXPUNGE\r\n"
        line = self.line(said)
        self.read(line)
        line._unread = b"* 1 EXISTS\r\n"
        self.assertTrue(line.read(0.0))

    def test_whatever_else_it_says_ends_the_line(self):
        for said in (
            b"* BYE Autologout\r\n",
            b"TAG OK Idle completed\r\n",
            b"IDLE1 NO not now\r\n",
            b"IDLE1 BAD what?\r\n",
            b"+ idling\r\n" + b"x" * 70_000,
        ):
            with self.subTest(said[:30]), self.assertRaises((ConnectionLost, idling.ServerRefused)):
                self.read(self.line(said))
