"""What the picker of placeholders offers: what may be written, and nothing that is refused."""

from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import MailImportCase

MODELS = ("crm.lead", "res.partner", "project.task")


@tagged("post_install", "-at_install")
class TestPlaceholderChoices(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._employee(
            "seller", "seller@company.example", "sales_team.group_sale_salesman"
        )
        cls.env.ref("project.group_project_user").user_ids |= cls.seller

    def ask(self, method, *args, by=None, **context):
        """As a browser asks."""
        model = self.env["mail.import.placeholder"].with_user(by or self.seller)
        return call_kw(model, method, list(args), {"context": context})

    def offered(self, model, by=None):
        """``{written without braces: choice}`` of the first pages."""
        roots = self.ask("choices", model, by=by)["roots"]
        return {
            f"{root['name']}.{choice['name']}": choice
            for root in roots
            for choice in root["choices"]
        }

    def below(self, model, written):
        root, *path = written.split(".")
        return {c["name"]: c for c in self.ask("choices_below", model, root, path)}

    def test_whose_they_are_is_told_in_words(self):
        roots = self.ask("choices", "crm.lead")["roots"]
        self.assertEqual(
            [(root["name"], root["label"]) for root in roots],
            [
                ("Person", "Recipient"),
                ("Account", "Recipient's Company"),
                ("Lead", "Lead or Opportunity"),
                ("User", "Sender"),
            ],
        )

    def test_one_record_is_offered_under_the_name_that_tells_it_best(self):
        for model, wanted, other in (
            ("crm.lead", "Lead", "Opportunity"),
            ("project.task", "Task", "Parent"),
            ("res.partner", "Person", "Parent"),
        ):
            with self.subTest(model):
                names = [root["name"] for root in self.ask("choices", model)["roots"]]
                self.assertIn(wanted, names)
                self.assertFalse({"Parent", "Opportunity"}.intersection(names))
                self.env["mail.template"].with_user(self.seller).create(
                    {
                        "name": "By another name",
                        "model_id": self.env["ir.model"]._get_id(model),
                        "subject": f"{{{other}.name}}",
                    }
                )
        names = [
            root["name"] for root in self.ask("choices", "crm.team", by=self.env.user)["roots"]
        ]
        self.assertIn("Parent", names)

    def test_attributes_have_the_names_of_the_other_system_and_the_words_of_this(self):
        offered = self.offered("crm.lead")
        self.assertEqual(offered["Person.firstName"]["label"], "First Name")
        self.assertEqual(offered["Person.emailAddress"]["label"], "Email")
        self.assertEqual(offered["Lead.closeDate"]["label"], "Expected Closing")
        # once, under one name
        self.assertNotIn("Person.email", list(offered))
        self.assertNotIn("Lead.date_deadline", list(offered))
        self.assertNotIn("Lead.opportunityAmount", list(offered))

    def test_words_are_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        field = self.env["ir.model.fields"]._get("res.partner", "phone")
        field.with_context(lang="de_DE").field_description = "Fernsprecher"
        (person, *_others) = self.ask("choices", "res.partner", lang="de_DE")["roots"]
        labels = {choice["name"]: choice["label"] for choice in person["choices"]}
        self.assertEqual(labels["phoneNumber"], "Fernsprecher")

    def test_what_is_offered_can_be_saved(self):
        for model in MODELS:
            offered = self.offered(model)
            written = [*offered]
            for name, choice in offered.items():
                if choice["below"]:
                    path = f"{name.split('.')[0]}.{choice['below']}"
                    written += [f"{path}.{below}" for below in self.below(model, path)]
            self.assertGreater(len(written), 200, model)
            body = "".join(f"<p>{{{name}}}</p>" for name in written)
            self.env["mail.template"].with_user(self.seller).create(
                {
                    "name": "All of them",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "subject": "{today} {now} {currentYear}",
                    "body_html": body + "<p>{optOutLink} {optOutUrl}</p>",
                }
            )

    def test_further_along_records(self):
        offered = self.offered("crm.lead")
        self.assertEqual(offered["Person.addressCountry"]["below"], "country_id")
        self.assertIn("code", self.below("crm.lead", "Person.country_id"))
        self.assertEqual(offered["Lead.assignedUserName"]["below"], "user_id")
        deep = self.below("crm.lead", "Lead.user_id.partner_id.country_id.currency_id")
        self.assertIn("symbol", deep)

    def test_a_signature_is_offered_what_it_takes(self):
        mailbox = self._mailbox("personal", "seller@company.example", owner_id=self.seller.id)
        roots = self.ask("choices", "mail.import.signature")["roots"]
        names = {root["name"] for root in roots}
        self.assertGreaterEqual(names, {"Person", "Account", "Lead", "Task", "User"})
        self.assertNotIn("Parent", names)
        offered = self.offered("mail.import.signature")
        self.assertIn("Lead.closeDate", list(offered))
        self.env["mail.import.signature"].with_user(self.seller).create(
            {
                "mailbox_id": mailbox.id,
                "name": "Seller",
                "body": "".join(f"<p>{{{written}}}</p>" for written in offered),
            }
        )

    def test_secrets_and_several_are_not_offered(self):
        for model in MODELS:
            names = {name.split(".", 1)[1] for name in self.offered(model)}
            self.assertFalse(
                {name for name in names if "token" in name or "password" in name or "bank" in name}
            )
            self.assertFalse(names & {"tag_ids", "child_ids", "group_ids", "image_1920"})
        self.assertFalse(self.below("crm.lead", "Person.bank_ids"))
        self.assertFalse(self.below("crm.lead", "User.res_users_settings_id"))

    def test_fields_that_the_reader_may_not_read_are_not_offered(self):
        self.assertIn("Lead.referred", list(self.offered("crm.lead")))
        field = self.env["crm.lead"]._fields["referred"]
        self.patch(field, "groups", "sales_team.group_sale_manager")
        self.assertNotIn("Lead.referred", list(self.offered("crm.lead")))
        self.env.ref("sales_team.group_sale_manager").user_ids |= self.seller
        self.assertIn("Lead.referred", list(self.offered("crm.lead")))

    def test_no_way_leads_into_models_that_the_reader_may_not_read(self):
        path = "Lead.source_id"
        self.assertTrue(self.below("crm.lead", path))
        self.env["ir.model.access"].search([("model_id.model", "=", "utm.source")]).unlink()
        self.env.registry.clear_cache()
        self.assertFalse(self.below("crm.lead", path))
        self.assertFalse({"Lead.source", path} & {*self.offered("crm.lead")})

    def test_who_may_not_read_the_records_is_told_nothing(self):
        for by in (self.colleague, self._visitor()):
            with self.subTest(by.login), self.assertRaises(AccessError):
                self.ask("choices", "crm.lead", by=by)
            with self.subTest(by.login), self.assertRaises(AccessError):
                self.ask("choices_below", "crm.lead", "Person", ["country_id"], by=by)
        with self.assertRaises(AccessError):
            self.ask("choices", "res.partner", by=self._visitor())

    def _visitor(self):
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Visitor",
                    "login": f"visitor{len(self.env['res.users'].search([]))}",
                    "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
                }
            )
        )

    def test_models_that_are_none(self):
        for model in ("", False, "no.such.model", "mail.thread"):
            with self.subTest(model), self.assertRaises(ValidationError):
                self.ask("choices", model)

    def test_a_subject_is_offered_no_link(self):
        def names(is_html):
            return [one["name"] for one in self.ask("choices", "crm.lead", is_html)["reserved"]]

        self.assertEqual(names(False), ["today", "now", "currentYear"])
        self.assertEqual(names(True)[3:], ["optOutUrl", "optOutLink"])

    def test_a_link_in_a_subject_is_refused(self):
        for written in ("{optOutUrl}", "{optOutLink|none}"):
            with self.subTest(written), self.assertRaisesRegex(ValidationError, "not in its sub"):
                self.env["mail.template"].create({"name": "News", "subject": f"Out: {written}"})

    def test_addresses_take_none(self):
        for name in ("email_to", "email_from", "reply_to", "partner_to", "scheduled_date"):
            with self.subTest(name), self.assertRaisesRegex(ValidationError, "takes no placehold"):
                self.env["mail.template"].create({"name": "News", name: "{Person.emailAddress}"})

    def test_paths_that_lead_nowhere_have_nothing_below(self):
        for path in ("Person.name", "Person.nothing", "Person.firstName", "Person.child_ids"):
            self.assertFalse(self.below("crm.lead", path), path)
        self.assertFalse(self.below("crm.lead", "Nobody.name"))
        self.assertFalse(self.below("crm.lead", "Lead" + ".user_id.partner_id" * 25))
