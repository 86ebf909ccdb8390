"""No room for files: nothing is called stored or deleted on the server, and all comes later."""

import contextlib
import errno

from odoo.tests import tagged

from .faults_common import FaultCase

BLOCK = 4096


@tagged("post_install", "-at_install")
class TestFaultsDisk(FaultCase):
    @contextlib.contextmanager
    def disk_with_room_for(self, size):
        """A disk of our own, really full; where only root could have one, files cannot grow."""
        if not self.stage.own_disk:
            yield {"file_limit": size // 4}
            return
        filler = self.stage.data / "filler"
        with filler.open("wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                while file.write(b"x" * BLOCK * 256):
                    pass
            with self.assertRaises(OSError) as full:
                while file.write(b"x" * BLOCK):
                    pass
            self.assertEqual(full.exception.errno, errno.ENOSPC)
            file.truncate(max(0, file.tell() - size))
        try:
            yield {}
        finally:
            filler.unlink()

    def test_a_full_disk_puts_no_mail_aside_and_deletes_none(self):
        self.mailbox(after_import="delete")
        self.plant(5)
        self.recover()
        self.plant(20)
        with self.disk_with_room_for(48 * BLOCK) as limits:
            for failures in range(1, 7):
                self.assertTrue(self.fetch(**limits))
                number, reason = self.health()
                self.assertEqual(number, failures)
                self.assertRegex(reason, "cannot store mail at present")
                self.assertNotIn("/", reason)
        self.assert_nothing_put_aside()
        self.recover()
        self.assert_ledger(settled="delete")

    def test_a_disk_that_fills_and_is_cleared_again_and_again(self):
        self.mailbox(after_import="seen")
        for _time in range(4):
            self.plant(6)
            with self.disk_with_room_for(self.random.randint(0, 40) * BLOCK) as limits:
                self.fetch(**limits)
        self.assert_nothing_put_aside()
        self.recover()
        self.assert_ledger(settled="seen")

    def test_files_that_cannot_grow(self):
        """A quota of the user, or a limit of the service."""
        self.mailbox(after_import="delete")
        self.plant(8)
        self.assertTrue(self.fetch(file_limit=2_000))
        self.assertRegex(self.health()[1], "cannot store mail at present")
        self.assert_nothing_put_aside()
        self.recover()
        self.assert_ledger(settled="delete")

    def assert_nothing_put_aside(self):
        rows = self.stage.query(
            """SELECT q.reason FROM mail_import_quarantine q
                 JOIN mail_import_mailbox m ON m.id = q.mailbox_id WHERE m.address = %s""",
            self.address,
        )
        self.assertEqual(rows, [])
