"""*Process again*: stored mail is sorted by today's rules, and nothing is made twice."""

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MailImportCase, build_mail


class AgainCase(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.env.ref("mail_task_import.target_lead")

    def stored(self, mailbox=None, **mail):
        mail = {"sender": "Sam <sam@new.example>", "message_id": "<q@x.example>", **mail}
        (outcome,) = self.receive(mailbox or self.support, build_mail(**mail))
        return outcome.entry

    def again(self, entries, user=None):
        entries.with_user(user or self.agent).action_process_again()
        self.env.invalidate_all()

    def leads(self):
        return self.env["crm.lead"].search([("email_normalized", "=", "sam@new.example")])


@tagged("post_install", "-at_install")
class TestProcessingAgain(AgainCase):
    def test_unlinked_mail_becomes_what_the_mailbox_says_today(self):
        entry = self.stored(subject="An offer, please", text="Ten of them.")
        self.support.default_target_id = self.lead
        self.again(entry)
        link = self.links(entry.email_id)
        self.assertTrue(link.made_record)
        lead = link._get_record()
        self.assertEqual(
            (lead.name, lead.email_normalized), ("An offer, please", "sam@new.example")
        )
        self.assertIn("Ten of them.", lead.message_ids.mapped("body")[-1])
        why = entry.with_user(self.agent).why_here
        self.assertIn("Nothing says where it belongs.", why)
        self.assertIn("the mailbox says what such mail becomes", why)

    def test_twice_makes_one_record(self):
        entry = self.stored()
        self.support.default_target_id = self.lead
        self.again(entry)
        self.again(entry)
        self.assertEqual(len(self.leads()), 1)

    def test_a_thread_of_several_mails_makes_one_record(self):
        question = self.stored()
        answer = self.stored(
            subject="Re:", message_id="<a@x.example>", in_reply_to="<q@x.example>", text="And?"
        )
        self.support.default_target_id = self.lead
        self.again(answer | question)
        self.assertEqual(self.record(question.email_id), self.record(answer.email_id))
        self.assertEqual(len(self.leads()), 1)
        self.assertTrue(self.links(question.email_id).made_record)

    def test_mail_whose_record_was_deleted_makes_no_other(self):
        self.support.default_target_id = self.lead
        entry = self.stored()
        self.leads().unlink()
        self.again(entry)
        self.assertFalse(self.leads())
        self.assertFalse(self.links(entry.email_id))

    def test_mail_without_a_number_makes_no_second_record_either(self):
        self.support.default_target_id = self.lead
        raw = build_mail(sender="Sam <sam@new.example>")
        raw = b"\r\n".join(line for line in raw.split(b"\r\n") if b"Message-ID" not in line)
        (outcome,) = self.receive(self.support, raw)
        self.leads().unlink()
        self.again(outcome.entry)
        self.assertFalse(self.leads())

    def test_mail_that_is_linked_stays_where_it_is(self):
        entry = self.stored()
        entry.with_user(self.agent)
        self.env["mail.import.link"].with_user(self.agent)._link_by_hand(
            entry.email_id.with_user(self.agent), self.project.with_user(self.agent), False
        )
        self.support.default_target_id = self.lead
        self.again(entry)
        self.assertEqual(self.record(entry.email_id), self.project)

    def test_history_is_processed_quietly(self):
        raw = build_mail(sender="Sam <sam@new.example>", minutes_ago=60 * 24 * 30)
        (outcome,) = self.receive(self.support, raw, history=True)
        self.support.default_target_id = self.lead
        before = self.env["mail.mail"].search_count([])
        self.again(outcome.entry)
        self.assertEqual(len(self.leads()), 1)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertFalse(self.leads().message_ids.notification_ids)

    def test_mail_of_a_closed_mailbox_makes_nothing(self):
        own = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        entry = self.stored(own, to="boss@company.example")
        own.default_target_id = self.lead
        self.again(entry, self.boss)
        self.assertFalse(self.leads())

    def test_proposals_are_made_anew(self):
        self.env["crm.lead"].create(
            [{"name": name, "partner_id": self.customer.id} for name in ("Deal 1", "Deal 2")]
        )
        entry = self.stored(sender="Ann <ann@customer.example>")
        self.links(entry.email_id).unlink()
        self.assertTrue(entry.email_id.link_ids)
        self.again(entry)
        self.assertEqual(len(entry.email_id.link_ids.filtered("suggested")), 2)
        self.assertEqual(self.record(entry.email_id), self.customer)

    def test_all_of_a_mailbox_is_processed_in_the_background(self):
        for number in range(3):
            self.stored(message_id=f"<{number}@x.example>", subject=f"No. {number}")
        trashed = self.stored(message_id="<t@x.example>", subject="Trash")
        trashed.with_user(self.agent).action_trash()
        self.support.default_target_id = self.lead
        self.support.with_user(self.agent).action_process_again()
        self.assertIn("processed again", self.support.again_text)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["mail.import.mailbox"]._process_all_again()
        self.env.invalidate_all()
        self.assertEqual(len(self.leads()), 3)
        self.assertFalse(self.support.again_below or self.support.again_text)


@tagged("post_install", "-at_install")
class TestProcessingAgainAccess(AgainCase):
    def test_readers_of_the_mailbox_only(self):
        entry = self.stored()
        portal = self._employee("portal", "portal@customer.example", "base.group_portal")
        for user in (self.colleague, self.administrator, portal):
            with self.assertRaises(AccessError):
                self.again(entry, user)
            with self.assertRaises(AccessError):
                self.support.with_user(user).action_process_again()

    def test_an_owner_processes_the_own_mail_and_nobody_else(self):
        own = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        entry = self.stored(own, to="boss@company.example")
        self.again(entry, self.boss)
        for user in (self.agent, self.administrator):
            with self.assertRaises(AccessError):
                self.again(entry, user)
