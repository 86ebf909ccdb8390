"""Files that come in pieces, as they may be larger than one request."""

import io

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..receivers.joined_file import JoinedFile
from .test_files_of_mail import MODEL, FilesCase, mbox_of


@tagged("post_install", "-at_install")
class TestJoinedFile(TransactionCase):
    def test_it_reads_as_one_file(self):
        content = bytes(range(256)) * 40
        for size in (1, 7, 4096, len(content)):
            cut = [content[at : at + size] for at in range(0, len(content), size)]
            file = io.BufferedReader(JoinedFile([(len(p), lambda p=p: io.BytesIO(p)) for p in cut]))
            self.assertEqual(file.read(), content)
            file.seek(1000)
            self.assertEqual(file.readline(), content[1000:].split(b"\n")[0] + b"\n")
            self.assertEqual(file.seek(-5, io.SEEK_END), len(content) - 5)
            self.assertEqual(file.read(100), content[-5:])
            self.assertFalse(file.read())

    def test_a_part_that_was_cut_off_is_not_taken_for_the_end(self):
        file = io.BufferedReader(JoinedFile([(10, lambda: io.BytesIO(b"short"))]))
        with self.assertRaises(EOFError):
            file.read()


@tagged("post_install", "-at_install")
class TestFilesInPieces(FilesCase):
    def begun(self, user=None):
        return self.put_in(user=user)

    def send(self, upload, name, content, piece=1000):
        first = 0
        for at in range(0, len(content), piece):
            answer = upload._take_piece(name, content[at : at + piece], first, at, len(content))
            first = answer["id"]
        return first

    def test_a_file_is_what_its_pieces_are_together(self):
        mails = self.mails(12, X_Long="x" * 400)
        whole = mbox_of(*mails)
        for size in (333, 1000, len(whole) - 1):
            with self.subTest(size=size):
                upload = self.begun()
                self.send(upload, "old.mbox", whole, size)
                self.assertEqual(
                    [(file["name"], file["size"], file["here"]) for file in upload.files],
                    [("old.mbox", len(whole), len(whole))],
                )
                upload.action_import()
                self.carry_on()
                self.assertEqual(upload.sudo().state, "done", upload.sudo().error)
        self.assertEqual(len(self.entries()), 12)
        self.assertEqual(self.counts(upload)[:2], (0, 12))
        files = [("res_model", "=", MODEL), ("res_id", "=", upload.id)]
        self.assertFalse(self.env["ir.attachment"].search(files))

    def test_a_piece_that_comes_twice_counts_once(self):
        content = mbox_of(*self.mails(3))
        upload = self.begun()
        first = upload._take_piece("a.mbox", content[:500], 0, 0, len(content))["id"]
        for _time in range(2):
            answer = upload._take_piece("a.mbox", content[500:900], first, 500, len(content))
            self.assertEqual(answer["here"], 900)
        upload._take_piece("a.mbox", content[900:], first, 900, len(content))
        upload.action_import()
        self.carry_on()
        self.assertEqual(self.counts(upload), (3, 0, 0, 0, 0))

    def test_half_a_file_is_not_imported(self):
        upload = self.begun()
        content = mbox_of(*self.mails(3))
        first = upload._take_piece("a.mbox", content[:500], 0, 0, len(content))["id"]
        with self.assertRaisesRegex(UserError, "“a.mbox” has not come whole"):
            upload.action_import()
        upload.action_remove_file(first)
        self.assertFalse(upload.files)
        with self.assertRaisesRegex(UserError, "Choose the files first"):
            upload.action_import()

    def test_what_does_not_fit_is_no_piece(self):
        upload = self.begun()
        first = upload._take_piece("a.mbox", b"12345", 0, 0, 10)["id"]
        other = self.begun()
        for id_, content, at, size in (
            (first, b"x" * 6, 5, 10),
            (first, b"x", 7, 10),
            (first, b"x", 5, 20),
            (first, b"x", -1, 10),
            (first + 1000, b"x", 5, 10),
            (0, b"x", 0, 33 * 1024**3),
        ):
            with self.subTest(id_=id_, at=at, size=size), self.assertRaises(UserError):
                upload._take_piece("a.mbox", content, id_, at, size)
        with self.assertRaises(ValidationError):
            other._take_piece("a.mbox", b"67890", first, 5, 10)

    def test_only_their_own_and_only_before_the_import(self):
        upload = self.begun()
        content = mbox_of(*self.mails(1))
        first = self.send(upload, "a.mbox", content)
        portal = new_test_user(self.env, login="portal", groups="base.group_portal")
        for user in (self.colleague, self.administrator, portal):
            with self.subTest(user.login):
                foreign = upload.with_user(user)
                with self.assertRaises(AccessError):
                    foreign._take_piece("b.mbox", b"x", 0, 0, 1)
                with self.assertRaises(AccessError):
                    foreign.action_remove_file(first)
                with self.assertRaises(AccessError):
                    foreign.read(["files"])
        with self.assertRaises(AccessError):
            upload.pieces = {}
        upload.action_import()
        with self.assertRaises(UserError):
            upload._take_piece("b.mbox", b"x", 0, 0, 1)
        with self.assertRaises(UserError):
            upload.action_remove_file(first)

    def test_unfinished_pieces_go_with_the_choice(self):
        upload = self.begun()
        self.send(upload, "a.mbox", mbox_of(*self.mails(3)), 500)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", MODEL), ("res_id", "=", upload.id)]
        )
        self.assertGreater(len(files), 2)
        upload.unlink()
        self.assertFalse(files.exists())


@tagged("post_install", "-at_install")
class TestFilesByHttp(FilesCase, HttpCase):
    def post(self, upload, login, **values):
        self.authenticate(login, login)
        values = {"name": "a.mbox", "at": 0, "size": 3, "first": 0, **values}
        values["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(
            f"/mail_import/upload/{upload.id}", data=values, files={"piece": ("p", b"abc")}
        )

    def test_pieces_are_taken_from_their_user_alone(self):
        upload = self.put_in()
        answer = self.post(upload, self.agent.login)
        self.assertEqual(answer.json()["here"], 3)
        answer = self.post(upload, self.agent.login, at=9)
        self.assertEqual((answer.status_code, set(answer.json())), (422, {"error"}))
        self.assertEqual(self.post(upload, self.agent.login, size="many").status_code, 422)
        with mute_logger("odoo.http"):
            self.assertEqual(self.post(upload, self.colleague.login).status_code, 404)
            self.assertEqual(self.post(upload.browse(0), self.agent.login).status_code, 404)
        self.assertEqual(len(upload.files), 1)
