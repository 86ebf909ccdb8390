"""The same faults where mail is read by POP3: kills, and lines that are cut."""

from odoo.tests import tagged

from . import test_faults_cut, test_faults_killed
from .faults_common import FaultCase


class PopFaultCase(FaultCase):
    def mailbox(self, address=None, **values):
        by_pop = {"protocol": "pop", "port": self.stage.dovecot.pop_port}
        super().mailbox(address, **(by_pop | values))


@tagged("post_install", "-at_install")
class TestFaultsPopKilled(PopFaultCase, test_faults_killed.TestFaultsKilled):
    test_kills_with_mail_moved = test_kills_with_mail_marked_as_read = None

    def test_kills_with_mail_left_untouched(self):
        self.mailbox()
        self.kill_often(test_faults_killed.KILLS // 3)
        self.recover()
        self.assert_ledger()


@tagged("post_install", "-at_install")
class TestFaultsPopCut(PopFaultCase, test_faults_cut.TestFaultsCut):
    test_cuts_with_mail_that_is_marked_moved_deleted_or_left = None
    test_a_mail_at_which_the_line_always_breaks_is_fetched_when_it_no_longer_does = None

    def test_cuts_with_mail_that_is_deleted_or_left(self):
        plain = self.line(self.stage.dovecot.pop_port)
        encrypted = self.line(self.stage.dovecot.pops_port)
        wanted = {
            f"left-{self.address}": {"port": plain.port},
            f"delete-{self.address}": {
                "host": "localhost",
                "port": encrypted.port,
                "security": "ssl",
                "ca_file": str(self.stage.dovecot.ca_file),
                "after_import": "delete",
            },
        }
        self.mailboxes({name: {"protocol": "pop", **values} for name, values in wanted.items()})
        self.cut_often((plain, encrypted), wanted)
        self.recover(*wanted)
        for address in wanted:
            settled = "delete" if address.startswith("delete") else None
            self.assert_ledger(address, settled=settled)
