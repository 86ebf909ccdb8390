"""The server gives a folder another UIDVALIDITY: between runs, during one, with mail put aside."""

import time

from odoo.tests import tagged

from .faults_common import FaultCase


@tagged("post_install", "-at_install")
class TestFaultsRenumbered(FaultCase):
    def renumber(self):
        """Upwards, as servers do; two within one second differ as well."""
        self.validity = max(getattr(self, "validity", 0) + 1, int(time.time()) + 1)
        self.stage.dovecot.renumber(self.address, "INBOX", self.validity)

    def test_renumbered_during_runs(self):
        self.mailbox(after_import="seen")
        self.plant(10)
        usual = self.stage.zygote.begin("fetch")
        usual.finish()
        for _time in range(5):
            self.plant(10)
            run = self.stage.zygote.begin("fetch")
            time.sleep(self.random.uniform(0, usual.seconds))
            self.renumber()
            run.finish()
        self.recover()
        self.assert_ledger(settled="seen")

    def test_renumbered_before_what_was_imported_is_deleted(self):
        """The numbers mean other messages now: only what is known under the new ones goes."""
        self.mailbox(after_import="delete")
        for _time in range(4):
            self.plant(8)
            run = self.stage.zygote.begin("fetch")
            time.sleep(self.random.uniform(0.05, 0.4))
            run.kill()
            self.renumber()
        self.recover()
        self.assert_ledger(settled="delete")

    def test_a_mail_in_quarantine_stays_one(self):
        self.mailbox(after_import="delete")
        self.plant(5)
        broken = self.planted[2].message_id
        self.fetch(failing=broken)
        self.renumber()
        self.fetch(failing=broken)
        self.renumber()
        self.fetch(failing=broken)
        self.assert_one_quarantined("waiting")
        self.assert_ledger(quarantined=[broken])
        self.recover()
        self.assert_one_quarantined("released")
        self.assert_ledger(settled="delete")

    def assert_one_quarantined(self, state):
        rows = self.stage.query(
            """SELECT q.state FROM mail_import_quarantine q
                 JOIN mail_import_mailbox m ON m.id = q.mailbox_id WHERE m.address = %s""",
            self.address,
        )
        self.assertEqual(rows, [(state,)])
