"""What rules do with replies: notes, stages, closed records; and what they leave alone."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import build_mail
from .test_rules import RuleCase

QUESTION = "<question@customer.example>"
FAILED = "mx.company.example; dmarc=fail header.from=customer.example"


class RepliesCase(RuleCase):
    """A project with stages, and a rule that makes tasks of complaints in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stages = cls.env["project.task.type"]
        cls.fresh, cls.answered, cls.done = stages.create(
            [
                {"name": name, "sequence": place, "fold": fold, "project_ids": cls.project.ids}
                for place, (name, fold) in enumerate(
                    [("Fresh", False), ("Answered", False), ("Done", True)]
                )
            ]
        )

    def question(self, subject="A complaint", **values):
        """The task that a first mail becomes."""
        return self.record(self.one(subject=subject, message_id=QUESTION, **values).email)

    def answer(self, subject="Re: A complaint", text="One word more", **values):
        """The outcome of a reply to it."""
        values = {"in_reply_to": QUESTION, "minutes_ago": 1, **values}
        return self.one(subject=subject, text=text, **values)

    def close(self, task):
        task.write({"state": "1_done", "stage_id": self.done.id})
        self.track()

    def track(self):
        """The host writes what changed into the chatter just before the commit."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def message(self, outcome):
        return self.links(outcome.email).message_id

    def tasks(self):
        return self.env["project.task"].search([("project_id", "=", self.project.id)])


@tagged("post_install", "-at_install")
class TestRuleReplies(RepliesCase):
    def test_a_reply_is_a_comment_unless_the_rule_says_otherwise(self):
        self.rule(keyword="complaint")
        task = self.question()
        reply = self.answer()
        self.assertEqual(self.record(reply.email), task)
        self.assertFalse(self.message(reply).subtype_id.internal)

    def test_a_reply_is_an_internal_note_by_the_rule(self):
        self.rule(keyword="complaint", reply_operation="note")
        task = self.question()
        reply = self.answer()
        self.assertEqual(self.record(reply.email), task)
        self.assertTrue(self.message(reply).subtype_id.internal)
        self.assertIn("internal notes by the import rule “Complaints”", self.why(reply))

    def test_a_reply_moves_the_record_to_a_stage_and_the_chatter_tells(self):
        self.rule(keyword="complaint", reply_task_stage_id=self.answered.id)
        task = self.question()
        self.assertEqual(task.stage_id, self.fresh)
        reply = self.answer()
        self.track()
        self.assertEqual(task.stage_id, self.answered)
        told = task.message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "stage_id"
        )
        self.assertEqual(told.new_value_char, "Answered")
        self.assertIn("moved the record to another stage", self.why(reply))

    def test_a_closed_task_is_reopened_out_of_its_folded_stage(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.question()
        self.close(task)
        reply = self.answer()
        self.assertEqual((task.state, task.stage_id), ("01_in_progress", self.fresh))
        self.assertEqual(self.record(reply.email), task)
        self.assertIn("reopened it", self.why(reply))

    def test_a_closed_task_is_reopened_in_the_stage_of_the_rule(self):
        self.rule(keyword="complaint", closed_way="reopen", reply_task_stage_id=self.answered.id)
        task = self.question()
        self.close(task)
        self.answer()
        self.assertEqual((task.state, task.stage_id), ("01_in_progress", self.answered))

    def test_a_closed_task_stays_closed_where_the_rule_says_comment(self):
        self.rule(keyword="complaint", reply_task_stage_id=self.answered.id)
        task = self.question()
        self.close(task)
        reply = self.answer()
        self.assertEqual((task.state, task.stage_id), ("1_done", self.done))
        self.assertTrue(self.message(reply))

    def test_an_archived_task_is_closed_too(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.question()
        task.active = False
        self.answer()
        self.assertTrue(task.active)

    def test_a_lost_lead_is_reopened_with_its_chances(self):
        self.rule(keyword="complaint", target_id=self.lead.id, closed_way="reopen")
        lead = self.question()
        lead.action_set_lost()
        self.assertEqual((lead.active, lead.won_status), (False, "lost"))
        self.answer()
        self.assertTrue(lead.active)
        self.assertEqual(lead.won_status, "pending")
        self.assertEqual(lead.probability, lead.automated_probability)

    def test_a_won_deal_is_reopened(self):
        self.rule(keyword="complaint", target_id=self.lead.id, closed_way="reopen")
        lead = self.question()
        lead.action_set_won()
        self.answer()
        self.assertFalse(lead.stage_id.is_won)
        self.assertEqual(lead.won_status, "pending")

    def test_what_became_a_deal_is_still_the_rules(self):
        self.rule(keyword="complaint", target_id=self.lead.id, reply_operation="note")
        lead = self.question()
        lead.convert_opportunity(self.customer)
        self.assertTrue(self.message(self.answer()).subtype_id.internal)

    # -- who changes nothing --------------------------------------------------------------------

    def test_a_forged_reply_reopens_nothing_and_is_kept(self):
        self.rule(keyword="complaint", closed_way="reopen", reply_task_stage_id=self.answered.id)
        task = self.question()
        self.close(task)
        reply = self.answer(Authentication_Results=FAILED)
        self.assertEqual((task.state, task.stage_id), ("1_done", self.done))
        self.assertEqual(self.record(reply.email), task)
        self.assertIn("Its sender is not verified", self.why(reply))

    def test_a_forged_reply_makes_no_new_record_and_moves_none(self):
        rule = self.rule(keyword="complaint", reply_task_stage_id=self.answered.id)
        task = self.question()
        self.answer(Authentication_Results=FAILED)
        self.assertEqual(task.stage_id, self.fresh)
        rule.closed_way = "new"
        self.close(task)
        self.answer(Authentication_Results=FAILED, text="again")
        self.assertEqual(self.tasks().with_context(active_test=False), task)

    def test_a_colleagues_name_moves_nothing_where_nobody_vouches_for_it(self):
        self.rule(keyword="complaint", reply_task_stage_id=self.answered.id)
        task = self.question()
        self.answer(sender="Agent <agent@company.example>")
        self.assertEqual(task.stage_id, self.fresh)

    def test_what_colleagues_tell_each_other_in_notes_moves_nothing(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.question()
        self.close(task)
        note = task.message_post(body="Hush", subtype_xmlid="mail.mt_note").message_id
        inside = {
            "sender": "Agent <agent@company.example>",
            "Authentication_Results": "mx.company.example; dmarc=pass header.from=company.example",
        }
        self.answer(in_reply_to=note, text="Yes", **inside)
        self.assertEqual(task.state, "1_done")
        self.answer(in_reply_to=note, text="A stranger's", sender="x@evil.example")
        self.assertEqual(task.state, "1_done")
        self.answer(in_reply_to=note, text="The customer's")
        self.assertEqual(task.state, "01_in_progress")

    def test_automatic_mail_changes_nothing(self):
        self.rule(keyword="complaint", closed_way="reopen", automatic=True)
        task = self.question()
        self.close(task)
        reply = self.answer(Auto_Submitted="auto-replied")
        self.assertEqual(task.state, "1_done")
        self.assertEqual(self.record(reply.email), task)

    def test_history_changes_nothing(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.question()
        self.close(task)
        (reply,) = self.receive(self.support, build_mail(in_reply_to=QUESTION), history=True)
        self.assertEqual(task.state, "1_done")
        self.assertEqual(self.record(reply.email), task)

    def test_old_mail_reopens_quietly(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.question()
        self.close(task)
        said = task.message_ids
        self.answer(minutes_ago=60 * 24 * 3)
        self.track()
        self.assertEqual(task.state, "01_in_progress")
        self.assertFalse((task.message_ids - said).tracking_value_ids)
        self.assertFalse((task.message_ids - said).notification_ids)

    def test_our_own_mail_changes_nothing(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.question()
        self.close(task)
        self.answer(
            sender="support@company.example",
            to="ann@customer.example",
            Authentication_Results="mx.company.example; dmarc=pass header.from=company.example",
        )
        self.assertEqual(task.state, "1_done")

    def test_a_closed_mailbox_changes_nothing(self):
        self.rule(keyword="complaint", closed_way="reopen")
        task = self.question()
        self.close(task)
        self.support.visibility = "owner"
        self.answer()
        self.assertEqual(task.state, "1_done")

    def test_a_record_that_refuses_keeps_its_reply(self):
        self.rule(keyword="complaint", reply_task_stage_id=self.answered.id)
        task = self.question()
        self.env.flush_all()
        # another add-on's own rule, as PostgreSQL knows it
        self.env.cr.execute(
            "ALTER TABLE project_task ADD CONSTRAINT refuses CHECK (stage_id IS DISTINCT FROM %s)",
            [self.answered.id],
        )
        with self.assertLogs("odoo.addons.mail_task_import.models.link_replying", "WARNING"):
            reply = self.answer()
        self.assertEqual(self.record(reply.email), task)
        self.assertTrue(self.message(reply))
        self.assertEqual(task.stage_id, self.fresh)
        self.assertIn("refused what the import rule", self.why(reply))

    # -- a new record instead of the closed one -------------------------------------------------

    def test_a_reply_to_a_closed_task_makes_a_new_one_that_names_the_old(self):
        rule = self.rule(keyword="complaint", closed_way="new")
        old = self.question()
        self.close(old)
        reply = self.answer()
        new = self.record(reply.email)
        self.assertNotEqual(new, old)
        self.assertEqual((new.project_id, new.name), (self.project, "Re: A complaint"))
        self.assertEqual(self.links(reply.email).rule_id, rule)
        self.assertEqual(old.state, "1_done")
        self.assertIn(f"TASK-{new.id}", old.message_ids[0].body)
        named = new.message_ids.filtered(lambda message: f"TASK-{old.id}" in message.body)
        self.assertTrue(named.subtype_id.internal)
        self.assertNotIn(old.name, named.body)
        self.assertIn("this mail made a new one", self.why(reply))

    def test_the_rest_of_the_thread_follows_the_new_one(self):
        self.rule(keyword="complaint", closed_way="new")
        old = self.question()
        self.close(old)
        first = self.answer(message_id="<first@customer.example>")
        new = self.record(first.email)
        later = self.answer(text="To the old mail again")
        self.assertEqual(self.record(later.email), new)
        answer = self.answer(text="To the newer", in_reply_to="<first@customer.example>")
        self.assertEqual(self.record(answer.email), new)
        self.assertEqual(self.tasks(), old | new)
        self.assertFalse(self.message(later).subtype_id.internal)

    def test_two_replies_in_one_batch_make_one_new_task(self):
        self.rule(keyword="complaint", closed_way="new")
        old = self.question()
        self.close(old)
        mails = self.receive(
            self.support,
            *(
                build_mail(subject="Re: A complaint", text=text, in_reply_to=QUESTION)
                for text in ("One", "Two")
            ),
        )
        new = self.tasks() - old
        self.assertEqual(len(new), 1)
        self.assertEqual({self.record(mail.email) for mail in mails}, {new})

    def test_a_new_one_that_is_closed_too_is_followed_by_a_third(self):
        self.rule(keyword="complaint", closed_way="new")
        old = self.question()
        self.close(old)
        second = self.record(self.answer().email)
        self.close(second)
        third = self.record(self.answer(text="Again").email)
        self.assertEqual(self.tasks(), old | second | third)
        self.assertEqual(self.record(self.answer(text="And again").email), third)

    def test_where_no_new_one_may_be_made_the_old_one_has_the_reply(self):
        self.rule(keyword="complaint", closed_way="new", unknown_sender="refuse")
        old = self.question()
        self.close(old)
        reply = self.answer(sender="Sam <sam@stranger.example>")
        self.assertEqual(self.record(reply.email), old)
        self.assertTrue(self.message(reply))

    # -- which rule governs ----------------------------------------------------------------------

    def test_the_rule_that_made_the_record_governs_whatever_the_reply_says(self):
        self.rule(keyword="complaint", reply_operation="note")
        self.question()
        self.assertTrue(self.message(self.answer(subject="Thanks", text="Bye")).subtype_id.internal)

    def test_replies_must_match_too(self):
        self.rule(keyword="complaint", reply_operation="note", replies_must_match=True)
        task = self.question()
        other = self.answer(subject="Thanks", text="Bye")
        self.assertEqual(self.record(other.email), task)
        self.assertFalse(self.message(other).subtype_id.internal)
        self.assertTrue(self.message(self.answer()).subtype_id.internal)

    def test_an_earlier_rule_whose_conditions_hold_governs(self):
        self.rule(keyword="complaint", sequence=10)
        self.rule(
            "Urgent",
            keyword="urgent",
            sequence=5,
            applies_to="reply",
            reply_task_stage_id=self.answered.id,
        )
        task = self.question()
        self.answer()
        self.assertEqual(task.stage_id, self.fresh)
        self.answer(text="This is URGENT")
        self.assertEqual(task.stage_id, self.answered)

    def test_a_rule_for_replies_alone_always_wants_its_conditions(self):
        self.rule("Urgent", keyword="urgent", applies_to="reply", reply_operation="note")
        task = self.env["project.task"].create({"name": "By hand", "project_id": self.project.id})
        asked = task.message_post(body="?", subtype_xmlid="mail.mt_comment").message_id
        plain = self.answer(in_reply_to=asked)
        self.assertFalse(self.message(plain).subtype_id.internal)
        urgent = self.answer(in_reply_to=asked, text="urgent!")
        self.assertTrue(self.message(urgent).subtype_id.internal)

    def test_a_record_made_by_hand_is_governed_by_the_rule_of_its_project(self):
        self.rule(keyword="complaint", reply_task_stage_id=self.answered.id)
        other = self.env["project.project"].create({"name": "Other"})
        mine, foreign = self.env["project.task"].create(
            [
                {"name": "By hand", "project_id": one.id, "partner_id": self.customer.id}
                for one in (self.project, other)
            ]
        )
        for task in (mine, foreign):
            asked = task.message_post(body="?", subtype_xmlid="mail.mt_comment").message_id
            self.answer(in_reply_to=asked, text=f"To {task.id}")
        self.assertEqual(mine.stage_id, self.answered)
        self.assertNotEqual(foreign.stage_id, self.answered)

    def test_what_an_archived_rule_made_is_its_successors(self):
        old = self.rule("Old", keyword="complaint")
        self.question()
        old.active = False
        self.rule("New", keyword="claim", reply_operation="note")
        self.assertTrue(self.message(self.answer()).subtype_id.internal)

    def test_what_another_rule_made_is_not_of_the_next_rule_in_the_project(self):
        self.rule("First", keyword="complaint")
        self.rule("Second", keyword="claim", sequence=20, reply_operation="note")
        self.question()
        self.assertFalse(self.message(self.answer()).subtype_id.internal)

    def test_a_rule_for_new_mail_says_nothing_of_replies(self):
        self.rule(keyword="complaint", applies_to="new", reply_operation="note")
        self.question()
        self.assertFalse(self.message(self.answer()).subtype_id.internal)

    def test_a_record_that_left_the_project_is_no_longer_the_rules(self):
        self.rule(keyword="complaint", reply_operation="note", closed_way="reopen")
        task = self.question()
        task.project_id = self.env["project.project"].create({"name": "Other"})
        task.state = "1_done"
        self.assertFalse(self.message(self.answer()).subtype_id.internal)
        self.assertEqual(task.state, "1_done")

    def test_a_rule_of_another_mailbox_says_nothing(self):
        sales = self._mailbox("group", "sales@company.example", member_ids=self.agent.ids)
        self.rule(keyword="complaint", reply_operation="note")
        self.question()
        (reply,) = self.receive(sales, build_mail(in_reply_to=QUESTION, to="sales@company.example"))
        self.assertFalse(self.message(reply).subtype_id.internal)

    def test_an_answer_that_comes_with_its_question_is_a_reply_too(self):
        self.rule(keyword="complaint", reply_task_stage_id=self.answered.id)
        mails = self.receive(
            self.support,
            build_mail(subject="complaint", message_id=QUESTION, minutes_ago=9),
            build_mail(subject="Re: complaint", in_reply_to=QUESTION, minutes_ago=3),
        )
        task = self.record(mails[0].email)
        self.assertEqual(self.record(mails[1].email), task)
        self.assertEqual(task.stage_id, self.answered)
        self.assertIn("moved the record", self.why(mails[1]))

    # -- what may not be saved -------------------------------------------------------------------

    def test_a_stage_of_another_project_is_refused(self):
        other = self.env["project.project"].create({"name": "Other"})
        stage = self.env["project.task.type"].create({"name": "There", "project_ids": other.ids})
        with self.assertRaises(ValidationError):
            self.rule(keyword="complaint", reply_task_stage_id=stage.id)

    def test_a_rule_of_all_projects_never_puts_a_task_into_anothers_stage(self):
        other = self.env["project.project"].create({"name": "Other"})
        stage = self.env["project.task.type"].create({"name": "There", "project_ids": other.ids})
        self.rule(keyword="complaint", project_id=False, reply_task_stage_id=stage.id)
        self.support.default_project_id = self.project
        task = self.question()
        self.answer()
        self.assertEqual(task.stage_id, self.fresh)

    def test_a_stage_that_is_deleted_moves_nothing(self):
        self.rule(keyword="complaint", reply_task_stage_id=self.answered.id)
        task = self.question()
        self.answered.unlink()
        reply = self.answer()
        self.assertEqual(task.stage_id, self.fresh)
        self.assertTrue(self.message(reply))
