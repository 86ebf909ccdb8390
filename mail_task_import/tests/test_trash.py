"""The end of copies: the Trash is emptied, records keep their mail, and *Delete for everyone*."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from ..batch import DUPLICATE
from .common import build_mail
from .test_access_common import SECRET
from .test_folders import FolderCase


class EndCase(FolderCase):
    def empty_trash(self):
        self.env.flush_all()
        self.as_importer(self.env["mail.import.entry"])._gc_trash()

    def trashed(self, entry, days):
        """In the Trash, for so many days."""
        entry.action_trash()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_import_entry SET filed_on = now() AT TIME ZONE 'UTC' - %s * "
            "interval '1 day' WHERE id IN %s",
            (days, tuple(entry.ids)),
        )
        self.env.invalidate_all()
        return entry

    def thrown_away(self, entry):
        entry.action_trash()
        entry.action_delete()

    def originals(self, entries):
        Attachment = self.env["ir.attachment"]
        return Attachment.search(
            [
                ("res_model", "=", "mail.import.entry"),
                ("res_id", "in", entries.ids),
                ("res_field", "!=", False),
            ]
        )

    def to_both(self, **values):
        """A mail of the support mailbox and of the boss's own."""
        raw = build_mail(to="support@company.example, boss@company.example", text=SECRET, **values)
        (mail,) = self.receive(self.support, raw)
        self.receive(self.private, raw)
        return mail.email, raw


@tagged("post_install", "-at_install")
class TestTrash(EndCase):
    def test_nothing_goes_by_a_bare_call_but_what_is_in_the_trash(self):
        own, shared = self.mine(self.confided()), self.mine(self.asked(), self.agent)
        for entry in (own, shared):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                entry.unlink()
            entry.action_trash()
            entry.unlink()
            self.assertFalse(entry.exists())

    def test_own_trash_is_emptied_after_its_days(self):
        old = self.trashed(self.mine(self.confided("Old")), 31)
        new = self.trashed(self.mine(self.confided("New")), 29)
        kept = self.mine(self.confided("Kept"))
        self.empty_trash()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists() and kept.exists())

    def test_each_says_after_how_many_days(self):
        self.boss.with_user(self.boss).mail_import_trash_days = 0
        self.support.trash_days = 5
        mine = self.trashed(self.mine(self.confided()), 4000)
        groups = self.trashed(self.mine(self.asked(), self.agent), 6)
        self.empty_trash()
        self.assertTrue(mine.exists())
        self.assertFalse(groups.exists())

    def test_what_a_filter_put_there_counts_from_its_arrival(self):
        mine = self.mine(self.confided())
        self.env.cr.execute(
            "UPDATE mail_import_entry SET folder_id = %s, create_date = create_date - interval "
            "'31 days' WHERE id = %s",
            (self.system("trash").id, mine.id),
        )
        self.env.invalidate_all()
        self.empty_trash()
        self.assertFalse(mine.exists())

    def test_copies_of_others_stay(self):
        email, _raw = self.to_both()
        self.trashed(self.mine(email), 31)
        self.empty_trash()
        self.assertEqual(email.entry_ids.mailbox_id, self.support)
        self.assertShownTo(self.agent, email, "body_text")
        self.assertHiddenFrom(self.boss, email, "subject")

    def test_others_say_nothing_about_ones_trash(self):
        for user in self.outsiders:
            boss = self.as_user(self.boss, user)
            if user != self.administrator:
                self.assertRefused(lambda b=boss: b.write({"mail_import_trash_days": 1}))
        mailbox = self.as_user(self.support, self.agent)
        self.assertRefused(lambda: mailbox.write({"trash_days": 1}))

    def test_at_most_so_many_go_at_once(self):
        entries = self.env["mail.import.entry"]
        for number in range(3):
            entries |= self.trashed(self.mine(self.confided(f"Mail {number}")), 31)
        overdue = self.as_importer(entries)._overdue_in_trash(Domain.TRUE, 30, limit=2)
        self.assertEqual(len(overdue), 2)


@tagged("post_install", "-at_install")
class TestRecordsKeepTheirMail(EndCase):
    def test_a_record_keeps_what_a_reader_threw_away(self):
        email = self.asked()
        link = self.links(email)
        original = self.originals(email.entry_ids)
        self.assertTrue(original)
        self.thrown_away(self.mine(email, self.agent))
        self.assertFalse(email.entry_ids)
        self.assertFalse(original.exists())
        self.assertTrue(link.message_id)
        self.assertShownTo(self.reader, link, "email_text")
        self.assertIn(SECRET, self.as_user(link, self.reader).email_text)
        self.assertHiddenFrom(self.outsiders | self.boss, link, "subject")
        self.assertHiddenFrom(self.outsiders | self.reader | self.agent, email, "subject")

    def test_it_comes_back_to_nobody(self):
        raw = build_mail(text=SECRET)
        (mail,) = self.receive(self.support, raw)
        self.thrown_away(self.mine(mail.email, self.agent))
        (again,) = self.receive(self.support, raw)
        self.assertEqual((again.state, again.email), (DUPLICATE, None))
        self.assertFalse(mail.email.entry_ids)

    def test_who_kept_a_copy_keeps_it_and_who_did_not_gets_none(self):
        email, raw = self.to_both()
        self.thrown_away(self.mine(email))
        self.receive(self.private, raw)
        self.receive(self.support, raw)
        self.assertEqual(email.entry_ids.mailbox_id, self.support)

    def test_it_still_answers_from_its_mailbox(self):
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        email = self.asked()
        task = self.record(email)
        message = task.with_user(self.agent).message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(task._mail_import_mailbox(message), self.support)
        self.thrown_away(self.mine(email, self.agent))
        self.assertEqual(task._mail_import_mailbox(message), self.support)
        self.assertEqual(task._mail_import_last_email(), email)

    def test_a_mailbox_that_left_mail_to_records_is_archived_not_deleted(self):
        self.thrown_away(self.mine(self.asked(), self.agent))
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.support.unlink()

    def test_a_closed_mailbox_closes_what_it_kept(self):
        email = self.asked()
        message = self.links(email).message_id
        self.thrown_away(self.mine(email, self.agent))
        self.support.visibility = "owner"
        self.assertFalse(email.exists() or message.exists())

    def test_what_only_its_owner_read_is_gone_with_the_owners_copy(self):
        email = self.confided()
        self.env["mail.import.link"]._link_by_hand(email, self.customer, False)
        self.thrown_away(self.mine(email))
        self.assertFalse(email.exists())

    def test_what_its_owner_published_stays_in_the_chatter(self):
        email = self.confided()
        record = self.as_user(self.customer, self.boss)
        self.boss.group_ids |= self.env.ref("base.group_partner_manager")
        self.env["mail.import.link"].with_user(self.boss)._link_by_hand(
            email.with_user(self.boss), record, True
        )
        message = self.links(email).message_id
        self.assertTrue(message)
        self.trashed(self.mine(email), 31)
        self.empty_trash()
        self.assertTrue(message.exists())
        self.assertHiddenFrom(self.outsiders | self.boss, email, "subject")

    def test_what_no_record_needs_any_more_is_cleaned_up(self):
        email = self.asked()
        kept = self.asked("Another")
        self.thrown_away(self.mine(email | kept, self.agent))
        self.record(email).unlink()
        self.links(email).unlink()
        self.as_importer(email.browse())._gc_without_use()
        self.assertFalse(email.exists())
        self.assertTrue(kept.exists())


@tagged("post_install", "-at_install")
class TestDeleteForEveryone(EndCase):
    def test_all_copies_links_and_publications_go(self):
        self.support.member_ids |= self.administrator
        email, raw = self.to_both()
        link, entries = self.links(email), email.entry_ids
        message, originals = link.message_id, self.originals(entries)
        self.assertTrue(message and len(entries) == 2 and len(originals) == 2)
        self.mine(email, self.administrator).action_delete_for_everyone()
        for records in (email, entries, link, message, originals):
            self.assertFalse(records.exists(), records._name)
        for mailbox in (self.support, self.private):
            (again,) = self.receive(mailbox, raw)
            self.assertEqual((again.state, again.email), (DUPLICATE, None))

    def test_its_files_go_from_the_record_as_well(self):
        self.support.member_ids |= self.administrator
        raw = build_mail(attachments=[("bluebird.txt", b"x", "text/plain")])
        (mail,) = self.receive(self.support, raw)
        files = self.links(mail.email).message_id.attachment_ids
        self.assertTrue(files)
        self.mine(mail.email, self.administrator).action_delete_for_everyone()
        self.assertFalse(files.exists())

    def test_who_did_it_is_noted_without_a_word_of_it(self):
        self.support.member_ids |= self.administrator
        email = self.asked("Bluebird")
        with self.assertLogs("odoo.addons.mail_task_import.models.email_keeping") as log:
            self.mine(email, self.administrator).action_delete_for_everyone()
        self.assertIn("postmaster", log.output[0])
        note = self.support.message_ids[:1].body
        self.assertIn("Postmaster", note)
        self.assertNotIn("Bluebird", note + str(log.output))

    def test_being_allowed_to_is_no_right_to_read(self):
        email = self.confided()
        entry = email.entry_ids
        for user in (self.administrator, self.mail_administrator):
            self.assertRefused(lambda u=user: self.as_user(entry, u).action_delete_for_everyone())
        self.assertTrue(email.exists())

    def test_who_is_not_allowed_to_deletes_own_copies_only(self):
        email = self.asked()
        self.assertRefused(lambda: self.mine(email, self.agent).action_delete_for_everyone())
        link = self.links(email)
        for user in self.agent | self.reader | self.colleague:
            self.assertRefused(lambda u=user: self.as_user(link, u).action_delete_for_everyone())
        self.assertFalse(self.as_user(email, self.agent).can_delete_for_everyone)
        self.assertTrue(email.exists())

    def test_others_may_be_allowed_to(self):
        self.reader.group_ids |= self.env.ref("mail_task_import.group_delete_for_everyone")
        email = self.asked()
        link = self.as_user(self.links(email), self.reader)
        link.action_delete_for_everyone()
        self.assertFalse(email.exists())
        foreign = self.confided()
        self.assertRefused(
            lambda: self.as_user(foreign.entry_ids, self.reader).action_delete_for_everyone()
        )

    def test_what_was_kept_for_a_record_can_be_deleted_as_well(self):
        email = self.asked()
        self.thrown_away(self.mine(email, self.agent))
        self.administrator.group_ids |= self.env.ref("project.group_project_manager")
        self.as_user(self.links(email), self.administrator).action_delete_for_everyone()
        self.assertFalse(email.exists())
