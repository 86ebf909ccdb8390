"""The text of a mailing is taken from a template."""

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
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

    def test_somebody_elses_own_template_is_not_used_up(self):
        groups = "base.group_user,mass_mailing.group_mass_mailing_user"
        marketer, owner = (new_test_user(self.env, name, groups) for name in ("mark", "olga"))
        once = self.template(mail_import_one_off=True)
        mailing = self.mailing(mail_import_template_id=once.id)
        once.write({"user_id": owner.id, "mail_import_personal": True})
        self.env.invalidate_all()
        mailing.with_user(marketer).action_put_in_queue()
        self.assertTrue(once.active)
        with self.assertRaises(AccessError):
            self.mailing().with_user(marketer).mail_import_template_id = once.id
        mailing.with_user(owner).action_put_in_queue()
        self.assertFalse(once.active)

    def by_somebodys_own(self):
        """A marketer, and a mailing by a template of somebody else."""
        groups = "base.group_allow_export,mass_mailing.group_mass_mailing_user"
        marketer = new_test_user(self.env, "marketer", groups)
        owner = new_test_user(self.env, "owner", f"{groups},mail.group_mail_template_editor")
        own = self.template(name="Ultra", user_id=owner.id, mail_import_personal=True)
        mailing = self.mailing()
        mailing.with_user(owner).mail_import_template_id = own
        self.env.invalidate_all()
        return marketer, mailing

    def test_nobody_else_is_told_the_name_of_somebodys_own_template(self):
        marketer, mailing = self.by_somebodys_own()
        template = mailing.mail_import_template_id
        self.administrator.group_ids += self.env.ref("mass_mailing.group_mass_mailing_user")
        name = "mail_import_template_id"
        questions = (
            ("read", [mailing.ids, [name]]),
            ("web_read", [mailing.ids, {name: {"fields": {"display_name": {}}}}]),
            ("search_read", [[("id", "=", mailing.id)], [name]]),
            ("export_data", [mailing.ids, [name, f"{name}/display_name"]]),
            ("formatted_read_group", [[("id", "=", mailing.id)], [name], ["__count"]]),
            ("web_search_read", [[(f"{name}.name", "=", "Ultra")], {name: {"fields": {}}}]),
            ("search_count", [[(name, "ilike", "Ultra")]]),
        )
        for user in (template.user_id, marketer, self.administrator):
            for method, args in questions:
                with self.subTest(f"{method} by {user.login}"):
                    self.env.invalidate_all()
                    asked = self.env["mailing.mailing"].with_user(user)
                    try:
                        told = str(call_kw(asked, method, args, {}))
                    except AccessError as error:
                        told = str(error)
                    if user != template.user_id:
                        self.assertNotIn("Ultra", told)
                        self.assertNotIn(told, ("1", "{'length': 1"))
                    elif method == "read":
                        self.assertIn("Ultra", told)

    def test_nobody_uses_up_a_template_of_somebody_else(self):
        marketer, mailing = self.by_somebodys_own()
        other = self.mailing()
        with self.assertRaisesRegex(AccessError, "owner only"):
            other.with_user(marketer).write(
                {"mail_import_template_id": mailing.mail_import_template_id.id}
            )

    def test_a_colleague_opens_a_mailing_by_somebodys_own_template(self):
        marketer, mailing = self.by_somebodys_own()
        with Form(mailing.with_user(marketer)) as form:
            form.subject = "Other news"
        self.assertEqual(mailing.subject, "Other news")
