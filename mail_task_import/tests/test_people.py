"""Whom the addresses of an e-mail belong to, and what that tells to whom."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_access_common import AccessCase

STRANGER = "Nobody <nobody@unknown.example>"


@tagged("post_install", "-at_install")
class TestPeople(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.company = cls.env["res.partner"].create(
            {"name": "Customer Ltd", "is_company": True, "email": "office@customer.example"}
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Desks", "type": "lead", "email_from": "lead@prospect.example"}
        )

    def people(self, record, user):
        return self.as_user(record, user).page_letter()["people"]

    def person(self, address, user=None, **values):
        email = self.asked(Cc=address, **values)
        (person,) = self.people(email.entry_ids, user or self.agent)["cc"]["people"]
        return person

    def test_each_kind_is_told(self):
        for address, kind, name in (
            ("ann@customer.example", "contact", "Ann Customer"),
            ("office@customer.example", "company", "Customer Ltd"),
            ("lead@prospect.example", "lead", "Desks"),
            ("colleague@company.example", "employee", "Colleague"),
            ("support@company.example", "mailbox", "Support"),
            ("Somebody <who@unknown.example>", "unknown", ""),
        ):
            with self.subTest(address=address):
                person = self.person(address, text=address)
                self.assertEqual((person["kind"], person["name"]), (kind, name))
                self.assertEqual(bool(person["id"]), kind != "unknown")
                self.assertEqual(person["can_create"], kind == "unknown")

    def test_a_remembered_address_is_its_contacts(self):
        self.env["mail.import.address"].create(
            {"address": "ann@home.example", "partner_id": self.customer.id}
        )
        person = self.person("ann@home.example")
        self.assertEqual((person["kind"], person["id"]), ("contact", self.customer.id))

    def test_records_that_one_may_not_read_have_no_name(self):
        person = self.person("lead@prospect.example", user=self.agent)
        self.assertEqual(person["id"], self.lead.id)
        self.support.member_ids |= self.colleague
        person = self.person("lead@prospect.example", user=self.colleague, text="2")
        self.assertEqual((person["kind"], person["name"], person["id"]), ("unknown", "", False))

    def test_a_mailbox_of_others_is_only_one_of_ours(self):
        self._mailbox("group", "sales@company.example", member_ids=self.boss.ids)
        person = self.person("sales@company.example")
        self.assertEqual((person["kind"], person["name"], person["id"]), ("own", "", False))
        self.assertFalse(person["can_create"] or person["can_add"])

    def test_a_forged_sender_is_not_said_to_be_whose_address_it_bears(self):
        email = self.asked(sender="Boss <boss@company.example>")
        self.assertTrue(email.unverified)
        (person,) = self.people(email.entry_ids, self.agent)["from"]["people"]
        self.assertEqual((person["kind"], person["id"]), ("unverified", False))
        self.assertTrue(person["unverified"])
        (person,) = self.people(self.links(email), self.reader)["from"]["people"]
        self.assertTrue(person["unverified"])

    def test_a_sender_whose_check_failed_is_not_the_contact(self):
        email = self.asked(
            Authentication_Results="mx.company.example; dmarc=fail header.from=customer.example"
        )
        (person,) = self.people(email.entry_ids, self.agent)["from"]["people"]
        self.assertEqual((person["kind"], person["name"]), ("unverified", ""))
        self.assertEqual(person["said"], "Ann Customer")

    def test_bcc_is_never_among_them(self):
        email = self.asked(Bcc="hidden@customer.example")
        people = self.people(email.entry_ids, self.agent)
        self.assertEqual(set(people), {"from", "to", "cc"})
        self.assertNotIn("hidden@", str(people))

    def test_many_addresses_are_bounded_and_cost_no_more_queries(self):
        def queries(email):
            entry = self.as_user(email.entry_ids, self.agent)
            entry.check_access("read")
            before = self.env.cr.sql_log_count
            entry.page_letter()
            return self.env.cr.sql_log_count - before

        one = self.asked(Cc="a0@unknown.example", text="one")
        cc = ", ".join(f"P{n} <a{n}@unknown.example>" for n in range(412))
        many = self.asked(Cc=cc, text="many")
        queries(one)
        self.assertLessEqual(queries(many), queries(one) + 1)
        people = self.people(many.entry_ids, self.agent)
        shown = sum(len(header["people"]) for header in people.values())
        self.assertEqual((shown, people["cc"]["more"]), (100, 412 - 98))

    def test_an_address_of_cc_is_added_to_a_contact(self):
        email = self.asked(Cc="Ann Customer <ann@home.example>")
        entry = self.as_user(email.entry_ids, self.agent)
        dialog = entry.env["mail.import.remember.address"].browse(
            entry.page_add_address("ann@home.example")["res_id"]
        )
        self.assertEqual(dialog.partner_id, self.customer)
        dialog.action_remember()
        self.assertEqual(self.customer.mail_import_address_ids.address, "ann@home.example")
        self.assertEqual(self.people(entry, self.agent)["cc"]["people"][0]["id"], self.customer.id)

    def test_only_addresses_that_the_mail_names_are_added(self):
        entry = self.as_user(self.asked().entry_ids, self.agent)
        with self.assertRaises(UserError):
            entry.page_add_address("else@unknown.example")
        with self.assertRaises(UserError):
            entry.page_add_address("support@company.example")

    def test_readers_of_the_record_add_nothing_to_contacts(self):
        self.reader.group_ids |= self.env.ref("base.group_partner_manager")
        email = self.asked(Cc="who@unknown.example")
        (person,) = self.people(self.links(email), self.reader)["cc"]["people"]
        self.assertTrue(person["can_create"])
        self.assertFalse(person["can_add"])
        link = self.as_user(self.links(email), self.reader)
        self.assertRefused(lambda: link.page_add_address("who@unknown.example"))
