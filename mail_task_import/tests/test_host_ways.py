"""The host's own ways cost nothing where no mailbox is concerned."""

from contextlib import contextmanager

from odoo.tests import TransactionCase, tagged

from .common import MailImportCase, build_mail


@tagged("post_install", "-at_install")
class TestWithoutMailboxes(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Ann Customer", "email": "ann@customer.example"}
        )
        cls.lead, cls.other = cls.env["crm.lead"].create(
            [{"name": "Chairs", "partner_id": cls.customer.id}, {"name": "Tables"}]
        )

    @contextmanager
    def asking_nothing(self):
        """No query names a table of ours; what is kept in memory is asked before."""
        self.assertFalse(self.env["mail.import.mailbox"]._any())
        self.assertFalse(self.env["mail.import.link"]._linked_models())
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            yield
            self.env.flush_all()
        self.assertGreater(len(logs.output), 5)
        self.assertFalse([query for query in logs.output if "mail_import_" in query])

    def test_an_answer_to_a_customer(self):
        with self.asking_nothing():
            self.lead.message_post(
                body="On its way", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment"
            )

    def test_sending_by_a_server(self):
        server = self.env["ir.mail_server"].create({"name": "Own", "smtp_host": "127.0.0.1"})
        with self.asking_nothing():
            mail = self.env["mail.mail"].create(
                {
                    "subject": "Hello",
                    "email_to": "ann@customer.example",
                    "email_from": "support@company.example",
                    "mail_server_id": server.id,
                }
            )
            mail.send()

    def test_merging_and_deleting(self):
        with self.asking_nothing():
            (self.lead | self.other).merge_opportunity(auto_unlink=True)

    def test_changing_the_groups_of_a_user(self):
        user = self.env["res.users"].create({"name": "Bob", "login": "bob"})
        with self.asking_nothing():
            user.group_ids += self.env.ref("sales_team.group_sale_salesman")

    def test_who_signs_in_sees_what_they_saw_before(self):
        first = self.env["ir.ui.menu"].search([("parent_id", "=", False)], limit=1)
        self.assertEqual(first, self.env.ref("mail.menu_root_discuss"))


@tagged("post_install", "-at_install")
class TestFirstOfAll(MailImportCase):
    def test_the_first_link_to_a_model_is_heeded_at_once(self):
        links = self.env["mail.import.link"]
        self.assertFalse(links._any_of("project.task"))
        [outcome] = self.receive(self.support, build_mail())
        task = self.env["project.task"].create({"name": "Look", "project_id": self.project.id})
        link = links.create(
            {
                "email_id": outcome.email.id,
                "res_model": task._name,
                "res_id": task.id,
                "step": "user",
            }
        )
        self.assertTrue(links._any_of("project.task"))
        task.unlink()
        self.assertFalse(link.exists())

    def test_a_link_moved_to_another_model_is_heeded_at_once(self):
        [outcome] = self.receive(self.support, build_mail())
        [link] = self.links(outcome.email)
        task = self.env["project.task"].create({"name": "Look", "project_id": self.project.id})
        link._get_record().message_change_thread(task)
        self.assertEqual(link._get_record(), task)
        self.assertTrue(self.env["mail.import.link"]._any_of("project.task"))

    def test_a_member_who_becomes_a_portal_user_reads_no_more(self):
        self.assertIn(self.agent, self.support.reader_ids)
        self.agent.group_ids = self.env.ref("base.group_portal")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn(self.agent, self.support.reader_ids)
        readers = self.env["mail.import.mailbox"].search([("reader_ids", "in", self.agent.ids)])
        self.assertFalse(readers)
