"""Skipped mail in the ledger: every message has one location, and the server keeps the mail."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ServerCase, build_mail


@tagged("post_install", "-at_install")
class TestFilterLedger(ServerCase):
    def skip(self, **values):
        return self.env["mail.import.filter"].create(
            {
                "scope": "group",
                "mailbox_id": self.support.id,
                "destination": "skip",
                "sender": "spam.example",
                **values,
            }
        )

    def spam(self, number=0):
        return build_mail(subject=f"Offer {number}", sender="Bob <bob@spam.example>")

    def test_a_skipped_mail_has_one_location_and_stays_on_the_server(self):
        for after_import in ("delete", "move", "seen"):
            with self.subTest(after_import=after_import):
                self.support.write({"after_import": after_import, "move_to": "Done"})
                one = self.skip()
                self.deliver(self.support, self.spam())
                self.deliver(self.support, build_mail(subject=after_import))
                self.assertIsNone(self.fetch(self.support))
                self.assertIsNone(self.fetch(self.support))
                skipped = self.locations(self.support).filtered("filter_id")
                self.assertEqual((skipped.outcome, skipped.filter_id), ("filtered", one))
                self.assertEqual(len(self.entries(self.support)), 1)
                with self.dovecot.client(self.support.address) as client:
                    client.select_folder("INBOX")
                    flags = client.get_flags(client.search(["SUBJECT", "Offer"]))
                self.assertEqual(len(flags), 1)
                self.assertNotIn(b"\\Seen", *flags.values())
                one.unlink()
                self.assertEqual(skipped.outcome, "filtered")
                self.entries(self.support).unlink()
                self.locations(self.support).unlink()
                self.dovecot.purge(self.support.address)

    def test_an_audit_counts_skipped_mail_and_misses_none(self):
        self.skip()
        for number in range(3):
            self.deliver(self.support, self.spam(number))
        self.deliver(self.support, build_mail())
        self.assertIsNone(self.fetch(self.support))
        self.support.action_audit()
        self.assertIsNone(self.fetch(self.support))
        audit = self.support.audit_id
        self.assertEqual((audit.state, audit.missing, audit.left), ("done", 0, 0))
        self.assertEqual((audit.stored, audit.filtered_count), (1, 3))

    def test_what_was_skipped_is_fetched_when_somebody_wants_it(self):
        one = self.skip()
        for number in range(3):
            self.deliver(self.support, self.spam(number))
        self.deliver(self.support, build_mail())
        self.assertIsNone(self.fetch(self.support))
        with self.assertRaises(UserError):
            one.action_fetch_skipped()
        one.active = False
        with self.assertRaises(AccessError):
            one.with_user(self.agent).action_fetch_skipped()
        one.with_user(self.administrator).action_fetch_skipped()
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.locations(self.support).mapped("outcome"), ["stored"] * 4)
        self.assertEqual(len(set(self.locations(self.support).mapped("uid"))), 4)
        self.assertEqual(len(self.entries(self.support)), 4)
        one.invalidate_recordset()
        self.assertEqual((one.caught, len(one.catch_ids)), (3, 0))
        with self.assertRaises(UserError):
            one.action_fetch_skipped()

    def test_what_a_deleted_filter_had_skipped_is_fetched_when_the_position_is_reset(self):
        gone, kept = self.skip(), self.skip(sender="offers.example")
        self.deliver(self.support, self.spam())
        self.deliver(self.support, build_mail(sender="Bob <bob@offers.example>"))
        self.assertIsNone(self.fetch(self.support))
        self.assertFalse(self.entries(self.support))
        gone.unlink()
        reset = self.env["mail.import.position.reset"].create({"mailbox_id": self.support.id})
        reset.action_reset()
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.entries(self.support).mapped("subject"), ["Offer 0"])
        skipped = self.locations(self.support).filtered(lambda one: one.outcome == "filtered")
        self.assertEqual(skipped.filter_id, kept)
