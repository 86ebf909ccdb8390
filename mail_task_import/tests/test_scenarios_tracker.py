"""Queue addresses as Yandex Tracker has them: several for one queue, each with its own values."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import build_mail
from .scenario_common import ScenarioCase

BUGS, BILLS = "bugs@company.example", "billing@company.example"


@tagged("post_install", "-at_install")
class TestFromTracker(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._employee(
            "accountant", "accountant@company.example", "project.group_project_user"
        )
        cls.bug, cls.bill = cls.env["project.tags"].create([{"name": "Bug"}, {"name": "Billing"}])

    def setUp(self):
        super().setUp()
        self.bugs = self._address(BUGS, self.bug, self.agent, "1")
        self.bills = self._address(BILLS, self.bill, self.accountant, "0")

    def _address(self, address, tag, assignee, priority):
        """One address of the queue: all of them reach one mailbox."""
        return self.rule(
            address,
            recipients=address,
            values=[
                {"field_name": "tag_ids", "res_id": tag.id},
                {"field_name": "user_ids", "res_id": assignee.id},
                {"field_name": "priority", "choice": priority},
            ],
        )

    def _is(self, task, tag, assignee, priority):
        self.assertEqual(task.project_id, self.project)
        self.assertEqual((task.tag_ids, task.user_ids), (tag, assignee))
        self.assertEqual(task.priority, priority)

    def test_each_address_has_its_tags_and_its_assignee(self):
        self._is(self.made(build_mail(subject="One", to=BUGS)), self.bug, self.agent, "1")
        self._is(self.made(build_mail(subject="Two", to=BILLS)), self.bill, self.accountant, "0")

    def test_an_address_may_share_its_tasks_out(self):
        people = self.env["mail.import.distribution"].create(
            {"name": "Testers", "user_ids": (self.agent | self.accountant).ids}
        )
        self.rule("Tests", recipients="tests@company.example", distribution_id=people)
        self.arrive(
            *(
                build_mail(subject=f"Test {number}", to="tests@company.example")
                for number in range(4)
            )
        )
        assignees = [task.user_ids for task in self.tasks()]
        self.assertEqual(assignees[:2], assignees[2:])
        self.assertEqual(assignees[0] | assignees[1], self.agent | self.accountant)

    def test_capitals_copies_and_envelopes_count(self):
        task = self.made(build_mail(subject="One", to="x@other.example", Cc="Bugs@Company.Example"))
        self._is(task, self.bug, self.agent, "1")
        task = self.made(build_mail(subject="Two", to="x@other.example", Delivered_To=BILLS))
        self._is(task, self.bill, self.accountant, "0")

    def test_a_mail_to_both_is_one_task_of_the_first(self):
        self.bills.sequence = 1
        task = self.made(build_mail(to=f"{BUGS}, {BILLS}"))
        self._is(task, self.bill, self.accountant, "0")
        self.assertEqual(self.tasks(), task)

    def test_the_address_of_the_mailbox_itself_is_none_of_the_queue(self):
        email = self.arrive(build_mail())
        self.assertFalse(email.link_ids.filtered("made_record"))

    def test_an_address_of_its_own_mailbox_goes_to_the_same_queue(self):
        other = self._at_server(self._mailbox("group", "press@company.example"))
        rule = self.rule("Press", mailboxes=other, values=[{"field_name": "color", "number": 3}])
        task = self.made(build_mail(to="press@company.example"), mailbox=other)
        self.assertEqual((task.project_id, task.color), (self.project, 3))
        self.assertEqual(rule.hits, 1)

    def test_the_key_in_the_subject_brings_an_answer_home(self):
        """Where the answering program dropped all that threads are made of."""
        task = self.made(build_mail(to=BUGS))
        self.arrive(build_mail(subject=f"AW: [TASK-{task.id}] Question", to=BUGS, text="Hello?"))
        self.assertEqual(self.tasks(), task)
        self.assertTrue(task.message_ids.filtered(lambda message: "Hello?" in message.body))

    def test_letters_outside_leave_only_where_it_is_ticked(self):
        self.support.letters_outside = False
        task = self.made(build_mail(to=BUGS)).with_user(self.agent)
        answer = {
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "partner_ids": self.customer.ids,
        }
        with self.assertRaisesRegex(UserError, "people inside the company only"):
            task.message_post(body="Soon", **answer)
        self.support.letters_outside = True
        task.message_post(body="Now", **answer)
        (mail,) = [mail for mail in self.left() if "ann@customer.example" in mail["To"]]
        self.assertIn("support@company.example", mail["From"])

    def test_a_robot_makes_no_task_and_two_robots_no_loop(self):
        for number in range(3):
            self.arrive(
                build_mail(subject=f"Away {number}", to=BUGS, Auto_Submitted="auto-replied")
            )
        self.assertFalse(self.tasks())
        self.assertFalse(self.left())
