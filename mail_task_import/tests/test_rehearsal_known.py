"""Known mail that is rehearsed: each as if neither it nor what came later were there."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.mail_task_import.models import mailbox_rehearsing

from .common import build_mail
from .test_rehearsal import RehearsalCase


@tagged("post_install", "-at_install")
class TestRehearsalOfKnownMail(RehearsalCase):
    def test_where_nothing_is_to_be_fetched_known_mail_comes_in_again(self):
        self.fill()
        self.support.write({"default_target_id": self.task.id, "join": True})
        self.support.default_project_id = self.project
        self.fetch(self.support)
        before = self.everything()
        rehearsal = self.rehearse()
        self.assertTrue(rehearsal.again, rehearsal.read())
        self.assertEqual(self.told(rehearsal), self.happened())
        self.assertEqual(self.everything(), before)
        self.assertIn("as if it came in now: 8", rehearsal.reach)
        self.assertTrue(all(self.project.task_ids.mapped("active")))

    def test_beside_a_few_new_mails_known_ones_are_tried_and_counted_apart(self):
        self.fill()
        self.support.write({"default_target_id": self.task.id, "join": True})
        self.support.default_project_id = self.project
        self.fetch(self.support)
        happened = self.happened()
        self.deliver(
            self.support,
            build_mail(
                subject="Re: One",
                sender="sam@new.example",
                message_id="<new@x.example>",
                in_reply_to="<1@x.example>",
            ),
        )
        before = self.everything()
        rehearsal = self.rehearse()
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.told(rehearsal), {"linked": 1})
        self.assertEqual(self.count_of(rehearsal, known=True), happened)
        self.assertEqual((rehearsal.taken, rehearsal.known_taken), (1, 8))
        self.assertRegex(rehearsal.summary, "^1 new: 1 link; 8 known: ")
        self.assertRegex(rehearsal.reach, "tried: 1. .* came in now: 8.$")
        self.fetch(self.support)
        self.assertEqual(self.happened(), {**happened, "linked": happened["linked"] + 1})

    def test_where_much_is_new_known_mail_is_left_alone(self):
        self.deliver(self.support, build_mail(subject="Known"))
        self.fetch(self.support)
        self.deliver(self.support, build_mail(subject="New"))
        with patch.object(mailbox_rehearsing, "FEW", 1):
            rehearsal = self.rehearse()
        self.assertEqual((rehearsal.taken, rehearsal.known_taken), (1, 0))

    def test_our_answers_and_later_mail_decide_nothing_about_a_known_mail(self):
        self.support.write(
            {
                "default_target_id": self.task.id,
                "default_project_id": self.project.id,
                "confirmation_template_id": self.env.ref("mail_task_import.confirmation_task").id,
            }
        )
        sam = {"sender": "Sam <sam@new.example>"}
        self.deliver(self.support, build_mail("One", message_id="<1@x.example>", **sam))
        self.fetch(self.support)
        confirmation = self.env["mail.import.email"].search([("written_as", "=", "confirmation")])
        task = self.record(confirmation.parent_id)
        self.assertTrue(confirmation.reference_ids)
        # a later mail of the thread in another mailbox, and a later record of the sender
        sales = self._mailbox("group", "sales@company.example", self.agent.ids)
        raw = build_mail("Re: One", in_reply_to="<1@x.example>", to="sales@company.example", **sam)
        (later,) = self.receive(sales, raw)
        self.assertEqual(self.record(later.email), task)
        lead = self.env["crm.lead"].create(
            {"name": "Later", "type": "opportunity", "email_from": "sam@new.example"}
        )
        self.env.flush_all()
        self.made_hours_ago(confirmation.parent_id, 2)
        self.made_hours_ago(lead, 1)
        self.support.default_target_id = False
        self.assertEqual(self.told(self.rehearse()), {"unlinked": 1})
        self.support.default_target_id = self.task
        self.assertEqual(self.told(self.rehearse()), {"made": 1})

    def made_hours_ago(self, record, hours):
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id = %s",
                SQL.identifier(record._table),
                fields.Datetime.now() - timedelta(hours=hours),
                record.id,
            )
        )
        record.invalidate_recordset()

    def test_changed_rules_are_rehearsed_with_mail_that_is_here(self):
        rule = self.rule(keyword="complaint")
        self.deliver(self.support, build_mail(subject="A complaint", message_id="<c@x.example>"))
        reply = build_mail(subject="Re: A complaint", in_reply_to="<c@x.example>")
        self.deliver(self.support, reply)
        self.deliver(self.support, build_mail(subject="Praise"))
        self.fetch(self.support)
        lead = self.env.ref("mail_task_import.target_lead")
        rule.write({"target_id": lead.id, "project_id": False})
        rehearsal = self.rehearse(self.owner, rule=rule)
        self.assertEqual(rehearsal.kind_ids.filtered(lambda k: k.kind == "made").target_id, lead)
        self.assertEqual(self.told(rehearsal), {"made": 1, "linked": 2})
        self.assertEqual(len(self.project.task_ids), 1)
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "A complaint")]))
