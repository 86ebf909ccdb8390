"""A folder that the mail server does not let us read: the others go on, and one is told which.

"Gone" is watched and does not exist, as after somebody renamed it.
"""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .common import NOW
from .test_audit import AuditCase


@tagged("post_install", "-at_install")
class TestRefusedFolders(AuditCase):
    def watch(self, *names):
        self.support.remote_folder_ids = [(0, 0, {"name": name}) for name in names]
        return self.support.remote_folder_ids.filtered(lambda folder: folder.name in names)

    def rename(self, name, new_name):
        with self.dovecot.client(self.support.address) as client:
            client.rename_folder(name, new_name)

    def told(self):
        return self.env["mail.message"].search(
            [
                ("model", "=", "mail.import.mailbox"),
                ("res_id", "=", self.support.id),
                ("message_type", "=", "user_notification"),
            ]
        )

    def test_the_others_are_read_and_the_alarm_names_the_one(self):
        self.watch("Gone")
        self.deliver_numbered(2)
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(len(self.entries(self.support)), 2)
        self.assertEqual((self.support.failures, self.support.health), (0, "partly"))
        self.assertFalse(self.support.last_error)
        self.assertFalse(self.support.last_success)
        text = self.support.with_user(self.agent).refused_text
        self.assertIn("The folder “Gone” cannot be read; the others are read as usual.", text)
        self.assertIn("doesn't exist", text)

    def test_the_next_look_comes_after_the_usual_interval(self):
        self.watch("Gone")
        for _look in range(3):
            self.fetch(self.support)
        self.assertLess(
            self.support.next_fetch - self.support.last_fetch,
            timedelta(minutes=1.5 * self.support.interval),
        )

    def test_who_sets_it_up_is_told_once_which_folder_it_is(self):
        self.watch("Gone")
        self.fetch(self.support)
        self.fetch(self.support)
        (told,) = self.told()
        self.assertIn(self.administrator.partner_id, told.partner_ids)
        self.assertIn("“Gone”", told.body)
        self.assertIn("the others are read as usual", told.body)

    def test_a_folder_that_can_be_read_again_ends_the_alarm(self):
        (folder,) = self.watch("Later")
        self.fetch(self.support)
        self.assertTrue(folder.refusal)
        self.deliver_numbered(1, folder="Later")
        self.fetch(self.support)
        self.assertFalse(folder.refusal)
        self.assertEqual((self.support.health, self.support.refused_text), ("good", False))
        self.assertTrue(self.support.last_success)
        self.assertFalse(self.support.told_at)

    def test_where_no_folder_at_all_can_be_read_the_mailbox_fails(self):
        self.support.remote_folder_ids.name = "Gone"
        self.assertTrue(self.fetch(self.support))
        self.assertEqual((self.support.failures, self.support.health), (1, "failing"))
        self.assertIn("Gone", self.support.last_error)
        self.assertFalse(self.support.refused_text)

    def test_what_is_to_be_done_on_the_server_is_done_all_the_same(self):
        self.watch("Gone")
        self.support.after_import = "seen"
        self.deliver_numbered(1)
        self.fetch(self.support)
        self.assertFalse(self.support.change_count)

    # -- history --------------------------------------------------------------------------------

    def wish_for_history(self):
        self.support.fetch_since = (NOW - timedelta(days=60)).date()

    def history(self):
        return self.support.fetch_progress()

    def test_history_ends_but_for_the_folder_that_holds_it_up_and_names_it(self):
        self.wish_for_history()
        (folder,) = self.watch("Later")
        self.deliver_numbered(3, days_ago=30)
        self.fetch(self.support)
        self.assertEqual(len(self.entries(self.support)), 3)
        self.assertEqual(self.support.history_state, "held_up")
        self.assertIn("cannot be read at present: “Later”", self.history()["history"])
        self.assertIs(self.history()["percent"], False)
        self.deliver_numbered(2, days_ago=20, folder="Later")
        self.fetch(self.support)
        self.assertTrue(folder.backfill_done)
        self.assertEqual(self.support.history_state, "complete")
        self.assertFalse(self.history()["history"])

    def test_history_under_way_says_which_folder_waits(self):
        self.wish_for_history()
        self.watch("Gone")
        self.support.remote_folder_ids[0].write({"history_done": 50, "history_left": 150})
        self.support.remote_folder_ids[1].refusal = "It does not exist."
        self.assertEqual(self.support.history_state, "under_way")
        words = self.support.history_text
        self.assertIn("50 of 200 messages fetched", words)
        self.assertIn("Held up by what cannot be read at present: “Gone”", words)

    def test_stopped_before_it_began_it_says_how_much_there_is(self):
        self.wish_for_history()
        self.deliver_numbered(3, days_ago=30)
        self.support.with_user(self.administrator).action_stop_history()
        self.assertNotIn("0 of 0", self.support.history_text)
        self.assertIsNone(self.fetch(self.support))
        self.assertFalse(self.entries(self.support))
        self.assertIn("with 0 of 3 messages fetched", self.support.history_text)
        self.assertFalse(self.support._is_due())

    def test_stopped_with_nothing_older_to_fetch_it_is_complete(self):
        self.wish_for_history()
        self.deliver_numbered(1)
        self.support.with_user(self.administrator).action_stop_history()
        self.fetch(self.support)
        self.assertEqual(self.support.history_state, "complete")
        self.assertIn("no older mail to fetch", self.support.history_text)

    # -- audit ----------------------------------------------------------------------------------

    def test_a_refused_folder_is_named_and_the_others_are_compared(self):
        self.watch("Gone")
        uids = self.deliver_numbered(3)
        self.fetch(self.support)
        self.lose(uids[1])
        audit = self.audit()
        self.assertEqual((audit.state, audit.missing, audit.fetched), ("done", 1, 1))
        self.assertEqual(audit.refused_count, 1)
        self.assertIn("“Gone”: The folder", audit.refused)
        self.assertIn("doesn't exist", audit.refused)
        self.assertEqual(self.support.audit_result, "bad")

    def test_it_does_not_say_that_nothing_is_missing(self):
        self.watch("Gone")
        self.deliver_numbered(2)
        self.fetch(self.support)
        self.audit()
        self.assertEqual(self.support.audit_result, "bad")
        self.assertEqual(self.support.audit_short, "1 folder refused")
        self.assertNotIn("None is missing", self.support.audit_text)
        self.assertIn("Not compared, or only in part: “Gone”", self.support.audit_text)
        self.assertIn("in the folders that could be compared", self.support.audit_text)

    def test_where_no_folder_can_be_read_the_audit_says_so(self):
        self.fetch(self.support)
        folder = self.watch("Gone")
        (self.support.remote_folder_ids - folder).active = False
        self.support.action_audit()
        self.assertTrue(self.fetch(self.support))
        self.env.invalidate_all()
        audit = self.support.audit_ids[:1]
        self.assertEqual(audit.state, "failed")
        self.assertIn("Gone", audit.error)

    def test_what_is_missing_in_a_folder_that_was_closed_meanwhile_is_not_said_to_be_gone(self):
        (folder,) = self.watch("Projects")
        (uid,) = self.deliver_numbered(1, folder="Projects")
        inbox = self.deliver_numbered(2)
        self.fetch(self.support)
        self.lose(uid, inbox[0])
        audit = self.env["mail.import.audit"].create(
            {"mailbox_id": self.support.id, "state": "naming", "missing": 2}
        )
        audit.checked_at = audit.since = NOW.replace(tzinfo=None)
        audit.line_ids._write_down(audit, folder, {uid: None})
        others = self.support.remote_folder_ids - folder
        audit.line_ids._write_down(audit, others, {inbox[0]: None})
        self.rename("Projects", "Elsewhere")
        self.fetch(self.support)
        self.env.invalidate_all()
        self.assertEqual(
            (audit.state, audit.fetched, audit.vanished, audit.left), ("done", 1, 0, 1)
        )
        self.assertEqual(
            {line.remote_folder_id.name: line.fate for line in audit.line_ids},
            {"Projects": "refused", "INBOX": "stored"},
        )
        self.assertIn("“Projects”", audit.refused)
        self.assertIn("Still not here: 1", self.support.audit_text)
        self.rename("Elsewhere", "Projects")
        self.fetch(self.support)
        self.assertEqual(self.audit().fetched, 1)
        self.assertEqual(self.support.audit_result, "mended")

    def test_a_folder_that_was_never_read_waits(self):
        self.deliver_numbered(2)
        self.fetch(self.support)
        self.deliver_numbered(3, folder="Projects")
        (folder,) = self.watch("Projects")
        folder.uidvalidity = 1
        audit = self.env["mail.import.audit"].create({"mailbox_id": self.support.id})
        # a look whose time is over before it fetches; the audit is made all the same
        with patch("odoo.addons.mail_task_import.models.mailbox_fetch.BUDGET_SECONDS", -1):
            self.fetch(self.support)
        self.env.invalidate_all()
        self.assertEqual((audit.located, audit.waiting, audit.missing), (2, 3, 0))
