"""Mail whose check failed, and mail without a sender: kept inside, and nobody is believed."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.mail.tools.discuss import Store

from environment.smtp_sink import SmtpSink

from ..receivers.raw_mail import RawMail
from .common import build_mail
from .test_access_senders import SenderCase

FAILED = "mx.company.example; dmarc=fail header.from=customer.example"
PASSED = "mx.company.example; dmarc=pass header.from=customer.example"
ANN = "Ann Customer <ann@customer.example>"
NOBODY = b"To: support@company.example\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"


class FailedCase(SenderCase):
    def setUp(self):
        super().setUp()
        self.question = "<public@customer.example>"
        self.sent("Question", message_id=self.question, verdicts=[PASSED])

    def forged(self, subject="Forged", **values):
        return self.sent(subject, **{"sender": ANN, "verdicts": [FAILED], **values})

    def message(self, email):
        return self.links(email).message_id

    def assertInside(self, message):
        """An internal note, which no outsider is told of."""
        self.assertTrue(message.subtype_id.internal)
        self.assertFalse(self.notified(message).filtered("partner_share"))


@tagged("post_install", "-at_install")
class TestFailedChecks(FailedCase):
    def test_an_answer_is_an_internal_note_that_bears_the_mark(self):
        for name, verdicts in {
            "dmarc": [FAILED],
            "spf": ["mx.company.example; spf=fail smtp.mailfrom=customer.example"],
        }.items():
            email = self.forged(name, verdicts=verdicts, in_reply_to=self.question)
            self.assertEqual(email.unverified, "failed")
            self.assertInside(self.message(email))
            self.assertEqual(self.message(email).mail_import_unverified, "failed")

    def test_honest_answers_stay_public(self):
        for name, verdicts in {
            "passed": [PASSED],
            "unchecked": [],
            "none": ["mx.company.example; dmarc=none header.from=customer.example"],
            "a failure that nobody trusted says": [
                "mx.evil.example; dmarc=fail header.from=customer.example"
            ],
        }.items():
            with self.subTest(name):
                email = self.forged(name, verdicts=verdicts, in_reply_to=self.question)
                self.assertFalse(email.unverified)
                self.assertEqual(email.author_id, self.customer)
                self.assertFalse(self.message(email).subtype_id.internal)

    def test_the_record_is_made_all_the_same_without_author_and_customer(self):
        email = self.forged("Fresh", in_reply_to=None)
        task = self.record(email)
        self.assertEqual(task._name, "project.task")
        self.assertFalse(task.partner_id)
        self.assertFalse(task.description)
        message = self.message(email)
        self.assertFalse(message.author_id | email.author_id)
        self.assertEqual(message.email_from, email.sender)
        self.assertIn("ann@customer.example", message.email_from)
        self.assertInside(message)

    def test_a_contact_is_neither_believed_nor_made_again(self):
        lead = self.env.ref("mail_task_import.target_lead")
        lead.creates_contact = True
        self.support.default_target_id = lead
        for number, sender in enumerate((ANN, "new@customer.example")):
            before = self.env["res.partner"].search_count([])
            email = self.forged(f"Lead {number}", sender=sender, message_id=f"<l{number}@x>")
            self.assertEqual(self.record(email)._name, "crm.lead")
            self.assertFalse(self.record(email).partner_id)
            self.assertIn(sender.split("<")[-1].strip(">"), self.record(email).email_from)
            self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_where_only_known_senders_make_records_it_is_nobody_known(self):
        self.support.accept = "known"
        self.assertFalse(self.forged("Stranger").link_ids.filtered("made_record"))
        honest = self.sent("Known", sender=ANN, verdicts=[PASSED])
        self.assertTrue(honest.link_ids.filtered("made_record"))

    def test_the_history_and_the_chatter_say_why(self):
        message = self.message(self.forged(in_reply_to=self.question))
        link = message.sudo().mail_import_link_ids
        self.assertEqual(link.with_user(self.reader).unverified, "failed")
        store = Store().add(message.with_user(self.reader).with_env(self.env(user=self.reader)))
        (shown,) = store.get_result()["mail.message"]
        self.assertEqual(shown["mail_import_unverified"], "failed")

    def test_the_mails_that_followers_get_say_why(self):
        task = self.record(self.forged("First", in_reply_to=self.question))
        task.message_subscribe(
            self.reader.partner_id.ids,
            [self.env.ref("mail.mt_comment").id, self.env.ref("mail.mt_note").id],
        )
        message = self.message(self.forged("Second", in_reply_to=self.question))
        (values,) = message.mail_ids._prepare_outgoing_list()[:1]
        self.assertIn("[Unverified sender]", values["subject"])
        for part in ("body", "body_alternative"):
            self.assertIn("the check failed", values[part])
            self.assertNotIn("nobody vouches", values[part])

    def test_the_mailbox_that_publishes_has_the_last_word(self):
        """A closed mailbox had it first, whose server says nothing."""
        raw = build_mail(subject="Both", sender=ANN, in_reply_to=self.question)
        (first,) = self.receive(self.private, raw)
        self.assertEqual(first.email.author_id, self.customer)
        (second,) = self.receive(
            self.support, f"Authentication-Results: {FAILED}\r\n".encode() + raw
        )
        self.assertEqual(second.email, first.email)
        self.assertEqual(first.email.unverified, "failed")
        self.assertFalse(first.email.author_id)
        self.assertInside(self.message(first.email))

    def test_only_a_pass_clears_it(self):
        raw = build_mail(subject="Thrice", sender=ANN, in_reply_to=self.question)
        (first,) = self.receive(
            self.support, f"Authentication-Results: {FAILED}\r\n".encode() + raw
        )
        self.receive(self.private, raw)
        self.assertEqual(first.email.unverified, "failed")
        self.assertFalse(first.email.author_id)
        other = self._mailbox("group", "sales@company.example", member_ids=self.agent.ids)
        self.receive(other, f"Authentication-Results: {PASSED}\r\n".encode() + raw)
        self.assertFalse(first.email.unverified)
        self.assertEqual(first.email.author_id, self.customer)


@tagged("post_install", "-at_install")
class TestWithoutSender(FailedCase):
    def answer(self, head=b""):
        raw = head + NOBODY + f"In-Reply-To: {self.question}\r\n".encode()
        number = len(self.env["mail.import.email"].search([]))
        raw += f"Subject: Nobody\r\nMessage-ID: <n{number}@evil.example>\r\n\r\nnobody".encode()
        (mail,) = self.receive(self.support, raw)
        return mail.email

    def test_its_answer_is_an_internal_note(self):
        for head in (b"", b"From: <>\r\n", b"From: \r\n"):
            with self.subTest(head):
                email = self.answer(head)
                self.assertFalse(email.from_email)
                self.assertInside(self.message(email))

    def test_its_name_is_not_shown_as_the_mailboxs(self):
        self.assertEqual(
            self.message(self.answer(b"From: John Doe\r\n")).email_from,
            '"John Doe (no address)" <support@company.example>',
        )

    def test_following_employees_are_told_by_the_mailboxs_address(self):
        sink = self.enterContext(SmtpSink())
        self.enterContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        self.env["ir.mail_server"].create(
            {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
        )
        self.env["ir.config_parameter"].search([("key", "=", "mail.default.from")]).unlink()
        self.env["mail.alias.domain"].search([]).write({"default_from": False})
        task = self.record(self.answer())
        task.message_subscribe(
            self.reader.partner_id.ids,
            [self.env.ref("mail.mt_comment").id, self.env.ref("mail.mt_note").id],
        )
        now = self.env.cr.now()
        raw = RawMail(
            uid=9, content=NOBODY.replace(b"Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n", b"")
            + f"In-Reply-To: {self.question}\r\nSubject: Again\r\n".encode()
            + b"Message-ID: <again@evil.example>\r\n\r\nnobody", received_at=now,
        )  # fmt: skip
        (mail,) = self.importer.import_mails(self.support, [raw])
        message = self.message(mail.email)
        self.assertTrue(message.mail_ids)
        message.mail_ids.send()
        self.assertNotIn("exception", message.notification_ids.mapped("notification_status"))
        senders = {
            sent.message["From"]
            for sent in sink.messages()
            if sent.recipients == ("reader@company.example",)
        }
        self.assertEqual(senders, {"Unknown sender <support@company.example>"})


@tagged("post_install", "-at_install")
class TestAnswersThatGoElsewhere(FailedCase):
    def setUp(self):
        super().setUp()
        self.support.write({"smtp_host": "127.0.0.1", "smtp_port": 25})

    def warning(self, subject, written_as="reply", **values):
        email = self.sent(subject, **{"sender": "Boss <boss@company.example>", **values})
        entry = email.entry_ids.filtered(lambda one: one.mailbox_id == self.support)
        draft = (
            self.env["mail.import.email"]
            .with_user(self.agent)
            ._answer(entry.with_user(self.agent), written_as)
        )
        return draft.goes_elsewhere

    def test_a_marked_mail_with_another_address_to_answer_to(self):
        warning = self.warning("Forged", Reply_To="a@evil.example")
        self.assertIn("a@evil.example", warning)
        self.assertIn("boss@company.example", warning)
        self.assertIn(
            "a@evil.example",
            self.warning("Failed", sender=ANN, verdicts=[FAILED], Reply_To="a@evil.example"),
        )

    def test_none_otherwise(self):
        for subject, values in {
            "No Reply-To": {},
            "The same": {"Reply_To": "Big Boss <boss@company.example>"},
            "Believed": {"verdicts": [self.passed()], "Reply_To": "desk@elsewhere.example"},
            "A customer": {"sender": ANN, "Reply_To": "desk@customer.example"},
            "Forwarded": {"Reply_To": "a@evil.example", "written_as": "forward"},
        }.items():
            with self.subTest(subject):
                self.assertFalse(self.warning(subject, **values))


@tagged("post_install", "-at_install")
class TestFailuresInTheBrowser(HttpCase, FailedCase):
    def test_in_the_form_the_draft_and_the_chatter(self):
        self.support.write({"smtp_host": "127.0.0.1", "smtp_port": 25})
        self.agent.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        self.forged("Pay elsewhere", text="Pay elsewhere", Reply_To="a@evil.example")
        self.start_tour("/odoo/mail-inbox", "mail_task_import.failed_check", login="agent")
