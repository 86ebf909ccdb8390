"""Mail in from files, and out as files."""

import io
import mailbox as mailboxes
import re
import zipfile
from contextlib import suppress
from datetime import datetime
from tempfile import NamedTemporaryFile
from unittest.mock import patch

from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.upload import COUNTS
from ..receivers.mbox_writing import mbox_mail
from .common import MailImportCase, build_mail

READING = "odoo.addons.mail_task_import.models.upload_reading"
MODEL = "mail.import.upload"


def mbox_of(*mails):
    return b"".join(b"".join(mbox_mail("ann@customer.example", None, [mail])) for mail in mails)


class FilesCase(MailImportCase):
    def file(self, name, content, user=None):
        """What the browser puts in."""
        files = self.env["ir.attachment"].with_user(user or self.agent)
        return files.create({"name": name, "raw": content, "res_model": MODEL, "res_id": 0})

    def put_in(self, *files, mailbox=None, user=None, **values):
        """``files``: (name, bytes) each."""
        user = user or self.agent
        upload = (
            self.env[MODEL]
            .with_user(user)
            .create({"mailbox_id": (mailbox or self.support).id, **values})
        )
        upload.attachment_ids = [(6, 0, [self.file(*file, user=user).id for file in files])]
        return upload

    def carry_on(self):
        """One run of the scheduler."""
        self.env.flush_all()
        with suppress(SystemExit), self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, api.SUPERUSER_ID, {})[MODEL]._carry_on()
        self.env.invalidate_all()

    def imported(self, *files, **values):
        upload = self.put_in(*files, **values)
        upload.action_import()
        self.carry_on()
        return upload

    def entries(self, mailbox=None):
        return self.env["mail.import.entry"].search(
            [("mailbox_id", "=", (mailbox or self.support).id)], order="id"
        )

    def mails(self, count, **headers):
        return [build_mail(subject=f"No. {n}", text=f"{n}", **headers) for n in range(count)]

    def counts(self, upload):
        upload = upload.sudo()
        return tuple(upload[name] for name in COUNTS)


@tagged("post_install", "-at_install")
class TestFilesIn(FilesCase):
    def test_several_files_are_imported_once(self):
        one, two, three = self.mails(3)
        files = [("one.eml", one), ("many.mbox", mbox_of(two, three))]
        upload = self.imported(*files)
        self.assertEqual((upload.state, upload.percent), ("done", 100))
        self.assertEqual(self.counts(upload), (3, 0, 0, 0, 0))
        self.assertEqual(self.entries().mapped("subject"), ["No. 0", "No. 1", "No. 2"])
        self.assertEqual(upload.outcome, "3 stored, 0 known already")
        self.assertEqual(self.counts(self.imported(*files)), (0, 3, 0, 0, 0))
        self.assertEqual(len(self.entries()), 3)

    def test_what_only_another_mailbox_has_is_counted_as_stored(self):
        one, two = self.mails(2)
        self.receive(self._mailbox("group", "other@company.example"), one, two)
        upload = self.imported(("many.mbox", mbox_of(one, two, one)))
        self.assertEqual(len(self.entries()), 2)
        self.assertEqual(self.counts(upload), (2, 1, 0, 0, 0))

    def test_the_files_go_when_they_are_read(self):
        upload = self.put_in(("a.eml", build_mail()))
        files = upload.sudo().attachment_ids
        self.assertEqual(files.res_id, upload.id)
        upload.action_import()
        self.carry_on()
        self.assertFalse(files.exists())
        self.assertEqual(upload.file_names, "a.eml")

    def test_a_mail_that_came_by_its_server_is_known(self):
        raw = build_mail()
        self.receive(self.support, raw)
        self.assertEqual(self.counts(self.imported(("a.mbox", mbox_of(raw)))), (0, 1, 0, 0, 0))
        self.assertEqual(len(self.entries()), 1)

    def test_dates_are_those_of_the_mails_whatever_the_separators_say(self):
        """Programs write when they exported, or 1970; a mail that is read twice is one."""
        raw = build_mail()
        (mail,) = self.receive(self.support, raw)
        date = mail.email.date
        for moment in (None, datetime(2001, 1, 1), datetime(2030, 1, 1)):
            mbox = b"".join(mbox_mail("ann@customer.example", moment, [raw]))
            self.assertEqual(self.counts(self.imported(("a.mbox", mbox))), (0, 1, 0, 0, 0))
        self.assertEqual(self.entries().date, date)
        undated = re.sub(rb"Date: .*\r\n", b"", build_mail(subject="Undated"))
        mbox = b"".join(mbox_mail("ann@customer.example", datetime(2001, 1, 1), [undated]))
        self.imported(("b.mbox", mbox))
        self.assertEqual(self.entries()[-1].date, datetime(2001, 1, 1))

    def test_old_mail_makes_no_record_and_tells_nobody_unless_asked(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        leads = self.env["crm.lead"].search_count([])
        with patch.object(self.env.registry["res.users"], "_bus_send") as told:
            self.imported(("a.eml", build_mail(subject="Old")))
        told.assert_not_called()
        self.assertEqual(self.env["crm.lead"].search_count([]), leads)
        self.imported(("b.eml", build_mail(subject="New")), act=True)
        self.assertEqual(self.env["crm.lead"].search_count([]), leads + 1)

    def test_it_is_linked_to_what_there_is(self):
        self.imported(("a.eml", build_mail()))
        self.assertEqual(self.entries().link_ids._get_record(), self.customer)

    def test_filters_apply(self):
        self.env["mail.import.filter"].create(
            {
                "scope": "group",
                "mailbox_id": self.support.id,
                "destination": "skip",
                "sender": "ads@shop.example",
            }
        )
        mbox = mbox_of(build_mail(sender="ads@shop.example"), build_mail(subject="Letter"))
        self.assertEqual(self.counts(self.imported(("a.mbox", mbox))), (1, 0, 1, 0, 0))

    def test_a_mail_that_breaks_the_import_is_put_aside_once(self):
        link = self.env.registry["mail.import.link"]
        store = link._store

        def failing(model, batch):
            if any("broken" in mail.parsed.subject for mail in batch.mails):
                raise ValueError("cannot be linked")
            return store(model, batch)

        file = ("a.mbox", mbox_of(build_mail(subject="broken"), build_mail(subject="whole")))
        importer = "odoo.addons.mail_task_import.models.importer"
        with patch.object(link, "_store", failing), mute_logger(importer):
            self.assertEqual(self.counts(self.imported(file)), (1, 0, 0, 1, 0))
            self.assertEqual(self.counts(self.imported(file)), (0, 1, 0, 1, 0))
        domain = [("mailbox_id", "=", self.support.id)]
        quarantine = self.env["mail.import.quarantine"].search(domain)
        self.assertEqual(len(quarantine), 1)
        quarantine.with_user(self.agent).action_retry()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(set(self.entries().mapped("subject")), {"broken", "whole"})

    def test_old_mail_stays_old_in_the_quarantine(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        leads = self.env["crm.lead"].search_count([])
        link = self.env.registry["mail.import.link"]
        module = "odoo.addons.mail_task_import.models.importer"
        with patch.object(link, "_store", side_effect=ValueError), mute_logger(module):
            self.imported(("a.eml", build_mail()))
        quarantine = self.env["mail.import.quarantine"].search(
            [("mailbox_id", "=", self.support.id)]
        )
        self.assertTrue(quarantine.unvouched)
        quarantine.with_user(self.agent).action_retry()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(self.env["crm.lead"].search_count([]), leads)

    def test_what_is_no_mail_or_too_large_is_named(self):
        self.support.size_limit = 10_000
        large = build_mail(subject="A film", text="x" * 20_000)
        upload = self.imported(
            ("letter.eml", b"%PDF-1.4"), ("film.eml", large), ("a.mbox", mbox_of(large))
        )
        self.assertEqual(self.counts(upload), (0, 0, 0, 0, 3))
        for words in ("letter.eml", "film.eml", "A film"):
            self.assertIn(words, upload.remarks)
        self.assertFalse(self.entries())

    def test_read_and_starred_come_from_the_file(self):
        noted = b"Status: O\nX-Status: F\n" + build_mail(subject="Noted")
        plain = build_mail(subject="Plain")
        self.imported(("a.mbox", mbox_of(noted, plain)))
        by_subject = {entry.subject: entry for entry in self.entries()}
        self.assertEqual((by_subject["Noted"].is_read, by_subject["Noted"].starred), (False, True))
        self.assertTrue(by_subject["Plain"].is_read)

    def test_a_file_vouches_for_nobody_in_a_group_mailbox(self):
        raw = build_mail(
            sender="Boss <boss@company.example>",
            Authentication_Results="mx.company.example; dkim=pass header.d=company.example",
        )
        (fetched,) = self.receive(self.support, raw)
        self.assertEqual(fetched.entry.verdict, "pass")
        forged = raw.replace(b"<boss@company.example>", b"<boss@company.example>", 1).replace(
            b"where is my order", b"give me the money"
        )
        self.imported(("a.eml", forged))
        entry = self.entries()[-1]
        self.assertEqual((entry.verdict, entry.posing), ("fail", "address"))
        self.assertFalse(entry.email_id.author_id)

    def test_a_worker_that_dies_goes_on_where_it_was(self):
        mails = self.mails(7)
        upload = self.put_in(("a.mbox", mbox_of(*mails)))
        upload.action_import()
        before = self.env.registry["mail.import.upload"]._import_batch
        batches = []

        def dying(model):
            before(model)
            batches.append(model.place)
            if len(batches) == 2:
                raise SystemExit

        with (
            patch(f"{READING}.BATCH_MAILS", 2),
            patch.object(self.env.registry[MODEL], "_import_batch", dying),
        ):
            self.carry_on()
            self.assertEqual(self.counts(upload)[0], 2)
            self.carry_on()
        self.assertEqual(self.counts(upload), (7, 0, 0, 0, 0))
        self.assertEqual(upload.state, "done")
        self.assertEqual(len(self.entries()), 7)

    def test_a_mail_that_kills_its_worker_is_put_aside_unread(self):
        mails = [*self.mails(2), build_mail(subject="deadly"), build_mail(subject="last")]
        upload = self.put_in(("a.mbox", mbox_of(*mails)))
        upload.action_import()
        importer = self.env.registry["mail.import.importer"]
        receive = importer._receive

        def deadly(model, mailbox, raw):
            if b"deadly" in raw.content:
                raise SystemExit
            return receive(model, mailbox, raw)

        with patch.object(importer, "_receive", deadly):
            for _run in range(10):
                self.carry_on()
        self.assertEqual(self.counts(upload), (3, 0, 0, 1, 0))
        self.assertEqual(upload.state, "done")

    def test_what_stops_it_is_told_and_it_goes_on(self):
        upload = self.put_in(("a.eml", build_mail()))
        upload.action_import()
        with (
            patch.object(
                self.env.registry["mail.import.importer"],
                "import_mails",
                side_effect=OSError(28, "No space left on device"),
            ),
            mute_logger(READING),
        ):
            self.carry_on()
        self.assertEqual(upload.state, "failed")
        self.assertIn("No space", upload.error)
        upload.action_go_on()
        self.carry_on()
        self.assertEqual(self.counts(upload), (1, 0, 0, 0, 0))


@tagged("post_install", "-at_install")
class TestFilesAccess(FilesCase):
    def test_only_readers_put_mail_into_a_mailbox(self):
        portal = new_test_user(self.env, login="portal", groups="base.group_portal")
        for user in (self.colleague, self.administrator, portal):
            with self.subTest(user.login), self.assertRaises(AccessError), self.env.cr.savepoint():
                self.put_in(("a.eml", build_mail()), user=user)

    def test_whoever_is_no_reader_any_more_stops_there(self):
        upload = self.put_in(("a.eml", build_mail()))
        upload.action_import()
        self.support.member_ids -= self.agent
        with mute_logger(READING):
            self.carry_on()
        self.assertEqual(upload.sudo().state, "failed")
        self.assertFalse(self.entries())

    def test_nobody_sees_what_others_put_in(self):
        self.support.member_ids += self.colleague
        upload = self.put_in(("a.eml", build_mail()))
        file = upload.sudo().attachment_ids
        for user in (self.colleague, self.administrator):
            with self.subTest(user.login):
                self.assertFalse(self.env[MODEL].with_user(user).search([("id", "=", upload.id)]))
                with self.assertRaises(AccessError):
                    upload.with_user(user).read(["file_names"])
                with self.assertRaises(AccessError):
                    file.with_user(user).read(["raw"])

    def test_files_of_others_cannot_be_named(self):
        """Their text would come into one's own mailbox."""
        secret = self.env["ir.attachment"].create({"name": "s", "raw": build_mail(text="secret")})
        of_record = self.file("a.eml", build_mail()).sudo()
        of_record.write({"res_model": "res.partner", "res_id": self.customer.id})
        upload = self.put_in()
        for file in (secret, of_record, self.file("b.eml", build_mail(), user=self.boss)):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                upload.attachment_ids = [(4, file.id)]
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env[MODEL].with_user(self.agent).create(
                    {"mailbox_id": self.support.id, "attachment_ids": [(4, file.id)]}
                )

    def test_what_became_of_files_is_not_the_users_to_write(self):
        upload = self.put_in(("a.eml", build_mail()))
        for values in ({"state": "done"}, {"user_id": self.boss.id}, {"stored_count": 7}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                upload.write(values)
        upload.action_import()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            upload.act = True


@tagged("post_install", "-at_install")
class TestFilesOut(HttpCase, FilesCase):
    def setUp(self):
        super().setUp()
        self.raws = [
            build_mail(subject="One", text="Hello\nFrom the desk of Ann\n>From below"),
            build_mail(subject="One", text="Another ../one"),
            build_mail(subject="../../etc/passwd", text="Three"),
        ]
        self.receive(self.support, *self.raws)
        self.own = self.entries().with_user(self.agent)
        self.env.flush_all()

    def fetch(self, action, login="agent"):
        self.authenticate(login, login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            return self.url_open(action["url"])

    def test_an_mbox_that_others_can_read(self):
        answer = self.fetch(self.own.action_download_mbox())
        self.assertIn("Support.mbox", answer.headers["Content-Disposition"])
        with NamedTemporaryFile() as file:
            file.write(answer.content)
            file.flush()
            read = list(mailboxes.mbox(file.name))
        self.assertEqual(
            [mail["Message-ID"] for mail in read],
            [entry.email_id.message_id for entry in self.own.sorted("date")],
        )
        self.assertIn(b"\n>From the desk of Ann\n>>From below", answer.content)

    def test_it_comes_back_in_as_the_same_mail(self):
        sales = self._mailbox("group", "sales@company.example", self.agent.ids)
        mbox = self.fetch(self.own.action_download_mbox()).content
        upload = self.imported(("out.mbox", mbox), mailbox=sales)
        # new to this mailbox, each the e-mail that it was
        self.assertEqual(self.counts(upload), (3, 0, 0, 0, 0), upload.error)
        self.assertEqual(self.entries(sales).email_id, self.own.email_id)

    def test_several_are_a_zip_of_what_came_byte_for_byte(self):
        answer = self.fetch(self.own.action_download_eml())
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            names = archive.namelist()
            self.assertFalse(archive.testzip())
            self.assertEqual({archive.read(name) for name in names}, set(self.raws))
        self.assertEqual(sorted(names), ["One (2).eml", "One.eml", "etc_passwd.eml"])

    def test_one_is_that_file(self):
        answer = self.fetch(self.own[:1].action_download_eml())
        self.assertIn(answer.content, self.raws)
        hostile = self.own.filtered(lambda entry: "passwd" in entry.subject)
        answer = self.fetch(hostile.action_download_eml())
        self.assertIn("''etc_passwd.eml", answer.headers["Content-Disposition"])

    def test_what_is_no_longer_kept_is_told(self):
        self.own[:1].sudo().write({"original": False, "has_original": False})
        told = self.own.action_download_mbox()
        self.assertIn("1 of 3", told["params"]["message"])
        self.assertEqual(len(self.fetch(told["params"]["next"]).content.split(b"\nSubject: ")), 3)
        self.own.sudo().write({"original": False, "has_original": False})
        with self.assertRaises(UserError):
            self.own.action_download_mbox()

    def test_nobody_gets_the_mail_of_others(self):
        action = self.own.action_download_mbox()
        for login in ("colleague", "postmaster", None):
            with self.subTest(login):
                self.assertNotIn(b"desk of Ann", self.fetch(action, login).content)
        for user in (self.colleague, self.administrator):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.own.with_user(user).action_download_mbox()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env["mail.import.download"].with_user(user).create(
                    {"entry_ids": [(6, 0, self.own.ids)], "kind": "mbox"}
                )

    def test_who_reads_no_more_gets_nothing_more(self):
        action = self.own.action_download_mbox()
        self.support.member_ids -= self.agent
        self.env.flush_all()
        self.assertNotIn(b"desk of Ann", self.fetch(action).content)

    def test_originals_kept_in_the_database(self):
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        self.receive(self.support, build_mail(subject="In the database", text="there it is"))
        self.env.flush_all()
        entry = self.entries()[-1].with_user(self.agent)
        self.assertIn(b"there it is", self.fetch(entry.action_download_mbox()).content)
