"""Mass mailings with placeholders, and with a way to opt out."""

from odoo import modules
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.mail_task_import.tests.common import MailImportCase


@tagged("post_install", "-at_install")
class TestMailings(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.partner"].create(
            [
                {"name": "Ann <b>Bold</b>", "email": "ann@news.example"},
                {"name": "Bob {{ 7*7 }}", "email": "bob@news.example"},
                {"name": "Cleo Out", "email": "cleo@news.example"},
            ]
        )
        cls.env["mail.blacklist"]._add("cleo@news.example")

    def mailing(self, body, subject="News for {Person.firstName}", **values):
        return self.env["mailing.mailing"].create(
            {
                "subject": subject,
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": [("id", "in", self.people.ids)],
                "body_html": body,
                **values,
            }
        )

    def sent(self, mailing):
        """``{address: mail}`` of what is queued."""
        # as Odoo's own runner of tests says, so that nothing is committed
        self.patch(modules.module, "current_test", self)
        mailing.action_send_mail()
        mails = self.env["mail.mail"].search([("mailing_id", "=", mailing.id)])
        return {mail.recipient_ids.email or mail.email_to: mail for mail in mails}

    def test_each_gets_a_letter_of_their_own(self):
        mails = self.sent(self.mailing("<p>Dear {Person.name}, {Account.name|friend}</p>"))
        self.assertEqual(len(mails), 2)
        ann, bob = (mail for _to, mail in sorted(mails.items()))
        self.assertEqual((ann.subject, bob.subject), ("News for Ann", "News for Bob"))
        self.assertIn("Dear Ann &lt;b&gt;Bold&lt;/b&gt;, friend", ann.body_html)
        self.assertIn("Dear Bob {{ 7*7 }}, friend", bob.body_html)

    def test_who_is_on_a_list_by_name_alone_has_a_first_and_a_last_name(self):
        contacts = self.env["mailing.contact"].create(
            [
                {"name": "Ann Able", "email": "a@news.example"},
                {"first_name": "Bo", "last_name": "Ek", "email": "b@news.example"},
            ]
        )
        body = "<p>{Person.firstName|you}, {Person.lastName}</p>"
        model = self.env["ir.model"]._get_id("mailing.contact")
        domain = [("id", "in", contacts.ids)]
        mailing = self.mailing(body, mailing_model_id=model, mailing_domain=domain)
        rendered = mailing._render_field("body_html", contacts.ids)
        self.assertEqual(
            [str(rendered[id_]) for id_ in contacts.ids], ["<p>Ann, Able</p>", "<p>Bo, Ek</p>"]
        )

    def test_a_mailing_without_a_way_out_gets_one(self):
        for mail in self.sent(self.mailing("<p>News</p>")).values():
            self.assertEqual(mail.body_html.count("/unsubscribe_from_list"), 1)

    def test_a_mailing_with_one_keeps_it(self):
        body = "<p>News <a href='/unsubscribe_from_list'>no more</a></p>"
        for mail in self.sent(self.mailing(body)).values():
            self.assertEqual(mail.body_html.count("/unsubscribe_from_list"), 1)

    def test_misspelt_placeholders_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Person.name"):
            self.mailing("<p>{Preson.name}</p>")
        with self.assertRaisesRegex(ValidationError, "leads to no Case"):
            self.mailing("<p>News</p>", subject="{Case.number}")
