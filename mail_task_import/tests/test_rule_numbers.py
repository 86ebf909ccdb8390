"""Numbers in subjects by a rule's pattern: whom they open a record to, and whom they do not."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import build_mail
from .test_rule_replies import RepliesCase

PASS = "mx.company.example; dmarc=pass header.from=company.example"
MALLORY = "Mallory <mallory@evil.example>"


@tagged("post_install", "-at_install")
class TestRuleNumbers(RepliesCase):
    def setUp(self):
        super().setUp()
        self.numbered = self.rule(keyword="complaint", number_pattern="#{number}")
        self.task = self.question()

    def named(self, subject, **values):
        """The records that a mail with this subject is linked to."""
        mail = self.one(subject=subject, text=f"About {subject}", **values)
        return [link._get_record() for link in self.links(mail.email)]

    def test_a_number_takes_those_who_take_part(self):
        mail = self.one(subject=f"By phone, #{self.task.id}.", text="x")
        self.assertEqual(self.record(mail.email), self.task)
        self.assertFalse(self.message(mail).subtype_id.internal)
        self.assertIn("“Complaints” knows the number", self.why(mail))

    def test_a_sign_that_nobody_sees_hides_no_number(self):
        number = str(self.task.id)
        self.assertEqual(self.named(f"Re: #\u2060{number[0]}\u200b{number[1:]}"), [self.task])

    def test_a_stranger_opens_nothing_by_it(self):
        said = self.task.message_ids
        mail = self.one(subject=f"Re: #{self.task.id}", sender=MALLORY)
        self.assertNotIn(self.task, [link._get_record() for link in mail.email.link_ids])
        self.assertEqual(self.task.message_ids, said)
        self.assertNotIn(MALLORY, self.task.message_partner_ids.mapped("email"))

    def test_no_such_number_reads_like_one_that_is_not_the_senders(self):
        refused = self.one(subject=f"#{self.task.id}", sender=MALLORY)
        unknown = self.one(subject="#987654321", sender=MALLORY)
        self.assertIn("is of no record in which its sender takes part", self.why(refused))
        self.assertEqual(self.why(refused), self.why(unknown))

    def test_a_colleague_with_access_opens_it_where_a_server_vouches(self):
        agent = {"sender": "Agent <agent@company.example>"}
        self.assertEqual(
            self.named(f"#{self.task.id}", Authentication_Results=PASS, **agent), [self.task]
        )
        self.assertNotIn(self.task, self.named(f"Again #{self.task.id}", **agent))

    def test_a_colleague_without_access_opens_nothing(self):
        self.project.privacy_visibility = "followers"
        self.assertNotIn(
            self.task,
            self.named(
                f"#{self.task.id}",
                sender="Colleague <colleague@company.example>",
                Authentication_Results=PASS,
            ),
        )

    def test_records_of_other_projects_have_no_such_number(self):
        other = self.env["project.project"].create({"name": "Other"})
        task = self.env["project.task"].create(
            {"name": "There", "project_id": other.id, "partner_id": self.customer.id}
        )
        self.assertNotIn(task, self.named(f"#{task.id}"))

    def test_mail_of_other_mailboxes_is_not_meant(self):
        sales = self._mailbox("group", "sales@company.example", member_ids=self.agent.ids)
        lead = self.env["crm.lead"].create({"name": "X", "partner_id": self.customer.id})
        self.assertTrue(lead)
        (mail,) = self.receive(
            sales, build_mail(subject=f"#{self.task.id}", to="sales@company.example")
        )
        self.assertNotIn("number", [note["step"] for note in mail.journal])

    def leads(self, *names):
        values = {"partner_id": self.customer.id, "type": "lead"}
        return self.env["crm.lead"].create([{"name": name, **values} for name in names])

    def test_the_number_of_a_merged_lead_leads_to_what_it_was_merged_into(self):
        self.rule("Leads", keyword="offer", target_id=self.lead.id, number_pattern="L{number}")
        first, second, third = self.leads("First", "Second", "Third")
        merged = (first | second).merge_opportunity()
        gone = (first | second) - merged
        self.assertFalse(gone.exists())
        self.assertEqual(self.named(f"Re: L{gone.id}"), [merged])
        last = (merged | third).merge_opportunity()
        self.assertEqual(self.named(f"Again: L{gone.id}"), [last])
        stranger = self.named(f"Me, too: L{gone.id}", sender=MALLORY)
        self.assertNotIn(last, stranger)

    def test_the_number_of_a_lead_that_became_a_deal_leads_to_the_deal(self):
        self.rule("Leads", keyword="offer", target_id=self.lead.id, number_pattern="L{number}")
        lead, _other = self.leads("First", "Second")
        lead.convert_opportunity(self.customer)
        self.assertEqual(self.named(f"Re: L{lead.id}"), [lead])

    def test_a_number_is_a_number_of_its_own(self):
        number = f"#{self.task.id}"
        for subject in (f"item{number}", f"{number}0", number + "0" * 30):
            self.assertNotIn("found", self._results(subject), subject)
        for subject in (f"Re: {number}: hi", f"({number})", f"#1 and {number}"):
            self.assertIn("found", self._results(subject), subject)

    def _results(self, subject):
        mail = self.one(subject=subject, text=f"About {subject}")
        return [note["result"] for note in mail.journal if note["step"] == "number"]

    def test_a_number_in_brackets_and_a_regular_expression(self):
        self.numbered.number_pattern = "[CASE-{number}]"
        self.assertEqual(self.named(f"[case-{self.task.id}] hi"), [self.task])
        self.numbered.number_pattern = r"(?:Vorgang|Заявка) (?P<number>\d+)"
        self.assertEqual(self.named(f"Re: заявка {self.task.id}"), [self.task])

    def test_another_field_is_the_number(self):
        self.numbered.write({"target_id": self.lead.id, "project_id": False})
        self.numbered.write({"number_field": "referred", "number_pattern": "No. {number}"})
        mine, twice, same = self.env["crm.lead"].create(
            [
                {"name": n, "type": "lead", "referred": n, "partner_id": self.customer.id}
                for n in ("AB-17/X", "T-1", "T-1")
            ]
        )
        self.assertEqual(self.named("no. ab-17/X, please"), [mine])
        self.assertFalse(set(self.named("No. T-1")) & {twice, same})

    def test_a_closed_record_is_found_and_reopened(self):
        self.numbered.closed_way = "reopen"
        self.close(self.task)
        self.assertEqual(self.named(f"#{self.task.id}"), [self.task])
        self.assertEqual(self.task.state, "01_in_progress")

    def test_replies_that_must_match_do(self):
        self.numbered.replies_must_match = True
        self.assertNotIn("found", self._results(f"#{self.task.id}"))
        self.assertIn("found", self._results(f"#{self.task.id} complaint"))

    def test_a_stopped_rule_knows_no_number(self):
        self.numbered.sudo().write({"stopped": True, "stopped_reason": "Tried out"})
        self.assertFalse(self._results(f"#{self.task.id}"))

    def test_without_a_pattern_no_query_is_made(self):
        self.numbered.number_pattern = False
        book = self.env["mail.import.rule"]._book_for(self.support)
        self.assertEqual((book.numbering, book.weak, book.replying), ((), (), ()))

    def test_a_broken_pattern_is_refused_with_its_position(self):
        for pattern, words in (
            ("#", "Say where the number is"),
            (r"(?P<number>\d+", "character"),
            (r"(?P<number>\d+)(?=x)", "looks ahead"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.numbered.number_pattern = pattern

    def test_a_field_that_finds_nothing_is_refused(self):
        for name in ("user_ids", "no_such", "display_name"):
            with self.assertRaises(ValidationError):
                self.numbered.number_field = name
