"""Answering from the inbox by a template: its text, files and placeholders, and its end."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_drafts import PNG, DraftCase


class DraftTemplateCase(DraftCase):
    def template(self, model="project.task", by=None, **values):
        return (
            self.env["mail.template"]
            .with_user(by or self.env.user)
            .create(
                {
                    "name": "Shipping",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "subject": "About {Parent.name}",
                    "body_html": "<p>Dear {Person.firstName|customer}, {Parent.name} is sent.</p>",
                    **values,
                }
            )
        )

    def offered(self, draft):
        return {row["id"] for row in draft.offered_templates()["templates"]}


@tagged("post_install", "-at_install")
class TestDraftTemplates(DraftTemplateCase):
    def test_its_text_stands_above_signature_and_quotation(self):
        draft = self.draft(self.question(text="Where is my order?"))
        self.assertEqual(draft.use_template(self.template().id), "")
        body = str(draft.body)
        self.assertIn("Dear Ann, Question about an order is sent.", body)
        self.assertTrue(
            body.index("Dear Ann") < body.index("Kind regards") < body.index("Where is my order?")
        )
        self.assertTrue(body.startswith("<div><p>Dear"), "the empty line is gone")

    def test_braces_that_an_editor_has_encoded_are_placeholders(self):
        self.customer.website = "https://ann.example"
        body = "<p><a href='%7BPerson.website%7D'>x</a><a href='%7BoptOutUrl%7D'>y</a></p>"
        draft = self.draft(self.question())
        draft.use_template(self.template(body_html=body).id)
        self.assertIn('href="https://ann.example"', draft.body)
        self.assertIn("/mail_import/opt_out", draft.body)
        self.assertNotIn("%7B", draft.body)

    def test_what_is_written_already_stays(self):
        draft = self.draft(self.question())
        draft.body = str(draft.body).replace("<p><br></p>", "<p>Hello!</p>")
        draft.use_template(self.template().id)
        body = str(draft.body)
        self.assertTrue(body.index("Hello!") < body.index("Dear Ann") < body.index("Kind regards"))

    def test_an_answer_keeps_its_subject_and_what_is_new_takes_the_templates(self):
        reply = self.draft(self.question())
        forward = self.draft(reply.entry_ids.sudo().email_id.parent_id.entry_ids, "forward")
        for draft in (reply, forward):
            draft.use_template(self.template().id)
        self.assertEqual(reply.subject, "Re: Question about an order")
        self.assertEqual(forward.subject, "About Question about an order")

    def test_its_person_is_whom_the_draft_goes_to(self):
        self.env["res.partner"].create({"name": "Bob Builder", "email": "bob@other.example"})
        draft = self.draft(self.question())
        draft.to = "bob@other.example"
        draft.use_template(self.template().id)
        self.assertIn("Dear Bob,", draft.body)
        draft.to = '"Carl Unknown" <carl@nowhere.example>'
        draft.use_template(self.template().id)
        self.assertIn("Dear Carl,", draft.body)

    def test_it_is_told_in_the_language_of_whom_it_goes_to(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        template = self.template(body_html="<p>Dear {Parent.dateEnd}</p>")
        template.with_context(lang="de_DE").body_html = "<p>Liebe {Parent.dateEnd}</p>"
        entry = self.question()
        self.record(entry.sudo().email_id).date_deadline = "2026-03-04 10:00:00"
        draft = self.draft(entry)
        draft.use_template(template.id)
        self.assertIn("Liebe 04.03.2026", draft.body)

    def test_its_files_and_pictures_come_along(self):
        template = self.template(
            attachment_ids=[(0, 0, {"name": "prices.pdf", "raw": b"%PDF-1.4"})]
        )
        picture = self.env["ir.attachment"].create(
            {"name": "logo.png", "raw": PNG, "res_model": "mail.template", "res_id": template.id}
        )
        template.body_html = f'<p>Dear <img src="/web/image/{picture.id}"></p>'
        draft = self.draft(self.question())
        draft.use_template(template.id)
        files = draft.attachment_ids
        self.assertEqual(set(files.mapped("name")), {"prices.pdf", "logo.png"})
        self.assertEqual(set(files.mapped("res_model")), {"mail.import.email"})
        self.assertFalse(files & (template.attachment_ids | picture))
        draft.action_send()
        (sent,) = self.sink.messages()
        names = [part.get_filename() for part in sent.message.iter_attachments()]
        self.assertIn("prices.pdf", names)
        self.assertTrue(template.attachment_ids.exists())

    def test_templates_for_the_contact_and_for_the_mail_itself(self):
        partner = self.template("res.partner", subject="", body_html="<p>{Person.name}!</p>")
        plain = self.template(
            "mail.import.email", subject="", body_html="<p>{User.name} to {Person.name}</p>"
        )
        lead = self.template("crm.lead", body_html="<p>{Lead.name}</p>")
        draft = self.draft(self.entry_of())
        self.assertLessEqual({partner.id, plain.id}, self.offered(draft))
        self.assertNotIn(lead.id, self.offered(draft))
        draft.use_template(partner.id)
        draft.use_template(plain.id)
        self.assertIn("Ann Customer!", draft.body)
        self.assertIn("Agent to Ann Customer", draft.body)
        with self.assertRaises(UserError):
            draft.use_template(lead.id)

    def test_what_is_empty_is_said_before_and_when_it_is_sent(self):
        template = self.template(body_html="<p>Hello {Person.phoneNumber|you}</p>")
        draft = self.draft(self.question())
        self.assertIn("{Person.phoneNumber|you}", draft.use_template(template.id))
        self.assertIn("{Person.phoneNumber|you}", draft.left_empty)
        self.assertIn("Hello you", draft.body)
        action = draft.action_send()
        self.assertIn("{Person.phoneNumber|you}", action["params"]["message"])
        self.assertEqual(len(self.sink.messages()), 1)

    def test_values_are_text_and_are_not_filled_in_again(self):
        self.customer.name = "{{ 7*7 }} {User.login} <img src=x onerror=alert(1)>"
        template = self.template(body_html="<p>Hello {Person.name}</p>")
        draft = self.draft(self.question())
        draft.use_template(template.id)
        draft.action_send()
        (sent,) = self.sink.messages()
        html = sent.message.get_body(("html",)).get_content()
        self.assertIn("{{ 7*7 }} {User.login} &lt;img src=x onerror=alert(1)&gt;", html)

    def test_what_a_mail_quotes_is_never_filled_in(self):
        entry = self.question(html="<p>{User.login} {Person.name} {optOutUrl}</p>")
        draft = self.draft(entry)
        draft.use_template(self.template().id)
        draft.action_send()
        html = self.sink.messages()[0].message.get_body(("html",)).get_content()
        self.assertIn("{User.login} {Person.name} {optOutUrl}", html)

    def test_what_the_writer_may_not_read_is_not_told(self):
        alien = self.env["res.company"].create({"name": "Other Company"})
        entry = self.question()
        template = self.template(body_html="<p>{Person.ref|no} {Parent.partner_id.ref|way}</p>")
        draft = self.draft(entry)
        self.customer.write({"ref": "A-17", "company_id": alien.id})
        self.env.invalidate_all()
        draft.use_template(template.id)
        self.assertIn("no way", draft.body)
        self.assertNotIn("A-17", draft.body)


@tagged("post_install", "-at_install")
class TestWhoseDraftTemplates(DraftTemplateCase):
    def setUp(self):
        super().setUp()
        self.open_draft = self.draft(self.question())

    def test_a_colleagues_own_is_neither_offered_nor_used(self):
        for owner in (self.colleague, self.administrator):
            secret = self.template(by=owner, user_id=owner.id, mail_import_personal=True)
            self.assertNotIn(secret.id, self.offered(self.open_draft))
            with self.assertRaises(AccessError):
                self.open_draft.use_template(secret.id)
        mine = self.template(by=self.agent, user_id=self.agent.id, mail_import_personal=True)
        self.assertIn(mine.id, self.offered(self.open_draft))
        self.open_draft.use_template(mine.id)

    def test_an_email_does_not_name_the_template_of_its_writer(self):
        self.support.member_ids |= self.colleague
        mine = self.template(by=self.agent, user_id=self.agent.id, mail_import_personal=True)
        self.open_draft.use_template(mine.id)
        theirs = self.open_draft.with_user(self.colleague)
        self.assertFalse(theirs.has_access("read"))
        # as when it was sent: then it is the mailbox's
        self.open_draft.sudo().entry_ids.is_draft = False
        self.assertTrue(theirs.has_access("read"))
        with self.assertRaises(AccessError):
            theirs.read(["template_ids"])

    def test_strangers_write_no_draft_by_a_template(self):
        template = self.template()
        portal = self._employee("portal", "portal@customer.example", "base.group_portal")
        for user in (self.colleague, self.administrator, portal):
            theirs = self.open_draft.with_user(user)
            for do in (theirs.offered_templates, lambda t=theirs: t.use_template(template.id)):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    do()

    def test_what_was_sent_takes_no_template(self):
        template = self.template()
        self.open_draft.action_send()
        with self.assertRaises(UserError):
            self.open_draft.use_template(template.id)

    def test_archived_ones_are_neither_offered_nor_used(self):
        template = self.template(active=False)
        self.assertNotIn(template.id, self.offered(self.open_draft))
        with self.assertRaises(UserError):
            self.open_draft.use_template(template.id)

    def test_one_that_serves_once_ends_when_the_mail_is_sent(self):
        once = self.template(mail_import_one_off=True)
        self.assertNotIn(once.id, self.offered(self.open_draft))
        self.open_draft.use_template(once.id)
        self.assertTrue(once.active)
        self.sink.refuse("ann@customer.example")
        self.open_draft.action_send()
        self.assertEqual((self.open_draft.state, once.active), ("failed", True))
        self.sink.clear()
        self.open_draft.action_retry_send()
        self.assertEqual((self.open_draft.state, once.active), ("sent", False))
        with self.assertRaises(UserError):
            self.draft(self.entry_of(message_id="<2@x.y>")).use_template(once.id)

    def test_a_template_for_mailings_makes_the_draft_one(self):
        self.env["mail.blacklist"]._add("ann@customer.example")
        self.open_draft.use_template(self.template(mail_import_marketing=True).id)
        self.assertIn("will not get this one", self.open_draft.opted_out)
        self.open_draft.action_send()
        self.assertFalse(self.sink.messages())
