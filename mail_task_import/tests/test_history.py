"""The e-mails of a record: which ones, whose, and how much it costs to find them."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_access_common import AccessCase


class HistoryCase(AccessCase):
    def setUp(self):
        super().setUp()
        self.support.default_target_id = False
        self.account = self.env["res.partner"].create({"name": "Big", "is_company": True})
        self.customer.parent_id = self.account
        self.lead = self.env["crm.lead"].create({"name": "Chairs", "partner_id": self.account.id})

    def asked_of(self, record, subject, **values):
        """A mail of a stranger in the group mailbox, linked by hand."""
        values.setdefault("sender", "Nobody <nobody@unknown.example>")
        email = self.asked(subject, **values)
        # the importer's own links are of no concern here
        email.link_ids.unlink()
        self.env["mail.import.link"].create(
            {"email_id": email.id, "res_model": record._name, "res_id": record.id, "step": "user"}
        )
        return email

    def history(self, record, user=None):
        record = self.as_user(record, user or self.agent)
        return record.env["mail.import.link"].search(record._mail_import_link_domain())

    def subjects(self, record, user=None):
        return self.history(record, user).mapped("subject")


@tagged("post_install", "-at_install")
class TestHistory(HistoryCase):
    def test_an_account_shows_mail_of_its_contacts_and_records_by_date(self):
        self.asked_of(self.lead, "To the lead", minutes_ago=20)
        self.asked_of(self.account, "To the account", minutes_ago=30)
        self.asked_of(self.customer, "To the contact", minutes_ago=10)
        task = self.env["project.task"].create(
            {"name": "Desk", "project_id": self.project.id, "partner_id": self.customer.id}
        )
        self.asked_of(task, "To the task", minutes_ago=25)
        self.assertEqual(
            self.subjects(self.account),
            ["To the contact", "To the lead", "To the task", "To the account"],
        )
        self.assertEqual(self.subjects(self.lead), ["To the lead"])
        self.assertEqual(self.subjects(self.customer), ["To the contact", "To the task"])
        self.assertEqual(
            self.history(self.account).mapped("record_name"),
            [self.customer.display_name, "Chairs", "Desk", "Big"],
        )

    def test_ones_own_draft_is_shown_and_no_colleagues(self):
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        self.support.member_ids |= self.boss
        email = self.asked_of(self.lead, "Question")
        entry = self.as_user(email.entry_ids, self.agent)
        draft = entry._draft("reply")
        self.assertEqual(len(self.history(self.lead)), 2)
        self.assertIn(draft, self.history(self.lead).sudo().email_id)
        self.assertEqual(self.subjects(self.lead, self.boss), ["Question"])
        self.assertEqual(self.as_user(self.lead, self.boss).mail_import_link_count, 1)

    def test_one_person_is_picked_out(self):
        self.asked_of(self.lead, "By Ann", sender="Ann <ann@a.example>", minutes_ago=3)
        self.asked_of(self.lead, "By Joann", sender="Joann <joann@a.example>", minutes_ago=2)
        self.asked_of(self.lead, "Copy", Cc="Ann <ann@a.example>, bob@b.example", minutes_ago=1)
        Link = self.as_user(self.env["mail.import.link"], self.agent)
        domain = self.as_user(self.lead, self.agent)._mail_import_link_domain()
        found = {one["address"]: one["count"] for one in Link.people(list(domain))}
        self.assertEqual(found["ann@a.example"], 2)
        self.assertNotIn("support@company.example", found)
        picked = Link.search(domain & Link._search_person("in", ["ann@a.example"]))
        self.assertEqual(picked.mapped("subject"), ["Copy", "By Ann"])
        self.assertEqual(
            Link.search(domain & Link._search_all_text("ilike", "joann")).mapped("subject"),
            ["By Joann"],
        )

    def test_the_button_counts_up_to_a_thousand(self):
        self.asked_of(self.lead, "One")
        self.assertEqual(self.as_user(self.lead, self.agent).mail_import_link_words, "1")
        self.patch(
            type(self.env["mail.import.link"]), "search_count", lambda *args, limit=None: limit
        )
        lead = self.as_user(self.lead, self.agent)
        self.assertEqual(lead.mail_import_link_words, "1000+")

    def test_many_take_as_many_queries_as_few(self):
        def queries():
            lead = self.as_user(self.lead, self.agent)
            domain = list(lead._mail_import_link_domain())
            fields = {"subject": {}, "correspondent": {}, "record_name": {}, "my_entry_id": {}}
            before = self.env.cr.sql_log_count
            self.assertTrue(lead.mail_import_link_count)
            lead.env["mail.import.link"].web_search_read(domain, fields, limit=80)
            lead.env["mail.import.entry"].web_search_read(
                [], {"subject": {}, "correspondent": {}, "linked_to": {}}, limit=80
            )
            return self.env.cr.sql_log_count - before

        for number in range(3):
            self.asked_of(self.lead, f"Few {number}")
        queries()
        few = queries()
        for number in range(30):
            self.asked_of(self.lead, f"Many {number}")
        self.assertEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestHistoryAccess(HistoryCase):
    def test_who_reads_no_record_reads_and_counts_nothing(self):
        task = self.env["project.task"].create(
            {"name": "Desk", "project_id": self.project.id, "partner_id": self.customer.id}
        )
        email = self.asked_of(task, "Secret desk")
        self.assertEqual(self.subjects(self.account, self.reader), ["Secret desk"])
        self.assertHiddenFrom(self.outsiders | self.boss, email.link_ids, "subject")
        for user in self.colleague | self.boss:
            self.assertEqual(self.subjects(self.account, user), [])
            self.assertEqual(self.as_user(self.account, user).mail_import_link_count, 0)
            Link = self.as_user(self.env["mail.import.link"], user)
            self.assertEqual(Link.people([]), [])
            self.assertFalse(Link.search([("person", "=", "nobody@unknown.example")]))
            self.assertFalse(Link.search([("all_text", "ilike", "desk")]))
            self.assertRefused(lambda u=user: self.as_user(email.link_ids, u).action_edit_draft())
        for user in self.portal | self.stranger:
            self.assertRefused(
                lambda u=user: self.as_user(self.env["mail.import.link"], u).people([])
            )

    def test_a_record_that_one_may_not_read_has_no_name(self):
        task = self.env["project.task"].create(
            {"name": "Merger", "project_id": self.project.id, "partner_id": self.customer.id}
        )
        self.asked_of(task, "Hello")
        self.support.member_ids |= self.boss
        links = self.history(task, self.boss)
        self.assertEqual(links.mapped("record_name"), [False])

    def test_what_is_found_is_what_may_be_read(self):
        """The condition in the database, and what is asked of links that are known, agree."""
        emails = self.asked_of(self.lead, "Open")
        emails |= self.asked_of(self.account, "Kept")
        closed = self.confided("Closed", sender="Nobody <nobody@unknown.example>")
        closed.link_ids.unlink()
        self.env["mail.import.link"].create(
            {
                "email_id": closed.id,
                "res_model": "crm.lead",
                "res_id": self.lead.id,
                "step": "user",
            }
        )
        proposal = self.env["mail.import.link"].create(
            {
                "email_id": emails[0].id,
                "res_model": "res.partner",
                "res_id": self.account.id,
                "step": "address",
                "suggested": True,
            }
        )
        emails[1].entry_ids._move_to("trash")
        emails[1].entry_ids.unlink()
        links = emails.link_ids | closed.link_ids | proposal
        self.assertEqual(len(links), 4)
        users = self.agent | self.boss | self.reader | self.colleague | self.administrator
        for user in users:
            mine = self.as_user(links, user)
            found = mine.browse().search([("id", "in", links.ids)])
            self.assertEqual(set(found.ids), set(mine._readable_ids()), user.login)

    def test_all_text_of_the_inbox_finds_ones_own_alone(self):
        self.asked("Walnut", text="oak and elm", Cc="bob@b.example")
        self.confided("Cherry", text="oak for the boss")
        for word, subjects in (("oak", ["Walnut"]), ("bob@b", ["Walnut"]), ("walnut", ["Walnut"])):
            Entry = self.as_user(self.env["mail.import.entry"], self.agent)
            found = Entry.search([("all_text", "ilike", word)])
            self.assertEqual(found.mapped("subject"), subjects)
        Entry = self.as_user(self.env["mail.import.entry"], self.administrator)
        self.assertFalse(Entry.search([("all_text", "ilike", "oak")]))
        with self.assertRaises(AccessError):
            self.as_user(self.env["mail.import.entry"], self.portal).search(
                [("all_text", "ilike", "oak")]
            )
