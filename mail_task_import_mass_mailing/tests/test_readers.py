"""A mailing tells what whoever wrote it may read, whomever they name as its responsible."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .mailing_common import MailingCase

BODY = "<p>Amount: {Lead.name|nothing} by {User.name}</p>"
MARKETER = "base.group_user,mass_mailing.group_mass_mailing_user,sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestReaders(MailingCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketer = new_test_user(cls.env, "marketer", MARKETER, password="marketer-pw")
        cls.chief = new_test_user(
            cls.env,
            "chief",
            MARKETER.replace("salesman", "manager"),
            name="Chief",
            password="chief-pw",
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Secret", "email_from": "lea@news.example", "user_id": cls.chief.id}
        )
        cls.env.flush_all()

    def by(self, user, **values):
        """A mailing on the chief's lead."""
        self.env.invalidate_all()
        return (
            self.env["mailing.mailing"]
            .with_user(user)
            .create(
                {
                    "subject": "News",
                    "mailing_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "mailing_domain": [("id", "in", self.lead.ids)],
                    "body_html": BODY,
                    "mail_server_id": self.server.id,
                    "user_id": self.chief.id,
                    **values,
                }
            )
        )

    def letter(self, mailing):
        """What the scheduler sends."""
        self.env.invalidate_all()
        mails = self.sent(self.env["mailing.mailing"].browse(mailing.id))
        return self.html(mails["lea@news.example"])

    def page(self, user, mailing, **query):
        self.authenticate(user and user.login, user and f"{user.login}-pw")
        query = "&".join(f"{name}={value}" for name, value in query.items())
        return self.url_open(f"/mailing/{mailing.id}/view?{query}")

    def test_a_responsible_who_may_more_lends_no_rights(self):
        letter = self.letter(self.by(self.marketer))
        self.assertIn("Amount: nothing by", letter)
        self.assertNotIn("Secret", letter)

    def test_who_may_more_tells_it(self):
        self.assertIn("Amount: Secret by Chief", self.letter(self.by(self.chief)))

    def test_whoever_changes_it_last_is_who_tells(self):
        mailing = self.by(self.chief)
        mailing.with_user(self.marketer).write({"body_html": BODY + "<p>More</p>"})
        self.assertNotIn("Secret", self.letter(mailing))

    def test_whoever_lets_it_go_is_who_tells(self):
        mailing = self.by(self.marketer)
        mailing.with_user(self.chief).action_launch()
        self.assertIn("Secret", self.letter(mailing))

    def test_nobody_writes_who_tells(self):
        mailing = self.by(self.marketer, mail_import_reader_id=self.chief.id)
        self.assertEqual(mailing.mail_import_reader_id, self.marketer)
        mailing.write({"mail_import_reader_id": self.chief.id})
        self.assertEqual(mailing.mail_import_reader_id, self.marketer)
        by_default = self.env["mailing.mailing"].with_user(self.marketer)
        by_default = by_default.with_context(default_mail_import_reader_id=self.chief.id)
        made = by_default.create({"subject": "News", "user_id": self.chief.id})
        self.assertEqual(made.mail_import_reader_id, self.marketer)

    def test_a_copy_is_told_by_whoever_makes_it(self):
        mailing = self.by(self.chief)
        copied = mailing.with_user(self.marketer).copy()
        self.assertEqual(copied.mail_import_reader_id, self.marketer)
        # as the scheduler copies the better of two
        copied = mailing.with_user(self.marketer).copy().with_user(self.env.user).copy()
        self.assertEqual(copied.mail_import_reader_id, self.marketer)

    def test_a_mark_changes_nothing(self):
        mailing = self.by(self.marketer)
        mailing.with_user(self.chief).action_set_favorite()
        self.assertEqual(mailing.mail_import_reader_id, self.marketer)

    def test_trying_it_tells_what_whoever_tries_may_read(self):
        mailing = self.by(self.chief)
        for user, told in ((self.chief, "Secret"), (self.marketer, "nothing")):
            self.env.invalidate_all()
            tried = mailing.with_user(user).with_context(mail_import_recipient=True).sudo()
            rendered = tried._render_field("body_html", self.lead.ids)[self.lead.id]
            self.assertIn(f"Amount: {told}", rendered)

    def test_the_page_tells_visitors_of_their_own_right_only(self):
        mailing = self.by(self.chief)
        document = {"document_id": self.lead.id, "email": "lea@news.example"}
        self.assertIn("Amount: Secret", self.page(self.chief, mailing, **document).text)
        page = self.page(self.marketer, mailing, **document)
        self.assertIn("Amount: nothing", page.text)
        self.assertNotIn("Secret", page.text)
        for other in ({}, {"document_id": 0}, {"document_id": "x"}, {"res_id": self.lead.id}):
            self.assertNotIn("Secret", self.page(self.marketer, mailing, **other).text)
        self.assertNotIn("Secret", self.page(None, mailing, **document).text)

    def test_a_recipients_link_shows_the_letter(self):
        mailing = self.by(self.chief)
        document = {"document_id": self.lead.id, "email": "lea@news.example"}
        token = mailing.sudo()._generate_mailing_recipient_token(*map(str, document.values()))
        for user in (None, self.marketer):
            shown = self.page(user, mailing, **document, hash_token=token).text
            self.assertIn("Amount: Secret", shown)
        forged = self.page(self.marketer, mailing, **document, hash_token=token[:-1] + "!")
        self.assertNotIn("Secret", forged.text)

    def test_the_composer_lends_no_rights(self):
        mailing = self.by(self.chief)
        composer = self.env["mail.compose.message"].with_user(self.marketer)
        composer = composer.create(
            {
                "model": "crm.lead",
                "composition_mode": "mass_mail",
                "res_ids": self.lead.ids,
                "mass_mailing_id": mailing.id,
                "subject": "News",
                "body": BODY,
            }
        )
        try:
            values = composer._prepare_mail_values(self.lead.ids)
        except AccessError:
            return
        self.assertNotIn("Secret", str(values))
