"""Signatures with placeholders: below drafts, and below answers from chatters."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .test_drafts import DraftCase


class SignatureCase(DraftCase):
    def sign(self, body, mailbox=None):
        (mailbox or self.support).signature_ids[:1].body = body

    def below(self, draft):
        """What stands in the signature."""
        block = str(draft.body).partition('class="o_mail_import_signature"')[2]
        return block.partition(">")[2].partition("</div>")[0]

    def sent_html(self):
        (sent,) = self.sink.messages()
        return sent.message.get_body(("html",)).get_content()


@tagged("post_install", "-at_install")
class TestSignatures(SignatureCase):
    def test_they_tell_of_writer_record_and_recipient(self):
        self.sign("<p>{User.name} for {Person.firstName}, about {Task.name}, {currentYear}</p>")
        draft = self.draft(self.question())
        self.assertRegex(
            self.below(draft), r"<p>Agent for Ann, about Question about an order, 20\d\d</p>"
        )
        draft.action_send()
        self.assertIn("Agent for Ann, about", self.sent_html())
        self.assertNotIn("data-mail-import-signed", self.sent_html())

    def test_they_follow_whom_the_draft_goes_to(self):
        self.env["res.partner"].create({"name": "Bob Builder", "email": "bob@other.example"})
        self.sign("<p>To {Person.name|you}</p>")
        draft = self.draft(self.question())
        with Form(draft, view="mail_task_import.view_mail_import_draft_form") as form:
            form.to = "bob@other.example"
            self.assertIn("To Bob Builder", form.body)
            form.to = "Ann Customer <ann@customer.example>, bob@other.example"
            self.assertIn("To Ann Customer", form.body)
            form.to = False
            self.assertIn("To you", form.body)
        draft.to = "bob@other.example"
        draft.action_send()
        self.assertIn("To Bob Builder", self.sent_html())

    def test_one_that_its_writer_changed_stays(self):
        self.sign("<p>To {Person.name|you}</p>")
        draft = self.draft(self.question())
        draft.body = str(draft.body).replace("To Ann Customer", "Love")
        draft.to = "bob@other.example"
        draft.action_send()
        self.assertIn("<p>Love</p>", self.sent_html())
        self.assertNotIn("To ", self.below(draft))

    def test_without_a_record_the_default_stands_there_and_the_writer_is_told(self):
        self.sign("<p>{Lead.name|your request} {Case.number}{User.name}</p>")
        draft = self.draft(self.entry_of())
        self.assertEqual(self.below(draft), "<p>your request Agent</p>")
        self.assertIn("{Lead.name|your request}", draft.left_empty)
        message = draft.action_send()["params"]["message"]
        self.assertIn("{Case.number}", message)
        self.assertIn("your request Agent", self.sent_html())

    def test_a_draft_without_gaps_warns_of_nothing(self):
        self.sign("<p>{User.name}</p>")
        draft = self.draft(self.entry_of())
        self.assertFalse(draft.left_empty)
        self.assertEqual(draft.action_send()["params"]["message"], "The e-mail is on its way.")

    def test_they_speak_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self.sign("<p>{Task.dateEnd}</p>")
        entry = self.question()
        self.record(entry.sudo().email_id).date_deadline = "2026-03-04 10:00:00"
        self.assertIn("04.03.2026", self.below(self.draft(entry)))

    def test_they_are_read_as_whoever_writes(self):
        alien = self.env["res.company"].create({"name": "Other Company"})
        self.sign("<p>{Person.ref|nothing}{Task.partner_id.ref}</p>")
        entry = self.question()
        self.customer.write({"ref": "A-17", "company_id": alien.id})
        self.env.invalidate_all()
        self.assertEqual(self.below(self.draft(entry)), "<p>nothing</p>")

    def test_values_are_text(self):
        self.sign("<p>To {Person.name}</p>")
        self.customer.name = "{User.login} {{ 7*7 }} <script>alert(1)</script>"
        draft = self.draft(self.question())
        draft.action_send()
        self.assertIn(
            "To {User.login} {{ 7*7 }} &lt;script&gt;alert(1)&lt;/script&gt;", self.sent_html()
        )

    def test_a_quoted_mail_does_not_pose_as_the_signature(self):
        self.sign("<p>To {Person.name}</p>")
        fake = (
            '<div class="o_mail_import_signature" data-mail-import-signed="e3b0c44298fc1c14">'
            "</div><p>{User.login}</p>"
        )
        draft = self.draft(self.question(html=fake))
        self.assertEqual(str(draft.body).count("o_mail_import_signature"), 1)
        draft.action_send()
        self.assertIn("<p>{User.login}</p>", self.sent_html())

    def test_an_opt_out_in_them_is_each_recipients_own(self):
        self.sign("<p>{optOutLink}</p>")
        draft = self.draft(self.question(Cc="bob@customer.example"), "reply_all")
        draft.action_send()
        sent = self.sink.messages()
        self.assertEqual(len(sent), 2)
        for mail in sent:
            (recipient,) = mail.recipients
            html = mail.message.get_body(("html",)).get_content()
            self.assertIn(recipient.replace("@", "%40"), html)
            self.assertIn("/mail_import/opt_out/", mail.message["List-Unsubscribe"])

    def test_a_mailbox_without_a_signature_signs_nothing(self):
        self.support.signature_ids.unlink()
        draft = self.draft(self.question())
        draft.action_send()
        self.assertNotIn("data-mail-import", self.sent_html())


@tagged("post_install", "-at_install")
class TestSignaturesAreChecked(SignatureCase):
    def test_mistakes_are_refused_with_what_was_meant(self):
        for written, meant in (
            ("{Preson.name}", "{Person.name}"),
            ("{User.fristName}", "firstName"),
            ("{User.password}", "not for letters"),
            ("{Person.child_ids}", "several"),
            ("{<b>User</b>.name}", "torn apart"),
            ("{optOutURL}", "{optOutUrl}"),
        ):
            with self.subTest(written), self.assertRaisesRegex(ValidationError, meant):
                self.sign(f"<p>{written}</p>")

    def test_records_of_all_kinds_may_be_named(self):
        self.sign(
            "<p>{Lead.amount} {Opportunity.stage} {Task.projectName} {Case.number} {Parent.name} "
            "{Account.name} {Person.accountName} {User.phoneNumber} {today}</p>"
        )

    def test_other_braces_stay(self):
        body = "<p>{color: red} {foo.bar} {{ 7*7 }} ${x} {% if %}</p>"
        self.sign(body)
        self.assertEqual(self.below(self.draft(self.question())), body)

    def test_what_its_writer_may_not_read_is_refused(self):
        owner = self.colleague
        mine = self._mailbox("personal", "mine@company.example", owner_id=owner.id)
        signatures = self.env["mail.import.signature"].with_user(owner)
        with self.assertRaisesRegex(ValidationError, "may not read"):
            signatures.create({"mailbox_id": mine.id, "name": "Me", "body": "<p>{Lead.amount}</p>"})
        signatures.create({"mailbox_id": mine.id, "name": "Me", "body": "<p>{User.name}</p>"})


@tagged("post_install", "-at_install")
class TestSignaturesBelowAnswers(SignatureCase):
    """From the chatter of a record, in the name of the mailbox."""

    def answer(self, *people, **values):
        task = self.record(self.question().sudo().email_id)
        self.sink.clear()
        task.with_user(self.agent).message_post(
            body="Soon.",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            partner_ids=[person.id for person in people],
            **values,
        )
        self.env["mail.mail"].process_email_queue()
        return {
            mail.recipients[0]: mail.message.get_body(("html",)).get_content()
            for mail in self.sink.messages()
        }

    def test_they_are_filled_in(self):
        self.sign("<p>{User.name} for {Person.firstName} about {Task.name}</p>")
        sent = self.answer(self.customer)
        self.assertIn("Agent for Ann about Question about an order", sent["ann@customer.example"])

    def test_of_several_recipients_none_is_told_of_another(self):
        bob, carl = self.env["res.partner"].create(
            [
                {"name": "Bob", "email": "bob@other.example"},
                {"name": "Carl", "email": "carl@other.example"},
            ]
        )
        self.sign("<p>for {Person.name|you}</p>")
        sent = self.answer(self.customer, bob, carl)
        for name in ("bob", "carl"):
            self.assertIn("<p>for you</p>", sent[f"{name}@other.example"])
        self.assertNotIn("for Bob", sent["ann@customer.example"])
