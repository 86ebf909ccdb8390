"""Sending, in transactions that are really committed: broken lines, and workers killed at it."""

from odoo.tests import tagged

from .faults_common import FaultCase, wait_until
from .scripted_smtp import HANG_UP, SILENCE, ScriptedSmtp


@tagged("post_install", "-at_install")
class TestFaultsSending(FaultCase):
    def setUp(self):
        super().setUp()
        self.server = self.enterContext(ScriptedSmtp())
        self.mailbox(
            smtp_host="127.0.0.1",
            smtp_port=self.server.port,
            smtp_security="none",
            smtp_sign_in=False,
        )

    def begin(self):
        return self.stage.zygote.begin("send", address=self.address, to="ann@customer.example")

    def state(self):
        """State and reason of what the mailbox has sent."""
        return self.stage.query(
            "SELECT state, coalesce(failure_reason, '') FROM mail_import_email WHERE from_email=%s",
            self.address,
        )[0]

    def ended(self):
        """What it says after the scheduler's turn an hour later."""
        self.stage.zygote.run("end_interrupted")
        return self.state()

    def queue(self):
        self.stage.zygote.run("queue")

    def test_a_broken_line_is_told_and_the_queue_sends_nothing_twice(self):
        self.server.does["content"] = HANG_UP
        self.begin().finish()
        self.assertEqual(self.state()[0], "failed")
        self.assertIn("may have arrived", self.state()[1])
        self.server.does.clear()
        self.queue()
        self.assertEqual(len(self.server.contents), 1)

    def test_killed_between_the_servers_yes_and_the_commit_it_is_not_sent_again(self):
        self.server.does["content"] = SILENCE
        run = self.begin()
        self.assertTrue(self.server.got_content.wait(30))
        self.assertEqual(self.ended()[0], "sending", "it is still being sent")
        self.assertTrue(run.kill())
        self.server.does.clear()
        self.queue()
        self.assertEqual(len(self.server.contents), 1)
        wait_until(lambda: self.ended()[0] == "failed")
        self.assertIn("it may have arrived", self.state()[1])
        self.queue()
        self.assertEqual(len(self.server.contents), 1)

    def test_killed_in_the_queue_it_is_not_sent_again_either(self):
        self.server.does["connect"] = SILENCE
        run = self.begin()
        wait_until(lambda: self.stage.query("SELECT 1 FROM mail_mail WHERE state = 'outgoing'"))
        self.assertTrue(run.kill())
        self.assertEqual(self.ended()[0], "sending", "the queue has it")
        self.server.does = {"content": SILENCE}
        run = self.stage.zygote.begin("queue")
        self.assertTrue(self.server.got_content.wait(30))
        self.assertTrue(run.kill())
        self.server.does.clear()
        self.queue()
        self.assertEqual(len(self.server.contents), 1)
        wait_until(lambda: self.ended()[0] == "failed")
