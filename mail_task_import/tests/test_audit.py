"""Audit: the server's messages against the ledger, what is missing named and fetched again."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOW, ServerCase, build_mail


class AuditCase(ServerCase):
    def deliver_numbered(self, count, mailbox=None, days_ago=0, **options):
        """Mails with subjects "Mail 0", "Mail 1", …; returns their UIDs."""
        mailbox = mailbox or self.support
        return [
            self.deliver(
                mailbox,
                build_mail(subject=f"Mail {number}", minutes_ago=days_ago * 1440 + number + 1),
                date=NOW - timedelta(days=days_ago, minutes=number + 1),
                **options,
            )
            for number in range(count)
        ]

    def lose(self, *uids, mailbox=None):
        """The ledger forgets messages, as a fault of ours or a restored database would."""
        lost = self.locations(mailbox or self.support).filtered(lambda each: each.uid in uids)
        self.assertEqual(len(lost), len(uids))
        emails = lost.entry_id.email_id
        lost.unlink()
        emails.unlink()
        self.env["mail.import.tombstone"].search([]).unlink()

    def audit(self, mailbox=None, user=None):
        mailbox = mailbox or self.support
        mailbox.with_user(user or self.agent).action_audit()
        self.assertIsNone(self.fetch(mailbox))
        self.env.invalidate_all()
        return mailbox.audit_ids[:1]

    def fates(self, audit):
        return {line.uid: (line.subject, line.fate) for line in audit.line_ids}


@tagged("post_install", "-at_install")
class TestAudit(AuditCase):
    def test_a_whole_mailbox_has_nothing_missing(self):
        self.deliver_numbered(3)
        self.fetch(self.support)
        audit = self.audit()
        self.assertEqual((audit.state, audit.on_server, audit.located), ("done", 3, 3))
        self.assertEqual((audit.missing, audit.broken, audit.doubled), (0, 0, 0))
        self.assertEqual(self.support.audit_result, "good")
        self.assertIn("3 messages on the server", self.support.audit_text)
        self.assertIn("None is missing", self.support.audit_text)

    def test_a_missing_message_is_named_and_fetched_again_below_the_position(self):
        uids = self.deliver_numbered(5)
        self.fetch(self.support)
        self.lose(uids[1], uids[3])
        last = self.support.remote_folder_ids.last_uid
        audit = self.audit()
        self.assertEqual((audit.missing, audit.fetched, audit.located), (2, 2, 3))
        self.assertEqual(
            self.fates(audit), {uids[1]: ("Mail 1", "stored"), uids[3]: ("Mail 3", "stored")}
        )
        line = audit.line_ids[-1]
        self.assertEqual(line.sender, '"Ann Customer" <ann@customer.example>')
        self.assertTrue(line.received_at)
        self.assertEqual(sorted(self.locations(self.support).mapped("uid")), uids)
        self.assertEqual(len(self.entries(self.support)), 5)
        self.assertEqual(self.support.remote_folder_ids.last_uid, last)
        self.assertEqual(self.support.audit_result, "mended")
        self.assertIn("Were missing, and have been fetched now: 2", self.support.audit_text)
        self.assertEqual(self.audit().missing, 0)

    def test_missing_mail_makes_its_record_as_it_would_have(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        uids = self.deliver_numbered(1)
        self.support.remote_folder_ids.write({"uidvalidity": 1, "last_uid": uids[0]})
        with self.dovecot.client(self.support.address) as client:
            state = client.select_folder("INBOX", readonly=True)
        self.support.remote_folder_ids.uidvalidity = state[b"UIDVALIDITY"]
        self.assertEqual(self.audit().fetched, 1)
        self.assertEqual(
            self.env["crm.lead"].search([("email_from", "ilike", "ann@")]).mapped("name"),
            ["Mail 0"],
        )

    def test_missing_history_is_fetched_as_history(self):
        self.support.write(
            {
                "fetch_since": (NOW - timedelta(days=60)).date(),
                "default_target_id": self.env.ref("mail_task_import.target_lead").id,
            }
        )
        uids = self.deliver_numbered(3, days_ago=30)
        self.deliver_numbered(1, days_ago=90)
        self.fetch(self.support)
        self.lose(uids[0])
        audit = self.audit()
        self.assertEqual((audit.on_server, audit.missing, audit.fetched), (3, 1, 1))
        self.assertFalse(self.env["crm.lead"].search([("email_from", "ilike", "ann@")]))

    def test_mail_from_before_the_first_moment_is_not_missing(self):
        self.support.act_since = (NOW - timedelta(hours=1)).replace(tzinfo=None)
        self.deliver(self.support, build_mail(subject="Before"), date=NOW - timedelta(hours=2))
        self.deliver(self.support, build_mail(subject="After"), date=NOW)
        self.fetch(self.support)
        audit = self.audit()
        self.assertEqual((audit.on_server, audit.missing), (1, 0))

    def test_history_that_is_still_to_come_waits_and_is_not_missing(self):
        self.deliver_numbered(3, days_ago=30)
        self.deliver_numbered(2)
        self.fetch(self.support)
        self.support.fetch_since = (NOW - timedelta(days=60)).date()
        self.audit()
        audit = self.support.audit_id
        self.assertEqual((audit.located, audit.waiting, audit.missing), (2, 3, 0))
        self.assertIn("Waiting for their turn: 3", self.support.audit_text)

    def test_every_watched_folder_is_compared(self):
        self.support.folder_pattern = "*"
        self.deliver_numbered(2)
        (uid,) = self.deliver_numbered(1, folder="Projects")
        self.fetch(self.support)
        self.locations(self.support).filtered(
            lambda each: each.remote_folder_id.name == "Projects"
        ).unlink()
        audit = self.audit()
        self.assertEqual((audit.on_server, audit.missing), (3, 1))
        line = audit.line_ids
        self.assertEqual((line.remote_folder_id.name, line.uid), ("Projects", uid))
        self.assertEqual(audit.line_ids.fate, "duplicate")

    def test_a_renumbered_folder_is_compared_by_its_new_numbers(self):
        self.deliver_numbered(4)
        self.fetch(self.support)
        before = self.support.remote_folder_ids.uidvalidity
        self.dovecot.renumber(self.support.address, "INBOX", before + 10)
        self.fetch(self.support)
        audit = self.audit()
        self.assertEqual(self.support.remote_folder_ids.uidvalidity, before + 10)
        self.assertEqual((audit.on_server, audit.located, audit.missing), (4, 4, 0))
        self.assertEqual((audit.stored, audit.known, audit.doubled), (4, 4, 0))

    def test_a_missing_message_that_is_gone_by_now_is_said_to_be(self):
        uids = self.deliver_numbered(2)
        self.fetch(self.support)
        self.lose(uids[0])
        audit = self.env["mail.import.audit"].create(
            {"mailbox_id": self.support.id, "state": "naming", "missing": 1}
        )
        folder = self.support.remote_folder_ids
        audit.line_ids._write_down(audit, folder, {uids[0]: None})
        with self.dovecot.client(self.support.address) as client:
            client.select_folder("INBOX")
            client.delete_messages([uids[0]])
            client.uid_expunge([uids[0]])
        self.fetch(self.support)
        self.env.invalidate_all()
        self.assertEqual((audit.state, audit.fetched, audit.vanished), ("done", 0, 1))
        self.assertEqual(audit.line_ids.fate, "gone")

    def test_what_its_reader_deleted_is_not_broken(self):
        self.deliver_numbered(2)
        self.fetch(self.support)
        entry = self.entries(self.support)[0]
        entry.with_user(self.agent).action_trash()
        entry.with_user(self.agent).action_delete()
        audit = self.audit()
        self.assertEqual((audit.broken, audit.missing), (0, 0))

    def test_the_day_brings_an_audit_by_itself(self):
        self.deliver_numbered(1)
        self.fetch(self.support)
        self.assertFalse(self.support.audit_ids)
        self.assertGreater(self.support.next_audit, fields.Datetime.now() + timedelta(hours=23))
        self.support.next_audit = fields.Datetime.now() - timedelta(minutes=1)
        self.fetch(self.support)
        self.assertEqual((self.support.audit_id.state, self.support.audit_id.located), ("done", 1))
        self.assertGreater(self.support.next_audit, fields.Datetime.now() + timedelta(hours=23))

    def test_an_audit_that_never_ends_is_given_up(self):
        audit = self.env["mail.import.audit"].create({"mailbox_id": self.support.id, "attempts": 3})
        self.deliver_numbered(1)
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(audit.state, "failed")
        self.assertEqual(len(self.entries(self.support)), 1)
        self.assertEqual(self.support.audit_result, "bad")

    def test_asked_twice_it_is_made_once(self):
        self.support.action_audit()
        self.support.action_audit()
        self.assertEqual(len(self.support.audit_ids), 1)

    def test_a_mailbox_that_is_not_active_is_not_audited(self):
        self.support.state = "draft"
        with self.assertRaises(UserError):
            self.support.action_audit()

    def test_fifty_thousand_missing_ones_are_written_down_by_few_statements(self):
        folder = self.support.remote_folder_ids
        folder.uidvalidity = 7
        audit = self.env["mail.import.audit"].create({"mailbox_id": self.support.id})
        with self.assertQueryCount(20):
            audit.line_ids._write_down(audit, folder, dict.fromkeys(range(1, 50_001)))
            fates = audit.line_ids._fates()
        self.assertEqual((fates["fetched"], fates["left"]), (0, 50_000))


@tagged("post_install", "-at_install")
class TestWhoSeesAudits(AuditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.private = cls._at_server(
            cls._mailbox("personal", "boss@company.example", owner_id=cls.boss.id)
        )

    def setUp(self):
        super().setUp()
        uids = self.deliver_numbered(2, self.private)
        self.fetch(self.private)
        self.lose(uids[0], mailbox=self.private)
        self.found = self.audit(self.private, self.boss)

    def seen_by(self, user, model="mail.import.audit.line"):
        return self.env[model].with_user(user).search([])

    def test_the_owner_sees_which_messages_were_missing(self):
        self.assertEqual(self.seen_by(self.boss).mapped("subject"), ["Mail 0"])
        self.assertEqual(len(self.private.with_user(self.boss).audit_line_ids), 1)

    def test_an_administrator_sees_the_numbers_and_no_message(self):
        mailbox = self.private.with_user(self.administrator)
        self.assertEqual(mailbox.audit_id.missing, 1)
        self.assertIn("have been fetched now: 1", mailbox.audit_text)
        self.assertIn(" ago: ", mailbox.audit_text)
        self.assertFalse(mailbox.audit_line_ids)
        self.assertFalse(mailbox.audit_id.line_ids)
        self.assertFalse(self.seen_by(self.administrator))
        with self.assertRaises(AccessError):
            self.found.line_ids.with_user(self.administrator).mapped("subject")

    def test_an_administrator_may_ask_for_an_audit(self):
        self.assertEqual(self.audit(self.private, self.administrator).missing, 0)

    def test_colleagues_see_nothing_and_ask_for_nothing(self):
        for model in ("mail.import.audit", "mail.import.audit.line"):
            self.assertFalse(self.seen_by(self.colleague, model))
        with self.assertRaises(AccessError):
            self.private.with_user(self.colleague).action_audit()

    def test_nobody_changes_an_audit(self):
        for user in (self.boss, self.administrator):
            with self.assertRaises(AccessError):
                self.found.with_user(user).missing = 0
            with self.assertRaises(AccessError):
                self.found.line_ids.with_user(user).unlink()
