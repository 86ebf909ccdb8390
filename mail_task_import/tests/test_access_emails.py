"""E-mails and what hangs on them are read by their owners and members, by nobody else."""

import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import build_mail
from .test_access_common import SECRET, AccessCase

FILE = ("contract.txt", b"signed and sealed", "text/plain")


@tagged("post_install", "-at_install")
class TestReadersOfEmails(AccessCase):
    def test_personal_mail_is_read_by_its_owner_alone(self):
        email = self.confided()
        others = self.outsiders | self.agent | self.reader
        self.assertHiddenFrom(others, email, "body_text")
        self.assertHiddenFrom(others, email.entry_ids, "subject")
        self.assertShownTo(self.boss, email, "body_text")
        self.assertShownTo(self.boss, email.entry_ids, "subject")

    def test_mail_of_a_group_is_read_by_its_members_alone(self):
        email = self.asked()
        self.assertHiddenFrom(self.outsiders | self.reader | self.boss, email, "body_text")
        self.assertHiddenFrom(self.outsiders | self.reader | self.boss, email.entry_ids, "subject")
        self.assertShownTo(self.agent, email, "body_text")

    def test_who_leaves_a_group_reads_its_mail_no_longer(self):
        email = self.asked()
        self.support.member_ids -= self.agent
        self.assertHiddenFrom(self.agent, email, "body_text")
        self.assertHiddenFrom(self.agent, email.entry_ids, "subject")

    def test_an_email_in_two_mailboxes_shows_each_owner_only_the_own_copy(self):
        raw = build_mail(
            to="boss@company.example, support@company.example",
            text=SECRET,
            Bcc="audit@company.example",
        )
        (first,) = self.receive(self.private, raw)
        (second,) = self.receive(self.support, raw)
        email = first.email
        self.assertEqual(email, second.email)
        mine = email.entry_ids.filtered("user_id")
        self.assertHiddenFrom(self.agent | self.administrator, mine, "original")
        self.assertHiddenFrom(self.agent | self.administrator, mine, "bcc")
        self.assertHiddenFrom(self.boss, email.entry_ids - mine, "trace_headers")
        Entry = self.as_user(email.entry_ids.browse(), self.boss)
        self.assertEqual(Entry.search([("email_id", "=", email.id)]), mine)
        self.assertNotIn("audit@", email.headers or "")
        self.assertNotIn("Received", email.headers or "")

    def test_no_search_tells_what_is_in_the_copy_of_another_owner(self):
        raw = build_mail(to="boss@company.example, support@company.example", text=SECRET)
        (first,) = self.receive(self.private, b"Bcc: audit@company.example\r\n" + raw)
        (second,) = self.receive(self.support, raw)
        self.assertEqual(second.email, first.email)
        self.assertIn("audit@", first.entry.bcc)
        for model, path in (
            ("mail.import.email", "entry_ids."),
            ("mail.import.entry", ""),
            ("mail.import.link", "email_id.entry_ids."),
            ("mail.import.entry", "email_id.entry_ids."),
        ):
            for user, found in ((self.boss, True), (self.agent, False)):
                with self.subTest(user=user.login, model=model):
                    Model = self.as_user(self.env[model], user)
                    count = Model.search_count([(f"{path}bcc", "ilike", "audit@")])
                    self.assertEqual(bool(count), found)

    def test_nobody_guesses_an_email_by_searching_other_models(self):
        email = self.confided()
        for user in self.outsiders | self.agent:
            for model, domain in (
                ("mail.import.entry", [("email_id.body_text", "ilike", "Bluebird")]),
                ("mail.import.link", [("email_id.body_text", "ilike", "Bluebird")]),
                (
                    "mail.import.mailbox",
                    [("id", "=", self.private.id), ("create_uid.name", "ilike", "Bluebird")],
                ),
                ("mail.import.email", [("is_twin", "=", False), ("id", "=", email.id)]),
                ("res.partner", [("name", "ilike", "Bluebird")]),
            ):
                with self.subTest(user=user.login, model=model):
                    Model = self.as_user(self.env[model], user)
                    self.assertFalse(self.answer(lambda M=Model, d=domain: M.search(d)))

    def test_everything_that_is_read_at_once_is_refused_or_ones_own(self):
        email = self.asked()
        whole = self.as_user(email, self.agent)
        names = [name for name in whole.fields_get() if name not in ("reference_ids",)]
        self.assertEqual(whole.read(names)[0]["body_text"].strip(), SECRET)


@tagged("post_install", "-at_install")
class TestFilesOfEmails(AccessCase):
    def test_files_are_read_by_the_readers_of_the_mail(self):
        email = self.confided(attachments=[FILE])
        file = email.attachment_ids
        self.assertHiddenFrom(self.outsiders | self.agent, file, "raw")
        self.assertHiddenFrom(self.outsiders | self.agent, file, "datas")
        self.assertHiddenFrom(self.outsiders | self.agent, file, "name")
        self.assertShownTo(self.boss, file, "raw")

    def test_originals_are_not_read_as_files_either(self):
        entry = self.confided().entry_ids
        original = self.env["ir.attachment"].search(
            [
                ("res_model", "=", entry._name),
                ("res_id", "=", entry.id),
                ("res_field", "=", "original"),
            ]
        )
        self.assertTrue(original)
        self.assertHiddenFrom(self.outsiders | self.agent, original, "raw")
        for user in self.outsiders | self.agent:
            Files = self.as_user(self.env["ir.attachment"], user)
            self.assertFalse(
                self.answer(
                    lambda F=Files, o=original: F.search(
                        [("checksum", "=", o.checksum), ("res_field", "!=", False)]
                    )
                )
            )

    def test_nobody_makes_a_stored_file_public_or_hangs_it_elsewhere(self):
        email = self.asked(attachments=[FILE])
        file = email.attachment_ids
        for user in self.outsiders | self.agent:
            for values in (
                {"public": True},
                {"res_model": "res.partner", "res_id": 1},
                {"raw": b"changed"},
            ):
                with self.subTest(user=user.login, values=values):
                    mine = self.as_user(file, user)
                    self.assertRefused(lambda m=mine, v=values: m.write(v))

    def test_a_file_of_others_is_not_read_by_putting_it_into_a_draft(self):
        theirs = self.confided(attachments=[FILE]).attachment_ids
        draft = self.draft()
        self.assertRefused(lambda: draft.write({"attachment_ids": [(4, theirs.id)]}))
        self.assertRefused(lambda: draft.write({"attachment_ids": [(6, 0, theirs.ids)]}))
        self.assertFalse(draft.attachment_ids)

    def test_a_picture_of_others_is_not_read_by_naming_it_in_a_draft(self):
        theirs = self.confided(attachments=[FILE]).attachment_ids
        draft = self.draft()
        draft.write({"body": f'<p>x<img src="/web/image/{theirs.id}"></p>', "to": "a@b.example"})
        with self.enter_sending():
            draft.action_send()
        sent = self.env["mail.mail"].search(
            [("mail_message_id", "=", draft.sudo().mail_message_id.id)]
        )
        self.assertNotIn(
            theirs.checksum, (draft.sudo().attachment_ids | sent.attachment_ids).mapped("checksum")
        )

    def draft(self):
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        mailbox = self.as_user(self.support, self.agent)
        return self.env["mail.import.email"].with_user(self.agent)._new_draft(mailbox, {})

    def enter_sending(self):
        return self.env.cr.savepoint()


@tagged("post_install", "-at_install")
class TestLedger(AccessCase):
    def setUp(self):
        super().setUp()
        folder = self.private.remote_folder_ids[:1]
        (self.mail,) = self.importer.import_mails(
            self.private, [build_mail(text=SECRET)], folder, 7
        )
        self.location = self.env["mail.import.location"].search(
            [("remote_folder_id", "=", folder.id)]
        )

    def test_locations_are_read_by_the_readers_of_the_mailbox(self):
        self.assertTrue(self.location)
        self.assertHiddenFrom(self.outsiders | self.agent, self.location, "uid")
        self.assertShownTo(self.boss, self.location, "uid")

    def test_remote_changes_are_read_by_the_readers_of_the_mailbox(self):
        changes = self.env["mail.import.remote.change"]
        changes._plan_append(self.private, "Sent", build_mail(text=SECRET), "<a@b.example>")
        change = changes.search([("mailbox_id", "=", self.private.id)])
        self.assertHiddenFrom(self.outsiders | self.agent, change, "raw")
        self.assertHiddenFrom(self.outsiders | self.agent, change, "message_id")
        self.assertShownTo(self.boss, change, "message_id")
        rows = self.env["ir.attachment"].search(
            [("res_model", "=", changes._name), ("res_field", "=", "raw")]
        )
        self.assertHiddenFrom(self.outsiders | self.agent, rows, "raw")

    def test_quarantine_is_read_by_the_readers_of_the_mailbox(self):
        quarantine = self.env["mail.import.quarantine"].create(
            {
                "mailbox_id": self.private.id,
                "subject": "Broken",
                "reason": "parts",
                "raw": base64.b64encode(build_mail(text=SECRET)),
            }
        )
        for field in ("raw", "subject", "log"):
            self.assertHiddenFrom(self.outsiders | self.agent, quarantine, field)
        rows = self.env["ir.attachment"].search(
            [
                ("res_model", "=", quarantine._name),
                ("res_id", "=", quarantine.id),
                ("res_field", "=", "raw"),
            ]
        )
        self.assertTrue(rows)
        self.assertHiddenFrom(self.outsiders | self.agent, rows, "raw")
        self.assertShownTo(self.boss, quarantine, "subject")

    def test_digests_and_keys_are_nobodys(self):
        self.mail.email.unlink()
        for name in ("tombstone", "reference", "claim", "arrival"):
            model = f"mail.import.{name}"
            for user in self.outsiders | self.agent | self.boss:
                with self.subTest(model=model, user=user.login):
                    self.assertRefused(
                        lambda m=model, u=user: self.as_user(self.env[m], u).search([])
                    )

    def test_administrators_see_counts_and_health(self):
        mailbox = self.as_user(self.private, self.administrator)
        self.assertEqual(mailbox.read(["email_count", "health"])[0]["email_count"], 1)


@tagged("post_install", "-at_install")
class TestWritingStoredMail(AccessCase):
    """What is stored is filed and marked by its owner, and otherwise written by nobody."""

    def test_nobody_makes_emails_entries_links_or_locations(self):
        email = self.asked()
        entry, link = email.entry_ids, self.links(email)
        for user in self.outsiders | self.agent:
            for records in (email, entry, link):
                with self.subTest(user=user.login, model=records._name):
                    mine = self.as_user(records, user)
                    self.assertRefused(lambda m=mine: m.copy())
                    self.assertRefused(lambda m=mine: m.create({"email_id": 1}))

    def test_others_write_and_delete_nothing(self):
        email = self.asked()
        for user in self.outsiders | self.reader:
            for records, values in (
                (email, {"subject": "x"}),
                (email.entry_ids, {"is_read": True}),
                (self.links(email), {"res_id": 1}),
                (email, {"body": "x"}),
            ):
                with self.subTest(user=user.login, model=records._name):
                    mine = self.as_user(records, user)
                    self.assertRefused(lambda m=mine, v=values: m.write(v))
                    self.assertRefused(lambda m=mine: m.unlink())

    def test_an_owner_does_not_change_what_came_in(self):
        email, secret = self.asked(), self.confided()
        mine = self.as_user(email, self.agent)
        entry = self.as_user(email.entry_ids, self.agent)
        for values in (
            {"body": "x"},
            {"subject": "x"},
            {"from_email": "x@y.example"},
            {"entry_ids": [(1, entry.id, {"email_id": secret.id})]},
            {"link_ids": [(0, 0, {"res_model": "res.partner", "res_id": 1})]},
            {"author_id": 1},
            {"state": "draft"},
            {"company_id": 1},
            {"attachment_ids": [(5,)]},
        ):
            with self.subTest(values=values):
                self.assertRefused(lambda v=values: mine.write(v))
        for values in (
            {"email_id": secret.id},
            {"mailbox_id": self.private.id},
            {"user_id": self.agent.id},
            {"visibility": "linked"},
            {"original": b""},
            {"verdict": "pass"},
            {"subject": "x"},
            {"location_ids": [(5,)]},
            {"link_ids": [(5,)]},
            {"body": "x"},
        ):
            with self.subTest(values=values):
                self.assertRefused(lambda v=values: entry.write(v))

    def test_an_owner_marks_and_files_an_entry(self):
        entry = self.as_user(self.asked().entry_ids, self.agent)
        entry.write({"is_read": True, "starred": True})
        entry.folder_id = self.env.ref("mail_task_import.folder_archive")
        self.assertTrue(entry.is_read)

    def test_an_entry_is_not_filed_into_the_folder_of_others(self):
        theirs = self.env["mail.import.folder"].create({"name": "Secret", "user_id": self.boss.id})
        entry = self.as_user(self.asked().entry_ids, self.agent)
        with self.assertRaises(UserError):
            entry.folder_id = theirs

    def test_links_and_locations_are_the_importers(self):
        email = self.asked()
        link = self.as_user(self.links(email), self.agent)
        for values in (
            {"res_id": 1},
            {"suggested": True},
            {"message_id": False},
            {"email_id": self.confided().id},
        ):
            self.assertRefused(lambda v=values: link.write(v))
        self.assertRefused(link.unlink)
        for user in self.outsiders | self.agent:
            Location = self.as_user(self.env["mail.import.location"], user)
            self.assertRefused(
                lambda L=Location: L.create(
                    {
                        "remote_folder_id": self.support.remote_folder_ids[:1].id,
                        "uidvalidity": 1,
                        "uid": 1,
                        "outcome": "stored",
                    }
                )
            )
