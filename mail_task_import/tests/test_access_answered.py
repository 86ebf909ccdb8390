"""Who sees, and who decides, what a mailbox writes by itself."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import build_mail
from .test_access_common import AccessCase

SETTINGS = (
    "confirmation_template_id", "confirmation_plain_template_id", "unmatched", "unmatched_folder",
    "forward_to", "letters_outside",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestAccessAnswered(AccessCase):
    def setUp(self):
        super().setUp()
        plain = self.env.ref("mail_task_import.confirmation_plain")
        sending = {"smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_security": "none"}
        for mailbox in self.support | self.private:
            mailbox.write(
                {
                    **sending,
                    "confirmation_plain_template_id": plain.id,
                    "unmatched": "forward",
                    "forward_to": f"{mailbox.kind}@partner.example",
                }
            )
        self.support.default_target_id = False

    def written(self, question):
        """What was written by itself about an e-mail: a confirmation, and what was forwarded."""
        emails = self.env["mail.import.email"].search([("parent_id", "=", question.id)])
        self.assertEqual(sorted(emails.mapped("written_as")), ["confirmation", "passed_on"])
        return emails

    def test_what_a_group_mailbox_wrote_is_its_members(self):
        emails = self.written(self.asked(sender="Sam <sam@stranger.example>"))
        entries = emails.entry_ids
        self.assertShownTo(self.agent, emails, "body")
        self.assertShownTo(self.agent, entries, "body")
        self.assertHiddenFrom(self.outsiders | self.reader | self.boss, emails, "body")
        self.assertHiddenFrom(self.outsiders | self.reader | self.boss, entries, "preview")
        self.assertHiddenFrom(self.outsiders | self.reader, emails.attachment_ids, "raw")
        mails = self.env["mail.mail"].search([("mail_import_mailbox_id", "=", self.support.id)])
        self.assertEqual(len(mails), 2)
        self.assertHiddenFrom(self.outsiders, mails, "body_html")

    def test_what_an_owners_mailbox_wrote_is_the_owners(self):
        emails = self.written(self.confided(sender="Sam <sam@stranger.example>"))
        self.assertShownTo(self.boss, emails, "body")
        self.assertHiddenFrom(self.outsiders | self.reader | self.agent, emails, "body")

    def test_a_confirmation_in_a_chatter_is_read_through_the_record(self):
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "confirmation_template_id": self.env.ref("mail_task_import.confirmation_task").id,
            }
        )
        question = self.asked()
        message = self.record(question).message_ids[0]
        self.assertEqual(message.message_type, "email_outgoing")
        self.assertShownTo(self.reader, message, "body")
        self.assertHiddenFrom(self.outsiders - self.stranger, message, "body")

    def test_nobody_changes_or_deletes_it(self):
        emails = self.written(self.asked(sender="Sam <sam@stranger.example>"))
        for user in self.outsiders | self.agent:
            mine = self.as_user(emails, user)
            self.assertRefused(lambda m=mine: m.write({"body": "x"}), user.login)
            self.assertRefused(lambda m=mine: m.action_send(), user.login)

    def test_who_decides(self):
        values = {name: self.support[name] for name in SETTINGS}
        values = {
            name: value.id if hasattr(value, "id") else value for name, value in values.items()
        }
        for mailbox, users in (
            (self.support, self.stranger | self.portal | self.colleague | self.agent),
            (self.private, self.stranger | self.portal | self.colleague | self.agent),
        ):
            for user in users:
                for name, value in values.items():
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        self.as_user(mailbox, user).write({name: value})
        self.as_user(self.support, self.mail_administrator).write({"unmatched": "keep"})
        self.as_user(self.private, self.boss).write({"unmatched": "keep"})

    def test_an_owners_template_reads_what_the_owner_reads(self):
        """A secret of others is not to be had by having the importer read it."""
        secret = self.confided("Bluebird", sender="Sam <sam@stranger.example>")
        own = self._mailbox(
            "personal", "agent@company.example", owner_id=self.agent.id, smtp_host="127.0.0.1"
        )
        template = self.env.ref("mail_task_import.confirmation_plain").copy(
            {"body_html": f'<p t-out="object.browse({secret.id}).subject"/>'}
        )
        own.confirmation_plain_template_id = template
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.mail_task_import.models.confirmation", "WARNING"):
            raw = build_mail(sender="Kim <kim@stranger.example>", to="agent@company.example")
            (mail,) = self.receive(own, raw)
        written = self.env["mail.import.email"].search(
            [("written_as", "=", "confirmation"), ("parent_id", "=", mail.email.id)]
        )
        self.assertFalse(written)
        self.assertIn("failed", mail.entry.why_here)
