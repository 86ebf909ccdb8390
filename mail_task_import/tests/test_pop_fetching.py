"""Mailboxes that are read by POP3: fetched, remembered, removed, audited as by IMAP."""

from datetime import timedelta
from unittest.mock import patch

from odoo import api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail_task_import.models import unique_id
from odoo.addons.mail_task_import.receivers.pop import PopReceiver

from .common import NOW, ServerCase, build_mail
from .scripted_pop import PopScript

IMPORTER = "odoo.addons.mail_task_import.models.importer"
FETCHING = "odoo.addons.mail_task_import.models.mailbox_fetch"


class PopCase(ServerCase):
    @classmethod
    def _at_server(cls, mailbox):
        super()._at_server(mailbox)
        mailbox.write({"protocol": "pop", "port": cls.dovecot.pop_port, "password": "secret"})
        return mailbox

    def put(self, *subjects, days_ago=0, **options):
        for number, subject in enumerate(subjects):
            minutes = days_ago * 1440 + number + 1
            self.deliver(self.support, build_mail(subject=subject, minutes_ago=minutes, **options))

    def fetched(self, mailbox=None):
        """Subjects that are here after one more look."""
        mailbox = mailbox or self.support
        self.assertIsNone(self.fetch(mailbox))
        self.env.invalidate_all()
        return sorted(self.entries(mailbox).mapped("subject"))

    def on_server(self):
        """Subjects and flags, as another program sees them by IMAP."""
        with self.dovecot.client(self.support.address) as client:
            client.select_folder("INBOX", readonly=True)
            uids = client.search()
            found = client.fetch(uids, ["FLAGS", "BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])
        return {
            data[b"BODY[HEADER.FIELDS (SUBJECT)]"].decode().partition(": ")[2].strip(): {
                flag.decode() for flag in data[b"FLAGS"]
            }
            - {"\\Recent"}
            for data in found.values()
        }

    def assert_ledger(self, mailbox=None):
        """Every unique id that is listed and not too old has one location, stored ones an entry."""
        locations = self.locations(mailbox or self.support)
        places = {(each.uidvalidity, each.uid) for each in locations}
        self.assertEqual(len(locations), len(places))
        stored = locations.filtered(lambda each: each.outcome in ("stored", "duplicate"))
        self.assertTrue(all(location.entry_id for location in stored))

    def scripted(self, *mails, **options):
        """The mailbox on a server that is no Dovecot."""
        script = self.enterContext(PopScript(*mails, **options))
        self.support.write({"port": script.port, "password": "secret"})
        return script


@tagged("post_install", "-at_install")
class TestPopFetching(PopCase):
    def test_what_is_done_is_remembered(self):
        self.put("First", "Second")
        self.assertEqual(self.fetched(), ["First", "Second"])
        self.put("Third")
        self.assertEqual(self.fetched(), ["First", "Second", "Third"])
        self.fetch(self.support)
        self.assertEqual(len(self.locations(self.support)), 3)
        self.assert_ledger()

    def test_each_mail_is_read_once(self):
        script = self.scripted(build_mail(subject="One"), ids=["a"])
        self.fetched()
        self.fetched()
        self.assertEqual(script.commands.count("RETR 1"), 1)
        self.assertEqual(script.commands.count("TOP 1 0"), 1)

    def test_reading_changes_nothing_on_the_server(self):
        self.put("First", "Second")
        self.fetched()
        self.assertEqual(self.on_server(), {"First": set(), "Second": set()})

    def test_two_mails_that_are_alike_are_one(self):
        raw = build_mail(subject="Twice")
        script = self.scripted(raw, raw, ids=["a", "a"])
        self.assertEqual(self.fetched(), ["Twice"])
        self.assertEqual(
            sorted(self.locations(self.support).mapped("outcome")), ["duplicate", "stored"]
        )
        script.mails.append(build_mail(subject="New"))
        script.ids.append("a")
        self.assertEqual(self.fetched(), ["New", "Twice"])

    def test_without_unique_ids(self):
        script = self.scripted(build_mail(subject="One"), build_mail(subject="Two"))
        self.assertEqual(self.fetched(), ["One", "Two"])
        script.mails[0] = build_mail(subject="Three")
        self.assertEqual(self.fetched(), ["One", "Three", "Two"])
        self.assertEqual(len(self.locations(self.support)), 3)

    def test_a_server_that_calls_all_mail_anew(self):
        raws = [build_mail(subject=f"Mail {number}") for number in range(4)]
        old = build_mail(subject="Old", minutes_ago=1440 * 30)
        script = self.scripted(*raws, old, ids=[f"a{number}" for number in range(5)])
        with patch.object(unique_id, "MANY", 3):
            self.assertEqual(len(self.fetched()), 4)
            script.ids = [f"b{number}" for number in range(5)]
            script.commands.clear()
            self.assertEqual(len(self.fetched()), 4)
        self.assertNotIn("RETR 5", script.commands)
        self.assertEqual(len(self.locations(self.support)), 8)
        self.assertLess(self.support.remote_folder_ids.uidvalidity, -1)
        self.fetched()
        self.assert_ledger()

    def test_few_mails_with_new_names_are_no_new_numbering(self):
        script = self.scripted(build_mail(subject="One"), ids=["a"])
        self.fetched()
        script.mails[0], script.ids = build_mail(subject="Two"), ["b"]
        self.assertEqual(self.fetched(), ["One", "Two"])
        self.assertEqual(self.support.remote_folder_ids.uidvalidity, -1)

    def test_what_comes_empty_waits_and_is_asked_for_again(self):
        self.support.after_import = "delete"
        empty = build_mail(subject="Empty", text="important " * 500)
        script = self.scripted(empty, build_mail(subject="Whole"), ids=["a", "b"])
        script.answer = {"RETR 1": b"+OK\r\n.\r\n"}.get
        self.assertEqual(self.fetched(), ["Whole"])
        self.assertEqual(script.mails, [empty])
        quarantine = self.env["mail.import.quarantine"].search([], order="id desc", limit=1)
        self.assertIn("sent nothing", quarantine.reason)
        script.answer = lambda _command: None
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            quarantine.with_env(api.Environment(cr, api.SUPERUSER_ID, {}))._retry()
        self.assertEqual(self.fetched(), ["Empty", "Whole"])

    def test_an_id_that_is_used_again_for_a_mail_of_the_same_size(self):
        self.support.after_import = "delete"
        script = self.scripted(build_mail(subject="One"), ids=["1"])
        self.assertEqual(self.fetched(), ["One"])
        self.assertEqual(self.fetched(), ["One"])
        script.mails, script.ids = [build_mail(subject="Two")], ["1"]
        self.assertEqual(self.fetched(), ["One", "Two"])

    def test_of_two_with_one_id_the_one_that_is_left_is_not_taken_for_the_other(self):
        first, second = build_mail(subject="One"), build_mail(subject="Two")
        self.assertEqual(len(first), len(second))
        script = self.scripted(first, second, ids=["a", "a"])
        script.answer = {"RETR 2": b"-ERR [SYS/TEMP] later\r\n"}.get
        self.fetch(self.support)
        script.answer = lambda _command: None
        script.mails, script.ids = [second], ["a"]
        self.support.next_fetch = False
        self.assertIn("Two", self.fetched())

    def test_a_mail_without_a_believable_date_is_not_lost(self):
        self.put("First")
        self.fetched()
        raw = build_mail(subject="From 1970").replace(b"Received:", b"X-Received:")
        head, _, rest = raw.partition(b"Date: ")
        raw = head + b"Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n" + rest.partition(b"\n")[2]
        self.deliver(self.support, raw)
        self.assertEqual(self.fetched(), ["First", "From 1970"])

    def test_history_comes_after_new_mail_and_makes_no_record(self):
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_lead").id,
                "fetch_since": (NOW - timedelta(days=100)).date(),
            }
        )
        for days in (200, 90, 30):
            self.put(f"Old {days}", days_ago=days)
        self.put("New")
        self.assertEqual(self.fetched(), ["New", "Old 30", "Old 90"])
        leads = self.env["crm.lead"].search([("email_from", "ilike", "ann@")])
        self.assertEqual(leads.mapped("name"), ["New"])
        self.assertEqual(self.support.history_state, "complete")

    def test_without_fetch_since_older_mail_is_not_even_read(self):
        script = self.scripted(
            build_mail(subject="Old", minutes_ago=1440 * 30), build_mail(), ids=["a", "b"]
        )
        self.assertEqual(self.fetched(), ["Question about an order"])
        self.assertNotIn("RETR 1", script.commands)

    def test_older_mail_is_left_where_the_server_hands_out_no_headers(self):
        script = self.scripted(
            build_mail(subject="Old", minutes_ago=1440 * 30), build_mail(), ids=["a", "b"],
            gives_headers=False,
        )  # fmt: skip
        self.assertEqual(self.fetched(), ["Question about an order"])
        self.fetched()
        self.assertEqual(script.commands.count("RETR 1"), 1)

    def test_dates_that_take_longer_than_a_look(self):
        self.put("First", "Second")
        with patch("odoo.addons.mail_task_import.models.mailbox_fetch.BUDGET_SECONDS", -1):
            self.fetch(self.support)
        self.assertFalse(self.entries(self.support))
        self.assertTrue(self.support._is_due())
        self.assertEqual(self.fetched(), ["First", "Second"])

    def test_a_mail_over_the_size_limit(self):
        self.support.write({"after_import": "delete", "size_limit": 20_000})
        big = [("big.bin", b"x" * 60_000, "application/octet-stream")]
        self.put("Large", attachments=big)
        self.assertEqual(self.fetched(), ["Large"])
        (entry,) = self.entries(self.support)
        self.assertIn("larger than the size limit", entry.email_id.body)
        self.assertEqual(self.on_server(), {"Large": set()})

    def test_history_is_asked_for_later(self):
        self.put("Old", days_ago=30)
        self.put("New")
        self.assertEqual(self.fetched(), ["New"])
        self.support.fetch_since = (NOW - timedelta(days=60)).date()
        self.assertEqual(self.fetched(), ["New", "Old"])

    def test_from_imap_to_pop_and_back_doubles_nothing(self):
        self.support.write({"protocol": "imap", "port": self.dovecot.imap_port})
        self.put("First", "Second")
        self.assertEqual(self.fetched(), ["First", "Second"])
        self.support.write({"protocol": "pop", "port": self.dovecot.pop_port})
        self.put("Third")
        self.assertEqual(self.fetched(), ["First", "Second", "Third"])
        self.support.write({"protocol": "imap", "port": self.dovecot.imap_port})
        self.put("Fourth")
        self.assertEqual(self.fetched(), ["First", "Fourth", "Second", "Third"])
        self.support.write({"protocol": "pop", "port": self.dovecot.pop_port})
        self.assertEqual(len(self.fetched()), 4)
        self.assert_ledger()


@tagged("post_install", "-at_install")
class TestPopRemoving(PopCase):
    def changes(self):
        return self.env["mail.import.remote.change"].search([("mailbox_id", "=", self.support.id)])

    def test_mail_is_deleted_once_it_is_stored(self):
        self.support.after_import = "delete"
        self.put("First", "Second")
        self.assertEqual(self.fetched(), ["First", "Second"])
        self.assertFalse(self.on_server())
        self.assertFalse(self.changes())
        self.put("Third")
        self.assertEqual(self.fetched(), ["First", "Second", "Third"])
        self.assertFalse(self.on_server())

    def test_what_could_not_be_imported_stays_untouched(self):
        self.support.after_import = "delete"
        self.put("First", "Second")
        Importer = self.env.registry["mail.import.importer"]
        walk = Importer._walk

        def failing(importer, batch):
            if any(mail.parsed.subject == "Second" for mail in batch.mails):
                raise ValueError("broken")
            return walk(importer, batch)

        with patch.object(Importer, "_walk", failing), mute_logger(IMPORTER):
            self.fetch(self.support)
        self.assertEqual(self.on_server(), {"Second": set()})

    def test_nothing_is_deleted_where_the_batch_is_rolled_back(self):
        self.support.after_import = "delete"
        self.put("First")
        Mailbox = self.env.registry["mail.import.mailbox"]

        def failing(*_args):
            raise KeyError("the worker stops here")

        with patch.object(Mailbox, "_import_batch", failing), mute_logger(FETCHING):
            self.fetch(self.support)
        self.assertEqual(list(self.on_server()), ["First"])
        self.support.next_fetch = False
        self.assertEqual(self.fetched(), ["First"])
        self.assertFalse(self.on_server())

    def test_a_server_that_does_not_remove_is_asked_again(self):
        self.support.after_import = "delete"
        script = self.scripted(build_mail(subject="One"), ids=["a"])
        script.answer = {"QUIT": b"-ERR not removed\r\n"}.get
        self.assertEqual(self.fetched(), ["One"])
        self.assertIn("not removed", self.changes().last_error)
        script.answer = lambda _command: None
        self.fetched()
        self.assertFalse(script.mails)
        self.assertFalse(self.changes())

    def test_a_mail_that_is_told_to_go_is_the_one_that_was_stored(self):
        """The number of a message is another one in each connection; its name is not."""
        self.support.after_import = "delete"
        script = self.scripted(build_mail(subject="One"), build_mail(subject="Two"), ids=["a", "b"])
        script.answer = {"QUIT": b"-ERR not now\r\n"}.get
        self.fetched()
        script.answer = lambda _command: None
        script.mails, script.ids = [build_mail(subject="Three"), script.mails[1]], ["c", "b"]
        with patch.object(PopReceiver, "fetch", lambda *_args, **_options: iter(())):
            self.fetch(self.support)
        self.assertEqual(script.ids, ["c"])


@tagged("post_install", "-at_install")
class TestPopAudit(PopCase):
    def audit(self):
        self.support.with_user(self.agent).action_audit()
        self.fetched()
        return self.support.audit_ids[:1]

    def test_a_whole_mailbox_has_nothing_missing(self):
        self.put("Old", days_ago=30)
        self.put("First", "Second")
        self.fetched()
        audit = self.audit()
        self.assertEqual((audit.state, audit.located, audit.missing), ("done", 2, 0))

    def test_what_the_ledger_lacks_is_named_and_fetched(self):
        self.put("First", "Second", "Third")
        self.fetched()
        lost = self.locations(self.support).filtered(lambda each: each.entry_id.subject == "Second")
        uid, emails = lost.uid, lost.entry_id.email_id
        lost.unlink()
        emails.unlink()
        self.env["mail.import.tombstone"].search([]).unlink()
        audit = self.audit()
        self.assertEqual((audit.missing, audit.fetched), (1, 1))
        self.assertEqual((audit.line_ids.uid, audit.line_ids.subject), (uid, "Second"))
        self.assertEqual(len(self.entries(self.support)), 3)
        self.assertEqual(self.audit().missing, 0)

    def test_old_mail_of_a_server_without_headers_is_not_missing(self):
        self.scripted(
            build_mail(subject="Old", minutes_ago=1440 * 30), build_mail(), ids=["a", "b"],
            gives_headers=False,
        )  # fmt: skip
        self.fetched()
        self.assertEqual(self.audit().missing, 0)


@tagged("post_install", "-at_install")
class TestPopQuarantine(PopCase):
    def test_a_mail_that_was_not_handed_over_is_asked_for_by_its_name(self):
        script = self.scripted(build_mail(subject="One"), build_mail(subject="Two"), ids=["a", "b"])
        script.answer = {"RETR 2": b"-ERR broken\r\n"}.get
        self.assertEqual(self.fetched(), ["One"])
        quarantine = self.env["mail.import.quarantine"].search([])
        self.assertIn("broken", quarantine.reason)
        script.answer = lambda _command: None
        script.mails, script.ids = script.mails[1:], script.ids[1:]
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            quarantine.with_env(api.Environment(cr, api.SUPERUSER_ID, {}))._retry()
        self.env.invalidate_all()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(self.fetched(), ["One", "Two"])
        self.assertEqual(len(self.locations(self.support)), 2)

    def test_a_mail_that_is_gone_says_so(self):
        script = self.scripted(build_mail(subject="One"), build_mail(), ids=["a", "b"])
        script.answer = {"RETR 1": b"-ERR broken\r\n"}.get
        self.fetched()
        script.mails, script.ids = script.mails[1:], script.ids[1:]
        quarantine = self.env["mail.import.quarantine"].search([])
        quarantine._retry()
        self.assertIn("no longer in its folder", quarantine.reason)


@tagged("post_install", "-at_install")
class TestPopSetup(PopCase):
    def test_a_rehearsal_tells_and_leaves_nothing(self):
        self.put("First", "Second")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            action = self.support.with_user(self.agent).action_rehearse()
        rehearsal = self.env["mail.import.rehearsal"].browse(action["res_id"])
        self.assertEqual(sum(rehearsal.kind_ids.mapped("count")), 2)
        self.assertFalse(self.entries(self.support))
        self.assertFalse(self.env["mail.import.unique.id"].search([]))
        self.assertEqual(self.fetched(), ["First", "Second"])

    def test_the_connection_test(self):
        action = self.support.with_user(self.administrator).action_test_connection()
        test = self.env["mail.import.connection.test"].browse(action["res_id"])
        self.assertTrue(test.worked)
        self.assertEqual(test.stage_ids.mapped("stage")[-2:], ["login", "folder"])

    def test_the_hosts_own_test(self):
        self.assertEqual(self.support.server_id.server_type, "pop")
        self.support.server_id.button_confirm_login()
        self.assertEqual(self.support.server_id.state, "done")

    def test_what_pop3_cannot_is_refused(self):
        for vals in ({"after_import": "seen"}, {"folder_pattern": "*"}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.support.write(vals)
        with self.assertRaises(ValidationError):
            self.support.write({"unmatched": "move", "unmatched_folder": "Else"})

    def test_choosing_pop3_on_the_form(self):
        self.support.write({"protocol": "imap", "after_import": "seen", "folder_pattern": "*"})
        self.support.remote_folder_ids = [fields.Command.create({"name": "Projects"})]
        with Form(self.support.with_user(self.administrator)) as form:
            form.protocol = "pop"
            self.assertEqual(form.after_import, "untouched")
            self.assertEqual(form.port, 110)
            form.password = "secret"
        self.assertFalse(self.support.folder_pattern)
        self.assertEqual(self.support.remote_folder_ids.mapped("name"), ["INBOX"])

    def test_a_providers_pop3_server(self):
        mailbox = self.env["mail.import.mailbox"].create(
            {"name": "X", "kind": "group", "address": "x@gmail.com"}
        )
        self.assertEqual((mailbox.host, mailbox.port), ("imap.gmail.com", 993))
        mailbox.protocol = "pop"
        self.assertEqual(
            (mailbox.host, mailbox.port, mailbox.security), ("pop.gmail.com", 995, "ssl")
        )
        self.assertIn("pop.gmail.com", self.support._personal_peers().known_hosts)

    def test_the_password_goes_to_no_other_port(self):
        with self.assertRaises(UserError):
            self.support.with_user(self.administrator).write({"protocol": "imap", "port": 143})

    def test_a_pop_server_of_the_host_becomes_a_mailbox(self):
        server = self.env["fetchmail.server"].create(
            {
                "name": "Old", "server_type": "pop", "server": self.dovecot.host,
                "port": self.dovecot.pop_port, "user": "old@company.example",
                "password": "secret", "state": "done",
            }
        )  # fmt: skip
        self.dovecot.add_user("old@company.example", "secret")
        action = server.with_user(self.administrator).action_turn_into_mailbox()
        mailbox = self.env["mail.import.mailbox"].browse(action["res_id"])
        self.assertEqual((mailbox.protocol, server.server_type), ("pop", "pop"))
        mailbox.action_activate()
        self.deliver(mailbox, build_mail(subject="Fresh", to="old@company.example", minutes_ago=0))
        self.assertEqual(self.fetched(mailbox), ["Fresh"])

    def test_nobody_reads_unique_ids(self):
        self.put("First")
        self.fetched()
        unique_ids = self.env["mail.import.unique.id"].search([])
        self.assertEqual(len(unique_ids), 1)
        portal = new_test_user(self.env, login="portal", groups="base.group_portal")
        for user in (self.agent, self.colleague, self.administrator, portal):
            for act in ("read", "write", "create", "unlink"):
                with self.subTest(user.login, act=act), self.assertRaises(AccessError):
                    unique_ids.with_user(user).check_access(act)
