"""What the host asks for with each record is asked once for a batch."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from .common import MailImportCase, build_mail


@tagged("post_install", "-at_install")
class TestGatewayCosts(MailImportCase):
    def test_the_scheduler_is_woken_once_for_all_mails_of_a_transaction(self):
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        postcommit = self.env.cr.postcommit
        postcommit.clear()
        self.addCleanup(postcommit.clear)
        cron._trigger()
        cron._trigger()
        with patch.object(IrCron, "_notifydb") as woken:
            postcommit.run()
            self.assertEqual(woken.call_count, 1)
            cron._trigger()
            postcommit.run()
            self.assertEqual(woken.call_count, 2)

    def test_records_are_named_after_their_mails(self):
        """The host looks for the name among the fields, which are remembered."""
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        outcomes = self.receive(
            self.support,
            build_mail(subject="One", minutes_ago=3),
            build_mail(subject="Two", minutes_ago=2, sender="ben@new.example"),
        )
        names = [self.record(outcome.email).name for outcome in outcomes]
        self.assertEqual(names, ["One", "Two"])

    def test_fields_are_told_in_full_to_everybody_else(self):
        lead = self.env["crm.lead"]
        gateway = lead.with_context(mail_import_no_partner=True)
        gateway.fields_get()
        self.assertEqual(gateway.fields_get(), lead.fields_get())
        self.assertEqual(set(gateway.fields_get(["name"])), {"name"})
        del gateway.fields_get()["name"]
        self.assertIn("name", gateway.fields_get())

    def test_answers_go_where_the_host_would_have_them(self):
        """To the alias of the record, under the name of whoever wrote the message."""
        project = self.env["project.project"].create({"name": "Repairs", "alias_name": "repairs"})
        self.env.company.alias_domain_id = project.alias_domain_id = self.env[
            "mail.alias.domain"
        ].create({"name": "alias.example"})
        self.support.default_target_id = self.env.ref("mail_task_import.target_task")
        self.support.default_project_id = project
        outcomes = self.receive(
            self.support,
            build_mail(subject="One", sender=self.customer.email, minutes_ago=3),
            build_mail(subject="Two", sender="ben@new.example", minutes_ago=2),
        )
        for outcome in outcomes:
            message = outcome.email.link_ids.message_id
            task = self.record(outcome.email).sudo()
            author = message.author_id.id
            wanted = task._notify_get_reply_to(author_id=author)[task.id]
            self.assertIn("repairs@alias.example", wanted)
            self.assertEqual(message.reply_to, wanted)
        self.assertEqual(outcomes[0].email.author_id, self.customer)
