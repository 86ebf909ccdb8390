"""The stage of the tests: a real Dovecot, a real SMTP sink, builders of mails and mailboxes."""

from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from unittest.mock import patch

from odoo import api
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from environment.dovecot import Dovecot
from environment.smtp_sink import SmtpSink

NOW = datetime.now(timezone.utc).replace(microsecond=0)


def build_mail(
    subject="Question about an order",
    sender="Ann Customer <ann@customer.example>",
    to="support@company.example",
    text="Dear all, where is my order?",
    message_id=None,
    in_reply_to=None,
    references=(),
    minutes_ago=5,
    html=None,
    attachments=(),
    **headers,
):
    """The bytes of one mail. ``attachments``: (name, bytes, "type/subtype") each."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(NOW - timedelta(minutes=minutes_ago))
    mail["Message-ID"] = (
        message_id or f"<{abs(hash((subject, sender, text, minutes_ago))):020}@test.example>"
    )
    if in_reply_to:
        mail["In-Reply-To"] = in_reply_to
        mail["References"] = " ".join([*references, in_reply_to])
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if "Received" not in mail:
        mail["Received"] = f"from out.example by mx.company.example; {mail['Date']}"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, content, mimetype in attachments:
        maintype, subtype = mimetype.split("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return mail.as_bytes()


class MailImportCase(TransactionCase):
    """People, mailboxes, builders; no server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._employee(
            "agent",
            "agent@company.example",
            "base.group_user,sales_team.group_sale_salesman_all_leads,project.group_project_user",
        )
        cls.colleague = cls._employee("colleague", "colleague@company.example", "base.group_user")
        cls.boss = cls._employee("boss", "boss@company.example", "base.group_user")
        cls.administrator = cls._employee(
            "postmaster", "postmaster@company.example", "base.group_system"
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ann Customer", "email": "ann@customer.example"}
        )
        cls.project = cls.env["project.project"].create(
            {"name": "Support", "privacy_visibility": "employees"}
        )
        cls.support = cls._mailbox("group", "support@company.example", member_ids=cls.agent.ids)
        cls.importer = cls.env["mail.import.importer"]
        cls._allow_loopback()

    @classmethod
    def _allow_loopback(cls):
        """The test servers are personal mailboxes' too."""
        parameters = cls.env["ir.config_parameter"]
        for name, value in (
            ("own_hosts", "True"),
            ("allowed_hosts", "127.0.0.0/8, ::1, localhost"),
            ("allowed_ports", "1024-65535"),
        ):
            parameters.set_param(f"mail_task_import.{name}", value)

    @classmethod
    def _employee(cls, login, address, groups):
        return new_test_user(cls.env, login=login, groups=groups, email=address, name=login.title())

    @classmethod
    def _mailbox(cls, kind, address, member_ids=(), **values):
        mailbox = cls.env["mail.import.mailbox"].create(
            {
                "name": address.split("@")[0].title(),
                "kind": kind,
                "address": address,
                "member_ids": list(member_ids),
                "host": "127.0.0.1",
                "port": 143,
                "security": "none",
                "password": "secret",
                "trusted_authserv_ids": "mx.company.example",
                "act_since": (NOW - timedelta(days=1)).replace(tzinfo=None),
                "state": "active",
                "letters_outside": True,
                **values,
            }
        )
        return mailbox

    def receive(self, mailbox, *mails, **options):
        """Import mails without a server; returns their outcomes."""
        return self.importer.import_mails(mailbox, mails, **options)

    def links(self, email):
        return email.link_ids.filtered(lambda link: not link.suggested)

    def record(self, email):
        """The one record that an e-mail is linked to."""
        (link,) = self.links(email)
        return link._get_record()


class ServerCase(MailImportCase):
    """A real Dovecot and a real SMTP sink, and fetches whose commits are savepoints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dovecot = cls._new_dovecot()
        cls.dovecot.start()
        cls.addClassCleanup(cls.dovecot.remove)
        cls.sink = cls.enterClassContext(cls._new_sink())
        cls.enterClassContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        cls._at_server(cls.support)

    @classmethod
    def _new_dovecot(cls):
        return Dovecot()

    @classmethod
    def _new_sink(cls):
        return SmtpSink()

    def setUp(self):
        super().setUp()
        for login in self.dovecot.logins():
            self.dovecot.purge(login)
        self.sink.clear()

    @classmethod
    def _at_server(cls, mailbox):
        """Let a mailbox live on the test servers."""
        cls.dovecot.add_user(mailbox.address, "secret")
        mailbox.write(
            {
                "host": cls.dovecot.host,
                "port": cls.dovecot.imap_port,
                "security": "none",
                "password": "secret",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_security": "none",
                "smtp_sign_in": False,
            }
        )
        return mailbox

    def deliver(self, mailbox, raw, **options):
        return self.dovecot.deliver(mailbox.address, raw, **options)

    def fetch(self, mailbox):
        """One run of the scheduler for this mailbox; returns the exception that stopped it."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            there = env["mail.import.mailbox"].browse(mailbox.id)
            there.next_fetch = False
            return there._fetch_if_due()

    def locations(self, mailbox):
        return self.env["mail.import.location"].search([("mailbox_id", "=", mailbox.id)])

    def entries(self, mailbox):
        return self.env["mail.import.entry"].search([("mailbox_id", "=", mailbox.id)])

    def send(self):
        """What the host's queue would do now; returns what left."""
        self.sink.clear()
        self.env["mail.mail"].process_email_queue()
        return [mail.message for mail in self.sink.messages()]
