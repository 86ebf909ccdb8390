"""Why a mail is where it is, told to its owner and to nobody else."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MailImportCase, build_mail


@tagged("post_install", "-at_install")
class TestJournal(MailImportCase):
    def why(self, mail):
        return mail.entry.with_user(self.agent).why_here

    def test_an_entry_tells_which_step_decided(self):
        stranger = build_mail(sender="Sam <sam@stranger.example>", message_id="<q@x.example>")
        (unlinked,) = self.receive(self.support, stranger)
        self.assertEqual(self.why(unlinked), "Nothing says where it belongs.")
        (known,) = self.receive(self.support, build_mail())
        self.assertEqual(self.why(known), "It was linked by the address of its correspondent.")
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        (made,) = self.receive(self.support, build_mail(sender="Tom <tom@stranger.example>"))
        self.assertIn("the mailbox says what such mail becomes", self.why(made))

    def test_what_a_later_version_wrote_is_passed_over(self):
        (mail,) = self.receive(self.support, build_mail())
        mail.entry.journal = [{"step": "unheard_of", "result": "x"}, *mail.entry.journal]
        self.assertEqual(self.why(mail), "It was linked by the address of its correspondent.")

    def test_nobody_else_reads_it(self):
        (mail,) = self.receive(self.support, build_mail())
        for user in (self.colleague, self.administrator):
            with self.assertRaises(AccessError):
                _ = mail.entry.with_user(user).why_here
            with self.assertRaises(AccessError):
                mail.entry.with_user(user).read(["journal"])
