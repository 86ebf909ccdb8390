"""Weak matching: mail that names no other, and is like the mails of one open record."""

from odoo.tests import tagged

from ..mime.subjects import bare
from .common import MailImportCase, build_mail
from .rules_common import RuleMakers
from .test_confirmations import ConfirmingCase
from .test_rule_replies import FAILED, RepliesCase


class TestBareSubjects(MailImportCase):
    def test_what_programs_put_before_a_subject_is_nothing_of_it(self):
        for subject in (
            "Late order",
            "Re: late order",
            "RE[2]: Late  order",
            "AW: WG: Late order",
            "Отв: Re: Late order",
            "回复：Late order",
            "[EXTERNAL] Fwd: Late order [TASK-12]",
            "re (3) : LATE ORDER",
        ):
            self.assertEqual(bare(subject), "late order", subject)

    def test_what_people_write_is_kept(self):
        self.assertEqual(bare("Regarding: X"), "regarding: x")
        self.assertEqual(bare("[Project A] Status"), "[project a] status")
        self.assertEqual(bare("Reorder"), "reorder")
        self.assertEqual(bare("Re:"), "")
        self.assertEqual(bare(None), "")

    def test_a_hostile_subject_takes_no_time(self):
        self.assertLessEqual(len(bare("Re: " * 100_000)), 500)


@tagged("post_install", "-at_install")
class TestRuleLikeness(RepliesCase):
    def setUp(self):
        super().setUp()
        self.like = self.rule(keyword="complaint", weak_first="subject_sender")

    def tell(self, subject="Re: A complaint", text="One word more", **values):
        return self.one(subject=subject, text=text, **{"minutes_ago": 1, **values})

    def test_the_same_subject_and_sender_join_the_open_task(self):
        task = self.question()
        reply = self.tell()
        self.assertEqual(self.record(reply.email), task)
        self.assertEqual(self.links(reply.email).step, "weak")
        self.assertFalse(self.message(reply).subtype_id.internal)
        self.assertIn("has this subject and sender", self.why(reply))

    def test_it_is_off_by_default(self):
        self.like.weak_first = False
        task = self.question()
        self.assertNotEqual(self.record(self.tell().email), task)

    def test_another_subject_or_sender_makes_a_task_of_its_own(self):
        task = self.question()
        self.assertNotEqual(self.record(self.tell(subject="Other complaint").email), task)
        other = self.tell(sender="Sam <sam@stranger.example>")
        self.assertNotEqual(self.record(other.email), task)

    def test_a_task_that_was_renamed_is_still_found(self):
        task = self.question()
        task.name = "Ann's chair"
        self.assertEqual(self.record(self.tell().email), task)

    def test_a_closed_task_is_not_joined(self):
        task = self.question()
        self.close(task)
        self.assertNotEqual(self.record(self.tell().email), task)

    def test_of_two_open_ones_none_is_taken(self):
        first = self.question()
        second = first.copy({"name": "A complaint", "partner_id": self.customer.id})
        third = self.record(self.tell().email)
        self.assertNotIn(third, first | second)
        self.assertTrue(third)

    def test_the_sender_alone(self):
        self.like.weak_first = "sender"
        task = self.question()
        reply = self.tell(subject="I forgot", text="the attachment")
        self.assertEqual(self.record(reply.email), task)
        self.assertIn("has this sender", self.why(reply))

    def test_the_sender_alone_is_not_asked_of_mail_that_another_rule_takes(self):
        self.like.weak_first = "sender"
        self.rule("Orders", keyword="order", target_id=self.lead.id)
        self.question()
        order = self.tell(subject="An order", text="x")
        self.assertEqual(self.record(order.email)._name, "crm.lead")

    def test_the_order_is_the_rules(self):
        self.like.write({"weak_first": "subject_sender", "weak_second": "sender"})
        first = self.question()
        second = self.record(self.one(subject="Other complaint", text="y", Cc="x@y.example").email)
        # two are open: the sender alone says nothing, the subject does
        self.assertEqual(second, first)
        self.like.weak_second = False
        second = self.record(self.one(subject="Third complaint", text="z").email)
        self.assertNotEqual(second, first)
        self.like.weak_second = "sender"
        self.assertEqual(self.record(self.tell(subject="Re: Third complaint").email), second)
        self.assertNotIn(
            self.record(self.tell(subject="Fourth complaint", text="n").email), first | second
        )

    def test_a_forged_or_automatic_mail_is_never_taken(self):
        self.question()
        forged = self.tell(Authentication_Results=FAILED)
        self.assertNotIn("weak", self.links(forged.email).mapped("step"))
        automatic = self.tell(text="away", Auto_Submitted="auto-replied")
        self.assertNotIn("weak", self.links(automatic.email).mapped("step"))

    def test_a_record_that_a_forged_mail_made_does_not_count(self):
        task = self.question()
        forged = self.record(self.tell(Authentication_Results=FAILED).email)
        self.assertNotEqual(forged, task)
        reply = self.tell(text="Two words more")
        self.assertEqual(self.record(reply.email), task)

    def test_it_counts_once_somebody_has_linked_to_it(self):
        task = self.question()
        forged = self.tell(Authentication_Results=FAILED)
        self.links(forged.email).step = "user"
        self.assertNotIn(self.record(self.tell(text="x").email), task | self.record(forged.email))

    def test_a_forged_mail_of_the_same_batch_does_not_count(self):
        mails = self.receive(
            self.support,
            build_mail(
                subject="A complaint", minutes_ago=12, text="no", Authentication_Results=FAILED
            ),
            build_mail(subject="A complaint", minutes_ago=9, text="first"),
            build_mail(subject="Re: A complaint", minutes_ago=5, text="more"),
        )
        forged, first, second = (self.record(mail.email) for mail in mails)
        self.assertEqual(first, second)
        self.assertNotEqual(first, forged)

    def test_a_colleagues_address_is_nobodys_record(self):
        self.question(
            sender="Agent <agent@company.example>",
            Authentication_Results="mx.company.example; dmarc=pass header.from=company.example",
        )
        again = self.tell(sender="Agent <agent@company.example>")
        self.assertNotIn("weak", self.links(again.email).mapped("step"))

    def test_only_records_of_the_rules_project_are_meant(self):
        other = self.env["project.project"].create({"name": "Other"})
        task = self.env["project.task"].create(
            {"name": "A complaint", "project_id": other.id, "partner_id": self.customer.id}
        )
        self.assertNotEqual(self.record(self.tell().email), task)

    def test_two_of_one_batch_are_one_task(self):
        mails = self.receive(
            self.support,
            build_mail(subject="A complaint", minutes_ago=9),
            build_mail(subject="Re: A complaint", minutes_ago=5, text="more"),
            build_mail(subject="Another complaint", minutes_ago=3, text="else"),
        )
        first, second, third = (self.record(mail.email) for mail in mails)
        self.assertEqual(first, second)
        self.assertNotEqual(first, third)
        self.assertEqual(self.tasks(), first | third)

    def test_two_of_one_batch_are_one_task_whichever_rule_makes_it(self):
        self.like.write({"keyword": "nothing of it", "sequence": 1})
        self.rule("Orders", keyword="complaint", sequence=2)
        first, second = self.receive(
            self.support,
            build_mail(subject="A complaint", message_id="<1@x.example>", minutes_ago=9),
            build_mail(subject="Re: A complaint", message_id="<2@x.example>", text="More"),
        )
        self.assertEqual(self.record(second.email), self.record(first.email))
        self.assertEqual(len(self.tasks()), 1)

    def test_replies_that_must_match_do(self):
        self.like.replies_must_match = True
        task = self.question(subject="Chair", text="a complaint")
        other = self.tell(subject="Chair")
        self.assertNotIn("weak", self.links(other.email).mapped("step"))
        same = self.tell(subject="Re: Chair", text="still a complaint")
        self.assertEqual(self.record(same.email), task)

    def test_what_a_reply_does_is_said_by_the_same_rule(self):
        self.like.write({"reply_operation": "note", "reply_task_stage_id": self.answered.id})
        task = self.question()
        self.assertTrue(self.message(self.tell()).subtype_id.internal)
        self.assertEqual(task.stage_id, self.answered)

    def test_history_is_not_asked(self):
        task = self.question()
        (mail,) = self.receive(
            self.support, build_mail(subject="Re: A complaint", text="old"), history=True
        )
        self.assertNotIn("weak", self.links(mail.email).mapped("step"))
        self.assertTrue(task)


@tagged("post_install", "-at_install")
class TestLikenessIsConfirmedOnce(RuleMakers, ConfirmingCase):
    def test_what_joins_an_open_record_is_no_new_question(self):
        self.rule(keyword="complaint", mailbox_ids=[], weak_first="subject_sender")
        (first,) = self.receive(self.support, build_mail(subject="A complaint"))
        self.assertEqual(len(self.confirmations()), 1)
        (second,) = self.receive(
            self.support, build_mail(subject="Re: A complaint", text="More", minutes_ago=1)
        )
        self.assertEqual(self.record(second.email), self.record(first.email))
        self.assertEqual(len(self.confirmations()), 1)
