"""The thin path: customer -> IMAP -> record -> agent's answer -> SMTP -> reply -> same record."""

from odoo.tests import tagged

from .common import ServerCase, build_mail


@tagged("post_install", "-at_install")
class TestThinPath(ServerCase):
    def setUp(self):
        super().setUp()
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )

    def test_question_answer_and_reply_meet_in_one_task(self):
        self.deliver(self.support, build_mail(message_id="<q1@customer.example>"))
        self.assertIsNone(self.fetch(self.support))
        task = self.env["project.task"].search([("project_id", "=", self.project.id)])
        self.assertEqual(len(task), 1)
        self.assertEqual(task.partner_id, self.customer)
        self.assertEqual(task.create_uid.id, 1)
        question = task.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(question.author_id, self.customer)

        task.with_user(self.agent).message_post(
            body="It left yesterday.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        (sent,) = self.sink.wait_for(1)
        self.assertIn("ann@customer.example", sent.recipients)
        self.assertIn("support@company.example", sent.message["From"])
        self.assertIn("support@company.example", sent.message["Reply-To"])
        self.assertEqual(sent.message["In-Reply-To"], "<q1@customer.example>")
        self.assertIn("<q1@customer.example>", sent.message["References"])
        self.assertIn(f"[TASK-{task.id}]", sent.message["Subject"])
        answer = self.env["mail.import.email"].search([("direction", "=", "outgoing")])
        self.assertEqual(answer.state, "sent")
        self.assertEqual(self.record(answer), task)

        self.deliver(
            self.support,
            build_mail(
                subject="Re: Question about an order",
                text="Thank you!",
                in_reply_to=sent.message["Message-ID"],
                references=["<q1@customer.example>"],
                minutes_ago=1,
            ),
        )
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(
            self.env["project.task"].search_count([("project_id", "=", self.project.id)]), 1
        )
        emails = self.env["mail.import.link"].search(
            [("res_model", "=", "project.task"), ("res_id", "=", task.id)]
        )
        self.assertEqual(len(emails), 3)
        self.assertIn("Thank you!", str(task.message_ids[0].body))

    def test_the_sent_copy_is_appended_once_and_not_doubled(self):
        self.support.append_sent = True
        self.env["mail.import.remote.folder"].create(
            {"mailbox_id": self.support.id, "name": "Sent"}
        )
        self.deliver(self.support, build_mail(message_id="<q2@customer.example>"))
        self.assertIsNone(self.fetch(self.support))
        task = self.env["project.task"].search([("project_id", "=", self.project.id)])
        task.with_user(self.agent).message_post(
            body="Soon.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        for _run in range(3):
            self.assertIsNone(self.fetch(self.support))
        with self.dovecot.client(self.support.address) as client:
            client.select_folder("Sent", readonly=True)
            self.assertEqual(len(client.search()), 1)
        self.assertEqual(
            self.env["mail.import.email"].search_count([("direction", "=", "outgoing")]), 1
        )
        self.assertEqual(
            sorted(self.locations(self.support).mapped("outcome")), ["duplicate", "stored"]
        )
