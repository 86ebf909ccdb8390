"""The mail in its frame, its files and its original: what is served, to whom, and how safely."""

import base64

from odoo.tests import HttpCase, new_test_user, tagged

from .common import MailImportCase, build_mail
from .test_drafts import PNG


@tagged("post_install", "-at_install")
class TestFrame(HttpCase, MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._employee(
            "reader", "reader@company.example", "base.group_user,project.group_project_user"
        )
        cls.support.default_target_id = cls.env.ref("mail_task_import.target_task")
        cls.support.default_project_id = cls.project

    def setUp(self):
        super().setUp()
        inline = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
        (outcome,) = self.receive(
            self.support,
            build_mail(
                html=f'<p>Hello <img src="{inline}"></p><script>bad()</script>',
                attachments=[("page.html", b"<script>bad()</script>", "text/html")],
                Bcc="secret@customer.example",
            ),
        )
        self.entry, self.email = outcome.entry, outcome.email
        self.link = self.links(self.email)

    def get(self, kind, record, rest, login="agent"):
        self.authenticate(login, login)
        return self.url_open(f"/mail_import/{kind}/{record.id}/{rest}")

    def test_body_comes_with_a_policy_that_lets_nothing_run(self):
        answer = self.get("entry", self.entry, "body")
        self.assertEqual(answer.status_code, 200)
        policy = answer.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("sandbox allow-popups", policy)
        self.assertNotIn("allow-scripts", policy)
        self.assertNotIn("allow-same-origin", policy)
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(answer.headers["X-DNS-Prefetch-Control"], "off")
        self.assertIn("Hello", answer.text)
        self.assertNotIn("bad()", answer.text)

    def test_pictures_are_written_into_the_document(self):
        answer = self.get("entry", self.entry, "body")
        self.assertIn("data:image/png;base64,", answer.text)
        self.assertNotIn("/web/image", answer.text)

    def test_pictures_from_the_internet_are_loaded_only_when_asked(self):
        (outcome,) = self.receive(
            self.support,
            build_mail(html='<p>Hi <img src="https://spy.example/x.png"></p>', text="Hi"),
        )
        self.assertTrue(outcome.entry.has_remote_pictures)
        self.assertFalse(self.entry.has_remote_pictures)
        shy = self.get("entry", outcome.entry, "body")
        self.assertNotIn(' src="https://spy', shy.text)
        self.assertNotIn("https:", shy.headers["Content-Security-Policy"])
        asked = self.get("entry", outcome.entry, "body?pictures=1")
        self.assertIn(' src="https://spy.example/x.png"', asked.text)
        self.assertIn("img-src data: https:", asked.headers["Content-Security-Policy"])
        self.assertNotIn("allow-scripts", asked.headers["Content-Security-Policy"])

    def test_reader_of_the_record_reads_through_the_link_only(self):
        self.assertEqual(self.get("link", self.link, "body", "reader").status_code, 200)
        self.assertEqual(self.get("entry", self.entry, "body", "reader").status_code, 404)
        self.assertEqual(self.get("email", self.email, "body", "reader").status_code, 404)

    def test_administrator_and_colleague_read_nothing(self):
        self.link._get_record().project_id.privacy_visibility = "followers"
        for login in ("postmaster", "colleague"):
            for kind, record in (("entry", self.entry), ("link", self.link), ("email", self.email)):
                with self.subTest(login=login, kind=kind):
                    self.assertEqual(self.get(kind, record, "body", login).status_code, 404)

    def test_outsiders_are_kept_out(self):
        new_test_user(self.env, "portal", groups="base.group_portal")
        self.assertEqual(self.get("link", self.link, "body", "portal").status_code, 404)
        self.logout()
        answer = self.url_open(f"/mail_import/link/{self.link.id}/body")
        self.assertNotIn("Hello", answer.text)

    def test_files_are_downloads_whatever_they_are(self):
        (file,) = self.email.files
        for kind, record, login in (("entry", self.entry, "agent"), ("link", self.link, "reader")):
            answer = self.get(kind, record, f"attachment/{file['id']}", login)
            self.assertEqual(answer.content, b"<script>bad()</script>")
            self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
            self.assertEqual(file["mimetype"], "text/plain")
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_only_files_of_that_mail_are_served(self):
        foreign = self.env["ir.attachment"].create({"name": "x", "raw": b"x"})
        answer = self.get("link", self.link, f"attachment/{foreign.id}")
        self.assertEqual(answer.status_code, 404)

    def test_original_is_the_owners_byte_for_byte(self):
        answer = self.get("entry", self.entry, "original.eml")
        self.assertEqual(answer.content, base64.b64decode(self.entry.original))
        self.assertIn(".eml", answer.headers["Content-Disposition"])
        self.assertEqual(self.get("entry", self.entry, "original.eml", "reader").status_code, 404)

    def test_opening_an_entry_marks_it_read(self):
        self.assertFalse(self.entry.is_read)
        self.entry.with_user(self.agent).action_mark_read()
        self.assertTrue(self.entry.is_read)
        self.entry.with_user(self.agent).action_mark_unread()
        self.assertFalse(self.entry.is_read)
