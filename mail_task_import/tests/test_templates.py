"""Templates of one's own, and those that serve once."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from environment.smtp_sink import SmtpSink

from .common import MailImportCase


class TemplateCase(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._employee(
            "seller", "seller@company.example", "sales_team.group_sale_salesman"
        )
        cls.ann = cls.env["res.partner"].create({"name": "Ann", "email": "ann@customer.example"})

    def template(self, by=None, **values):
        return (
            self.env["mail.template"]
            .with_user(by or self.seller)
            .create(
                {
                    "name": "Greeting",
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                    "subject": "Hello {Person.name}",
                    "body_html": "<p>Hello {Person.name}</p>",
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestTemplates(TemplateCase):
    def test_nobody_else_sees_a_template_of_ones_own(self):
        template = self.template(user_id=self.seller.id, mail_import_personal=True)
        self.assertEqual(template.name, "Greeting")
        for other in (self.agent, self.env.ref("base.user_admin")):
            theirs = template.with_user(other)
            self.assertFalse(theirs.search([("id", "=", template.id)]))
            with self.assertRaises(AccessError):
                theirs.read(["subject"])
            with self.assertRaises(AccessError):
                theirs.send_mail(self.ann.id)

    def test_the_others_are_everybodys(self):
        self.assertTrue(
            self.env["mail.template"]
            .with_user(self.agent)
            .search([("id", "=", self.template().id)])
        )

    def test_nobody_hides_a_template_for_another(self):
        admin = self.env.ref("base.user_admin")
        for by, owner in ((self.seller, self.agent), (admin, self.agent), (admin, None)):
            with self.subTest(by=by.name, owner=owner), self.assertRaises(AccessError):
                self.template(
                    by=by, user_id=owner.id if owner else False, mail_import_personal=True
                )


@tagged("post_install", "-at_install")
class TestTemplatesOfOneself(TemplateCase):
    """A colleague's template by its number, in every way in which the host takes one."""

    def setUp(self):
        super().setUp()
        self.secret = self.template(
            user_id=self.seller.id,
            mail_import_personal=True,
            subject="Secret subject",
            body_html="<p>Secret body</p>",
            attachment_ids=[(0, 0, {"name": "secret.txt", "raw": b"secret"})],
        )
        self.others = (self.agent, self.administrator, self.env.ref("base.user_admin"))

    def refused(self, do):
        for user in self.others:
            env = self.env(user=user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                do(env)
                env.flush_all()

    def test_it_is_neither_read_copied_changed_nor_deleted(self):
        id_ = self.secret.id
        self.refused(lambda env: env["mail.template"].browse(id_).copy())
        self.refused(lambda env: env["mail.template"].browse(id_).write({"subject": "x"}))
        self.refused(lambda env: env["mail.template"].browse(id_).unlink())
        self.refused(lambda env: env["mail.template"].browse(id_).get_field_translations("subject"))
        for user in self.others:
            templates = self.env["mail.template"].with_user(user)
            self.assertFalse(templates.search([("subject", "ilike", "secret")]))
            self.assertFalse(templates.name_search("Greeting"))
            self.assertNotIn(id_, [row["id"] for row in templates.search_read([], ["name"])])

    def test_administrators_do_not_export_it(self):
        admin = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            self.secret.with_user(admin).export_data(["subject"])

    def test_its_files_are_closed(self):
        file = self.secret.attachment_ids
        for user in self.others:
            with self.subTest(user.login), self.assertRaises(AccessError):
                file.with_user(user).read(["raw", "name"])

    def test_it_is_not_previewed(self):
        def preview(env):
            made = env["mail.template.preview"].create({"mail_template_id": self.secret.id})
            return made.read(["subject", "body_html", "attachment_ids"])

        self.refused(preview)

    def test_the_composer_does_not_take_it(self):
        def compose(mode):
            return lambda env: (
                env["mail.compose.message"]
                .with_context(default_model="res.partner", default_res_ids=self.ann.ids)
                .create({"template_id": self.secret.id, "composition_mode": mode})
            )

        for mode in ("comment", "mass_mail"):
            self.refused(compose(mode))

    def test_the_composer_does_not_show_it_before_it_is_saved(self):
        """The form asks what a template says before anything is stored."""
        for mode in ("comment", "mass_mail"):
            values = {
                "template_id": self.secret.id,
                "composition_mode": mode,
                "model": "res.partner",
                "res_ids": repr(self.ann.ids),
            }
            for wanted in ("subject", "body", "attachment_ids"):
                spec = {"template_id": {}, "composition_mode": {}, "model": {}, "res_ids": {}}
                spec[wanted] = {"fields": {"name": {}}} if wanted == "attachment_ids" else {}
                self.refused(
                    lambda env, spec=spec, values=values: (
                        env["mail.compose.message"].browse().onchange(values, ["template_id"], spec)
                    )
                )

    def test_a_composer_is_not_switched_to_it(self):
        def switch(env):
            composer = env["mail.compose.message"].create(
                {"model": "res.partner", "res_ids": repr(self.ann.ids), "subject": "x"}
            )
            composer.template_id = self.secret.id

        self.refused(switch)

    def test_no_message_is_scheduled_or_posted_by_it(self):
        self.refused(
            lambda env: (
                env["res.partner"]
                .browse(self.ann.id)
                .message_post_with_source(env["mail.template"].browse(self.secret.id))
            )
        )
        self.refused(
            lambda env: (
                env["res.partner"]
                .browse(self.ann.id)
                .message_mail_with_source(env["mail.template"].browse(self.secret.id))
            )
        )
        self.refused(
            lambda env: (
                env["mail.compose.message"]
                .with_context(default_model="res.partner", default_res_ids=self.ann.ids)
                .create(
                    {
                        "template_id": self.secret.id,
                        "composition_mode": "comment",
                        "scheduled_date": "2030-01-01 10:00:00",
                    }
                )
                .action_schedule_message()
            )
        )

    def test_no_server_action_sends_it_for_another(self):
        for way in ("email", "comment"):
            action = self.env["ir.actions.server"].create(
                {
                    "name": "Send",
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                    "state": "mail_post",
                    "template_id": self.secret.id,
                    "mail_post_method": way,
                }
            )
            context = {"active_model": "res.partner", "active_id": self.ann.id}
            for user in (self.administrator, self.env.ref("base.user_admin")):
                with self.subTest((way, user.login)), self.assertRaises(AccessError):
                    action.with_user(user).with_context(**context).run()

    def test_its_owner_writes_by_it_in_all_these_ways(self):
        seller = self.env(user=self.seller)
        composer = (
            seller["mail.compose.message"]
            .with_context(default_model="res.partner", default_res_ids=self.ann.ids)
            .create({"template_id": self.secret.id, "composition_mode": "comment"})
        )
        self.assertEqual(composer.subject, "Secret subject")
        self.assertEqual(composer.attachment_ids.mapped("name"), ["secret.txt"])
        preview = seller["mail.template.preview"].create({"mail_template_id": self.secret.id})
        self.assertEqual(preview.subject, "Secret subject")
        self.assertTrue(self.secret.copy().mail_import_personal)


@tagged("post_install", "-at_install")
class TestTemplatesThatServeOnce(TemplateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sink = cls.enterClassContext(SmtpSink())
        cls.enterClassContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        cls.env["ir.mail_server"].create(
            {
                "name": "Company",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_encryption": "none",
                "sequence": 1,
            }
        )

    def setUp(self):
        super().setUp()
        self.sink.clear()
        self.once = self.template(
            mail_import_one_off=True, email_from="seller@company.example", auto_delete=False
        )

    def composer(self, mode="comment", **values):
        return (
            self.env["mail.compose.message"]
            .with_user(self.seller)
            .with_context(default_model="res.partner", default_res_ids=self.ann.ids)
            .create({"template_id": self.once.id, "composition_mode": mode, **values})
        )

    def mails(self):
        return self.env["mail.mail"].search([("mail_import_once", "=", self.once.id)])

    def test_it_is_archived_when_its_letter_was_sent(self):
        often = self.template(email_from="seller@company.example")
        for template in (self.once, often):
            template.send_mail(self.ann.id)
        self.assertTrue(self.once.active, "nothing has left yet")
        self.env["mail.mail"].process_email_queue()
        self.assertEqual((self.once.active, often.active), (False, True))
        self.assertEqual(len(self.sink.messages()), 2)

    def test_it_is_not_lost_where_sending_fails(self):
        self.sink.refuse("ann@customer.example")
        self.once.send_mail(self.ann.id)
        self.env["mail.mail"].process_email_queue()
        self.assertEqual(self.mails().state, "exception")
        self.assertTrue(self.once.active)
        self.sink.clear()
        self.mails().mark_outgoing()
        self.env["mail.mail"].process_email_queue()
        self.assertFalse(self.once.active)

    def test_to_pick_it_in_the_composer_does_not_use_it(self):
        composer = self.composer()
        self.assertEqual(composer.subject, "Hello Ann")
        self.assertTrue(self.once.active)

    def test_in_the_composer_it_has_served_when_the_letter_was_sent(self):
        _mails, message = self.composer()._action_send_mail()
        self.env["mail.mail"].process_email_queue()
        self.assertFalse(self.once.active)
        self.assertEqual(message.subject, "Hello Ann")

    def test_in_the_composer_it_is_kept_where_sending_fails(self):
        self.sink.refuse("ann@customer.example")
        self.composer()._action_send_mail()
        self.env["mail.mail"].process_email_queue()
        self.assertTrue(self.once.active)
        self.assertEqual(self.mails().state, "exception")

    def test_a_note_by_it_is_a_use(self):
        self.composer(subtype_id=self.env.ref("mail.mt_note").id)._action_send_mail()
        self.env["mail.mail"].process_email_queue()
        self.assertFalse(self.once.active)

    def test_many_letters_at_once_are_one_use(self):
        bob = self.env["res.partner"].create({"name": "Bob", "email": "bob@customer.example"})
        both = repr((self.ann | bob).ids)
        composer = self.composer("mass_mail", res_ids=both, auto_delete=False)
        composer._action_send_mail()
        self.env["mail.mail"].process_email_queue()
        self.assertFalse(self.once.active)
        subjects = sorted(mail.message["Subject"] for mail in self.sink.messages())
        self.assertEqual(subjects, ["Hello Ann", "Hello Bob"])

    def test_a_scheduled_message_uses_it_when_it_is_posted(self):
        later = "2030-01-01 10:00:00"
        self.composer(scheduled_date=later).action_schedule_message()
        self.assertTrue(self.once.active)
        scheduled = self.env["mail.scheduled.message"].search([("res_id", "=", self.ann.id)])
        scheduled.with_user(self.seller).post_message()
        self.env["mail.mail"].process_email_queue()
        self.assertFalse(self.once.active)

    def test_a_context_that_names_anothers_template_does_not_end_it(self):
        mine = self.template(user_id=self.seller.id, mail_import_personal=True)
        mine.mail_import_one_off = True
        self.ann.with_user(self.agent).with_context(mail_import_once=mine.id).message_post(
            body="x", subtype_xmlid="mail.mt_comment", partner_ids=self.ann.ids
        )
        self.env["mail.mail"].process_email_queue()
        self.assertTrue(mine.active)
