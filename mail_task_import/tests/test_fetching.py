"""Fetching from a real server: positions, history, settling, failures, several mailboxes."""

from datetime import timedelta
from unittest.mock import patch

from odoo import api
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import NOW, ServerCase, build_mail


@tagged("post_install", "-at_install")
class TestFetching(ServerCase):
    def flags(self, mailbox, folder="INBOX"):
        with self.dovecot.client(mailbox.address) as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["FLAGS"]) if client.search() else {}
            return {uid: {flag.decode() for flag in data[b"FLAGS"]} for uid, data in found.items()}

    def assert_ledger(self, mailbox, folder="INBOX"):
        """Every UID on the server has exactly one location, every stored one its entry."""
        with self.dovecot.client(mailbox.address) as client:
            client.select_folder(folder, readonly=True)
            uids = sorted(client.search())
        locations = self.locations(mailbox)
        locations = locations.filtered(lambda each: each.remote_folder_id.name == folder)
        self.assertEqual(sorted(locations.mapped("uid")), uids)
        stored = locations.filtered(lambda each: each.outcome in ("stored", "duplicate"))
        self.assertTrue(all(location.entry_id for location in stored))

    def test_reading_changes_nothing_on_the_server(self):
        self.deliver(self.support, build_mail())
        self.assertIsNone(self.fetch(self.support))
        self.assertNotIn("\\Seen", set().union(*self.flags(self.support).values()))
        self.assert_ledger(self.support)

    def test_what_is_done_is_not_fetched_again(self):
        self.deliver(self.support, build_mail())
        self.fetch(self.support)
        self.deliver(self.support, build_mail(subject="Second"))
        self.fetch(self.support)
        self.fetch(self.support)
        self.assertEqual(len(self.entries(self.support)), 2)
        self.assert_ledger(self.support)

    def test_after_import_mark_as_read(self):
        self.support.after_import = "seen"
        self.deliver(self.support, build_mail())
        self.fetch(self.support)
        self.assertIn("\\Seen", set().union(*self.flags(self.support).values()))
        self.assertFalse(
            self.env["mail.import.remote.change"].search_count(
                [("mailbox_id", "=", self.support.id)]
            )
        )

    def test_after_import_move_and_delete(self):
        self.support.write({"after_import": "move", "move_to": "Done"})
        self.deliver(self.support, build_mail(subject="seed"), folder="Done")
        self.deliver(self.support, build_mail())
        self.fetch(self.support)
        self.assertFalse(self.flags(self.support))
        self.assertEqual(len(self.flags(self.support, "Done")), 2)
        self.support.write({"after_import": "delete"})
        self.deliver(self.support, build_mail(subject="Other"))
        self.fetch(self.support)
        self.assertFalse(self.flags(self.support))
        self.assertEqual(len(self.entries(self.support)), 2)

    def test_a_folder_to_move_to_is_made_where_it_is_missing(self):
        self.support.write({"after_import": "move", "move_to": "Erledigt/Ünï"})
        self.deliver(self.support, build_mail())
        self.fetch(self.support)
        self.assertFalse(self.flags(self.support))
        self.assertEqual(len(self.flags(self.support, "Erledigt/Ünï")), 1)

    def test_a_mail_over_the_size_limit_stays_untouched_on_the_server(self):
        self.support.write({"after_import": "delete", "size_limit": 20_000})
        self.deliver(
            self.support,
            build_mail(attachments=[("big.bin", b"x" * 60_000, "application/octet-stream")]),
        )
        self.fetch(self.support)
        (entry,) = self.entries(self.support)
        self.assertEqual(entry.subject, "Question about an order")
        self.assertIn("larger than the size limit", entry.email_id.body)
        self.assertFalse(entry.has_original)
        self.assertEqual(len(self.flags(self.support)), 1)

    def test_history_comes_after_new_mail_and_makes_no_record(self):
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_lead").id,
                "fetch_since": (NOW - timedelta(days=100)).date(),
            }
        )
        for days in (200, 90, 30):
            self.deliver(
                self.support,
                build_mail(subject=f"Old {days}", minutes_ago=days * 1440),
                date=NOW - timedelta(days=days),
            )
        self.deliver(self.support, build_mail(subject="New"), date=NOW)
        self.fetch(self.support)
        self.assertEqual(
            set(self.entries(self.support).mapped("subject")), {"New", "Old 90", "Old 30"}
        )
        self.assertEqual(
            self.env["crm.lead"].search([("email_from", "ilike", "ann@")]).mapped("name"), ["New"]
        )

    def test_without_fetch_since_older_mail_stays_where_it_is(self):
        self.deliver(self.support, build_mail(subject="Old"), date=NOW - timedelta(days=30))
        self.deliver(self.support, build_mail(subject="New"), date=NOW)
        self.fetch(self.support)
        self.assertEqual(self.entries(self.support).mapped("subject"), ["New"])

    def test_a_renumbered_folder_doubles_nothing(self):
        for number in range(5):
            self.deliver(self.support, build_mail(subject=f"Mail {number}"), date=NOW)
        self.fetch(self.support)
        self.dovecot.renumber(self.support.address, "INBOX")
        self.fetch(self.support)
        self.assertEqual(len(self.entries(self.support)), 5)

    def test_old_mail_moved_into_the_folder_later_is_found(self):
        self.support.fetch_since = (NOW - timedelta(days=100)).date()
        self.deliver(self.support, build_mail(subject="New"), date=NOW)
        self.fetch(self.support)
        self.deliver(
            self.support,
            build_mail(subject="Moved", minutes_ago=1440 * 50),
            date=NOW - timedelta(days=50),
        )
        self.fetch(self.support)
        self.assertEqual(set(self.entries(self.support).mapped("subject")), {"New", "Moved"})
        self.assert_ledger(self.support)

    def test_old_mail_moved_into_a_folder_that_was_empty_is_found_beside_new_mail(self):
        self.support.fetch_since = (NOW - timedelta(days=100)).date()
        self.fetch(self.support)
        self.deliver(
            self.support,
            build_mail(subject="Moved", minutes_ago=1440 * 50),
            date=NOW - timedelta(days=50),
        )
        self.deliver(self.support, build_mail(subject="New"), date=NOW)
        self.fetch(self.support)
        self.assertEqual(set(self.entries(self.support).mapped("subject")), {"New", "Moved"})
        self.assert_ledger(self.support)

    def test_a_wildcard_leaves_out_junk_trash_and_drafts(self):
        self.support.folder_pattern = "*"
        for folder in ("Projects", "Junk", "Trash", "Drafts"):
            self.deliver(self.support, build_mail(subject=folder), folder=folder)
        self.fetch(self.support)
        self.assertEqual(self.entries(self.support).mapped("subject"), ["Projects"])

    def test_the_sent_folder_marks_mail_as_sent(self):
        self.support.folder_pattern = "*"
        self.deliver(
            self.support,
            build_mail(
                subject="Our answer",
                sender="support@company.example",
                to="ann@customer.example",
            ),
            folder="Sent",
        )
        self.fetch(self.support)
        (entry,) = self.entries(self.support)
        self.assertEqual((entry.direction, entry.folder_id.kind), ("outgoing", "sent"))
        self.assertEqual(self.record(entry.email_id), self.customer)

    def test_a_broken_mailbox_says_why_once_and_holds_up_nobody(self):
        broken = self._at_server(self._mailbox("group", "broken@company.example"))
        broken.password = "wrong"
        self.deliver(self.support, build_mail())
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            servers = env["fetchmail.server"].search([("mail_import_mailbox_ids", "!=", False)])
            env["mail.import.mailbox"].search([]).next_fetch = False
            error = servers._fetch_mail()
        self.assertTrue(error)
        self.assertIn("AUTHENTICATIONFAILED", broken.last_error)
        self.assertNotIn("wrong", broken.last_error)
        self.assertEqual(broken.health, "failing")
        self.assertEqual(len(self.entries(self.support)), 1)
        told = self.env["mail.message"].search(
            [
                ("model", "=", "mail.import.mailbox"),
                ("res_id", "=", broken.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(len(told), 1)
        self.assertIn(self.administrator.partner_id, told.partner_ids)
        self.fetch(broken)
        self.assertEqual(broken.failures, 2)
        self.assertEqual(
            self.env["mail.message"].search_count(
                [
                    ("model", "=", "mail.import.mailbox"),
                    ("res_id", "=", broken.id),
                    ("message_type", "=", "user_notification"),
                ]
            ),
            1,
        )

    def test_the_schedulers_own_entry_reaches_the_mailboxes(self):
        self.deliver(self.support, build_mail())
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        self.assertTrue(cron.active)
        self.support.next_fetch = False
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(len(self.entries(self.support)), 1)

    def test_a_mailbox_is_looked_at_when_its_interval_is_over(self):
        self.fetch(self.support)
        self.assertFalse(self.support._is_due())
        self.support.next_fetch = NOW.replace(tzinfo=None) - timedelta(minutes=1)
        self.assertTrue(self.support._is_due())

    def test_a_batch_that_killed_its_worker_is_taken_singly_and_the_killer_put_aside(self):
        for number in range(6):
            self.deliver(
                self.support, build_mail(subject="killer" if number == 3 else f"m{number}")
            )
        Importer = self.env.registry["mail.import.importer"]
        receive = Importer._receive

        class Died(BaseException):
            pass

        def deadly(model, mailbox, raw):
            if b"Subject: killer" in raw.content:
                raise Died
            return receive(model, mailbox, raw)

        with patch.object(Importer, "_receive", deadly):
            for _run in range(8):
                try:
                    if self.fetch(self.support) is None and len(self.locations(self.support)) == 6:
                        break
                except Died:
                    continue
        self.assert_ledger(self.support)
        outcomes = self.locations(self.support).mapped("outcome")
        self.assertEqual(sorted(outcomes), ["quarantined"] + ["stored"] * 5)
        quarantine = self.locations(self.support).quarantine_id
        self.assertFalse(quarantine.subject)
        self.assertTrue(quarantine.raw)

    def test_uninstalling_drafts_the_servers_and_touches_no_mail(self):
        self.deliver(self.support, build_mail())
        uninstall_hook(self.env)
        self.assertEqual(self.support.server_id.state, "draft")
        self.assertFalse(self.support.server_id.active)
        self.assertEqual(len(self.flags(self.support)), 1)

    def test_history_is_walked_once_and_then_left_alone(self):
        self.support.fetch_since = (NOW - timedelta(days=30)).date()
        self.deliver(self.support, build_mail(subject="A day early"), date=NOW - timedelta(days=31))
        self.deliver(self.support, build_mail(subject="Old"), date=NOW - timedelta(days=20))
        self.fetch(self.support)
        self.assertTrue(self.support.remote_folder_ids.backfill_done)
        self.assertEqual(self.entries(self.support).mapped("subject"), ["Old"])

    def test_a_mailbox_that_stopped_halfway_is_due_at_once(self):
        for number in range(3):
            self.deliver(self.support, build_mail(subject=f"Mail {number}"))
        begun = NOW.replace(tzinfo=None)
        with patch("odoo.addons.mail_task_import.models.mailbox_fetch.BUDGET_SECONDS", -1):
            self.fetch(self.support)
        self.assertTrue(self.support._has_more(begun))
        self.fetch(self.support)
        self.assertFalse(self.support._has_more(begun))
        self.assertEqual(len(self.entries(self.support)), 3)
