"""Nobody posts or sends as somebody else of the house, whichever way they say so."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MailImportCase

OURS = ("boss@company.example", "board@company.example", "office@company.example")


@tagged("post_install", "-at_install")
class TestBorrowedSenders(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls._mailbox("group", "board@company.example", member_ids=cls.boss.ids)
        cls.env.company.partner_id.email = "office@company.example"
        cls.task = cls.env["project.task"].create(
            {"name": "Lamp", "project_id": cls.project.id, "partner_id": cls.customer.id}
        )
        cls.mine = cls.task.with_user(cls.agent)

    def assertMine(self, messages):
        self.assertTrue(messages)
        for message in messages.sudo():
            self.assertIn("agent@company.example", message.email_from)
            self.assertEqual(message.author_id, self.agent.partner_id)

    def forgeries(self):
        for address in OURS:
            yield {"email_from": address}
            yield {"email_from": f"The Boss <{address}>", "author_id": self.boss.partner_id.id}
        yield {"author_id": self.boss.partner_id.id}

    def test_a_post_bears_its_posters_own_name(self):
        for values in self.forgeries():
            with self.subTest(**values):
                self.assertMine(
                    self.mine.message_post(
                        body="Pay", partner_ids=self.customer.ids, message_type="comment", **values
                    )
                )
                self.assertMine(
                    self.mine.message_notify(body="Pay", partner_ids=self.customer.ids, **values)
                )

    def test_what_leaves_bears_it_too(self):
        before = self.env["mail.mail"].search([])
        self.mine.message_post(
            body="Pay",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.boss.partner_id.id,
            email_from="boss@company.example",
        )
        mails = self.env["mail.mail"].search([]) - before
        self.assertTrue(mails)
        for mail in mails:
            self.assertNotIn("boss@", mail.email_from + str(mail.body_html))

    def test_a_message_is_neither_made_nor_changed_to_be_a_colleagues(self):
        Message = self.env["mail.message"].with_user(self.agent)
        for values in self.forgeries():
            made = Message.create(
                {"model": "project.task", "res_id": self.task.id, "body": "Pay", **values}
            )
            self.assertMine(made)
            made.write(values)
            self.assertMine(made)

    def composer(self, mode, **values):
        return (
            self.env["mail.compose.message"]
            .with_user(self.agent)
            .create(
                {
                    "model": "project.task",
                    "res_ids": self.task.ids,
                    "composition_mode": mode,
                    "subject": "Pay",
                    "body": "Pay",
                    "partner_ids": self.customer.ids,
                    "auto_delete": False,
                    **values,
                }
            )
        )

    def test_the_composer_sends_as_its_user(self):
        for mode in ("comment", "mass_mail"):
            for values in self.forgeries():
                with self.subTest(mode=mode, **values):
                    mails, messages = self.composer(mode, **values)._action_send_mail()
                    self.assertMine(mails.mail_message_id | messages)

    def template(self, user):
        values = {
            "name": "Invoice",
            "model_id": self.env["ir.model"]._get_id("project.task"),
            "subject": "Invoice",
            "body_html": "<p>Pay</p>",
            "email_from": "boss@company.example",
            "email_to": "ann@customer.example",
            "auto_delete": False,
        }
        return self.env["mail.template"].with_user(user).create(values)

    def test_a_template_of_ones_own_grants_nothing(self):
        template = self.template(self.agent)
        for mode in ("comment", "mass_mail"):
            mails, messages = self.composer(mode, template_id=template.id)._action_send_mail()
            for message in mails.mail_message_id | messages:
                self.assertIn("agent@company.example", message.sudo().email_from)
        mail = self.env["mail.mail"].browse(template.send_mail(self.task.id))
        self.assertIn("agent@company.example", mail.email_from)

    def test_the_companys_templates_stay_as_the_host_has_them(self):
        template = self.template(self.env.ref("base.user_root")).with_user(self.agent)
        mail = self.env["mail.mail"].browse(template.send_mail(self.task.id))
        self.assertEqual(mail.email_from, "boss@company.example")
        for mode in ("comment", "mass_mail"):
            mails, messages = self.composer(mode, template_id=template.id)._action_send_mail()
            for message in mails.mail_message_id | messages:
                self.assertEqual(message.sudo().email_from, "boss@company.example", mode)

    def test_values_for_a_template_grant_nothing(self):
        template = self.template(self.env.ref("base.user_root")).with_user(self.agent)
        for values in self.forgeries():
            mail_id = template.send_mail(self.task.id, email_values={**values})
            mail = self.env["mail.mail"].browse(mail_id)
            if "email_from" in values:
                self.assertIn("agent@company.example", mail.email_from)
            self.assertNotEqual(mail.author_id, self.boss.partner_id)

    def test_automations_and_strangers_stay_as_the_host_has_them(self):
        message = self.task.message_post(body="x", author_id=self.boss.partner_id.id)
        self.assertEqual(message.author_id, self.boss.partner_id)
        message = self.mine.sudo().message_post(body="x", author_id=self.boss.partner_id.id)
        self.assertEqual(message.author_id, self.boss.partner_id)
        message = self.mine.message_post(body="x", email_from="zed@nowhere.example")
        self.assertEqual(message.email_from, "zed@nowhere.example")

    def test_from_a_mailbox_of_ones_own_one_posts(self):
        message = self.mine.message_post(body="x", email_from="support@company.example")
        self.assertEqual(message.email_from, "support@company.example")

    @mute_logger("odoo.models")
    def test_nobody_takes_an_address_of_others_for_their_own(self):
        for address in OURS:
            for take in (
                lambda a=address: self.agent.with_user(self.agent).write({"email": a}),
                lambda a=address: self.agent.partner_id.with_user(self.agent).write({"email": a}),
            ):
                with self.assertRaises(UserError):
                    take()
        self.agent.with_user(self.agent).write({"email": "agent@home.example"})
        self.assertEqual(self.agent.email, "agent@home.example")
