"""Pictures in mails: nobody opens or shrinks them, so none can stop a mail."""

import base64
import io
import struct
import zlib

from PIL import Image

from odoo.tests import tagged

from ..batch import STORED
from ..receivers.raw_mail import RawMail
from .common import MailImportCase, build_mail

PNG = b"\x89PNG\r\n\x1a\n"
NO_PNG = PNG + bytes(range(128, 255))


def large_png(side):
    """A PNG that says how large it is, and holds next to nothing."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0")),
        (b"IEND", b""),
    )
    return PNG + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def large_jpeg(width, height):
    """A JPEG whose frame header (SOF0) says how large it is."""
    file = io.BytesIO()
    Image.new("L", (8, 8), 200).save(file, "JPEG")
    small = file.getvalue()
    return small.replace(struct.pack(">HH", 8, 8), struct.pack(">HH", height, width), 1)


def photo(width, height):
    """A whole PNG, larger than the host stores them."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (200, 100, 0)).save(file, "PNG")
    return file.getvalue()


BOMB = large_png(30_000)
PICTURES = [
    ("no.png", NO_PNG, "image/png"),
    ("phone.jpg", large_jpeg(16384, 12288), "image/jpeg"),
    ("bomb.png", BOMB, "image/png"),
    ("photo.png", photo(2500, 2000), "image/png"),
]
CONTENTS = [content for _name, content, _mimetype in PICTURES]


@tagged("post_install", "-at_install")
class TestPicturesAsTheyCame(MailImportCase):
    def test_pictures_are_stored_byte_for_byte_and_so_are_their_copies_in_the_chatter(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        (mail,) = self.receive(self.support, build_mail(attachments=PICTURES))
        self.assertEqual(mail.state, STORED)
        self.assertEqual(mail.email.attachment_ids.sorted("id").mapped("raw"), CONTENTS)
        shown = self.links(mail.email).message_id.attachment_ids
        self.assertEqual(shown.sorted("id").mapped("raw"), CONTENTS)
        self.assertFalse(shown & mail.email.attachment_ids)

    def test_pictures_that_are_forwarded_stay_as_they_came(self):
        self.support.write({"smtp_host": "127.0.0.1", "smtp_port": 25, "smtp_security": "none"})
        (mail,) = self.receive(self.support, build_mail(attachments=PICTURES))
        entry = mail.email.entry_ids.with_user(self.agent)
        draft = self.env["mail.import.email"].browse(entry.action_forward()["res_id"])
        self.assertEqual(draft.attachment_ids.sorted("id").mapped("raw"), CONTENTS)
        self.assertFalse(draft.attachment_ids & mail.email.attachment_ids)

    def test_a_mail_that_looks_like_a_picture_is_kept_in_quarantine_and_released(self):
        self.importer._quarantine_unparsed(
            self.support, [RawMail(content=BOMB)], self.env["mail.import.remote.folder"], 0
        )
        quarantine = self.env["mail.import.quarantine"].search(
            [("mailbox_id", "=", self.support.id)]
        )
        self.assertEqual(base64.b64decode(quarantine.raw), BOMB)
        quarantine.with_user(self.agent).action_release()
        entry = quarantine.email_id.entry_ids
        self.assertEqual(base64.b64decode(entry.original), BOMB)
        self.assertIn(BOMB, quarantine.email_id.attachment_ids.mapped("raw"))
