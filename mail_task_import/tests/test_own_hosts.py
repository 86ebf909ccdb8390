"""Whose mailbox may be on which mail server: settings, roles, reading and sending."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from environment.smtp_sink import SmtpSink

from .common import ServerCase, build_mail

OWN, INSIDE, PORTS = (
    f"mail_task_import.{name}" for name in ("own_hosts", "allowed_hosts", "allowed_ports")
)


@tagged("post_install", "-at_install")
class TestOwnHosts(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.personal = cls._at_server(
            cls._mailbox("personal", "boss@company.example", owner_id=cls.boss.id)
        )

    def allow(self, own="", inside="", ports=""):
        parameters = self.env["ir.config_parameter"]
        for key, value in ((OWN, own), (INSIDE, inside), (PORTS, ports)):
            parameters.set_param(key, value)

    def reads(self, mailbox):
        """Whether a mail comes in; the words of the failure otherwise."""
        self.deliver(mailbox, build_mail(to=mailbox.address))
        error = self.fetch(mailbox)
        mailbox.invalidate_recordset()
        return str(error) if error else bool(self.entries(mailbox))

    def sends(self, mailbox, user):
        """Whether a mail leaves; the words of the failure otherwise."""
        try:
            mailbox.with_user(user).action_send_test_mail()
        except UserError as error:
            return str(error)
        return bool(self.sink.messages())

    def test_without_an_administrators_word_an_own_host_is_not_used(self):
        self.allow(ports="1024-65535")
        self.assertIn("cannot be used", self.reads(self.personal))
        self.assertIn("cannot be used", self.sends(self.personal, self.boss))
        self.assertFalse(self.sink.messages())
        self.assertTrue(self.personal.with_user(self.boss).needs_own_hosts)

    def test_what_says_no_means_no(self):
        Settings = self.env["res.config.settings"].with_user(self.administrator)
        for word, own in (("False", False), ("0", False), ("off", False), ("1", True)):
            self.allow(own=word)
            self.assertEqual(self.personal._peers().own_hosts, own, word)
            self.assertEqual(Settings.create({}).mail_import_own_hosts, own, word)

    def test_own_hosts_inside_need_more_than_own_hosts(self):
        self.allow(own="True", ports="1024-65535")
        self.assertIn("cannot be used", self.reads(self.personal))
        self.assertIn("cannot be used", self.sends(self.personal, self.boss))

    def test_other_ports_than_those_of_mail_are_allowed_apart(self):
        self.allow(own="True", inside="127.0.0.1")
        self.assertIn("not one of mail", self.reads(self.personal))
        self.assertIn("not one of mail", self.sends(self.personal, self.boss))

    def test_what_an_administrator_lists_works(self):
        self.allow(inside="127.0.0.1", ports="1024-65535")
        self.assertIs(self.reads(self.personal), True)
        self.assertIs(self.sends(self.personal, self.boss), True)
        self.assertFalse(self.personal.needs_own_hosts)

    def test_a_group_mailbox_is_an_administrators_and_needs_no_list(self):
        self.allow()
        self.assertIs(self.reads(self.support), True)
        self.assertIs(self.sends(self.support, self.administrator), True)
        self.assertFalse(self.support.needs_own_hosts)

    def test_a_setting_that_cannot_be_understood_allows_nothing(self):
        self.allow(own="True", inside="127.0.0.1, 10.0.0.0/99", ports="all")
        with self.assertLogs("odoo.addons.mail_task_import.models.mailbox_hosts", "WARNING"):
            self.assertIn("not one of mail", self.reads(self.personal))

    def test_the_dialogs_of_a_mailbox_are_bound_too(self):
        self.allow(ports="1024-65535")
        mailbox = self.personal.with_user(self.boss)
        test = self.env["mail.import.connection.test"].browse(
            mailbox.action_test_connection()["res_id"]
        )
        self.assertEqual(test.stage_ids.mapped("stage"), ["resolve"])
        with self.assertRaisesRegex(UserError, "cannot be used"):
            mailbox.action_pick_folders()

    def test_the_hosts_own_buttons_are_bound_too(self):
        self.allow(ports="1024-65535")
        with self.assertRaisesRegex(UserError, "cannot be used"):
            self.personal.server_id.button_confirm_login()
        with self.assertRaisesRegex(UserError, "cannot be used"):
            self.personal.mail_server_id.with_user(self.administrator).test_smtp_connection()
        self.allow(inside="127.0.0.1", ports="1024-65535")
        self.personal.server_id.button_confirm_login()

    def test_sending_signs_in_with_the_mailboxs_password(self):
        users = {"boss@company.example": "secret"}
        with SmtpSink(users=users, starttls=True) as sink:
            self.personal.write(
                {"smtp_sign_in": True, "smtp_port": sink.port, "smtp_security": "starttls"}
            )
            said = self.sends(self.personal, self.boss)
            self.assertIn("not trusted", said)
            self.personal.ca_file = str(sink.ca_file)
            self.assertFalse(sink.messages())
            self.personal.smtp_host = "localhost"
            self.sends(self.personal, self.boss)
            self.assertEqual(len(sink.messages()), 1)
            self.personal.smtp_password = "wrong"
            self.assertNotIn("wrong", str(self.sends(self.personal, self.boss)))
            self.assertEqual(len(sink.messages()), 1)

    def test_known_providers_need_nothing(self):
        self.allow()
        with Form(self.env["mail.import.mailbox"].with_user(self.agent)) as form:
            form.name, form.address = "Mine", "agent@gmail.com"
            self.assertFalse(form.needs_own_hosts)
            form.host = "imap.elsewhere.example"
            self.assertTrue(form.needs_own_hosts)
            form.host = "imap.gmail.com"

    def test_settings_are_checked_and_are_the_system_administrators(self):
        Settings = self.env["res.config.settings"].with_user(self.administrator)
        for values in (
            {"mail_import_allowed_hosts": "127.1"},
            {"mail_import_allowed_ports": "70000"},
        ):
            with self.assertRaises(ValidationError):
                Settings.create(values).set_values()
        Settings.create({"mail_import_allowed_hosts": "10.1.2.3, mail.intern.example"}).set_values()
        self.assertEqual(
            self.env["ir.config_parameter"].get_param(INSIDE), "10.1.2.3, mail.intern.example"
        )
        with self.assertRaises(UserError):
            self.env["ir.config_parameter"].with_user(self.agent).set_param(OWN, "True")
