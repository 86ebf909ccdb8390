"""A mailbox's SMTP server sends what is written in that mailbox; all other mail leaves as ever."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import config

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from environment.smtp_sink import SmtpSink

from .test_access_senders import AGENT, SenderCase


class ServersCase(SenderCase):
    """Odoo's configuration names the company's server; the group and the agent have their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_sink = cls.enterClassContext(SmtpSink())
        cls.mailbox_sink = cls.enterClassContext(SmtpSink())
        cls.enterClassContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        cls.enterClassContext(
            patch.dict(
                config.options, {"smtp_server": "127.0.0.1", "smtp_port": cls.company_sink.port}
            )
        )
        cls.env["ir.mail_server"].search([]).active = False
        cls.own = cls._mailbox("personal", "agent@company.example", owner_id=cls.agent.id)
        (cls.support | cls.own).write(
            {
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.mailbox_sink.port,
                "smtp_security": "none",
                "smtp_sign_in": False,
            }
        )

    def setUp(self):
        super().setUp()
        self.company_sink.clear()
        self.mailbox_sink.clear()

    def mail(self, sender, **values):
        return self.env["mail.mail"].create(
            {
                "email_from": sender,
                "email_to": "ann@customer.example",
                "subject": "News",
                "body_html": "<p>News</p>",
                "auto_delete": False,
                **values,
            }
        )

    def recipients(self, sink):
        return [recipient for sent in sink.messages() for recipient in sent.recipients]


@tagged("post_install", "-at_install")
class TestOrdinaryMail(ServersCase):
    SENDERS = (
        "boss@company.example",
        "Big Boss <boss@elsewhere.example>",
        AGENT,
        "support@company.example",
    )

    def test_leaves_by_the_configured_server_where_only_mailboxes_have_one(self):
        for sender in self.SENDERS:
            with self.subTest(sender):
                self.company_sink.clear()
                mail = self.mail(sender)
                mail.send()
                self.assertEqual(mail.state, "sent", mail.failure_reason)
                self.assertEqual(self.recipients(self.company_sink), ["ann@customer.example"])
                self.assertFalse(self.mailbox_sink.messages())

    def test_leaves_in_one_queue_with_what_a_mailbox_sends(self):
        mails = self.mail("boss@company.example") | self.mail(
            "support@company.example", mail_server_id=self.support.mail_server_id.id
        )
        mails.send()
        self.assertEqual(mails.mapped("state"), ["sent", "sent"])
        self.assertEqual(len(self.company_sink.messages()), 1)
        self.assertEqual(len(self.mailbox_sink.messages()), 1)

    def test_leaves_by_the_companys_server_where_there_is_one(self):
        with patch.dict(config.options, {"smtp_server": "127.0.0.1", "smtp_port": 9}):
            self.env["ir.mail_server"].create(
                {"name": "Company", "smtp_host": "127.0.0.1", "smtp_port": self.company_sink.port}
            )
            mails = self.env["mail.mail"].concat(*map(self.mail, self.SENDERS))
            mails.send()
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        self.assertEqual(len(self.company_sink.messages()), len(self.SENDERS))
        self.assertFalse(self.mailbox_sink.messages())

    def test_leaves_not_by_the_server_of_an_archived_mailbox(self):
        server = self.own.mail_server_id
        self.own.active = False
        server.active = True
        self.mail(AGENT).send()
        self.assertEqual(len(self.company_sink.messages()), 1)
        self.assertFalse(self.mailbox_sink.messages())


@tagged("post_install", "-at_install")
class TestAnswersInAColleaguesName(ServersCase):
    def setUp(self):
        super().setUp()
        self.task.message_subscribe((self.portal.partner_id | self.reader.partner_id).ids)
        self.project.privacy_visibility = "portal"
        self.question = self.task.with_user(self.agent).message_post(
            body="It is on its way",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.company_sink.clear()
        self.mailbox_sink.clear()

    def answered(self, **values):
        """The message of an answer to the comment, sent as the host's queue does."""
        message = self.links(
            self.sent("Re: Lamp", in_reply_to=self.question.message_id, sender=AGENT, **values)
        ).message_id
        message.mail_ids.send()
        return message

    def test_a_forged_one_is_told_to_no_outsider_and_leaves_by_nobodys_server(self):
        message = self.answered(text="Pay to another account")
        self.assertEqual(message.res_id, self.task.id)
        self.assertTrue(message.subtype_id.internal)
        self.assertIn(self.reader.partner_id, self.notified(message))
        self.assertFalse(self.notified(message).filtered("partner_share"))
        self.assertNotIn("portal@customer.example", self.recipients(self.company_sink))
        self.assertFalse(self.mailbox_sink.messages())

    def test_a_forged_one_is_not_on_the_portal(self):
        message = self.answered(text="Pay to another account")
        self.assertTrue(self.as_user(self.task, self.portal).has_access("read"))
        self.assertHiddenFrom(self.portal, message, "body")
        shown = self.as_user(self.question, self.portal)
        self.assertTrue(shown.has_access("read"))

    def test_a_forged_first_mail_is_told_to_no_outsider_of_the_project(self):
        self.project.message_subscribe(
            self.portal.partner_id.ids, self.env.ref("project.mt_project_task_new").ids
        )
        message = self.links(self.sent("Pay at once", sender=AGENT)).message_id
        self.assertTrue(message.subtype_id.internal)
        self.assertNotIn(self.portal.partner_id, self.notified(message))

    def test_a_true_one_reaches_the_customer_but_not_by_the_colleagues_own_server(self):
        message = self.answered(verdicts=[self.passed()])
        self.assertFalse(message.subtype_id.internal)
        self.assertIn("portal@customer.example", self.recipients(self.company_sink))
        self.assertFalse(self.mailbox_sink.messages())
