"""What an update does for a database that an older version has made."""

from odoo.modules.module import load_script
from odoo.tests import tagged

from ..mime.digest import key_without_id
from .common import MailImportCase, build_mail
from .test_drafts import DraftCase
from .test_virtual_with_others import without

UPDATE = "mail_task_import/migrations/19.0.1.1.0/post-migration.py"


@tagged("post_install", "-at_install")
class TestProvidersOfAnOlderDatabase(MailImportCase):
    def test_their_pop3_servers_are_filled_in_and_an_administrators_own_stay(self):
        migration = load_script(UPDATE, "post_migration")
        name = "mail_task_import.provider_{}".format
        gmail, gmx, icloud = (self.env.ref(name(of)) for of in ("gmail", "gmx", "icloud"))
        known = {
            provider: provider.pop_host
            for provider in self.env["mail.import.provider"].search([("pop_host", "!=", False)])
        }
        for provider in known:
            provider.pop_host = False
        gmx.pop_host = "pop.our.example"
        self.env.flush_all()
        migration.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(gmail.pop_host, "pop.gmail.com")
        self.assertEqual(gmx.pop_host, "pop.our.example")
        self.assertFalse(icloud.pop_host, "it has none")
        for provider in set(known) - {gmx}:
            self.assertEqual(provider.pop_host, known[provider])


@tagged("post_install", "-at_install")
class TestMailOfAnOlderDatabase(MailImportCase):
    """Mail that was stored without a number, and with a key in which no server had a part."""

    def test_it_is_known_when_it_comes_again(self):
        for date in (b"", b"(null)", b"Sat, 01 Jan 2000 00:00:00 +0000"):
            with self.subTest(date=date):
                first, second = self.alarms(date)
                (mail,) = self.receive(self.support, first)
                self.make_old(mail.email, date.decode())
                (again,) = self.receive(self.support, first)
                self.assertEqual(again.state, "stored", "the key has changed")
                again.email.unlink()
                self.env["mail.import.tombstone"].search([]).unlink()
                load_script(UPDATE, "post_migration").migrate(self.env.cr, "19.0.1.0.0")
                self.env.invalidate_all()
                states = [each.state for each in self.receive(self.support, first, second)]
                self.assertEqual(states, ["duplicate", "stored"])

    def test_what_does_not_come_out_as_it_is_stored_stays(self):
        first, _second = self.alarms(b"")
        (mail,) = self.receive(self.support, first)
        self.make_old(mail.email, "")
        mail.email.body_text = "Somebody's opt-out link was taken out"
        known = mail.email.key
        self.env.flush_all()
        load_script(UPDATE, "post_migration").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(mail.email.key, known)

    def alarms(self, date):
        for day in ("Mon, 2", "Tue, 3"):
            raw = build_mail(
                subject="On battery",
                text="Power is out",
                Received=f"from ups by mx.our.example; {day} Nov 2026 10:00:00 +0000 (UTC)",
            )
            raw = without(without(raw, b"Message-ID"), b"Date")
            raw = raw.replace(b"Received:", b"Received: by store.our.example\r\nReceived:")
            yield (b"Date: %s\r\n" % date if date else b"") + raw

    def make_old(self, email, date):
        email.write(
            {
                "key": key_without_id(email.from_email, date, email.subject, email.body_text),
                "message_id": "",
                "message_id_digest": False,
            }
        )
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestDraftsOfAnOlderDatabase(DraftCase):
    """Whose a draft is was noted nowhere but in who had made it."""

    def test_drafts_become_their_writers_own_and_what_was_sent_stays_the_mailboxs(self):
        self.support.member_ids += self.colleague
        drafts = self.draft(self.entry_of()) | self.draft(self.entry_of(subject="Second"))
        sent = drafts[1]
        sent.action_send()
        entries = drafts.sudo().entry_ids
        entries.write({"writer_id": False, "is_draft": False})
        self.env.flush_all()
        self.assertTrue(drafts[0].with_user(self.colleague).has_access("read"))
        update = "mail_task_import/migrations/19.0.1.2.0/post-migration.py"
        load_script(update, "post_migration").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual(drafts[0].sudo().entry_ids.writer_id, self.agent)
        self.assertFalse(drafts[0].with_user(self.colleague).has_access("read"))
        self.assertTrue(drafts[0].has_access("read"))
        self.assertTrue(sent.with_user(self.colleague).has_access("read"))
