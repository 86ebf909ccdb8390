"""What is made and posted together is what the host would have made and posted one by one."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail_task_import.models import link_posting, target_making

from .common import MailImportCase, build_mail

MESSAGE = str.split(
    "author_id author_guest_id body email_add_signature email_from incoming_email_cc "
    "incoming_email_to is_internal message_type model notification_ids outgoing_email_to "
    "partner_ids record_alias_domain_id record_company_id reply_to subject subtype_id"
)


@tagged("post_install", "-at_install")
class TestTogether(MailImportCase):
    def _import(self, prefix):
        """Leads of a contact, a stranger and an employee nobody vouches for; one with a file."""
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        senders = ["ann@customer.example", f"new@{prefix}.example", self.agent.email]
        mails = [
            build_mail(
                sender=f"Somebody <{sender}>",
                subject=f"Question {number}",
                message_id=f"<{prefix}.{number}@mail.example>",
                attachments=[("notes.txt", b"notes", "text/plain")] if number == 1 else (),
            )
            for number, sender in enumerate(senders)
        ]
        return [self.record(outcome.email) for outcome in self.receive(self.support, *mails)]

    def _answer(self, leads, prefix):
        """Followed in Odoo by an employee, answered by those who asked."""
        for lead in leads:
            lead.message_subscribe(self.agent.partner_id.ids)
        mails = [
            build_mail(
                sender="Ann <ann@customer.example>",
                subject=f"Re: Question {number}",
                message_id=f"<{prefix}.answer.{number}@mail.example>",
                in_reply_to=f"<{prefix}.{number}@mail.example>",
            )
            for number in range(len(leads))
        ]
        self.receive(self.support, *mails)

    def _one_by_one(self):
        """Nothing was read, so nothing is made together."""
        return (
            patch.object(target_making, "MAKING_READ", frozenset()),
            patch.object(link_posting, "POSTING_READ", frozenset()),
        )

    def _picture(self, lead):
        """What the host knows of a lead and its chatter, but for ids, moments and the prefix."""
        values = lead.read(["name", "email_from", "partner_id", "user_id", "team_id", "type"])[0]
        messages = [
            {
                **message.read(MESSAGE)[0],
                "id": None,
                "res_id": None,
                "notification_ids": message.notification_ids.mapped(
                    lambda one: (one.res_partner_id.id, one.notification_type, one.is_read)
                ),
                "answers": message.parent_id.subject,
                "files": message.attachment_ids.mapped("name"),
            }
            for message in lead.message_ids
        ]
        return {**values, "id": None}, messages, lead.message_partner_ids.ids

    def test_records_and_messages_are_those_that_are_made_one_by_one(self):
        self.agent.notification_type = "inbox"
        making, posting = self._one_by_one()
        with making, posting:
            alone = self._import("one")
            self._answer(alone, "one")
        together = self._import("two")
        self._answer(together, "two")
        for one, two in zip(alone, together, strict=True):
            expected, found = str(self._picture(one)), str(self._picture(two))
            self.assertEqual(found.replace("two.example", "one.example"), expected)
        self.assertTrue(together[0].message_ids.notification_ids, "nobody was told")

    def test_an_employee_nobody_vouches_for_is_not_the_customer_of_a_task(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_task")
        self.support.default_project_id = self.env["project.project"].create({"name": "Repairs"})
        mails = [
            build_mail(sender=f"The Boss <{self.agent.email}>", subject=f"Do it {number}")
            for number in range(2)
        ]
        for outcome in self.receive(self.support, *mails):
            self.assertFalse(self.record(outcome.email).partner_id)

    def test_a_stranger_who_writes_twice_becomes_one_contact(self):
        target = self.env.ref("mail_task_import.target_lead")
        target.creates_contact = True
        self.support.default_target_id = target
        mails = [
            build_mail(sender="Zoe <zoe@new.example>", subject=f"Offer {number}")
            for number in range(2)
        ]
        leads = [self.record(outcome.email) for outcome in self.receive(self.support, *mails)]
        self.assertEqual(leads[0].partner_id, leads[1].partner_id)
        self.assertEqual(leads[0].partner_id.email, "zoe@new.example")

    def test_only_add_ons_that_were_read_are_made_together(self):
        lead = self.env["crm.lead"]
        self.assertTrue(target_making._is_read(lead))
        with patch.object(target_making, "MAKING_READ", frozenset(("mail",))):
            self.assertFalse(target_making._is_read(lead))
