"""Mail rules as Planfix has them: conditions joined by *and* and *or*, and rules that overlap.

There texts are case-sensitive, so that "Order" and "order" need two rules each.
"""

from odoo.tests import tagged

from .common import build_mail
from .scenario_common import ScenarioCase


@tagged("post_install", "-at_install")
class TestFromPlanfix(ScenarioCase):
    def takes(self, rule, **mail):
        """Whether the rule makes a task of such a mail."""
        email = self.arrive(build_mail(**mail))
        return email.link_ids.filtered("made_record").rule_id == rule

    def test_all_conditions_hold(self):
        rule = self.rule(
            "Orders of the shop",
            line_join="all",
            lines=[
                ("subject", "contains", "order"),
                ("body", "not_contains", "test only"),
                ("from", "contains", "@customer.example"),
            ],
        )
        self.assertTrue(self.takes(rule, subject="ORDER one"))
        self.assertFalse(self.takes(rule, subject="Order two", text="This is a TEST ONLY."))
        self.assertFalse(self.takes(rule, subject="Praise"))
        self.assertFalse(self.takes(rule, subject="Order three", sender="bo@other.example"))

    def test_any_condition_holds(self):
        rule = self.rule(
            "Urgent",
            line_join="any",
            lines=[
                ("subject", "equals", "urgent"),
                ("header", "contains", "1", "X-Priority"),
                ("body", "matches", r"down since \d+ (minutes|hours)"),
            ],
        )
        self.assertTrue(self.takes(rule, subject="Urgent"))
        self.assertTrue(self.takes(rule, subject="Hm", X_Priority="1 (Highest)"))
        self.assertTrue(self.takes(rule, subject="Hm", text="It is Down since 20 minutes!"))
        self.assertFalse(self.takes(rule, subject="Not urgent", X_Priority="3", text="Up"))

    def test_words_are_the_same_in_capitals_in_every_alphabet(self):
        rule = self.rule("Заказы", keyword="заказ", keyword_in="subject")
        for subject in ("Заказ 1", "НОВЫЙ ЗАКАЗ 2", "мой заказ 3"):
            self.assertTrue(self.takes(rule, subject=subject))

    def test_overlapping_rules_each_give_their_part(self):
        """ "#agent $Warehouse" of a forwarded mail: one rule for each sign."""
        warehouse = self.env["project.project"].create(
            {"name": "Warehouse", "privacy_visibility": "employees"}
        )
        group = {"kind": "group"}
        self.rule(
            "Assignee",
            keyword=r"#(?P<who>\w+)",
            keyword_kind="regex",
            keyword_in="subject",
            continues=True,
            values=[{"field_name": "user_ids", **group, "group": "who"}],
        )
        self.rule(
            "Place",
            lines=[("subject", "contains", "$Warehouse")],
            project_id=warehouse,
            continues=True,
        )
        self.rule(
            "Colour",
            keyword="$",
            keyword_in="subject",
            project_id=self.env["project.project"],
            values=[{"field_name": "color", "number": 5}],
        )
        task = self.made(build_mail(subject="Fw: Request #agent $Warehouse"))
        self.assertEqual(task.user_ids, self.agent)
        self.assertEqual(task.project_id, warehouse)
        self.assertEqual(task.color, 5)
        self.assertEqual(len(self.env["project.task"].search([("name", "like", "Request")])), 1)

    def test_what_a_mark_names_and_nobody_is_leaves_the_field_empty(self):
        self.rule(
            "Assignee",
            keyword=r"#(?P<who>\w+)",
            keyword_kind="regex",
            values=[{"field_name": "user_ids", "kind": "group", "group": "who"}],
        )
        self.assertFalse(self.made(build_mail(subject="Request #nobody")).user_ids)

    def test_a_rule_is_ignored_by_a_filter(self):
        """Planfix's *ignore*: here a filter skips the mail, and shows what it skipped."""
        self.rule("Orders", keyword="order")
        one = self.filter(
            scope="group", mailbox_id=self.support, body_any="newsletter", destination="skip"
        )
        self.assertFalse(self.arrive(build_mail(subject="Order now", text="Our Newsletter")))
        self.assertFalse(self.tasks())
        self.assertEqual(one.caught, 1)
        self.assertEqual(one.with_user(self.agent).catch_ids.subject, "Order now")

    def test_a_number_in_brackets_adds_to_its_task(self):
        self.rule("Orders", keyword="order", number_pattern="[{number}]")
        task = self.made(build_mail(subject="Order"))
        self.arrive(build_mail(subject=f"Call me [{task.id}]", text="Before noon"))
        self.assertEqual(self.tasks(), task)
        self.assertTrue(task.message_ids.filtered(lambda message: "Before noon" in message.body))

    def test_a_comment_shows_what_is_new(self):
        """There a rule for each greeting cuts off the rest."""
        self.rule("Orders", keyword="order")
        task = self.made(build_mail(subject="Order", message_id="<q@customer.example>"))
        self.arrive(
            build_mail(
                subject="Re: Order",
                in_reply_to="<q@customer.example>",
                text="Yes please.\n\nOn Monday, Support <a@company.example> wrote:\n\n> Twice?",
            )
        )
        (message,) = task.message_ids.filtered(lambda message: "Yes please" in message.body)
        before, _mark, quoted = message.body.partition("data-o-mail-quote")
        self.assertNotIn("Twice?", before)
        self.assertIn("Twice?", quoted)
        (link,) = message.env["mail.import.link"].search([("message_id", "=", message.id)])
        self.assertIn("Twice?", link.email_id.body, "the full mail stays on the e-mail")
