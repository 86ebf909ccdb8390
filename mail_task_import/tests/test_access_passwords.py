"""Passwords are written and never read: not by their owner, not by the system administrator."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_access_common import AccessCase

WORD = "correct-horse-battery"
ERRORS = (UserError, ValueError, KeyError)


@tagged("post_install", "-at_install")
class TestPasswords(AccessCase):
    def setUp(self):
        super().setUp()
        self.private.write(
            {
                "password": WORD,
                "smtp_host": "smtp.company.example",
                "smtp_password": WORD,
            }
        )
        self.everybody = self.outsiders | self.agent | self.boss
        self.env.flush_all()

    def said(self, ask):
        """What is answered, as text; an error counts as silence."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.models"):
                return repr(ask())
        except ERRORS as error:
            return str(error)

    def assertUnsaid(self, ask):
        self.assertNotIn(WORD, self.said(ask))

    def test_the_password_is_there_and_used(self):
        self.assertEqual(self.private._smtp_secret__(), WORD)
        self.assertTrue(self.as_user(self.private, self.boss).has_password)

    def test_no_way_of_reading_gives_a_password_back(self):
        for user in self.everybody:
            mailbox = self.as_user(self.private, user)
            Model, domain = mailbox.browse(), [("id", "=", mailbox.id)]
            for name in ("password", "password_secret", "smtp_password", "smtp_password_secret"):
                for ask in (
                    lambda m=mailbox, n=name: m.read([n]),
                    lambda m=mailbox: m.read(),
                    lambda M=Model, d=domain, n=name: M.search_read(d, [n]),
                    lambda m=mailbox, n=name: m.export_data([n])["datas"],
                    lambda m=mailbox, n=name: m.web_read({n: {}}),
                    lambda M=Model, n=name: M.default_get([n]),
                    lambda m=mailbox, n=name: m.copy_data()[0].get(n),
                    lambda m=mailbox, n=name: m.mapped(n),
                    lambda m=mailbox, n=name: m.onchange({}, [n], {n: {}}),
                    lambda M=Model, n=name: M.formatted_read_group([], [n], ["__count"]),
                    lambda M=Model, n=name: M.formatted_read_group([], [], [n + ":array_agg"]),
                    lambda M=Model, n=name: M.search_panel_select_range(n),
                ):
                    with self.subTest(user=user.login, field=name):
                        self.assertUnsaid(ask)

    def test_no_domain_tells_how_a_password_begins(self):
        """A search that finds or does not find is an oracle, letter by letter."""
        for user in self.everybody:
            for model, path in (
                ("mail.import.mailbox", ""),
                ("mail.import.entry", "mailbox_id."),
                ("mail.import.remote.folder", "mailbox_id."),
                ("mail.import.signature", "mailbox_id."),
                ("mail.import.folder", "mailbox_id."),
                ("mail.mail", "mail_import_mailbox_id."),
                ("fetchmail.server", "mail_import_mailbox_ids."),
                ("ir.mail_server", "mail_import_mailbox_ids."),
            ):
                for name in ("password_secret", "smtp_password_secret", "password"):
                    with self.subTest(user=user.login, model=model, field=name):
                        Model = self.as_user(self.env[model], user)
                        right = self.said(
                            lambda M=Model, n=path + name: M.search([(n, "like", "correct%")]).ids
                        )
                        wrong = self.said(
                            lambda M=Model, n=path + name: M.search([(n, "like", "zzz%")]).ids
                        )
                        self.assertEqual(right, wrong)

    def test_no_order_sorts_by_passwords(self):
        for user in self.everybody:
            with self.subTest(user=user.login):
                Model = self.as_user(self.env["mail.import.mailbox"], user)
                self.assertRaises(UserError, Model.search, [], order="password_secret")

    def test_a_copy_of_a_mailbox_has_no_password(self):
        copied = self.private.copy({"login": "other"})
        self.assertFalse(copied.password_secret or copied.smtp_password_secret)

    def test_the_servers_of_the_host_hold_no_password(self):
        self.assertFalse(self.private.server_id.password)
        self.assertFalse(self.private.mail_server_id.smtp_pass)
        for server in (self.private.server_id, self.private.mail_server_id):
            self.assertUnsaid(lambda s=server: self.as_user(s, self.administrator).read())

    def test_no_log_and_no_message_names_a_password(self):
        with self.assertLogs("odoo", "DEBUG") as logs:
            self.private.write({"password": WORD + "2", "smtp_password": WORD + "2"})
            self.env.flush_all()
        # the statement that stores it is written to the log of the database by its own level only
        spoken = [line for line in logs.output if "odoo.sql_db" not in line]
        self.assertNotIn(WORD, "".join(spoken))
        messages = self.private.message_ids
        self.assertNotIn(WORD, repr(messages.mapped("body")))
        values = messages.tracking_value_ids
        self.assertNotIn(
            WORD, repr(values.mapped("new_value_char") + values.mapped("old_value_char"))
        )

    def test_nobody_writes_the_secret_itself(self):
        for user in self.everybody:
            for name in ("password_secret", "smtp_password_secret"):
                with self.subTest(user=user.login, field=name):
                    mailbox = self.as_user(self.private, user)
                    self.assertRefused(lambda m=mailbox, n=name: m.write({n: "x"}))


@tagged("post_install", "-at_install")
class TestPasswordsStayWithTheirServer(AccessCase):
    """Who may name the server could have the password sent to one of their own."""

    def setUp(self):
        super().setUp()
        self.private.write(
            {
                "host": "imap.company.example",
                "password": WORD,
                "smtp_host": "imap.company.example",
            }
        )
        self.env.flush_all()

    def refuses(self, ask):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.models"):
                ask()
        except UserError:
            return True
        return False

    def test_an_administrator_does_not_name_another_server(self):
        for user in (self.administrator, self.mail_administrator):
            for values in ({"host": "evil.example"}, {"smtp_host": "evil.example"}):
                with self.subTest(user=user.login, values=values):
                    mailbox = self.as_user(self.private, user)
                    self.assertTrue(self.refuses(lambda m=mailbox, v=values: m.write(v)))

    def test_an_administrator_does_not_become_the_owner(self):
        """Else the next look would fetch the mail of somebody else into a mailbox of theirs."""
        for user in (self.administrator, self.mail_administrator):
            for values in (
                {"owner_id": user.id},
                {"kind": "group"},
                {"reader_ids": [(4, user.id)]},
                {"member_ids": [(4, user.id)], "kind": "group"},
            ):
                with self.subTest(user=user.login, values=values):
                    mailbox = self.as_user(self.private, user)
                    self.assertTrue(self.refuses(lambda m=mailbox, v=values: m.write(v)))
        self.assertEqual(self.private.reader_ids, self.boss)

    def test_the_hosts_servers_of_a_mailbox_send_its_password_nowhere_else(self):
        incoming = self.as_user(self.private.server_id, self.administrator)
        if not self.refuses(lambda: incoming.write({"server": "evil.example"})):
            self.assertTrue(self.refuses(lambda: incoming._imap_login__(_Listening())))
        outgoing = self.as_user(self.private.mail_server_id, self.administrator)
        if not self.refuses(lambda: outgoing.write({"smtp_host": "evil.example"})):
            self.assertTrue(self.refuses(lambda: outgoing._smtp_login__(_Listening(), "boss", "")))

    def test_a_mailbox_is_not_put_behind_another_server(self):
        administrator = self.administrator
        incoming = self.env["fetchmail.server"].create(
            {"name": "Evil", "server": "evil.example", "server_type": "imap", "user": "x"}
        )
        outgoing = self.env["ir.mail_server"].create(
            {"name": "Evil", "smtp_host": "evil.example", "smtp_user": "x"}
        )
        mailbox = self.as_user(self.private, administrator)
        self.refuses(lambda: mailbox.write({"server_id": incoming.id}))
        self.refuses(lambda: mailbox.write({"mail_server_id": outgoing.id}))
        for server in (incoming, outgoing):
            theirs = self.as_user(server, administrator)
            self.refuses(
                lambda s=theirs: s.write({"mail_import_mailbox_ids": [(4, self.private.id)]})
            )
        theirs = self.as_user(incoming, administrator)
        if theirs.mail_import_mailbox_ids:
            self.assertTrue(self.refuses(lambda: theirs._imap_login__(_Listening())))
        theirs = self.as_user(outgoing, administrator)
        if theirs.mail_import_mailbox_ids:
            self.assertTrue(self.refuses(lambda: theirs._smtp_login__(_Listening(), "boss", "")))


class _Listening:
    """A connection whose other end would hear the password."""

    def login(self, user, password):
        raise AssertionError(f"{user} signed in with {password}")

    def __getattr__(self, name):
        return self.login
