"""Passwords in the database: sealed under a key that is not in it; without the key, plain words."""

import os
import subprocess
import unittest
from unittest.mock import patch

import psycopg2

from odoo import tools
from odoo.exceptions import UserError
from odoo.tests import tagged

from environment.databases import copied, copy, drop

from ..keyring import SEALED, Keyring, new_key
from .common import ServerCase, build_mail
from .odoo_shell import run

WORD = "planted-Zwiebelkuchen-42"
NEW_KEY, OLD_KEY = new_key(), new_key()


def tables_that_hold(cursor, word):
    """Every table of the database, every row, as text."""
    cursor.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    tables = [name for (name,) in cursor.fetchall()]
    found = []
    for table in tables:
        cursor.execute(f"SELECT count(*) FROM {table} AS line WHERE line::text LIKE %s", [word])
        if cursor.fetchone()[0]:
            found.append(table)
    return found


@tagged("post_install", "-at_install")
class TestPasswordKeys(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.personal = cls._at_server(
            cls._mailbox("personal", "boss@company.example", owner_id=cls.boss.id)
        )
        cls.dovecot.add_user("boss@company.example", WORD)

    def keys(self, *keys):
        """Give Odoo these keys, as its configuration file would."""
        changed = patch.dict(tools.config.options, {"mail_import_key": ", ".join(keys)})
        changed.start()
        self.addCleanup(changed.stop)
        self.env["mail.import.mailbox"].invalidate_model(["password_protection"])

    def reads(self, mailbox):
        error = self.fetch(mailbox)
        mailbox.invalidate_recordset()
        return str(error) if error else True

    def test_a_password_is_sealed_when_written_and_used_when_reading(self):
        self.keys(NEW_KEY)
        with self.assertLogs("odoo", "DEBUG") as logs:
            self.personal.with_user(self.boss).write({"password": WORD, "smtp_password": WORD})
            self.env.flush_all()
            self.assertIs(self.reads(self.personal), True)
        self.assertNotIn(WORD, "".join(logs.output))
        self.assertEqual(tables_that_hold(self.env.cr, f"%{WORD}%"), [])
        self.assertEqual(self.personal.password_protection, "sealed")
        self.assertEqual(self.personal._smtp_secret__(), WORD)

    def test_the_scan_of_the_database_finds_what_is_plain(self):
        self.personal.password = WORD
        self.env.flush_all()
        self.assertEqual(tables_that_hold(self.env.cr, f"%{WORD}%"), ["public.mail_import_mailbox"])
        self.assertEqual(self.personal.password_protection, "no_key")

    def test_the_environment_goes_before_the_file(self):
        self.keys(OLD_KEY)
        with patch.dict(os.environ, {"MAIL_IMPORT_KEY": NEW_KEY}):
            self.personal.password = WORD
        self.assertEqual(Keyring(NEW_KEY).open(self.personal.password_secret), WORD)

    def test_what_is_plain_is_sealed_by_the_command_and_still_used(self):
        self.personal.password = WORD
        self.keys(NEW_KEY)
        self.assertEqual(self.personal.password_protection, "plain")
        counts = self.env["mail.import.mailbox"]._seal_all__()
        self.assertGreaterEqual(counts["plain"], 2)
        self.env.flush_all()
        self.assertEqual(tables_that_hold(self.env.cr, f"%{WORD}%"), [])
        self.assertIs(self.reads(self.personal), True)
        self.assertEqual(self.env["mail.import.mailbox"]._seal_all__()["plain"], 0)

    def test_rotation(self):
        self.keys(OLD_KEY)
        self.personal.password = WORD
        self.keys(NEW_KEY, OLD_KEY)
        self.assertIs(self.reads(self.personal), True)
        self.assertEqual(self.env["mail.import.mailbox"]._count_secrets__()["older"], 1)
        self.env["mail.import.mailbox"]._seal_all__()
        self.keys(NEW_KEY)
        self.assertIs(self.reads(self.personal), True)
        self.assertEqual(self.personal.password_protection, "sealed")

    def test_a_lost_key_is_told_in_plain_words_and_breaks_nothing_else(self):
        self.keys(OLD_KEY)
        self.personal.password = WORD
        self.keys(NEW_KEY)
        self.assertIn("key that this Odoo does not have", self.reads(self.personal))
        self.assertEqual(self.personal.password_protection, "lost_key")
        self.assertIn("key that this Odoo does not have", self.personal.last_error)
        test = self.personal.with_user(self.boss).action_test_connection()
        stages = self.env["mail.import.connection.test"].browse(test["res_id"]).stage_ids
        self.assertIn("key that this Odoo does not have", stages[-1].message)
        self.personal.smtp_sign_in = True
        with self.assertRaisesRegex(UserError, "key that this Odoo does not have"):
            self.personal.mail_server_id._smtp_login__(None, "boss", "")
        self.deliver(self.support, build_mail())
        self.assertIs(self.reads(self.support), True)
        self.assertTrue(self.entries(self.support))
        self.personal.with_user(self.boss).read(["name", "has_password", "password_protection"])
        self.personal.with_user(self.boss).password = WORD
        self.assertIs(self.reads(self.personal), True)

    def test_what_is_no_key_stores_no_password(self):
        self.keys("nonsense")
        before = self.personal.password_secret
        with self.assertRaisesRegex(UserError, "is not a key"):
            self.personal.password = WORD
        self.assertEqual(self.personal.password_secret, before)
        self.assertEqual(self.personal.password_protection, "invalid_key")

    def test_a_password_entered_at_the_hosts_server_becomes_the_mailboxs(self):
        self.keys(NEW_KEY)
        self.personal.server_id.with_user(self.administrator).password = WORD
        self.personal.mail_server_id.with_user(self.administrator).smtp_pass = WORD
        self.env.flush_all()
        self.assertEqual(tables_that_hold(self.env.cr, f"%{WORD}%"), [])
        self.assertEqual(self.personal._password__(), WORD)
        self.assertEqual(self.personal._smtp_secret__(), WORD)

    def test_a_server_taken_over_leaves_no_password_behind(self):
        self.keys(NEW_KEY)
        server = self.env["fetchmail.server"].create(
            {"name": "Old", "server": "h.example", "user": "u", "password": WORD,
             "server_type": "imap", "port": 993}
        )  # fmt: skip
        server.with_user(self.administrator).action_turn_into_mailbox()
        self.env.flush_all()
        self.assertEqual(tables_that_hold(self.env.cr, f"%{WORD}%"), [])
        self.assertEqual(server.mail_import_mailbox_ids._password__(), WORD)

    def test_no_role_reads_a_sealed_password(self):
        self.keys(NEW_KEY)
        self.personal.password = WORD
        for user in (self.boss, self.agent, self.administrator):
            for name in ("password_secret", "smtp_password_secret"):
                with self.subTest(user=user.login, field=name), self.assertRaises(UserError):
                    self.personal.with_user(user).read([name])


MAKING = f"""
env["mail.import.mailbox"].create({{
    "name": "Support", "kind": "group", "address": "support@company.example",
    "host": "127.0.0.1", "port": 143, "security": "none", "password": "{WORD}",
    "smtp_host": "127.0.0.1", "smtp_password": "{WORD}"}})
env.cr.commit()
print("importer: done", flush=True)
"""


@tagged("post_install", "-at_install")
class TestKeysCommand(unittest.TestCase):
    """The real command, on a committed database."""

    def setUp(self):
        super().setUp()
        self.database = self.enterContext(copied("keys"))

    def command(self, action, keys="", database=None):
        environment = {**os.environ, "MAIL_IMPORT_KEYS": keys}
        result = subprocess.run(
            [os.environ["MAIL_IMPORT_PYTHON"], "-m", "odoo",
             f"--addons-path={os.environ['MAIL_IMPORT_CHECKOUT']}", "mailbox_keys", action,
             "-c", os.environ["MAIL_IMPORT_CONFIG"], "-d", database or self.database],
            env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        self.assertNotIn(WORD, result.stdout + result.stderr)
        return result

    def holds(self, word, database=None):
        with psycopg2.connect(
            host=os.environ["PGHOST"], port=os.environ["PGPORT"], user=os.environ["PGUSER"],
            dbname=database or self.database,
        ) as connection:  # fmt: skip
            found = tables_that_hold(connection.cursor(), f"%{word}%")
        connection.close()
        return found

    def test_making_encrypting_rotating_and_moving_to_another_computer(self):
        run(self.database, MAKING)
        self.assertEqual(self.holds(WORD), ["public.mail_import_mailbox"])
        first, second = (self.command("new").stdout.strip() for _ in range(2))
        self.assertNotEqual(first, second)

        done = self.command("encrypt", first)
        self.assertIn("Newly encrypted: 2, encrypted again: 0", done.stdout)
        self.assertEqual(self.holds(WORD), [])
        self.assertEqual(self.holds(SEALED), ["public.mail_import_mailbox"])
        done = self.command("encrypt", f"{second},{first}")
        self.assertIn("encrypted again: 2", done.stdout)
        self.assertFalse(done.returncode)
        counted = self.command("status", f"{first}, {second}").stdout
        self.assertIn("2 encrypted under an older key", counted)

        elsewhere = f"{self.database}_elsewhere"
        copy(self.database, elsewhere)
        self.addCleanup(drop, elsewhere)
        self.assertEqual(self.holds(first, elsewhere) + self.holds(second, elsewhere), [])
        moved = self.command("encrypt", first, elsewhere)
        self.assertIn("not readable: 2", moved.stdout)
        self.assertTrue(moved.returncode)
