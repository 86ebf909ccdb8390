"""PostgreSQL crashes and comes back, while mail is imported and settled."""

import time

from odoo.tests import tagged

from .faults_common import FaultCase

CRASHES = 5


@tagged("post_install", "-at_install")
class TestFaultsPostgres(FaultCase):
    def restart(self, mode):
        self.stage.cluster.stop(mode)
        self.stage.cluster.start()

    def test_crashes_at_random_moments(self):
        """Each run has the database taken away somewhere between its begin and its end."""
        self.mailbox(after_import="delete")
        self.plant(10)
        usual = self.stage.zygote.begin("fetch")
        usual.finish()
        for crash in range(CRASHES):
            self.plant(8)
            run = self.stage.zygote.begin("fetch")
            time.sleep(self.random.uniform(0.02, usual.seconds))
            self.restart("immediate" if crash % 2 else "fast")
            run.wait()
        self.recover()
        self.assert_ledger(settled="delete")

    def test_a_worker_lives_on_through_restarts(self):
        self.mailbox(after_import="seen")
        until = self.stage.zygote.folder / f"until-{self.address}"
        run = self.stage.zygote.begin("keep_fetching", until=str(until))
        for mode in ("fast", "immediate"):
            self.plant(15)
            time.sleep(self.random.uniform(0, 0.4))
            self.restart(mode)
        self.plant(5)
        time.sleep(0.5)
        until.touch()
        said = run.finish()
        self.assertTrue(said["done"], said)
        self.recover()
        self.assert_ledger(settled="seen")
