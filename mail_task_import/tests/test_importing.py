"""One mail, stored once: doubles, twins, deleted ones, broken ones, and what they leave."""

import base64
from unittest.mock import patch

from odoo.tests import tagged

from ..batch import DUPLICATE, QUARANTINED, STORED
from ..receivers.raw_mail import RawMail
from .common import MailImportCase, build_mail
from .test_mime_corpus import CORPUS


@tagged("post_install", "-at_install")
class TestImporting(MailImportCase):
    def test_the_same_mail_in_three_mailboxes_is_one_email_with_an_entry_an_owner(self):
        sales = self._mailbox("group", "sales@company.example", member_ids=self.agent.ids)
        bosses = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        raw = build_mail(to="support@company.example, sales@company.example")
        outcomes = [self.receive(mailbox, raw)[0] for mailbox in (self.support, sales, bosses)]
        self.assertEqual([mail.state for mail in outcomes], [STORED, DUPLICATE, DUPLICATE])
        self.assertEqual(len({mail.email.id for mail in outcomes}), 1)
        entries = outcomes[0].email.entry_ids
        self.assertEqual(entries.mailbox_id, self.support | sales | bosses)
        self.assertEqual(entries.filtered("user_id").user_id, self.boss)

    def test_two_copies_in_one_batch_make_one_email_and_one_entry(self):
        raw = build_mail()
        first, second = self.receive(self.support, raw, raw)
        self.assertEqual((first.state, second.state), (STORED, DUPLICATE))
        self.assertEqual(first.email, second.email)
        self.assertEqual(len(first.email.entry_ids), 1)

    def test_other_content_under_the_same_id_is_a_twin_that_makes_no_second_record(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        (true,) = self.receive(self.support, build_mail(message_id="<one@x.example>"))
        sales = self._mailbox(
            "group",
            "sales@company.example",
            member_ids=self.agent.ids,
            default_target_id=self.support.default_target_id.id,
        )
        (forged,) = self.receive(
            sales, build_mail(message_id="<one@x.example>", text="Pay to another account, please.")
        )
        self.assertEqual(forged.state, STORED)
        self.assertEqual(forged.email.twin_of_id, true.email)
        self.assertEqual(self.record(forged.email), self.record(true.email))
        self.assertFalse(self.links(forged.email).message_id)
        self.assertEqual(forged.email.visibility, "owner")

    def test_a_deleted_mail_is_not_revived(self):
        raw = build_mail()
        (mail,) = self.receive(self.support, raw)
        mail.email.unlink()
        (again,) = self.receive(self.support, raw)
        self.assertEqual(again.state, DUPLICATE)
        self.assertFalse(again.email)

    def test_a_mail_that_fails_alone_is_put_aside_and_the_others_go_on(self):
        Link = self.env.registry["mail.import.link"]
        store = Link._store

        def failing(model, batch):
            if any("broken" in mail.parsed.subject for mail in batch.mails):
                raise ValueError("cannot be linked")
            return store(model, batch)

        with (
            patch.object(Link, "_store", failing),
            self.assertLogs("odoo.addons.mail_task_import.models.importer", "WARNING"),
        ):
            outcomes = self.receive(
                self.support,
                *(build_mail(subject=subject) for subject in ("a", "b", "broken", "c", "d")),
            )
        self.assertEqual(
            [mail.state for mail in outcomes], [STORED, STORED, QUARANTINED, STORED, STORED]
        )
        quarantine = outcomes[2].quarantine
        self.assertNotIn("cannot be linked", quarantine.reason)
        self.assertIn("technical details", quarantine.reason)
        self.assertIn("ValueError: cannot be linked", quarantine.trace)
        self.assertIn(b"broken", base64.b64decode(quarantine.raw))
        self.assertEqual(
            self.env["mail.import.entry"].search_count([("mailbox_id", "=", self.support.id)]), 4
        )

    def test_a_quarantined_mail_without_a_received_date_comes_out_whole(self):
        raw = build_mail(text="Whole and readable")
        self.importer._quarantine_unparsed(
            self.support, [RawMail(content=raw)], self.env["mail.import.remote.folder"], 0
        )
        quarantine = self.env["mail.import.quarantine"].search(
            [("mailbox_id", "=", self.support.id)], limit=1
        )
        quarantine.with_user(self.agent).action_retry()
        self.assertEqual(quarantine.state, "waiting")  # for the scheduler: it killed a worker
        quarantine._begin_attempt()
        quarantine._retry()
        email = (
            self.env["mail.import.entry"].search([("mailbox_id", "=", self.support.id)]).email_id
        )
        self.assertIn("Whole and readable", email.body)
        self.assertEqual(email.subject, "Question about an order")

    def test_a_file_that_a_killed_worker_left_half_written_blocks_nothing(self):
        raw = build_mail(subject="Half written")
        Attachment = self.env["ir.attachment"]
        _name, path = Attachment._get_path(raw, Attachment._compute_checksum(raw))
        with open(path, "wb") as file:
            file.write(raw[:100])
        (mail,) = self.receive(self.support, raw)
        self.assertEqual(mail.state, STORED)
        self.assertEqual(base64.b64decode(mail.entry.original), raw)

    def test_the_whole_corpus_is_imported_and_none_raises(self):
        mails = [
            path.read_bytes()
            for path in sorted(CORPUS.rglob("*"))
            if path.is_file() and "LICENSE" not in path.name.upper() and path.suffix != ".md"
        ]
        self.assertGreaterEqual(len(mails), 150)
        outcomes = self.receive(self.support, *mails)
        self.assertEqual(len(outcomes), len(mails))
        self.assertEqual({mail.state for mail in outcomes} - {STORED, DUPLICATE}, set())

    def test_attachments_and_inline_pictures_belong_to_the_email(self):
        (mail,) = self.receive(
            self.support,
            build_mail(attachments=[("offer.pdf", b"%PDF-1.4 offer", "application/pdf")]),
        )
        (attachment,) = mail.email.attachment_ids
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("mail.import.email", mail.email.id)
        )
        self.assertEqual(attachment.raw, b"%PDF-1.4 offer")

    def test_flags_of_the_server_set_read_and_starred(self):
        (mail,) = self.receive(
            self.support, RawMail(content=build_mail(), flags=("\\Seen", "\\Flagged"))
        )
        self.assertTrue(mail.entry.is_read)
        self.assertTrue(mail.entry.starred)

    def test_no_mail_of_strangers_makes_contacts_of_them(self):
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )
        (mail,) = self.receive(self.support, build_mail(sender="new@stranger.example"))
        task = self.record(mail.email)
        self.assertFalse(task.partner_id)
        self.assertIn("new@stranger.example", task.email_from)
        self.assertFalse(
            self.env["res.partner"].search([("email_normalized", "=", "new@stranger.example")])
        )
