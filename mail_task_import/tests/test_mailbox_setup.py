"""Who sets up which mailbox, what may be changed in it, and that nobody reads a password back."""

from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MailImportCase, build_mail

SECRET = "correct horse battery staple"


@tagged("post_install", "-at_install")
class TestMailboxSetup(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.personal = cls._mailbox(
            "personal", "boss@company.example", owner_id=cls.boss.id, password=SECRET
        )

    def make(self, user, **values):
        return (
            self.env["mail.import.mailbox"]
            .with_user(user)
            .create(
                {"name": "New", "address": "new@company.example", "host": "h.example", **values}
            )
        )

    # -- who sets up ----------------------------------------------------------------------------

    def test_group_mailboxes_are_the_administrators(self):
        self.assertEqual(self.make(self.administrator, kind="group").kind, "group")
        with self.assertRaises(AccessError):
            self.make(self.agent, kind="group", address="other@company.example")

    def test_everybody_makes_a_personal_mailbox_for_oneself_only(self):
        mailbox = self.make(self.agent, kind="personal")
        self.assertEqual(mailbox.owner_id, self.agent)
        self.assertEqual(mailbox.reader_ids, self.agent)
        with self.assertRaises(AccessError):
            self.make(
                self.agent,
                kind="personal",
                owner_id=self.boss.id,
                address="third@company.example",
            )

    def test_members_read_a_group_mailbox_but_do_not_set_it_up(self):
        support = self.support.with_user(self.agent)
        self.assertEqual(support.name, "Support")
        with self.assertRaises(AccessError):
            support.write({"host": "elsewhere.example"})
        with self.assertRaises(AccessError):
            support.action_test_connection()

    def test_a_user_who_is_notified_in_odoo_can_be_made(self):
        user = self.env["res.users"].create(
            {
                "name": "New",
                "login": "new@company.example",
                "notification_type": "inbox",
                "group_ids": [(4, self.env.ref("base.group_user").id)],
            }
        )
        self.assertFalse(user.share)
        self.support.member_ids += user
        self.assertIn(user, self.support.reader_ids)

    def test_others_do_not_see_a_personal_mailbox(self):
        with self.assertRaises(AccessError):
            self.personal.with_user(self.agent).read(["name"])
        found = self.env["mail.import.mailbox"].with_user(self.agent).search([])
        self.assertNotIn(self.personal, found)

    def test_owner_cannot_hand_a_mailbox_to_somebody_else(self):
        mailbox = self.make(self.agent, kind="personal")
        with self.assertRaises(AccessError):
            mailbox.owner_id = self.boss

    # -- what an administrator may not ----------------------------------------------------------

    def test_nobody_writes_the_readers(self):
        for user in (self.administrator, self.boss):
            with self.assertRaises(AccessError):
                self.personal.with_user(user).write({"reader_ids": [(4, self.administrator.id)]})
        with self.assertRaises(AccessError):
            self.make(self.administrator, kind="group", reader_ids=[(4, self.boss.id)])

    def test_only_the_owner_opens_a_personal_mailbox_to_others(self):
        self.assertEqual(self.personal.visibility, "owner")
        with self.assertRaises(AccessError):
            self.personal.with_user(self.administrator).visibility = "linked"
        with self.assertRaises(AccessError):
            self.make(
                self.administrator,
                kind="personal",
                owner_id=self.agent.id,
                visibility="linked",
            )
        self.personal.with_user(self.boss).visibility = "linked"
        self.assertEqual(self.personal.visibility, "linked")

    def test_only_the_owner_has_personal_mail_moved_or_deleted_on_the_server(self):
        theirs = self.personal.with_user(self.administrator)
        delete, move = {"after_import": "delete"}, {"after_import": "move", "move_to": "Done"}
        for values in (delete, move):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                theirs.write(values)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.make(self.administrator, kind="personal", owner_id=self.agent.id, **values)
        mine = self.make(self.administrator, kind="personal", **delete)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            mine.owner_id = self.agent
        self.personal.with_user(self.boss).write(move)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            theirs.move_to = "Elsewhere"
        theirs.name = "Boss"
        for harmless in ("seen", "untouched"):
            theirs.after_import = harmless
            self.assertEqual(self.personal.after_import, harmless)

    def test_a_personal_mailbox_names_no_members(self):
        members = {
            "member_ids": [(6, 0, self.agent.ids)],
            "team_ids": [(6, 0, self.env["crm.team"].create({"name": "Team"}).ids)],
        }
        self.personal.with_user(self.administrator).write(members)
        made = self.make(self.administrator, kind="personal", **members)
        group = self.make(
            self.administrator, kind="group", address="group@company.example", **members
        )
        self.assertEqual(group.member_ids, self.agent)
        group.write({"kind": "personal", "owner_id": self.administrator.id})
        for mailbox in self.personal + made + group:
            self.assertFalse(mailbox.member_ids)
            self.assertFalse(mailbox.team_ids)
            self.assertEqual(mailbox.reader_ids, mailbox.owner_id)

    @contextmanager
    def refused_server(self):
        words = "belongs to another mailbox"
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            yield

    def test_a_server_has_one_mailbox(self):
        support = self.support.with_user(self.administrator)
        self.administrator.group_ids += self.env.ref("base.group_system")
        self.support.smtp_host = self.personal.smtp_host = "smtp.company.example"
        self.personal.active = False
        for name in ("server_id", "mail_server_id"):
            with self.subTest(name):
                own, other = self.support[name], self.personal[name]
                self.assertTrue(other)
                with self.refused_server():
                    support[name] = other
                with self.refused_server():
                    other.write({"mail_import_mailbox_ids": [(4, self.support.id)]})
                support[name] = own

    def test_owner_is_frozen_once_a_mail_is_in_quarantine(self):
        self.env["mail.import.quarantine"].create({"mailbox_id": self.personal.id})
        with self.assertRaises(UserError):
            self.personal.with_user(self.administrator).owner_id = self.administrator

    def test_kind_and_owner_are_frozen_after_the_first_mail(self):
        self.receive(self.personal, build_mail(to="boss@company.example"))
        with self.assertRaises(UserError):
            self.personal.with_user(self.administrator).owner_id = self.administrator
        with self.assertRaises(UserError):
            self.personal.with_user(self.boss).unlink()

    def test_positions_are_the_importers(self):
        folder = self.personal.remote_folder_ids.with_user(self.boss)
        for values in ({"last_uid": 99}, {"uidvalidity": 3}, {"role": "sent"}, {"waiting": 0}):
            with self.assertRaises(AccessError):
                folder.write(values)
        with self.assertRaises(AccessError):
            folder.create({"mailbox_id": self.personal.id, "name": "Other", "last_uid": 5})
        with self.assertRaises(AccessError):
            folder.write({"mailbox_id": self.support.id})
        folder.active = False

    def test_nobody_watches_a_folder_of_a_foreign_mailbox(self):
        with self.assertRaises(AccessError):
            self.env["mail.import.remote.folder"].with_user(self.agent).create(
                {"mailbox_id": self.support.id, "name": "Private"}
            )

    def test_a_folder_that_was_read_keeps_its_name_and_its_ledger(self):
        folder = self.support.remote_folder_ids
        folder.uidvalidity = 7
        administrators = folder.with_user(self.administrator)
        with self.assertRaises(UserError):
            administrators.name = "Elsewhere"
        administrators.unlink()
        self.assertTrue(folder.exists())
        self.assertFalse(folder.active)

    def test_who_became_a_member_is_noted(self):
        self.env.flush_all()
        self.cr.precommit.run()
        self.support.with_user(self.administrator).member_ids += self.administrator
        self.env.flush_all()
        self.cr.precommit.run()
        changes = self.support.message_ids.tracking_value_ids.mapped("new_value_char")
        self.assertIn("Postmaster", " ".join(filter(None, changes)))

    def test_nobody_opens_a_dialog_of_a_foreign_mailbox(self):
        for model in ("connection.test", "folder.picker", "position.reset"):
            with self.assertRaises(AccessError):
                self.env[f"mail.import.{model}"].with_user(self.agent).create(
                    {"mailbox_id": self.support.id}
                )

    # -- the password ---------------------------------------------------------------------------

    def readings(self, user):
        mailbox = self.personal.with_user(user)
        fields = [
            name for name in mailbox.fields_get() if mailbox._has_field_access(
                mailbox._fields[name], "read")
        ]  # fmt: skip
        yield "read", mailbox.read(fields)
        user.group_ids += self.env.ref("base.group_allow_export")
        yield "export", mailbox.export_data(["password", "smtp_password", "login"])
        yield "form", mailbox.web_read({name: {} for name in ("password", "smtp_password")})
        yield "log", mailbox.message_ids.mapped("body")
        yield "tracking", mailbox.message_ids.sudo().tracking_value_ids.read()

    def test_nobody_reads_a_password_back(self):
        self.personal.with_user(self.boss).write({"password": SECRET, "smtp_password": SECRET})
        self.env.flush_all()
        self.assertTrue(self.personal.has_password)
        for user in (self.boss, self.administrator):
            for way, content in self.readings(user):
                self.assertNotIn(SECRET, str(content), way)
        self.assertFalse(self.personal.sudo().server_id.password)
        self.assertFalse(self.personal.sudo().mail_server_id.smtp_pass)

    def test_a_password_is_not_searched_for(self):
        for name in ("password_secret", "smtp_password_secret"):
            for user in (self.boss, self.administrator):
                mailboxes = self.env["mail.import.mailbox"].with_user(user)
                with self.assertRaises(AccessError):
                    mailboxes.search([(name, "=like", "c%")])
                with self.assertRaises(AccessError):
                    self.personal.with_user(user).read([name])
                with self.assertRaises(AccessError):
                    self.personal.with_user(user).write({name: "x"})

    def test_a_password_is_copied_nowhere(self):
        copied = self.support.copy({"login": "another", "address": "another@company.example"})
        self.assertFalse(copied.has_password)

    def test_an_owner_may_duplicate_what_he_set_up(self):
        self.personal.ca_file = "/etc/ssl/own.pem"
        copied = self.personal.with_user(self.boss).copy({"login": "another"})
        self.assertEqual((copied.owner_id, copied.host), (self.boss, self.personal.host))
        self.assertFalse(copied.sudo().ca_file)
        self.assertEqual(self.personal.copy({"login": "third"}).ca_file, "/etc/ssl/own.pem")

    def test_an_empty_password_changes_nothing(self):
        self.personal.write({"password": False})
        self.assertTrue(self.personal.has_password)

    def test_an_administrator_does_not_send_a_password_elsewhere(self):
        personal = self.personal.with_user(self.administrator)
        for values in (
            {"host": "evil.example"},
            {"smtp_host": "evil.example"},
            {"provider_id": self.env.ref("mail_task_import.provider_gmail").id},
        ):
            with self.assertRaises(UserError):
                personal.write(values)
        with self.assertRaises(UserError):
            personal.host = False
            personal.host = "evil.example"

    def test_an_administrator_does_not_send_it_to_another_port_or_unencrypted(self):
        self.personal.write(
            {
                "port": 993,
                "security": "ssl",
                "smtp_host": "127.0.0.1",
                "smtp_port": 465,
                "smtp_security": "ssl",
            }
        )
        personal = self.personal.with_user(self.administrator)
        for values in (
            {"port": 9930},
            {"security": "none", "port": 993},
            {"security": "none"},
            {"ca_file": "/tmp/mine.pem"},
            {"smtp_port": 4650},
            {"smtp_security": "none", "smtp_port": 465},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                personal.write(values)
        personal.write({"port": 9930, "password": "another"})
        personal.write({"interval": 7, "name": "Renamed"})
        self.assertEqual(personal.port, 9930)

    def test_a_password_for_sending_stays_with_its_server_too(self):
        self.personal.write({"smtp_host": "smtp.example", "smtp_password": SECRET})
        personal = self.personal.with_user(self.administrator)
        with self.assertRaises(UserError):
            personal.write({"smtp_host": "evil.example", "password": "known"})
        personal.write({"smtp_host": "new.example", "smtp_password": "known"})
        self.assertEqual(personal.smtp_host, "new.example")

    def test_a_new_server_comes_with_the_password(self):
        personal = self.personal.with_user(self.administrator)
        personal.write({"host": "new.example", "password": "other"})
        self.assertEqual(personal.host, "new.example")

    def test_the_owner_moves_house_freely(self):
        self.personal.with_user(self.boss).host = "new.example"
        self.assertTrue(self.personal.has_password)

    # -- values ---------------------------------------------------------------------------------

    def test_one_login_is_not_watched_twice(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._mailbox("group", "SUPPORT@company.example")

    def test_a_known_provider_fills_in_servers_and_login(self):
        with Form(self.env["mail.import.mailbox"].with_user(self.administrator)) as form:
            form.name = "Shop"
            form.address = "shop@gmail.com"
            self.assertEqual(form.host, "imap.gmail.com")
            self.assertEqual(form.port, 993)
            self.assertEqual(form.login, "shop@gmail.com")
            self.assertTrue(form.app_password_url)
        self.assertEqual(form.record.remote_folder_ids.mapped("name"), ["INBOX"])

    OWN = {
        "host": "mail.own.example",
        "security": "starttls",
        "port": 9203,
        "login": "shop",
        "smtp_host": "smtp.own.example",
        "smtp_security": "none",
        "smtp_port": 9210,
    }

    def own_values(self, record):
        return {name: record[name] for name in self.OWN}

    def test_another_address_leaves_servers_ports_and_login_alone(self):
        gmail = self.env.ref("mail_task_import.provider_gmail")
        for number, user in enumerate((self.boss, self.administrator)):
            for provider in (gmail.browse(), gmail):
                mailbox = self._mailbox(
                    "personal", f"{number}.{provider.id}@own.example", owner_id=self.boss.id
                )
                mailbox.provider_id = provider
                login = f"shop{mailbox.id}"
                mailbox.write({**self.OWN, "login": login, "password": SECRET})
                expected = {**self.OWN, "login": login}
                for address in ("renamed@own.example", "renamed@gmail.com"):
                    mailbox.with_user(user).address = address
                    self.assertEqual(self.own_values(mailbox), expected)
                with Form(mailbox.with_user(user)) as form:
                    form.address = "again@outlook.com"
                    self.assertEqual(self.own_values(form), expected)
                self.assertEqual(self.own_values(mailbox), expected)
                self.assertEqual(mailbox.server_id.port, 9203)
                self.assertEqual(mailbox.mail_server_id.smtp_port, 9210)

    def test_servers_entered_before_the_address_stay(self):
        with Form(self.env["mail.import.mailbox"].with_user(self.administrator)) as form:
            form.name = "Shop"
            for name in self.OWN:
                form[name] = self.OWN[name]
            form.address = "shop@gmail.com"
            self.assertEqual(self.own_values(form), self.OWN)
        self.assertEqual(self.own_values(form.record), self.OWN)

    def test_a_corrected_address_changes_the_provider_that_it_had_named(self):
        with Form(self.env["mail.import.mailbox"].with_user(self.administrator)) as form:
            form.name = "Shop"
            form.address = "shop@gmail.com"
            form.address = "shop@yahoo.com"
            self.assertEqual(form.host, "imap.mail.yahoo.com")
            form.address = "shop@own.example"
            self.assertFalse(form.host or form.smtp_host or form.provider_id)
            self.assertEqual(form.login, "shop@own.example")
            form.login = "shop"
            form.address = "sales@own.example"
            self.assertEqual(form.login, "shop")
            form.host = "mail.own.example"
        self.assertEqual(form.record.login, "shop")

    def test_an_address_that_is_pasted_with_a_name_is_the_address_alone(self):
        with Form(self.env["mail.import.mailbox"].with_user(self.administrator)) as form:
            form.name, form.host = "Shop", "mail.own.example"
            form.address = '"Our Shop" <Shop@own.example>'
            self.assertEqual(form.login, "Shop@own.example")
        mailbox = form.record
        self.assertEqual((mailbox.address, mailbox.login), ("Shop@own.example",) * 2)
        mailbox.address = "Shop <sales@own.example>"
        self.assertEqual(mailbox.address, "sales@own.example")
        self.assertIn("<sales@own.example>", mailbox._from_header())
        for address in ("one@own.example, two@own.example", "nobody", "", False):
            with self.subTest(address), self.assertRaises(ValidationError):
                mailbox.address = address

    def test_a_mailbox_without_a_host_follows_its_address(self):
        mailbox = self._mailbox("group", "shop@own.example", host=False)
        mailbox.address = "shop@gmail.com"
        self.assertEqual((mailbox.host, mailbox.port), ("imap.gmail.com", 993))

    def test_numbers_that_no_calendar_holds_are_refused(self):
        huge = 2_000_000_000
        for values in (
            {"keep_originals_days": huge},
            {"keep_originals_days": -1},
            {"interval": huge},
            {"interval": 0},
            {"port": 0},
            {"port": 70_000},
            {"size_limit": 9},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.personal.with_user(self.boss).write(values)
        self.personal.write({"keep_originals_days": 36_500, "interval": 43_200})
        self.receive(self.personal, build_mail())
        self.env["mail.import.entry"]._gc_originals()

    def test_a_group_mailbox_is_open_and_a_personal_one_closed(self):
        self.assertEqual(self.support.visibility, "linked")
        self.assertEqual(self.personal.visibility, "owner")

    def test_health_is_the_importers(self):
        with self.assertRaises(AccessError):
            self.personal.with_user(self.boss).write({"last_error": "none"})
        self.personal._note_failure("It is closed.")
        self.assertEqual(self.personal.health, "failing")
