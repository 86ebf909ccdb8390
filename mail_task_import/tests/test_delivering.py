"""Who is told of a mail, who is not, and what delivery reports do."""

import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..batch import QUARANTINED, STORED
from .common import MailImportCase, ServerCase, build_mail

REPORT = """Reporting-MTA: dns; mx.customer.example

Final-Recipient: rfc822; ann@customer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user
"""


def build_bounce(message_id, recipient="ann@customer.example"):
    """A delivery report (RFC 3464) about one of our mails."""
    boundary = "=report"
    return "\r\n".join(
        f"""From: Mail Delivery System <mailer-daemon@mx.customer.example>
To: support@company.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{abs(hash(message_id))}@mx.customer.example>
Return-Path: <>
Received: from mx.customer.example by mx.company.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

--{boundary}
Content-Type: text/plain

I could not deliver your message.

--{boundary}
Content-Type: message/delivery-status

{REPORT.replace("ann@customer.example", recipient)}
--{boundary}
Content-Type: message/rfc822

From: support@company.example
To: {recipient}
Subject: Our answer
Message-ID: {message_id}

Hello
--{boundary}--
""".splitlines()
    ).encode()


@tagged("post_install", "-at_install")
class TestNotifying(MailImportCase):
    def setUp(self):
        super().setUp()
        self.agent.notification_type = self.colleague.notification_type = "inbox"
        self.lead = self.env["crm.lead"].create(
            {"name": "Chairs", "type": "opportunity", "partner_id": self.customer.id}
        )
        self.lead.message_subscribe((self.agent.partner_id + self.customer).ids)

    def told(self, mail):
        return self.links(mail.email).message_id.notified_partner_ids

    def test_a_published_note_tells_following_employees_and_no_outsider(self):
        (mail,) = self.receive(self.support, build_mail())
        self.assertEqual(self.record(mail.email), self.lead)
        self.assertEqual(self.told(mail), self.agent.partner_id)

    def test_a_mail_that_is_undone_takes_no_notification_of_others_along(self):
        postcommit = self.env.cr.postcommit
        postcommit.clear()
        self.addCleanup(postcommit.clear)
        self.env["bus.bus"].search([]).unlink()
        deliver = self.env.registry["mail.import.entry"]._deliver

        def failing(model, batch):
            deliver(model, batch)
            if any("broken" in mail.parsed.subject for mail in batch.mails):
                raise ValueError("cannot be delivered")

        subjects = ("first", "second", "broken", "third", "fourth")
        mails = [build_mail(subject=subject) for subject in subjects]
        with (
            patch.object(self.env.registry["mail.import.entry"], "_deliver", failing),
            mute_logger("odoo.addons.mail_task_import.models.importer"),
        ):
            outcomes = self.receive(self.support, *mails)
        self.assertEqual(
            [mail.state for mail in outcomes], [STORED, STORED, QUARANTINED, STORED, STORED]
        )
        self.env.cr.flush()
        channel = ["res.partner", self.agent.partner_id.id]
        self.assertIn(channel, [list(key[1:]) for key in postcommit.data["bus.bus.channels"]])
        with self.notified_channels() as channels:
            postcommit.run()
        self.assertEqual(channels.count(channel), 1)
        sent = str(self.env["bus.bus"].search([]).mapped("message"))
        for mail in outcomes:
            self.assertEqual(mail.parsed.subject in sent, mail.state == STORED)

    @contextmanager
    def notified_channels(self):
        """What the host's websockets are told meanwhile, of this database."""
        channels = []
        with db_connect("postgres").cursor() as cr:
            cr.execute("LISTEN imbus")
            cr.commit()  # pylint: disable=invalid-commit  # it listens from then on
            yield channels
            cr.execute("SELECT 1")
            for notify in cr._cnx.notifies:
                for database, *channel in json.loads(notify.payload):
                    if database == self.env.cr.dbname:
                        channels.append(channel)

    def test_a_follower_without_access_is_not_told(self):
        self.lead.message_subscribe(self.colleague.partner_id.ids)
        (mail,) = self.receive(self.support, build_mail())
        self.assertNotIn(self.colleague.partner_id, self.told(mail))

    def test_a_public_answer_tells_the_followers(self):
        message = self.lead.message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        (mail,) = self.receive(self.support, build_mail(in_reply_to=message.message_id))
        self.assertIn(self.agent.partner_id, self.told(mail))
        self.assertNotIn(self.customer, self.told(mail))

    def test_old_automatic_and_list_mail_tells_nobody(self):
        for number, options in enumerate(
            (
                {"minutes_ago": 60 * 24 * 3},
                {"Auto_Submitted": "auto-replied"},
                {"List_Id": "<news.customer.example>"},
            )
        ):
            (mail,) = self.receive(self.support, build_mail(subject=f"Quiet {number}", **options))
            self.assertTrue(mail.email.link_ids)
            self.assertFalse(self.told(mail), options)

    def test_no_template_of_a_stage_answers_old_mail(self):
        template = self.env["mail.template"].create(
            {
                "name": "Received",
                "model_id": self.env["ir.model"]._get_id("project.task"),
                "subject": "Thank you for contacting us",
                "body_html": "<p>Thank you</p>",
            }
        )
        stage = self.env["project.task.type"].create(
            {
                "name": "New",
                "mail_template_id": template.id,
                "project_ids": self.project.ids,
            }
        )
        self.project.type_ids = stage
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )
        for days, answers in ((0, 1), (3, 0)):
            (mail,) = self.receive(
                self.support, build_mail(subject=f"{days} days old", minutes_ago=5 + 1440 * days)
            )
            self.env.flush_all()
            self.env.cr.flush()
            answered = self.record(mail.email).message_ids.filtered(
                lambda message: message.subject == "Thank you for contacting us"
            )
            self.assertEqual(len(answered), answers, days)

    def test_the_hosts_out_of_office_does_not_answer_old_mail(self):
        self.agent.write(
            {
                "out_of_office_message": "<p>Away</p>",
                "out_of_office_from": "2000-01-01",
                "out_of_office_to": "2100-01-01",
            }
        )
        self.lead.user_id = self.agent
        message = self.lead.with_user(self.agent).message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.receive(
            self.support, build_mail(in_reply_to=message.message_id, minutes_ago=60 * 24 * 5)
        )
        self.assertFalse(
            self.lead.message_ids.filtered(lambda m: m.message_type == "out_of_office")
        )


@tagged("post_install", "-at_install")
class TestBounces(ServerCase):
    def answer(self):
        lead = self.env["crm.lead"].create(
            {"name": "Chairs", "type": "opportunity", "partner_id": self.customer.id}
        )
        self.receive(self.support, build_mail())
        message = lead.with_user(self.agent).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.sink.wait_for(1)
        return message

    def test_a_bounce_of_our_answer_counts(self):
        message = self.answer()
        (mail,) = self.receive(self.support, build_bounce(message.message_id))
        self.assertEqual(mail.email.automatic, "bounce")
        self.assertEqual(self.customer.message_bounce, 1)
        self.assertIn("bounce", message.notification_ids.mapped("notification_status"))

    def test_a_bounce_of_a_mail_that_we_never_sent_there_does_not(self):
        message = self.answer()
        self.receive(self.support, build_bounce("<never@sent.example>"))
        self.receive(self.support, build_bounce(message.message_id, "boss@company.example"))
        self.assertEqual(self.customer.message_bounce, 0)
        self.assertEqual(self.boss.partner_id.message_bounce, 0)

    def test_a_failed_answer_is_shown_kept_and_sent_again(self):
        self.sink.refuse("ann@*", "550 5.1.1 No such user")
        lead = self.env["crm.lead"].create(
            {"name": "Chairs", "type": "opportunity", "partner_id": self.customer.id}
        )
        self.receive(self.support, build_mail())
        lead.with_user(self.agent).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        email = self.env["mail.import.email"].search([("direction", "=", "outgoing")])
        self.assertEqual(email.state, "failed")
        self.assertTrue(email.failure_reason)
        self.sink.clear()
        email.with_user(self.agent).action_retry_send()
        self.sink.wait_for(1)
        self.assertEqual(email.state, "sent")
