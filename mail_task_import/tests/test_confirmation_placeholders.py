"""Automatic answers go to whoever wrote, under any name: what they may tell, and as whom."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import build_mail
from .test_confirmations import ConfirmingCase

STORED = ("Ann Secretly-Rich", "+49 151 555", "A-17", "Hidden Street", "9876")


@tagged("post_install", "-at_install")
class TestConfirmationPlaceholders(ConfirmingCase):
    def setUp(self):
        super().setUp()
        self.customer.write(
            {
                "name": "Ann Secretly-Rich",
                "phone": "+49 151 555",
                "ref": "A-17",
                "street": "Hidden Street",
                "comment": "9876",
            }
        )
        self.task_template = self.env.ref("mail_task_import.confirmation_task")

    def answer(self, body, model=None, subject="Re: {Parent.name}", **mail):
        """What goes out to a mail where this is the template."""
        self.task_template.write({"body_html": f"<p>{body}</p>", "subject": subject})
        mail.setdefault("sender", "Anybody Else <ann@customer.example>")
        self.receive(self.support, build_mail(**mail))
        (sent,) = self.send()
        return sent["Subject"], sent.get_body(("html",)).get_content()

    def test_the_sender_is_told_what_the_mail_has_told(self):
        subject, html = self.answer(
            "{Person.name}|{Person.firstName}|{Person.emailAddress}|{Task.name}|{currentYear}"
        )
        self.assertIn("Re: Question about an order", subject)
        self.assertRegex(
            html,
            r"<p>Anybody Else\|Anybody\|ann@customer.example\|Question about an order\|20\d\d</p>",
        )
        for stored in STORED:
            self.assertNotIn(stored, html + subject)

    def test_more_is_refused_when_it_is_written(self):
        """The template is in use: whoever forges a sender would learn it."""
        for written in (
            "{Person.phoneNumber}",
            "{Person.phoneNumber|none}",
            "{Person.title}",
            "{Person.parent_id.name}",
            "{Account.name}",
            "{Account.emailAddress}",
            "{Task.partner_id.name}",
            "{Task.contactName}",
            "{Task.accountName}",
            "{Task.assignedUserName}",
            "{Task.description}",
            "{Task.status}",
            "{Parent.partner_id.comment}",
            "{User.company_id.name}",
            "{User.login}",
        ):
            with self.subTest(written), self.assertRaisesRegex(ValidationError, "automatic"):
                self.task_template.body_html = f"<p>{written}</p>"
            with self.subTest(("subject", written)), self.assertRaises(ValidationError):
                self.task_template.subject = written

    def test_more_is_refused_when_it_is_chosen(self):
        template = self.task_template.copy({"body_html": "<p>{Person.phoneNumber}</p>"})
        plain = self.plain.copy({"body_html": "<p>{Person.phoneNumber}</p>"})
        task = self.env.ref("mail_task_import.target_task")
        rule = {"name": "Rule", "keyword": "order", "target_id": task.id}
        rule |= {"project_id": self.project.id, "owner_id": self.env.ref("base.user_admin").id}
        for choose in (
            lambda: self.support.write({"confirmation_template_id": template.id}),
            lambda: self.support.write({"confirmation_plain_template_id": plain.id}),
            lambda: self.env["mail.import.rule"].create(
                {**rule, "confirmation_template_id": template.id}
            ),
        ):
            with self.assertRaisesRegex(ValidationError, "automatic"):
                choose()

    def test_a_translation_is_no_way_round(self):
        self.env["res.lang"]._activate_lang("de_DE")
        with self.assertRaises(ValidationError):
            self.task_template.with_context(lang="de_DE").body_html = "<p>{Person.phone}</p>"
        with self.assertRaises(ValidationError):
            self.task_template.update_field_translations("subject", {"de_DE": "Re: {Person.phone}"})

    def test_more_stays_empty_whatever_was_stored_before(self):
        """A template from before this was asked, or that another add-on has written."""
        body = "<p>{Person.phone|a}{Task.partner_id.name|b}{Account.name|c}{User.login|d}</p>"
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s) WHERE id = %s",
            [body, self.task_template.id],
        )
        self.env.invalidate_all()
        self.receive(self.support, build_mail())
        (sent,) = self.send()
        self.assertIn("<p>abcd</p>", sent.get_body(("html",)).get_content())

    def test_a_group_mailbox_writes_in_its_own_name(self):
        self.support.signature_ids = [(0, 0, {"name": "Azure Support"})]
        _subject, html = self.answer("{User.name}|{User.emailAddress}|{User.phoneNumber|none}|")
        self.assertIn("<p>Azure Support|support@company.example|none|</p>", html)
        self.assertNotIn("OdooBot", html)

    def test_a_personal_mailbox_writes_in_its_owners(self):
        self.colleague.write({"phone": "+49 30 1", "name": "Carol Colleague"})
        mine = self._at_server(
            self._mailbox("personal", "mine@company.example", owner_id=self.colleague.id)
        )
        mine.confirmation_plain_template_id = self.plain
        self.plain.body_html = (
            "<p>{User.name}|{User.firstName}|{User.phoneNumber}|{Person.name}</p>"
        )
        self.receive(mine, build_mail(sender="Sam <sam@else.example>", to="mine@company.example"))
        (sent,) = self.send()
        html = sent.get_body(("html",)).get_content()
        self.assertIn("<p>Carol Colleague|Carol|+49 30 1|Sam</p>", html)

    def test_what_a_sender_calls_himself_is_text(self):
        sender = '"{User.login} {{ 7*7 }} <b>x</b>" <ann@customer.example>'
        _subject, html = self.answer("{Person.name}", subject="Hi {Person.name}", sender=sender)
        self.assertIn("{User.login} {{ 7*7 }} &lt;b&gt;x", html)

    def test_a_name_puts_no_header_into_the_answer(self):
        sender = "=?utf-8?q?Ann=0D=0ABcc:_all@shop.example?= <ann@customer.example>"
        raw = build_mail().replace(b"Ann Customer <ann@customer.example>", sender.encode())
        self.task_template.subject = "Hi {Person.name}"
        self.receive(self.support, raw)
        (sent,) = self.send()
        self.assertFalse(sent["Bcc"])
        self.assertNotIn("\n", sent["Subject"])

    def test_a_template_of_ones_own_answers_for_nobody_else(self):
        simple = {"subject": "Hi", "body_html": "<p>Hi</p>", "lang": False}
        own = self.plain.copy({"user_id": self.colleague.id, **simple})
        own.with_user(self.colleague).mail_import_personal = True
        with self.assertRaises(ValidationError):
            self.support.confirmation_plain_template_id = own
        with self.assertRaises(ValidationError):
            self.support.confirmation_plain_template_id = self.plain.copy(
                {"mail_import_one_off": True}
            )
        mine = self._mailbox("personal", "mine@company.example", owner_id=self.colleague.id)
        mine.confirmation_plain_template_id = own

    def test_a_record_of_the_same_name_is_not_told_of(self):
        """The sender's address is a contact's with deals and other tasks: none of them is named."""
        self.env["crm.lead"].create({"name": "Deal 9876", "partner_id": self.customer.id})
        with self.assertRaises(ValidationError):
            self.task_template.body_html = "<p>{Lead.name}</p>"
