"""The stage of mailings: an SMTP sink, and mailings whose mails wait in the host's queue."""

from email.header import decode_header, make_header
from unittest.mock import patch

from odoo import modules

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.mail_task_import.tests.common import MailImportCase

from environment.smtp_sink import SmtpSink


class MailingCase(MailImportCase):
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
                {"name": "Ann Able", "email": "ann@news.example"},
                {"name": "Bob Brown", "email": "bob@news.example"},
            ]
        )

    def setUp(self):
        super().setUp()
        self.sink.clear()

    def mailing(self, body="<p>News</p>", records=None, **values):
        records = self.people if records is None else records
        return self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id(records._name),
                "mailing_domain": [("id", "in", records.ids)],
                "body_html": body,
                "mail_server_id": self.server.id,
                **values,
            }
        )

    def mailing_list(self, records, name="Readers", **values):
        return self.env["mailing.list"].create(
            {"name": name, "contact_ids": [(6, 0, records.ids)], **values}
        )

    def to_lists(self, lists, body="<p>News</p>", **values):
        model = self.env["ir.model"]._get_id("mailing.list")
        return self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": model,
                "contact_list_ids": [(6, 0, lists.ids)],
                "body_html": body,
                "mail_server_id": self.server.id,
                **values,
            }
        )

    def queue(self, mailing):
        """Its mails are made, and wait."""
        # as Odoo's own runner of tests says, so that nothing is committed
        self.patch(modules.module, "current_test", self)
        with patch.object(type(self.env["mail.mail"]), "send", lambda *_a, **_o: True):
            mailing.action_send_mail()
        return mailing

    def run_queue(self):
        """``{address: mail}`` of what the sink got."""
        self.env["mail.mail"].process_email_queue()
        return {mail.recipients[0]: mail for mail in self.sink.messages()}

    def sent(self, mailing):
        self.queue(mailing)
        return self.run_queue()

    def html(self, mail):
        return mail.message.get_body(("html",)).get_content()

    def text(self, mail):
        return mail.message.get_body(("plain",)).get_content()

    def subject(self, mail):
        return str(make_header(decode_header(mail.message["Subject"])))
