"""Answering from the e-mail: drafts, what leaves of them, and where it is seen afterwards."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from environment.smtp_sink import SmtpSink

from .common import MailImportCase, build_mail

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


class DraftCase(MailImportCase):
    """A group mailbox that sends by a real SMTP server, and one question in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.enterClassContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        cls.support.write(
            {
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_security": "none",
                "smtp_sign_in": False,
                "signature_ids": [
                    (0, 0, {"name": "Azure Support", "body": "<p>Kind regards, Azure</p>"}),
                    (0, 0, {"name": "Azure Sales", "body": "<p>Yours, the sales team</p>"}),
                ],
            }
        )

    def setUp(self):
        super().setUp()
        self.sink.clear()

    def entry_of(self, *args, mailbox=None, **values):
        """Receive a mail; its entry as the agent sees it."""
        mailbox = mailbox or self.support
        (outcome,) = self.receive(mailbox, build_mail(*args, **values))
        return outcome.entry.with_user(self.agent)

    def draft(self, entry, how="reply"):
        action = getattr(entry, f"action_{how}")()
        return entry.env["mail.import.email"].browse(action["res_id"])

    def question(self, **values):
        """A mail that has become a task."""
        self.support.default_target_id = self.env.ref("mail_task_import.target_task")
        self.support.default_project_id = self.project
        return self.entry_of(message_id="<question@customer.example>", **values)


@tagged("post_install", "-at_install")
class TestDraft(DraftCase):
    def test_reply_goes_to_the_sender_and_keeps_the_thread(self):
        entry = self.entry_of(
            message_id="<b@x.example>", in_reply_to="<a@x.example>", references=["<0@x.example>"]
        )
        draft = self.draft(entry)
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft.to, '"Ann Customer" <ann@customer.example>')
        self.assertEqual(draft.subject, "Re: Question about an order")
        self.assertEqual(draft.references_text, "<0@x.example> <a@x.example> <b@x.example>")
        self.assertEqual(draft.mailbox_id, self.support)
        self.assertEqual(draft.entry_ids.folder_id.kind, "drafts")

    def test_reply_all_leaves_own_addresses_out(self):
        entry = self.entry_of(
            to="Support <support@company.example>, Eve <eve@other.example>",
            Cc="Bob <bob@customer.example>, ann@customer.example",
        )
        draft = self.draft(entry, "reply_all")
        self.assertEqual(
            draft.to, '"Ann Customer" <ann@customer.example>, "Eve" <eve@other.example>'
        )
        self.assertEqual(draft.cc, '"Bob" <bob@customer.example>')

    def test_reply_obeys_reply_to(self):
        entry = self.entry_of(Reply_To="orders@customer.example")
        self.assertEqual(self.draft(entry).to, "orders@customer.example")

    def test_question_is_quoted_below_the_signature(self):
        draft = self.draft(self.entry_of(text="Where is my order?"))
        body = str(draft.body)
        self.assertLess(body.index("Kind regards, Azure"), body.index("Where is my order?"))
        self.assertIn("Ann Customer", body)

    def test_forward_takes_the_files_along_and_goes_to_nobody_yet(self):
        entry = self.entry_of(attachments=[("bill.pdf", b"%PDF-1.4", "application/pdf")])
        draft = self.draft(entry, "forward")
        self.assertFalse(draft.to)
        self.assertEqual(draft.subject, "Fwd: Question about an order")
        self.assertEqual(draft.attachment_ids.mapped("name"), ["bill.pdf"])
        self.assertNotEqual(draft.attachment_ids, entry.email_id.attachment_ids)
        self.assertEqual(draft.attachment_ids.raw, b"%PDF-1.4")

    def test_another_alias_brings_its_own_signature(self):
        draft = self.draft(self.entry_of())
        with Form(draft, view="mail_task_import.view_mail_import_draft_form") as form:
            form.signature_id = self.support.signature_ids[1]
        self.assertIn("Yours, the sales team", draft.body)
        self.assertNotIn("Kind regards", draft.body)
        self.assertEqual(draft.from_name, "Azure Sales")

    def test_draft_is_discarded_without_a_trace(self):
        draft = self.draft(self.entry_of())
        entry = draft.entry_ids
        draft.action_discard()
        self.assertFalse((draft.exists() | entry.exists().email_id).ids)


@tagged("post_install", "-at_install")
class TestSendDraft(DraftCase):
    def test_recipients_see_each_other_and_the_thread_is_kept(self):
        draft = self.draft(self.question(Cc="bob@customer.example"), "reply_all")
        draft.action_send()
        (sent,) = self.sink.messages()
        self.assertEqual(set(sent.recipients), {"ann@customer.example", "bob@customer.example"})
        self.assertEqual(sent.message["From"], "Azure Support <support@company.example>")
        self.assertEqual(sent.message["Reply-To"], "Azure Support <support@company.example>")
        self.assertIn("ann@customer.example", sent.message["To"])
        self.assertEqual(sent.message["Cc"], "bob@customer.example")
        self.assertEqual(sent.message["In-Reply-To"], "<question@customer.example>")
        self.assertIn("<question@customer.example>", sent.message["References"])
        self.assertEqual(sent.message["Message-Id"], draft.message_id)

    def test_number_of_the_record_is_in_the_subject(self):
        entry = self.question()
        task = self.record(entry.sudo().email_id)
        draft = self.draft(entry)
        draft.action_send()
        self.assertIn(f"[TASK-{task.id}]", self.sink.messages()[0].message["Subject"])

    def test_sent_mail_is_kept_filed_and_in_the_chatter(self):
        entry = self.question()
        task = self.record(entry.sudo().email_id)
        draft = self.draft(entry)
        draft.body = "<p>It leaves tomorrow.</p>"
        draft.action_send()
        self.assertEqual(len(self.sink.messages()), 1)
        self.assertEqual(draft.state, "sent")
        self.assertEqual(draft.entry_ids.folder_id.kind, "sent")
        self.assertTrue(draft.entry_ids.has_original)
        self.assertIn("It leaves tomorrow.", draft.preview)
        message = task.message_ids[0]
        self.assertIn("It leaves tomorrow.", message.body)
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(message.message_id, draft.message_id)
        self.assertEqual(self.links(draft.sudo()).message_id, message)

    def test_following_customer_gets_the_mail_once(self):
        entry = self.question()
        self.record(entry.sudo().email_id).message_subscribe(self.customer.ids)
        self.draft(entry).action_send()
        self.assertEqual(len(self.sink.messages()), 1)

    def test_answer_to_a_note_stays_a_note(self):
        entry = self.entry_of(sender="Ann <ann@customer.example>")
        link = self.links(entry.sudo().email_id)
        self.assertEqual(link._get_record(), self.customer)
        self.draft(entry).action_send()
        self.assertEqual(self.customer.message_ids[0].subtype_id, self.env.ref("mail.mt_note"))

    def test_reply_of_the_customer_comes_back_to_the_record(self):
        entry = self.question()
        draft = self.draft(entry)
        draft.action_send()
        (outcome,) = self.receive(
            self.support,
            build_mail("Re: that", text="Thanks!", in_reply_to=draft.message_id, minutes_ago=1),
        )
        self.assertEqual(self.record(outcome.email), self.record(entry.sudo().email_id))

    def test_mail_without_a_record_is_sent_and_kept(self):
        entry = self.entry_of(sender="Nobody <nobody@unknown.example>")
        draft = self.draft(entry)
        draft.action_send()
        self.assertEqual(len(self.sink.messages()), 1)
        self.assertEqual(draft.state, "sent")
        self.assertFalse(self.env["mail.mail"].search([("message_id", "=", draft.message_id)]))

    def test_copy_in_the_sent_folder_is_the_same_mail(self):
        draft = self.draft(self.entry_of())
        draft.action_send()
        (sent,) = self.sink.messages()
        (outcome,) = self.receive(self.support, sent.raw)
        self.assertEqual(outcome.email, draft.sudo())
        self.assertEqual(len(draft.sudo().entry_ids), 1)

    def test_files_leave_with_the_mail(self):
        entry = self.question(attachments=[("bill.pdf", b"%PDF-1.4", "application/pdf")])
        draft = self.draft(entry, "forward")
        draft.to = "accounting@company.example"
        draft.action_send()
        (sent,) = self.sink.messages()
        self.assertEqual(
            [part.get_filename() for part in sent.message.iter_attachments()], ["bill.pdf"]
        )
        self.assertFalse(sent.message["In-Reply-To"])

    def test_forwarded_mail_is_a_note_inside(self):
        entry = self.question()
        draft = self.draft(entry, "forward")
        draft.to = "expert@other.example"
        draft.action_send()
        task = self.record(entry.sudo().email_id)
        self.assertEqual(task.message_ids[0].subtype_id, self.env.ref("mail.mt_note"))

    def test_picture_in_the_text_is_part_of_the_mail(self):
        for entry in (self.question(), self.entry_of(sender="x@unknown.example", minutes_ago=9)):
            with self.subTest(linked=entry.is_linked):
                self.sink.clear()
                draft = self.draft(entry)
                picture = (
                    self.env["ir.attachment"]
                    .with_user(self.agent)
                    .create(
                        {
                            "name": "chair.png",
                            "raw": PNG,
                            "res_model": draft._name,
                            "res_id": draft.id,
                        }
                    )
                )
                draft.body = f'<p>Look: <img src="/web/image/{picture.id}-abc/chair.png"></p>'
                draft.action_send()
                (sent,) = self.sink.messages()
                (image,) = (p for p in sent.message.walk() if p.get_content_type() == "image/png")
                self.assertEqual(image.get_content(), PNG)
                cid = image["Content-ID"].strip("<>")
                self.assertIn(f'src="cid:{cid}"', sent.message.get_body(("html",)).get_content())

    def test_picture_of_somebody_else_stays_where_it_is(self):
        foreign = self.env["ir.attachment"].create({"name": "secret.png", "raw": PNG})
        draft = self.draft(self.entry_of())
        draft.body = f'<p><img src="/web/image/{foreign.id}"></p>'
        draft.action_send()
        (sent,) = self.sink.messages()
        self.assertNotIn("image/png", [part.get_content_type() for part in sent.message.walk()])
        self.assertNotIn(foreign, draft.sudo().attachment_ids)


@tagged("post_install", "-at_install")
class TestFailedDraft(DraftCase):
    def failed(self, entry=None):
        draft = self.draft(entry or self.question())
        draft.to = "gone@customer.example"
        self.sink.refuse("gone@*", "550 5.1.1 No such user")
        draft.action_send()
        return draft

    def test_failure_is_shown_and_kept(self):
        draft = self.failed()
        self.assertEqual(draft.state, "failed")
        self.assertTrue(draft.failure_reason)
        self.assertEqual(draft.entry_ids.state, "failed")
        shown = (
            self.env["mail.import.entry"].with_user(self.agent).search([("state", "=", "failed")])
        )
        self.assertEqual(shown, draft.entry_ids)

    def test_who_wrote_it_is_told_at_once(self):
        told = []
        users = type(self.env["res.users"])
        with patch.object(users, "_bus_send", lambda user, kind, note: told.append((user, note))):
            self.failed()
        (user, note), *_others = [each for each in told if "title" in each[1]]
        self.assertEqual(user, self.agent)
        self.assertIn("Not sent: Re: Question about an order", note["title"])

    def test_retry_sends_what_failed(self):
        for entry in (self.question(), self.entry_of(sender="x@unknown.example", minutes_ago=9)):
            with self.subTest(linked=entry.is_linked):
                draft = self.failed(entry)
                self.sink.clear()
                draft.entry_ids.action_retry_send()
                self.assertEqual(draft.state, "sent")
                self.assertFalse(draft.failure_reason)
                self.assertEqual(len(self.sink.messages()), 1)

    def test_failed_mail_is_corrected_and_sent(self):
        draft = self.failed()
        draft.entry_ids.action_edit_failed()
        self.assertEqual(draft.state, "draft")
        draft.to = "ann@customer.example"
        draft.action_send()
        self.assertEqual(draft.state, "sent")
        (sent,) = self.sink.messages()
        self.assertEqual(sent.recipients, ("ann@customer.example",))

    def test_addresses_are_checked_before_anything_leaves(self):
        draft = self.draft(self.question())
        for to, said in ((False, "Whom is it for"), ("ann@customer.example, bob", "bob")):
            draft.to = to
            with self.assertRaisesRegex(UserError, said):
                draft.action_send()
        self.assertEqual(draft.state, "draft")

    def test_mailbox_without_server_says_so(self):
        entry = self.entry_of()
        self.support.smtp_host = False
        with self.assertRaisesRegex(UserError, "SMTP"):
            entry.action_reply()


@tagged("post_install", "-at_install")
class TestWhoWrites(DraftCase):
    def test_only_members_answer(self):
        entry = self.entry_of()
        with self.assertRaises(AccessError):
            entry.with_user(self.colleague).action_reply()

    def test_draft_of_a_record_is_not_read_with_the_record(self):
        entry = self.question()
        reader = self._employee(
            "reader", "reader@company.example", "base.group_user,project.group_project_user"
        )
        draft = self.draft(entry)
        link = self.links(draft.sudo()).with_user(reader)
        self.assertFalse(link.has_access("read"))
        draft.action_send()
        self.assertTrue(link.has_access("read"))

    def test_files_that_the_user_cannot_read_are_not_attached(self):
        secret = self.env["ir.attachment"].create(
            {"name": "secret", "raw": b"x", "res_model": "res.company", "res_id": 0}
        )
        draft = self.draft(self.entry_of())
        with self.assertRaises(AccessError):
            draft.attachment_ids = [(4, secret.id)]

    def test_draft_of_a_group_mailbox_is_its_members_alone(self):
        draft = self.draft(self.entry_of())
        self.assertFalse(draft.with_user(self.administrator).has_access("read"))
        self.assertFalse(draft.with_user(self.colleague).has_access("write"))

    def test_mail_that_came_in_is_not_changed(self):
        email = self.entry_of().email_id
        with self.assertRaises(AccessError):
            email.subject = "Another"
        with self.assertRaises(AccessError):
            self.env["ir.attachment"].with_user(self.agent).create(
                {"name": "x", "raw": b"x", "res_model": email._name, "res_id": email.id}
            )

    def test_users_do_not_write_states_senders_or_keys(self):
        draft = self.draft(self.entry_of())
        for values in ({"state": "sent"}, {"from_email": "boss@company.example"}, {"key": "x"}):
            with self.subTest(values), self.assertRaises(AccessError):
                draft.write(values)

    def test_draft_leaves_by_the_users_own_mailboxes_only(self):
        other = self._mailbox("group", "other@company.example", member_ids=self.boss.ids)
        other.write({"smtp_host": "127.0.0.1", "smtp_port": self.sink.port})
        draft = self.draft(self.entry_of())
        with self.assertRaises(AccessError):
            draft.mailbox_id = other

    def test_emails_are_not_made_or_deleted_by_rpc(self):
        Email = self.env["mail.import.email"].with_user(self.agent)
        with self.assertRaises(AccessError):
            Email.create({"subject": "Forged"})
        with self.assertRaises(AccessError):
            self.entry_of().email_id.unlink()

    def test_entry_is_filed_and_marked_never_changed(self):
        entry = self.entry_of()
        entry.write({"starred": True, "is_read": True, "handled": True})
        for values in ({"subject": "x"}, {"user_id": self.agent.id}, {"bcc": "x"}):
            with self.subTest(values), self.assertRaises(AccessError):
                entry.write(values)

    def test_email_of_no_record_goes_with_its_last_copy(self):
        personal = self._mailbox("personal", "agent@company.example", owner_id=self.agent.id)
        raw = build_mail(
            sender="x@unknown.example", to="support@company.example, agent@company.example"
        )
        (first,) = self.receive(self.support, raw)
        (second,) = self.receive(personal, raw)
        email = first.email
        self.assertEqual(email, second.email)
        for entry, left in ((first.entry, 1), (second.entry, 0)):
            mine = entry.with_user(self.agent)
            with self.assertRaises(UserError):
                mine.action_delete()
            mine.action_trash()
            mine.action_delete()
            self.assertEqual(len(email.exists()), left)

    def test_trash_gives_back_where_the_mail_was(self):
        entry = self.entry_of()
        entry.action_archive_entry()
        entry.action_trash()
        entry.action_put_back()
        self.assertEqual(entry.folder_id.kind, "archive")

    def test_foreign_folder_is_refused(self):
        folder = self.env["mail.import.folder"].create({"name": "Boss's", "user_id": self.boss.id})
        with self.assertRaises(AccessError):
            self.entry_of().folder_id = folder
