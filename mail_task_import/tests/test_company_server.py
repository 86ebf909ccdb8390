"""E-mails by the company's mail server: in their writer's name, kept and linked as all others."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from environment.smtp_sink import SmtpSink

from .common import build_mail
from .test_drafts import DraftCase

LOGGERS = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")


class CompanyCase(DraftCase):
    """The colleague has no mailbox; an administrator has allowed an address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(mute_logger(*LOGGERS))
        cls.company_sink = cls.enterClassContext(SmtpSink())
        cls.server = cls.env["ir.mail_server"].create(
            {
                "name": "Company",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.company_sink.port,
                "smtp_encryption": "none",
                "from_filter": "company.example",
                "mail_import_shared": True,
            }
        )
        cls.colleague.mail_import_may_send_as = "colleague@company.example"

    def setUp(self):
        super().setUp()
        self.company_sink.clear()

    def written(self, user=None, **values):
        Email = self.env["mail.import.email"].with_user(user or self.colleague)
        draft = Email.browse(Email.action_compose()["res_id"])
        draft.write(
            {"to": "ann@customer.example", "subject": "Offer", "body": "<p>Hello</p>", **values}
        )
        return draft


@tagged("post_install", "-at_install")
class TestCompanyServer(CompanyCase):
    def test_who_has_no_mailbox_writes_by_it_under_the_allowed_address(self):
        draft = self.written()
        draft.action_send()
        (sent,) = self.company_sink.messages()
        self.assertEqual(sent.message["From"], "Colleague <colleague@company.example>")
        self.assertEqual(sent.message["Reply-To"], "Colleague <colleague@company.example>")
        self.assertFalse(self.sink.messages())
        self.assertEqual(draft.state, "sent")
        self.assertEqual(draft.entry_ids.user_id, self.colleague)
        self.assertEqual(draft.entry_ids.folder_id.kind, "sent")
        self.assertTrue(draft.entry_ids.has_original)
        self.assertIn("Hello", draft.preview)

    def test_it_is_nobody_elses(self):
        draft = self.written()
        draft.action_send()
        for user in (self.agent, self.administrator, self.boss):
            self.assertFalse(draft.with_user(user).has_access("read"))
            self.assertFalse(draft.entry_ids.with_user(user).has_access("read"))

    def test_blind_copies_leave_by_it_too(self):
        draft = self.written(bcc="lawyer@hidden.example")
        draft.action_send()
        (sent,) = self.company_sink.messages()
        self.assertEqual(sorted(sent.recipients), ["ann@customer.example", "lawyer@hidden.example"])
        self.assertNotIn(b"hidden.example", sent.raw)

    def test_who_has_a_mailbox_chooses_between_both(self):
        self.agent.mail_import_may_send_as = "agent@company.example"
        draft = self.written(self.agent)
        self.assertEqual(draft.mailbox_id, self.support)
        with Form(draft, view="mail_task_import.view_mail_import_draft_form") as form:
            form.sends_by = "company"
        self.assertFalse(draft.mailbox_id)
        self.assertEqual(draft.from_email, "agent@company.example")
        draft.sends_by = "mailbox"
        self.assertEqual(draft.mailbox_id, self.support)
        self.assertEqual(draft.from_email, "support@company.example")
        draft.sends_by = "company"
        draft.action_send()
        self.assertEqual(len(self.company_sink.messages()), 1)
        self.assertFalse(self.sink.messages())

    def test_an_answer_by_it_is_in_the_thread_and_on_the_record(self):
        self.agent.mail_import_may_send_as = "agent@company.example"
        question = self.question()
        task = self.record(question.sudo().email_id)
        draft = self.draft(question)
        draft.sends_by = "company"
        draft.action_send()
        (sent,) = self.company_sink.messages()
        self.assertEqual(sent.message["In-Reply-To"], "<question@customer.example>")
        self.assertEqual(task.message_ids[0].message_id, draft.message_id)
        self.assertEqual(self.links(draft.sudo()).res_id, task.id)

    def test_an_answer_to_it_is_linked_where_it_is_read(self):
        draft = self.written()
        draft.action_send()
        (answer,) = self.receive(
            self.support, build_mail(in_reply_to=draft.message_id, subject="Re: Offer")
        )
        self.assertIn(draft.sudo(), answer.email._thread())


@tagged("post_install", "-at_install")
class TestWhoMayWriteByIt(CompanyCase):
    def test_nobody_whose_address_no_administrator_has_allowed(self):
        with self.assertRaises(UserError):
            self.written(self.boss)
        draft = self.written(self.agent)
        with self.assertRaises(UserError):
            draft.sends_by = "company"

    def test_a_changed_address_of_ones_own_changes_nothing(self):
        self.colleague.sudo().email = "boss@company.example"
        self.company_sink.clear()  # the host tells them of the change
        self.written().action_send()
        (sent,) = self.company_sink.messages()
        self.assertEqual(sent.message["From"], "Colleague <colleague@company.example>")

    def test_nobody_allows_themselves_an_address(self):
        with self.assertRaises(AccessError):
            self.colleague.with_user(
                self.colleague
            ).mail_import_may_send_as = "boss@company.example"
        with self.assertRaises(AccessError):
            self.server.with_user(self.agent).mail_import_shared = True

    def test_the_address_of_a_mailbox_of_others_is_allowed_to_nobody(self):
        with self.assertRaises(ValidationError):
            self.colleague.mail_import_may_send_as = "support@company.example"

    def test_a_server_that_is_not_shared_any_more_sends_nothing(self):
        draft = self.written()
        self.server.mail_import_shared = False
        with self.assertRaises(UserError):
            draft.action_send()
        self.assertFalse(self.company_sink.messages())

    def test_the_servers_own_filter_of_senders_holds(self):
        self.colleague.mail_import_may_send_as = "colleague@elsewhere.example"
        with self.assertRaises(UserError):
            self.written()

    def test_who_loses_the_right_while_it_is_queued_sends_nothing(self):
        draft = self.written()
        with patch.object(IrMail_Server, "_disable_send", lambda *_a: True):
            draft.action_send()
        self.colleague.mail_import_may_send_as = False
        draft.sudo().mail_message_id.mail_ids.send()
        self.assertFalse(self.company_sink.messages())
        self.assertEqual(draft.state, "failed")

    def test_who_leaves_a_mailbox_while_it_is_queued_sends_nothing(self):
        draft = self.written(self.agent)
        with patch.object(IrMail_Server, "_disable_send", lambda *_a: True):
            draft.action_send()
        self.support.member_ids -= self.agent
        draft.sudo().mail_message_id.mail_ids.send()
        self.assertFalse(self.sink.messages())
        self.assertEqual(draft.sudo().state, "failed")
        self.assertIn("any more", draft.sudo().failure_reason)
        self.support.member_ids += self.boss
        draft.with_user(self.boss).action_retry_send()
        self.assertEqual(len(self.sink.messages()), 1, "who may send it, sends it")


@tagged("post_install", "-at_install")
class TestCompanyServerRefuses(CompanyCase):
    def test_who_was_refused_is_said_and_retry_sends_to_these_alone(self):
        self.company_sink.refuse("bob@customer.example", "550 5.1.1 No such user")
        draft = self.written(cc="bob@customer.example")
        draft.action_send()
        self.assertEqual(draft.state, "sent")
        self.assertIn("bob@customer.example: 550", draft.failure_reason)
        self.assertNotIn("ann@", draft.failure_reason)
        self.company_sink.clear()
        draft.action_retry_send()
        (again,) = self.company_sink.messages()
        self.assertEqual(again.recipients, ("bob@customer.example",))
        self.assertFalse(draft.can_retry)

    def test_a_failed_one_is_kept_and_sent_again_on_request(self):
        self.company_sink.refuse_content("550 5.7.1 spam")
        draft = self.written()
        draft.action_send()
        self.assertEqual(draft.state, "failed")
        self.assertTrue(draft.can_retry)
        self.company_sink.clear()
        draft.action_retry_send()
        self.assertEqual(draft.state, "sent")
        self.assertEqual(len(self.company_sink.messages()), 1)

    def test_a_refused_blind_copy_is_told_to_the_writer(self):
        self.company_sink.refuse("*@hidden.example")
        draft = self.written(bcc="lawyer@hidden.example")
        draft.action_send()
        self.assertEqual(draft.state, "sent")
        self.assertFalse(draft.failure_reason)
        self.assertIn("lawyer@hidden.example", draft.bcc_refused)
