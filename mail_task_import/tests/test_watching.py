"""Which folders the watcher is to watch, and what happens to a mailbox whose mail is announced."""

import time
import unittest
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB

from ..models.mailbox_watching import LINES_A_MAILBOX
from ..receivers.sign_in import NotedSignIn
from ..watcher import MANY, Bell
from .common import MailImportCase


@tagged("post_install", "-at_install")
class TestWhatIsWatched(MailImportCase):
    def spots(self, mailbox=None):
        wanted = (self.env.cr.dbname, (mailbox or self.support).id)
        return [
            spot for spot in self.env["mail.import.mailbox"]._to_watch() if spot.mailbox == wanted
        ]

    def version(self, mailbox=None):
        return self.spots(mailbox)[0].version

    def test_active_mailboxes_are_watched_and_no_others(self):
        (spot,) = self.spots()
        self.assertEqual((spot.folder, spot.server), ("INBOX", ("127.0.0.1", 143)))
        self.support.action_pause()
        self.assertEqual(self.spots(), [])
        self.support.action_activate()
        self.assertEqual(len(self.spots()), 1)
        self.support.active = False
        self.assertEqual(self.spots(), [])

    def test_pop3_tells_of_nothing(self):
        self.support.write({"protocol": "pop", "password": "secret"})
        self.assertEqual(self.spots(), [])

    def test_the_inbox_comes_first_and_few_others_follow(self):
        self.support.remote_folder_ids.unlink()
        for name in ("Archive", "Projects", "Inbox", "Sales", "Sent"):
            self.support.remote_folder_ids = [fields.Command.create({"name": name})]
        folders = self.support.remote_folder_ids
        folders.filtered(lambda folder: folder.name == "Archive").role = "sent"
        spots = sorted(self.spots(), key=lambda spot: spot.rank)
        self.assertEqual([spot.folder for spot in spots], ["Inbox", "Projects", "Sales"])
        self.assertEqual(len(spots), LINES_A_MAILBOX)

    def test_a_folder_that_is_not_watched_is_not(self):
        self.support.remote_folder_ids.active = False
        self.assertEqual(self.spots(), [])

    def test_it_knows_how_far_a_folder_is_imported(self):
        self.support.remote_folder_ids.write({"uidvalidity": 4_000_000_000, "last_uid": 17})
        self.assertEqual(self.spots()[0].position, (4_000_000_000, 18))

    def test_whatever_a_connection_depends_on_makes_another_one(self):
        for values in (
            {"password": "another"},
            {"host": "imap.example.com", "password": "secret"},
            {"port": 993, "password": "secret"},
            {"security": "ssl", "password": "secret"},
            {"login": "else", "password": "secret"},
        ):
            before = self.version()
            self.support.write(values)
            self.assertNotEqual(self.version(), before, values)

    def test_what_it_does_not_depend_on_makes_none(self):
        before = self.version()
        self.support.write({"name": "Help", "interval": 60, "next_fetch": fields.Datetime.now()})
        self.env["ir.config_parameter"].set_param("mail_task_import.allowed_hosts", "10.0.0.0/8")
        self.assertEqual(self.version(), before)

    def test_what_personal_mailboxes_are_allowed_counts_for_them(self):
        personal = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        before = self.version(personal)
        self.env["ir.config_parameter"].set_param("mail_task_import.allowed_hosts", "10.0.0.0/8")
        self.assertNotEqual(self.version(personal), before)

    def test_the_password_is_in_none_of_it(self):
        self.support.password = "planted-Zwiebel"
        self.assertNotIn("planted", repr(self.spots()))

    def test_it_signs_in_as_the_scheduler_does(self):
        receiver, is_noted = self.support._watching_receiver__()
        self.assertTrue(is_noted)
        self.assertIsInstance(receiver.authenticate, NotedSignIn)
        self.assertEqual(receiver.settings.host, self.support.host)


@tagged("post_install", "-at_install")
class TestHowSoonMailComes(MailImportCase):
    def said(self, seconds_by_mailbox):
        self.env["mail.import.watched"]._say(
            {mailbox.id: seconds for mailbox, seconds in seconds_by_mailbox.items()}
        )
        self.support.invalidate_recordset()

    def coming(self):
        mailbox = self.support.with_user(self.agent)
        return mailbox.is_watched, mailbox.coming_text

    def test_at_once_while_it_is_watched_else_by_its_interval(self):
        self.support.interval = 5
        self.assertEqual(self.coming(), (False, "every 5 minutes"))
        self.said({self.support: 3 * 3600})
        self.assertEqual(self.coming(), (True, "at once: watched for 3 hours"))
        self.said({})
        self.assertEqual(self.coming(), (False, "every 5 minutes"))
        self.support.interval = 1
        self.assertEqual(self.coming(), (False, "every minute"))

    def test_a_watcher_that_says_nothing_any_more_is_gone(self):
        self.said({self.support: 60})
        self.env["mail.import.watched"].search([]).said_at -= timedelta(minutes=5)
        self.assertFalse(self.support.is_watched)

    def test_a_mailbox_that_is_not_read_promises_nothing(self):
        self.said({self.support: 60})
        self.support.action_pause()
        self.assertEqual(self.coming(), (False, False))

    def test_nobody_else_says_so(self):
        for user in (self.agent, self.administrator):
            with self.assertRaises(AccessError):
                self.env["mail.import.watched"].with_user(user).create(
                    {"mailbox_id": self.support.id, "since": "2026-01-01", "said_at": "2026-01-01"}
                )


@tagged("post_install", "-at_install")
class TestAnnouncedMail(MailImportCase):
    def test_the_mailbox_is_due_and_the_scheduler_called(self):
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", cron.id)]
        cron.active = True
        before = triggers.search_count(domain)
        other = self._mailbox("group", "sales@company.example")
        later = fields.Datetime.add(fields.Datetime.now(), hours=1)
        (self.support + other).next_fetch = later
        self.env.flush_all()
        left = self.env["mail.import.mailbox"]._mail_arrived(self.support.ids)
        self.assertEqual(left, set())
        self.assertTrue(self.support._is_due())
        self.assertTrue(self.support._is_asked_for())
        self.assertFalse(other._is_due())
        self.assertEqual(triggers.search_count(domain), before + 1)
        self.assertEqual(self.env["mail.import.mailbox"]._asked_ids(), set(self.support.ids))

    def test_who_is_gone_is_not_told_again(self):
        gone = self._mailbox("group", "sales@company.example")
        number = gone.id
        gone.unlink()
        self.env.flush_all()
        self.assertEqual(self.env["mail.import.mailbox"]._mail_arrived([number]), set())

    def test_who_is_waited_for_is_looked_at_first(self):
        other = self._mailbox("group", "sales@company.example")
        servers = (self.support + other).server_id
        self.support.server_id.date = "2020-01-01"
        other.server_id.date = "2020-01-02"
        self.assertEqual(servers._due_mailboxes()[:1], self.support)
        self.env.flush_all()
        self.env["mail.import.mailbox"]._mail_arrived(other.ids)
        self.assertEqual(servers._due_mailboxes()[:1], other)


@tagged("post_install", "-at_install")
class TestServersBesides(MailImportCase):
    """Servers that are no mailboxes: the host reads them when its scheduler's interval is over."""

    def setUp(self):
        super().setUp()
        self.plain = self.env["fetchmail.server"].create({"name": "Plain", "server": "x.example"})
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        cron.write({"interval_number": 5, "interval_type": "minutes"})
        self.cron = cron
        self.support.asked_at = False

    def is_read(self, minutes_ago, job_seconds=0):
        """Whether the scheduler reads it, which was last read then, so late in its job."""
        now = fields.Datetime.now()
        self.plain.date = fields.Datetime.subtract(now, minutes=minutes_ago)
        self.env.flush_all()
        end = time.monotonic() - job_seconds + MIN_TIME_PER_JOB
        servers = self.plain + self.support.server_id
        there = servers.with_context(cron_id=self.cron.id, cron_end_time=end)
        return self.plain in there._plain_servers()[0]

    def test_a_call_for_a_mailbox_is_none_for_them(self):
        self.assertTrue(self.is_read(minutes_ago=1))
        self.env["mail.import.mailbox"]._mail_arrived(self.support.ids)
        self.assertFalse(self.is_read(minutes_ago=1))

    def test_they_are_read_when_the_interval_is_over(self):
        self.env["mail.import.mailbox"]._mail_arrived(self.support.ids)
        self.assertTrue(self.is_read(minutes_ago=5))

    def test_a_job_goes_on_with_what_it_has_begun(self):
        self.env["mail.import.mailbox"]._mail_arrived(self.support.ids)
        self.assertTrue(self.is_read(minutes_ago=1, job_seconds=90))

    def test_whoever_presses_their_button_is_served(self):
        self.env["mail.import.mailbox"]._mail_arrived(self.support.ids)
        self.plain.date = fields.Datetime.now()
        self.assertIn(self.plain, (self.plain + self.support.server_id)._plain_servers()[0])


class TestBell(unittest.TestCase):
    """Who is told when; a database is one call, however many of its mailboxes have mail."""

    def rung(self, bell, seconds):
        """Let so much time pass, and tell what is due."""
        for mailbox in bell._due:
            bell._due[mailbox] -= seconds
        for times in bell._rung.values():
            for index in range(len(times)):
                times[index] -= seconds
        for database, ids in bell._take_due().items():
            bell._tell(database, ids)

    def setUp(self):
        super().setUp()
        self.calls = []
        self.left = set()

    def ring(self, database, ids):
        self.calls.append((database, ids))
        left, self.left = self.left, set()
        if isinstance(left, Exception):
            raise left
        return left

    def test_all_that_have_mail_are_told_of_at_once(self):
        bell = Bell(self.ring)
        for number in (1, 2, 2, 1):
            bell.ask(("db", number))
        self.rung(bell, 0)
        self.assertEqual(self.calls, [("db", {1, 2})])

    def test_the_next_mail_waits_a_moment(self):
        bell = Bell(self.ring)
        bell.ask(("db", 1))
        self.rung(bell, 0)
        for _mail in range(20):
            bell.ask(("db", 1))
        self.rung(bell, 0)
        self.assertEqual(len(self.calls), 1)
        self.rung(bell, 0.6)
        self.assertEqual(len(self.calls), 2)

    def test_a_server_that_does_not_stop_is_heard_now_and_then(self):
        bell = Bell(self.ring)
        for _mail in range(20 * 60):
            bell.ask(("db", 1))
            self.rung(bell, 0.1)
        self.assertLess(len(self.calls), 3 * MANY)  # within two minutes

    def test_what_could_not_be_told_is_told_again(self):
        for trouble in ({1}, OSError("gone")):
            bell = Bell(self.ring)
            self.left = trouble
            bell.ask(("db", 1))
            self.rung(bell, 0)
            self.rung(bell, 2)
            self.assertEqual(self.calls, [("db", {1})] * 2)
            self.calls.clear()

    def test_databases_that_are_gone_are_forgotten(self):
        bell = Bell(self.ring)
        bell.ask(("gone", 1))
        bell.ask(("db", 1))
        bell.forget(["db"])
        self.rung(bell, 0)
        self.assertEqual(self.calls, [("db", {1})])
