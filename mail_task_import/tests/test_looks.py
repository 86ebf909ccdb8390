"""Many mailboxes at once: who is slow or dead delays no other, and nothing stays behind."""

import threading
import time
from contextlib import suppress
from unittest.mock import patch

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ServerCase, build_mail
from .test_receivers_common import Wire, silent_server

LOOKS = "odoo.addons.mail_task_import.looks"


def reading_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("mail import: ")]


@tagged("post_install", "-at_install")
class TestLooks(ServerCase):
    def fetch_all(self):
        """One run of the scheduler for all mailboxes."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["mail.import.mailbox"].search([]).next_fetch = False
            servers = env["fetchmail.server"].search([("mail_import_mailbox_ids", "!=", False)])
            return servers._fetch_mail()

    def another(self, name, **values):
        return self._at_server(self._mailbox("group", f"{name}@company.example", **values))

    def test_several_mailboxes_are_fetched_in_one_run(self):
        mailboxes = self.support + self.another("sales") + self.another("info")
        for mailbox in mailboxes:
            for number in range(70):
                self.deliver(mailbox, build_mail(subject=f"{mailbox.name} {number}"))
        self.assertIsNone(self.fetch_all())
        for mailbox in mailboxes:
            self.assertEqual(len(self.entries(mailbox)), 70)
            self.assertFalse(mailbox.failures)
        self.assertEqual(reading_threads(), [])

    def test_the_scheduler_is_woken_where_something_is_left(self):
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        count = self.env["ir.cron.trigger"].search_count
        before = count([("cron_id", "=", cron.id)])
        for number in range(3):
            self.deliver(self.support, build_mail(subject=f"Mail {number}"))
        with patch("odoo.addons.mail_task_import.models.mailbox_fetch.BUDGET_SECONDS", -1):
            self.fetch_all()
        self.assertEqual(count([("cron_id", "=", cron.id)]), before + 1)
        self.fetch_all()
        self.assertEqual(count([("cron_id", "=", cron.id)]), before + 1)
        self.assertEqual(len(self.entries(self.support)), 3)

    def test_a_silent_server_fails_alone(self):
        dead = self.another("dead")
        for number in range(5):
            self.deliver(self.support, build_mail(subject=f"Mail {number}"))
        self.env["ir.config_parameter"].set_param("mail_task_import.answer_seconds", "3")
        with silent_server() as port:
            dead.port = port
            self.assertTrue(self.fetch_all())
        self.assertEqual(len(self.entries(self.support)), 5)
        self.assertFalse(self.support.failures)
        self.assertEqual(dead.failures, 1)
        self.assertIn("took more than 3 seconds", dead.last_error)
        self.assertEqual(reading_threads(), [])

    def run_scheduler(self):
        """One run of the host's job, which finds the servers itself."""
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"cron_id": cron.id})
            env["fetchmail.server"]._fetch_mails()

    def test_who_is_activated_while_a_slow_server_is_awaited_is_read_in_that_run(self):
        slow, paused = self.another("slow"), self.another("paused", state="draft")
        late, Importer = [], self.env.registry["mail.import.importer"]
        receive = Importer._receive

        def activate_another(model, mailbox, raw):
            if not late:
                new = (
                    model.env["mail.import.mailbox"]
                    .browse(self.support.id)
                    .copy({"address": "late@company.example", "login": "late@company.example"})
                )
                self._at_server(new)
                (new + new.browse(paused.id)).action_activate()
                late.extend((new.id, paused.id))
            return receive(model, mailbox, raw)

        self.dovecot.add_user("late@company.example", "secret")
        self.dovecot.deliver("late@company.example", build_mail(subject="Late"))
        for mailbox in (self.support, paused):
            self.deliver(mailbox, build_mail(subject=mailbox.name))
        self.env["mail.import.mailbox"].search([]).next_fetch = False
        self.env["ir.config_parameter"].set_param("mail_task_import.answer_seconds", "6")
        with silent_server() as port, patch.object(Importer, "_receive", activate_another):
            slow.port = port
            self.run_scheduler()
        self.assertEqual(slow.failures, 1)
        for mailbox in late:
            self.assertEqual(len(self.entries(self.support.browse(mailbox))), 1)

    def test_who_asks_for_one_server_is_not_given_all(self):
        other = self.another("other")
        self.deliver(other, build_mail())
        (self.support + other).next_fetch = False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["fetchmail.server"].browse(self.support.server_id.id).fetch_mail()
        self.assertFalse(self.entries(other))

    def test_patience_is_a_setting_within_bounds(self):
        def silence(text):
            self.env["ir.config_parameter"].set_param("mail_task_import.silence_seconds", text)
            return self.support._connection__()[0].read_timeout

        for text, seconds in {"": 60, "5": 5, "0": 1, "1000": 90, "soon": 60, "nan": 60}.items():
            self.assertEqual(silence(text), seconds, text)

    def test_a_server_whose_answer_waits_for_us_is_not_late(self):
        Importer = self.env.registry["mail.import.importer"]
        receive, busy = Importer._receive, [2.5]

        def take_long_once(model, mailbox, raw):
            while busy:
                time.sleep(busy.pop())
            return receive(model, mailbox, raw)

        self.env["ir.config_parameter"].set_param("mail_task_import.answer_seconds", "2")
        mailboxes = self.support + self.another("sales") + self.another("info")
        for mailbox in mailboxes:
            self.deliver(mailbox, build_mail(subject=mailbox.name))
        with patch.object(Importer, "_receive", take_long_once):
            self.assertIsNone(self.fetch_all())
        self.assertEqual(mailboxes.mapped("failures"), [0, 0, 0])

    def test_a_run_that_has_to_end_blames_nobody_who_is_not_done(self):
        slow = self.another("slow")
        self.deliver(self.support, build_mail())
        with silent_server() as port, patch(f"{LOOKS}.RUN_SECONDS", 3):
            slow.port = port
            self.assertIsNone(self.fetch_all())
        self.assertEqual(len(self.entries(self.support)), 1)
        self.assertEqual((slow.failures, slow.last_fetch), (0, False))
        self.assertEqual(reading_threads(), [])

    def test_no_thread_outlives_a_worker_that_dies(self):
        class Died(BaseException):
            pass

        def die(*_args):
            raise Died

        self.deliver(self.support, build_mail())
        Importer = self.env.registry["mail.import.importer"]
        with patch.object(Importer, "_receive", die), self.assertRaises(Died):
            self.fetch(self.support)
        self.assertEqual(reading_threads(), [])
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(len(self.entries(self.support)), 1)

    def test_a_line_cut_on_one_mail_puts_that_mail_aside_and_no_other(self):
        uids = [self.deliver(self.support, build_mail(subject=f"Mail {n}")) for n in range(4)]
        bad = str(uids[1]).encode()

        def hang_up(command):
            mine = b"BODY.PEEK[]" in command and bad in command.split()[2].split(b",")
            return b"* BYE internal error\r\n" if mine else None

        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = hang_up
            self.support.port = wire.port
            for _look in range(12):
                if self.fetch(self.support) is None:
                    break
        outcomes = {each.uid: each.outcome for each in self.locations(self.support)}
        self.assertEqual(outcomes, dict.fromkeys(uids, "stored") | {uids[1]: "quarantined"})
        self.assertIn("internal error", self.locations(self.support).quarantine_id.reason)

    def test_a_line_that_breaks_now_and_then_costs_no_mail(self):
        uids = [self.deliver(self.support, build_mail(subject=f"Mail {n}")) for n in range(120)]
        with Wire(self.dovecot.imap_port) as wire:
            self.support.port = wire.port
            for place in (4000, 9000, 20_000, 9000, 40_000):
                wire.cut_after = place
                self.fetch(self.support)
            wire.cut_after = None
            self.assertIsNone(self.fetch(self.support))
        locations = self.locations(self.support)
        self.assertEqual(sorted(locations.mapped("uid")), uids)
        self.assertEqual(set(locations.mapped("outcome")), {"stored"})
        self.assertEqual(len(self.entries(self.support)), 120)

    def test_a_line_that_breaks_after_mail_came_in_is_soon_tried_again(self):
        uids = [self.deliver(self.support, build_mail(subject=f"Mail {n}")) for n in range(20)]
        last = 0

        def hang_up(command):
            if b"BODY.PEEK[]" in command and int(command.split()[2].split(b",")[0]) > last:
                return b"* BYE internal error\r\n"
            return None

        batches = patch("odoo.addons.mail_task_import.receivers.reading_ahead.BATCH_COUNT", 2)
        with Wire(self.dovecot.imap_port) as wire, batches:
            wire.answer = hang_up
            self.support.port = wire.port
            for last in uids[1:10:2]:
                self.assertTrue(self.fetch(self.support))
                self.assertEqual(max(self.locations(self.support).mapped("uid")), last)
                self.assertEqual(self.support.failures, 1)
                self.assertIn("internal error", self.support.last_error)
                wait = self.support.next_fetch - self.support.last_fetch
                self.assertEqual(wait.total_seconds(), 60)
            self.assertTrue(self.fetch(self.support))
            self.assertEqual(self.support.failures, 2)

    def test_a_killer_in_history_is_found_although_new_mail_keeps_coming(self):
        class Died(BaseException):
            pass

        Importer = self.env.registry["mail.import.importer"]
        receive = Importer._receive

        def deadly(model, mailbox, raw):
            if b"Subject: killer" in raw.content:
                raise Died
            return receive(model, mailbox, raw)

        self.support.fetch_since = "2020-01-01"
        old = self.support.act_since.replace(year=2024)
        for subject in ("before", "killer", "after"):
            self.deliver(self.support, build_mail(subject=subject), date=old.astimezone())
        with patch.object(Importer, "_receive", deadly):
            for number in range(10):
                self.deliver(self.support, build_mail(subject=f"New {number}"))
                try:
                    if self.fetch(self.support) is None:
                        break
                except Died:
                    continue
        outcomes = sorted(self.locations(self.support).mapped("outcome"))
        self.assertEqual(outcomes.count("quarantined"), 1)
        self.assertEqual(len(outcomes), 3 + number + 1)

    def test_a_death_and_a_cut_do_not_add_up_to_a_killer(self):
        """It has killed a worker once by itself, and once as one of many."""

        class Died(BaseException):
            pass

        def die(*_args):
            raise Died

        for number in range(3):
            self.deliver(self.support, build_mail(subject=f"Mail {number}"))
        Importer = self.env.registry["mail.import.importer"]

        def killed():
            # not assertRaises: the host's undoes what was committed
            with patch.object(Importer, "_receive", die), suppress(Died):
                self.fetch(self.support)
                self.fail("it did not die")

        killed()
        with Wire(self.dovecot.imap_port) as wire:
            wire.answer = lambda said: b"* BYE\r\n" if b"BODY.PEEK[]" in said else None
            self.support.port = wire.port
            for _cut in range(2):
                self.assertTrue(self.fetch(self.support))
        self.support.port = self.dovecot.imap_port
        killed()
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(set(self.locations(self.support).mapped("outcome")), {"stored"})
        self.assertEqual(len(self.entries(self.support)), 3)

    def test_a_server_that_was_turned_into_another_kind_fails_in_words(self):
        self.support.server_id.server_type = "pop"
        self.assertTrue(self.fetch(self.support))
        self.assertIn("is no IMAP server", self.support.last_error)
        with self.assertRaisesRegex(UserError, "is no IMAP server"):
            self.support.server_id.button_confirm_login()

    def test_a_sign_in_that_talks_with_the_server_works_too(self):
        def sign_in(server, connection):
            connection.noop()
            connection.login(server.user, "secret")

        self.deliver(self.support, build_mail())
        Server = self.env.registry["fetchmail.server"]
        with patch.object(Server, "_imap_login__", sign_in):
            self.assertIsNone(self.fetch(self.support))
        self.assertEqual(len(self.entries(self.support)), 1)
