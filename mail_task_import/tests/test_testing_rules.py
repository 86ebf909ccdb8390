"""*Test*: what would become of one mail, and why; nothing stays of it."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import build_mail
from .test_rules import RuleCase


class TestingCase(RuleCase):
    def dialog(self, rule=None, user=None, **values):
        self.env.flush_all()
        user = user or self.owner
        if rule:
            action = rule.with_user(user).action_test()
        else:
            action = self.support.with_user(user).action_test_rules()
        dialog = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        dialog.write(values)
        return dialog

    def said(self, rule=None, raw=None, **values):
        """The text of a test's result."""
        if raw:
            values["pasted"] = raw.decode()
        dialog = self.dialog(rule, **values)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            dialog.action_test()
        return dialog.result


@tagged("post_install", "-at_install")
class TestTestingRules(TestingCase):
    def everything(self):
        names = (
            "mail.import.email", "mail.import.entry", "mail.import.link", "mail.import.claim",
            "mail.import.filter.catch", "project.task", "crm.lead", "mail.message", "mail.mail",
            "res.partner", "bus.bus",
        )  # fmt: skip
        return {name: self.env[name].sudo().search_count([]) for name in names}

    def test_a_pasted_mail_tells_what_would_be_made_and_by_which_rule(self):
        rule = self.rule(keyword="complaint", active=False)
        self.rule("Praise", keyword="praise", sequence=5)
        before = self.everything()
        said = self.said(rule, build_mail(subject="My complaint"))
        self.assertEqual(self.everything(), before)
        self.assertIn("Becomes a new record", said)
        self.assertIn("<b>My complaint</b>", said)
        self.assertIn("Project: Support", said)
        self.assertIn("Customer: Ann Customer", said)
        self.assertIn("“Complaints” holds; it found “complaint”", said)
        self.assertLess(said.index("Praise"), said.index("“complaint” in: Subject or text"))
        self.assertRegex(said, r"fa-times[^>]*></i> “praise” in: Subject or text")
        self.assertFalse(rule.active)

    def test_what_the_test_tells_is_what_then_happens(self):
        self.rule(keyword="complaint")
        raw = build_mail(subject="A complaint")
        self.assertIn("Becomes a new record", self.said(raw=raw))
        (mail,) = self.receive(self.support, raw)
        self.assertTrue(self.links(mail.email).made_record)

    def test_a_stored_mail_is_tested_as_if_it_came_in_now(self):
        mail = self.one(subject="A complaint", sender="sam@new.example")
        rule = self.rule(keyword="complaint")
        said = self.said(rule, source="stored", entry_id=mail.entry.id, user=self.reader())
        self.assertIn("Becomes a new record", said)
        self.assertFalse(self.links(mail.email))

    def reader(self):
        self.support.member_ids |= self.owner
        return self.owner

    def test_a_file_is_tested_too(self):
        rule = self.rule(keyword="complaint")
        raw = build_mail(subject="complaint", text="Ä", attachments=[("a.txt", b"a", "text/plain")])
        said = self.said(rule, source="file", eml=base64.b64encode(raw))
        self.assertIn("Becomes a new record", said)

    def test_filters_are_tried_first(self):
        self.rule(keyword="complaint")
        self.env["mail.import.filter"].with_user(self.owner).create(
            {"scope": "global", "name": "Offers", "subject": "cheap", "destination": "skip"}
        )
        said = self.said(raw=build_mail(subject="Cheap complaint"))
        self.assertIn("Skipped by a filter", said)
        self.assertIn("The filter “Offers” caught it: skipped", said)
        self.assertRegex(said, r"fa-check[^>]*></i> Subject: cheap")
        self.assertIn("Becomes a new record", self.said(raw=build_mail(subject="complaint")))

    def test_what_a_filter_throws_away_does_not_stay_in_the_inbox(self):
        for destination, words in (("trash", "Put in the trash"), ("archive", "Archived")):
            self.env["mail.import.filter"].with_user(self.owner).create(
                {
                    "scope": "global",
                    "name": f"To the {destination}",
                    "subject": destination,
                    "destination": destination,
                }
            )
            said = self.said(raw=build_mail(subject=destination, sender="sam@new.example"))
            self.assertIn(f"<b>{words}</b>", said)
            self.assertIn(f"The filter “To the {destination}” caught it", said)

    def test_why_a_rule_does_not_hold(self):
        rule = self.rule(
            keyword="complaint", from_unknown=False, sender_domains="firm.example", line_ids=[
                (0, 0, {"place": "subject", "operator": "not_contains", "value": "re"}),
            ],
        )  # fmt: skip
        said = self.said(rule, build_mail(subject="complaint", sender="sam@new.example"))
        self.assertRegex(
            said,
            r"fa-times[^>]*></i> From: a known contact, an employee \(it is: an unknown sender\)",
        )
        self.assertRegex(said, r"fa-times[^>]*></i> Sender&#39;s domain: firm.example")
        self.assertRegex(said, r"fa-check[^>]*></i> Subject does not contain “re”")

    def test_why_nothing_would_be_made(self):
        self.rule(keyword="complaint")
        said = self.said(raw=build_mail(subject="Praise", sender="sam@new.example"))
        self.assertIn("No record was made of it: no rule holds.", said)
        raw = build_mail(subject="complaint", sender="sam@new.example", List_Id="<x.list.example>")
        self.assertIn("it is mail of a list, and no rule takes that", self.said(raw=raw))

    def test_hostile_text_is_shown_as_text(self):
        rule = self.rule(keyword="complaint")
        said = self.said(rule, build_mail(subject="complaint <script>alert(1)</script>"))
        self.assertNotIn("<script", said)
        self.assertIn("&lt;script&gt;", said)

    def test_each_condition_of_a_filter_is_named_with_its_words(self):
        self.env["mail.import.filter"].with_user(self.owner).create(
            {
                "scope": "global", "subject": "cheap\noffer", "header_name": "X-Bulk",
                "body_all": "pills", "body_any": "order", "larger_than": 5, "sender_is": "unknown",
                "destination": "skip",
            }
        )  # fmt: skip
        said = self.said(raw=build_mail(subject="An offer", text="Order\npills", X_Bulk="yes"))
        held = ("Subject: cheap, offer", "Header X-Bulk", "All Of: pills", "Any Of: order")
        for words in held:
            self.assertRegex(said, rf"fa-check[^>]*></i> [\w ]*{words}<")
        for words in ("Larger than 5 kB", "Sender Is: Unknown"):
            self.assertRegex(said, rf"fa-times[^>]*></i> {words}<")

    def test_a_text_without_headers_is_said_to_be_one(self):
        rule = self.rule(keyword="complaint")
        self.assertIn("does not begin with headers", self.said(rule, b"My complaint is this."))
        for headers in (b"Hello: you\n\nSubject: complaint", b"complaint\n\nFrom: me"):
            self.assertIn("does not begin with headers", self.said(rule, headers))
        self.assertNotIn("does not begin", self.said(rule, build_mail(subject="complaint")))

    def test_the_mark_that_editors_write_before_a_text_is_passed_over(self):
        rule = self.rule(keyword="complaint", keyword_in="subject")
        raw = b"Subject: A complaint\nFrom: Ann <ann@customer.example>\n\nHello"
        marked = b"\xef\xbb\xbf" + raw
        for values in ({"raw": marked}, {"source": "file", "eml": base64.b64encode(marked)}):
            said = self.said(rule, **values)
            self.assertIn("Becomes a new record", said)
            self.assertNotIn("does not begin", said)

    def test_what_is_no_mail_is_told_in_words(self):
        rule = self.rule(keyword="complaint")
        with self.assertRaisesRegex(UserError, "Paste a mail"):
            self.said(rule)
        self.assertIn("Stays in the inbox", self.said(rule, b"\xff".decode("latin1").encode()))


@tagged("post_install", "-at_install")
class TestTestingInTheBrowser(HttpCase, TestingCase):
    def test_other_editors_hear_nothing_of_records_that_never_were(self):
        rule = self.rule(keyword="complaint")
        dialog = self.dialog(rule, pasted=build_mail(subject="My complaint").decode())
        self.env.flush_all()
        self.env["bus.bus"].sudo().search([]).unlink()
        self.authenticate("owner", "owner")
        call = {"model": dialog._name, "method": "action_test", "args": [dialog.ids], "kwargs": {}}
        self.make_jsonrpc_request(f"/web/dataset/call_kw/{dialog._name}/action_test", call)
        self.env.invalidate_all()
        self.assertIn("Becomes a new record", dialog.result)
        channels = self.env["bus.bus"].sudo().search([]).mapped("channel")
        self.assertFalse([one for one in channels if "editor_collaboration" in one])


@tagged("post_install", "-at_install")
class TestTestingRulesAccess(TestingCase):
    def test_only_with_rules_and_mailboxes_and_mail_of_ones_own(self):
        rule = self.rule(keyword="complaint")
        own = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        entry = self.one(subject="Not the owner's to read").entry
        portal = self._employee("portal", "portal@customer.example", "base.group_portal")
        for user in (self.agent, self.colleague, portal):
            with self.assertRaises(AccessError):
                self.dialog(rule, user)
        for user in (self.colleague, portal):
            with self.assertRaises(AccessError):
                self.dialog(None, user)
        with self.assertRaises(AccessError):
            self.dialog(rule, mailbox_id=own.id)
        with self.assertRaises(AccessError):
            self.dialog(rule, entry_id=entry.id)

    def test_a_dialog_is_its_users_alone(self):
        dialog = self.dialog(self.rule(keyword="complaint"))
        with self.assertRaises(AccessError):
            dialog.with_user(self.administrator).read(["pasted"])

    def test_nothing_is_told_of_a_record_in_a_project_that_one_may_not_read(self):
        board = self.env["project.project"].create(
            {"name": "Board only", "privacy_visibility": "followers"}
        )
        self.rule(keyword="complaint", project_id=board.id)
        outsider = self._employee("outsider", "outsider@company.example", "base.group_user")
        self.support.member_ids |= outsider | self.owner
        raw = build_mail(subject="My complaint")
        self.assertIn("Project: Board only", self.said(raw=raw))
        said = self.said(raw=raw, user=outsider)
        self.assertIn("Becomes a new record", said)
        self.assertIn("Task: not yours to see", said)
        for hidden in ("Board only", "rights of", "Followers"):
            self.assertNotIn(hidden, said)

    def test_values_that_one_may_not_read_are_not_told(self):
        self.rule(keyword="complaint", target_id=self.lead.id)
        self.support.member_ids |= self.owner
        raw = build_mail(subject="My complaint")
        self.assertIn("Contact: Ann Customer", self.said(raw=raw))
        self.env["ir.rule"].create(
            {
                "name": "Ann is secret",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "domain_force": "[('name', '!=', 'Ann Customer')]",
            }
        )
        said = self.said(raw=raw)
        self.assertIn("<b>My complaint</b>", said)
        self.assertIn("Contact: (not yours to see)", said)
        self.assertNotIn("Contact: Ann", said)

    def test_names_of_records_that_one_may_not_read_are_not_told(self):
        self.env["crm.lead"].create(
            {"name": "Secret deal", "type": "opportunity", "partner_id": self.customer.id}
        )
        self.support.member_ids |= self.colleague
        said = self.said(raw=build_mail(), user=self.colleague)
        self.assertIn("A record that you may not read", said)
        self.assertNotIn("Secret", said)
