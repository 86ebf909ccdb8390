"""The importer killed with SIGKILL, often: in each phase, and at random moments."""

import itertools
import os
import sys
import time
from collections import Counter

from odoo.tests import tagged

from .faults_common import SEED, FaultCase

KILLS = int(os.environ.get("FAULT_KILLS") or 36)
PHASES = itertools.cycle(("select", "fetch", "import", "flush", "commit", "committed", "settle"))


@tagged("post_install", "-at_install")
class TestFaultsKilled(FaultCase):
    killed_in = Counter()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        sys.stdout.write(f"FAULT_SEED={SEED}, killed in: {dict(cls.killed_in.most_common())}\n")

    def kill_often(self, kills):
        """Deliver some, begin a run, and kill it: in a phase, or before its usual end."""
        usual, met, killed_in = self._usual_seconds(), 0, Counter()
        for attempt in range(3 * kills):
            aimed = next(PHASES) if attempt % 2 else ""
            self.plant(self.random.choice((2, 5, 8) if aimed else (0, 2, 5, 8)))
            run = self.stage.zygote.begin("fetch")
            if self._kill(run, aimed, usual):
                met += 1
                killed_in[(run.phases() or ["connecting"])[-1]] += 1
            if met == kills:
                break
        self.killed_in.update(killed_in)
        self.assertEqual(met, kills, "kills met no importer at work")
        self.assertGreaterEqual(len(killed_in), 3, killed_in)

    def _kill(self, run, aimed, usual):
        if aimed:
            # at once as often as a little later: what follows a commit takes a millisecond
            return run.kill_after(aimed, self.random.choice((0, 0.02)) * self.random.random())
        time.sleep(self.random.uniform(0, usual))
        return run.kill()

    def _usual_seconds(self):
        self.plant(10)
        run = self.stage.zygote.begin("fetch")
        run.finish()
        return run.seconds

    def test_kills_with_mail_marked_as_read(self):
        self.mailbox(after_import="seen")
        self.kill_often(KILLS - 2 * (KILLS // 3))
        self.recover()
        self.assert_ledger(settled="seen")

    def test_kills_with_mail_moved(self):
        self.mailbox(after_import="move", move_to="Done")
        self.kill_often(KILLS // 3)
        self.recover()
        self.assert_ledger(settled="move")

    def test_kills_with_mail_deleted(self):
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
