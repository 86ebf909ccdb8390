"""What becomes of a mail in quarantine: tried again, released, downloaded, deleted."""

import base64
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import api, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..mime import outside
from ..models.plain_release import plain_mail
from ..receivers.raw_mail import RawMail
from .common import NOW, MailImportCase, ServerCase, build_mail
from .hostile.builders import tnef

IMPORTER = "odoo.addons.mail_task_import.models.importer"


@contextmanager
def broken(env, word="broken"):
    """Mails with this word in the subject cannot be linked: a bug of some add-on."""
    Link = env.registry["mail.import.link"]
    store = Link._store

    def failing(model, batch):
        if any(word in mail.parsed.subject for mail in batch.mails):
            raise ValueError("cannot be linked")
        return store(model, batch)

    with patch.object(Link, "_store", failing), mute_logger(IMPORTER):
        yield


@tagged("post_install", "-at_install")
class TestQuarantine(ServerCase):
    def setUp(self):
        super().setUp()
        self.raw = build_mail(subject="broken", html="<script>alert(1)</script><p>Hi</p>")

    def put_aside(self, mailbox=None):
        """A mail of the server that could not be imported."""
        mailbox = mailbox or self.support
        self.deliver(mailbox, self.raw)
        with broken(self.env):
            self.fetch(mailbox)
        self.env.invalidate_all()
        return self.env["mail.import.quarantine"].search([("mailbox_id", "=", mailbox.id)])

    def retry_due(self):
        """One run of the quarantine's own cron."""
        with (
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
            suppress(SystemExit),
        ):
            api.Environment(cr, api.SUPERUSER_ID, {})["mail.import.quarantine"]._retry_due()
        self.env.invalidate_all()

    def assert_one_location(self, outcome, mailbox=None):
        (location,) = self.locations(mailbox or self.support)
        self.assertEqual(location.outcome, outcome)
        return location

    # -- by itself ------------------------------------------------------------------------------

    def test_a_mail_is_tried_three_times_and_then_stays(self):
        quarantine = self.put_aside()
        self.assertEqual((quarantine.state, quarantine.attempts), ("waiting", 1))
        waits = []
        with broken(self.env):
            while quarantine.state == "waiting":
                waits.append(quarantine.next_attempt - fields.Datetime.now())
                quarantine.next_attempt = fields.Datetime.now()
                self.retry_due()
        self.assertEqual((quarantine.state, quarantine.attempts), ("kept", 3))
        self.assertLess(waits[0], waits[1])
        self.assertFalse(quarantine.next_attempt)
        self.assertEqual(quarantine.log.count("Another attempt failed"), 2)
        self.assertEqual(base64.b64decode(quarantine.raw), self.raw)
        self.assertEqual(self.env["mail.import.quarantine"].search_count(
            [("mailbox_id", "=", self.support.id)]), 1)  # fmt: skip
        self.assert_one_location("quarantined")

    def test_what_is_not_due_waits(self):
        quarantine = self.put_aside()
        self.retry_due()
        self.assertEqual(quarantine.attempts, 1)

    def test_another_attempt_imports_it_under_its_one_location(self):
        self.support.after_import = "seen"
        quarantine = self.put_aside()
        quarantine.next_attempt = fields.Datetime.now()
        self.retry_due()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(quarantine.email_id.subject, "broken")
        location = self.assert_one_location("stored")
        self.assertEqual(location.entry_id.email_id, quarantine.email_id)
        self.assertEqual(location.change_ids.mapped("kind"), ["seen"])
        self.assertFalse(self.support.quarantined_count)
        self.fetch(self.support)
        self.assert_one_location("stored")

    def test_an_attempt_that_never_returned_counts(self):
        """The worker is killed between the commit of the attempt and the end of the import."""
        quarantine = self.put_aside()
        for _kill in range(2):
            quarantine.next_attempt = fields.Datetime.now()
            with patch.object(type(quarantine), "_retry", side_effect=SystemExit):
                self.retry_due()
        self.assertEqual((quarantine.state, quarantine.attempts), ("kept", 3))

    def test_what_killed_a_worker_is_tried_in_the_background_once_a_press(self):
        self.importer._quarantine_unparsed(
            self.support, [RawMail(content=self.raw)], self.env["mail.import.remote.folder"], 0
        )
        quarantine = self.env["mail.import.quarantine"].search([], limit=1)
        self.assertEqual((quarantine.state, quarantine.killed_worker), ("waiting", True))
        action = quarantine.with_user(self.agent).action_retry()
        self.assertIn("background", action["params"]["message"])
        self.assertFalse(self.entries(self.support))
        with patch.object(type(quarantine), "_retry", side_effect=SystemExit):
            self.retry_due()
        self.assertEqual((quarantine.state, quarantine.attempts), ("kept", 2))
        self.retry_due()
        self.assertFalse(self.entries(self.support))
        quarantine.with_user(self.agent).action_retry()
        self.retry_due()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(self.entries(self.support).mapped("subject"), ["broken"])

    # -- by hand --------------------------------------------------------------------------------

    def test_a_reader_retries(self):
        quarantine = self.put_aside().with_user(self.agent)
        with broken(self.env):
            quarantine.action_retry()
        self.assertEqual(quarantine.attempts, 2)
        quarantine.action_retry()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(self.entries(self.support).mapped("subject"), ["broken"])
        self.assertIn("Agent: Attempt no. 2", quarantine.log)

    def test_a_retry_makes_the_record_that_the_mail_would_have_made(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        quarantine = self.put_aside()
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "broken")]))
        quarantine.with_user(self.agent).action_retry()
        self.assertEqual(self.record(quarantine.email_id).name, "broken")

    def test_a_retry_of_old_mail_makes_no_record(self):
        self.support.write({
            "default_target_id": self.env.ref("mail_task_import.target_lead").id,
            "fetch_since": (NOW - timedelta(days=60)).date(),
        })  # fmt: skip
        self.deliver(self.support, self.raw, date=NOW - timedelta(days=20))
        with broken(self.env):
            self.fetch(self.support)
        self.env.invalidate_all()
        quarantine = self.env["mail.import.quarantine"].search(
            [("mailbox_id", "=", self.support.id)]
        )
        quarantine.action_retry()
        self.assertEqual(quarantine.state, "released")
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "broken")]))

    def test_release_stores_text_with_the_mail_as_a_file(self):
        quarantine = self.put_aside().with_user(self.agent)
        with broken(self.env, word="never"):
            quarantine.action_release()
        email = quarantine.email_id
        self.assertEqual(email.subject, "broken")
        self.assertEqual(email.from_email, "ann@customer.example")
        self.assertIn("could not be imported", email.body_text)
        self.assertIn("where is my order?", email.body_text)
        self.assertNotIn("script", email.body)
        self.assertNotIn("Hi", email.body_text)
        self.assertEqual(email.attachment_ids.raw, self.raw)
        (entry,) = self.entries(self.support)
        self.assertEqual(base64.b64decode(entry.original), self.raw)
        self.assert_one_location("stored")
        self.assertIn("Agent: Released", quarantine.log)

    def test_release_shows_the_text_of_html_without_its_markup_and_the_files(self):
        files = [("offer.pdf", b"%PDF-1.4 offer", "application/pdf"), ("a.png", b"x", "image/png")]
        self.raw = build_mail(
            subject="broken",
            text=" ",
            html="<style>p{}</style><p>Dear <b>all</b></p><a href='https://x.example'>Click</a>",
            attachments=files,
        )
        quarantine = self.put_aside()
        quarantine.with_user(self.agent).action_release()
        email = quarantine.email_id
        self.assertRegex(email.body_text, r"Dear\s+all")
        self.assertNotIn("p{}", email.body_text)
        self.assertNotIn("x.example", email.body)
        self.assertEqual(
            {file.name: file.raw for file in email.attachment_ids},
            {"original.eml": self.raw, "offer.pdf": b"%PDF-1.4 offer", "a.png": b"x"},
        )

    def test_release_leaves_winmail_dat_packed_and_keeps_the_rest(self):
        """Its reader may be what the mail has stopped."""
        file = ((2, 0x00069002, b"\0" * 14), (2, 0x00018010, b"a.txt\0"), (2, 0x0006800F, b"x"))
        packed = tnef(*file)
        files = [
            ("winmail.dat", packed, "application/ms-tnef"),
            ("offer.pdf", b"%PDF-1.4 offer", "application/pdf"),
        ]
        self.raw = build_mail(subject="broken", attachments=files)
        quarantine = self.put_aside()
        quarantine.with_user(self.agent).action_release()
        email = quarantine.email_id
        self.assertIn("where is my order?", email.body_text)
        self.assertEqual(
            {file.name: file.raw for file in email.attachment_ids},
            {
                "original.eml": self.raw,
                "winmail (packed).dat": packed,
                "offer.pdf": b"%PDF-1.4 offer",
            },
        )

    def test_release_leaves_files_that_cannot_be_stored_in_the_original(self):
        self.raw = build_mail(subject="broken", attachments=[("a.bin", b"x", "audio/wav")])
        quarantine = self.put_aside()
        store = type(self.env["mail.import.email"])._store_attachments

        def failing(model, mails):
            if any(part.name == "a.bin" for mail in mails for part in mail.parsed.attachments):
                raise ValueError("cannot be stored")
            return store(model, mails)

        with (
            patch.object(type(self.env["mail.import.email"]), "_store_attachments", failing),
            mute_logger(IMPORTER),
        ):
            quarantine.with_user(self.agent).action_release()
        self.assertEqual(quarantine.state, "released")
        self.assertIn("where is my order?", quarantine.email_id.body_text)
        self.assertEqual(quarantine.email_id.attachment_ids.raw, self.raw)

    def test_release_of_a_mail_that_no_process_can_read(self):
        quarantine = self.put_aside()
        with (
            patch.object(outside, "WALL_SECONDS", 0.01),
            self.assertLogs("odoo.addons.mail_task_import.models.plain_release", "WARNING"),
        ):
            quarantine.with_user(self.agent).action_release()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(quarantine.email_id.from_email, "ann@customer.example")
        self.assertEqual(quarantine.email_id.attachment_ids.raw, self.raw)

    def test_release_of_a_mail_whose_headers_are_the_trouble(self):
        quarantine = self.put_aside()
        with broken(self.env):
            quarantine.with_user(self.agent).action_release()
        self.assertEqual(quarantine.state, "released")
        self.assertFalse(quarantine.email_id.from_email)
        for words in ("Ann Customer", "broken", "where is my order?"):
            self.assertIn(words, quarantine.email_id.body_text)
        self.assertEqual(quarantine.email_id.attachment_ids.raw, self.raw)

    def test_delete_leaves_that_there_was_a_mail_and_who_deleted_it(self):
        quarantine = self.put_aside().with_user(self.agent)
        quarantine.action_delete()
        self.assertEqual(quarantine.state, "deleted")
        self.assertFalse(quarantine.raw or quarantine.subject or quarantine.sender)
        self.assertIn("Agent: Deleted", quarantine.log)
        self.assertNotIn("broken", str(self.support.message_ids.mapped("body")))
        self.assertIn("deleted", self.support.message_ids[:1].body)
        self.fetch(self.support)
        self.assert_one_location("quarantined")
        with self.assertRaises(UserError):
            quarantine.action_retry()

    # -- what the server did not give -----------------------------------------------------------

    def unread(self):
        self.deliver(self.support, self.raw)
        self.fetch(self.support)
        location = self.locations(self.support)
        self.entries(self.support).email_id.unlink()
        self.env["mail.import.tombstone"].search([]).unlink()
        location.unlink()
        self.support.remote_folder_ids._quarantine_unread(1, "BAD internal error")
        return self.env["mail.import.quarantine"].search([("mailbox_id", "=", self.support.id)])

    def test_a_mail_without_bytes_is_asked_of_the_server_again(self):
        quarantine = self.unread()
        self.assertFalse(quarantine.has_raw)
        action = quarantine.with_user(self.agent).action_retry()
        self.assertIn("in the background", action["params"]["message"])
        self.retry_due()
        self.assertEqual(quarantine.state, "released", quarantine.log)
        self.assert_one_location("stored")

    def test_a_mail_that_is_gone_from_the_server_says_so(self):
        quarantine = self.unread()
        self.dovecot.purge(self.support.address)
        quarantine.with_user(self.agent).action_retry()
        self.retry_due()
        self.assertEqual((quarantine.state, quarantine.attempts), ("waiting", 2))
        self.assertTrue(quarantine.reason)
        with self.assertRaises(UserError):
            quarantine.action_download()

    # -- who ------------------------------------------------------------------------------------

    def test_nobody_but_the_readers_touches_it(self):
        mailbox = self._at_server(
            self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        )
        quarantine = self.put_aside(mailbox)
        self.assertEqual(quarantine.with_user(self.boss).subject, "broken")
        for user in (self.agent, self.administrator):
            stranger = quarantine.with_user(user)
            for action in ("retry", "release", "delete", "download"):
                with self.assertRaises(AccessError):
                    getattr(stranger, f"action_{action}")()
            with self.assertRaises(AccessError):
                stranger.read(["subject"])
        self.assertEqual(mailbox.with_user(self.administrator).quarantined_count, 1)

    def test_readers_do_not_write_it(self):
        quarantine = self.put_aside().with_user(self.agent)
        for values in ({"state": "released"}, {"raw": False}, {"log": ""}):
            with self.assertRaises(AccessError):
                quarantine.write(values)


@tagged("post_install", "-at_install")
class TestQuarantineDownload(MailImportCase, HttpCase):
    def test_the_mail_is_downloaded_by_its_readers_only(self):
        raw = build_mail(subject="broken")
        with broken(self.env):
            (mail,) = self.receive(self.support, raw)
        action = mail.quarantine.with_user(self.agent).action_download()
        self.authenticate("agent", "agent")
        answer = self.url_open(action["url"])
        self.assertEqual(answer.content, raw)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("Agent: Downloaded", mail.quarantine.log)
        self.authenticate("colleague", "colleague")
        self.assertNotEqual(self.url_open(action["url"]).content, raw)


@tagged("post_install", "-at_install")
class TestPlainMail(MailImportCase):
    def test_hostile_headers_end_as_short_lines(self):
        raw = b"From: a@x.example\r\nSubject: " + b"(" * 100_000 + b"\r\nX-Evil: 1\r\n\r\nbody"
        plain = plain_mail(raw, "words")
        head = plain.partition(b"\r\n\r\n")[0]
        self.assertIn(b"From: a@x.example", head)
        self.assertNotIn(b"X-Evil", head)
        self.assertLess(max(map(len, head.splitlines())), 1000)

    def test_a_mail_without_anything_still_has_an_identity(self):
        (mail,) = self.receive(self.support, plain_mail(b"\x00\xff", "words"))
        self.assertEqual(mail.state, "stored")
        self.assertTrue(mail.email.message_id)
