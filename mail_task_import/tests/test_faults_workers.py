"""Several workers at once, on one mailbox and on several that receive the same mail."""

import time

from odoo.tests import tagged

from .faults_common import FaultCase


@tagged("post_install", "-at_install")
class TestFaultsWorkers(FaultCase):
    def test_three_workers_on_one_mailbox(self):
        self.mailbox(after_import="move", move_to="Done")
        self.plant(250)
        for run in [self.stage.zygote.begin("fetch") for _worker in range(3)]:
            run.finish()
        self.recover()
        self.assert_ledger(settled="move")

    def test_two_workers_of_which_one_is_killed(self):
        self.mailbox(after_import="delete")
        for _time in range(6):
            self.plant(10)
            killed, other = (self.stage.zygote.begin("fetch") for _worker in range(2))
            time.sleep(self.random.uniform(0, 0.4))
            killed.kill()
            other.finish()
        self.recover()
        self.assert_ledger(settled="delete")

    def test_two_mailboxes_receive_the_same_mails_at_once(self):
        """One e-mail and one lead each, and an entry for either mailbox."""
        other = f"other-{self.address}"
        self.mailbox()
        self.mailbox(other)
        for _time in range(3):
            self.plant(15, self.address, other)
            runs = [
                self.stage.zygote.begin("fetch", only=[address])
                for address in (self.address, other)
            ]
            for run in runs:
                run.finish()
        self.recover()
        self.assert_ledger()
        self.assert_ledger(other)
