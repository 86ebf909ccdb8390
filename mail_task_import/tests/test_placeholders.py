"""Placeholders of templates: what they become, and what is refused."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import MailImportCase


@tagged("post_install", "-at_install")
class TestPlaceholders(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.partner"].create({"name": "Shop & Sons", "is_company": True})
        cls.ann = cls.env["res.partner"].create(
            {"name": "Ann Mary Customer", "email": "ann@shop.example", "parent_id": cls.shop.id}
        )
        cls.deal = cls.env["crm.lead"].create(
            {
                "name": "Ten chairs",
                "type": "opportunity",
                "partner_id": cls.ann.id,
                "expected_revenue": 1234.5,
            }
        )

    def template(self, body="", subject="", model="crm.lead"):
        return self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id(model),
                "subject": subject,
                "body_html": body,
            }
        )

    def rendered(self, body="", subject="", record=None):
        record = self.deal if record is None else record
        template = self.template(body, subject, record._name)
        return [
            template._render_field(name, record.ids)[record.id] for name in ("body_html", "subject")
        ]

    def body(self, body, record=None):
        return str(self.rendered(body, record=record)[0])

    def test_names_of_both_systems(self):
        self.assertEqual(
            self.body("<p>{Person.firstName} {Person.lastName} of {Account.name}</p>"),
            "<p>Ann Mary Customer of Shop &amp; Sons</p>",
        )
        self.assertEqual(
            self.body("<p>{Lead.partner_id.email} {Opportunity.name} {Parent.contactName}</p>"),
            "<p>ann@shop.example Ten chairs Ann Mary Customer</p>",
        )

    def test_a_name_that_is_a_template_stays_a_name(self):
        self.ann.name = "{{ 7*7 }} {User.login} <b>x</b> <t t-out='7*7'/>"
        body, subject = self.rendered("<p>{Person.name}</p>", "Hello {Person.name}")
        self.assertEqual(
            str(body),
            "<p>{{ 7*7 }} {User.login} &lt;b&gt;x&lt;/b&gt; &lt;t t-out=&#39;7*7&#39;/&gt;</p>",
        )
        self.assertEqual(subject, f"Hello {self.ann.name}")

    def test_a_subject_stays_one_line(self):
        self.deal.name = "Chairs\r\nBcc: all@shop.example"
        self.assertEqual(self.rendered(subject="{Lead.name}")[1], "Chairs Bcc: all@shop.example")

    def test_defaults(self):
        self.ann.name = False
        self.deal.partner_id = False
        self.assertEqual(self.body("<p>{Person.firstName|you &amp; me}</p>"), "<p>you &amp; me</p>")

    def test_other_braces_stay(self):
        css = "<p>{color: red} {&quot;a&quot;: 1} {foo} {foo.bar} ${x}</p>"
        self.assertEqual(self.body(css), css.replace("&quot;", '"'))

    def test_misspelt_ones_are_refused_with_what_was_meant(self):
        for written, meant in (
            ("{Preson.name}", "{Person.name}"),
            ("{person.name}", "{Person.name}"),
            ("{Person.fristName}", "firstName"),
            ("{todya}", "{today}"),
            ("{<b>Person</b>.name}", "torn apart"),
            ("{Case.number}", "leads to no Case"),
            ("{User.password}", "not for letters"),
            ("{Lead.tag_ids}", "several"),
        ):
            with self.subTest(written), self.assertRaisesRegex(ValidationError, meant):
                self.template(f"<p>{written}</p>")
