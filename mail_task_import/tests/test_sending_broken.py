"""SMTP servers that refuse, hang up or fall silent: each e-mail ends, says why, and leaves once."""

import itertools
import time
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import MailImportCase, build_mail
from .scripted_smtp import HANG_UP, SILENCE, STEPS, ScriptedSmtp

LOGGERS = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")
BEFORE_THE_DOT = STEPS[: STEPS.index("content")]
REFUSALS = {"connect": "554 go away", "content": "550 5.7.1 spam"}


class BrokenCase(MailImportCase):
    """A mailbox whose server has a script."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(ScriptedSmtp())
        cls.enterClassContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        cls.enterClassContext(mute_logger(*LOGGERS))
        cls.env["ir.config_parameter"].set_param("mail_task_import.send_seconds", "1")
        cls.support.write(
            {
                "default_target_id": cls.env.ref("mail_task_import.target_task").id,
                "default_project_id": cls.project.id,
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.server.port,
                "smtp_security": "none",
                "smtp_sign_in": False,
            }
        )

    def setUp(self):
        super().setUp()
        self.server.recover()

    def written(self, to="ann@customer.example"):
        """A new e-mail, sent by the agent."""
        action = self.env["mail.import.email"].with_user(self.agent).action_compose()
        draft = self.env["mail.import.email"].with_user(self.agent).browse(action["res_id"])
        draft.write({"to": to, "subject": "News", "body": "<p>Hello</p>"})
        draft.action_send()
        return draft

    def answered(self, *partners):
        """An answer from the chatter of a task that a mail has become."""
        (outcome,) = self.receive(self.support, build_mail(subject=f"Q {time.monotonic_ns()}"))
        task = self.record(outcome.email)
        message = task.with_user(self.agent).message_post(
            body="It leaves tomorrow.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=(self.customer.ids, [each.id for each in partners])[bool(partners)],
        )
        return self.env["mail.import.email"].search([("mail_message_id", "=", message.id)])

    def queue(self):
        self.env["mail.mail"].process_email_queue()

    def contents(self):
        return len(self.server.contents)

    def received_by(self):
        return sorted(address for got, _raw in self.server.contents for address in got)


@tagged("post_install", "-at_install")
class TestBrokenSending(BrokenCase):
    def each_way(self, steps, *ways):
        """``check`` is called with each e-mail."""

        def decorated(check):
            for send, step, way in itertools.product((self.written, self.answered), steps, ways):
                self.server.recover()
                self.server.does[step] = way or REFUSALS.get(step, "451 4.3.0 not now")
                with self.subTest(step, way=way, how=send.__name__):
                    check(send())

        return decorated

    def test_what_was_certainly_not_taken_has_failed_and_is_sent_again_on_request(self):
        @self.each_way(BEFORE_THE_DOT, HANG_UP, SILENCE, None)
        def check(email):
            self.assertEqual(email.state, "failed")
            self.assertTrue(email.failure_reason)
            self.assertNotRegex(email.failure_reason, r"SMTP\w|Errno|b'|may have arrived")
            self.queue()
            self.assertEqual(self.contents(), 0)
            self.server.recover()
            email.with_user(self.agent).action_retry_send()
            self.assertEqual((email.state, self.contents()), ("sent", 1))
            self.assertFalse(email.failure_reason)

    def test_what_may_have_arrived_says_so_and_is_not_sent_again_by_itself(self):
        @self.each_way(("content",), HANG_UP, SILENCE, "gibberish")
        def check(email):
            self.assertEqual(email.state, "failed")
            self.assertRegex(
                email.failure_reason, "before it confirmed; it may have arrived. Send again only"
            )
            self.queue()
            self.assertEqual(self.contents(), 1)

    def test_refused_content_did_not_arrive(self):
        @self.each_way(("content",), None)
        def check(email):
            self.assertEqual(email.state, "failed")
            self.assertEqual(
                email.failure_reason, "The mail server refused it. It said: 550 5.7.1 spam"
            )

    def test_what_was_taken_is_sent_whatever_follows(self):
        @self.each_way(("QUIT",), HANG_UP, SILENCE, None)
        def check(email):
            self.assertEqual((email.state, self.contents()), ("sent", 1))
            self.queue()
            self.assertEqual(self.contents(), 1)

    def test_failed_mail_is_corrected_or_thrown_away(self):
        self.server.does["content"] = HANG_UP
        email = self.written()
        email.action_edit_failed()
        self.assertEqual(email.state, "draft")
        email.action_discard()
        self.assertFalse(email.exists())

    def test_a_server_that_answers_byte_by_byte_is_not_waited_for(self):
        self.env["ir.config_parameter"].set_param("mail_task_import.send_seconds", "2")
        self.server.does["MAIL"] = "\r\n".join(["250-slow"] * 60 + ["250 OK"])
        begun = time.monotonic()
        with patch.object(type(self.server), "pause", 0.5):
            email = self.written()
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual(email.state, "failed")

    def test_the_test_mail_says_what_went_wrong(self):
        self.server.does["RCPT"] = HANG_UP
        with self.assertRaisesRegex(UserError, "hung up before it took it"):
            self.support.action_send_test_mail()

    def test_the_rest_of_the_queue_leaves_though_the_line_broke(self):
        self.server.refusals["bad@customer.example"] = HANG_UP
        mails = self.env["mail.mail"].create(
            [
                {
                    "email_from": self.support._from_header(),
                    "email_to": to,
                    "subject": "News",
                    "body_html": "<p>x</p>",
                    "mail_server_id": self.support.mail_server_id.id,
                    "auto_delete": False,
                }
                for to in ("bad@customer.example", "good@customer.example")
            ]
        )
        mails.send()
        self.assertEqual(mails.mapped("state"), ["exception", "sent"])
        self.assertEqual(self.received_by(), ["good@customer.example"])


@tagged("post_install", "-at_install")
class TestRefusedRecipients(BrokenCase):
    def setUp(self):
        super().setUp()
        self.server.refusals["gone@customer.example"] = "550 5.1.1 No such user"
        self.gone = self.env["res.partner"].create(
            {"name": "Gone", "email": "gone@customer.example"}
        )

    def assert_named(self, email):
        self.assertEqual(email.state, "sent")
        self.assertIn("not to everybody", email.failure_reason)
        self.assertIn("gone@customer.example: 550 5.1.1 No such user", email.failure_reason)
        self.assertNotIn("ann@", email.failure_reason)
        shown = self.env["mail.import.entry"].with_user(self.agent)
        action = self.env.ref("mail_task_import.action_mail_import_failed")
        self.assertIn(email, shown.search(eval(action.domain)).email_id)

    def retried(self, email):
        """Who gets it then."""
        self.server.recover()
        email.with_user(self.agent).action_retry_send()
        self.assertEqual(email.state, "sent")
        self.assertFalse(email.failure_reason)
        return self.received_by()

    def test_who_was_refused_is_named_and_gets_it_alone_when_it_is_retried(self):
        email = self.written("gone@customer.example, ann@customer.example")
        self.assertEqual(self.received_by(), ["ann@customer.example"])
        self.assert_named(email)
        self.assertEqual(self.retried(email), ["gone@customer.example"])

    def test_what_some_have_is_not_written_again(self):
        email = self.written("gone@customer.example, ann@customer.example")
        with self.assertRaises(UserError):
            email.action_edit_failed()

    def test_a_second_refusal_leaves_it_as_it_was(self):
        email = self.written("gone@customer.example, ann@customer.example")
        email.action_retry_send()
        self.assertEqual(self.received_by(), ["ann@customer.example"])
        self.assert_named(email)

    def test_in_a_chatter_too_and_the_others_get_theirs(self):
        for others in ((self.gone, self.customer), (self.customer, self.gone)):
            self.server.recover()
            self.server.refusals["gone@customer.example"] = "550 5.1.1 No such user"
            email = self.answered(*others)
            self.assertEqual(self.received_by(), ["ann@customer.example"])
            self.assert_named(email)
            statuses = {
                notice.res_partner_id: notice.notification_status
                for notice in email.mail_message_id.notification_ids
            }
            self.assertEqual(statuses[self.gone], "exception")
            self.assertEqual(statuses[self.customer], "sent")
            self.assertEqual(self.retried(email), ["gone@customer.example"])

    def test_a_broken_line_leaves_the_rest_to_the_retry(self):
        """Who had got it before the line broke does not get it again."""
        self.server.refusals["gone@customer.example"] = HANG_UP
        email = self.answered(self.customer, self.gone)
        self.assertEqual(email.state, "failed")
        self.assertEqual(
            sorted([*self.received_by(), *self.retried(email)]),
            ["ann@customer.example", "gone@customer.example"],
        )

    def test_one_whose_mail_fails_keeps_nobody_from_theirs(self):
        """Each gets a mail of his own; the host stops at the first that fails."""
        last = self.env["res.partner"].create({"name": "Zoe", "email": "zoe@customer.example"})
        server = self.server
        for refused, way in itertools.product((server.refusals, server.spam), (HANG_UP, "550 no")):
            with self.subTest(way, content=refused is server.spam):
                server.recover()
                refused["gone@customer.example"] = way
                email = self.answered(self.customer, self.gone, last)
                self.assertEqual(
                    self.received_by(), ["ann@customer.example", "zoe@customer.example"]
                )
                self.assertEqual(email.state, "sent")
                self.assertIn("gone@customer.example: ", email.failure_reason)
                statuses = {
                    notice.res_partner_id: notice.notification_status
                    for notice in email.mail_message_id.notification_ids
                }
                self.assertEqual(statuses[last], "sent")
                self.assertEqual(statuses[self.gone], "exception")
                self.assertEqual(self.retried(email), ["gone@customer.example"])
