"""Placeholders of templates: what they become, and what is refused."""

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..placeholders.syntax import placeholders
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
        self.deal.partner_id = False
        self.assertEqual(self.body("<p>{Person.firstName|you &amp; me}</p>"), "<p>you &amp; me</p>")

    def test_blanks_of_an_editor_change_nothing(self):
        for written in ("{Person.name&nbsp;}", "{ Person.name }", "{Person.name |x}",
                        "{Person.name\xa0| x }"):  # fmt: skip
            with self.subTest(written):
                self.assertEqual(self.body(f"<p>{written}</p>"), "<p>Ann Mary Customer</p>")

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
            ("{Person.name} {Person<i>.name</i>}", "torn apart"),
            ("{Case.number}", "leads to no Case"),
            ("{User.password}", "not for letters"),
            ("{Lead.tag_ids}", "several"),
            ("{Person..name}", "{Person.name}"),
            ("{Person,name}", "{Person.name}"),
            ("{Person.first name}", "{Person.firstName}"),
            ("{Person.name|a\nb}", "a b"),
            ("{Person.name|" + "x" * 201 + "}", "Did you mean"),
        ):
            with self.subTest(written), self.assertRaisesRegex(ValidationError, meant):
                self.template(f"<p>{written}</p>")

    def test_translations_are_checked_too(self):
        self.env["res.lang"]._activate_lang("de_DE")
        template = self.template("<p>{Person.name}</p>", "{Person.name}")
        with self.assertRaisesRegex(ValidationError, "Person"):
            template.update_field_translations("subject", {"de_DE": "{Preson.name}"})
        with self.assertRaisesRegex(ValidationError, "Person"):
            template.with_context(lang="de_DE").body_html = "<p>{Preson.name}</p>"

    def test_amounts_and_dates_are_in_the_language_of_who_gets_them(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.ann.lang = "de_DE"
        self.deal.write({"date_deadline": "2026-03-04"})
        text = self.body("<p>{Lead.amount} {Lead.closeDate}</p>")
        self.assertIn("1.234,50", text)
        self.assertIn("04.03.2026", text)

    def test_links(self):
        self.shop.website = "shop.example/?a=1&b=2"
        self.assertEqual(
            self.body("<a href='{Account.website}'>x</a>"),
            '<a href="http://shop.example/?a=1&amp;b=2">x</a>',
        )
        self.deal.name = "javascript:alert(1)"
        self.assertEqual(self.body("<a href='{Lead.name}'>x</a>"), '<a href="#">x</a>')
        self.assertIn(
            "?who=Ann%20Mary%20Customer",
            self.body("<a href='https://x.example/?who={Person.name}'>x</a>"),
        )

    def test_a_placeholder_that_leads_an_address_is_one_whatever_an_editor_put_before_it(self):
        self.shop.website = "https://shop.example"
        self.ann.email = "ann@customer.example"
        addresses = {
            "https://{Account.website}": "https://shop.example",
            "HTTP://{Account.website}/news?a=1": "https://shop.example/news?a=1",
            "{Account.website}/{Person.firstName}": "https://shop.example/Ann",
            "{Person.emailAddress}": "mailto:ann@customer.example",
            "https://{Person.firstName}.example/": "https://Ann.example/",
            "{Lead.name}/news": "#/news",
        }
        self.deal.name = "javascript:alert(1)"
        for written, sent in addresses.items():
            with self.subTest(written):
                self.assertEqual(self.body(f'<a href="{written}">x</a>'), f'<a href="{sent}">x</a>')

    def test_what_the_sender_may_not_read_is_not_told(self):
        alien = self.env["res.company"].create({"name": "Other Company"})
        seller = self._employee(
            "seller", "seller@company.example", "sales_team.group_sale_salesman"
        )
        self.deal.user_id = seller
        self.ann.ref = "A-17"
        template = self.template("<p>{Person.ref|you} {Lead.name}</p>")
        self.ann.company_id = alien
        self.shop.company_id = alien
        self.env.invalidate_all()
        rendered = template.with_user(seller)._render_field("body_html", self.deal.ids)
        self.assertEqual(str(rendered[self.deal.id]), "<p>you Ten chairs</p>")

    def test_a_letter_about_a_record_that_its_sender_may_not_read_can_be_opted_out_of(self):
        seller = self._employee(
            "seller", "seller@company.example", "sales_team.group_sale_salesman"
        )
        template = self.template("<p>{Lead.name|-} {currentYear} {optOutUrl}</p>")
        self.deal.user_id = self.env.ref("base.user_admin")
        self.env.invalidate_all()
        values = self.env["mail.import.placeholder"]._values(
            placeholders(template.body_html, True), "crm.lead", self.deal.ids, seller
        )[self.deal.id]
        by_root = {placeholder.root: text for placeholder, text in values.items()}
        self.assertEqual(by_root["Lead"], "")
        self.assertEqual(by_root["currentYear"], str(fields.Date.today().year))
        self.assertTrue(by_root["optOutUrl"])

    def test_what_the_writer_may_not_read_is_refused_when_it_is_saved(self):
        seller = self._employee(
            "seller", "seller@company.example", "sales_team.group_sale_salesman"
        )
        values = {
            "name": "Mine",
            "model_id": self.env["ir.model"]._get_id("ir.cron"),
            "body_html": "<p>{Parent.cron_name}</p>",
        }
        with self.assertRaisesRegex(ValidationError, "may not read"):
            self.env["mail.template"].with_user(seller).create(values)
        administrator = self.env.ref("base.user_admin")
        self.assertTrue(self.env["mail.template"].with_user(administrator).create(values))

    def test_a_salesman_puts_no_secrets_into_templates(self):
        seller = self._employee(
            "seller", "seller@company.example", "sales_team.group_sale_salesman"
        )
        for written in ("{User.api_key_ids}", "{Person.signup_type}", "{User.totp_secret}"):
            with self.subTest(written), self.assertRaises(ValidationError):
                self.env["mail.template"].with_user(seller).create(
                    {
                        "name": "Mine",
                        "model_id": self.env["ir.model"]._get_id("crm.lead"),
                        "body_html": f"<p>{written}</p>",
                    }
                )

    def test_a_lead_without_a_contact_is_the_person_itself(self):
        lead = self.env["crm.lead"].create(
            {"name": "Chairs?", "contact_name": "Bob Smith", "partner_name": "Smith & Co"}
        )
        self.assertEqual(
            self.body("<p>{Person.name} {Person.firstName} {Account.name}</p>", lead),
            "<p>Bob Smith Bob Smith &amp; Co</p>",
        )
