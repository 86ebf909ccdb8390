"""The text of a mailing is taken from a template."""

from odoo.tests import Form, new_test_user, tagged

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestTemplates(MailingCase):
    def template(self, **values):
        return self.env["mail.template"].create(
            {
                "name": "Spring",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "News for {Person.firstName}",
                "body_html": "<p>Dear {Person.name}</p>",
                "attachment_ids": [(0, 0, {"name": "menu.txt", "raw": b"Soup"})],
                **values,
            }
        )

    def test_subject_text_and_files_are_taken_over(self):
        mailing = self.mailing()
        mailing.mail_import_template_id = self.template()
        mailing._onchange_mail_import_template_id()
        self.assertIn("Dear {Person.name}", mailing.body_arch)
        mails = self.sent(mailing)
        self.assertEqual(self.subject(mails["ann@news.example"]), "News for Ann")
        self.assertIn("Dear Ann Able", self.html(mails["ann@news.example"]))
        (file,) = mails["ann@news.example"].message.iter_attachments()
        self.assertEqual((file.get_filename(), file.get_content()), ("menu.txt", "Soup"))

    def test_who_serves_once_has_served_when_the_mailing_is_sent(self):
        once, always = self.template(mail_import_one_off=True), self.template()
        for template in (once, always):
            mailing = self.mailing(mail_import_template_id=template.id)
            self.assertTrue(template.active)
            mailing.action_launch()
        self.assertFalse(once.active)
        self.assertTrue(always.active)

    def test_a_colleague_opens_a_mailing_by_somebodys_own_template(self):
        groups = "base.group_user,mass_mailing.group_mass_mailing_user"
        marketer = new_test_user(self.env, "marketer", groups)
        own = self.template(user_id=self.env.user.id, mail_import_personal=True)
        mailing = self.mailing(mail_import_template_id=own.id)
        self.env.invalidate_all()
        with Form(mailing.with_user(marketer)) as form:
            form.subject = "Other news"
        self.assertEqual(mailing.subject, "Other news")
