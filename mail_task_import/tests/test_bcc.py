"""Blind copies: everybody gets the e-mail, and nobody but its writer learns of them."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import build_mail
from .test_drafts import DraftCase

HIDDEN = "lawyer@hidden.example"
LOGGERS = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")


class BccCase(DraftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(mute_logger(*LOGGERS))
        cls.support.member_ids += cls.colleague

    def setUp(self):
        super().setUp()
        self.addCleanup(self.sink.clear)

    def written(self, **values):
        Email = self.env["mail.import.email"].with_user(self.agent)
        draft = Email.browse(Email.action_compose()["res_id"])
        draft.write(
            {
                "to": "ann@customer.example",
                "cc": "bob@customer.example",
                "bcc": f"Lawyer <{HIDDEN}>",
                "subject": "Offer",
                "body": "<p>As agreed.</p>",
                **values,
            }
        )
        return draft

    def told(self, email, user):
        """All that this user reads of the e-mail, its copies, links and files, as text."""
        self.env.flush_all()
        self.env.invalidate_all()
        email = email.with_user(user)
        found = [email, email.entry_ids, email.link_ids, email.attachment_ids]
        shown = [
            str(records.read(sorted(records.fields_get().keys() - {"reference_ids"})))
            for records in found
            if records
        ]
        for entry in email.entry_ids:
            shown.append(str(entry.original and entry.with_context(bin_size=False).original))
            shown.append(str(entry.sudo().original and self._raw(entry)))
        return "\n".join(shown)

    def _raw(self, entry):
        return self.env["ir.attachment"].sudo().search(
            [("res_model", "=", entry._name), ("res_id", "=", entry.id),
             ("res_field", "=", "original")]
        ).raw  # fmt: skip


@tagged("post_install", "-at_install")
class TestBcc(BccCase):
    def test_everybody_gets_one_copy_that_names_no_blind_recipient(self):
        self.written().action_send()
        (sent,) = self.sink.messages()
        self.assertEqual(
            sorted(sent.recipients), ["ann@customer.example", "bob@customer.example", HIDDEN]
        )
        self.assertIsNone(sent.message["Bcc"])
        self.assertNotIn(b"hidden.example", sent.raw)

    def test_the_writer_still_sees_it_and_nobody_else(self):
        draft = self.written()
        draft.action_send()
        self.assertIn(HIDDEN, self.told(draft, self.agent))
        self.assertNotIn("hidden.example", self.told(draft, self.colleague))
        self.assertFalse(draft.with_user(self.env.ref("base.user_root")).bcc)
        self.assertFalse(draft.with_user(self.administrator).has_access("read"))

    def test_the_rows_are_nobodys(self):
        self.written()
        for user in (self.agent, self.colleague, self.administrator):
            with self.assertRaises(AccessError):
                self.env["mail.import.bcc"].with_user(user).search([])

    def test_who_is_named_openly_gets_no_second_copy(self):
        self.written(bcc=f"ann@customer.example, {HIDDEN}").action_send()
        (sent,) = self.sink.messages()
        self.assertEqual(len(sent.recipients), 3)

    def test_what_is_no_address_is_refused(self):
        with self.assertRaisesRegex(UserError, "Bcc"):
            self.written(bcc="nobody").action_send()

    def test_an_answer_and_a_forwarded_mail_do_not_take_it_along(self):
        draft = self.written()
        draft.action_send()
        for how in ("reply_all", "forward"):
            answer = self.draft(draft.entry_ids.with_user(self.agent), how)
            self.assertFalse(answer.bcc)
            self.assertNotIn("hidden.example", str(answer.read()))

    def test_a_mailing_with_links_of_its_own_reaches_them_by_their_own(self):
        draft = self.written(
            body="<p><a href='https://x.example/mail_import/opt_out_here'>Out</a></p>"
        )
        draft.action_send()
        sent = self.sink.messages()
        self.assertEqual(len(sent), 3)
        links = {each.recipients: each.message["List-Unsubscribe"] for each in sent}
        self.assertEqual(len(set(links.values())), 3)
        for recipients, link in links.items():
            if recipients != (HIDDEN,):
                self.assertNotIn("hidden.example", link)

    def test_the_mailbox_that_writes_to_colleagues_only_tells_the_writer_alone(self):
        self.support.letters_outside = False
        draft = self.written(to="boss@company.example", cc=False)
        with self.assertRaisesRegex(UserError, "hidden.example"):
            draft.action_send()


@tagged("post_install", "-at_install")
class TestBccRefused(BccCase):
    def test_colleagues_do_not_learn_that_a_blind_copy_was_refused(self):
        self.sink.refuse(HIDDEN, f"550 5.1.1 <{HIDDEN}>: no such user")
        draft = self.written()
        draft.action_send()
        self.assertEqual(draft.state, "sent")
        self.assertIn(HIDDEN, draft.bcc_refused)
        self.assertTrue(draft.can_retry)
        self.assertNotIn("hidden.example", self.told(draft, self.colleague))
        theirs = draft.with_user(self.colleague)
        unsent = [("bcc_refused", "!=", False)]
        self.assertEqual(draft.entry_ids.search(unsent), draft.entry_ids)
        self.assertFalse(theirs.entry_ids.search(unsent))
        self.assertFalse(theirs.can_retry)
        self.assertFalse(theirs.failure_reason)
        self.assertFalse(self.env["mail.import.bounce.report"].search([("address", "=", HIDDEN)]))

    def test_retry_sends_to_the_blind_copy_alone(self):
        self.sink.refuse(HIDDEN, "450 4.2.1 try later")
        draft = self.written()
        draft.action_send()
        self.sink.clear()
        draft.action_retry_send()
        (sent,) = self.sink.messages()
        self.assertEqual(sent.recipients, (HIDDEN,))
        self.assertFalse(draft.can_retry)
        self.assertEqual(draft.state, "sent")

    def test_a_server_that_names_them_in_its_answer_is_not_quoted(self):
        self.sink.refuse("*@customer.example", f"550 {HIDDEN} is why")
        self.sink.refuse(HIDDEN, f"550 {HIDDEN} is why")
        draft = self.written()
        draft.action_send()
        self.assertEqual(draft.state, "failed")
        self.assertIn("ann@customer.example", draft.failure_reason)
        self.assertNotIn("hidden.example", self.told(draft, self.colleague))
        mails = draft.sudo().mail_message_id.mail_ids
        self.assertNotIn("hidden.example", str(mails.read()))

    def test_a_colleague_who_sends_a_failed_one_again_sends_it_to_all(self):
        self.sink.refuse("*", "550 closed")
        draft = self.written()
        draft.action_send()
        self.assertEqual(draft.state, "failed")
        self.sink.clear()
        draft.with_user(self.colleague).action_retry_send()
        got = sorted(one for sent in self.sink.messages() for one in sent.recipients)
        self.assertEqual(got, ["ann@customer.example", "bob@customer.example", HIDDEN])
        self.assertFalse(draft.with_user(self.colleague).bcc)

    def test_only_its_writer_corrects_what_failed(self):
        self.sink.refuse("*", "550 closed")
        draft = self.written()
        draft.action_send()
        with self.assertRaises(AccessError):
            draft.with_user(self.colleague).action_edit_failed()
        draft.action_edit_failed()
        self.assertIn(HIDDEN, draft.bcc)


@tagged("post_install", "-at_install")
class TestDraftsOfOnesOwn(BccCase):
    def test_colleagues_of_the_mailbox_do_not_read_a_draft(self):
        draft = self.written()
        entry = draft.sudo().entry_ids
        for user in (self.colleague, self.administrator, self.boss):
            for records in (draft, entry):
                theirs = records.with_user(user)
                self.assertFalse(theirs.has_access("read"), user.login)
                self.assertFalse(theirs.search([("id", "=", theirs.id)]))
                for ask in (
                    lambda r=theirs: r.read(["subject"]),
                    lambda r=theirs: r.write({"subject": "x"}),
                ):
                    with self.assertRaises(AccessError):
                        ask()
            for verb in ("action_send", "action_discard"):
                with self.assertRaises(AccessError):
                    getattr(draft.with_user(user), verb)()

    def test_what_was_sent_is_the_mailboxs(self):
        draft = self.written()
        draft.action_send()
        theirs = draft.with_user(self.colleague)
        self.assertEqual(theirs.read(["subject"])[0]["subject"], "Offer")
        theirs.entry_ids.action_archive_entry()

    def test_a_draft_that_answers_is_ones_own_too(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_task")
        self.support.default_project_id = self.project
        (mail,) = self.receive(self.support, build_mail())
        draft = self.draft(mail.entry.with_user(self.agent))
        links = draft.sudo().link_ids
        self.assertTrue(links)
        self.assertFalse(links.with_user(self.colleague).has_access("read"))
