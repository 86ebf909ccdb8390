"""Who opts out while a mailing waits in the host's queue gets none of it."""

from unittest.mock import patch

from odoo import modules
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.mail_task_import.tests.common import MailImportCase

from environment.smtp_sink import SmtpSink


@tagged("post_install", "-at_install")
class TestOptingOut(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.enterClassContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        cls.server = cls.env["ir.mail_server"].create(
            {
                "name": "Company",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_encryption": "none",
            }
        )
        cls.people = cls.env["res.partner"].create(
            [
                {"name": "Ann", "email": "ann@news.example"},
                {"name": "Bob", "email": "bob@news.example"},
            ]
        )

    def setUp(self):
        super().setUp()
        self.sink.clear()

    def queued(self, **values):
        """A mailing to all, whose mails are to be sent by the queue."""
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": [("id", "in", self.people.ids)],
                "body_html": "<p>News</p>",
                "mail_server_id": self.server.id,
                **values,
            }
        )
        # as Odoo's own runner of tests says, so that nothing is committed
        self.patch(modules.module, "current_test", self)
        with patch.object(type(self.env["mail.mail"]), "send", lambda *_a, **_o: True):
            mailing.action_send_mail()
        return mailing

    def sent(self):
        """Who got something, when the queue is run."""
        self.env["mail.mail"].process_email_queue()
        return {mail.recipients for mail in self.sink.messages()}

    def opt_out(self):
        self.env["mail.import.opt.out"]._opt_out("all", "ann@news.example", 1_700_000_000)

    def test_who_opts_out_meanwhile_is_left_out(self):
        mailing = self.queued()
        self.opt_out()
        self.assertEqual(self.sent(), {("bob@news.example",)})
        traces = {trace.email: trace for trace in mailing.mailing_trace_ids}
        self.assertEqual(traces["ann@news.example"].trace_status, "cancel")
        self.assertEqual(traces["ann@news.example"].failure_type, "mail_bl")
        self.assertEqual(traces["bob@news.example"].trace_status, "sent")

    def test_a_mailing_to_everybody_reaches_them(self):
        self.queued(use_exclusion_list=False)
        self.opt_out()
        self.assertEqual(len(self.sent()), 2)

    def test_mail_programs_read_the_hosts_own_address(self):
        """The host's header is an address, too, and not encoded words."""
        self.queued()
        self.assertEqual(len(self.sent()), 2)
        for mail in self.sink.messages():
            self.assertIn(b"\r\nList-Unsubscribe: <http", mail.raw)
