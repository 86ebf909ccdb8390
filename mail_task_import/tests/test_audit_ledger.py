"""Audit of the ledger itself: mail that is noted as imported, but not here, is named and mended."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOW, build_mail
from .test_audit import AuditCase


@tagged("post_install", "-at_install")
class TestAuditOfTheLedger(AuditCase):
    def setUp(self):
        super().setUp()
        self.uids = self.deliver_numbered(4)
        self.fetch(self.support)

    def break_entry(self, *uids, email=False):
        """Entries disappear in the database, without a word to the ledger; or e-mails as well."""
        entries = self.locations(self.support).filtered(lambda each: each.uid in uids).entry_id
        self.assertEqual(len(entries), len(uids))
        table, ids = "mail_import_entry", entries.ids
        if email:
            table, ids = "mail_import_email", entries.email_id.ids
        self.env.flush_all()
        self.env.cr.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [ids])
        self.env.invalidate_all()

    def expunge(self, *uids):
        with self.dovecot.client(self.support.address) as client:
            client.select_folder("INBOX")
            client.delete_messages(uids)
            client.uid_expunge(uids)

    def assert_whole(self):
        locations = self.locations(self.support)
        self.assertEqual(sorted(locations.mapped("uid")), self.uids)
        self.assertTrue(all(location.entry_id.email_id for location in locations))
        self.assertEqual(len(self.entries(self.support)), len(self.uids))

    def test_a_lost_entry_is_named_and_made_again_from_the_server(self):
        self.break_entry(self.uids[1])
        audit = self.audit()
        self.assertEqual((audit.missing, audit.broken, audit.fetched, audit.left), (0, 1, 1, 0))
        self.assertEqual(self.fates(audit), {self.uids[1]: ("Mail 1", "duplicate")})
        self.assertTrue(audit.line_ids.imported_at)
        self.assert_whole()
        self.assertEqual(self.support.audit_result, "mended")
        self.assertIn("Were noted as imported, but not here: 1", self.support.audit_text)
        self.assertEqual(self.audit().broken, 0)
        self.assertEqual(self.support.audit_result, "good")

    def test_a_lost_e_mail_is_stored_anew(self):
        self.break_entry(self.uids[0], self.uids[2], email=True)
        audit = self.audit()
        self.assertEqual((audit.broken, audit.fetched), (2, 2))
        self.assertEqual(
            self.fates(audit),
            {self.uids[0]: ("Mail 0", "stored"), self.uids[2]: ("Mail 2", "stored")},
        )
        self.assert_whole()

    def test_a_known_mail_without_its_entry_is_mended_too(self):
        self.support.folder_pattern = "*"
        self.deliver(self.support, build_mail(subject="Mail 0", minutes_ago=1), folder="Copies")
        self.fetch(self.support)
        copy = self.locations(self.support).filtered(lambda each: each.outcome == "duplicate")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_import_location SET entry_id = NULL WHERE id = %s", [copy.id]
        )
        self.env.invalidate_all()
        audit = self.audit()
        self.assertEqual((audit.broken, audit.fetched), (1, 1))
        self.assertTrue(all(each.entry_id for each in self.locations(self.support)))

    def test_quarantined_mail_without_its_bytes_is_fetched_again(self):
        location = self.locations(self.support).filtered(lambda each: each.uid == self.uids[3])
        location.entry_id.email_id.unlink()
        location.write({"outcome": "quarantined", "entry_deleted": False})
        self.env["mail.import.tombstone"].search([]).unlink()
        self.assertEqual(self.audit().fetched, 1)
        self.assert_whole()

    def test_mail_from_before_the_present_first_day_is_mended_too(self):
        self.support.fetch_since = (NOW - timedelta(days=60)).date()
        (old,) = self.deliver_numbered(1, days_ago=30)
        self.uids.append(old)
        self.fetch(self.support)
        self.support.fetch_since = False
        self.break_entry(old)
        self.assertEqual(self.audit().fetched, 1)
        self.assert_whole()

    def test_known_mail_that_was_deleted_before_is_in_order_without_an_entry(self):
        entry = self.entries(self.support)[0]
        entry.with_user(self.agent).action_trash()
        entry.with_user(self.agent).action_delete()
        self.dovecot.renumber(self.support.address)
        self.fetch(self.support)
        audit = self.audit()
        self.assertEqual((audit.broken, audit.missing, audit.left), (0, 0, 0))
        self.assertEqual(self.support.audit_result, "good")

    def test_what_is_neither_here_nor_on_the_server_is_said_to_be_lost(self):
        self.break_entry(*self.uids[:2], email=True)
        self.expunge(self.uids[0])
        audit = self.audit()
        self.assertEqual((audit.broken, audit.fetched, audit.lost, audit.left), (2, 1, 1, 1))
        self.assertEqual(
            {line.uid: line.fate for line in audit.line_ids},
            {self.uids[0]: "lost", self.uids[1]: "stored"},
        )
        self.assertEqual(self.support.audit_result, "bad")
        self.assertEqual(self.support.audit_short, "1 not here")

    def test_its_readers_take_note_that_a_message_is_lost_and_audits_are_content(self):
        self.break_entry(self.uids[0], email=True)
        self.expunge(self.uids[0])
        self.audit()
        with self.assertRaises(AccessError):
            self.support.with_user(self.colleague).action_accept_loss()
        with self.assertRaises(UserError):
            # numbers are all that an administrator sees
            self.support.with_user(self.administrator).action_accept_loss()
        self.support.with_user(self.agent).action_accept_loss()
        self.assertEqual(self.support.audit_result, "good")
        self.assertEqual(self.support.audit_id.line_ids.fate, "lost")
        self.assertEqual(self.support.message_ids[0].author_id, self.agent.partner_id)
        self.assertEqual(self.audit().broken, 0)
        self.assertEqual(self.support.audit_result, "good")

    def test_what_is_lost_in_a_folder_that_is_refused_is_not_given_up(self):
        self.support.folder_pattern = "*"
        self.deliver_numbered(1, folder="Projects", days_ago=0)
        self.fetch(self.support)
        folder = self.support.remote_folder_ids.filtered(lambda each: each.name == "Projects")
        location = self.locations(self.support).filtered(
            lambda each: each.remote_folder_id == folder
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_import_location SET entry_id = NULL WHERE id = %s", [location.id]
        )
        self.env.cr.execute(
            "UPDATE mail_import_remote_folder SET name = 'Gone' WHERE id = %s", [folder.id]
        )
        self.env.invalidate_all()
        self.support.folder_pattern = False
        audit = self.audit()
        self.assertEqual((audit.broken, audit.lost, audit.left), (1, 0, 1))
        self.assertEqual(audit.line_ids.fate, "refused")
