"""The inbox in a real browser, and what its lists are made of."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from environment.smtp_sink import SmtpSink

from .common import MailImportCase, build_mail


@tagged("post_install", "-at_install")
class TestInboxTour(HttpCase, MailImportCase):
    def test_question_is_read_answered_and_sent(self):
        sink = self.enterContext(SmtpSink())
        self.enterContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        self.support.write(
            {
                "smtp_host": "127.0.0.1",
                "smtp_port": sink.port,
                "smtp_security": "none",
                "smtp_sign_in": False,
                "signature_ids": [(0, 0, {"name": "Azure", "body": "<p>Kind regards, Azure</p>"})],
            }
        )
        self.receive(self.support, build_mail("Broken chair", text="It broke."))
        self.start_tour("/odoo/mail-inbox", "mail_task_import.inbox", login="agent")
        (sent,) = sink.messages()
        self.assertEqual(sent.recipients, ("ann@customer.example",))
        text = sent.message.get_body(("plain",)).get_content()
        self.assertIn("A new chair is on its way.", text)
        self.assertIn("It broke.", text)

    def test_a_folder_is_made_and_filled(self):
        self.receive(self.support, build_mail("Roof"), build_mail("Walls"))
        self.start_tour("/odoo/mail-inbox", "mail_task_import.folders", login="agent")
        folder = self.env["mail.import.folder"].search([("name", "=", "Projects")])
        self.assertEqual(folder.mailbox_id, self.support)


@tagged("post_install", "-at_install")
class TestInboxList(MailImportCase):
    def entries(self, domain, user=None):
        return self.env["mail.import.entry"].with_user(user or self.agent).search(domain)

    def setUp(self):
        super().setUp()
        self.receive(
            self.support,
            build_mail("First", text="walnut", Cc="bob@customer.example"),
            build_mail("Second", sender="x@unknown.example", text="oak", minutes_ago=2),
        )

    def test_newest_first(self):
        self.assertEqual(self.entries([]).mapped("subject"), ["Second", "First"])

    def test_linked_and_not_linked(self):
        self.assertEqual(self.entries([("is_linked", "=", True)]).mapped("subject"), ["First"])
        self.assertEqual(self.entries([("is_linked", "=", False)]).mapped("subject"), ["Second"])

    def test_all_text_is_found(self):
        for word, field in (("walnut", "body_text"), ("bob@", "cc"), ("ann", "sender")):
            found = self.entries([(field, "ilike", word)])
            self.assertEqual(found.mapped("subject"), ["First"])

    def test_list_shows_names(self):
        self.assertEqual(
            self.entries([]).mapped("correspondent"), ["x@unknown.example", "Ann Customer"]
        )

    def test_folders_are_counted_for_each_reader(self):
        panel = (
            self.env["mail.import.entry"]
            .with_user(self.agent)
            .search_panel_select_range(
                "folder_id", enable_counters=True, expand=True, hierarchize=True
            )
        )
        counts = {value["display_name"]: value["__count"] for value in panel["values"]}
        self.assertEqual((counts["Inbox"], counts["Sent"]), (2, 0))
        self.assertFalse(self.entries([], self.administrator))

    def test_new_email_starts_from_a_mailbox_that_can_send(self):
        Entry = self.env["mail.import.entry"].with_user(self.agent)
        with self.assertRaisesRegex(UserError, "SMTP"):
            Entry.action_compose()
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        draft = self.env["mail.import.email"].browse(Entry.action_compose()["res_id"])
        self.assertEqual((draft.mailbox_id, draft.written_as), (self.support, "new"))

    def test_own_folder_belongs_to_its_maker(self):
        Folder = self.env["mail.import.folder"].with_user(self.agent)
        folder = Folder.create({"name": "Projects"})
        self.assertEqual(folder.user_id, self.agent)
        shared = Folder.create({"name": "Team", "mailbox_id": self.support.id})
        self.assertFalse(shared.user_id)
        self.entries([])[0].folder_id = shared
        self.assertEqual(shared.with_user(self.colleague).has_access("read"), False)
