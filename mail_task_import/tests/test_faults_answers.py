"""The mail server answers NO, BAD, BYE, nonsense, a byte now and then, or never, to each command.

Whatever it says, the run ends in time, the mailbox notes a plain reason, other mailboxes wait for
nothing, and all is in order as soon as the server is. A sick server for each command and each
behaviour: many at once, beside one that is well.
"""

import functools
import re
import time

from odoo.tests import tagged

from .common import build_mail
from .faults_common import FaultCase, Ledger, wait_until
from .faults_wire import server_that_never_accepts
from .test_receivers_common import Wire, closed_port, silent_server

COMMANDS = {
    "capability": rb"CAPABILITY",
    "login": rb"LOGIN|AUTHENTICATE",
    "list": rb"LIST",
    "examine": rb"EXAMINE",
    "search": rb"UID SEARCH",
    "facts": rb"UID FETCH .*RFC822\.SIZE",
    "bodies": rb"UID FETCH .*BODY\.PEEK\[\]",
    "headers": rb"UID FETCH .*BODY\.PEEK\[HEADER\]",
    "select": rb"SELECT",
    "store": rb"UID STORE",
    "expunge": rb"UID EXPUNGE",
    "create": rb"CREATE",
    "move": rb"UID MOVE",
    "append": rb"APPEND",
    "logout": rb"LOGOUT",
}
SAID = {
    "no": b"TAG NO [UNAVAILABLE] Not today\r\n",
    "bad": b"TAG BAD What do you mean?\r\n",
    "bye": b"* BYE Going down\r\n",
    "nonsense": b"* 7 \xff ( {x}\r\nTAG\r\n",
    "never": b"",
}
BEHAVIOURS = (*SAID, "slowly")
SECONDS_A_BYTE = 0.2


def misbehave(wire, command, behaviour, said):
    """What ``Wire.answer`` does: at each command of this kind."""
    if not re.match(COMMANDS[command], said, re.IGNORECASE):
        return None
    if behaviour == "slowly":
        wire.seconds_a_byte = SECONDS_A_BYTE
        return None
    return SAID[behaviour]


@tagged("post_install", "-at_install")
class TestFaultsAnswers(FaultCase):
    def setUp(self):
        super().setUp()
        self.mailbox()
        self.wires = {}

    def fall_sick(self, *commands, behaviours=BEHAVIOURS, **values):
        """A mailbox and a line of its own for each of these; returns the addresses."""
        wanted = {}
        for command in commands:
            for behaviour in behaviours:
                wire = self.enterContext(Wire(self.stage.dovecot.imap_port))
                wire.answer = functools.partial(misbehave, wire, command, behaviour)
                address = f"{command}-{behaviour}-{self.address}"
                self.wires[address] = wire
                wanted[address] = {"port": wire.port, **values}
        self.mailboxes(wanted)
        return list(wanted)

    def heal(self):
        for wire in self.wires.values():
            wire.answer, wire.seconds_a_byte = lambda said: None, 0.0

    def suffer(self, sick, rounds=1, noted=False):
        """New mail, and a sick server; then it is well, and all is there, once."""
        for failures in range(1, rounds + 1):
            for address in (self.address, *sick):
                self.plant(2 // rounds, address)
            self.stage.zygote.run("fetch")
            for address in sick if noted else ():
                self.assert_noted(address, failures)
        self.heal()
        self.recover(self.address, *sick)
        self.assert_ledger()

    def assert_noted(self, address, failures, says="^[A-Z0-9“]"):
        with self.subTest(address=address):
            number, reason = self.health(address)
            self.assertEqual(number, failures)
            self.assertRegex(reason, says)
            self.assertNotRegex(reason, "Traceback|Errno|secret|object at")
            later = "SELECT next_fetch > last_fetch FROM mail_import_mailbox WHERE address = %s"
            self.assertEqual(self.stage.query(later, address), [(True,)])

    def assert_ledgers(self, addresses, settled=None):
        for address in addresses:
            with self.subTest(address=address):
                self.assert_ledger(address, settled=settled)

    def test_while_it_is_signed_in_to_and_searched(self):
        self.patience(connect=2, silence=1, answer=2)
        sick = self.fall_sick("capability", "login", "list", "examine", "search")
        self.suffer(sick, noted=True)
        self.assert_ledgers(sick)

    def test_while_mail_is_read(self):
        """Twice: a folder whose reading was cut twice is read in another way."""
        self.patience(connect=2, silence=1, answer=2)
        self.lines = (1000, 1200)
        sick = self.fall_sick("facts", "bodies", "logout")
        sick += self.fall_sick("headers", size_limit=10_000)
        self.suffer(sick, rounds=2)
        self.assert_ledgers(sick)

    def test_while_mail_is_marked_moved_and_deleted(self):
        """Reading was a success: what is left to do says itself why."""
        self.patience(connect=2, silence=1, answer=2)
        settled = {
            "seen": self.fall_sick("select", "store", after_import="seen"),
            "move": self.fall_sick("create", "move", after_import="move", move_to="Done"),
            "delete": self.fall_sick("expunge", after_import="delete"),
        }
        self.suffer([address for sick in settled.values() for address in sick])
        for kind, sick in settled.items():
            self.assert_ledgers(sick, kind)

    def test_while_a_copy_of_what_was_sent_is_put_there(self):
        """Also where it is there, and the server could not say so."""
        self.patience(connect=2, silence=1, answer=2)
        sick = self.fall_sick("append")
        message_id = f"<sent-{self.address}>"
        raw = build_mail(message_id=message_id).decode()
        self.stage.zygote.run("copy_to_sent", addresses=sick, raw=raw, message_id=message_id)
        self.suffer(sick)
        self.assert_ledgers(sick)
        for address in sick:
            with self.subTest(address=address):
                self.assertEqual(len(Ledger(self, address).on_server("Sent")[1]), 1)

    def test_nobody_is_there(self):
        """A port that is closed, one that never accepts, one that accepts and is silent."""
        self.patience(connect=1)
        with silent_server() as silent, server_that_never_accepts() as unaccepting:
            ports = {"closed": closed_port(), "silent": silent, "unaccepting": unaccepting}
            sick = {f"{name}-{self.address}": {"port": port} for name, port in ports.items()}
            self.mailboxes(sick)
            self.plant(2)
            self.stage.zygote.run("fetch")
            for address in sick:
                self.assert_noted(address, 1, "127.0.0.1, port")
        self.assert_ledger()

    def test_mail_comes_in_while_all_the_others_wait_for_their_servers(self):
        """Also mail that came after the run had begun, when somebody asks for it."""
        sick = self.fall_sick(
            "login", "list", "search", "facts", "bodies", behaviours=("never", "slowly")
        )
        for address in (self.address, *sick):
            self.plant(2, address)
        self.plant(60)
        run = self.stage.zygote.begin("fetch")
        wait_until(self.all_here)
        self.plant(1)
        self.change(next_fetch=False)
        wait_until(self.all_here)
        self.assertTrue(run.is_alive(), "the sick servers did not hold the run up at all")
        run.kill()
        self.heal()
        self.recover(self.address, *sick)
        self.assert_ledgers([self.address, *sick])

    def all_here(self):
        planted = sum(self.address in each.uids for each in self.planted)
        located = """SELECT count(*) FROM mail_import_location l
                       JOIN mail_import_remote_folder f ON f.id = l.remote_folder_id
                       JOIN mail_import_mailbox m ON m.id = f.mailbox_id
                      WHERE m.address = %s"""
        time.sleep(0.1)
        return self.stage.query(located, self.address) == [(planted,)]
