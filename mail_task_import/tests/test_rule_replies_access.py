"""Whose records a rule's replies may change: those of its project, as far as its owner may."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .test_rule_replies import QUESTION, RepliesCase


@tagged("post_install", "-at_install")
class TestRuleRepliesAccess(RepliesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_project = cls._own_project()
        cls.manager = cls._manager_of(cls.own_project)
        cls.own_stage = cls.env["project.task.type"].create(
            {"name": "Own stage", "project_ids": cls.own_project.ids}
        )

    def by_manager(self, **values):
        values = {"keyword": "complaint", "project_id": self.own_project.id, **values}
        return self.rule("The manager's", by=self.manager, **values)

    def in_project(self, project):
        """A closed task of the customer, and the number of a message in its chatter."""
        task = self.env["project.task"].create(
            {"name": "Any", "project_id": project.id, "partner_id": self.customer.id}
        )
        asked = task.message_post(body="?", subtype_xmlid="mail.mt_comment").message_id
        self.close(task)
        return task, asked

    def test_a_managers_rule_changes_records_of_the_own_project_only(self):
        self.by_manager(closed_way="reopen", reply_task_stage_id=self.own_stage.id)
        own, asked = self.in_project(self.own_project)
        self.answer(in_reply_to=asked, text="To the own")
        self.assertEqual((own.state, own.stage_id), ("01_in_progress", self.own_stage))
        foreign, asked = self.in_project(self.project)
        stage = foreign.stage_id
        self.answer(in_reply_to=asked, text="complaint to the foreign")
        self.assertEqual((foreign.state, foreign.stage_id), ("1_done", stage))

    def test_a_task_that_was_moved_out_is_no_longer_the_managers(self):
        self.by_manager(closed_way="reopen", reply_operation="note")
        task = self.question()
        self.assertEqual(task.project_id, self.own_project)
        task.project_id = self.project
        self.close(task)
        reply = self.answer()
        self.assertEqual(task.state, "1_done")
        self.assertFalse(self.message(reply).subtype_id.internal)

    def test_a_managers_number_opens_nothing_of_other_projects(self):
        self.by_manager(number_pattern="#{number}", weak_first="subject_sender")
        foreign, _asked = self.in_project(self.project)
        foreign.state = "01_in_progress"
        for subject in (f"#{foreign.id}", "Any"):
            mail = self.one(subject=subject, text=subject)
            self.assertFalse({"token", "weak"} & set(self.links(mail.email).mapped("step")))

    def test_stages_of_other_projects_cannot_be_chosen(self):
        rule = self.by_manager()
        with self.assertRaises(ValidationError):
            rule.reply_task_stage_id = self.answered

    def test_nobody_else_says_what_replies_to_the_managers_rule_do(self):
        rule = self.by_manager()
        for user in (self.agent, self.colleague, self.boss):
            with self.assertRaises(AccessError):
                rule.with_user(user).write({"closed_way": "reopen"})
            with self.assertRaises(AccessError):
                rule.with_user(user).read(["number_pattern"])

    def test_what_the_owner_may_not_write_stays_as_it_is(self):
        rule = self.rule(keyword="complaint", closed_way="reopen", project_id=False)
        secret = self.env["project.project"].create(
            {"name": "Secret", "privacy_visibility": "followers"}
        )
        rule.sudo().owner_id = self._employee(
            "planner",
            "planner@company.example",
            "project.group_project_user,mail_task_import.group_administrator",
        )
        task, asked = self.in_project(secret)
        reply = self.answer(in_reply_to=asked)
        self.assertEqual(task.state, "1_done")
        self.assertEqual(self.record(reply.email), task)
        self.assertIn("may not change the record", self.why(reply))

    def test_the_new_record_shows_only_the_number_of_the_old_one(self):
        self.by_manager(closed_way="new")
        task = self.question(subject="A complaint about Bob's wages")
        self.close(task)
        new = self.record(self.answer(subject="Re: complaint").email)
        self.assertNotEqual(new, task)
        self.assertNotIn("wages", "".join(new.message_ids.mapped("body")))

    def test_a_rule_of_the_manager_goes_on_for_those_who_answer_only(self):
        """Who was in the old record has the answer in the new one; nobody follows it by that."""
        self.by_manager(closed_way="new")
        task = self.question()
        task.message_subscribe(self.boss.partner_id.ids)
        self.close(task)
        new = self.record(self.answer(in_reply_to=QUESTION).email)
        self.assertFalse(new.message_partner_ids & self.boss.partner_id)
