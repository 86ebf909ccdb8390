"""*Link to…*: one search over all records, what is suggested and why, several records at once."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_links_by_hand import HandCase


class SearchCase(HandCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead, cls.deal = cls.env["crm.lead"].create(
            [
                {"name": "Walnut lead", "type": "lead", "email_from": "Zoe <zoe@walnut.example>"},
                {"name": "Walnut deal", "type": "opportunity", "partner_id": cls.customer.id},
            ]
        )
        cls.secret = cls.env["project.project"].create(
            {"name": "Secret", "privacy_visibility": "followers"}
        )
        cls.hidden = cls.env["project.task"].create(
            {"name": "Walnut hidden", "project_id": cls.secret.id, "partner_id": cls.customer.id}
        )

    def found(self, term, user=None):
        """Names by kind."""
        targets = self.env["mail.import.target"].with_user(user or self.agent)
        kinds = targets.search_records(term)
        return {kind["kind"]: [one["name"] for one in kind["records"]] for kind in kinds}

    def dialog(self, entries):
        number = entries.action_link_to()["res_id"]
        return entries.env["mail.import.link.to"].browse(number)

    def suggested(self, entry):
        """``{name: reason}``"""
        return {one["name"]: one["reason"] for one in self.dialog(entry).suggestions or ()}

    def choose(self, dialog, *records, publish=True):
        chosen = [{"model": record._name, "id": record.id} for record in records]
        dialog.write({"chosen": chosen, "publish": publish})
        dialog.action_link()


@tagged("post_install", "-at_install")
class TestSearching(SearchCase):
    def test_all_kinds_are_found_by_name(self):
        self.env["res.partner"].create({"name": "Walnut Works"})
        self.assertEqual(
            self.found("walnut"),
            {
                "Lead": ["Walnut lead"],
                "Deal": ["Walnut deal"],
                "Account or Contact": ["Walnut Works"],
            },
        )

    def test_a_number_finds_its_record_first(self):
        for term in (f"TASK-{self.task.id}", f"task {self.task.id}", f"[TASK-{self.task.id}]"):
            self.assertEqual(self.found(term), {"Task": ["Desk"]})
        for term in (str(self.deal.id), f"#{self.deal.id}"):
            self.assertEqual(self.found(term)["Deal"][0], "Walnut deal")

    def test_records_are_found_by_their_customer(self):
        self.assertEqual(self.found("Ann Custom")["Deal"], ["Walnut deal"])
        self.assertEqual(self.found("ann@customer.exa")["Deal"], ["Walnut deal"])
        self.assertEqual(self.found("zoe@walnut")["Lead"], ["Walnut lead"])

    def test_of_what_one_may_not_read_nothing_is_told(self):
        for term in ("hidden", f"TASK-{self.hidden.id}", str(self.hidden.id)):
            self.assertNotIn("Walnut hidden", str(self.found(term)))
        self.assertNotIn("Walnut lead", str(self.found("walnut", self.boss)))
        self.assertNotIn("Deal", self.found("walnut", self.boss))

    def test_outsiders_search_nothing(self):
        portal = self._employee("portal", "portal@outside.example", "base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.found("walnut", user)

    def test_odd_questions_are_answered(self):
        for term in ("", " ", "%", "_", "'", "\\", "é" * 5000, None, 5, "9" * 30, "[", "a\\", "@@"):
            self.assertIsInstance(self.found(term), dict)

    def test_number_of_answers_is_bounded(self):
        self.env["project.task"].create(
            [{"name": f"Chair {n}", "project_id": self.project.id} for n in range(30)]
        )
        targets = self.env["mail.import.target"].with_user(self.agent)
        for limit in (6, 1000, -1):
            (kind,) = targets.search_records("chair", limit)
            self.assertLessEqual(len(kind["records"]), 6)


@tagged("post_install", "-at_install")
class TestSuggesting(SearchCase):
    def test_reasons(self):
        question = self.entry_of(message_id="<q@x.example>", minutes_ago=50)
        answer = self.entry_of(
            in_reply_to="<q@x.example>",
            sender="Yan <yan@walnut.example>",
            subject=f"About DEAL-{self.deal.id}",
        )
        self.link_to(question, self.task, publish=False)
        self.links(answer.sudo().email_id).unlink()
        told = self.suggested(answer)
        self.assertEqual(told["Walnut deal"], "number in the subject")
        self.assertEqual(told["Desk"], "same thread")

    def test_same_address_and_same_domain(self):
        self.customer.email = "ann@maple.example"
        firm = self.env["res.partner"].create({"name": "Maple", "is_company": True})
        self.customer.parent_id = firm
        same = self.entry_of(sender="Ann <ann@maple.example>")
        same.sudo().email_id.link_ids.unlink()
        self.assertEqual(self.suggested(same)["Walnut deal"], "same address")
        other = self.entry_of(sender="Tim <tim@maple.example>")
        other.sudo().email_id.link_ids.unlink()
        told = self.suggested(other)
        self.assertEqual((told["Walnut deal"], told["Maple"]), ("same domain", "same domain"))

    def test_free_mail_and_own_domains_say_nothing(self):
        for domain in ("gmail.com", "company.example"):
            self.env["res.partner"].create({"name": "Same house", "email": f"x@{domain}"})
            entry = self.entry_of(sender=f"Tim <tim@{domain}>")
            entry.sudo().email_id.link_ids.unlink()
            self.assertNotIn("Same house", self.suggested(entry))

    def test_what_one_may_not_read_is_suggested_to_nobody(self):
        question = self.entry_of(message_id="<h@x.example>", minutes_ago=50)
        self.env["mail.import.link"]._link_by_hand(question.sudo().email_id, self.hidden, False)
        entry = self.entry_of(
            sender="Ann <ann@customer.example>",
            subject=f"[TASK-{self.hidden.id}]",
            in_reply_to="<h@x.example>",
        )
        dialog = self.dialog(entry)
        self.assertNotIn("Walnut hidden", str(dialog.suggestions))
        self.assertNotIn("Walnut hidden", str(dialog.linked))

    def test_what_it_is_linked_to_already_is_not_suggested(self):
        entry = self.entry_of(subject=f"[TASK-{self.task.id}]")
        self.link_to(entry, self.task)
        dialog = self.dialog(entry)
        self.assertFalse(dialog.suggestions)
        self.assertEqual([one["name"] for one in dialog.linked], ["Desk"])


@tagged("post_install", "-at_install")
class TestLinkingToSeveral(SearchCase):
    def test_several_mails_and_their_threads_are_linked_to_several_records(self):
        question = self.entry_of(message_id="<q@x.example>", minutes_ago=50)
        answer = self.entry_of(in_reply_to="<q@x.example>", minutes_ago=40, text="And?")
        other = self.entry_of(subject="Other")
        self.choose(self.dialog(answer | other), self.task, self.deal)
        for entry in question | answer | other:
            links = self.links(entry.sudo().email_id)
            self.assertEqual({link.res_model for link in links}, {"project.task", "crm.lead"})
            self.assertEqual(links.user_id, self.agent)
            self.assertEqual(len(links.message_id), 2)

    def test_journal_says_who_linked_and_unlinked(self):
        entry = self.entry_of()
        self.choose(self.dialog(entry), self.task, self.deal)
        left = self.dialog(entry).unlink_from("crm.lead", self.deal.id)
        self.assertEqual([one["name"] for one in left], ["Desk"])
        self.assertEqual(self.record(entry.sudo().email_id), self.task)
        entry.invalidate_recordset()
        self.assertIn("Agent linked it to “Walnut deal”", entry.why_shown)
        self.assertIn("Agent unlinked it from “Walnut deal”", entry.why_shown)

    def test_records_that_one_may_not_read_are_refused(self):
        entry = self.entry_of()
        with self.assertRaises(AccessError):
            self.choose(self.dialog(entry), self.hidden)
        self.assertFalse(self.links(entry.sudo().email_id))

    def test_only_records_of_targets_are_taken(self):
        entry = self.entry_of()
        dialog = self.dialog(entry)
        for odd in (
            [{"model": "res.users", "id": 2}],
            [{"model": "project.task", "id": "1"}],
            [{"model": "no.model", "id": 1}],
            [{}],
            [],
            False,
        ):
            with self.assertRaises(UserError):
                dialog.chosen = odd
                dialog.action_link()

    def test_dialog_is_its_own_users(self):
        entry = self.entry_of()
        self.choose(self.dialog(entry), self.task)
        dialog = self.dialog(entry)
        for user in (self.colleague, self.boss, self.administrator):
            theirs = dialog.with_user(user)
            for act in (
                lambda one=theirs: one.read(["suggestions", "linked"]),
                lambda one=theirs: one.unlink_from("project.task", self.task.id),
                lambda one=theirs: one.action_link(),
            ):
                with self.assertRaises(AccessError):
                    act()
        self.assertEqual(self.record(entry.sudo().email_id), self.task)
