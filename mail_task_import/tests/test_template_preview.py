"""The preview of a template on a record: what will stand in the letter, and what is missing."""

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import MailImportCase


@tagged("post_install", "-at_install")
class TestTemplatePreview(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._employee(
            "seller", "seller@company.example", "sales_team.group_sale_salesman"
        )
        cls.ann = cls.env["res.partner"].create(
            {"name": "Ann Customer", "email": "ann@customer.example"}
        )
        cls.theirs, cls.own = cls.env["crm.lead"].create(
            [
                {"name": "Their chairs", "partner_id": cls.ann.id, "user_id": cls.agent.id},
                {"name": "My chairs", "partner_id": cls.ann.id, "user_id": cls.seller.id},
            ]
        )
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "subject": "{Lead.name} for {Person.firstName}",
                "body_html": "<p>{Person.phoneNumber} {Account.name|your company} {optOutLink}</p>"
                "<p><a href='{optOutUrl}'>No more</a></p>",
            }
        )

    def preview(self, record, by=None, template=None):
        preview = self.env["mail.template.preview"].with_user(by or self.seller)
        return preview.create(
            {
                "mail_template_id": (template or self.template).id,
                "resource_ref": f"{record._name},{record.id}",
            }
        )

    def test_it_is_the_letter_as_it_will_be(self):
        preview = self.preview(self.own)
        self.assertEqual(preview.subject, "My chairs for Ann")
        self.assertIn("your company", preview.body_html)
        self.assertNotIn("{", preview.body_html)
        self.assertFalse(preview.error_msg)

    def test_links_to_opt_out_are_links_that_do_nothing_there(self):
        body = self.preview(self.own).body_html
        self.assertIn(">Unsubscribe</a>", body)
        self.assertEqual(body.count("/mail_import/opt_out_here"), 2)

    def test_what_is_empty_is_named(self):
        self.assertEqual(
            self.preview(self.own).mail_import_empty,
            "{Person.phoneNumber} is empty for this record: nothing stands there.\n"
            "{Account.name} is empty for this record: “your company” stands there.",
        )
        self.ann.write({"phone": "+32 2 290 34 90", "parent_id": self._company().id})
        self.assertFalse(self.preview(self.own).mail_import_empty)

    def _company(self):
        return self.env["res.partner"].create({"name": "Shop", "is_company": True})

    def test_it_follows_the_record_that_is_chosen(self):
        form = Form(
            self.env["mail.template.preview"]
            .with_user(self.seller)
            .with_context(default_mail_template_id=self.template.id)
        )
        self.assertEqual(form.subject, "My chairs for Ann")
        self.own.partner_id = False
        form.lang = "en_US"
        self.assertEqual(form.subject, "My chairs for ")
        self.assertIn("{Person.firstName} is empty", form.mail_import_empty)

    def test_another_ones_record_is_told_to_nobody(self):
        preview = self.preview(self.theirs)
        told = call_kw(preview, "read", [preview.ids, ["subject", "body_html"]], {})[0]
        self.assertNotIn("Their chairs", str(told))
        self.assertNotIn("Ann", str(told))
        self.assertFalse(preview.mail_import_empty)
        # and again for who may read it
        self.env.ref("sales_team.group_sale_manager").user_ids |= self.seller
        self.assertEqual(self.preview(self.theirs).subject, "Their chairs for Ann")

    def test_what_the_reader_may_not_read_of_a_record_stays_empty(self):
        self.ann.parent_id = shop = self._company()
        self.assertIn("Shop", self.preview(self.own).body_html)
        shop.company_id = self.env["res.company"].create({"name": "Other Company"})
        self.env.invalidate_all()
        preview = self.preview(self.own)
        self.assertNotIn("Shop", preview.body_html)
        self.assertIn("{Account.name} is empty", preview.mail_import_empty)

    def test_a_template_of_ones_own_is_previewed_by_nobody_else(self):
        mine = self.template.with_user(self.seller).copy(
            {"user_id": self.seller.id, "mail_import_personal": True}
        )
        self.assertEqual(self.preview(self.own, template=mine).subject, "My chairs for Ann")
        for by in (self.agent, self.administrator):
            with self.subTest(by.login), self.assertRaises(AccessError):
                self.preview(self.own, by=by, template=mine).read(["subject", "body_html"])

    def test_visitors_preview_nothing(self):
        visitor = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Visitor",
                    "login": "visitor",
                    "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
                }
            )
        )
        with self.assertRaises(AccessError):
            self.preview(self.own, by=visitor)
        values = {"mail_template_id": self.template.id, "resource_ref": f"crm.lead,{self.own.id}"}
        spec = {name: {} for name in (*values, "subject", "body_html", "mail_import_empty")}
        model = self.env["mail.template.preview"].with_user(visitor)
        with self.assertRaises(AccessError):
            call_kw(model, "onchange", [[], values, ["resource_ref"], spec], {})
