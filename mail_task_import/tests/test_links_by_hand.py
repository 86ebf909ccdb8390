"""Linking by hand: *Link to…*, *Unlink*, proposals, and the *E-mails* button of a record."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MailImportCase, build_mail


class HandCase(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env["project.task"].create({"name": "Desk", "project_id": cls.project.id})

    def entry_of(self, mailbox=None, **values):
        values.setdefault("sender", "Nobody <nobody@unknown.example>")
        (outcome,) = self.receive(mailbox or self.support, build_mail(**values))
        return outcome.entry.with_user(self.agent)

    def link_to(self, entry, record, publish=True):
        """What the wizard does when a person presses its buttons."""
        action = entry.action_link_to()
        wizard = entry.env["mail.import.link.to"].browse(action["res_id"])
        wizard.write({"record": f"{record._name},{record.id}", "publish": publish})
        wizard.action_link()
        return self.links(entry.sudo().email_id)


@tagged("post_install", "-at_install")
class TestLinkTo(HandCase):
    def test_mail_becomes_a_note_of_the_chosen_record(self):
        entry = self.entry_of(text="Hello desk")
        link = self.link_to(entry, self.task)
        self.assertEqual(link._get_record(), self.task)
        self.assertEqual((link.step, link.user_id), ("user", self.agent))
        message = self.task.message_ids[0]
        self.assertEqual(link.message_id, message)
        self.assertIn("Hello desk", message.body)
        self.assertTrue(message.subtype_id.internal)
        self.assertFalse(message.notification_ids)

    def test_unpublished_link_leaves_the_chatter_alone(self):
        before = self.task.message_ids
        link = self.link_to(self.entry_of(), self.task, publish=False)
        self.assertFalse(link.message_id)
        self.assertEqual(self.task.message_ids, before)
        link.with_user(self.agent).action_publish()
        self.assertTrue(link.message_id)

    def test_replies_without_a_record_follow(self):
        question = self.entry_of(message_id="<q@x.example>", minutes_ago=50)
        answer = self.entry_of(in_reply_to="<q@x.example>", minutes_ago=40, text="And?")
        later = self.entry_of(
            message_id="<l@x.example>", in_reply_to="<q@x.example>", minutes_ago=30, text="Still?"
        )
        self.link_to(answer, self.task)
        for entry in question | answer | later:
            self.assertEqual(self.record(entry.sudo().email_id), self.task)
        (outcome,) = self.receive(
            self.support, build_mail(in_reply_to="<l@x.example>", text="New", minutes_ago=1)
        )
        self.assertEqual(self.record(outcome.email), self.task)

    def test_mails_of_the_thread_that_have_a_record_keep_it(self):
        other = self.task.copy()
        question = self.entry_of(message_id="<q@x.example>", minutes_ago=50)
        self.link_to(question, other)
        answer = self.entry_of(in_reply_to="<q@x.example>", minutes_ago=40, text="And?")
        self.link_to(answer, self.task)
        self.assertEqual(self.record(question.sudo().email_id), other)
        self.assertEqual(len(self.links(answer.sudo().email_id)), 2)

    def test_linking_twice_changes_nothing(self):
        entry = self.entry_of()
        first = self.link_to(entry, self.task)
        self.assertEqual(self.link_to(entry, self.task), first)

    def test_record_must_be_chosen_and_readable(self):
        entry = self.entry_of()
        action = entry.action_link_to()
        wizard = entry.env["mail.import.link.to"].browse(action["res_id"])
        with self.assertRaises(UserError):
            wizard.action_link()
        secret = self.env["project.project"].create(
            {"name": "Secret", "privacy_visibility": "followers"}
        )
        hidden = self.env["project.task"].create({"name": "Hidden", "project_id": secret.id})
        with self.assertRaises(AccessError):
            self.env["mail.import.link"].with_user(self.agent)._link_by_hand(
                entry.email_id, hidden.with_user(self.agent), publish=False
            )

    def test_mail_of_others_is_not_linked(self):
        email = self.entry_of().email_id.with_user(self.colleague)
        with self.assertRaises(AccessError):
            self.env["mail.import.link.to"].with_user(self.colleague)._open(email)

    def test_mail_of_a_personal_mailbox_stays_the_owners(self):
        personal = self._mailbox("personal", "agent@company.example", owner_id=self.agent.id)
        entry = self.entry_of(personal, to="agent@company.example")
        wizard = entry.env["mail.import.link.to"].browse(entry.action_link_to()["res_id"])
        self.assertFalse(wizard.publish)
        link = self.link_to(entry, self.task, publish=False)
        self.assertFalse(link.with_user(self.boss).has_access("read"))
        self.assertTrue(link.with_user(self.agent).has_access("read"))

    def test_closed_mail_of_a_thread_is_not_published_along(self):
        personal = self._mailbox("personal", "agent@company.example", owner_id=self.agent.id)
        secret = self.entry_of(
            personal, to="agent@company.example", message_id="<s@x.example>", minutes_ago=50
        )
        answer = self.entry_of(in_reply_to="<s@x.example>", minutes_ago=40, text="And?")
        self.link_to(answer, self.task)
        self.assertEqual(self.record(secret.sudo().email_id), self.task)
        self.assertFalse(self.links(secret.sudo().email_id).message_id)
        self.assertTrue(self.links(answer.sudo().email_id).message_id)


@tagged("post_install", "-at_install")
class TestProposals(HandCase):
    def setUp(self):
        super().setUp()
        self.deals = self.env["crm.lead"].create(
            [
                {"name": name, "type": "opportunity", "email_from": "ann@customer.example"}
                for name in ("Desks", "Chairs")
            ]
        )
        self.entry = self.entry_of(sender="Ann <ann@customer.example>")

    def proposals(self):
        return self.entry.sudo().email_id.link_ids.filtered("suggested").with_user(self.agent)

    def test_several_open_records_are_proposed(self):
        self.assertTrue(self.entry.has_suggestions)
        wizard = self.entry.env["mail.import.link.to"].browse(self.entry.action_link_to()["res_id"])
        self.assertEqual(set(wizard.suggestion_ids.mapped("record_name")), {"Desks", "Chairs"})

    def test_proposal_is_accepted_with_one_click(self):
        chosen = self.proposals().filtered(lambda link: link.record_name == "Desks")
        chosen.action_accept()
        self.assertFalse(chosen.suggested)
        self.assertEqual(chosen.sudo().message_id.res_id, chosen.res_id)

    def test_proposal_is_dismissed(self):
        self.proposals().action_dismiss()
        self.assertFalse(self.proposals())
        self.assertEqual(self.record(self.entry.sudo().email_id), self.customer)


@tagged("post_install", "-at_install")
class TestUnlink(HandCase):
    def test_mail_is_taken_back_and_stays_in_the_inbox(self):
        entry = self.entry_of(attachments=[("a.pdf", b"%PDF", "application/pdf")])
        link = self.link_to(entry, self.task)
        message = link.message_id
        link.with_user(self.agent).action_unlink_email()
        self.assertFalse(message.exists() | self.env["mail.message"])
        self.assertFalse(link.exists())
        self.assertTrue(entry.email_id.attachment_ids.raw)
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", "project.task"), ("res_id", "=", self.task.id)]
            )
        )

    def test_thread_keeps_its_own_links(self):
        question = self.entry_of(message_id="<q@x.example>", minutes_ago=50)
        answer = self.entry_of(in_reply_to="<q@x.example>", minutes_ago=40, text="And?")
        self.link_to(question, self.task)
        self.links(question.sudo().email_id).with_user(self.agent).action_unlink_email()
        self.assertEqual(self.record(answer.sudo().email_id), self.task)

    def test_withdrawn_mail_stays_linked(self):
        link = self.link_to(self.entry_of(), self.task)
        link.with_user(self.agent).action_withdraw()
        self.assertFalse(link.message_id)
        self.assertTrue(link.exists())

    def test_who_only_reads_the_record_changes_nothing(self):
        link = self.link_to(self.entry_of(), self.task)
        reader = self._employee("reader", "reader@company.example", "base.group_user")
        with self.assertRaises(AccessError):
            link.with_user(reader).action_unlink_email()
        with self.assertRaises(AccessError):
            link.with_user(reader).action_publish()


@tagged("post_install", "-at_install")
class TestEmailsButton(HandCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["res.partner"].create({"name": "Wood", "is_company": True})
        cls.customer.parent_id = cls.account

    def emails_of(self, record, user=None):
        """Subjects behind the button, in the order of the list."""
        record = record.with_user(user or self.agent)
        record.invalidate_recordset(["mail_import_link_count"])
        action = record.action_mail_import_links()
        links = record.env["mail.import.link"].search(action["domain"])
        self.assertEqual(record.mail_import_link_count, len(links))
        return links.mapped("subject")

    def test_emails_of_a_record_are_newest_first(self):
        for minutes, subject in ((30, "second"), (50, "first"), (10, "third")):
            self.link_to(self.entry_of(subject=subject, minutes_ago=minutes), self.task)
        self.assertEqual(self.emails_of(self.task), ["third", "second", "first"])

    def test_account_has_the_mail_of_its_contacts_and_their_records(self):
        self.entry_of(sender="Ann <ann@customer.example>", subject="contact", minutes_ago=9)
        deal = self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": self.customer.id}
        )
        self.task.partner_id = self.customer
        self.link_to(self.entry_of(subject="deal", sender="a@b.example", minutes_ago=8), deal)
        self.link_to(self.entry_of(subject="task", minutes_ago=7), self.task)
        self.assertEqual(self.emails_of(self.account), ["task", "deal", "contact"])
        self.assertEqual(self.emails_of(self.customer), ["task", "deal", "contact"])
        self.assertEqual(self.emails_of(deal), ["deal"])

    def test_other_accounts_are_left_out(self):
        self.entry_of(sender="Ann <ann@customer.example>")
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertEqual(self.emails_of(stranger), [])

    def test_proposals_are_not_listed(self):
        deals = self.env["crm.lead"].create(
            [
                {"name": name, "type": "opportunity", "email_from": "ann@customer.example"}
                for name in ("Desks", "Chairs")
            ]
        )
        self.entry_of(sender="Ann <ann@customer.example>")
        self.assertEqual(self.emails_of(deals[0]), [])

    def test_drafts_are_listed_for_their_writer_alone(self):
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        entry = self.entry_of(subject="question")
        self.link_to(entry, self.task)
        entry.action_reply()
        self.assertEqual(len(self.emails_of(self.task, self.agent)), 2)
        self.support.member_ids |= self.boss
        self.assertEqual(self.emails_of(self.task, self.boss), ["question"])

    def test_colleague_sees_what_the_records_show_them(self):
        self.link_to(self.entry_of(subject="task"), self.task)
        self.assertEqual(self.emails_of(self.task.with_user(self.boss), self.agent), ["task"])
        personal = self._mailbox("personal", "agent@company.example", owner_id=self.agent.id)
        entry = self.entry_of(personal, subject="private", to="agent@company.example")
        self.link_to(entry, self.task, publish=False)
        other = self._employee(
            "other", "other@company.example", "base.group_user,project.group_project_user"
        )
        self.assertEqual(self.emails_of(self.task, other), ["task"])
        self.assertEqual(set(self.emails_of(self.task)), {"task", "private"})

    def test_reader_of_the_record_searches_and_reads_its_mail(self):
        self.link_to(self.entry_of(subject="task", text="about the walnut desk"), self.task)
        other = self._employee(
            "other", "other@company.example", "base.group_user,project.group_project_user"
        )
        Link = self.env["mail.import.link"].with_user(other)
        found = Link.search([("email_text", "ilike", "walnut"), ("res_id", "=", self.task.id)])
        self.assertEqual(found.subject, "task")
        self.assertFalse(found.my_entry_id)
        with self.assertRaises(AccessError):
            found.action_reply()
