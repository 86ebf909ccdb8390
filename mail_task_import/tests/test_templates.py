"""Templates of one's own, and those that serve once."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MailImportCase


@tagged("post_install", "-at_install")
class TestTemplates(MailImportCase):
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

    def test_a_template_that_serves_once_is_archived_when_it_has_served(self):
        once, often = self.template(mail_import_one_off=True), self.template()
        for template in (once, often):
            template.send_mail(self.ann.id)
        self.assertEqual((once.active, often.active), (False, True))

    def test_it_has_served_when_the_composer_has_sent(self):
        once = self.template(mail_import_one_off=True)
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.seller)
            .with_context(default_model="res.partner", default_res_ids=self.ann.ids)
            .create({"template_id": once.id, "composition_mode": "comment"})
        )
        self.assertEqual(composer.subject, "Hello Ann")
        composer._action_send_mail()
        self.assertFalse(once.active)
