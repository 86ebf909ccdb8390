"""Files that a body names as pictures: shown where they are some, listed as files where not."""

import base64
import re
import unittest
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..mime import bodies
from .common import MailImportCase, build_mail
from .test_drafts import PNG
from .test_mime_common import multipart

HTML = "Content-Type: text/html; charset=utf-8"
PICTURES = {
    "a.png": "image/png",
    "e.jpg": "image/pjpeg",
    "h.png": "image/x-png",
    "i.ico": "image/vnd.microsoft.icon",
    "k": "application/octet-stream",
}
FILES = {
    "b.svg": "image/svg+xml",
    "c.tiff": "image/tiff",
    "d.pdf": "application/pdf",
    "f.heic": "image/heic",
    "g.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "m": "application/octet-stream",
}


def part(name, content_type, content, cid=None, disposition="inline"):
    head = (
        f'Content-Type: {content_type}; name="{name}"\r\nContent-ID: <{cid or name}@x>\r\n'
        f'Content-Disposition: {disposition}; filename="{name}"'
    )
    return f"{head}\r\nContent-Transfer-Encoding: base64", base64.encodebytes(content)


def images(*names):
    return HTML, "<p>Hello</p>" + "".join(f'<img src="cid:{name}@x">' for name in names)


class TestNamedAsPictures(unittest.TestCase):
    def related(self, *parts):
        return multipart(*parts, subtype="related")

    def inline(self, parsed):
        return [file.name for file in parsed.attachments if file.inline]

    def test_pictures_are_shown_and_other_files_are_files(self):
        for disposition in ("inline", "attachment"):
            parsed = self.related(
                images(*PICTURES, *FILES),
                *[part(name, kind, PNG, None, disposition) for name, kind in PICTURES.items()],
                *[part(name, kind, b"file", None, disposition) for name, kind in FILES.items()],
            )
            self.assertEqual(self.inline(parsed), list(PICTURES))
            self.assertEqual(len(parsed.attachments), len(PICTURES) + len(FILES))
            for name in FILES:
                self.assertNotIn(f"cid:{name}@", parsed.body_html)
            kinds = {file.mimetype for file in parsed.attachments if file.inline}
            self.assertEqual(kinds, {"image/png", "image/jpeg", "image/x-icon"})

    def test_pictures_in_the_html_that_are_not_shown_are_files(self):
        data = base64.b64encode(b"II*\0TIFF").decode()
        parsed = multipart((HTML, f'<p>x</p><img src="data:image/tiff;base64,{data}">'))
        (file,) = parsed.attachments
        self.assertEqual((file.name, file.inline), ("image-1.tiff", False))

    def test_pictures_beyond_the_limit_are_files(self):
        with patch.object(bodies, "MAX_SHOWN", 250):
            parsed = self.related(
                images("a", "b", "c", "d"),
                part("a", "image/png", b"x" * 100),
                part("b", "image/png", b"x" * 200),
                part("c", "image/png", b"x" * 100),
                part("d", "image/png", b"x" * 100),
            )
        self.assertEqual(self.inline(parsed), ["a", "c"])
        self.assertNotIn("cid:b", parsed.body_html)

    def test_of_two_with_one_content_id_one_is_shown_and_the_other_is_a_file(self):
        parsed = self.related(
            images("i"),
            part("i.pdf", "application/pdf", b"%PDF", "i"),
            part("i.png", "image/png", PNG, "i"),
            part("j.png", "image/png", PNG, "i"),
        )
        self.assertEqual(self.inline(parsed), ["i.png"])


@tagged("post_install", "-at_install")
class TestListedFiles(HttpCase, MailImportCase):
    def setUp(self):
        super().setUp()
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        self.support.write({"smtp_host": "127.0.0.1", "smtp_port": 25, "smtp_security": "none"})
        head, _empty, _rest = build_mail().partition(b"\r\n\r\n")
        parts = [
            images(*PICTURES, *FILES),
            *[part(name, kind, PNG) for name, kind in PICTURES.items()],
            *[part(name, kind, b"file", None, "attachment") for name, kind in FILES.items()],
        ]
        body = b"".join(
            b"--b\r\n%s\r\n\r\n%s\r\n" % (_as_bytes(top), _as_bytes(text)) for top, text in parts
        )
        head = re.sub(rb"(?im)^content-[^\r]*\r\n", b"", head + b"\r\n")
        head += b'Content-Type: multipart/related; boundary="b"'
        (outcome,) = self.receive(self.support, head + b"\r\n\r\n" + body + b"--b--\r\n")
        self.entry, self.email = outcome.entry, outcome.email

    def test_what_the_frame_does_not_show_is_listed_with_a_paper_clip(self):
        self.assertTrue(self.email.has_attachments)
        self.assertTrue(self.entry.has_attachments)
        self.assertEqual([file["name"] for file in self.entry.files], list(FILES))
        self.authenticate("agent", "agent")
        frame = self.url_open(f"/mail_import/entry/{self.entry.id}/body").text
        self.assertEqual(len(re.findall(r'<img[^>]* src="data:image/', frame)), len(PICTURES))

    def test_the_chatter_has_every_file(self):
        message = self.links(self.email).message_id
        self.assertEqual(sorted(message.attachment_ids.mapped("name")), sorted([*PICTURES, *FILES]))
        self.assertEqual(len(re.findall(r"/web/image/\d+", message.body)), len(PICTURES))
        self.assertNotIn("cid:", message.body)

    def test_an_answer_quotes_the_pictures_and_a_forwarded_mail_has_every_file(self):
        entry = self.entry.with_user(self.agent)
        Email = self.env["mail.import.email"]
        reply = Email.browse(entry.action_reply()["res_id"])
        self.assertEqual(sorted(reply.attachment_ids.mapped("name")), sorted(PICTURES))
        self.assertFalse(reply.files)
        forward = Email.browse(entry.action_forward()["res_id"])
        self.assertEqual(sorted(forward.attachment_ids.mapped("name")), sorted([*PICTURES, *FILES]))
        self.assertEqual({file["name"] for file in forward.files}, set(FILES))

    def test_a_drawing_put_into_a_draft_is_listed(self):
        draft = self.env["mail.import.email"].browse(
            self.entry.with_user(self.agent).action_reply()["res_id"]
        )
        drawing = self.env["ir.attachment"].create({"name": "d.svg", "raw": b"<svg/>"})
        draft.attachment_ids |= drawing
        draft.body = f'<p><img src="/web/image/{drawing.id}"></p>'
        self.assertIn("d.svg", [file["name"] for file in draft.files])


def _as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()
