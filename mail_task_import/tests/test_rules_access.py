"""Who makes, sees and changes import rules."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestRulesAccess(RuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_project = cls._own_project()
        cls.manager = cls._manager_of(cls.own_project)
        cls.portal = new_test_user(cls.env, login="rules_portal", groups="base.group_portal")
        cls.unread = cls._mailbox("group", "sales@company.example", member_ids=cls.agent.ids)

    def by(self, user, **values):
        values = {"keyword": "complaint", "project_id": self.own_project.id, **values}
        return self.rule("By somebody", by=user, **values)

    def test_a_project_manager_makes_rules_of_the_own_project(self):
        rule = self.by(self.manager)
        self.assertEqual(rule.owner_id, self.manager)
        rule.write({"keyword": "claim", "line_ids": [Command.create({"value": "x"})]})
        self.assertEqual(self.made(subject="claim x").project_id, self.own_project)
        rule.unlink()

    def test_a_team_leader_makes_rules_of_the_own_team(self):
        leader = self._employee("lead", "lead@company.example", "sales_team.group_sale_salesman")
        self.support.member_ids |= leader
        teams = self.env["crm.team"].create(
            [{"name": "Own", "user_id": leader.id}, {"name": "Others"}]
        )
        values = {"target_id": self.lead.id, "project_id": False}
        rule = self.by(leader, team_id=teams[0].id, **values)
        self.assertEqual(self.made(subject="complaint").team_id, teams[0])
        with self.assertRaises(AccessError):
            rule.team_id = teams[1]
        with self.assertRaises(AccessError):
            self.by(leader, **values)

    def test_a_copy_is_no_way_around(self):
        foreign = self.rule(keyword="complaint")
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).copy()
        rule = self.by(self.manager)
        self.assertEqual(rule.copy().owner_id, self.manager)
        with self.assertRaises(AccessError):
            rule.copy({"mailbox_ids": self.unread.ids})
        with self.assertRaises(AccessError):
            rule.copy({"project_id": self.project.id})

    def test_no_rule_of_anothers_project(self):
        with self.assertRaises(AccessError):
            self.by(self.manager, project_id=self.project.id)
        rule = self.by(self.manager)
        with self.assertRaises(AccessError):
            rule.project_id = self.project
        with self.assertRaises(AccessError):
            rule.project_id = False

    def test_no_rule_of_a_mailbox_that_the_manager_does_not_read(self):
        for mailboxes in (self.unread.ids, [], (self.support | self.unread).ids):
            with self.assertRaises(AccessError):
                self.by(self.manager, mailbox_ids=mailboxes)
        rule = self.by(self.manager)
        with self.assertRaises(AccessError):
            rule.mailbox_ids = [Command.clear()]
        with self.assertRaises(AccessError):
            rule.write({"mailbox_ids": [Command.link(self.unread.id)]})

    def test_the_form_offers_no_more_than_a_manager_may_choose(self):
        rules = self.env["mail.import.rule"]
        form = Form(rules.with_user(self.manager))
        form.name, form.keyword, form.match_case = "Mine", "complaint", True
        form.target_id = self.task
        with self.assertRaisesRegex(AssertionError, "project_id is a required field"):
            form.save()
        form.project_id = self.own_project
        form.mailbox_ids.add(self.support)
        self.assertEqual(form.save().owner_id, self.manager)
        mine, all_ = (
            rules.with_user(user).get_view(view_type="form")["arch"]
            for user in (self.manager, self.owner)
        )
        self.assertNotIn("any group mailbox", mine)
        self.assertIn("any group mailbox", all_)
        self.assertNotIn("whose mail you read", all_)

    def test_only_administrators_name_another_owner(self):
        for owner in (self.owner, self.agent):
            with self.assertRaises(AccessError):
                self.by(self.manager, owner_id=owner.id)
        rule = self.by(self.manager)
        with self.assertRaises(AccessError):
            rule.owner_id = self.owner
        rule.with_user(self.owner).owner_id = self.owner
        with self.assertRaises(AccessError):
            rule.with_user(self.manager).keyword = "another"
        with self.assertRaises(AccessError):
            rule.line_ids.with_user(self.manager).create({"rule_id": rule.id, "value": "x"})
        rule.with_user(self.manager).action_take_over()
        rule.with_user(self.manager).keyword = "another"

    def test_strangers_see_no_rules(self):
        rule = self.by(self.owner, line_ids=[Command.create({"value": "x"})])
        value = self.env["mail.import.rule.value"].create(
            {"rule_id": rule.id, "field_name": "priority", "choice": "1"}
        )
        parts = (rule, rule.line_ids, value)
        for user in (self.agent, self.colleague, self.portal, self.env.ref("base.public_user")):
            for part in parts:
                with self.assertRaises(AccessError):
                    part.with_user(user).read(["display_name"])
                with self.assertRaises(AccessError):
                    part.with_user(user).write({"sequence": 3})
                with self.assertRaises(AccessError):
                    part.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.by(user)

    def test_parts_of_anothers_rule_are_not_for_a_manager(self):
        rule = self.rule(keyword="complaint", line_ids=[Command.create({"value": "x"})])
        with self.assertRaises(AccessError):
            rule.line_ids.with_user(self.manager).value = "y"
        with self.assertRaises(AccessError):
            self.env["mail.import.rule.value"].with_user(self.manager).create(
                {"rule_id": rule.id, "field_name": "priority", "choice": "1"}
            )
        own = self.by(self.manager, line_ids=[Command.create({"value": "x"})])
        with self.assertRaises(AccessError):
            own.line_ids.rule_id = rule

    def test_a_personal_mailbox_is_asked_by_its_owners_rules_only(self):
        personal = self._mailbox(
            "personal", "boss@company.example", owner_id=self.boss.id, visibility="linked"
        )
        self.boss.group_ids |= self.env.ref("project.group_project_user")
        with self.assertRaises(UserError):
            self.rule(keyword="complaint", mailbox_ids=personal.ids)
        with self.assertRaises(AccessError):
            self.rule(keyword="complaint", mailbox_ids=personal.ids, owner_id=self.boss.id)
        self.rule(keyword="complaint", mailbox_ids=[])
        mail = self.one(personal, subject="complaint", to="boss@company.example")
        self.assertFalse(mail.email.link_ids.filtered("made_record"))

    def test_an_owner_without_the_right_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "Colleague may not make “Task” records"):
            self.rule(keyword="complaint", owner_id=self.colleague.id)

    def test_a_rule_without_a_condition_is_refused(self):
        with self.assertRaises(ValidationError):
            self.rule(mailbox_ids=[])

    def test_a_bad_pattern_is_refused_with_its_position(self):
        for pattern, position in (("order (", 7), (r"a(?=b)", 2), (r"(a)\1", 4)):
            with self.assertRaisesRegex(ValidationError, f"character {position}"):
                self.rule(keyword=pattern, keyword_kind="regex")
