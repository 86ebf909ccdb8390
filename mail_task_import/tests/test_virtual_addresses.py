"""Virtual addresses: mail that the mail server hands over by the host's gateway."""

import json
import os
import subprocess
import sys
import unittest
import xmlrpc.client
from pathlib import Path
from tempfile import NamedTemporaryFile
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

import odoo.addons.mail

from environment.databases import copied

from .bounce_reports import build_report
from .common import MailImportCase, ServerCase, build_mail
from .odoo_process import OdooProcess
from .odoo_shell import run

VIRTUAL = "odoo.addons.mail_task_import.models.mailbox_virtual"
IMPORTER = "odoo.addons.mail_task_import.models.importer"


class VirtualCase(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "our.example"})
        cls.env.company.alias_domain_id = cls.domain
        cls.gateway = new_test_user(
            cls.env, "gateway", "base.group_user,mail_task_import.group_gateway"
        )
        cls.desk = cls._virtual("desk")

    @classmethod
    def _virtual(cls, name, kind="group", **values):
        values = {"host": False, "password": False, "member_ids": cls.agent.ids, **values}
        return cls._mailbox(
            kind,
            values.pop("address", f"{name}@elsewhere.example"),
            alias_name=name,
            alias_domain_id=cls.domain.id,
            **values,
        )

    def hand_over(self, raw, user=None):
        """As ``odoo-mailgate`` does."""
        threads = self.env["mail.thread"].with_user(user or self.gateway)
        result = threads.message_process(False, xmlrpc.client.Binary(raw))
        self.env.flush_all()
        return result

    def entries(self, mailbox):
        return self.env["mail.import.entry"].search([("mailbox_id", "=", mailbox.id)], order="id")

    def quarantined(self, mailbox):
        return self.env["mail.import.quarantine"].search([("mailbox_id", "=", mailbox.id)])


@tagged("post_install", "-at_install")
class TestVirtualAddresses(VirtualCase):
    def test_mail_to_it_comes_in_as_any_mail(self):
        self.desk.default_target_id = self.env.ref("mail_task_import.target_lead")
        raw = build_mail(to="Desk <desk@our.example>")
        self.assertFalse(self.hand_over(raw))
        entry = self.entries(self.desk)
        self.assertEqual(entry.with_context(bin_size=False).original and entry.has_original, True)
        self.assertEqual(self.record(entry.email_id)._name, "crm.lead")
        self.assertEqual(entry.email_id.create_uid.id, 1)

    def test_where_the_address_may_stand(self):
        for number, (to, headers) in enumerate(
            (
                ("Desk@OUR.example", {}),
                ("desk+orders@our.example", {}),
                ("ann@customer.example", {"Cc": "desk@our.example"}),
                ("undisclosed-recipients:;", {"Delivered_To": "desk@our.example"}),
                ("list@customer.example", {"X_Original_To": "desk@our.example"}),
                ("ann@customer.example", {"Resent_To": "desk@our.example"}),
            )
        ):
            with self.subTest(to=to, **headers):
                self.hand_over(build_mail(subject=f"{number}", to=to, **headers))
                self.assertEqual(self.entries(self.desk)[-1].subject, f"{number}")

    def test_two_mailboxes_get_one_mail_that_is_handed_over_twice(self):
        other = self._virtual("other")
        raw = build_mail(to="desk@our.example, other@our.example")
        for delivered in ("desk", "other"):
            self.hand_over(f"Delivered-To: {delivered}@our.example\r\n".encode() + raw)
        first, second = self.entries(self.desk), self.entries(other)
        self.assertEqual((len(first), len(second)), (1, 1))
        self.assertEqual(first.email_id, second.email_id)

    def test_unix_line_ends_do_not_make_it_another_mail(self):
        """``odoo-mailgate`` reads text."""
        raw = build_mail(to="desk@our.example, support@company.example", text="One\n\nTwo\n")
        self.receive(self.support, raw)
        self.hand_over(raw.replace(b"\r\n", b"\n"))
        self.assertEqual(self.entries(self.desk).email_id, self.entries(self.support).email_id)

    def test_other_mail_goes_the_hosts_way(self):
        self.project.alias_id.write({"alias_name": "work", "alias_domain_id": self.domain.id})
        task = self.hand_over(build_mail(subject="Task of the host", to="work@our.example"))
        self.assertEqual(self.env["project.task"].browse(task).project_id, self.project)
        self.assertFalse(self.env["mail.import.email"].search([("subject", "like", "Task of")]))

    def test_one_mailbox_takes_mail_for_records(self):
        self.project.alias_id.write({"alias_name": "work", "alias_domain_id": self.domain.id})
        self.support.takes_records = True
        self.hand_over(build_mail(subject="By alias", to="work@our.example"))
        by_alias = self.entries(self.support)
        task = self.record(by_alias.email_id)
        self.assertEqual(task.project_id, self.project)
        self.hand_over(
            build_mail(subject="By number", to=f"task+{task.id}@our.example", minutes_ago=1)
        )
        self.assertEqual(self.record((self.entries(self.support) - by_alias).email_id), task)

    def test_a_number_of_a_foreign_domain_is_the_hosts(self):
        self.support.takes_records = True
        with self.assertRaises(ValueError), mute_logger("odoo.addons.mail.models.mail_thread"):
            self.hand_over(build_mail(to="task+12@elsewhere.example"))

    def test_a_paused_or_archived_mailbox_loses_nothing(self):
        self.desk.state = "draft"
        self.hand_over(build_mail(subject="paused", to="desk@our.example"))
        self.desk.active = False
        self.hand_over(build_mail(subject="archived", to="desk@our.example"))
        self.assertEqual(self.entries(self.desk).mapped("subject"), ["paused", "archived"])

    def test_addresses_that_change_are_known_at_once(self):
        self.desk.alias_name = "front"
        self.hand_over(build_mail(to="front@our.example"))
        self.domain.name = "new.example"
        self.hand_over(build_mail(subject="New", to="front@new.example"))
        self.assertEqual(len(self.entries(self.desk)), 2)

    def test_it_is_active_without_a_server_and_nothing_looks_for_one(self):
        self.desk.state = "draft"
        self.desk.action_activate()
        self.assertEqual(self.desk.state, "active")
        self.assertEqual(self.desk.server_id.state, "draft")
        self.assertFalse(self.desk._due_here())
        self.assertEqual(self.desk.fetch_progress()["state"], "off")

    def test_an_answer_of_ours_to_it_does_not_link_to_itself(self):
        """The alias of a mailbox makes no record: not in any mailbox that sees it among others."""
        raw = build_mail(to="support@company.example", Cc="desk@our.example")
        (mail,) = self.receive(self.support, raw)
        self.assertEqual(mail.state, "stored")
        self.assertNotIn("mail.import.mailbox", mail.email.link_ids.mapped("res_model"))

    # -- trouble --------------------------------------------------------------------------------

    def test_a_mail_that_cannot_be_imported_is_kept_and_nobody_is_told_no(self):
        raw = build_mail(to="desk@our.example")
        link = self.env.registry["mail.import.link"]
        with patch.object(link, "_store", side_effect=ValueError("no")), mute_logger(IMPORTER):
            for _time in range(2):
                self.assertFalse(self.hand_over(raw))
        quarantine = self.quarantined(self.desk)
        self.assertEqual(len(quarantine), 1)
        quarantine.with_user(self.agent).action_retry()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(len(self.entries(self.desk)), 1)

    def test_a_report_that_was_put_aside_counts_when_it_is_imported(self):
        message = self.customer.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        raw = build_report(f"Message-ID: {message.message_id}", to="desk@our.example")
        link = self.env.registry["mail.import.link"]
        with patch.object(link, "_store", side_effect=ValueError("no")), mute_logger(IMPORTER):
            self.hand_over(raw)
        self.assertFalse(self.customer.mail_import_left_out)
        self.quarantined(self.desk).with_user(self.agent).action_retry()
        self.env.invalidate_all()
        self.assertTrue(self.customer.mail_import_left_out)

    def test_two_workers_that_meet_are_told_to_do_it_again(self):
        raw = build_mail(to="desk@our.example")
        importer = self.env.registry["mail.import.importer"]
        for error in (psycopg2.errors.UniqueViolation(), psycopg2.errors.SerializationFailure()):
            with (
                patch.object(importer, "_walk", side_effect=error),
                self.assertRaises(ConcurrencyError),
            ):
                self.hand_over(raw)
        self.assertFalse(self.quarantined(self.desk))

    def test_what_the_host_fetches_waits_where_it_would_not_come_again(self):
        raw = build_mail(to="desk@our.example")
        importer = self.env.registry["mail.import.importer"]
        threads = self.env["mail.thread"].with_context(default_fetchmail_server_id=1)
        with (
            patch.object(importer, "_walk", side_effect=psycopg2.errors.UniqueViolation()),
            mute_logger(VIRTUAL),
        ):
            threads.message_process(False, raw)
        self.assertEqual(self.quarantined(self.desk).state, "waiting")

    def test_a_full_disk_is_the_mail_servers_to_know(self):
        importer = self.env.registry["mail.import.importer"]
        with (
            patch.object(importer, "_walk", side_effect=OSError(28, "No space left on device")),
            self.assertRaises(OSError),
        ):
            self.hand_over(build_mail(to="desk@our.example"))

    # -- access ---------------------------------------------------------------------------------

    def test_who_is_no_gateway_hands_over_nothing(self):
        portal = new_test_user(self.env, login="portal", groups="base.group_portal")
        for user in (self.colleague, self.agent, portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.hand_over(build_mail(to="desk@our.example"), user)
        self.assertFalse(self.entries(self.desk) | self.entries(self.support))
        self.assertFalse(
            self.env["mail.message"].search(
                [("model", "=", "mail.import.mailbox"), ("message_type", "=", "email")]
            )
        )

    def test_the_gateway_itself_reads_nothing(self):
        self.hand_over(build_mail(to="desk@our.example"))
        for model in ("entry", "email", "quarantine"):
            self.assertFalse(self.env[f"mail.import.{model}"].with_user(self.gateway).search([]))

    def test_only_administrators_give_addresses(self):
        own = self._mailbox("personal", "boss@elsewhere.example", owner_id=self.boss.id)
        for values in (
            {"alias_name": "sales"},
            {"alias_id": self.desk.alias_id.id},
            {"takes_records": True},
        ):
            with self.subTest(values), self.assertRaises(AccessError), self.env.cr.savepoint():
                own.with_user(self.boss).write(values)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["mail.import.mailbox"].with_user(self.colleague).create(
                {"name": "Mine", "kind": "personal", "address": "x@y.example", "alias_name": "hr"}
            )
        own.with_user(self.administrator).alias_name = "the.boss"
        self.hand_over(build_mail(to="the.boss@our.example"))
        entry = self.entries(own)
        self.assertEqual(entry.user_id, self.boss)
        with self.assertRaises(AccessError):
            entry.with_user(self.administrator).read(["subject"])

    def test_an_alias_of_something_else_stays_its_own(self):
        self.project.alias_id.write({"alias_name": "work", "alias_domain_id": self.domain.id})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.desk.alias_id = self.project.alias_id
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.desk.alias_name = "work"


@tagged("post_install", "-at_install")
class TestVirtualAndFetched(ServerCase, VirtualCase):
    def test_the_same_mail_by_imap_and_by_the_gateway_is_one(self):
        self.support.write({"alias_name": "assistance", "alias_domain_id": self.domain.id})
        raw = build_mail(to="assistance@our.example")
        for first, second in ((self.hand_over, self.by_imap), (self.by_imap, self.hand_over)):
            raw = raw.replace(b"Question", b"Another question")
            raw = raw.replace(b"Message-ID: <", b"Message-ID: <x")
            first(raw)
            second(raw)
        self.assertEqual(len(self.entries(self.support)), 2)
        self.assertEqual(
            sorted(self.locations(self.support).mapped("outcome")), ["duplicate", "stored"]
        )

    def by_imap(self, raw):
        self.deliver(self.support, raw)
        self.fetch(self.support)
        self.env.invalidate_all()


SETTING_UP = """
domain = env["mail.alias.domain"].create({"name": "our.example"})
env.company.alias_domain_id = domain
admin = env.ref("base.user_admin")
env["mail.import.mailbox"].create({
    "name": "Desk", "kind": "group", "address": "desk@elsewhere.example", "host": False,
    "member_ids": [admin.id], "alias_name": "desk", "alias_domain_id": domain.id,
    "state": "active", "default_target_id": env.ref("mail_task_import.target_lead").id,
})
for login, group in (("gateway", "mail_task_import.group_gateway"), ("other", "base.group_user")):
    env["res.users"].create({
        "login": login, "name": login, "password": login * 3,
        "group_ids": [(6, 0, [env.ref("base.group_user").id, env.ref(group).id])],
    })
env.cr.commit()
print("importer: done")
"""
LOOKING = """
entries = env["mail.import.entry"].search([])
assert len(entries) == 20, entries.mapped("subject")
assert len(entries.email_id) == 20
leads = env["crm.lead"].search([("type", "!=", False), ("name", "like", "Piped")])
assert len(leads) == 20, len(leads)
assert not env["mail.import.quarantine"].search([])
umlauts = entries.filtered(lambda entry: "Piped 3" == entry.subject)
assert "Größe" in umlauts.email_id.body_text
print("importer: done")
"""
IDS = """
import json
users = env["res.users"].search([("login", "in", ("gateway", "other"))])
from pathlib import Path
Path({path!r}).write_text(json.dumps({{user.login: user.id for user in users}}))
print("importer: done")
"""


@tagged("post_install", "-at_install")
class TestTheMailServersPipe(unittest.TestCase):
    """The host's own script, which the mail server runs, and an Odoo of its own process."""

    def test_mails_that_are_piped_in(self):
        database = self.enterContext(copied("pipe"))
        run(database, SETTING_UP)
        ids = self._ids(database)
        with OdooProcess(database) as odoo:
            self.odoo = odoo
            self.database = database
            mails = [
                build_mail(
                    subject=f"Piped {n}",
                    sender=f"Ann {n} <ann{n}@customer.example>",
                    to="desk@our.example",
                    text=f"No. {n}: die Größe",
                )
                for n in range(20)
            ]
            pipes = [self.pipe(ids["gateway"], "gateway" * 3, mail) for mail in mails[:10]]
            self.assertEqual([pipe.wait(120) for pipe in pipes], [0] * 10)
            # each once more, two at once: the mail server tries again what it is not sure of
            pipes = [
                self.pipe(ids["gateway"], "gateway" * 3, mail) for mail in mails for _time in "ab"
            ]
            self.assertEqual({pipe.wait(240) for pipe in pipes}, {0})
            refused = self.pipe(ids["other"], "other" * 3, mails[0])
            self.assertNotEqual(refused.wait(60), 0)
            refused = self.pipe(ids["gateway"], "wrong", mails[0])
            self.assertNotEqual(refused.wait(60), 0)
        run(database, LOOKING)

    def _ids(self, database):
        with NamedTemporaryFile("r") as file:
            run(database, IDS.format(path=file.name))
            return json.loads(Path(file.name).read_text())

    def pipe(self, user_id, password, raw):
        script = Path(odoo.addons.mail.__file__).parent / "static/scripts/odoo-mailgate.py"
        port, user_id = str(self.odoo.port), str(user_id)
        process = subprocess.Popen(
            [
                sys.executable, str(script), "-d", self.database, "-u", user_id, "-p", password,
                "--host", "127.0.0.1", "--port", port,
            ],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
        process.stdin.write(raw)
        process.stdin.close()
        self.addCleanup(process.stdin.close)
        return process
