"""The host's composer on a record: From and alias among what its user may send from."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .test_drafts import DraftCase


@tagged("post_install", "-at_install")
class TestComposerFrom(DraftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls._mailbox("group", "sales@company.example", member_ids=cls.agent.ids)
        cls.sales.write(
            {
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_security": "none",
                "smtp_sign_in": False,
                "signature_ids": [(0, 0, {"name": "Sales", "body": "<p>The sales team</p>"})],
            }
        )
        cls.foreign = cls._mailbox("group", "board@company.example", member_ids=cls.boss.ids)
        cls.foreign.write({"smtp_host": "127.0.0.1", "smtp_port": cls.sink.port})

    def composer(self, task, user=None, **values):
        Composer = self.env["mail.compose.message"].with_user(user or self.agent)
        return Composer.create(
            {
                "model": "project.task",
                "res_ids": task.ids,
                "composition_mode": "comment",
                "subject": "Your lamp",
                "body": "It leaves tomorrow.",
                "partner_ids": self.customer.ids,
                **values,
            }
        )

    def sent_of(self, composer):
        self.sink.clear()
        composer._action_send_mail()
        return self.left()

    def left(self):
        self.env["mail.mail"].process_email_queue()
        return [sent.message for sent in self.sink.messages()]

    def answered(self):
        return self.record(self.question().sudo().email_id)

    def test_it_begins_with_the_mailbox_that_the_mail_came_in_by(self):
        composer = self.composer(self.answered())
        self.assertEqual(composer.mail_import_mailbox_id, self.support)
        self.assertEqual(composer.mail_import_signature_id, self.support.signature_ids[0])
        (sent,) = self.sent_of(composer)
        self.assertEqual(sent["From"], "Azure Support <support@company.example>")

    def test_another_mailbox_and_alias_are_chosen(self):
        task = self.answered()
        (sent,) = self.sent_of(self.composer(task, mail_import_mailbox_id=self.sales.id))
        self.assertEqual(sent["From"], "Sales <sales@company.example>")
        self.assertIn("The sales team", str(sent.get_body(("html",)).get_content()))
        alias = self.support.signature_ids[1]
        support = {
            "mail_import_mailbox_id": self.support.id,
            "mail_import_signature_id": alias.id,
        }
        (sent,) = self.sent_of(self.composer(task, **support))
        self.assertEqual(sent["From"], "Azure Sales <support@company.example>")
        again = self.composer(task)
        self.assertEqual(again.mail_import_signature_id, alias, "remembered for the record")

    def test_a_record_without_mail_leaves_from_a_mailbox_too(self):
        task = self.env["project.task"].create({"name": "Lamp", "project_id": self.project.id})
        composer = self.composer(task)
        self.assertFalse(composer.mail_import_mailbox_id)
        composer.mail_import_mailbox_id = self.sales
        (sent,) = self.sent_of(composer)
        self.assertEqual(sent["From"], "Sales <sales@company.example>")
        email = self.env["mail.import.email"].search([], order="id desc", limit=1)
        self.assertEqual((email.state, email.mailbox_id), ("sent", self.sales))
        self.assertEqual(self.record(email), task)

    def test_a_mailbox_of_others_is_refused(self):
        task = self.answered()
        composer = self.composer(task)
        self.assertNotIn(self.foreign, composer.mail_import_sendable_ids)
        composer = self.composer(task, mail_import_mailbox_id=self.foreign.id)
        with self.assertRaises(AccessError):
            composer._action_send_mail()
        mine = task.with_user(self.agent).with_context(mail_import_from=[self.foreign.id, 0])
        mine.message_post(
            body="x",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse([sent for sent in self.left() if "board@" in sent["From"]])

    def test_nothing_is_chosen_for_many_or_for_a_note(self):
        task = self.answered()
        self.assertFalse(self.composer(task, composition_mode="mass_mail").mail_import_sendable_ids)
        note = self.env.ref("mail.mt_note")
        self.assertFalse(self.composer(task, subtype_id=note.id).mail_import_sendable_ids)

    def test_the_form_offers_them(self):
        task = self.answered()
        context = {
            "default_model": "project.task",
            "default_res_ids": task.ids,
            "default_composition_mode": "comment",
            "default_partner_ids": self.customer.ids,
        }
        with Form(
            self.env["mail.compose.message"].with_user(self.agent).with_context(**context)
        ) as form:
            form.subject = "Your lamp"
            form.mail_import_mailbox_id = self.sales
            self.assertEqual(form.mail_import_signature_id, self.sales.signature_ids)
