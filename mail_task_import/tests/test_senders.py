"""Who writes from a group mailbox: its readers, or the groups that an administrator chose."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .test_drafts import DraftCase


class SenderCase(DraftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.writers = cls.env["res.groups"].create({"name": "Writers"})
        cls.colleague.group_ids += cls.writers
        cls.support.sender_group_ids = cls.writers

    def compose(self, user):
        Email = self.env["mail.import.email"].with_user(user)
        return Email.browse(Email.action_compose()["res_id"])


@tagged("post_install", "-at_install")
class TestSenders(SenderCase):
    def test_people_of_the_group_write_and_read_what_they_wrote_and_nothing_else(self):
        question = self.entry_of().sudo().email_id
        draft = self.compose(self.colleague)
        with Form(draft, view="mail_task_import.view_mail_import_draft_form") as form:
            self.assertEqual(form.mailbox_id.display_name, self.support.name)
            form.to, form.subject = "ann@customer.example", "Hello"
        draft.action_send()
        (sent,) = self.sink.messages()
        self.assertIn("support@company.example", sent.message["From"])
        self.env.invalidate_all()
        self.assertEqual(draft.read(["subject"])[0]["subject"], "Hello")
        self.assertTrue(draft.entry_ids.has_access("read"))
        self.assertFalse(draft.entry_ids.has_access("write"), "filing is its readers'")
        self.assertFalse(question.with_user(self.colleague).has_access("read"))
        self.assertTrue(draft.with_user(self.agent).has_access("read"), "it is the mailbox's")

    def test_members_who_are_not_of_the_group_do_not_write(self):
        entry = self.entry_of()
        for ask in (entry.action_reply, lambda: self.compose(self.agent)):
            with self.assertRaises(Exception) as caught:
                ask()
            self.assertIn(type(caught.exception).__name__, ("AccessError", "UserError"))
        self.assertNotIn(
            self.support, self.env["mail.import.mailbox"].with_user(self.agent)._sendable()
        )

    def test_who_leaves_the_group_sends_no_draft_that_they_had_begun(self):
        draft = self.compose(self.colleague)
        draft.write({"to": "ann@customer.example"})
        self.colleague.group_ids -= self.writers
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            draft.action_send()
        self.assertFalse(self.sink.messages())

    def test_the_groups_of_a_personal_mailbox_open_it_to_nobody(self):
        private = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        private.write({"smtp_host": "127.0.0.1", "sender_group_ids": self.writers.ids})
        self.assertFalse(private._may_send(self.colleague))
        self.assertTrue(private._may_send(self.boss))
        self.assertFalse(private.with_user(self.colleague).has_access("read"))

    def test_outsiders_never_write(self):
        portal = self.env.ref("base.group_portal")
        self.support.sender_group_ids = portal
        ann = self.env["res.users"].create(
            {
                "name": "Ann",
                "login": "ann",
                "group_ids": portal.ids,
                "email": "ann@customer.example",
            }
        )
        self.assertFalse(self.support._may_send(ann))

    def test_only_administrators_choose_the_groups(self):
        with self.assertRaises(AccessError):
            self.support.with_user(self.colleague).sender_group_ids = False


@tagged("post_install", "-at_install")
class TestSignatureOfLastTime(DraftCase):
    def send(self, draft, signature):
        draft.signature_id = signature
        draft.to = draft.to or "ann@customer.example"
        draft.action_send()

    def test_it_is_remembered_for_the_record_and_for_the_mailbox(self):
        first, second = self.support.signature_ids
        question = self.question()
        other = self.entry_of(subject="Another question")
        self.send(self.draft(question), second)
        self.assertEqual(self.draft(question).signature_id, second)
        self.assertIn("Yours, the sales team", self.draft(question).body)
        self.send(self.draft(other), first)
        self.assertEqual(self.draft(question).signature_id, second, "the record's")
        Email = self.env["mail.import.email"].with_user(self.agent)
        self.assertEqual(Email.browse(Email.action_compose()["res_id"]).signature_id, first)

    def test_it_is_each_users_own(self):
        self.support.member_ids += self.colleague
        question = self.question()
        self.send(self.draft(question), self.support.signature_ids[1])
        theirs = self.draft(question.with_user(self.colleague))
        self.assertEqual(theirs.signature_id, self.support.signature_ids[0])
        with self.assertRaises(AccessError):
            self.env["mail.import.signature.choice"].with_user(self.agent).search([])

    def test_an_alias_of_another_mailbox_is_refused(self):
        other = self._mailbox("group", "other@company.example", member_ids=self.boss.ids)
        alias = self.env["mail.import.signature"].create(
            {"mailbox_id": other.id, "name": "The Board"}
        )
        with self.assertRaises(AccessError):
            self.draft(self.entry_of()).signature_id = alias
