"""Mail as files: what is written is read back as it was."""

import io
import random
import unittest
from datetime import datetime

from odoo.addons.mail_task_import.receivers.eml import (
    flags_from_status,
    is_mbox,
    looks_like_mail,
    raws_and_places,
    raws_from_mbox,
)
from odoo.addons.mail_task_import.receivers.mbox_writing import file_name, mbox_mail, separator

LIMIT = 100_000
SEPARATOR = b"From a Thu Feb  1 09:08:07 2024"
PARTS = [b"From ", b"Fro", b">", b"\n", b"\r\n", b"m ", b"x", b"F", SEPARATOR]
HOSTILE = ("../../etc/passwd", "a\r\nb: c", 'x"; y', "a/b\\c", "con", "NUL.txt", "", "...")


class TestMboxWriting(unittest.TestCase):
    def test_whatever_it_holds_is_read_back_however_it_was_cut(self):
        chance = random.Random(7)
        for _mail in range(2000):
            body = b"".join(chance.choices(PARTS, k=chance.randint(1, 25)))
            content, pieces = b"Subject: x\n\n" + body, []
            left = content
            while left:
                cut = chance.randint(1, 7)
                pieces.append(left[:cut])
                left = left[cut:]
            mbox = b"".join(mbox_mail("ann@example.org", None, pieces)) * 2
            wanted = content.replace(b"\r\n", b"\n")
            wanted += b"" if wanted.endswith(b"\n") else b"\n"
            read = [raw.content for raw in raws_from_mbox(io.BytesIO(mbox), LIMIT)]
            self.assertEqual(read, [wanted, wanted], pieces)

    def test_the_separator_is_one_line_and_says_when(self):
        moment = datetime(2024, 2, 1, 9, 8, 7)
        self.assertEqual(
            separator("ann@example.org\nFrom x", moment),
            b"From ann@example.orgFromx Thu Feb  1 09:08:07 2024\n",
        )
        [raw] = raws_from_mbox(io.BytesIO(b"".join(mbox_mail("", moment, [b"a: b\n"]))), LIMIT)
        self.assertEqual(raw.received_at, moment)

    def test_names_lead_nowhere_and_mean_nothing(self):
        for subject in HOSTILE:
            with self.subTest(subject):
                self.assertRegex(file_name(subject, "eml"), r"^[\w][\w .()\[\]-]*\.eml$")
                self.assertNotRegex(file_name(subject, "eml"), r"(?i)^(con|nul)\.|\.\.")
        self.assertEqual(file_name("Заказ № 12", "mbox"), "Заказ _ 12.mbox")


class TestPlaces(unittest.TestCase):
    MBOX = (
        b"From a@b Thu Feb  1 09:08:07 2024\nSubject: One\n\n1\n\n"
        b"From a@b Thu Feb  1 09:08:07 2024\nSubject: Two\n\n2\n\n"
        b"From a@b Thu Feb  1 09:08:07 2024\nSubject: Three\n\n3\n"
    )

    def test_reading_goes_on_where_it_was(self):
        file = io.BytesIO(self.MBOX)
        place, subjects = 0, []
        while place < len(self.MBOX):
            raw, place = next(raws_and_places(file, LIMIT, place))
            subjects.append(raw.content.split(b"\n")[0])
        self.assertEqual(subjects, [b"Subject: One", b"Subject: Two", b"Subject: Three"])
        self.assertEqual(list(raws_and_places(file, LIMIT, place)), [])

    def test_what_kind_of_file_it_is(self):
        for content, mbox, mail in (
            (self.MBOX, True, False),
            (b"\n\n" + self.MBOX, True, False),
            (b"From: ann@example.org\n\nx", False, True),
            (b"From ann\nSubject: x\n\n", False, True),
            (b"%PDF-1.4 hello\n", False, False),
            (b"", False, False),
        ):
            with self.subTest(content[:20]):
                self.assertEqual(is_mbox(io.BytesIO(content)), mbox)
                if not mbox:
                    self.assertEqual(looks_like_mail(content), mail)

    def test_what_mail_programs_noted(self):
        self.assertEqual(flags_from_status(b"Status: RO\nX-Status: F\n\n"), ("\\Seen", "\\Flagged"))
        self.assertEqual(flags_from_status(b"Status: O\n\nStatus: R\n"), ())
        self.assertIsNone(flags_from_status(b"Subject: x\n\nStatus: R\n"))
