"""What is read of the lines below a mail: right where it is told at all, and in a bounded time."""

import random
import time
import unittest

from odoo.addons.mail_task_import.mime.likeness import Domains
from odoo.addons.mail_task_import.mime.signature_lines import MAX_TEXT, read_signature

from .signature_samples import samples

SAMPLES = samples()
OURS = Domains(["company.example"])
FIELDS = ("company", "phone", "title", "website")
PIECES = (
    "Best regards,\n", "Ann Smith\n", "Ann Smith | CEO | Acme Ltd\n", "-- \n", "\n", " ", "\t", "|",
    "Tel: +44 20 7946 0958", "+", "(", ")", "1 ", "12-", ".", ",", "a.", "www.", "https://", "@",
    "ann@acme.com", "GmbH", "ООО «", "»", "Director ", "e.", "ß", "\u200b", "\u0301" * 5, "\ud800",
    "С уважением,\n", "x", "9" * 40, "a-" * 40, "a." * 40, "( " * 40, "'a" * 40, "at ", " - ", "//",
)  # fmt: skip


def read(sender, text):
    name, _space, address = sender.rpartition(" ")
    return read_signature(text, name, address.strip("<>"), OURS)


class TestSignatureLines(unittest.TestCase):
    def test_what_is_told_is_right_and_most_is_told(self):
        right = told = there = 0
        for sender, text, expected in SAMPLES:
            found = read(sender, text)
            for field in FIELDS:
                value, wanted = getattr(found, field), expected.get(field, "")
                right += bool(value) and value == wanted
                told += bool(value)
                there += bool(wanted)
        self.assertGreaterEqual(len(SAMPLES), 40)
        self.assertGreaterEqual(right / told, 0.97, f"precision: {right} of {told}")
        self.assertGreaterEqual(right / there, 0.95, f"recall: {right} of {there}")

    def test_where_nothing_is_to_be_told_nothing_is(self):
        for sender, text, expected in SAMPLES:
            if not expected:
                with self.subTest(sender=sender, text=text[:40]):
                    found = read(sender, text)
                    self.assertEqual([getattr(found, field) for field in FIELDS], [""] * 4)

    def test_name_is_read_where_from_has_none(self):
        for sender, text, expected in SAMPLES:
            if "name" in expected:
                self.assertEqual(read(sender, text).name, expected["name"])

    def test_our_own_signature_is_nobodys(self):
        text = "Best regards,\nAnn Smith\nAcme Ltd\n+44 20 7946 0958\n"
        self.assertTrue(read("Ann Smith <ann@acme.com>", text).phone)
        ours = text + "support@company.example\n"
        self.assertFalse(read("Ann Smith <ann@acme.com>", ours).phone)

    def test_lines_of_another_person_are_not_the_writers(self):
        text = "Best regards,\nBob Jones\nAcme Ltd\n+44 20 7946 0958\n"
        self.assertFalse(read("Ann Smith <ann@acme.com>", text).company)

    def test_whatever_the_text_is_it_is_read_in_time(self):
        chance = random.Random(19)
        for _round in range(3000):
            text = "".join(chance.choices(PIECES, k=chance.randint(1, 120)))
            found = read("Ann Smith <ann@acme.com>", text)
            told = [found.company, found.title, found.website, *found.phones]
            self.assertFalse([one for one in told if "\n" in one or len(one) > 160])

    def test_long_hostile_lines_take_no_longer(self):
        for piece in PIECES:
            text = f"Best regards,\nAnn Smith\n{piece * (2 * MAX_TEXT // len(piece))}"
            lines = "\n".join(["Best regards,", "Ann Smith", *[(piece * 160)[:159]] * 14])
            begun = time.process_time()
            read("Ann Smith <ann@acme.com>", text)
            read("Ann Smith <ann@acme.com>", lines)
            self.assertLess(time.process_time() - begun, 1, repr(piece))

    def test_odd_senders_are_read_too(self):
        for name, address in (("", ""), ("@", "@"), ("Ann", "ann"), ("", "a@b@c"), ("1", "1@1")):
            text = "Best regards,\nAnn Smith\n+44 20 7946 0958"
            self.assertIsNotNone(read_signature(text, name, address))
