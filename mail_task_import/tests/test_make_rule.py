"""*Make a Rule*: from a mailbox, or from a mail, to a rule that is tried at once."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MailImportCase, build_mail


@tagged("post_install", "-at_install")
class TestMakeRule(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.support.member_ids += cls.administrator
        for group in ("project.group_project_manager", "sales_team.group_sale_manager"):
            cls.administrator.group_ids += cls.env.ref(group)
        cls.task = cls.env.ref("mail_task_import.target_task")

    def entry(self, **mail):
        (outcome,) = self.receive(self.support, build_mail(**mail))
        return outcome.entry

    def maker(self, record, user=None):
        action = record.with_user(user or self.administrator).action_make_rule()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.administrator)
            .browse(action["res_id"])
        )

    def made(self):
        return self.env["mail.import.rule"].search([], order="id desc", limit=1)

    def test_mail_like_this_becomes_a_task_for_somebody(self):
        entry = self.entry(subject="Re: A complaint", message_id="<one@customer.example>")
        maker = self.maker(entry)
        self.assertEqual((maker.sender_kind, maker.sender), ("domain", "customer.example"))
        self.assertEqual(maker.words, "a complaint")
        maker.write({"project_id": self.project.id, "user_id": self.agent.id})
        action = maker.action_make()
        trial = self.env[action["params"]["model"]].browse(action["params"]["id"])
        self.env.flush_all()
        with self.enter_registry_test_mode():
            trial.with_user(self.administrator).action_test()
        self.assertIn(self.made().name, trial.result)
        (outcome,) = self.receive(
            self.support, build_mail(subject="One more: a Complaint", text="Again.")
        )
        record = self.record(outcome.email)
        self.assertEqual((record._name, record.project_id), ("project.task", self.project))
        self.assertEqual(record.user_ids, self.agent)

    def test_where_many_share_a_domain_the_address_is_meant(self):
        maker = self.maker(self.entry(sender="Ann <ann@gmail.com>"))
        self.assertEqual((maker.sender_kind, maker.sender), ("address", "ann@gmail.com"))
        maker.project_id = self.project
        maker.action_open_form()
        self.assertEqual(self.made().line_ids.value, "ann@gmail.com")
        self.assertFalse(self.made().sender_domains)

    def test_from_a_mailbox_it_begins_with_what_its_mail_becomes(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        maker = self.maker(self.support)
        self.assertEqual(maker.target_id, self.support.default_target_id)
        self.assertEqual(maker.action_open_form()["res_id"], self.made().id)
        self.assertEqual(self.made().mailbox_ids, self.support)

    def test_who_may_make_no_rules_is_refused(self):
        entry = self.entry()
        with self.assertRaises(UserError):
            self.maker(entry, self.agent).action_make()

    def test_nobody_makes_rules_of_mail_that_is_not_theirs(self):
        entry = self.entry()
        with self.assertRaises(AccessError):
            entry.with_user(self.colleague).action_make_rule()
        makers = self.env["mail.import.rule.maker"].with_user(self.colleague)
        values = {"mailbox_id": self.support.id, "target_id": self.task.id}
        with self.assertRaises(AccessError):
            makers.create({**values, "entry_id": entry.id})
        with self.assertRaises(AccessError):
            makers.create(values)
        mine = self.maker(self.support)
        with self.assertRaises(AccessError):
            mine.with_user(self.colleague).read(["words"])

    def test_a_personal_mailbox_that_is_closed_has_no_rules(self):
        boss = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        (outcome,) = self.receive(boss, build_mail(to="boss@company.example"))
        with self.assertRaises(UserError):
            outcome.entry.with_user(self.boss).action_make_rule()
