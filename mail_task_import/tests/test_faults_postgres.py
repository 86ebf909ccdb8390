"""PostgreSQL crashes and comes back, while mail is imported and settled."""

import time

from odoo.tests import tagged

from odoo.addons.mail_task_import.models.mailbox_fetch import READING_LOCK

from .faults_common import FaultCase, wait_until
from .test_receivers_common import silent_server

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

    def test_each_look_ends_when_the_database_goes_away(self):
        with silent_server() as port:
            others = {f"{name}-{self.address}": {"port": port} for name in "abc"}
            self.mailboxes(others)
            run = self.stage.zygote.begin("look_until_lost")
            wait_until(self.locks_held(len(others)))
            self.stage.query(
                """SELECT pg_terminate_backend(pid) FROM pg_locks
                    WHERE locktype = 'advisory' AND classid = %s""",
                READING_LOCK,
            )
            said = run.finish()
        self.assertIn("connection", said["raised"])
        self.assertEqual((said["open"], said["threads"]), (0, []))

    def locks_held(self, count):
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
        return lambda: self.stage.query(held, READING_LOCK) == [(count,)]
