"""What rules write into the records that they make."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_rules import RuleCase


def value(field_name, **values):
    return Command.create({"field_name": field_name, **values})


@tagged("post_install", "-at_install")
class TestRulesValues(RuleCase):
    def ordered(self, field_name, pattern=r"order\s+(?P<order>\S+)", target=None, **values):
        """A rule whose pattern fills a field of a lead."""
        return self.rule(
            keyword=pattern,
            keyword_kind="regex",
            target_id=(target or self.lead).id,
            value_ids=[value(field_name, kind="group", group="order", **values)],
        )

    def test_fixed_values_of_every_kind(self):
        stage = self.env["project.task.type"].create(
            {"name": "Triage", "project_ids": self.project.ids}
        )
        tags = self.env["project.tags"].create([{"name": "Angry"}, {"name": "VIP"}])
        self.rule(
            keyword="complaint",
            value_ids=[
                value("stage_id", res_id=stage.id),
                value("tag_ids", res_id=tags[0].id),
                value("tag_ids", res_id=tags[1].id),
                value("priority", choice="1"),
                value("date_deadline", days=3),
                value("user_ids", res_id=self.agent.id),
                value("allocated_hours", number=2.5),
                value("description", html="<p>By the rule</p>"),
            ],
        )
        before = fields.Datetime.now()
        task = self.made(subject="complaint")
        self.assertEqual(task.stage_id, stage)
        self.assertEqual(task.tag_ids, tags)
        self.assertEqual((task.priority, task.allocated_hours), ("1", 2.5))
        self.assertEqual(task.user_ids, self.agent)
        self.assertIn("By the rule", task.description)
        self.assertLess(abs(task.date_deadline - before - timedelta(days=3)), timedelta(hours=1))

    def test_the_new_text_describes_the_record_whoever_its_customer_is(self):
        other = self.env["res.partner"].create({"name": "Head Office"})
        self.rule(keyword="complaint", value_ids=[value("partner_id", res_id=other.id)])
        self.rule(keyword="offer", target_id=self.lead.id)
        text = "It broke again.\n\nOn Monday Tom wrote:\n> It is mended now.\n"
        for subject in ("Re: complaint", "AW: offer"):
            record = self.made(subject=subject, text=text)
            self.assertIn("It broke again.", record.description, subject)
            self.assertNotIn("It is mended now.", record.description, subject)
            self.assertIn("It is mended now.", str(record.message_ids.mapped("body")), subject)

    def test_what_a_form_sends_and_what_is_forwarded_describe_the_record_whole(self):
        self.rule(keyword="complaint")
        self.rule(keyword="offer", target_id=self.lead.id)
        form = (
            "New request.\n\nFrom: Ann <ann@form.example>\nSent: 2026-11-21 17:30\nTo: Us\n\n"
            "The chair is broken.\n"
        )
        wrote = "On 3 May 2024 at 12:30, Tom <tom@form.example> wrote:"
        quoted = f"Look.\n\n{wrote}\n> The chair is broken.\n"
        for subject in ("complaint", "Fwd: complaint", "offer", "WG: offer"):
            for text in (form, quoted):
                record = self.made(subject=subject, text=text)
                self.assertIn("The chair is broken.", record.description, subject)
                shown = str(record.message_ids.mapped("body"))
                self.assertIn("The chair is broken.", shown, subject)
                self.assertNotIn("data-o-mail-quote", shown, subject)

    def test_groups_fill_fields(self):
        for field_name, text, expected in (
            ("referred", "A-77", "A-77"),
            ("expected_revenue", "1.234,50", 1234.5),
            ("date_deadline", "2031-05-04", fields.Date.to_date("2031-05-04")),
            ("date_deadline", "04.05.2031", fields.Date.to_date("2031-05-04")),
            ("priority", "high", "2"),
            ("color", "7", 7),
        ):
            rule = self.ordered(field_name)
            lead = self.made(subject=f"order {text}", text=f"{field_name} {text}")
            self.assertEqual(lead[field_name], expected, field_name)
            rule.unlink()

    def test_a_group_names_a_record(self):
        tag = self.env["crm.tag"].create({"name": "Retail"})
        self.env["crm.tag"].create({"name": "Re%il"})
        self.ordered("tag_ids")
        self.assertEqual(self.made(subject="order retail").tag_ids, tag)
        self.assertFalse(self.made(subject="order re%", text="two").tag_ids)

    def test_what_does_not_fit_is_left_empty_and_said(self):
        self.ordered("expected_revenue")
        mail = self.one(subject="order twelve")
        lead = self.links(mail.email)._get_record()
        self.assertEqual(lead.expected_revenue, 0)
        self.assertIn("“order” found is no value of the field “Expected Revenue”", self.why(mail))

    def test_the_title_of_a_mail_without_subject_is_the_rules_name(self):
        rule = self.rule("Complaint by mail", keyword="order")
        self.assertEqual(self.made(subject="").name, "Complaint by mail")
        rule.title_empty = "No title"
        self.assertEqual(self.made(subject="", text="the order again").name, "No title")

    def test_later_rules_lay_their_values_over(self):
        first = self.rule(
            keyword="complaint",
            sequence=1,
            continues=True,
            value_ids=[value("priority", choice="0"), value("allocated_hours", number=1)],
        )
        self.rule(
            "Urgent",
            keyword="urgent",
            sequence=2,
            project_id=False,
            value_ids=[value("priority", choice="1")],
        )
        self.rule("Never", keyword="complaint", sequence=3, value_ids=[value("color", number=4)])
        mail = self.one(subject="complaint, urgent")
        task = self.links(mail.email)._get_record()
        self.assertEqual((task.priority, task.allocated_hours, task.color), ("1", 1, 0))
        self.assertEqual(task.project_id, self.project)
        self.assertIn("“Urgent” holds too, and puts its values over", self.why(mail))
        self.assertEqual(self.links(mail.email).rule_id, first)

    def test_what_cannot_be_written_is_refused_when_it_is_saved(self):
        other = self.env["project.project"].create({"name": "Other"})
        stage = self.env["project.task.type"].create(
            {"name": "Elsewhere", "project_ids": other.ids}
        )
        personal = stage.create({"name": "Today", "user_id": self.owner.id})
        for refused, why in (
            (value("nonsense", text="x"), "no field “nonsense”"),
            (value("create_uid", res_id=1), "does not fill"),
            (value("message_needaction", flag=True), "does not fill"),
            (value("display_name", text="x"), "does not fill"),
            (value("partner_phone", text="x"), "does not fill"),
            (value("company_id", res_id=1), "does not fill"),
            (value("priority", choice="9"), "no value of"),
            (value("color", number=1.5), "whole numbers"),
            (value("stage_id", res_id=stage.id), "does not belong to Support"),
            (value("stage_id", res_id=personal.id), "does not belong to"),
            (value("stage_id", res_id=99999999), "Choose a record"),
            (value("date_deadline", when="day"), "Name the day"),
            (value("name", kind="group", group="order"), "No pattern of the rule"),
        ):
            with self.assertRaisesRegex(ValidationError, why):
                self.rule(keyword="complaint", value_ids=[refused])

    def test_a_record_that_the_owner_may_not_read_is_refused(self):
        hidden = self.env["project.project"].create(
            {"name": "Hidden", "privacy_visibility": "followers"}
        )
        parent = self.env["project.task"].create({"name": "Secret", "project_id": hidden.id})
        manager = self._manager_of(self.project)
        peeking = [value("parent_id", res_id=parent.id)]
        with self.assertRaisesRegex(ValidationError, "you and the rule's owner may see"):
            self.rule("Peeks", by=manager, keyword="x", value_ids=peeking)

    def test_the_form_offers_fields_that_may_be_filled(self):
        rule = self.rule(keyword="x", value_ids=[value("priority", choice="1")])
        offered = [name for name, _label in rule.value_ids.field_choices]
        self.assertEqual(offered[:3], ["stage_id", "tag_ids", "priority"])
        self.assertFalse({"create_uid", "message_ids", "partner_phone"} & set(offered))
        for name in offered:
            self.assertTrue(rule.value_ids._may_be_given(self.env["project.task"]._fields[name]))

    def test_conditions_that_hold_for_nothing_are_refused(self):
        template = self.env["mail.template"].create(
            {"name": "Users", "model_id": self.env["ir.model"]._get_id("res.users")}
        )
        for refused, why in (
            ({"line_ids": [Command.create({"value": "  "})]}, "Say what the mail contains"),
            ({"line_ids": [Command.create({"value": "x" * 9999})]}, "are the most"),
            ({"keyword": "x" * 200_000}, "are the most"),
            ({"recipients": "not an address"}, "is no address"),
            ({"sender_domains": "@@,,"}, "is no domain"),
            ({"confirmation_template_id": template.id}, "of other records"),
            ({"target_id": self.lead.id, "project_id": self.project.id}, "Only tasks have"),
        ):
            with self.assertRaisesRegex(ValidationError, why):
                self.rule(**{"keyword": "x", **refused})
        self.rule(keyword="x", recipients="a@x.example; b@x.example", sender_domains="@x.example")


@tagged("post_install", "-at_install")
class TestHostileGroups(RuleCase):
    """What a group holds, any stranger may write."""

    def named(self, field_name, **values):
        return self.rule(
            keyword=r"says\s+(?P<it>.+)",
            keyword_kind="regex",
            keyword_in="subject",
            value_ids=[value(field_name, kind="group", group="it")],
            **values,
        )

    def elsewhere(self, **values):
        return self.env["project.project"].create(
            {"name": "Elsewhere", "privacy_visibility": "followers", **values}
        )

    def test_numbers_and_days_beyond_all_bounds_leave_the_field_empty(self):
        digits = "9" * 400
        for field_name, words in (
            ("color", (digits, f"-{digits}", "2147483648", "1.5")),
            ("allocated_hours", (digits, f"-{digits}", "1000000000001")),
            ("date_deadline", ("0001-01-01", "9999-12-31", "31.12.1899", "2026-13-45")),
        ):
            rule = self.named(field_name)
            for word in words:
                mail = self.one(subject=f"says {word}", text=f"{field_name} {word[:20]}")
                task = self.links(mail.email)._get_record()
                self.assertFalse(task[field_name], (field_name, word))
                self.assertIn("is no value of the field", self.why(mail))
            rule.unlink()

    def test_a_stage_of_another_project_is_not_found(self):
        self.env["project.task.type"].create(
            [
                {"name": "Vault", "project_ids": self.elsewhere().ids},
                {"name": "Both", "project_ids": self.elsewhere().ids},
                {"name": "Both", "project_ids": self.project.ids},
            ]
        )
        self.named("stage_id")
        self.assertNotEqual(self.made(subject="says vault").stage_id.name, "Vault")
        here = self.made(subject="says both", text="two").stage_id
        self.assertEqual((here.name, here.project_ids), ("Both", self.project))

    def test_a_value_of_one_rule_does_not_stray_into_the_project_of_another(self):
        stage = self.env["project.task.type"].create(
            {"name": "Vault", "project_ids": self.elsewhere().ids}
        )
        self.rule(
            keyword="complaint", project_id=False, continues=True, sequence=1,
            value_ids=[value("stage_id", res_id=stage.id), value("color", number=3)],
        )  # fmt: skip
        self.rule("Place", keyword="complaint", sequence=2)
        mail = self.one(subject="complaint")
        # whose rule makes it, says where
        task = self.links(mail.email)._get_record()
        self.assertEqual((task.project_id, task.color), (self.project, 3))
        self.assertNotEqual(task.stage_id, stage)
        self.assertIn("belongs to another project", self.why(mail))

    def test_no_group_chooses_who_sees_the_record(self):
        for field_name in ("partner_id", "parent_id", "depend_on_ids"):
            with self.assertRaisesRegex(ValidationError, "does not choose the field"):
                self.named(field_name)

    def test_only_employees_who_see_the_project_are_assigned(self):
        hidden = self.elsewhere()
        portal = self._portal_user()
        self.named("user_ids", project_id=hidden.id)
        for person in (portal, self.agent):
            mail = self.one(subject=f"says {person.name}", text=person.login)
            task = self.links(mail.email)._get_record()
            self.assertFalse(task.user_ids, person.name)
            self.assertNotIn(person.partner_id, task.message_partner_ids)
        hidden.message_subscribe(self.agent.partner_id.ids)
        self.assertEqual(
            self.made(subject=f"says {self.agent.name}", text="again").user_ids, self.agent
        )

    def test_a_fixed_value_assigns_no_portal_user_either(self):
        portal = self._portal_user()
        with self.assertRaisesRegex(ValidationError, "no employee who may see"):
            self.rule(keyword="x", value_ids=[value("user_ids", res_id=portal.id)])
        self.rule(keyword="complaint", value_ids=[value("user_ids", res_id=self.agent.id)])
        self.assertEqual(self.made(subject="complaint").user_ids, self.agent)
        self.agent.active = False
        self.assertFalse(self.made(subject="complaint", text="later").user_ids)

    def test_numbers_that_no_form_shows_are_refused_when_they_are_saved(self):
        for number in (float("inf"), float("nan"), 1e300):
            for field_name in ("color", "allocated_hours"):
                with self.assertRaises(ValidationError):
                    self.rule(keyword="x", value_ids=[value(field_name, number=number)])

    def _portal_user(self):
        return self.env["res.users"].create(
            {
                "name": "Paul Portal",
                "login": "paul.portal",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
