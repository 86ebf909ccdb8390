"""winmail.dat: read by a process of its own, and only where it claims no more than it may hold."""

import base64
import logging
import struct
import unittest
from unittest.mock import patch

from tnefparse import TNEF

from odoo.addons.mail_task_import.mime import outside, tnef

from .hostile.builders import tnef as packed
from .test_mime_common import RECEIVED_AT, raw_mail

MESSAGE, RECIPIENTS, ATTACHMENT = 0x00069003, 0x00069004, 0x00069005
FILE = ((2, 0x00069002, b"\0" * 14), (2, 0x00018010, b"a.txt\0"), (2, 0x0006800F, b"the file"))
MANY = tnef.MAX_VALUES + 1
WINMAIL = 'application/ms-tnef; name="winmail.dat"'


def numbers(*values):
    return struct.pack(f"<{len(values)}I", *values)


def multiple(count, kind=2):
    """A list of one property that claims to have ``count`` values."""
    return numbers(1) + struct.pack("<HHI", tnef.MULTIPLE | kind, 0x10, count)


def attached(content):
    """Properties of a file that is a mail, packed as well."""
    content = tnef.ATTACHED_MAIL + content
    head = numbers(1) + struct.pack("<HH", 0x0D, tnef.DATA_OBJECT)
    return head + numbers(1, len(content)) + content + b"\0" * (-len(content) % 4)


def nested(levels):
    """Mails attached to mails."""
    content = packed((1, MESSAGE, numbers(0)))
    for _level in range(levels):
        content = packed(*FILE, (2, ATTACHMENT, attached(content)))
    return content


def winmail_mail(content, content_type=WINMAIL, **headers):
    return raw_mail(
        base64.encodebytes(content),
        Content_Type=content_type,
        Content_Transfer_Encoding="base64",
        **headers,
    )


class TestTnef(unittest.TestCase):
    def unpacked(self, *attributes):
        files, _body = tnef.unpack(packed(*attributes))
        return [(file.name, file.content) for file in files]

    def test_what_claims_too_much_stays_packed(self):
        """The reader would believe it: two billion values take minutes, and all of the memory."""
        claims = {
            "properties": (1, MESSAGE, numbers(MANY)),
            "properties of another type": (1, 0x00079003, numbers(MANY)),
            "properties of a file": (2, ATTACHMENT, numbers(MANY)),
            "values": (1, MESSAGE, multiple(MANY)),
            "values of 16 bytes": (2, ATTACHMENT, multiple(MANY, 0x48)),
            "an attached mail's": (
                2,
                ATTACHMENT,
                attached(packed((1, MESSAGE, numbers(MANY)))),
            ),
        }
        self.assertEqual(self.unpacked(*FILE), [("a.txt", b"the file")])
        for name, claim in claims.items():
            with self.subTest(name):
                self.assertEqual(self.unpacked(*FILE, claim), [])

    def test_claims_are_added_up(self):
        claim = (1, MESSAGE, numbers(tnef.MAX_VALUES // 10))
        self.assertEqual(self.unpacked(*FILE, *[claim] * 9), [("a.txt", b"the file")])
        self.assertEqual(self.unpacked(*FILE, *[claim] * 11), [])

    def test_claims_behind_values_of_every_kind_are_found(self):
        named = struct.pack("<HH16sII", 3, 0x8001, b"g" * 16, 0, 7) + numbers(9)
        worded = struct.pack("<HH16sII", 3, 0x8002, b"g" * 16, 1, 6)
        worded += b"a\0b\0\0\0\0\0" + numbers(9)
        plain = struct.pack("<HHI", 2, 0x10, 5)
        words = struct.pack("<HHII", 0x1E, 0x3001, 1, 5) + b"abcd\0\0\0\0"
        several = struct.pack("<HHII", 0x101E, 0x11, 1, 2) + b"a\0\0\0"
        short = struct.pack("<HHIH", 0x1002, 0x12, 3, 1) + b"\0" * 6
        before = named + worded + plain + words + several + short
        row = numbers(7) + before
        for count, files in ((1, 1), (MANY, 0)):
            last = multiple(count)[4:] + b"\0" * 4
            self.assertEqual(len(self.unpacked(*FILE, (1, MESSAGE, row + last))), files)
            self.assertEqual(len(self.unpacked(*FILE, (2, ATTACHMENT, row + last))), files)

    def test_recipients_are_not_read(self):
        """In a table that breaks off, the reader would believe what it finds between the rows."""
        self.assertEqual(
            self.unpacked(*FILE, (1, RECIPIENTS, numbers(2))), [("a.txt", b"the file")]
        )
        self.assertEqual(TNEF.ATTRECIPTABLE, 0x9004)

    def test_an_attached_mail_in_pieces_stays_packed(self):
        content = packed((1, MESSAGE, numbers(0)))
        whole = attached(content)
        length = len(tnef.ATTACHED_MAIL + content)
        pieces = whole[:8] + numbers(2, 8) + whole[16:24] + numbers(length - 8) + whole[24:]
        self.assertTrue(self.unpacked(*FILE, (2, ATTACHMENT, whole)))
        self.assertEqual(self.unpacked(*FILE, (2, ATTACHMENT, pieces)), [])

    def test_mails_attached_to_mails_are_unpacked_to_a_depth(self):
        self.assertTrue(tnef.unpack(nested(3))[0])
        self.assertFalse(tnef.unpack(nested(tnef.MAX_DEPTH + 1))[0])

    def test_no_line_is_logged_for_what_is_claimed_and_not_there(self):
        with self.assertNoLogs("tnefparse"):
            self.assertTrue(self.unpacked(*FILE, (1, MESSAGE, numbers(2_000))))
        with self.assertLogs("tnefparse", "WARNING"):
            logging.getLogger("tnefparse").warning("others still log")


class TestTnefOutside(unittest.TestCase):
    def assert_outside(self, raw):
        self.assertTrue(outside.is_costly(raw))
        with patch.object(outside, "WALL_SECONDS", 0.001), self.assertRaises(outside.Unreadable):
            outside.parse_bounded(raw)

    def test_it_is_read_by_another_process_however_small_and_whatever_it_is_called(self):
        content = packed(*FILE)
        for content_type in (
            WINMAIL,
            "application/vnd.ms-tnef",
            "Application/MS-TNEF",
            "application/octet-stream; name=WINMAIL.DAT",
            'application/x; name="=?utf-8?q?winmail=2Edat?="',
            "application/x; name*0=win; name*1=mail.dat",
            "text/plain; name*=utf-8''winmail%2Edat",
        ):
            with self.subTest(content_type):
                raw = winmail_mail(content, content_type)
                self.assert_outside(raw)
                (file,) = outside.parse_bounded(raw, received_at=RECEIVED_AT).attachments
                self.assertEqual((file.name, file.content), ("a.txt", b"the file"))
        self.assert_outside(winmail_mail(content).replace(b"\r\n", b"\n").replace(b"\n", b"\r"))

    def test_one_within_an_attached_mail_stays_there(self):
        inner = winmail_mail(packed(*FILE))
        raw = raw_mail(inner, Content_Type="message/rfc822")
        self.assertFalse(outside.is_costly(raw))
        (file,) = outside.parse_bounded(raw, received_at=RECEIVED_AT).attachments
        self.assertEqual(file.content, inner)

    def test_a_mail_without_one_needs_no_process(self):
        raw = raw_mail("winmail.dat is application/ms-tnef")
        self.assertFalse(outside.is_costly(raw))
        with patch.object(outside, "WALL_SECONDS", 0.001):
            self.assertEqual(outside.parse_bounded(raw).subject, "Offer")

    def test_much_html_is_found_whatever_its_type_and_line_ends(self):
        html = "<p>Hello</p>\r\n" * 30_000
        for content_type in ("text/html", "application/xhtml+xml"):
            raw = raw_mail(html, Content_Type=content_type)
            self.assertTrue(outside.is_costly(raw))
            self.assertTrue(outside.is_costly(raw.replace(b"\r\n", b"\r")))
