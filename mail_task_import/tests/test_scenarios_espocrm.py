"""Filters and e-mail-to-case as EspoCRM has them, without what goes wrong there.

There a filter without a condition catches everything or nothing, one that compares capitals misses
half, and an e-mail deleted by one user is gone for all.
"""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import build_mail
from .scenario_common import ScenarioCase

QUESTION = "<question@customer.example>"
HELPER = "base.group_user,project.group_project_user"


@tagged("post_install", "-at_install")
class TestCaseFromEspoCrm(ScenarioCase):
    """A group account that makes a case of the first mail of each thread."""

    def setUp(self):
        super().setUp()
        with Form(self.support.with_user(self.manager)) as form:
            form.default_target_id = self.task
            form.default_project_id = self.project
            form.confirmation_template_id = self.env.ref("mail_task_import.confirmation_task")

    def answer(self, text="One thing more", **values):
        values = {"subject": "Re: Question", "minutes_ago": 1, **values}
        return build_mail(text=text, **values)

    def test_only_the_first_mail_of_a_thread_makes_a_case(self):
        case = self.made(build_mail(message_id=QUESTION))
        self.arrive(
            self.answer(in_reply_to=QUESTION, message_id="<a@customer.example>"),
            self.answer("And more", in_reply_to="<a@customer.example>", minutes_ago=0),
        )
        self.assertEqual(self.tasks(), case)

    def test_answers_that_come_before_the_question_join_its_case(self):
        self.arrive(self.answer(in_reply_to=QUESTION))
        self.arrive(build_mail(message_id=QUESTION))
        self.assertEqual(len(self.tasks()), 1)
        received = self.env["mail.import.link"].search([("res_id", "=", self.tasks().id)])
        self.assertEqual(len(received.email_id.filtered(lambda e: e.state == "received")), 2)

    def test_an_answer_by_number_joins_its_case(self):
        case = self.made(build_mail(message_id=QUESTION))
        self.arrive(self.answer(subject=f"Something else [TASK-{case.id}]"))
        self.assertEqual(self.tasks(), case)

    def test_the_sender_is_answered_once_and_a_robot_never(self):
        case = self.made(build_mail(message_id=QUESTION))
        (confirmation,) = self.left()
        self.assertEqual(confirmation["To"], "ann@customer.example")
        self.assertIn(f"[TASK-{case.id}]", confirmation["Subject"])
        self.assertEqual(confirmation["Auto-Submitted"], "auto-replied")
        self.arrive(self.answer(in_reply_to=QUESTION))
        self.arrive(
            self.answer(
                "I am away",
                in_reply_to=str(confirmation["Message-ID"]),
                Auto_Submitted="auto-replied",
            )
        )
        self.assertFalse(self.left())

    def test_the_answer_to_the_confirmation_comes_home_without_references(self):
        case = self.made(build_mail(message_id=QUESTION))
        (confirmation,) = self.left()
        self.arrive(self.answer(in_reply_to=str(confirmation["Message-ID"])))
        self.assertEqual(self.tasks(), case)

    def test_what_one_deletes_others_keep(self):
        mine = self._at_server(
            self._mailbox("personal", "colleague@company.example", owner_id=self.colleague.id)
        )
        raw = build_mail(to="support@company.example, colleague@company.example")
        (email,) = self.arrive(raw)
        self.arrive(raw, mailbox=mine)
        entry = self.entries(mine).with_user(self.colleague)
        entry.action_trash()
        entry.action_delete()
        self.assertFalse(self.entries(mine))
        self.assertTrue(email.exists().entry_ids)
        self.assertIn("where is my order", email.with_user(self.agent).body)


@tagged("post_install", "-at_install")
class TestFiltersFromEspoCrm(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.private = cls._at_server(
            cls._mailbox("personal", "colleague@company.example", owner_id=cls.colleague.id)
        )

    def test_a_filter_of_all_skips_in_every_mailbox_and_counts(self):
        one = self.filter(scope="global", sender="*@shop.example", destination="skip")
        raw = build_mail(sender="News <News@SHOP.example>", subject="Buy")
        self.assertFalse(self.arrive(raw))
        self.assertFalse(self.arrive(raw, mailbox=self.private))
        self.assertEqual(one.caught, 2)
        self.assertEqual(one.with_user(self.colleague).catch_ids.mailbox_id, self.private)

    def test_a_skipped_mail_is_left_on_the_server_and_not_asked_for_again(self):
        self.filter(scope="global", subject="buy", destination="skip")
        self.arrive(build_mail(subject="Buy"))
        (location,) = self.locations(self.support)
        self.assertEqual(location.outcome, "filtered")
        self.assertFalse(self.arrive())

    def test_wildcards_say_starts_ends_and_holds(self):
        for pattern, fits, other in (
            ("report*", "REPORT of May", "My report"),
            ("*report", "My Report", "Report of May"),
            ("*report*", "My report of May", "My repo"),
            ("report", "My report of May", "My repo"),
        ):
            one = self.filter(scope="group", mailbox_id=self.support, subject=pattern, star=True)
            emails = self.arrive(
                build_mail(subject=fits, text=pattern), build_mail(subject=other, text=pattern)
            )
            stars = {email.subject: email.entry_ids.starred for email in emails}
            self.assertEqual(stars, {fits: True, other: False}, pattern)
            one.unlink()

    def test_a_users_filter_files_the_own_copy_only(self):
        folder = self.env["mail.import.folder"].with_user(self.colleague).create({"name": "Bills"})
        self.filter(
            by=self.colleague,
            scope="own",
            body_any="invoice\nbill",
            destination="folder",
            folder_id=folder,
        )
        raw = build_mail(text="Your INVOICE")
        self.arrive(raw)
        self.arrive(raw, mailbox=self.private)
        self.assertEqual(self.entries(self.private).folder_id, folder)
        self.assertEqual(self.entries(self.support).folder_id.kind, "inbox")

    def test_all_conditions_hold_and_none_is_refused(self):
        self.filter(
            scope="global", sender="customer.example", subject="offer", destination="archive"
        )
        emails = self.arrive(build_mail(subject="Offer"), build_mail(subject="Order"))
        kinds = {email.subject: email.entry_ids.folder_id.kind for email in emails}
        self.assertEqual(kinds, {"Offer": "archive", "Order": "inbox"})
        with self.assertRaises(ValidationError):
            self.filter(scope="global", destination="skip")

    def test_the_filter_of_all_comes_before_the_users_own(self):
        self.filter(scope="global", subject="offer", destination="trash")
        self.filter(by=self.colleague, scope="own", subject="offer", star=True)
        self.arrive(build_mail(subject="Offer"), mailbox=self.private)
        (entry,) = self.entries(self.private)
        self.assertEqual((entry.folder_id.kind, entry.starred), ("trash", False))


@tagged("post_install", "-at_install")
class TestDistributionFromEspoCrm(ScenarioCase):
    """Cases go to people: always the same one, in turn, or to whoever has least to do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.users"].union(
            *(cls._employee(f"helper{n}", f"helper{n}@company.example", HELPER) for n in range(3))
        )

    def distribute(self, way, **values):
        with Form(self.env["mail.import.distribution"].with_user(self.manager)) as form:
            form.name = "Support"
            form.way = way
            for field, value in values.items():
                setattr(form, field, value)
            for person in self.people if way != "direct" else ():
                form.user_ids.add(person)
        with Form(self.support.with_user(self.manager)) as mailbox:
            mailbox.default_target_id = self.task
            mailbox.default_project_id = self.project
            mailbox.distribution_id = form.record

    def assignees(self, *subjects):
        self.arrive(
            *(
                build_mail(subject=subject, sender=f"{subject.lower()}@customer.example")
                for subject in subjects
            )
        )
        found = {task.name: task.user_ids for task in self.tasks()}
        return [found[subject] for subject in subjects]

    def test_directly(self):
        self.distribute("direct", user_id=self.people[1])
        self.assertEqual(self.assignees("One", "Two"), [self.people[1]] * 2)

    def test_in_turn(self):
        self.distribute("round_robin")
        first = self.assignees("One", "Two")
        second = self.assignees("Three", "Four")
        self.assertEqual(self.people.browse().union(*first, second[0]), self.people)
        self.assertEqual(second[1], first[0])

    def test_whoever_has_least_to_do_and_not_who_has_left(self):
        self.distribute("least_busy")
        busy, left, free = self.people
        self.env["project.task"].create(
            [
                {"name": f"Old {n}", "project_id": self.project.id, "user_ids": busy.ids}
                for n in range(3)
            ]
        )
        left.active = False
        self.assertEqual(self.assignees("One", "Two"), [free] * 2)

    def test_answers_go_to_nobody_new(self):
        self.distribute("round_robin")
        self.arrive(build_mail(message_id=QUESTION))
        (task,) = self.tasks()
        (assignee,) = task.user_ids
        self.arrive(build_mail(subject="Re: Question", in_reply_to=QUESTION, minutes_ago=1))
        self.assertEqual(self.tasks().user_ids, assignee)
