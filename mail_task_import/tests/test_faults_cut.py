"""The connection to the mail server cut at random bytes, in either direction, TLS or not."""

import os

from odoo.tests import tagged

from .faults_common import FaultCase
from .faults_wire import CuttingLine

CUTS = int(os.environ.get("FAULT_CUTS") or 24)


@tagged("post_install", "-at_install")
class TestFaultsCut(FaultCase):
    def line(self, port):
        line = CuttingLine(port)
        self.addCleanup(line.close)
        return line

    def somewhere(self):
        """Few bytes as often as many: in the greeting, in commands, in the midst of a literal."""
        if self.random.random() < 0.3:
            return "up", int(2 ** self.random.uniform(0, 10))
        return "down", int(2 ** self.random.uniform(3, 19))

    def test_cuts_with_mail_that_is_marked_moved_deleted_or_left(self):
        """Four mailboxes at once, one of them by TLS."""
        plain = self.line(self.stage.dovecot.imap_port)
        encrypted = self.line(self.stage.dovecot.imaps_port)
        tls = {"host": "localhost", "port": encrypted.port, "security": "ssl"}
        tls["ca_file"] = str(self.stage.dovecot.ca_file)
        settled = {
            "seen": {"port": plain.port, "after_import": "seen"},
            "move": {"port": plain.port, "after_import": "move", "move_to": "Done"},
            "delete": {**tls, "after_import": "delete"},
            None: {"port": plain.port},
        }
        wanted = {f"{kind}-{self.address}".lower(): values for kind, values in settled.items()}
        self.mailboxes(wanted)
        self.cut_often((plain, encrypted), wanted)
        self.recover(*wanted)
        for address, kind in zip(wanted, settled, strict=True):
            self.assert_ledger(address, settled=kind)

    def cut_often(self, lines, addresses):
        for line in lines:
            line.budget = self.somewhere
        reasons = set()
        for _run in range(CUTS):
            for address in addresses:
                self.plant(self.random.choice((0, 3, 6)), address)
            self.fetch()
            reasons |= {self.health(address)[1] for address in addresses}
            if sum(line.cuts for line in lines) >= CUTS:
                break
        self.assertGreaterEqual(sum(line.cuts for line in lines), CUTS)
        self.assertTrue(all(line.cuts for line in lines))
        self.assert_plain(reasons - {""})
        for line in lines:
            line.budget = lambda: None

    def assert_plain(self, reasons):
        self.assertTrue(reasons)
        for reason in reasons:
            self.assertRegex(reason, r"^[a-zA-Z0-9][^\n]*\.( The server said: .*)?$")
            self.assertNotRegex(reason, "Traceback|Errno|secret")

    def test_a_mail_at_which_the_line_always_breaks_is_fetched_when_it_no_longer_does(self):
        """The others come in meanwhile; it has its place in the ledger."""
        line = self.line(self.stage.dovecot.imap_port)
        self.mailbox(port=line.port)
        self.plant(2)
        self.file_bytes = (300_000, 300_000)
        self.plant(1)
        large = self.planted[-1].message_id
        self.plant(4)
        line.budget = lambda: ("down", 300_000)
        for _run in range(20):
            error = self.fetch()
            if not error:
                break
        self.assertFalse(error)
        self.assert_ledger(quarantined=[large])
        line.budget = lambda: None
        self.recover()
        self.assert_ledger()
