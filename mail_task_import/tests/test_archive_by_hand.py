"""*Archive an E-mail*: a file or a form on a record, what it becomes, and for whom."""

from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from .common import build_mail
from .test_access_common import SECRET, AccessCase

OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


class ArchiveCase(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env["project.task"].create({"name": "Desk", "project_id": cls.project.id})
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Desks", "type": "opportunity", "email_from": "ann@customer.example"}
        )

    def setUp(self):
        super().setUp()
        self.as_user(self.env["mail.import.mailbox"], self.agent)._own_archive()

    def archive(self, content, user=None, record=None, name="mail.eml"):
        """Drop a file on a record; the words that its dropper reads."""
        record = record or self.task
        archive = self.as_user(self.env["mail.import.archive"], user or self.agent)
        return archive.archive_file(record._name, record.id, name, content)

    def type_in(self, user=None, **values):
        """Fill in the form, and press its button."""
        wizards = self.as_user(self.env["mail.import.archive"], user or self.agent)
        wizard = wizards.browse(wizards.open_on(self.task._name, self.task.id)["res_id"])
        wizard.write(
            {"from_": "Ann <ann@customer.example>", "subject": "Call", "text": SECRET, **values}
        )
        wizard.action_archive()
        return self.newest()

    def newest(self):
        return self.env["mail.import.email"].search([], order="id desc", limit=1)

    def counted(self):
        # what was done before says so in chatters only when it is committed
        self.env.flush_all()
        self.env.cr.precommit.run()
        models = ("crm.lead", "project.task", "mail.message", "mail.mail", "mail.notification")
        return [self.env[model].sudo().search_count([]) for model in models]


@tagged("post_install", "-at_install")
class TestArchiveFile(ArchiveCase):
    def test_it_is_linked_to_the_record_by_who_dropped_it_and_to_nothing_else(self):
        before = self.counted()
        self.assertIn("Archived", self.archive(build_mail(text=SECRET)))
        email = self.newest()
        link = email.link_ids
        self.assertEqual(link._get_record(), self.task)
        self.assertEqual((link.step, link.user_id), ("user", self.agent))
        self.assertEqual(self.counted(), before)
        self.assertFalse(link.message_id)
        entry = email.entry_ids
        self.assertEqual(
            (entry.user_id, entry.folder_kind, entry.is_read), (self.agent, "archive", True)
        )
        self.assertIn("Agent archived it by hand.", self.as_user(entry, self.agent).why_here)

    def test_readers_of_the_record_read_it_with_its_mark_and_nobody_else(self):
        self.archive(build_mail(text=SECRET))
        email = self.newest()
        link = self.as_user(email.link_ids, self.reader)
        self.assertIn("Archived by hand by Agent", link.archived_by)
        self.assertTrue(link.page_letter()["people"]["from"]["people"][0]["unverified"])
        self.assertHiddenFrom(self.outsiders, email.link_ids, "body")
        self.assertHiddenFrom(self.outsiders | self.reader | self.boss, email.entry_ids, "body")

    def test_a_known_mail_is_linked_and_not_doubled(self):
        mail = build_mail(text=SECRET)
        (outcome,) = self.receive(self.support, mail)
        self.assertIn("It is linked now", self.archive(mail))
        email = outcome.email
        self.assertEqual(self.newest(), email)
        self.assertEqual(len(email.link_ids), 2)
        self.assertFalse(email.archived_by)
        self.assertIn("is here already", self.archive(mail))
        self.assertEqual(len(email.link_ids), 2)

    def test_rules_are_asked_when_the_mail_itself_comes_and_the_mark_goes(self):
        mail = build_mail("Broken", sender="New <new@prospect.example>")
        self.archive(mail)
        email = self.newest()
        self.assertTrue(email.archived_by)
        (outcome,) = self.receive(self.support, mail)
        self.assertEqual((outcome.state, outcome.email), ("duplicate", email))
        self.assertFalse(email.archived_by)
        self.assertEqual(len(email.link_ids.filtered("made_record")), 1)

    def test_a_forged_colleague_stays_unverified_whatever_the_file_claims(self):
        self.archive(
            build_mail(
                sender="Boss <boss@company.example>",
                Authentication_Results=self.passed(),
            )
        )
        email = self.newest()
        self.assertEqual(email.unverified, "posing")
        self.assertFalse(email.author_id)
        self.assertNotEqual(email.entry_ids.verdict, "pass")

    def test_a_chatter_says_who_archived_it(self):
        self.archive(build_mail(text=SECRET))
        link = self.newest().link_ids
        self.as_user(link, self.agent).action_publish()
        self.assertIn("Archived by hand by Agent", link.message_id.body)
        self.assertTrue(link.message_id.subtype_id.internal)

    def test_what_is_no_mail_is_refused_in_words_and_nothing_is_kept(self):
        before = self.newest()
        mbox = b"From a@x.example Mon Nov 16 10:00:00 2026\n" + build_mail() + b"\n\n"
        for name, content, words in (
            ("letter.msg", OUTLOOK, "Outlook"),
            ("renamed.eml", OUTLOOK, "Outlook"),
            ("photo.eml", b"\x89PNG\r\n\x1a\n" + b"\0" * 300, "no e-mail"),
            ("empty.eml", b"", "no e-mail"),
            ("two.eml", mbox + mbox, "Import Files"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, words):
                self.archive(content, name=name)
        self.assertEqual(self.newest(), before)

    def test_a_broken_mail_is_archived_as_far_as_it_can_be_read(self):
        broken = (
            b"From: ann@customer.example\r\nSubject: Half\r\nContent-Type: multipart/mixed;"
            b' boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nHello'
        )
        self.archive(broken)
        email = self.newest()
        self.assertEqual(email.subject, "Half")
        self.assertIn("Hello", email.body_text)

    def test_25_megabytes_are_taken(self):
        file = ("large.bin", b"0123456789abcdef" * 1_150_000, "application/octet-stream")
        self.archive(build_mail("Large", attachments=[file]))
        email = self.newest()
        self.assertEqual(email.attachment_ids.file_size, len(file[1]))

    def test_who_may_not_post_on_the_record_archives_nothing_there(self):
        before = self.newest()
        for user in self.outsiders - self.administrator:
            with self.subTest(user=user.login):
                self.assertRefused(lambda u=user: self.archive(build_mail(), user=u))
        self.assertEqual(self.newest(), before)

    def test_a_mail_deleted_for_good_is_told_in_words(self):
        self.archive(build_mail("Gone"))
        self.newest().unlink()
        with self.assertRaisesRegex(UserError, "deleted for good"):
            self.archive(build_mail("Gone"))

    def test_a_filter_of_ones_own_drops_nothing_that_one_brings(self):
        self.env["mail.import.filter"].with_user(self.agent).create(
            {"name": "No Ann", "scope": "own", "sender": "ann@*", "destination": "skip"}
        )
        self.assertIn("Archived", self.archive(build_mail(text=SECRET)))

    def test_the_archive_is_one_a_user_and_is_never_fetched(self):
        self.archive(build_mail("1", text="1"))
        self.archive(build_mail("2", text="2"))
        archive = (
            self.env["mail.import.mailbox"]
            .with_context(active_test=False)
            .search([("is_archive", "=", True)])
        )
        self.assertEqual((len(archive), archive.owner_id), (1, self.agent))
        with self.assertRaises(ValidationError):
            self.as_user(archive, self.agent).active = True


@tagged("post_install", "-at_install")
class TestArchiveForm(ArchiveCase):
    def test_what_was_typed_in_is_an_email_with_a_mark(self):
        before = self.counted()
        moment = fields.Datetime.now() - timedelta(days=3)
        email = self.type_in(date=moment, to="Support <support@company.example>")
        self.assertEqual((email.subject, email.from_email), ("Call", "ann@customer.example"))
        self.assertEqual(
            (email.direction, email.state, email.date), ("incoming", "received", moment)
        )
        self.assertIn(SECRET, email.body_text)
        self.assertIn("Agent, typed in", email.archived_by)
        self.assertFalse(email.author_id)
        self.assertEqual(email.link_ids._get_record(), self.task)
        self.assertEqual(self.counted(), before)

    def test_what_we_sent_is_outgoing_and_a_colleagues_name_stays_unverified(self):
        email = self.type_in(
            direction="outgoing", from_="boss@company.example", to="ann@customer.example"
        )
        self.assertEqual((email.direction, email.state), ("outgoing", "sent"))
        self.assertEqual(email.entry_ids.direction, "outgoing")
        self.assertEqual(email.unverified, "posing")
        (person,) = self.as_user(email.entry_ids, self.agent).page_letter()["people"]["from"][
            "people"
        ]
        self.assertEqual(person["kind"], "unverified")

    def test_header_lines_cannot_be_smuggled_in(self):
        email = self.type_in(
            subject="Hi\r\nAuthentication-Results: mx.company.example; dmarc=pass",
            from_="Ann\r\nBcc: x@x.example <ann@customer.example>",
        )
        self.assertNotIn("Authentication-Results", email.entry_ids.trace_headers or "")
        self.assertFalse(email.entry_ids.bcc)
        self.assertIn("dmarc=pass", email.subject)

    def test_files_come_along_but_no_file_of_others(self):
        mine = (
            self.env["ir.attachment"].with_user(self.agent).create({"name": "a.txt", "raw": b"a"})
        )
        email = self.type_in(attachment_ids=[(6, 0, mine.ids)])
        self.assertEqual((email.attachment_ids.name, email.attachment_ids.raw), ("a.txt", b"a"))
        theirs = self.confided(attachments=[("b.txt", b"b", "text/plain")]).attachment_ids
        self.assertRefused(lambda: self.type_in(attachment_ids=[(6, 0, theirs.ids)]))

    def test_what_is_missing_is_said(self):
        for values, words in (
            ({"from_": ""}, "From whom"),
            ({"from_": "a@x.example, b@x.example"}, "From whom"),
            ({"to": "nobody"}, "To whom"),
            ({"date": fields.Datetime.now() + timedelta(days=1)}, "future"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, words):
                self.type_in(**values)

    def test_the_dialog_is_its_makers(self):
        wizards = self.as_user(self.env["mail.import.archive"], self.agent)
        wizard = wizards.browse(wizards.open_on(self.task._name, self.task.id)["res_id"])
        for user in (self.reader, self.colleague):
            with self.assertRaises(AccessError):
                self.as_user(wizard, user).action_archive()

    def test_it_names_no_record_that_one_may_not_read(self):
        hidden = self.env["project.task"].create({"name": "Hidden", "project_id": self.project.id})
        self.project.message_unsubscribe(self.agent.partner_id.ids)
        wizards = self.as_user(self.env["mail.import.archive"], self.colleague)
        self.assertRefused(lambda: wizards.open_on("project.task", hidden.id))
        self.assertRefused(
            lambda: wizards.create({"res_model": "project.task", "res_id": hidden.id}).record_name
        )


@tagged("post_install", "-at_install")
class TestArchiveAddress(HttpCase, ArchiveCase):
    def post(self, login, content=None, record=None, name="mail.eml"):
        record = record or self.task
        self.authenticate(login, login)
        token = http.Request.csrf_token(self)
        data = {"model": record._name, "id_": record.id, "csrf_token": token}
        return self.url_open(
            "/mail_import/archive",
            data=data,
            files={"file": (name, content or build_mail(text=SECRET))},
        )

    def test_a_file_is_taken_from_who_may_post(self):
        answer = self.post("agent")
        self.assertIn("Archived", answer.json()["words"])
        answer = self.post("agent", OUTLOOK, name="letter.msg")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Outlook", answer.json()["error"])

    def test_others_hear_nothing(self):
        for login in ("colleague", "portal_ann"):
            self.assertEqual(self.post(login).status_code, 404)
