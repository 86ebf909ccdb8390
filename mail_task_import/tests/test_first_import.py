"""The first import of a mailbox with much history: new mail first, progress, stopping, going on."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.mail_task_import.receivers.reading import BATCH_COUNT

from .common import NOW, ServerCase, build_mail
from .test_mailbox_form import FINDING, FORM

COUNT = 230


class HistoryCase(ServerCase):
    def fill(self, count=COUNT):
        """So many old mails in the inbox of the support mailbox, as files."""
        self.support.fetch_since = (NOW - timedelta(days=300)).date()
        self.dovecot.fill(
            self.support.address,
            [
                (
                    build_mail(subject=f"Old {number}", minutes_ago=1440 * 30 + count - number),
                    NOW - timedelta(days=30, minutes=count - number),
                )
                for number in range(count)
            ],
        )

    def subjects(self):
        self.env.invalidate_all()
        return set(self.entries(self.support).mapped("subject"))


@tagged("post_install", "-at_install")
class TestFirstImport(HistoryCase):
    def setUp(self):
        super().setUp()
        self.fill()

    def one_batch(self):
        """A look that the host wants to end: it ends with the batch that is under way."""
        Cron = self.env.registry["ir.cron"]
        commit = Cron._commit_progress

        def no_time_left(cron, *args, **values):
            commit(cron, *args, **values)
            return 0

        with patch.object(Cron, "_commit_progress", no_time_left):
            self.assertIsNone(self.fetch(self.support))
        self.env.invalidate_all()

    def test_all_of_it_comes_in_newest_first_and_nothing_twice(self):
        self.one_batch()
        self.assertIn(f"Old {COUNT - 1}", self.subjects())
        self.assertNotIn("Old 0", self.subjects())
        self.fetch(self.support)
        self.fetch(self.support)
        self.assertEqual(self.subjects(), {f"Old {number}" for number in range(COUNT)})
        self.assertEqual(len(self.locations(self.support)), COUNT)
        self.assertEqual(
            (self.support.history_state, self.support.history_percent), ("complete", 100)
        )
        self.assertFalse(self.support.fetch_progress()["history"])
        self.assertIn(f"{COUNT} messages were history", self.support.history_text)

    def test_new_mail_comes_before_the_rest_of_the_history(self):
        self.one_batch()
        left = COUNT - len(self.subjects())
        self.deliver(self.support, build_mail(subject="Newcomer"))
        self.one_batch()
        self.assertIn("Newcomer", self.subjects())
        self.assertGreaterEqual(len(self.subjects()), COUNT - left + 1)
        self.assertLess(len(self.subjects()), COUNT)

    def test_progress_and_time_left_are_told(self):
        self.one_batch()
        done = len(self.subjects())
        self.assertEqual(self.support.history_state, "under_way")
        self.assertEqual(self.support.history_percent, 100 * done // COUNT)
        folder = self.support.remote_folder_ids
        folder.history_begun_at = folder.history_at - timedelta(minutes=1)
        text = self.support.with_user(self.agent).fetch_progress()["history"]
        self.assertIn(f"{done} of {COUNT} messages fetched", text)
        self.assertIn(f"{done} a minute", text)
        self.assertIn(" left.", text)

    def test_stopped_it_rests_while_new_mail_comes_in_and_goes_on_where_it_was(self):
        self.one_batch()
        done = self.subjects()
        support = self.support.with_user(self.administrator)
        support.action_stop_history()
        self.deliver(self.support, build_mail(subject="Newcomer"))
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.subjects(), done | {"Newcomer"})
        self.assertEqual(self.support.history_state, "stopped")
        self.assertIn("is stopped", self.support.history_text)
        self.assertFalse(self.support._is_due())
        support.action_resume_history()
        self.assertTrue(self.support._is_due())
        self.fetch(self.support)
        self.assertEqual(len(self.subjects()), COUNT + 1)
        self.assertEqual(self.support.history_state, "complete")

    def test_stop_works_while_history_is_being_fetched(self):
        Importer = self.env.registry["mail.import.importer"]
        importing = Importer.import_mails

        def press_stop(importer, mailbox, *args, **values):
            mailbox.history_stopped = True
            return importing(importer, mailbox, *args, **values)

        with patch.object(Importer, "import_mails", press_stop):
            self.assertIsNone(self.fetch(self.support))
        self.assertEqual(len(self.subjects()), BATCH_COUNT)

    def test_an_audit_meanwhile_takes_history_for_waiting_and_leaves_its_numbers(self):
        self.one_batch()
        done = self.support.remote_folder_ids.history_done
        self.support.action_stop_history()
        self.support.action_audit()
        self.fetch(self.support)
        self.env.invalidate_all()
        audit = self.support.audit_id
        self.assertEqual((audit.located, audit.waiting, audit.missing), (done, COUNT - done, 0))
        self.assertEqual(self.support.remote_folder_ids.history_done, done)

    def test_colleagues_and_members_do_not_stop_it(self):
        for user in (self.agent, self.colleague):
            with self.assertRaises(AccessError):
                self.support.with_user(user).action_stop_history()
        with self.assertRaises(AccessError):
            self.support.with_user(self.administrator).history_stopped = True


@tagged("post_install", "-at_install")
class TestFirstImportOnTheForm(HistoryCase, HttpCase):
    def test_the_form_shows_how_far_it_is_and_stops_it(self):
        self.support.fetch_since = NOW - timedelta(days=300)
        self.support.remote_folder_ids.write(
            {
                "history_done": 12_000,
                "history_left": 38_000,
                "history_begun_at": NOW.replace(tzinfo=None) - timedelta(minutes=60),
                "history_at": NOW.replace(tzinfo=None),
            }
        )
        code = f"""(async () => {{ {FINDING}
            const box = await until(() => document.querySelector(".o_mail_import_history"));
            for (const text of ["12,000 of 50,000", "200 a minute", "3 hours left"]) {{
                if (!box.textContent.includes(text)) throw new Error(box.textContent);
            }}
            const bar = box.querySelector(".progress-bar");
            if (bar.textContent.trim() !== "24%") throw new Error(bar.textContent);
            (await until(() => document.querySelector("button[name=action_stop_history]"))).click();
            await until(() => document.querySelector("button[name=action_resume_history]"));
            await until(() => document.querySelector(".o_mail_import_history")
                .textContent.includes("is stopped"));
            console.log("test successful"); }})()"""
        self.browser_js(f"{FORM}/{self.support.id}", code, login="postmaster", timeout=120)
        self.assertTrue(self.support.history_stopped)
