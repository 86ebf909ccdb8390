"""Whatever the bytes are: a parsed mail comes out that a database takes."""

import unittest
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.addons.mail_task_import.mime.addresses import parse_addresses
from odoo.addons.mail_task_import.mime.harmless import make_harmless
from odoo.addons.mail_task_import.mime.headers import decode_words
from odoo.addons.mail_task_import.mime.message_id import normalise_message_id
from odoo.addons.mail_task_import.mime.parser import parse

from .test_mime_common import unstorable

CORPUS = sorted(
    path
    for path in (Path(__file__).parent / "corpus").rglob("*")
    if path.suffix in (".eml", ".txt")
)
PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"--b",
        b"--b--",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"=?utf-8?b?",
        b"?=",
        b"From: ",
        b"To: a@b",
        b"Content-Type: multipart/mixed; boundary=b\n\n",
        b"Content-Type: text/html\n\n",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: text/plain; charset=utf-16\n\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Disposition: attachment; filename*0*=",
        b"Message-ID: <",
        b"References: ",
        b"Date: ",
        b"<p style='",
        b"<img src=",
        b"data:image/png;base64,",
        b"&#0;",
        b"&#xD800;",
        b"(",
        b'"',
        b";",
    ]
)
SETTINGS = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class TestFuzz(unittest.TestCase):
    def assertReadable(self, raw):
        parsed = parse(raw)
        self.assertEqual(unstorable(parsed), [])
        self.assertFalse([each for each in parsed.defects if "could not be parsed" in each])

    @SETTINGS
    @given(st.lists(PIECES | st.binary(max_size=20), max_size=40))
    def test_pieces_of_mails(self, pieces):
        self.assertReadable(b"".join(pieces))

    @SETTINGS
    @given(
        st.sampled_from(CORPUS), st.integers(0, 20_000), st.integers(0, 200), st.binary(max_size=10)
    )
    def test_damaged_mails(self, path, position, length, replacement):
        raw = path.read_bytes()
        position %= len(raw) + 1
        self.assertReadable(raw[:position] + replacement + raw[position + length :])

    @SETTINGS
    @given(st.text(max_size=200))
    def test_headers_from_any_text(self, text):
        self.assertNotRegex(decode_words(text), "[\0\r\n]")
        self.assertLessEqual(len(normalise_message_id(text)), 250)
        for address in parse_addresses(text):
            self.assertTrue(address.email or address.name)
            self.assertEqual(address.email, address.email.lower())

    @SETTINGS
    @given(
        st.lists(
            st.sampled_from(
                [
                    "<",
                    ">",
                    "/",
                    "a",
                    "p",
                    "img ",
                    "src=",
                    "href=",
                    "'",
                    '"',
                    "script",
                    "on",
                    "x=",
                    "--",
                    "!",
                    "&",
                    ";",
                ]
            )
            | st.text(max_size=5),
            max_size=60,
        )
    )
    def test_html_stays_as_harmless_as_it_is(self, pieces):
        shown = make_harmless("".join(pieces))[0]
        self.assertNotIn("<script", shown)
        self.assertEqual(make_harmless(shown)[1], make_harmless(make_harmless(shown)[0])[1])
