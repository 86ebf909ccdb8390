"""Addresses that our own mail server refuses: counted as if the e-mail had come back."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_bounces import ANN, BOB, BounceCase
from .test_sending_broken import LOGGERS

GONE = "550 5.1.1 <{}>: Recipient address rejected: User unknown"
FULL = "452 4.2.2 Mailbox full"
OWN_TROUBLE = (
    "554 5.7.1 Relay access denied",
    "550 relaying denied",
    "553 5.7.1 Sender address rejected: not owned by user",
    "421 4.7.0 Too many messages, slow down",
    "450 4.7.1 rate limit exceeded",
    "452 4.3.1 Insufficient system storage",
    "554 5.7.1 Message rejected as spam",
)


@tagged("post_install", "-at_install")
class TestRefused(BounceCase):
    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(*LOGGERS))

    def drafted(self, to=ANN):
        """A draft that was sent by the mailbox's own server."""
        entries = self.env["mail.import.entry"].with_user(self.agent)
        draft = entries.env["mail.import.email"].browse(entries.action_compose()["res_id"])
        draft.write({"mailbox_id": self.support.id, "to": to, "subject": "Chairs", "body": "Hi"})
        draft.action_send()
        self.env.invalidate_all()
        return draft.sudo()

    def posted(self):
        """An answer from a chatter, by the host's own server."""
        lead = self.env["crm.lead"].create({"name": "Chairs", "partner_id": self.customer.id})
        message = lead.with_user(self.agent).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.env["mail.mail"].process_email_queue()
        self.env.invalidate_all()
        return message

    def refuse(self, reply=GONE, address=ANN):
        self.sink.clear()
        self.sink.refuse(address, reply.format(address))

    def test_a_draft_flags_an_address_at_once(self):
        self.refuse()
        email = self.drafted()
        self.assertEqual(email.state, "failed")
        self.assertTrue(self.state().is_left_out)
        self.assertEqual((self.state().reason, self.customer.message_bounce), ("no_mailbox", 1))
        self.assertIn("User unknown", self.words())

    def test_only_the_recipient_who_was_refused_is_flagged(self):
        self.refuse(address=BOB)
        self.assertEqual(self.drafted(f"{ANN}, {BOB}").state, "sent")
        self.assertFalse(self.state())
        self.assertTrue(self.state(BOB).is_left_out)

    def test_an_answer_by_the_hosts_own_server_flags_too(self):
        self.refuse()
        message = self.posted()
        self.assertEqual(message.notification_ids.notification_status, "exception")
        self.assertTrue(self.state().is_left_out)
        self.assertEqual(self.customer.message_bounce, 1)

    def test_a_full_mailbox_is_counted_and_flagged_the_third_time(self):
        self.refuse(FULL)
        for count in (1, 2, 3):
            self.drafted()
            self.assertEqual(self.state().bounces, count)
            self.assertEqual(self.state().is_left_out, count == 3)

    def test_a_mail_that_is_sent_again_counts_once(self):
        self.refuse(FULL)
        email = self.drafted()
        email.with_user(self.agent).action_retry_send()
        self.env.invalidate_all()
        self.assertEqual((self.state().bounces, self.customer.message_bounce), (1, 1))

    def test_a_report_of_a_mail_that_was_refused_counts_no_more(self):
        self.refuse(FULL)
        email = self.drafted(f"{ANN}, {BOB}")
        self.report(f"Message-ID: {email.message_id}")
        self.assertEqual(self.state().bounces, 1)

    def test_the_servers_own_trouble_says_nothing_of_the_address(self):
        for reply in OWN_TROUBLE:
            for send in (self.drafted, self.posted):
                with self.subTest(reply, send=send.__name__):
                    self.refuse(reply)
                    send()
                    self.assertFalse(self.state())
                    self.assertFalse(self.customer.message_bounce)

    def test_a_refusal_of_the_content_says_nothing_of_the_address(self):
        self.sink.clear()
        self.sink.refuse_content("550 5.1.1 No such user")
        self.drafted()
        self.posted()
        self.assertFalse(self.state())

    def test_a_lost_connection_says_nothing_of_the_address(self):
        self.sink.clear()
        self.server.smtp_port = 1
        self.support.smtp_port = 1
        self.drafted()
        self.posted()
        self.assertFalse(self.state())
