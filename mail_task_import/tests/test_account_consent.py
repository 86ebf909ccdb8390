"""Connecting an account: the way to the provider's page and back, for whom, and for nobody else."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .account_common import AccountCase

PAGES = {"gmail": "/google_gmail/confirm", "outlook": "/microsoft_outlook/confirm"}
QUIET = (
    "odoo.addons.google_gmail.controllers.main",
    "odoo.addons.microsoft_outlook.controllers.main",
    "odoo.http",
)


@tagged("post_install", "-at_install")
class TestConsent(AccountCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.private = cls._mailbox(
            "personal", "mine@company.example", owner_id=cls.agent.id, password=False
        )
        cls._at_server(cls.private)

    def link(self, mailbox, user):
        """What the button opens, taken apart: page and values."""
        action = mailbox.with_user(user).action_connect_account()
        self.assertEqual((action["type"], action["target"]), ("ir.actions.act_url", "self"))
        parts = urlsplit(action["url"])
        return parts.hostname, {key: each[0] for key, each in parse_qs(parts.query).items()}

    def come_back(self, kind, user, values, login=None, code=None):
        """As the provider sends the browser back, once the owner of the account has agreed."""
        self.authenticate(user.login, user.login)
        code = code or self.provider.code(login or self.private.login)
        words = urlencode({"code": code, "state": values["state"]})
        return self.url_open(f"{PAGES[kind]}?{words}", allow_redirects=False)

    def test_an_owner_connects_an_account_and_is_back_on_the_mailbox(self):
        for kind, hostname in (("outlook", "127.0.0.1"), ("gmail", "accounts.google.com")):
            with self.subTest(kind=kind):
                self.private.sign_in_by = kind
                host, values = self.link(self.private, self.agent)
                self.assertEqual(host, hostname)
                self.assertTrue(values["redirect_uri"].endswith(PAGES[kind]))
                answer = self.come_back(kind, self.agent, values)
                back = f"/odoo/mail.import.mailbox/{self.private.id}"
                self.assertEqual(urlsplit(answer.headers["Location"]).path, back)
                self.assertEqual(self.private.account_state, "connected")
                self.assertIn("connected", self.private.message_ids[0].body)
                self.assertIsNone(self.fetch(self.private))

    def test_one_consent_is_for_reading_and_sending(self):
        _host, values = self.link(self.private, self.agent)
        self.assertIn("IMAP.AccessAsUser.All", values["scope"])
        self.assertIn("SMTP.Send", values["scope"])

    def test_administrators_connect_group_mailboxes(self):
        _host, values = self.link(self.support, self.administrator)
        self.come_back("outlook", self.administrator, values, self.support.login)
        self.assertEqual(self.support.account_state, "connected")

    def test_nobody_else_begins(self):
        for mailbox, user in (
            (self.private, self.colleague),
            (self.support, self.agent),
            (self.support, self.colleague),
        ):
            with self.subTest(mailbox=mailbox.name, user=user.login):
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    mailbox.with_user(user).action_connect_account()
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    mailbox.with_user(user).action_disconnect_account()

    def test_an_administrator_connects_no_account_to_anothers_mailbox(self):
        """Whose mail would be in it? The owner's own consent is asked for, by the owner."""
        theirs = self.private.with_user(self.administrator)
        self.assertTrue(theirs.may_set_up)
        self.assertFalse(theirs.may_connect)
        with self.assertRaises(AccessError):
            theirs.action_connect_account()
        server = self.private.server_id.with_user(self.administrator).sudo()
        token = server._get_outlook_csrf_token()
        state = {"model": server._name, "id": server.id, "csrf_token": token}
        self.refused("outlook", self.administrator, {"state": json.dumps(state)})

    def refused(self, kind, user, values):
        with mute_logger(*QUIET):
            self.assertEqual(self.come_back(kind, user, values).status_code, 403)
        self.assertEqual(self.private.account_state, "none")

    def test_an_account_of_somebody_who_followed_anothers_link_is_not_connected(self):
        """The agent would read the boss's mail."""
        _host, values = self.link(self.private, self.agent)
        self.refused("outlook", self.boss, values)
        self.refused("outlook", self.administrator, values)

    def test_a_link_is_for_its_own_mailbox_and_provider(self):
        _host, values = self.link(self.private, self.agent)
        state = json.loads(values["state"])
        other = self._mailbox("personal", "more@company.example", owner_id=self.agent.id)
        for wrong in (
            {**state, "id": other.server_id.id},
            {**state, "id": self.support.server_id.id},
            {**state, "model": "ir.mail_server", "id": self.private.mail_server_id.id},
            {**state, "csrf_token": False},
        ):
            with self.subTest(wrong=wrong):
                self.refused("outlook", self.agent, {"state": json.dumps(wrong)})
        self.refused("gmail", self.agent, values)

    def test_who_lost_the_mailbox_on_the_way_connects_nothing(self):
        _host, values = self.link(self.private, self.agent)
        self.private.owner_id = self.boss
        self.refused("outlook", self.agent, values)

    def test_a_code_that_is_good_no_more_is_said_and_changes_nothing(self):
        _host, values = self.link(self.private, self.agent)
        answer = self.come_back("outlook", self.agent, values, code="used")
        self.assertIn("expired due to inactivity", answer.text)
        self.assertIn(f"/odoo/mail.import.mailbox/{self.private.id}", answer.text)
        self.assertEqual(self.private.account_state, "none")

    def test_an_archived_mailbox_does_not_come_back_by_it(self):
        _host, values = self.link(self.private, self.agent)
        self.private.active = False
        self.come_back("outlook", self.agent, values)
        self.assertFalse(self.private.active or self.private.server_id.active)

    def test_the_hosts_own_links_bring_no_account_into_the_servers_of_a_mailbox(self):
        server = self.private.mail_server_id.with_user(self.administrator)
        for connect in (server.open_microsoft_outlook_uri, server.open_google_gmail_uri):
            self.assertRaisesRegex(UserError, "form of the mailbox", connect)
        state = parse_qs(urlsplit(server.microsoft_outlook_uri).query)["state"][0]
        self.refused("outlook", self.administrator, {"state": state})
        server.sudo().write({"microsoft_outlook_refresh_token": "x" * 20})
        self.assertFalse(server.sudo().microsoft_outlook_refresh_token)

    def test_a_provider_that_does_not_know_odoo_is_said(self):
        self.env["ir.config_parameter"].set_param("microsoft_outlook_client_id", False)
        self.assertFalse(self.private.can_connect)
        with self.assertRaisesRegex(UserError, "not known to Microsoft"):
            self.private.with_user(self.agent).action_connect_account()


@tagged("post_install", "-at_install")
class TestFromTheHost(AccountCase):
    def test_a_connected_server_of_the_host_becomes_a_connected_mailbox(self):
        server = self.env["fetchmail.server"].create(
            {
                "name": "Office",
                "server_type": "outlook",
                "server": "127.0.0.1",
                "port": self.dovecot.imaps_port,
                "is_ssl": True,
                "user": "office@company.example",
                "microsoft_outlook_refresh_token": self.provider.grant("office@company.example"),
            }
        )
        mailbox = self.env["mail.import.mailbox"]._from_server(server)
        self.assertFalse(server.microsoft_outlook_refresh_token)
        self.assertEqual((mailbox.sign_in_by, mailbox.account_state), ("outlook", "connected"))
        self.assertEqual(server.server_type, "outlook")
        self.dovecot.add_user("office@company.example", "secret")
        mailbox.ca_file = str(self.dovecot.ca_file)
        mailbox.action_activate()
        self.env.flush_all()
        self.assertIsNone(self.fetch(mailbox))
        self.assertNotIn("SMTP", self.provider.scopes[0])

    def test_servers_that_are_no_mailboxes_stay_the_hosts(self):
        server = self.env["fetchmail.server"].create(
            {"name": "Own", "server_type": "outlook", "server": "imap.outlook.com", "is_ssl": True}
        )
        self.assertEqual(server._OUTLOOK_SCOPE, "https://outlook.office.com/IMAP.AccessAsUser.All")
        server.write({"microsoft_outlook_refresh_token": "kept", "active": True})
        self.assertEqual(server.microsoft_outlook_refresh_token, "kept")
        self.assertEqual(server._get_outlook_csrf_token(), server._get_outlook_csrf_token())

    def test_the_provider_chooses_how_one_signs_in(self):
        outlook = self.env.ref("mail_task_import.provider_outlook")
        mailbox = self.env["mail.import.mailbox"].create(
            {"name": "New", "address": "new@outlook.com", "kind": "group"}
        )
        self.assertEqual((mailbox.provider_id, mailbox.sign_in_by), (outlook, "outlook"))
        self.assertEqual(mailbox.server_id.server_type, "outlook")
        self.assertTrue(mailbox.sends_by_account)
        google = self.env["mail.import.mailbox"].create(
            {"name": "New", "address": "new@gmail.com", "kind": "group"}
        )
        self.assertEqual(google.sign_in_by, "password")
        google.sign_in_by = "gmail"
        self.assertEqual(google.server_id.server_type, "gmail")
