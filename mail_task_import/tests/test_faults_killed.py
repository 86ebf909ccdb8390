"""The importer killed with SIGKILL at random moments, often: nothing lost, nothing doubled."""

import os
import time

from odoo.tests import tagged

from .faults_common import FaultCase

KILLS = int(os.environ.get("FAULT_KILLS") or 30)


@tagged("post_install", "-at_install")
class TestFaultsKilled(FaultCase):
    def kill_often(self, kills):
        """Deliver some, begin a run, kill it somewhere between its begin and its usual end."""
        killed, usual = 0, self._usual_seconds()
        for _attempt in range(3 * kills):
            self.plant(self.random.choice((0, 2, 5, 8)))
            run = self.stage.zygote.begin("fetch")
            time.sleep(self.random.uniform(0, usual))
            killed += run.kill()
            if killed == kills:
                return
        self.fail(f"Only {killed} kills met an importer at work")

    def _usual_seconds(self):
        self.plant(10)
        run = self.stage.zygote.begin("fetch")
        run.finish()
        return run.seconds

    def test_random_kills_with_mail_marked_as_read(self):
        self.mailbox(after_import="seen")
        self.kill_often(KILLS - 2 * (KILLS // 3))
        self.recover()
        self.assert_ledger(settled="seen")

    def test_random_kills_with_mail_moved(self):
        self.mailbox(after_import="move", move_to="Done")
        self.kill_often(KILLS // 3)
        self.recover()
        self.assert_ledger(settled="move")

    def test_random_kills_with_mail_deleted(self):
        self.mailbox(after_import="delete")
        self.kill_often(KILLS // 3)
        self.recover()
        self.assert_ledger(settled="delete")

    def test_one_mail_whose_import_is_killed_over_and_over_is_imported_in_the_end(self):
        """Kills are no mail's fault as a rule: what is put aside for them is tried again."""
        self.mailbox(after_import="delete")
        self.plant(1)
        for _kill in range(8):
            run = self.stage.zygote.begin("fetch")
            time.sleep(self.random.uniform(0.02, 0.3))
            run.kill()
        self.recover()
        self.assert_ledger(settled="delete")
