"""The buttons of a mailbox, against a real mail server."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOW, ServerCase, build_mail


@tagged("post_install", "-at_install")
class TestMailboxActions(ServerCase):
    def as_administrator(self, mailbox=None):
        return (mailbox or self.support).with_user(self.administrator)

    def result_of(self, action):
        return self.env[action["res_model"]].with_user(self.administrator).browse(action["res_id"])

    # -- on and off -----------------------------------------------------------------------------

    def test_activating_acts_on_mail_from_now_on(self):
        mailbox = self._mailbox("group", "info@company.example", state="draft", act_since=False)
        self.as_administrator(mailbox).action_activate()
        self.assertEqual(mailbox.state, "active")
        self.assertAlmostEqual(
            mailbox.act_since, fields.Datetime.now(), delta=timedelta(seconds=10)
        )
        self.assertEqual(mailbox.sudo().server_id.state, "done")

    def test_a_pause_keeps_the_moment_and_nothing_is_lost(self):
        since = self.support.act_since
        self.as_administrator().action_pause()
        self.deliver(self.support, build_mail(subject="Came while paused"))
        self.assertIsNone(self.fetch(self.support))
        self.assertFalse(self.entries(self.support))
        self.as_administrator().action_activate()
        self.fetch(self.support)
        self.assertEqual(self.support.act_since, since)
        self.assertEqual(self.entries(self.support).mapped("subject"), ["Came while paused"])

    def test_a_mailbox_without_password_is_not_activated(self):
        mailbox = self._mailbox("group", "info@company.example", state="draft", password=False)
        with self.assertRaises(UserError):
            self.as_administrator(mailbox).action_activate()

    # -- test connection ------------------------------------------------------------------------

    def test_each_stage_of_a_connection_is_named(self):
        test = self.result_of(self.as_administrator().action_test_connection())
        self.assertTrue(test.worked)
        self.assertEqual(
            test.stage_ids.mapped("stage"), ["resolve", "connect", "tls", "login", "folder"]
        )

    def test_the_servers_own_words_are_kept_and_the_password_is_not(self):
        self.support.write({"password": "not-the-password"})
        test = self.result_of(self.as_administrator().action_test_connection())
        self.assertFalse(test.worked)
        last = test.stage_ids[-1]
        self.assertEqual(last.stage, "login")
        self.assertIn("failed", last.server_words.lower())
        self.assertNotIn("not-the-password", str(test.stage_ids.read()))

    def test_a_folder_that_is_missing_is_named(self):
        self.support.remote_folder_ids.name = "No such folder"
        test = self.result_of(self.as_administrator().action_test_connection())
        self.assertEqual(test.stage_ids[-1].stage, "folder")
        self.assertFalse(test.stage_ids[-1].ok)

    def test_a_test_is_seen_by_who_made_it(self):
        test = self.result_of(self.as_administrator().action_test_connection())
        with self.assertRaises(AccessError):
            test.with_user(self.agent).read(["worked"])

    # -- folders --------------------------------------------------------------------------------

    def pick(self, *names):
        picker = self.result_of(self.as_administrator().action_pick_folders())
        for line in picker.line_ids:
            line.watched = line.name in names
        picker.action_apply()
        return picker

    def test_folders_are_picked_from_the_servers_list(self):
        self.deliver(self.support, build_mail(), folder="Orders")
        picker = self.pick("INBOX", "Orders")
        self.assertIn("Orders", picker.line_ids.mapped("name"))
        self.assertEqual(set(self.support.remote_folder_ids.mapped("name")), {"INBOX", "Orders"})
        self.fetch(self.support)
        self.assertEqual(len(self.entries(self.support)), 1)

    def test_a_folder_that_is_left_is_taken_up_where_it_was(self):
        self.deliver(self.support, build_mail(subject="First"))
        self.deliver(self.support, build_mail(subject="Other"), folder="Orders")
        self.pick("INBOX", "Orders")
        self.fetch(self.support)
        self.pick("Orders")
        self.deliver(self.support, build_mail(subject="Second"))
        self.fetch(self.support)
        self.assertNotIn("Second", self.entries(self.support).mapped("subject"))
        self.pick("INBOX", "Orders")
        self.fetch(self.support)
        self.assertEqual(
            sorted(self.entries(self.support).mapped("subject")), ["First", "Other", "Second"]
        )

    def test_no_folder_at_all_is_refused(self):
        with self.assertRaises(UserError):
            self.pick()

    # -- fetch now ------------------------------------------------------------------------------

    def test_fetch_now_asks_the_scheduler(self):
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        self.support.next_fetch = fields.Datetime.now() + timedelta(hours=1)
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.support.with_user(self.agent).action_fetch_now()
        self.assertTrue(self.support._is_due())
        self.assertEqual(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers + 1
        )

    def test_who_asks_while_a_look_is_under_way_gets_another(self):
        Mailbox = self.env.registry["mail.import.mailbox"]
        settle = Mailbox._settle

        def press(mailbox, look):
            time.sleep(1.1)  # moments are kept by the second
            mailbox.action_fetch_now()
            return settle(mailbox, look)

        with patch.object(Mailbox, "_settle", press):
            self.fetch(self.support)
        self.env.invalidate_all()
        self.assertTrue(self.support._is_due())
        self.fetch(self.support)
        self.env.invalidate_all()
        self.assertFalse(self.support._is_due())

    def test_the_counter_says_how_far_it_is(self):
        self.support.next_fetch = False
        self.deliver(self.support, build_mail())
        self.assertEqual(self.support.with_user(self.agent).fetch_progress()["state"], "waiting")
        self.fetch(self.support)
        self.env.invalidate_all()
        progress = self.support.with_user(self.agent).fetch_progress()
        self.assertEqual((progress["state"], progress["done"], progress["left"]), ("idle", 1, 0))

    def test_the_counter_knows_that_somebody_reads(self):
        self.assertTrue(self.support._claim_reading())
        try:
            self.assertEqual(self.support.fetch_progress()["state"], "running")
        finally:
            self.support._release_reading()

    def test_strangers_do_not_ask(self):
        for call in ("action_fetch_now", "fetch_progress"):
            with self.assertRaises(AccessError):
                getattr(self.support.with_user(self.colleague), call)()

    # -- reset ----------------------------------------------------------------------------------

    def reset(self, day):
        wizard = self.result_of(self.as_administrator().action_reset_position())
        wizard.fetch_since = day
        wizard.action_reset()

    def test_a_reset_fetches_what_is_missing_and_doubles_nothing(self):
        old = NOW - timedelta(days=20)
        self.deliver(self.support, build_mail(subject="Old", minutes_ago=28800), date=old)
        self.deliver(self.support, build_mail(subject="New"))
        self.fetch(self.support)
        self.assertEqual(self.entries(self.support).mapped("subject"), ["New"])
        for _time in range(2):
            self.reset((NOW - timedelta(days=30)).date())
            self.fetch(self.support)
        self.assertEqual(sorted(self.entries(self.support).mapped("subject")), ["New", "Old"])
        self.assertEqual(len(self.locations(self.support)), 2)

    def test_a_reset_does_not_revive_a_deleted_mail(self):
        self.deliver(self.support, build_mail())
        self.fetch(self.support)
        self.entries(self.support).email_id.unlink()
        self.reset((NOW - timedelta(days=30)).date())
        self.fetch(self.support)
        self.assertFalse(self.entries(self.support))

    def test_a_reset_to_tomorrow_is_refused(self):
        with self.assertRaises(UserError):
            self.reset((NOW + timedelta(days=2)).date())

    # -- taking over a server of the host -------------------------------------------------------

    def test_a_server_of_the_host_becomes_a_mailbox(self):
        self.dovecot.add_user("old@company.example", "secret")
        looked = fields.Datetime.now() - timedelta(minutes=10)
        server = self.env["fetchmail.server"].create(
            {
                "name": "Old", "server_type": "imap", "server": self.dovecot.host,
                "port": self.dovecot.imap_port, "is_ssl": False, "user": "old@company.example",
                "password": "secret", "state": "done", "date": looked,
                "object_id": self.env["ir.model"]._get_id("project.task"),
            }
        )  # fmt: skip
        action = server.with_user(self.administrator).action_turn_into_mailbox()
        mailbox = self.env["mail.import.mailbox"].browse(action["res_id"])
        self.assertEqual(mailbox.server_id, server)
        self.assertEqual(mailbox.default_target_id.model, "project.task")
        self.assertEqual((mailbox.state, server.state), ("draft", "draft"))
        self.assertFalse(server.password)
        mailbox.default_project_id = self.project
        mailbox.action_activate()
        self.deliver(mailbox, build_mail(subject="Fresh", to="old@company.example"))
        self.fetch(mailbox)
        self.assertEqual(self.entries(mailbox).mapped("subject"), ["Fresh"])
        self.assertEqual(server.action_turn_into_mailbox()["res_id"], mailbox.id)

    def test_a_local_server_does_not(self):
        server = self.env["fetchmail.server"].create({"name": "L", "server_type": "local"})
        with self.assertRaises(UserError):
            server.action_turn_into_mailbox()

    # -- sending --------------------------------------------------------------------------------

    def test_a_test_mail_leaves_from_the_mailbox(self):
        self.as_administrator().action_send_test_mail()
        (sent,) = self.sink.wait_for(1)
        self.assertEqual(sent.sender, "support@company.example")
