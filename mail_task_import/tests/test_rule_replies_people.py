"""Whose replies change a record: who takes part in it, not who has got a mail's number."""

from odoo.tests import tagged

from .test_rule_replies import QUESTION, RepliesCase

PASSED = "mx.company.example; dmarc=pass header.from=company.example"
STRANGER = "Eve <eve@evil.example>"
COLLEAGUE = "Cora <cora@customer.example>"


@tagged("post_install", "-at_install")
class TestWhoseRepliesCount(RepliesCase):
    def closed(self, **values):
        """A closed task that a mail of the customer became."""
        task = self.question(**values)
        self.close(task)
        return task

    def reopens(self, task, **mail):
        reply = self.answer(text=f"Open it, {mail}", **mail)
        self.assertEqual(self.record(reply.email), task, "linked, whoever it is from")
        opened = task.state == "01_in_progress"
        self.close(task)
        return opened

    def test_a_stranger_with_a_known_number_changes_nothing(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.closed()
        sent = task.message_post(
            body="Ours", message_type="comment", subtype_xmlid="mail.mt_comment"
        ).message_id
        for number in (QUESTION, sent):
            reply = self.answer(in_reply_to=number, sender=STRANGER, text=number)
            self.assertEqual(self.record(reply.email), task)
            self.assertEqual(task.state, "1_done")
            self.assertIn("takes no part in the record", self.why(reply))
        self.assertTrue(self.reopens(task))

    def test_nobody_comes_to_take_part_by_such_a_mail(self):
        self.rule(keyword="complaint", closed_way="reopen", number_pattern="#{number}")
        task = self.closed()
        self.answer(sender=STRANGER, Cc="friend@evil.example")
        for sender in (STRANGER, "friend@evil.example"):
            for subject in (f"[TASK-{task.id}] mine", f"mine #{task.id}"):
                mail = self.one(subject=subject, sender=sender, text=f"{sender} {subject}")
                self.assertFalse(self.links(mail.email).filtered(lambda one: one.res_id == task.id))
            self.assertFalse(self.reopens(task, sender=sender))
        self.assertTrue(self.reopens(task, subject=f"Re: #{task.id}", in_reply_to=None))

    def test_a_stranger_begins_no_new_record_in_place_of_the_closed_one(self):
        self.rule(keyword="complaint", closed_way="new")
        task = self.closed()
        reply = self.answer(sender=STRANGER)
        self.assertEqual(self.record(reply.email), task)
        self.assertEqual(self.tasks(), task)
        self.assertNotEqual(self.record(self.answer(text="Mine").email), task)

    def test_whom_the_mail_was_with_takes_part(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.closed(Cc=COLLEAGUE)
        self.assertTrue(self.reopens(task, sender=COLLEAGUE))
        self.answer(text="And Dan", Cc="dan@partner.example")
        self.close(task)
        self.assertTrue(self.reopens(task, sender="dan@partner.example"))
        self.assertTrue(
            self.reopens(task, sender="dan@partner.example", subject=f"[TASK-{task.id}] x")
        )

    def test_whom_we_wrote_to_takes_part(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.closed()
        expert = self.env["res.partner"].create({"name": "Ed", "email": "ed@expert.example"})
        self.assertFalse(self.reopens(task, sender="ed@expert.example"))
        number = task.message_post(
            body="What do you say?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=expert.ids,
        ).message_id
        self.assertTrue(self.reopens(task, sender="ed@expert.example", in_reply_to=number))

    def test_who_is_named_in_a_note_does_not(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.closed()
        expert = self.env["res.partner"].create({"name": "Ed", "email": "ed@expert.example"})
        task.message_post(body="Ask Ed?", subtype_xmlid="mail.mt_note", partner_ids=expert.ids)
        self.assertFalse(self.reopens(task, sender="ed@expert.example"))

    def test_an_employee_changes_what_he_may_change(self):
        self.rule(keyword="complaint", closed_way="reopen")
        self.project.privacy_visibility = "followers"
        task = self.closed()
        clerk = self._employee("clerk", "clerk@company.example", "project.group_project_user")
        signed = {"sender": "clerk@company.example", "Authentication_Results": PASSED}
        self.assertFalse(self.reopens(task, **signed))
        self.project.message_subscribe(clerk.partner_id.ids)
        self.assertTrue(self.reopens(task, **signed, subject="Re: once more"))
